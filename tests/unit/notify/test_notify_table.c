/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * "messenger:notify" in words, as Samba takes the option apart.
 */

#include "notify_table.h"
#include "smb_conf.h"
#include "unit.h"

static struct notify_table *table;

static void parse(const char *word, const char *more)
{
	const char *const words[] = { word, more, NULL };

	talloc_free(table);
	table = notify_table_parse(NULL, words);
	assert_non_null(table);
}

static void assert_entry(const char *word, const char *alias,
			 enum notify_action action, const char *target)
{
	const struct notify_entry *e = NULL;

	parse(word, NULL);
	assert_int_equal(talloc_array_length(table->complaints), 0);
	assert_int_equal(talloc_array_length(table->entries), 1);
	e = &table->entries[0];
	assert_string_equal(e->alias, alias);
	assert_int_equal(e->action, action);
	assert_string_equal(e->target, target);
	assert_string_equal(e->text, word);
}

/* The other word is taken all the same. */
static void assert_complaint(const char *word, const char *why)
{
	char *text = talloc_asprintf(NULL,
				     "messenger:notify: '%s' is left out: %s",
				     word, why);

	parse(word, "B:wall");
	assert_int_equal(talloc_array_length(table->entries), 1);
	assert_string_equal(table->entries[0].alias, "B");
	assert_int_equal(talloc_array_length(table->complaints), 1);
	assert_string_equal(table->complaints[0], text);
	talloc_free(text);
}

static void entries(void **state)
{
	assert_entry("*:wall", "*", NOTIFY_WALL, "");
	assert_entry("operator:wall=@ops", "OPERATOR", NOTIFY_WALL, "@ops");
	assert_entry("OPERATOR:Desktop=*", "OPERATOR", NOTIFY_DESKTOP, "*");
	assert_entry("NIGHT SHIFT:mail=a+b@x", "NIGHT SHIFT", NOTIFY_MAIL,
		     "a+b@x");
	assert_entry("A:exec=/usr/bin/page", "A", NOTIFY_EXEC,
		     "/usr/bin/page");
	/* an alias has no colon, a path may */
	assert_entry("A:exec=/x:mail=y", "A", NOTIFY_EXEC, "/x:mail=y");
	parse("A:wall", "B:desktop");
	assert_int_equal(talloc_array_length(table->entries), 2);
}

static void complaints(void **state)
{
	static const char form[] =
		"an entry is ALIAS:ACTION or ALIAS:ACTION=TARGET, and the "
		"actions are wall, desktop, mail and exec";
	static const char people[] =
		"behind = stands a user, a @group, or * for each user";
	static const char address[] = "behind = stands a mail address";
	static const char path[] =
		"behind = stands the path of a program, from the root";
	static const char one[] =
		"behind = stands one; another is an entry of its own";

	assert_complaint("", form);
	assert_complaint("A", form);
	assert_complaint("A:", form);
	assert_complaint("A:walls", form);
	assert_complaint("A:wal=x", form);
	assert_complaint("A:B:wall", form);
	assert_complaint("A:wall=", people);
	assert_complaint("A:desktop=@", people);
	assert_complaint("A:wall=x,y", one);
	assert_complaint("A:mail", address);
	assert_complaint("A:mail=", address);
	assert_complaint("A:mail=-t", address);
	assert_complaint("A:mail=x\ny", address);
	assert_complaint("A:exec", path);
	assert_complaint("A:exec=page", path);
	assert_complaint(":wall", messenger_code_text(ERROR_INVALID_NAME_));
	assert_complaint("A*:wall", messenger_code_text(ERROR_INVALID_NAME_));
	assert_complaint("SIXTEEN.LETTERS.:wall",
			 messenger_code_text(ERROR_INVALID_PARAMETER_));
}

static void nothing(void **state)
{
	talloc_free(table);
	table = notify_table_parse(NULL, NULL);
	assert_non_null(table);
	assert_int_equal(talloc_array_length(table->entries), 0);
	assert_int_equal(talloc_array_length(table->complaints), 0);
}

static void whom(void **state)
{
	parse("OPERATOR:wall", "*:wall");
	assert_true(notify_entry_is_for(&table->entries[0], "OPERATOR"));
	assert_true(notify_entry_is_for(&table->entries[0], "operator"));
	assert_false(notify_entry_is_for(&table->entries[0], "OPERATORS"));
	assert_true(notify_entry_is_for(&table->entries[1], "ALPHA"));
	TALLOC_FREE(table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries),
		cmocka_unit_test(complaints),
		cmocka_unit_test(nothing),
		cmocka_unit_test(whom),
	};

	load_smb_conf("");
	return cmocka_run_group_tests(tests, NULL, NULL);
}

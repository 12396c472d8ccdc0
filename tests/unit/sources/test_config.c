/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * smb.conf -> struct messenger_config, by Samba's own parser: defaults, each
 * option, wrong values, lists.
 */

#include "config.h"

#include "smb_conf.h"
#include "unit.h"

static struct messenger_config *c;

static void load(const char *global)
{
	load_smb_conf(global);
	TALLOC_FREE(c);
	c = messenger_config_load(NULL, NULL);
	assert_non_null(c);
}

static int teardown(void **state)
{
	TALLOC_FREE(c);
	return 0;
}

static void assert_names(const struct config_name *names, const char *want)
{
	char got[1024] = "";
	size_t i;

	for (i = 0; i < talloc_array_length(names); i++) {
		strcat(got, (i > 0) ? "|" : "");
		strcat(got, names[i].name);
	}
	assert_string_equal(got, want);
}

static void assert_ignored(const char *want)
{
	char got[256] = "";
	size_t i;

	assert_non_null(c->ignore_users);
	for (i = 0; c->ignore_users[i] != NULL; i++) {
		strcat(got, (i > 0) ? "|" : "");
		strcat(got, c->ignore_users[i]);
	}
	assert_string_equal(got, want);
}

static void assert_no_complaint(void)
{
	if (talloc_array_length(c->complaints) > 0) {
		fail_msg("%s", c->complaints[0]);
	}
}

/* One complaint, which names the option and the value. */
static void assert_complaint(const char *option, const char *value)
{
	const char *text = NULL;

	assert_int_equal(talloc_array_length(c->complaints), 1);
	text = c->complaints[0];
	assert_non_null(strstr(text, option));
	assert_non_null(strstr(text, value));
	assert_null(strchr(text, '\n'));
}

static void defaults(void **state)
{
	load("");
	assert_names(c->computers, "ALPHA");
	assert_names(c->aliases, "");
	assert_int_equal(c->users, CONFIG_USERS_NONE);
	assert_ignored("root");
	assert_int_equal(c->max_aliases, 256);
	assert_true(c->store);
	assert_int_equal(c->restart_interval, 0);
	assert_true(c->rfc_timing);
	assert_null(c->event_log);
	assert_null(c->json_log);
	assert_no_complaint();
}

/* What the table says is the default is what is taken. */
static void written_defaults(void **state)
{
	const struct config_option *o = NULL;
	char text[1024] = "";

	for (o = config_options; o->name != NULL; o++) {
		if (o->fallback[0] != '\0') {
			snprintf(text + strlen(text),
				 sizeof(text) - strlen(text),
				 "messenger:%s = %s\n", o->name, o->fallback);
		}
	}
	load(text);
	assert_int_equal(c->users, CONFIG_USERS_NONE);
	assert_ignored("root");
	assert_int_equal(c->max_aliases, 256);
	assert_true(c->store);
	assert_int_equal(c->restart_interval, 0);
	assert_true(c->rfc_timing);
	assert_no_complaint();
}

static void option_table(void **state)
{
	static const char *const want[] = {
		"aliases",     "user aliases", "ignore users",
		"max aliases", "store",	       "restart interval",
		"rfc timing",  "event log",    "json log",
	};
	const struct config_option *o = NULL;
	size_t i;

	for (i = 0; i < ARRAY_LEN(want); i++) {
		for (o = config_options;
		     o->name != NULL && strcmp(o->name, want[i]) != 0; o++) {
		}
		if (o->name == NULL) {
			fail_msg("no option '%s'", want[i]);
		}
	}
	for (o = config_options; o->name != NULL; o++) {
		assert_non_null(o->fallback);
		assert_in_range(strlen(o->meaning), 5, 200);
	}
}

static void every_option(void **state)
{
	load("netbios aliases = BETA gamma\n"
	     "messenger:aliases = OPERATOR, PRINT\n"
	     "messenger:user aliases = logind\n"
	     "messenger:ignore users = root, backup, \"PLANT\\eve\"\n"
	     "messenger:max aliases = 12\n"
	     "messenger:store = no\n"
	     "messenger:restart interval = 30\n"
	     "messenger:rfc timing = no\n"
	     "messenger:event log = System\n"
	     "messenger:json log = /var/log/samba/messenger events.json\n");
	assert_names(c->computers, "ALPHA|BETA|GAMMA");
	assert_names(c->aliases, "OPERATOR|PRINT");
	assert_int_equal(c->users, CONFIG_USERS_LOGIND);
	assert_ignored("root|backup|PLANT\\eve");
	assert_int_equal(c->max_aliases, 12);
	assert_false(c->store);
	assert_int_equal(c->restart_interval, 30);
	assert_false(c->rfc_timing);
	assert_string_equal(c->event_log, "System");
	assert_string_equal(c->json_log,
			    "/var/log/samba/messenger events.json");
	assert_no_complaint();
}

/* Samba's own way with option names. */
static void case_and_blanks_of_options(void **state)
{
	load("Messenger:Max Aliases = 12\n"
	     "messenger : store = no\n");
	assert_int_equal(c->max_aliases, 12);
	assert_false(c->store);
	assert_no_complaint();
}

/* Samba says nothing of an option that nobody has. */
static void unknown(void **state)
{
	load("messenger:aliasses = OPERATOR\n");
	assert_complaint("messenger:aliasses: ",
			 "perhaps messenger:aliases is meant");
	load("Messenger : Max Alias = 12\n");
	assert_complaint("alias: ", "perhaps messenger:max aliases is meant");
	load("messenger:jornal = no\n");
	assert_complaint("messenger:jornal: ",
			 "perhaps messenger:journal is meant");
	load("messenger:colour = blue\nmessengers:aliases = A\n"
	     "vfs_messenger:aliasses = B\n");
	assert_complaint("messenger:colour: ", "nmbd_messenger(8)");
	load("messenger:a-name-that-is-longer-than-any-option-of-anybody-and-"
	     "goes-on-and-on = x\n");
	assert_complaint("goes-on-and-on: ", "nmbd_messenger(8)");
	load("");
	assert_no_complaint();
}

static void reloaded(void **state)
{
	load("messenger:aliases = OPERATOR\nmessenger:max aliases = 12\n");
	load("messenger:aliases = PRINT\n");
	assert_names(c->aliases, "PRINT");
	assert_int_equal(c->max_aliases, 256);
}

static void booleans(void **state)
{
	static const struct {
		const char *text;
		bool value;
	} words[] = {
		{ "yes", true },  { "YES", true }, { "true", true },
		{ "True", true }, { "on", true },  { "1", true },
		{ "no", false },  { "No", false }, { "false", false },
		{ "off", false }, { "0", false },
	};
	char text[64];
	size_t i;

	for (i = 0; i < ARRAY_LEN(words); i++) {
		snprintf(text, sizeof(text),
			 "messenger:store = %s\nmessenger:rfc timing = %s\n",
			 words[i].text, words[i].text);
		load(text);
		assert_int_equal(c->store, words[i].value);
		assert_int_equal(c->rfc_timing, words[i].value);
		assert_no_complaint();
	}
}

static void wrong_booleans(void **state)
{
	load("messenger:store = perhaps\n");
	assert_true(c->store);
	assert_complaint("messenger:store", "perhaps");
	load("messenger:rfc timing = 2\n");
	assert_true(c->rfc_timing);
	assert_complaint("messenger:rfc timing", "2");
	load("messenger:store = yes please\n");
	assert_complaint("messenger:store", "yes please");
}

static void numbers(void **state)
{
	load("messenger:max aliases = 0\nmessenger:restart interval = 1\n");
	assert_int_equal(c->max_aliases, 0);
	assert_int_equal(c->restart_interval, 1);
	load("messenger:max aliases = 10000\n"
	     "messenger:restart interval = 86400\n");
	assert_int_equal(c->max_aliases, 10000);
	assert_int_equal(c->restart_interval, 86400);
	assert_no_complaint();
}

static void wrong_numbers(void **state)
{
	static const char *const wrong[] = {
		"-1",
		"+1",
		"many",
		"12x",
		"1 2",
		"0x10",
		"1.5",
		"10001",
		"4294967296",
		"4294967297",
		"18446744073709551616",
		"99999999999999999999999",
	};
	char text[128];
	size_t i;

	for (i = 0; i < ARRAY_LEN(wrong); i++) {
		snprintf(text, sizeof(text), "messenger:max aliases = %s\n",
			 wrong[i]);
		load(text);
		assert_int_equal(c->max_aliases, 256);
		assert_complaint("messenger:max aliases", wrong[i]);
	}
	load("messenger:restart interval = 86401\n");
	assert_int_equal(c->restart_interval, 0);
	assert_complaint("messenger:restart interval", "86401");
	load("messenger:restart interval = soon\n");
	assert_int_equal(c->restart_interval, 0);
	assert_complaint("messenger:restart interval", "soon");
}

static void user_aliases(void **state)
{
	load("messenger:user aliases = LOGIND\n");
	assert_int_equal(c->users, CONFIG_USERS_LOGIND);
	load("messenger:user aliases = No\n");
	assert_int_equal(c->users, CONFIG_USERS_NONE);
	assert_no_complaint();
	load("messenger:user aliases = utmp\n");
	assert_int_equal(c->users, CONFIG_USERS_NONE);
	assert_complaint("messenger:user aliases", "utmp");
}

static void ignore_users(void **state)
{
	/* in place of the default, not beside it */
	load("messenger:ignore users = backup\n");
	assert_ignored("backup");
	load("messenger:ignore users = root backup\n");
	assert_ignored("root|backup");
	assert_no_complaint();
}

static void empty_values(void **state)
{
	load("messenger:aliases =\n"
	     "messenger:event log =\n"
	     "messenger:json log =\n");
	assert_names(c->aliases, "");
	assert_null(c->event_log);
	assert_null(c->json_log);
	assert_no_complaint();
}

static void lists(void **state)
{
	load("messenger:aliases = one two,three, four;five \t six\n");
	assert_names(c->aliases, "ONE|TWO|THREE|FOUR|FIVE|SIX");
	load("messenger:aliases = \"night shift\", \"day shift\" print\n");
	assert_names(c->aliases, "NIGHT SHIFT|DAY SHIFT|PRINT");
	assert_no_complaint();
}

static void duplicates(void **state)
{
	load("messenger:aliases = operator PRINT Operator OPERATOR print\n");
	/* each once, where it came first */
	assert_names(c->aliases, "OPERATOR|PRINT");
	assert_no_complaint();
	load("netbios aliases = BETA ALPHA beta\n");
	assert_names(c->computers, "ALPHA|BETA");
	assert_no_complaint();
}

static void bad_names(void **state)
{
	struct wire_name wire = wire_of("OPERATOR");

	load("messenger:aliases = OPERATOR *STAR PRINT\n");
	assert_names(c->aliases, "OPERATOR|PRINT");
	assert_complaint("messenger:aliases", "*STAR");
	assert_non_null(strstr(c->complaints[0], "123"));
	assert_true(wire_name_equal(&c->aliases[0].wire, &wire));

	load("messenger:aliases = ABCDEFGHIJKLMNOP PRINT\n");
	assert_names(c->aliases, "PRINT");
	assert_complaint("messenger:aliases", "ABCDEFGHIJKLMNOP");
	assert_non_null(strstr(c->complaints[0], "87"));

	/* one for each, and in their order */
	load("messenger:aliases = A*, B?, PRINT, C:\n");
	assert_names(c->aliases, "PRINT");
	assert_int_equal(talloc_array_length(c->complaints), 3);
	assert_non_null(strstr(c->complaints[0], "'A*'"));
	assert_non_null(strstr(c->complaints[1], "'B?'"));
	assert_non_null(strstr(c->complaints[2], "'C:'"));
}

static void names_beyond_ascii(void **state)
{
	load("messenger:aliases = m\xc3\xbcller \xe6\xbc\xa2\n");
	assert_names(c->aliases, "M\xc3\x9cLLER");
	assert_int_equal(c->aliases[0].wire.bytes[1], 0x9a);
	assert_complaint("messenger:aliases", "\xe6\xbc\xa2");
}

static void many_complaints(void **state)
{
	load("messenger:aliases = \"A*\"\n"
	     "messenger:user aliases = x\n"
	     "messenger:max aliases = x\n"
	     "messenger:store = x\n"
	     "messenger:restart interval = x\n"
	     "messenger:rfc timing = x\n");
	assert_int_equal(talloc_array_length(c->complaints), 6);
	assert_int_equal(c->max_aliases, 256);
	assert_true(c->store);
	assert_true(c->rfc_timing);
	assert_int_equal(c->restart_interval, 0);
}

static void many_aliases(void **state)
{
	char text[16384] = "messenger:aliases =";
	size_t i;

	for (i = 0; i < 1000; i++) {
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
			 " NAME%zu", i);
	}
	strcat(text, "\n");
	load(text);
	/* how many there can be is the table's business */
	assert_int_equal(talloc_array_length(c->aliases), 1000);
	assert_string_equal(c->aliases[999].name, "NAME999");
	assert_no_complaint();
}

/* It owns all it has: nothing hangs elsewhere. */
static void owns_everything(void **state)
{
	TALLOC_CTX *frame = talloc_new(NULL);

	load_smb_conf("messenger:aliases = OPERATOR *STAR PRINT\n"
		      "messenger:event log = System\n"
		      "messenger:store = x\n");
	assert_non_null(messenger_config_load(frame, NULL));
	talloc_free_children(frame);
	assert_int_equal(talloc_total_blocks(frame), 1);
	talloc_free(frame);
}

#define TEST(f) cmocka_unit_test_teardown(f, teardown)

static void broadcast_messages(void **state)
{
	load("");
	assert_false(c->broadcast_messages);
	load("messenger:broadcast messages = yes");
	assert_true(c->broadcast_messages);
	assert_no_complaint();
	load("messenger:broadcast messages = perhaps");
	assert_false(c->broadcast_messages);
	assert_complaint("broadcast messages", "perhaps");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(defaults),
		TEST(written_defaults),
		TEST(option_table),
		TEST(every_option),
		TEST(case_and_blanks_of_options),
		TEST(unknown),
		TEST(reloaded),
		TEST(booleans),
		TEST(wrong_booleans),
		TEST(numbers),
		TEST(wrong_numbers),
		TEST(user_aliases),
		TEST(ignore_users),
		TEST(empty_values),
		TEST(lists),
		TEST(duplicates),
		TEST(bad_names),
		TEST(names_beyond_ascii),
		TEST(many_complaints),
		TEST(many_aliases),
		TEST(owns_everything),
		TEST(broadcast_messages),
	};

	return cmocka_run_group_tests(tests, setup_smb_conf, teardown_smb_conf);
}

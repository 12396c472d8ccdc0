/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Who holds a name: node status answers of Windows, of Samba and of nobody
 * sane, and the cause each speaks for.
 */

#include "holder.h"

#include "smb_conf.h"
#include "unit.h"

#define UNIQUE 0x0400
#define GROUP  (0x0400 | NBNS_NAME_GROUP)

static TALLOC_CTX *frame;
static struct nbns_answer answer;

static int setup(void **state)
{
	frame = talloc_new(NULL);
	memset(&answer, 0, sizeof(answer));
	return (frame != NULL) ? 0 : -1;
}

static int teardown(void **state)
{
	TALLOC_FREE(frame);
	return 0;
}

static void list_padded(const char *name, char pad, uint8_t type,
			uint16_t flags)
{
	struct nbns_name *n = &answer.names[answer.num_names++];

	assert_in_range(answer.num_names, 1, NBNS_NAMES_MAX);
	memset(n->bytes, pad, sizeof(n->bytes));
	memcpy(n->bytes, name, strlen(name));
	n->type = type;
	n->flags = flags;
}

static void list(const char *name, uint8_t type, uint16_t flags)
{
	list_padded(name, ' ', type, flags);
}

static struct holder *holder_of(const char *alias)
{
	struct wire_name wire = wire_of(alias);
	struct holder *h = holder_create(frame, &answer, &wire);

	assert_non_null(h);
	assert_ptr_equal(talloc_parent(h), frame);
	return h;
}

static enum event_cause cause_for(const char *alias)
{
	struct holder *h = holder_of(alias);
	enum event_cause cause = h->cause;

	talloc_free(h);
	return cause;
}

/* What a Windows XP of the same name lists. */
static void same_computer(void **state)
{
	struct holder *h = NULL;

	list("ALPHA", 0x00, UNIQUE);
	list("LAB", 0x00, GROUP);
	list("ALPHA", 0x03, UNIQUE);
	list("ALPHA", 0x20, UNIQUE);
	list("LAB", 0x1e, GROUP);
	memcpy(answer.mac, "\x02\x00\x5e\x10\x00\xff", 6);
	h = holder_of("ALPHA");
	assert_int_equal(h->cause, CAUSE_DUPLICATE_COMPUTER_NAME);
	assert_string_equal(h->computer, "ALPHA");
	assert_string_equal(h->group, "LAB");
	assert_string_equal(h->mac, "02:00:5e:10:00:ff");
	assert_int_equal(talloc_array_length(h->names), 5);
	assert_string_equal(h->names[0], "ALPHA<00>");
	assert_string_equal(h->names[4], "LAB<1e>");
}

static void other_computer(void **state)
{
	struct holder *h = NULL;

	list("PLANT1", 0x00, UNIQUE);
	list("LAB", 0x00, GROUP);
	list("PLANT1", 0x20, UNIQUE);
	list("PLANT1", 0x03, UNIQUE);
	list("ALPHA", 0x03, UNIQUE);
	h = holder_of("ALPHA");
	assert_int_equal(h->cause, CAUSE_ALIAS_OF_ANOTHER_COMPUTER);
	assert_string_equal(h->computer, "PLANT1");
	assert_null(h->mac);
}

/* <00> or <20>, unique, the whole name, in any place. */
static void what_makes_a_computer(void **state)
{
	list("SHOP", 0x00, GROUP);
	list("GROUPED", 0x00, GROUP);
	list("SERVER", 0x20, UNIQUE);
	list("ALONE", 0x00, UNIQUE);
	list_padded("NULS", '\0', 0x00, UNIQUE);
	list("FIFTEEN-LETTERS", 0x20, UNIQUE);
	list("MESSENGER", 0x01, UNIQUE);
	list("MESSENGER", 0x03, UNIQUE);
	list("MESSENGER", 0x1d, UNIQUE);
	assert_int_equal(cause_for("SERVER"), CAUSE_DUPLICATE_COMPUTER_NAME);
	assert_int_equal(cause_for("ALONE"), CAUSE_DUPLICATE_COMPUTER_NAME);
	assert_int_equal(cause_for("NULS"), CAUSE_DUPLICATE_COMPUTER_NAME);
	assert_int_equal(cause_for("FIFTEEN-LETTERS"),
			 CAUSE_DUPLICATE_COMPUTER_NAME);
	assert_int_equal(cause_for("GROUPED"), CAUSE_NOT_THE_HOLDER);
	assert_int_equal(cause_for("MESSENGER"),
			 CAUSE_ALIAS_OF_ANOTHER_COMPUTER);
	/* names that are only like it are other names */
	assert_int_equal(cause_for("SERVE"), CAUSE_NOT_THE_HOLDER);
	assert_int_equal(cause_for("SERVERS"), CAUSE_NOT_THE_HOLDER);
	assert_int_equal(cause_for("FIFTEEN-LETTER"), CAUSE_NOT_THE_HOLDER);
}

/* A node status of nmbd's has room for 25: there may be more than it tells. */
static void list_that_is_full(void **state)
{
	struct holder *h = NULL;
	char name[16];
	int i;

	for (i = 0; i < 24; i++) {
		snprintf(name, sizeof(name), "ALIAS%d", i);
		list(name, 0x03, UNIQUE);
	}
	assert_int_equal(cause_for("BETA"), CAUSE_NOT_THE_HOLDER);
	list("ALIAS24", 0x03, UNIQUE);
	assert_int_equal(cause_for("BETA"), CAUSE_ALIAS_OF_ANOTHER_COMPUTER);
	/* what it does tell is known */
	list("BETA", 0x20, UNIQUE);
	assert_int_equal(cause_for("BETA"), CAUSE_DUPLICATE_COMPUTER_NAME);
	h = holder_of("BETA");
	assert_int_equal(talloc_array_length(h->names), 26);
}

static void who_has_it(void **state)
{
	struct holder h = { .cause = CAUSE_NONE };

	assert_false(holder_has_it(NULL));
	for (h.cause = CAUSE_NONE; h.cause <= CAUSE_STALE_WINS_RECORD;
	     h.cause++) {
		assert_int_equal(holder_has_it(&h),
				 h.cause == CAUSE_DUPLICATE_COMPUTER_NAME ||
					 h.cause ==
						 CAUSE_ALIAS_OF_ANOTHER_COMPUTER);
	}
}

static void names_of_the_first(void **state)
{
	struct holder *h = NULL;

	list("OTHER", 0x20, UNIQUE);
	list("SHOP", 0x1e, GROUP);
	list("FIRST", 0x00, UNIQUE);
	list("SECOND", 0x00, UNIQUE);
	list("GROUP1", 0x00, GROUP);
	list("GROUP2", 0x00, GROUP);
	h = holder_of("ALPHA");
	assert_string_equal(h->computer, "FIRST");
	assert_string_equal(h->group, "GROUP1");
}

static void assert_unknown(const struct holder *h)
{
	assert_non_null(h);
	assert_int_equal(h->cause, CAUSE_UNKNOWN);
	assert_null(h->computer);
	assert_null(h->group);
	assert_null(h->mac);
	assert_int_equal(talloc_array_length(h->names), 0);
}

static void no_answer(void **state)
{
	struct wire_name wire = wire_of("ALPHA");

	assert_unknown(holder_create(frame, NULL, &wire));
}

static void no_names(void **state)
{
	memcpy(answer.mac, "\x02\x00\x00\x00\x00\x01", 6);
	assert_unknown(holder_of("ALPHA"));
}

static void without_computer_name(void **state)
{
	struct holder *h = NULL;

	list("ALPHA", 0x03, UNIQUE);
	h = holder_of("ALPHA");
	assert_int_equal(h->cause, CAUSE_ALIAS_OF_ANOTHER_COMPUTER);
	assert_null(h->computer);
	assert_null(h->group);
}

static void control_characters(void **state)
{
	struct holder *h = NULL;

	list("A\nB\x1b[2J\x7f", 0x00, UNIQUE);
	list("\x01", 0x00, GROUP);
	h = holder_of("ALPHA");
	assert_string_equal(h->computer, "A.B.[2J.");
	assert_string_equal(h->group, ".");
	assert_string_equal(h->names[0], "A.B.[2J.<00>");
}

static void as_many_as_there_can_be(void **state)
{
	struct holder *h = NULL;
	char name[16];
	unsigned i;

	for (i = 0; i < NBNS_NAMES_MAX; i++) {
		snprintf(name, sizeof(name), "N%03u", i);
		list(name, 0x03, UNIQUE);
	}
	h = holder_of("ALPHA");
	assert_int_equal(talloc_array_length(h->names), NBNS_NAMES_MAX);
	assert_string_equal(h->names[254], "N254<03>");
	assert_null(h->computer);
}

static void copied(void **state)
{
	TALLOC_CTX *other = talloc_new(frame);
	struct holder *h = NULL;
	struct holder *copy = NULL;

	list("ALPHA", 0x00, UNIQUE);
	list("LAB", 0x00, GROUP);
	memcpy(answer.mac, "\x02\x00\x00\x00\x00\x01", 6);
	h = holder_of("ALPHA");
	copy = holder_copy(other, h);
	assert_non_null(copy);
	talloc_free(h);
	assert_ptr_equal(talloc_parent(copy), other);
	assert_int_equal(copy->cause, CAUSE_DUPLICATE_COMPUTER_NAME);
	assert_string_equal(copy->computer, "ALPHA");
	assert_string_equal(copy->group, "LAB");
	assert_string_equal(copy->mac, "02:00:00:00:00:01");
	assert_int_equal(talloc_array_length(copy->names), 2);
	assert_string_equal(copy->names[1], "LAB<00>");
	assert_null(holder_copy(other, NULL));

	answer.num_names = 0;
	h = holder_of("ALPHA");
	assert_unknown(holder_copy(frame, h));
}

static void as_json(void **state)
{
	const struct in_addr address = ip("10.88.0.9");
	struct holder *h = NULL;

	assert_json(holder_json(address, NULL), "{'address': '10.88.0.9'}");
	h = holder_of("ALPHA");
	assert_json(holder_json(address, h), "{'address': '10.88.0.9'}");

	list("ALPHA", 0x00, UNIQUE);
	h = holder_of("ALPHA");
	assert_json(holder_json(address, h),
		    "{'address': '10.88.0.9', 'computer': 'ALPHA',"
		    " 'names': ['ALPHA<00>']}");

	list("LAB", 0x00, GROUP);
	memcpy(answer.mac, "\x02\x00\x00\x00\x00\x01", 6);
	h = holder_of("ALPHA");
	assert_json(holder_json(address, h),
		    "{'address': '10.88.0.9', 'computer': 'ALPHA',"
		    " 'group': 'LAB', 'mac': '02:00:00:00:00:01',"
		    " 'names': ['ALPHA<00>', 'LAB<00>']}");
}

static void assert_text(const struct holder *h, const char *want)
{
	char *text = talloc_strdup(frame, "");

	holder_add_text(&text, h);
	assert_string_equal(text, want);
	talloc_free(text);
}

static void as_text(void **state)
{
	struct holder *h = NULL;

	assert_text(NULL, "");
	assert_text(holder_of("ALPHA"), "");
	list("PLANT1", 0x00, UNIQUE);
	assert_text(holder_of("ALPHA"), "PLANT1");
	memcpy(answer.mac, "\x02\x00\x00\x00\x00\x01", 6);
	assert_text(holder_of("ALPHA"), "PLANT1 (MAC 02:00:00:00:00:01)");
	list("LAB", 0x00, GROUP);
	assert_text(holder_of("ALPHA"),
		    "PLANT1 (group LAB, MAC 02:00:00:00:00:01)");
	h = holder_of("ALPHA");
	TALLOC_FREE(h->mac);
	assert_text(h, "PLANT1 (group LAB)");
}

/* Six bytes of zeros are no address, and no other byte has a say in it. */
static void mac_addresses(void **state)
{
	struct holder *h = NULL;

	memset(&answer, 0xff, sizeof(answer));
	answer.num_names = 0;
	list("ALPHA", 0x00, UNIQUE);
	memset(answer.mac, 0, sizeof(answer.mac));
	h = holder_of("ALPHA");
	assert_null(h->mac);
	answer.mac[5] = 1;
	h = holder_of("ALPHA");
	assert_string_equal(h->mac, "00:00:00:00:00:01");
	answer.mac[5] = 0;
	answer.mac[0] = 1;
	h = holder_of("ALPHA");
	assert_string_equal(h->mac, "01:00:00:00:00:00");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

/*
 * Names that are no aliases
 */

static enum event_cause cause_of_name(const char *text, uint8_t type,
				      bool group)
{
	const struct netbios_name name = { .wire = wire_of(text),
					   .type = type,
					   .group = group };
	struct holder *h = holder_create_for(frame, &answer, &name);
	enum event_cause cause;

	assert_non_null(h);
	cause = h->cause;
	talloc_free(h);
	return cause;
}

static void other_names(void **state)
{
	list("PLANT1", 0x00, UNIQUE);
	list("ASIA", 0x00, GROUP);
	list("ALPHA", 0x20, UNIQUE);
	list("ASIA", 0x1e, GROUP);
	/* a second name of that computer, <00> or not */
	assert_int_equal(cause_of_name("ALPHA", 0x20, false),
			 CAUSE_ALIAS_OF_ANOTHER_COMPUTER);
	assert_int_equal(cause_of_name("ALPHA", 0x00, false),
			 CAUSE_ALIAS_OF_ANOTHER_COMPUTER);
	/* its own one */
	assert_int_equal(cause_of_name("PLANT1", 0x20, false),
			 CAUSE_DUPLICATE_COMPUTER_NAME);
	assert_int_equal(cause_of_name("PLANT1", 0x00, true),
			 CAUSE_DUPLICATE_COMPUTER_NAME);
	/* a group: it refuses the name to a computer, and not to a group */
	assert_int_equal(cause_of_name("ASIA", 0x00, false),
			 CAUSE_GROUP_OF_THAT_NAME);
	assert_int_equal(cause_of_name("ASIA", 0x00, true),
			 CAUSE_NOT_THE_HOLDER);
	assert_int_equal(cause_of_name("BETA", 0x20, false),
			 CAUSE_NOT_THE_HOLDER);
}

static void domain_master(void **state)
{
	list("PDC", 0x00, UNIQUE);
	list("LAB", 0x00, GROUP);
	assert_int_equal(cause_of_name("LAB", 0x1b, false),
			 CAUSE_NOT_THE_HOLDER);
	list("LAB", 0x1b, UNIQUE);
	assert_int_equal(cause_of_name("LAB", 0x1b, false),
			 CAUSE_ANOTHER_DOMAIN_MASTER);
}

/* A name that is only of a type of its own, as <1d>. */
static void same_type(void **state)
{
	list("PLANT1", 0x00, UNIQUE);
	list("LAB", 0x1d, UNIQUE);
	assert_int_equal(cause_of_name("LAB", 0x1d, false),
			 CAUSE_ALIAS_OF_ANOTHER_COMPUTER);
	assert_int_equal(cause_of_name("LAB", 0x20, false),
			 CAUSE_NOT_THE_HOLDER);
}

static void who_has_another_name(void **state)
{
	struct holder h = { .cause = CAUSE_GROUP_OF_THAT_NAME };

	assert_true(holder_has_it(&h));
	h.cause = CAUSE_ANOTHER_DOMAIN_MASTER;
	assert_true(holder_has_it(&h));
	h.cause = CAUSE_STALE_WINS_RECORD;
	assert_false(holder_has_it(&h));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(same_computer),
		TEST(other_computer),
		TEST(what_makes_a_computer),
		TEST(list_that_is_full),
		TEST(who_has_it),
		TEST(names_of_the_first),
		TEST(other_names),
		TEST(domain_master),
		TEST(same_type),
		TEST(who_has_another_name),
		TEST(no_answer),
		TEST(no_names),
		TEST(without_computer_name),
		TEST(control_characters),
		TEST(as_many_as_there_can_be),
		TEST(copied),
		TEST(as_json),
		TEST(as_text),
		TEST(mac_addresses),
	};

	return cmocka_run_group_tests(tests, setup_smb_conf, teardown_smb_conf);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Types of names in words: what each is for, what is lost with it, why it was
 * lost, and what to do.
 */

#include "name_type.h"

#include "unit.h"

static TALLOC_CTX *frame;

static int setup(void **state)
{
	frame = talloc_new(NULL);
	return (frame != NULL) ? 0 : -1;
}

static int teardown(void **state)
{
	TALLOC_FREE(frame);
	return 0;
}

static struct netbios_name of(uint8_t type, bool group)
{
	return (struct netbios_name){ .type = type, .group = group };
}

static void purposes(void **state)
{
	static const struct {
		uint8_t type;
		bool group;
		const char *purpose;
		bool elected;
	} want[] = {
		{ 0x00, false, "Workstation", false },
		{ 0x03, false, "Messenger", false },
		{ 0x20, false, "File server", false },
		{ 0x1b, false, "Domain master browser", false },
		{ 0x1d, false, "Local master browser", true },
		{ 0x00, true, "Workgroup", false },
		{ 0x1e, true, "Browser elections", false },
		{ 0x1c, true, "Domain controllers", false },
		{ 0x01, true, "Master browsers", true },
		{ 0x1c, false, "Other", false },
		{ 0x87, true, "Other", false },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(want); i++) {
		const struct netbios_name name =
			of(want[i].type, want[i].group);

		assert_string_equal(name_type_purpose(&name),
				    want[i].purpose);
		assert_int_equal(name_type_is_elected(&name),
				 want[i].elected);
		/* the table in "smbmessenger names" has 21 columns for it */
		assert_in_range(strlen(want[i].purpose), 1, 21);
	}
}

static void assert_consequence(uint8_t type, bool group, const char *want)
{
	const struct netbios_name name = of(type, group);

	assert_string_equal(name_type_consequence(frame, &name, "LAB"), want);
}

static void consequences(void **state)
{
	assert_consequence(0x20, false,
			   "Clients that look up \\\\LAB by NetBIOS are sent "
			   "to the other computer.");
	assert_consequence(0x00, true,
			   "Who looks for members of the workgroup LAB by "
			   "broadcast does not find this server.");
	assert_consequence(0x01, true,
			   "Other master browsers do not find this server by "
			   "the name LAB.");
	assert_consequence(0x87, false,
			   "Who looks up LAB<87> finds the other computer.");
}

static void assert_has(const char *text, const char *part)
{
	assert_non_null(text);
	assert_non_null(strstr(text, part));
	assert_int_equal(text[strlen(text) - 1], '.');
}

/* Each cause has a reason and an action of its own. */
static void causes(void **state)
{
	const struct netbios_name server = of(0x20, false);
	const struct netbios_name group = of(0x00, true);
	static const struct {
		enum event_cause cause;
		const char *reason;
		const char *action;
	} want[] = {
		{ CAUSE_DUPLICATE_COMPUTER_NAME, "two computers on this",
		  "/etc/hostname, cloud-init" },
		{ CAUSE_ALIAS_OF_ANOTHER_COMPUTER, "\"netbios aliases\"",
		  "Take ALPHA off that computer" },
		{ CAUSE_GROUP_OF_THAT_NAME, "a workgroup or domain of the name",
		  "another workgroup than ALPHA" },
		{ CAUSE_ANOTHER_DOMAIN_MASTER, "domain master browser of ALPHA",
		  "\"domain master = no\"" },
		{ CAUSE_STALE_WINS_RECORD, "No computer stands behind",
		  "Delete the record of ALPHA" },
		{ CAUSE_NOT_THE_HOLDER, "does not list ALPHA",
		  "Find the holder" },
		{ CAUSE_UNKNOWN, "did not say who it is", "Find the holder" },
		{ CAUSE_NONE, "has not been asked", "Find the holder" },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(want); i++) {
		assert_has(name_type_reason(frame, want[i].cause, &server,
					    "ALPHA"),
			   want[i].reason);
		assert_has(name_type_action(frame, want[i].cause, &server,
					    "ALPHA"),
			   want[i].action);
	}
	assert_has(name_type_reason(frame, CAUSE_DUPLICATE_COMPUTER_NAME,
				    &group, "LAB"),
		   "the name of this server's workgroup");
	assert_has(name_type_action(frame, CAUSE_DUPLICATE_COMPUTER_NAME,
				    &group, "LAB"),
		   "another \"workgroup\" in smb.conf");
}

static void padded(void **state)
{
	char buf[NAME_TYPE_PADDED_MAX];
	const struct netbios_name server = of(0x20, false);
	const struct netbios_name station = of(0x00, false);

	name_type_padded(buf, &server, "ALPHA");
	assert_string_equal(buf, "ALPHA          :20");
	name_type_padded(buf, &station, "FIFTEENLETTERSX");
	assert_string_equal(buf, "FIFTEENLETTERSX:0");
	/* two bytes, one column */
	name_type_padded(buf, &server, "\xc3\x84LPHA");
	assert_string_equal(buf, "\xc3\x84LPHA          :20");
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(purposes), TEST(consequences), TEST(causes), TEST(padded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

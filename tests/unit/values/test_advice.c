/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Response codes by RFC 1002 4.2.6, and what is said of each; why a name has
 * a holder, and what to do about it.
 */

#include "advice.h"

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

static void assert_text(const char *text, const char *want)
{
	assert_non_null(text);
	assert_string_equal(text, want);
	assert_ptr_equal(talloc_parent(text), frame);
}

static void assert_part(const char *text, const char *part, bool there)
{
	assert_non_null(text);
	if ((strstr(text, part) != NULL) != there) {
		fail_msg("%s'%s' in: %s", there ? "no " : "", part, text);
	}
}

static const struct {
	int rcode;
	const char *name;
	const char *text;
	bool refusal;
} rcodes[] = {
	{ 1, "FMT_ERR", "format error", false },
	{ 2, "SRV_ERR", "server failure", false },
	{ 3, "NAM_ERR", "no such name", false },
	{ 4, "IMP_ERR", "unsupported request", false },
	{ 5, "RFS_ERR", "refused by policy", true },
	{ 6, "ACT_ERR", "owned by another computer", true },
	{ 7, "CFT_ERR", "name in conflict", true },
};

static void rcode_words(void **state)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(rcodes); i++) {
		assert_string_equal(rcode_name(rcodes[i].rcode),
				    rcodes[i].name);
		assert_string_equal(rcode_text(rcodes[i].rcode),
				    rcodes[i].text);
		assert_int_equal(rcode_is_refusal(rcodes[i].rcode),
				 rcodes[i].refusal);
	}
}

static void rcodes_that_are_none(void **state)
{
	static const int none[] = { INT32_MIN, -1, 0, 8, 15, 16, INT32_MAX };
	size_t i;

	for (i = 0; i < ARRAY_LEN(none); i++) {
		assert_string_equal(rcode_name(none[i]), "unknown");
		assert_string_equal(rcode_text(none[i]),
				    "unknown response code");
		assert_false(rcode_is_refusal(none[i]));
	}
}

static void wins_that_is_no_help(void **state)
{
	const struct in_addr server = ip("10.0.0.5");

	assert_text(advice_unable(frame, server, 0),
		    "WINS server 10.0.0.5 does not answer");
	assert_text(advice_unable(frame, server, 1),
		    "WINS server 10.0.0.5 answered format error (1): it may "
		    "not be a WINS server");
	assert_text(advice_unable(frame, server, 2),
		    "WINS server 10.0.0.5 answered server failure (2)");
	assert_text(advice_unable(frame, server, 3),
		    "WINS server 10.0.0.5 answered no such name (3)");
	assert_text(advice_unable(frame, server, 4),
		    "WINS server 10.0.0.5 answered unsupported request (4): "
		    "it may not be a WINS server");
	assert_text(advice_unable(frame, server, 9),
		    "WINS server 10.0.0.5 answered unknown response code (9)");
}

static void wins_that_refuses(void **state)
{
	struct refusal refusal = { .rcode = 5, .server = ip("10.0.0.5") };

	assert_text(advice_refusal(frame, &refusal, "BETA"),
		    "WINS server 10.0.0.5 refuses BETA<03> (rcode 5, refused "
		    "by policy).");
	refusal.rcode = 6;
	assert_text(advice_refusal(frame, &refusal, "BETA"),
		    "WINS server 10.0.0.5 refuses BETA<03> (rcode 6, owned by "
		    "another computer).");
	/* two addresses in one sentence are two */
	refusal.record = ip("10.0.0.2");
	assert_text(advice_refusal(frame, &refusal, "BETA"),
		    "WINS server 10.0.0.5 refuses BETA<03> (rcode 6): it has a "
		    "record for 10.0.0.2, where no computer holds the name.");
}

/* An alias that is another computer's name is no second computer. */
static void two_computers_of_a_name(void **state)
{
	static const enum alias_kind others[] = {
		ALIAS_USER,
		ALIAS_CONFIGURED,
		ALIAS_ADDED,
	};
	size_t i;

	assert_text(advice_reason(frame, CAUSE_DUPLICATE_COMPUTER_NAME,
				  ALIAS_COMPUTER, "ALPHA"),
		    "That computer has the name ALPHA as its own: two "
		    "computers on this network have the same name.");
	assert_part(advice_action(frame, CAUSE_DUPLICATE_COMPUTER_NAME,
				  ALIAS_COMPUTER, "ALPHA"),
		    "\"netbios name\" in smb.conf", true);
	for (i = 0; i < ARRAY_LEN(others); i++) {
		assert_text(advice_reason(frame, CAUSE_DUPLICATE_COMPUTER_NAME,
					  others[i], "BETA"),
			    "That computer has the name BETA as its own.");
		assert_text(advice_action(frame, CAUSE_DUPLICATE_COMPUTER_NAME,
					  others[i], "BETA"),
			    (others[i] == ALIAS_USER)
				    ? "Rename that computer, or do without it: "
				      "that user gets no messages here."
				    : "Choose another alias, or rename that "
				      "computer.");
	}
}

/* Each cause has its own words, and none names two computers but the one. */
static void each_cause(void **state)
{
	static const struct {
		enum event_cause cause;
		const char *reason;
		const char *action;
	} cases[] = {
		{ CAUSE_NONE, "It has not been asked", "Find the holder" },
		{ CAUSE_UNKNOWN, "UDP port 137", "Find the holder" },
		{ CAUSE_ALIAS_OF_ANOTHER_COMPUTER,
		  "It holds BETA as a message alias",
		  "net name BETA /delete" },
		{ CAUSE_NOT_THE_HOLDER, "does not list BETA",
		  "Find the holder" },
		{ CAUSE_STALE_WINS_RECORD, "No computer stands behind",
		  "Delete the record of BETA on the WINS server" },
	};
	enum alias_kind kind;
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++) {
		for (kind = ALIAS_COMPUTER; kind <= ALIAS_ADDED; kind++) {
			const char *reason = advice_reason(
				frame, cases[i].cause, kind, "BETA");

			assert_part(reason, cases[i].reason, true);
			assert_part(reason, "same name", false);
			assert_part(advice_action(frame, cases[i].cause, kind,
						  "BETA"),
				    cases[i].action, true);
		}
	}
}

/* No alias is a computer, and no user's name can be chosen. */
static void each_cause_and_kind(void **state)
{
	enum event_cause cause;
	enum alias_kind kind;

	for (cause = CAUSE_NONE; cause <= CAUSE_ANOTHER_DOMAIN_MASTER;
	     cause++) {
		for (kind = ALIAS_COMPUTER; kind <= ALIAS_ADDED; kind++) {
			const char *reason =
				advice_reason(frame, cause, kind, "BETA");
			const char *action =
				advice_action(frame, cause, kind, "BETA");

			assert_non_null(reason);
			assert_int_equal(reason[strlen(reason) - 1], '.');
			assert_non_null(action);
			assert_int_equal(action[strlen(action) - 1], '.');
			if (kind != ALIAS_COMPUTER) {
				assert_part(reason, "two computers", false);
				assert_part(action, "two computers", false);
				assert_part(action, "netbios name", false);
				assert_part(action, "this server another",
					    false);
			}
			if (kind == ALIAS_COMPUTER || kind == ALIAS_USER) {
				assert_part(action, "another alias", false);
			}
		}
	}
}

/* A host that was silent is not asked the same again. */
static void where_to_look(void **state)
{
	const struct in_addr holder = ip("10.0.0.9");
	enum event_cause cause;

	for (cause = CAUSE_NONE; cause <= CAUSE_ANOTHER_DOMAIN_MASTER;
	     cause++) {
		assert_text(advice_look_up(frame, cause, ip(""), true), "");
		assert_text(advice_look_up(frame, cause, holder, true),
			    (cause == CAUSE_NONE) ? "nmblookup -A 10.0.0.9"
			    : (cause == CAUSE_UNKNOWN)
				    ? "ip neigh show 10.0.0.9"
				    : "");
	}
	assert_text(advice_look_up(frame, CAUSE_NONE, holder, false),
		    "nmblookup -A 10.0.0.9");
	assert_text(advice_look_up(frame, CAUSE_UNKNOWN, holder, false),
		    "ping -c 3 10.0.0.9");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(rcode_words),
		TEST(rcodes_that_are_none),
		TEST(wins_that_is_no_help),
		TEST(wins_that_refuses),
		TEST(two_computers_of_a_name),
		TEST(each_cause),
		TEST(each_cause_and_kind),
		TEST(where_to_look),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Answers that are made piece by piece, and what happens to the aliases
 * meanwhile.
 */

#include "answer.h"
#include "recorder.h"

#define SUBNET "10.88.0.2"

static struct recorder *r;

static const struct pieces_kind *const kinds[] = {
	&report_list_text,     &report_list_json, &report_status_text,
	&report_status_json,   &explain_text,	  &explain_json,
	&report_overview_text,
};

static int setup(void **state)
{
	r = recorder_create();
	r->subnets[0] = SUBNET;
	recorder_configure(r, "ALPHA", "BETA GAMMA DELTA OMEGA");
	return 0;
}

static int teardown(void **state)
{
	recorder_free(r);
	return 0;
}

static void run(void)
{
	assert_int_equal(service_start(r->service), NERR_Success);
	recorder_grant(r, "ALPHA", SUBNET);
	recorder_grant(r, "BETA", SUBNET);
	recorder_refuse(r, "GAMMA", SUBNET, 6, "10.88.0.9");
	recorder_grant(r, "DELTA", SUBNET);
}

/* The first step is to learn which names there are. */
static struct pieces *gathered(const struct pieces_kind *kind)
{
	struct pieces *p = pieces_begin(r, kind, r->service, NULL);

	assert_non_null(p);
	assert_true(pieces_go_on(p, 1));
	return p;
}

/* Taken as it comes, as who is sent it in parts has it. */
static char *in_parts(const struct pieces_kind *kind, size_t num)
{
	struct pieces *p = pieces_begin(r, kind, r->service, NULL);
	char *text = talloc_strdup(r, "");

	assert_non_null(p);
	while (pieces_go_on(p, num)) {
		pieces_append(&text, pieces_take(r, p));
	}
	pieces_append(&text, pieces_end(r, p, ""));
	talloc_free(p);
	return text;
}

static char *in_pieces(const struct pieces_kind *kind, size_t num)
{
	struct pieces *p = pieces_begin(r, kind, r->service, NULL);
	char *text = NULL;

	assert_non_null(p);
	while (pieces_go_on(p, num)) {
	}
	text = pieces_end(r, p, "");
	talloc_free(p);
	return text;
}

static void assert_same(void)
{
	size_t i;
	size_t num;

	for (i = 0; i < ARRAY_LEN(kinds); i++) {
		char *whole = answer_text(r, kinds[i], r->service, NULL);

		assert_non_null(whole);
		for (num = 1; num < 8; num++) {
			assert_string_equal(in_pieces(kinds[i], num), whole);
			assert_string_equal(in_parts(kinds[i], num), whole);
		}
	}
}

/* Of any size, they make the same answer. */
static void same_as_whole(void **state)
{
	assert_same();
	run();
	assert_same();
	assert_int_equal(service_stop(r->service), NERR_Success);
	assert_same();
}

/* The names of a list, in order and with a blank behind each. */
static char *names_of(char *text)
{
	json_t *json = answer_parse(text);
	char *names = talloc_strdup(r, "");
	json_t *alias = NULL;
	size_t i;

	json_array_foreach(json_object_get(json, "aliases"), i, alias) {
		names = talloc_asprintf_append(
			names, "%s ",
			json_string_value(json_object_get(alias, "name")));
	}
	json_decref(json);
	return names;
}

/* Each once: what is gone is left out, what is new comes next time. */
static void changes_meanwhile(void **state)
{
	struct wire_name wire;
	struct pieces *p = NULL;

	run();
	p = gathered(&report_list_json);
	assert_true(pieces_go_on(p, 2)); /* ALPHA, BETA */
	assert_int_equal(service_delete(r->service, "BETA", NULL),
			 NERR_Success);
	assert_int_equal(service_delete(r->service, "DELTA", NULL),
			 NERR_Success);
	assert_int_equal(service_add(r->service, "AFTER", &wire),
			 NERR_Success);
	while (pieces_go_on(p, 2)) {
	}
	assert_string_equal(names_of(pieces_end(r, p, "")),
			    "ALPHA BETA GAMMA OMEGA ");
	recorder_grant(r, "AFTER", SUBNET);
	assert_string_equal(names_of(in_pieces(&report_list_json, 2)),
			    "ALPHA GAMMA OMEGA AFTER ");
}

/* A piece of which all are gone is no end. */
static void a_whole_piece_gone(void **state)
{
	struct pieces *p = NULL;

	run();
	p = gathered(&report_list_json);
	assert_true(pieces_go_on(p, 1)); /* ALPHA */
	assert_int_equal(service_delete(r->service, "BETA", NULL),
			 NERR_Success);
	assert_true(pieces_go_on(p, 1));
	while (pieces_go_on(p, 1)) {
	}
	assert_string_equal(names_of(pieces_end(r, p, "")),
			    "ALPHA DELTA GAMMA OMEGA ");
}

/* They are told as they are then, and what was counted is what is told. */
static void as_they_are_then(void **state)
{
	struct pieces *p = NULL;
	json_t *json = NULL;

	run();
	p = gathered(&report_status_json);
	assert_true(pieces_go_on(p, 4)); /* OMEGA is being claimed */
	recorder_grant(r, "OMEGA", SUBNET);
	while (pieces_go_on(p, 4)) {
	}
	json = answer_parse(pieces_end(r, p, ""));
	assert_json_key(json, "counts",
			"{'all': 5, 'registered': 4, 'registering': 0,"
			" 'refused': 1, 'waiting': 0, 'invalid': 0,"
			" 'standby': 0}");
	json_decref(json);
}

/* Users, and invalid names of them, may be freed meanwhile. */
static void lists_replaced_meanwhile(void **state)
{
	struct pieces *p = NULL;

	run();
	service_set_users(r->service,
			  (const char *const[]){ "ann", "a\"b", NULL });
	p = gathered(&report_list_json);
	assert_true(pieces_go_on(p, 1));
	service_set_users(r->service, (const char *const[]){ NULL });
	recorder_configure(r, "ALPHA", "BETA");
	while (pieces_go_on(p, 1)) {
	}
	assert_string_equal(names_of(pieces_end(r, p, "")),
			    "ALPHA a\"b BETA ");
}

/* Who refuses it lists as many names as there is room for. */
static void refused_at_length(const char *name)
{
	struct nbns_answer answer = { .num_names = NBNS_NAMES_MAX };
	struct wire_name wire;
	struct holder *h = NULL;
	char *parsed = NULL;

	assert_int_equal(messenger_name_parse(r, name, &parsed, &wire),
			 NERR_Success);
	memset(answer.names, 'X', sizeof(answer.names));
	h = holder_create(r, &answer, &wire);
	assert_non_null(h);
	recorder_refuse(r, name, SUBNET, 6, "10.88.0.9");
	service_diagnosed(r->service, &wire, ip("10.88.0.9"), h);
	talloc_free(h);
}

#define REFUSED	  10
#define AT_LENGTH 5000 /* bytes of one, at least */
#define A_STEP	  (4 * AT_LENGTH)

static size_t longest_step(const struct pieces_kind *kind)
{
	struct pieces *p = pieces_begin(r, kind, r->service, NULL);
	size_t longest = 0;

	while (pieces_go_on(p, 1000)) {
		size_t len = strlen(pieces_take(p, p));

		longest = (len > longest) ? len : longest;
	}
	assert_in_range(strlen(pieces_end(r, p, "")), 1, A_STEP);
	talloc_free(p);
	return longest;
}

/* Aliases of smb.conf, and requests: few of them are in a step. */
static void long_ones(void **state)
{
	static const struct pieces_kind *const json[] = { &report_list_json,
							  &report_status_json,
							  &explain_json };
	char *names = talloc_strdup(r, "");
	struct wire_name wire;
	size_t i;

	for (i = 0; i < REFUSED; i++) {
		names = talloc_asprintf_append(names, "N%zu ", i);
	}
	recorder_configure(r, "ALPHA", names);
	assert_int_equal(service_start(r->service), NERR_Success);
	recorder_grant(r, "ALPHA", SUBNET);
	for (i = 0; i < REFUSED; i++) {
		refused_at_length(talloc_asprintf(r, "N%zu", i));
		names = talloc_asprintf(r, "R%zu", i);
		assert_int_equal(service_add(r->service, names, &wire),
				 NERR_Success);
		refused_at_length(names);
	}
	assert_same();
	for (i = 0; i < ARRAY_LEN(json); i++) {
		char *whole = answer_text(r, json[i], r->service, NULL);

		assert_in_range(strlen(whole), REFUSED * AT_LENGTH, SIZE_MAX);
		assert_in_range(longest_step(json[i]), AT_LENGTH, A_STEP);
	}
}

/* So many that the names are gathered in more than two steps. */
#define MANY 1200

/* The service is stopped: nothing is claimed. */
static void have_many(void)
{
	char *names = talloc_strdup(r, "");
	unsigned i;

	/* the last one first: no order is that of the table */
	for (i = MANY; i-- > 0;) {
		names = talloc_asprintf_append(names, "N%05u ", i);
	}
	recorder_configure(r, "ALPHA", names);
}

static void assert_many(char *names, const char *first, unsigned from)
{
	char *expected = talloc_strdup(r, first);
	unsigned i;

	for (i = from; i < MANY; i++) {
		expected = talloc_asprintf_append(expected, "N%05u ", i);
	}
	assert_string_equal(names, expected);
}

/* In the order of their names, whatever that of the steps. */
static void thousands(void **state)
{
	have_many();
	assert_many(names_of(in_pieces(&report_list_json, 64)), "ALPHA ", 0);
	assert_many(names_of(in_parts(&report_list_json, 100)), "ALPHA ", 0);
}

/* What comes while they are gathered is in it, and what goes is not. */
static void gathered_meanwhile(void **state)
{
	struct pieces *p = NULL;

	have_many();
	p = pieces_begin(r, &report_list_json, r->service, NULL);
	assert_true(pieces_go_on(p, 64));
	recorder_configure(r, "ALPHA", "A1 N01199");
	/* where those are that were gathered already */
	service_set_users(r->service, (const char *const[]){ "ann", NULL });
	while (pieces_go_on(p, 64)) {
	}
	assert_string_equal(names_of(pieces_end(r, p, "")),
			    "ALPHA ANN A1 N01199 ");
}

/* Names that come all the time do not keep it from an end. */
static void changes_all_the_time(void **state)
{
	struct pieces *p = NULL;
	unsigned steps = 0;
	char *name = NULL;

	have_many();
	p = pieces_begin(r, &report_list_json, r->service, NULL);
	while (pieces_go_on(p, 64)) {
		assert_true(steps < 100);
		name = talloc_asprintf(r, "NEW%u", steps++);
		assert_true(service_restore(r->service, name));
	}
	assert_non_null(pieces_end(r, p, ""));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(same_as_whole),
		TEST(changes_meanwhile),
		TEST(a_whole_piece_gone),
		TEST(as_they_are_then),
		TEST(lists_replaced_meanwhile),
		TEST(thousands),
		TEST(long_ones),
		TEST(gathered_meanwhile),
		TEST(changes_all_the_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

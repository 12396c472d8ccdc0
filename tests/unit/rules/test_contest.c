/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Others who want our aliases: what is told at once, what later, how much is
 * counted, and that no number of hosts makes more of it; and what the service
 * makes of it.
 */

#include "contest.h"

#include "recorder.h"

#define QUIET CONTEST_QUIET_SECONDS

/* as many hosts, and so many more, as are told apart */
#define APART 64

static struct contests *contests;
static struct contest_report report;
static uint16_t next_id;

static int setup(void **state)
{
	contests = contests_init(NULL);
	next_id = 0;
	return (contests != NULL) ? 0 : -1;
}

static int teardown(void **state)
{
	TALLOC_FREE(contests);
	return 0;
}

static struct contest make(const char *name, const char *from)
{
	return (struct contest){
		.kind = CONTEST_REGISTRATION,
		.wire = wire_of(name),
		.from = ip(from),
		.id = next_id++,
	};
}

/* Another attempt, with a transaction of its own. */
static bool count(const char *name, const char *from, uint64_t now)
{
	struct contest c = make(name, from);

	return contests_count(contests, &c, now, &report);
}

static void assert_report(const char *name, const char *from, uint32_t attempts)
{
	struct wire_name wire = wire_of(name);

	assert_true(wire_name_equal(&report.contest.wire, &wire));
	assert_int_equal(report.contest.from.s_addr, ip(from).s_addr);
	assert_int_equal(report.count, attempts);
}

static void nothing(void **state)
{
	assert_int_equal(contests_wait(contests, 1000), 0);
	assert_false(contests_due(contests, 1000, &report));
	assert_int_equal(contests_total(contests, CONTEST_REGISTRATION), 0);
	assert_int_equal(contests_total(contests, CONTEST_DEMAND), 0);
}

static void first_at_once(void **state)
{
	assert_true(count("ALPHA", "10.88.0.9", 1000));
	assert_report("ALPHA", "10.88.0.9", 1);
	assert_int_not_equal(contests_wait(contests, 1000), 0);
}

/* The number of those that were not told is told after a minute. */
static void suppressed(void **state)
{
	unsigned i;

	assert_true(count("ALPHA", "10.88.0.9", 1000));
	for (i = 0; i < 59000; i++) {
		assert_false(count("ALPHA", "10.88.0.9", 1001 + i / 1000));
	}
	assert_false(contests_due(contests, 1000 + QUIET - 1, &report));
	assert_true(contests_due(contests, 1000 + QUIET, &report));
	assert_report("ALPHA", "10.88.0.9", 59000);
	assert_false(contests_due(contests, 1000 + QUIET, &report));
	assert_int_equal(contests_total(contests, CONTEST_REGISTRATION), 59001);

	/* and begins anew */
	assert_false(count("ALPHA", "10.88.0.9", 1000 + QUIET + 1));
	assert_false(contests_due(contests, 1000 + 2 * QUIET - 1, &report));
	assert_true(contests_due(contests, 1000 + 2 * QUIET, &report));
	assert_report("ALPHA", "10.88.0.9", 1);
}

/* It may be told with the next attempt, if nobody asks what is due. */
static void next_attempt_tells(void **state)
{
	assert_true(count("ALPHA", "10.88.0.9", 1000));
	assert_false(count("ALPHA", "10.88.0.9", 1001));
	assert_false(count("ALPHA", "10.88.0.9", 1000 + QUIET - 1));
	assert_true(count("ALPHA", "10.88.0.9", 1000 + QUIET));
	assert_report("ALPHA", "10.88.0.9", 3);
}

static void forgotten_when_quiet(void **state)
{
	assert_true(count("ALPHA", "10.88.0.9", 1000));
	assert_false(contests_due(contests, 1000 + QUIET - 1, &report));
	assert_int_not_equal(contests_wait(contests, 1000), 0);
	assert_false(contests_due(contests, 1000 + QUIET, &report));
	assert_int_equal(contests_wait(contests, 1000), 0);
	assert_true(count("ALPHA", "10.88.0.9", 1000 + QUIET + 1));
	assert_int_equal(contests_total(contests, CONTEST_REGISTRATION), 2);
}

/* In a cluster it may be another node. */
static void with_patience(void **state)
{
	contests_set_patience(contests, 5);
	assert_false(count("ALPHA", "10.88.0.9", 1000));
	assert_int_equal(contests_wait(contests, 1000), 5);
	assert_false(count("ALPHA", "10.88.0.9", 1002));
	assert_int_equal(contests_wait(contests, 1002), 3);
	assert_false(contests_due(contests, 1004, &report));
	assert_true(contests_due(contests, 1005, &report));
	assert_report("ALPHA", "10.88.0.9", 2);
	assert_int_equal(contests_wait(contests, 1005), QUIET);
	assert_false(count("ALPHA", "10.88.0.9", 1006));
	assert_int_equal(contests_wait(contests, 1006), QUIET);
}

static void told_apart(void **state)
{
	struct contest c = make("ALPHA", "10.88.0.9");

	assert_true(contests_count(contests, &c, 1000, &report));
	assert_true(count("ALPHA", "10.88.0.10", 1000));
	assert_true(count("OPERATOR", "10.88.0.9", 1000));
	c.kind = CONTEST_DEMAND;
	assert_true(contests_count(contests, &c, 1000, &report));
	assert_int_equal(report.contest.kind, CONTEST_DEMAND);
	assert_report("ALPHA", "10.88.0.9", 1);
	assert_false(count("ALPHA", "10.88.0.9", 1000));
	assert_int_equal(contests_total(contests, CONTEST_REGISTRATION), 4);
	assert_int_equal(contests_total(contests, CONTEST_DEMAND), 1);
}

/* Each is heard twice, the second time after many others. */
static void repetitions(void **state)
{
	static struct contest burst[256];
	size_t i;

	for (i = 0; i < ARRAY_LEN(burst); i++) {
		burst[i] = make("ALPHA", "10.88.0.9");
		(void)contests_count(contests, &burst[i], 1000, &report);
	}
	for (i = 0; i < ARRAY_LEN(burst); i++) {
		assert_false(contests_count(contests, &burst[i], 1000 + i / 128,
					    &report));
	}
	assert_in_range(contests_total(contests, CONTEST_REGISTRATION),
			ARRAY_LEN(burst), ARRAY_LEN(burst) * 11 / 10);

	/* the same number later is another attempt */
	(void)contests_count(contests, &burst[255], 1002, &report);
	assert_in_range(contests_total(contests, CONTEST_REGISTRATION),
			ARRAY_LEN(burst) + 1, ARRAY_LEN(burst) * 11 / 10 + 1);
}

/* RFC 1002 has a claim repeated with the transaction it began with. */
static void sent_three_times(void **state)
{
	struct contest c = make("ALPHA", "10.88.0.9");

	assert_true(contests_count(contests, &c, 1000, &report));
	assert_false(contests_count(contests, &c, 1000, &report));
	assert_false(contests_count(contests, &c, 1001, &report));
	assert_int_equal(contests_total(contests, CONTEST_REGISTRATION), 1);
	/* but what is sent for ever is counted */
	assert_false(contests_count(contests, &c, 1002, &report));
	assert_int_equal(contests_total(contests, CONTEST_REGISTRATION), 2);
}

static void same_number_from_others(void **state)
{
	struct contest c = make("ALPHA", "10.88.0.9");

	assert_true(contests_count(contests, &c, 1000, &report));
	c.from = ip("10.88.0.10");
	assert_true(contests_count(contests, &c, 1000, &report));
	c.wire = wire_of("OPERATOR");
	assert_true(contests_count(contests, &c, 1000, &report));
	c.kind = CONTEST_DEMAND;
	assert_true(contests_count(contests, &c, 1000, &report));
}

static bool count_from(unsigned host, uint64_t now)
{
	struct contest c = make("ALPHA", "10.88.0.0");

	c.from.s_addr = htonl(ntohl(c.from.s_addr) + host);
	return contests_count(contests, &c, now, &report);
}

/* Addresses without number: the table does not grow, nor does what is told. */
static void crowd(void **state)
{
	size_t before = talloc_total_size(contests);
	unsigned told = 0;
	unsigned i;

	for (i = 1; i <= 10000; i++) {
		if (count_from(i, 1000)) {
			told++;
			assert_report("ALPHA",
				      (told > APART)
					      ? ""
					      : inet_ntoa(report.contest.from),
				      1);
		}
	}
	assert_int_equal(told, APART + 1);
	assert_int_equal(talloc_total_size(contests), before);
	assert_int_equal(contests_total(contests, CONTEST_REGISTRATION), 10000);

	/* a minute later the rest of them is told in one */
	assert_true(contests_due(contests, 1000 + QUIET, &report));
	assert_report("ALPHA", "", 10000 - APART - 1);
	assert_false(contests_due(contests, 1000 + QUIET, &report));

	/* and there is room for those who come then */
	assert_true(count_from(20000, 1000 + QUIET));
	assert_int_not_equal(report.contest.from.s_addr, 0);
	assert_int_not_equal(contests_wait(contests, 1000), 0);
	assert_false(contests_due(contests, 1000 + 2 * QUIET, &report));
	assert_int_equal(contests_wait(contests, 1000), 0);
}

/* Those who were told apart stay so while the table is full. */
static void known_in_a_crowd(void **state)
{
	unsigned i;

	for (i = 1; i <= APART + 10; i++) {
		(void)count_from(i, 1000);
	}
	assert_false(count_from(1, 1001));
	assert_true(contests_due(contests, 1000 + QUIET, &report));
	assert_report("ALPHA", "10.88.0.1", 1);
	assert_true(contests_due(contests, 1000 + QUIET, &report));
	assert_report("ALPHA", "", 9);
	assert_false(contests_due(contests, 1000 + QUIET, &report));
}

/*
 * The service.
 */

static struct recorder *r;

static int setup_service(void **state)
{
	r = recorder_create();
	r->subnets[0] = "10.88.0.2";
	next_id = 0;
	recorder_configure(r, "ALPHA", "OPERATOR");
	assert_int_equal(service_start(r->service), NERR_Success);
	recorder_grant(r, "ALPHA", "10.88.0.2");
	recorder_forget(r);
	return 0;
}

static int teardown_service(void **state)
{
	recorder_free(r);
	return 0;
}

static void contested(const char *name, const char *from)
{
	struct contest c = make(name, from);

	service_contested(r->service, &c);
}

static void told_and_reviewed(void **state)
{
	contested("ALPHA", "10.88.0.9");
	recorder_expect(r, "event alias-defended ALPHA claimant 10.88.0.9 "
			   "count 1\n"
			   "review 60\n");
	r->now = at(10);
	contested("ALPHA", "10.88.0.9");
	contested("ALPHA", "10.88.0.9");
	recorder_expect(r, "");
	r->now = at(60);
	service_review(r->service);
	recorder_expect(r, "event alias-defended ALPHA claimant 10.88.0.9 "
			   "count 2\n"
			   "review 60\n");
	/* quiet: the last review */
	r->now = at(120);
	service_review(r->service);
	recorder_expect(r, "");
	contested("ALPHA", "10.88.0.9");
	recorder_expect(r, "event alias-defended ALPHA claimant 10.88.0.9 "
			   "count 1\n"
			   "review 60\n");
	assert_int_equal(service_get_counters(r->service).defences, 4);
}

static void demand(void **state)
{
	struct contest c = make("ALPHA", "10.88.0.9");

	c.kind = CONTEST_DEMAND;
	service_contested(r->service, &c);
	recorder_expect(r, "event alias-conflict ALPHA claimant 10.88.0.9 "
			   "count 1\n"
			   "review 60\n");
	assert_int_equal(service_get_counters(r->service).demands, 1);
	assert_int_equal(service_get_counters(r->service).defences, 0);
	assert_table(r, "ALPHA=d(10.88.0.2=d) OPERATOR=g(10.88.0.2=g)");
}

/* Not ours, not ours yet, and no longer ours. */
static void of_no_interest(void **state)
{
	contested("NOBODY", "10.88.0.9");
	contested("OPERATOR", "10.88.0.9");
	recorder_refuse(r, "OPERATOR", "10.88.0.2", 6, "10.88.0.9");
	recorder_forget(r);
	contested("OPERATOR", "10.88.0.9");
	recorder_expect(r, "");
	contested("ALPHA", "10.88.0.9");
	recorder_forget(r);
	assert_int_equal(service_stop(r->service), NERR_Success);
	recorder_forget(r);
	contested("ALPHA", "10.88.0.10");
	recorder_expect(r, "");
	assert_int_equal(service_get_counters(r->service).defences, 1);
}

/* What was suppressed is not told of an alias that was given up since. */
static void given_up_since(void **state)
{
	recorder_grant(r, "OPERATOR", "10.88.0.2");
	contested("OPERATOR", "10.88.0.9");
	contested("OPERATOR", "10.88.0.9");
	assert_int_equal(service_delete(r->service, "OPERATOR", NULL),
			 NERR_Success);
	recorder_forget(r);
	r->now = at(60);
	service_review(r->service);
	recorder_expect(r, "review 60\n");
	r->now = at(120);
	service_review(r->service);
	recorder_expect(r, "");
}

/* One review at a time, whoever comes. */
static void one_review(void **state)
{
	contested("ALPHA", "10.88.0.9");
	recorder_forget(r);
	r->now = at(30);
	contested("ALPHA", "10.88.0.10");
	recorder_expect(r, "event alias-defended ALPHA claimant 10.88.0.10 "
			   "count 1\n");
	contested("ALPHA", "10.88.0.10");
	r->now = at(60);
	service_review(r->service);
	recorder_expect(r, "review 60\n");
	r->now = at(120);
	service_review(r->service);
	recorder_expect(r, "event alias-defended ALPHA claimant 10.88.0.10 "
			   "count 1\n"
			   "review 60\n");
}

/* A host that is up for less than a minute has a clock that begins at 0. */
static void soon_after_boot(void **state)
{
	assert_true(count("ALPHA", "10.88.0.9", 1));
	assert_report("ALPHA", "10.88.0.9", 1);
	assert_false(count("ALPHA", "10.88.0.9", QUIET));
	assert_true(contests_due(contests, 1 + QUIET, &report));
	assert_report("ALPHA", "10.88.0.9", 1);
}

/* What is due is told in the order in which they came. */
static void in_order(void **state)
{
	unsigned i;

	for (i = 1; i <= 3; i++) {
		assert_true(count_from(i, 1000));
		assert_false(count_from(i, 1001));
	}
	for (i = 1; i <= 3; i++) {
		assert_true(contests_due(contests, 1000 + QUIET, &report));
		assert_int_equal(ntohl(report.contest.from.s_addr),
				 ntohl(ip("10.88.0.0").s_addr) + i);
	}
	assert_false(contests_due(contests, 1000 + QUIET, &report));
}

static void kind_of_the_alias(void **state)
{
	recorder_grant(r, "OPERATOR", "10.88.0.2");
	contested("OPERATOR", "10.88.0.9");
	assert_int_equal(r->kind, ALIAS_CONFIGURED);
	contested("ALPHA", "10.88.0.9");
	assert_int_equal(r->kind, ALIAS_COMPUTER);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
#define TEST_SERVICE(f)                                                        \
	cmocka_unit_test_setup_teardown(f, setup_service, teardown_service)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing),
		TEST(first_at_once),
		TEST(suppressed),
		TEST(next_attempt_tells),
		TEST(forgotten_when_quiet),
		TEST(with_patience),
		TEST(told_apart),
		TEST(repetitions),
		TEST(sent_three_times),
		TEST(same_number_from_others),
		TEST(crowd),
		TEST(known_in_a_crowd),
		TEST_SERVICE(told_and_reviewed),
		TEST_SERVICE(demand),
		TEST_SERVICE(of_no_interest),
		TEST_SERVICE(given_up_since),
		TEST_SERVICE(one_review),
		TEST(soon_after_boot),
		TEST(in_order),
		TEST_SERVICE(kind_of_the_alias),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

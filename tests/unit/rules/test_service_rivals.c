/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Hosts that claim a name when we do, and refusals that come after the grant.
 */

#include "recorder.h"
#include "smb_conf.h"

#define RIVAL "10.0.0.9"
#define OTHER "10.0.0.8"

#define CONFLICT(name)                                                         \
	"event alias-conflict " name " claimant " RIVAL " holder " RIVAL "\n"

static struct recorder *r;

static int setup(void **state)
{
	r = recorder_create();
	r->subnets[0] = "A";
	recorder_configure(r, "ALPHA", "OPERATOR");
	assert_int_equal(service_start(r->service), NERR_Success);
	recorder_forget(r);
	return 0;
}

static int teardown(void **state)
{
	recorder_free(r);
	return 0;
}

/* ALPHA was granted, and RIVAL has claimed it at the same time. */
static void run_with_rival(void)
{
	recorder_contest(r, "ALPHA", RIVAL);
	recorder_expect(r, "");
	recorder_grant(r, "ALPHA", "A");
	recorder_expect(r, "event alias-registered ALPHA\n"
			   "settled ALPHA 0\n"
			   "rivals 1\n"
			   "event service-started\n"
			   "settled service 0\n"
			   "claim OPERATOR\n");
}

static void run(void)
{
	recorder_grant(r, "ALPHA", "A");
	recorder_grant(r, "OPERATOR", "A");
	recorder_forget(r);
}

static void ring(void)
{
	recorder_ring(r, SERVICE_ALARM_RIVALS);
}

static void without_rivals(void **state)
{
	run();
	assert_int_equal(r->rivals, 0);
}

/* One second and five seconds after the grant, then no more. */
static void asked_twice(void **state)
{
	run_with_rival();
	ring();
	recorder_expect(r, "ask " RIVAL " of ALPHA\n"
			   "rivals 4\n");
	/* it does not answer, it does not have it */
	recorder_diagnosed(r, "ALPHA", RIVAL, NULL, NULL);
	recorder_diagnosed(r, "ALPHA", RIVAL, "PLANT1", "PLANT1");
	recorder_expect(r, "");
	ring();
	recorder_expect(r, "ask " RIVAL " of ALPHA\n"
			   "rivals 4\n");
	/* it answers now, and does not have it: that is no silence */
	recorder_diagnosed(r, "ALPHA", RIVAL, "PLANT1", "PLANT1");
	recorder_expect(r, "");
	ring();
	recorder_expect(r, "");
	assert_int_equal(r->rivals, 0);
	ring();
	recorder_expect(r, "");
}

/* A claim that is under way elsewhere is refused as any other. */
static void refuses_before_all_is_granted(void **state)
{
	recorder_subnet_new(r, "B");
	recorder_contest(r, "ALPHA", RIVAL);
	recorder_grant(r, "ALPHA", "A");
	recorder_refuse(r, "ALPHA", "A", 6, RIVAL);
	assert_int_equal(service_get_state(r->service), SERVICE_FAILED);
	assert_int_equal(r->events[EVENT_ALIAS_CONFLICT], 0);
}

/* One that says nothing both times may have it. */
static void silent_both_times(void **state)
{
	run_with_rival();
	ring();
	recorder_diagnosed(r, "ALPHA", RIVAL, NULL, NULL);
	ring();
	recorder_forget(r);
	recorder_diagnosed(r, "ALPHA", RIVAL, NULL, NULL);
	assert_int_equal(r->events[EVENT_ALIAS_CONFLICT], 1);
}

static void has_it_as_well(void **state)
{
	run_with_rival();
	ring();
	recorder_forget(r);
	recorder_diagnosed(r, "ALPHA", RIVAL, "ALPHA", "ALPHA");
	recorder_expect(r, "event alias-conflict ALPHA claimant " RIVAL
			   " cause duplicate-computer-name holder " RIVAL "\n");
	/* once, and it is not asked again */
	recorder_diagnosed(r, "ALPHA", RIVAL, "ALPHA", "ALPHA");
	ring();
	recorder_expect(r, "rivals 4\n");
	recorder_diagnosed(r, "ALPHA", RIVAL, "ALPHA", "ALPHA");
	ring();
	recorder_expect(r, "");
	/* both hold it, and go on */
	assert_int_equal(service_get_state(r->service), SERVICE_RUNNING);
	assert_table(r, "ALPHA=d(A=d) OPERATOR=g(A=g)");
	assert_int_equal(service_get_counters(r->service).refusals, 0);
}

/* As late as the second answer: stock nmbd takes its time. */
static void has_it_later(void **state)
{
	run_with_rival();
	ring();
	recorder_diagnosed(r, "ALPHA", RIVAL, "PLANT1", "PLANT1");
	ring();
	recorder_forget(r);
	recorder_diagnosed(r, "ALPHA", RIVAL, "PLANT1", "ALPHA");
	recorder_expect(r, "event alias-conflict ALPHA claimant " RIVAL
			   " cause alias-of-another-computer "
			   "holder " RIVAL "\n");
}

/* It says so itself: it refuses what we tell it is ours. */
static void refuses(void **state)
{
	run_with_rival();
	recorder_refuse(r, "ALPHA", "A", 6, RIVAL);
	recorder_expect(r, CONFLICT("ALPHA"));
	/* as it does each of our packets */
	recorder_refuse(r, "ALPHA", "A", 6, RIVAL);
	recorder_refuse(r, "ALPHA", "A", 6, RIVAL);
	recorder_expect(r, "");
	assert_int_equal(service_get_state(r->service), SERVICE_RUNNING);
	assert_int_equal(r->releases, 0);
	assert_true(recorder_claimed(r, "ALPHA", "A"));
	ring();
	recorder_expect(r, "rivals 4\n");
}

/* Ten seconds later it is a host as any other. */
static void refuses_when_all_is_over(void **state)
{
	run_with_rival();
	ring();
	ring();
	ring();
	recorder_forget(r);
	recorder_refuse(r, "ALPHA", "A", 6, RIVAL);
	assert_int_equal(service_get_state(r->service), SERVICE_FAILED);
	assert_int_equal(r->events[EVENT_ALIAS_CONFLICT], 0);
	assert_int_equal(r->events[EVENT_ALIAS_LOST], 1);
}

/* It was here before, and refuses as it has to. */
static void refuses_before_the_grant(void **state)
{
	recorder_contest(r, "ALPHA", RIVAL);
	recorder_refuse(r, "ALPHA", "A", 6, RIVAL);
	assert_int_equal(service_get_state(r->service), SERVICE_FAILED);
	assert_int_equal(r->rivals, 0);
}

/* Of two that claim it one is registered in WINS, and the other is not. */
static void has_it_in_wins(void **state)
{
	r->subnets[1] = "UNICAST_SUBNET";
	run_with_rival();
	/* at the next refresh, even */
	recorder_grant(r, "ALPHA", "UNICAST_SUBNET");
	recorder_refuse(r, "ALPHA", "UNICAST_SUBNET", 6, RIVAL);
	assert_int_equal(service_get_state(r->service), SERVICE_FAILED);
	assert_int_equal(service_get_exit(r->service), NERR_NoComputerName);
}

/* It has the name, and on another net we have not. */
static void refuses_another_claim(void **state)
{
	run_with_rival();
	recorder_subnet_new(r, "B");
	recorder_refuse(r, "ALPHA", "B", 6, RIVAL);
	assert_int_equal(service_get_state(r->service), SERVICE_FAILED);
	assert_table(r, "ALPHA=f(B=f)");
	assert_int_equal(r->events[EVENT_ALIAS_CONFLICT], 0);
}

/* A third host's answer is its own. */
static void third_host(void **state)
{
	run_with_rival();
	recorder_diagnosed(r, "ALPHA", OTHER, "ALPHA", "ALPHA");
	recorder_expect(r, "");
	recorder_refuse(r, "ALPHA", "A", 6, OTHER);
	assert_int_equal(service_get_state(r->service), SERVICE_FAILED);
}

/* It was given up since. */
static void alias_goes(void **state)
{
	run_with_rival();
	recorder_contest(r, "OPERATOR", RIVAL);
	recorder_grant(r, "OPERATOR", "A");
	recorder_refuse(r, "OPERATOR", "A", 6, OTHER);
	assert_table(r, "ALPHA=d(A=d) OPERATOR=f(A=f)");
	recorder_forget(r);
	ring();
	/* what is refused is lost already */
	recorder_expect(r, "ask " RIVAL " of ALPHA\n"
			   "rivals 4\n");
	recorder_diagnosed(r, "OPERATOR", RIVAL, "OPERATOR", "OPERATOR");
	recorder_expect(r, "");
	service_stop(r->service);
	recorder_forget(r);
	ring();
	recorder_expect(r, "");
	assert_int_equal(r->rivals, 0);
	recorder_diagnosed(r, "ALPHA", RIVAL, "ALPHA", "ALPHA");
	recorder_expect(r, "");
}

/* Cloned machines have the same aliases; each has its own five seconds. */
static void granted_one_after_the_other(void **state)
{
	recorder_contest(r, "ALPHA", RIVAL);
	recorder_grant(r, "ALPHA", "A");
	recorder_contest(r, "OPERATOR", RIVAL);
	ring();
	recorder_forget(r);
	recorder_grant(r, "OPERATOR", "A");
	recorder_expect(r, "event alias-registered OPERATOR\n"
			   "settled OPERATOR 0\n");
	ring();
	recorder_expect(r, "ask " RIVAL " of ALPHA\n"
			   "ask " RIVAL " of OPERATOR\n"
			   "rivals 4\n");
	recorder_diagnosed(r, "ALPHA", RIVAL, "ALPHA", "ALPHA");
	recorder_forget(r);
	ring();
	recorder_expect(r, "ask " RIVAL " of OPERATOR\n"
			   "rivals 4\n");
	ring();
	recorder_expect(r, "");
}

/* Many grants in a row do not put off the first question. */
static void granted_at_once(void **state)
{
	run_with_rival();
	recorder_contest(r, "OPERATOR", RIVAL);
	recorder_grant(r, "OPERATOR", "A");
	recorder_expect(r, "event alias-registered OPERATOR\n"
			   "settled OPERATOR 0\n");
	ring();
	recorder_expect(r, "ask " RIVAL " of ALPHA\n"
			   "ask " RIVAL " of OPERATOR\n"
			   "rivals 4\n");
}

/* Nobody is asked about a name that only we have claimed. */
static void one_of_two(void **state)
{
	run_with_rival();
	recorder_grant(r, "OPERATOR", "A");
	recorder_forget(r);
	ring();
	recorder_expect(r, "ask " RIVAL " of ALPHA\n"
			   "rivals 4\n");
}

/* Claimed once we have it: nmbd defends it, and that is told. */
static void comes_after_the_grant(void **state)
{
	run();
	recorder_contest(r, "ALPHA", RIVAL);
	recorder_expect(r, "event alias-defended ALPHA claimant " RIVAL
			   " count 1\n"
			   "review 60\n");
	assert_int_equal(r->rivals, 0);
}

/* A demand is no claim. */
static void demand_before_the_grant(void **state)
{
	const struct contest contest = {
		.kind = CONTEST_DEMAND,
		.wire = wire_of("ALPHA"),
		.from = ip(RIVAL),
	};

	service_contested(r->service, &contest);
	run();
	assert_int_equal(r->rivals, 0);
}

/*
 * Refusals that come late: the holder is slow.
 */

static void late_refusal(void **state)
{
	run();
	recorder_refuse(r, "OPERATOR", "A", 6, OTHER);
	recorder_expect(r, "release OPERATOR\n"
			   "event alias-lost OPERATOR on A code 2297 rcode 6 "
			   "holder " OTHER "\n");
	assert_table(r, "ALPHA=d(A=d) OPERATOR=f(A=f)");
	assert_false(recorder_claimed(r, "OPERATOR", "A"));
	/* the same holder refuses each request */
	recorder_refuse(r, "OPERATOR", "A", 6, OTHER);
	recorder_expect(r, "");
	assert_int_equal(service_get_counters(r->service).refusals, 1);
}

static void late_refusal_of_the_computer_name(void **state)
{
	run();
	recorder_refuse(r, "ALPHA", "A", 6, OTHER);
	recorder_expect(r, "release ALPHA\n"
			   "event alias-lost ALPHA on A code 2297 rcode 6 "
			   "holder " OTHER "\n"
			   "release OPERATOR\n"
			   "event alias-released OPERATOR\n"
			   "event service-failed ALPHA on A code 2270 rcode 6 "
			   "holder " OTHER "\n");
	assert_int_equal(service_get_state(r->service), SERVICE_FAILED);
	recorder_refuse(r, "ALPHA", "A", 6, OTHER);
	recorder_expect(r, "");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(without_rivals),
		TEST(asked_twice),
		TEST(refuses_before_all_is_granted),
		TEST(silent_both_times),
		TEST(has_it_as_well),
		TEST(has_it_later),
		TEST(refuses),
		TEST(refuses_when_all_is_over),
		TEST(refuses_before_the_grant),
		TEST(has_it_in_wins),
		TEST(refuses_another_claim),
		TEST(third_host),
		TEST(alias_goes),
		TEST(granted_one_after_the_other),
		TEST(granted_at_once),
		TEST(one_of_two),
		TEST(comes_after_the_grant),
		TEST(demand_before_the_grant),
		TEST(late_refusal),
		TEST(late_refusal_of_the_computer_name),
	};

	return cmocka_run_group_tests(tests, setup_smb_conf, teardown_smb_conf);
}

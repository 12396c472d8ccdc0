/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * WINS follows behind: nothing waits for it, a living owner refuses, a record
 * that nobody stands behind does not.
 */

#include "recorder.h"
#include "smb_conf.h"

#define WINS	 "UNICAST_SUBNET"
#define NO_ROUTE "Network is unreachable"

static struct recorder *r;

static int setup(void **state)
{
	r = recorder_create();
	r->subnets[0] = "A";
	r->subnets[1] = WINS;
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

static void run(void)
{
	recorder_grant(r, "ALPHA", "A");
	recorder_grant(r, "OPERATOR", "A");
	assert_int_equal(service_get_state(r->service), SERVICE_RUNNING);
	recorder_forget(r);
	r->releases = 0;
}

static void runs_before_wins_answers(void **state)
{
	recorder_grant(r, "ALPHA", "A");
	assert_int_equal(service_get_state(r->service), SERVICE_RUNNING);
	assert_table(r, "ALPHA=d(A=d UNICAST_SUBNET=g) "
			"OPERATOR=g(A=g UNICAST_SUBNET=g)");
	recorder_grant(r, "OPERATOR", "A");
	recorder_forget(r);
	recorder_grant(r, "ALPHA", WINS);
	recorder_grant(r, "OPERATOR", WINS);
	recorder_expect(r, "");
	assert_table(r, "ALPHA=d(A=d UNICAST_SUBNET=d) "
			"OPERATOR=d(A=d UNICAST_SUBNET=d)");
}

static void waits_for_broadcast(void **state)
{
	recorder_grant(r, "ALPHA", WINS);
	assert_int_equal(service_get_state(r->service), SERVICE_STARTING);
	recorder_grant(r, "ALPHA", "A");
	assert_int_equal(service_get_state(r->service), SERVICE_RUNNING);
}

/* Silent, without a route, of no name that is known: all the same. */
static void cannot_be_asked(void **state)
{
	recorder_wait(r, "ALPHA", WINS, NO_ROUTE);
	recorder_expect(r, "waiting 5\n");
	assert_int_equal(service_get_state(r->service), SERVICE_STARTING);
	run();
	recorder_wait(r, "OPERATOR", WINS,
		      "WINS server 10.0.0.5 does not "
		      "answer");
	assert_table(r, "ALPHA=d(A=d UNICAST_SUBNET=w) "
			"OPERATOR=d(A=d UNICAST_SUBNET=w)");
	recorder_forget(r);
	recorder_ring(r, SERVICE_ALARM_WAITING);
	recorder_expect(r, "claim ALPHA on UNICAST_SUBNET\n"
			   "claim OPERATOR on UNICAST_SUBNET\n");
	recorder_grant(r, "ALPHA", WINS);
	recorder_grant(r, "OPERATOR", WINS);
	recorder_expect(r, "");
	assert_int_equal(r->releases, 0);
}

/* A running client whose server goes away keeps all it has. */
static void goes_away(void **state)
{
	run();
	recorder_grant(r, "ALPHA", WINS);
	recorder_wait(r, "ALPHA", WINS, NO_ROUTE);
	recorder_expect(r, "waiting 5\n");
	assert_table(r, "ALPHA=d(A=d UNICAST_SUBNET=w) "
			"OPERATOR=d(A=d UNICAST_SUBNET=g)");
	assert_int_equal(service_get_state(r->service), SERVICE_RUNNING);
	assert_int_equal(r->releases, 0);
}

/* No broadcast to send on: WINS alone decides. */
static void alone(void **state)
{
	recorder_wait(r, "ALPHA", "A", NO_ROUTE);
	assert_int_equal(service_get_state(r->service), SERVICE_STARTING);
	recorder_grant(r, "ALPHA", WINS);
	assert_int_equal(service_get_state(r->service), SERVICE_RUNNING);
}

static void nothing_at_all(void **state)
{
	recorder_wait(r, "ALPHA", WINS, "first reason");
	recorder_forget(r);
	recorder_wait(r, "ALPHA", "A", NO_ROUTE);
	/* in the order of the subnets */
	recorder_expect(r, "settled ALPHA 2136 (" NO_ROUTE ")\n"
			   "settled service 2136 (" NO_ROUTE ")\n");
	assert_table(r, "ALPHA=w(A=w UNICAST_SUBNET=w)");
}

/* WINS is not used any more: nothing of it is left. */
static void taken_out_of_smb_conf(void **state)
{
	run();
	recorder_wait(r, "ALPHA", WINS, NO_ROUTE);
	recorder_subnet_gone(r, WINS);
	assert_table(r, "ALPHA=d(A=d) OPERATOR=d(A=d)");
	assert_int_equal(r->releases, 0);
}

/*
 * Refusals.
 */

static void refused(void **state)
{
	const struct wire_name wire = wire_of("ALPHA");
	const struct refusal refusal = { .rcode = RCODE_ACT_ERR,
					 .holder = ip("10.0.0.9"),
					 .server = ip("10.0.0.5") };

	service_refused(r->service, &wire, WINS, &refusal);
	recorder_expect(r, "release ALPHA\n"
			   "settled ALPHA 2297 holder 10.0.0.9\n"
			   "event service-failed ALPHA on UNICAST_SUBNET code "
			   "2270 rcode 6 server 10.0.0.5 holder 10.0.0.9\n"
			   "settled service 2270 holder 10.0.0.9\n");
	assert_table(r, "ALPHA=f(UNICAST_SUBNET=f)");
	assert_int_equal(service_get_counters(r->service).refusals, 1);
}

/* By then it runs: it is lost, and the service with it. */
static void refused_late(void **state)
{
	run();
	recorder_refuse(r, "OPERATOR", WINS, 6, "10.0.0.9");
	recorder_expect(r, "release OPERATOR\n"
			   "event alias-lost OPERATOR on UNICAST_SUBNET code "
			   "2297 rcode 6 holder 10.0.0.9\n");
	assert_table(r, "ALPHA=d(A=d UNICAST_SUBNET=g) "
			"OPERATOR=f(UNICAST_SUBNET=f)");
	recorder_refuse(r, "ALPHA", WINS, 6, "10.0.0.9");
	assert_int_equal(service_get_state(r->service), SERVICE_FAILED);
	assert_int_equal(r->events[EVENT_SERVICE_FAILED], 1);
}

/*
 * Stale records.
 */

static void stale_record(void **state)
{
	recorder_stale(r, "ALPHA", "10.0.0.7");
	/* told once, and nobody is named as the holder */
	recorder_expect(r, "event alias-refused ALPHA on UNICAST_SUBNET "
			   "rcode 5 server 10.0.0.5 record 10.0.0.7 "
			   "cause stale-wins-record\n"
			   "waiting 5\n");
	assert_int_equal(service_get_state(r->service), SERVICE_STARTING);
	run();
	assert_table(r, "ALPHA=d(A=d UNICAST_SUBNET=f) "
			"OPERATOR=d(A=d UNICAST_SUBNET=g)");
	assert_int_equal(service_get_counters(r->service).refusals, 0);
	/* WINS is asked again */
	recorder_ring(r, SERVICE_ALARM_WAITING);
	recorder_expect(r, "claim ALPHA on UNICAST_SUBNET\n");
	recorder_stale(r, "ALPHA", "10.0.0.7");
	recorder_expect(r, "waiting 10\n");
	service_network_changed(r->service);
	recorder_expect(r, "waiting 0\n"
			   "claim ALPHA on UNICAST_SUBNET\n");
	/* until the record is gone */
	recorder_grant(r, "ALPHA", WINS);
	assert_table(r, "ALPHA=d(A=d UNICAST_SUBNET=d) "
			"OPERATOR=d(A=d UNICAST_SUBNET=g)");
	assert_true(recorder_claimed(r, "ALPHA", "A"));
	assert_int_equal(r->releases, 0);
}

/* As for an alias that was held already. */
static void stale_record_of_a_held_alias(void **state)
{
	run();
	recorder_stale(r, "OPERATOR", "10.0.0.7");
	recorder_stale(r, "ALPHA", "10.0.0.7");
	assert_int_equal(r->events[EVENT_ALIAS_REFUSED], 2);
	assert_int_equal(r->events[EVENT_ALIAS_LOST], 0);
	assert_int_equal(service_get_state(r->service), SERVICE_RUNNING);
	assert_table(r, "ALPHA=d(A=d UNICAST_SUBNET=f) "
			"OPERATOR=d(A=d UNICAST_SUBNET=f)");
	/* it is told again to one who comes anew */
	service_stop(r->service);
	service_start(r->service);
	recorder_stale(r, "ALPHA", "10.0.0.7");
	assert_int_equal(r->events[EVENT_ALIAS_REFUSED], 3);
	assert_int_equal(r->releases, 2);
}

/* The owner of the record is back. */
static void stale_record_comes_alive(void **state)
{
	run();
	recorder_stale(r, "OPERATOR", "10.0.0.7");
	recorder_ring(r, SERVICE_ALARM_WAITING);
	recorder_refuse(r, "OPERATOR", WINS, 6, "10.0.0.7");
	assert_table(r, "ALPHA=d(A=d UNICAST_SUBNET=g) "
			"OPERATOR=f(UNICAST_SUBNET=f)");
	assert_int_equal(r->events[EVENT_ALIAS_LOST], 1);
}

/* Refused on the wire: that alone is what is known of it. */
static void refused_beside_a_stale_record(void **state)
{
	recorder_stale(r, "ALPHA", "10.0.0.7");
	recorder_refuse(r, "ALPHA", "A", 6, "10.0.0.9");
	assert_int_equal(service_get_state(r->service), SERVICE_FAILED);
	assert_table(r, "ALPHA=f(A=f)");
	assert_int_equal(r->waiting, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(runs_before_wins_answers),
		TEST(waits_for_broadcast),
		TEST(cannot_be_asked),
		TEST(goes_away),
		TEST(alone),
		TEST(nothing_at_all),
		TEST(taken_out_of_smb_conf),
		TEST(refused),
		TEST(refused_late),
		TEST(stale_record),
		TEST(stale_record_of_a_held_alias),
		TEST(stale_record_comes_alive),
		TEST(refused_beside_a_stale_record),
	};

	return cmocka_run_group_tests(tests, setup_smb_conf, teardown_smb_conf);
}

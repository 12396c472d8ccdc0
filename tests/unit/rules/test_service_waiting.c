/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Claims that could not be sent, or were not answered as a claim has to be:
 * what they cost (nothing), and when they are made again.
 */

#include "recorder.h"
#include "smb_conf.h"

#define NO_ROUTE  "Network is unreachable"
#define NO_BUFFER "No buffer space available"

static struct recorder *r;

static int setup(void **state)
{
	r = recorder_create();
	r->subnets[0] = "A";
	return 0;
}

static int teardown(void **state)
{
	recorder_free(r);
	return 0;
}

static void assert_state(enum service_state state)
{
	assert_int_equal(service_get_state(r->service), state);
	assert_int_equal(service_get_exit(r->service), NERR_Success);
	assert_int_equal(r->events[EVENT_SERVICE_FAILED], 0);
	assert_int_equal(r->events[EVENT_ALIAS_REFUSED], 0);
	assert_int_equal(r->events[EVENT_ALIAS_LOST], 0);
}

static void grant(const char *name)
{
	size_t i;

	for (i = 0; i < RECORDER_SUBNETS; i++) {
		if (r->subnets[i] != NULL) {
			recorder_grant(r, name, r->subnets[i]);
		}
	}
}

/* ALPHA and OPERATOR of smb.conf are registered on the subnets there are. */
static void run(void)
{
	recorder_configure(r, "ALPHA", "OPERATOR");
	assert_int_equal(service_start(r->service), NERR_Success);
	grant("ALPHA");
	grant("OPERATOR");
	assert_state(SERVICE_RUNNING);
	recorder_forget(r);
	r->releases = 0;
}

/* That it waits cannot be entered: it is claimed again all the same. */
static void waits_without_memory(void **state)
{
	run();
	allow_memory(r->service, false);
	recorder_wait(r, "OPERATOR", "A", NO_ROUTE);
	allow_memory(r->service, true);
	assert_int_equal(r->waiting, 5);
	recorder_forget(r);
	/* another name's grant does not end the waiting */
	recorder_grant(r, "ALPHA", "A");
	assert_int_equal(r->waiting, 5);
	recorder_ring(r, SERVICE_ALARM_WAITING);
	recorder_expect(r, "claim OPERATOR on A\n");
	recorder_grant(r, "OPERATOR", "A");
	assert_int_equal(r->waiting, 0);
}

/* Likewise of a name that is not entered on any subnet so far. */
static void claimed_without_memory(void **state)
{
	struct wire_name wire;

	run();
	/* the recorder claims it, and nothing is known of that */
	r->subnets[0] = NULL;
	assert_int_equal(service_add(r->service, "PRINT", &wire),
			 NERR_Success);
	r->subnets[0] = "A";
	service_claim_ops.unheard(r->service, &wire, "A");
	assert_int_equal(r->waiting, 5);
	recorder_forget(r);
	recorder_ring(r, SERVICE_ALARM_WAITING);
	assert_true(recorder_claimed(r, "PRINT", "A"));
	recorder_grant(r, "PRINT", "A");
	assert_int_equal(r->waiting, 0);
	/* it is not claimed without need again */
	recorder_forget(r);
	recorder_wait(r, "OPERATOR", "A", NO_ROUTE);
	recorder_forget(r);
	recorder_ring(r, SERVICE_ALARM_WAITING);
	recorder_expect(r, "claim OPERATOR on A\n");
}

/* Each try fails, and the next one comes later: 5 s to 5 min. */
static void slows_down(void **state)
{
	static const unsigned seconds[] = { 5,	 10,  20,  40, 80,
					    160, 300, 300, 300 };
	size_t i;

	run();
	for (i = 0; i < ARRAY_LEN(seconds); i++) {
		recorder_wait(r, "OPERATOR", "A", NO_ROUTE);
		assert_int_equal(r->waiting, seconds[i]);
		assert_false(r->len == 0);
		recorder_forget(r);
		recorder_ring(r, SERVICE_ALARM_WAITING);
		recorder_expect(r, "claim OPERATOR on A\n");
		assert_int_equal(r->waiting, 0);
	}
	assert_state(SERVICE_RUNNING);
	assert_int_equal(r->releases, 0);
}

/* One clock is enough for all that wait. */
static void one_clock(void **state)
{
	recorder_subnet_new(r, "B");
	run();
	recorder_forget(r);
	recorder_wait(r, "OPERATOR", "A", NO_ROUTE);
	recorder_wait(r, "OPERATOR", "B", NO_BUFFER);
	recorder_wait(r, "ALPHA", "A", NO_ROUTE);
	recorder_expect(r, "waiting 5\n");
	assert_table(r, "ALPHA=d(A=w B=d) OPERATOR=w(A=w B=w)");
	recorder_ring(r, SERVICE_ALARM_WAITING);
	recorder_expect(r, "claim ALPHA on A\n"
			   "claim OPERATOR on A\n"
			   "claim OPERATOR on B\n");
	/* the first that fails again sets it anew */
	recorder_wait(r, "OPERATOR", "B", NO_BUFFER);
	recorder_wait(r, "OPERATOR", "A", NO_ROUTE);
	recorder_expect(r, "waiting 10\n");
}

/* The network changes: at once, and the next trouble is a new one. */
static void network_changes(void **state)
{
	run();
	recorder_wait(r, "OPERATOR", "A", NO_ROUTE);
	recorder_ring(r, SERVICE_ALARM_WAITING);
	recorder_wait(r, "OPERATOR", "A", NO_ROUTE);
	assert_int_equal(r->waiting, 10);
	recorder_forget(r);
	service_network_changed(r->service);
	recorder_expect(r, "waiting 0\n"
			   "claim OPERATOR on A\n");
	recorder_wait(r, "OPERATOR", "A", NO_ROUTE);
	recorder_expect(r, "waiting 5\n");
	service_network_changed(r->service);
	recorder_forget(r);
	recorder_grant(r, "OPERATOR", "A");
	assert_table(r, "ALPHA=d(A=d) OPERATOR=d(A=d)");
	/* and nothing is left to do */
	service_network_changed(r->service);
	recorder_expect(r, "");
	assert_int_equal(r->releases, 0);
}

/* The last that waited is granted: no timer runs for nothing. */
static void ends(void **state)
{
	run();
	recorder_wait(r, "ALPHA", "A", NO_ROUTE);
	recorder_wait(r, "OPERATOR", "A", NO_ROUTE);
	recorder_ring(r, SERVICE_ALARM_WAITING);
	recorder_wait(r, "ALPHA", "A", NO_ROUTE);
	recorder_wait(r, "OPERATOR", "A", NO_ROUTE);
	assert_int_equal(r->waiting, 10);
	recorder_grant(r, "ALPHA", "A");
	assert_int_equal(r->waiting, 10);
	recorder_forget(r);
	recorder_grant(r, "OPERATOR", "A");
	recorder_expect(r, "waiting 0\n");
	/* a later trouble is none of the old one's */
	recorder_wait(r, "ALPHA", "A", NO_ROUTE);
	recorder_expect(r, "waiting 5\n");
}

/* It was granted between two tries: the clock finds nothing to do. */
static void gone_before_the_next_try(void **state)
{
	run();
	recorder_wait(r, "OPERATOR", "A", NO_ROUTE);
	assert_int_equal(service_delete(r->service, "OPERATOR", NULL),
			 NERR_Success);
	recorder_forget(r);
	recorder_ring(r, SERVICE_ALARM_WAITING);
	recorder_expect(r, "");
	recorder_wait(r, "ALPHA", "A", NO_ROUTE);
	recorder_expect(r, "waiting 5\n");
}

/* A claim under way is not claimed again with those that wait. */
static void only_what_waits(void **state)
{
	recorder_subnet_new(r, "B");
	run();
	recorder_wait(r, "OPERATOR", "B", NO_ROUTE);
	recorder_forget(r);
	service_network_changed(r->service);
	recorder_expect(r, "waiting 0\nclaim OPERATOR on B\n");
	service_network_changed(r->service);
	recorder_expect(r, "");
}

/*
 * The service.
 */

/* It boots before its network. */
static void starts_before_its_network(void **state)
{
	recorder_configure(r, "ALPHA", "OPERATOR");
	service_start(r->service);
	recorder_forget(r);
	assert_null(service_get_reason(r->service));
	recorder_wait(r, "ALPHA", "A", NO_ROUTE);
	recorder_expect(r, "waiting 5\n"
			   "settled ALPHA 2136 (" NO_ROUTE ")\n"
			   "settled service 2136 (" NO_ROUTE ")\n");
	assert_state(SERVICE_STARTING);
	assert_table(r, "ALPHA=w(A=w)");
	assert_string_equal(service_get_reason(r->service), NO_ROUTE);
	assert_int_equal(service_start(r->service), NERR_MsgAlreadyStarted);

	/* the next try is the same waiting: told once, since then */
	r->now = at(5);
	recorder_ring(r, SERVICE_ALARM_WAITING);
	recorder_wait(r, "ALPHA", "A", NO_BUFFER);
	recorder_expect(r, "claim ALPHA on A\n"
			   "waiting 10\n");
	assert_string_equal(service_get_reason(r->service), NO_BUFFER);
	assert_int_equal(alias_first(service_get_aliases(r->service))
				 ->since.tv_sec,
			 at(0).tv_sec);

	service_network_changed(r->service);
	recorder_forget(r);
	recorder_grant(r, "ALPHA", "A");
	recorder_expect(r, "event alias-registered ALPHA\n"
			   "settled ALPHA 0\n"
			   "event service-started\n"
			   "settled service 0\n"
			   "claim OPERATOR\n");
	assert_null(service_get_reason(r->service));
	assert_int_equal(r->releases, 0);
}

/* One subnet that cannot be sent on holds up nobody. */
static void runs_on_the_other_subnet(void **state)
{
	recorder_subnet_new(r, "B");
	recorder_configure(r, "ALPHA", "OPERATOR");
	service_start(r->service);
	recorder_wait(r, "ALPHA", "A", NO_ROUTE);
	assert_state(SERVICE_STARTING);
	recorder_grant(r, "ALPHA", "B");
	assert_state(SERVICE_RUNNING);
	recorder_grant(r, "OPERATOR", "B");
	recorder_wait(r, "OPERATOR", "A", NO_ROUTE);
	assert_table(r, "ALPHA=d(A=w B=d) OPERATOR=d(A=w B=d)");
	/* claimed there when it can be */
	service_network_changed(r->service);
	recorder_grant(r, "ALPHA", "A");
	recorder_grant(r, "OPERATOR", "A");
	assert_table(r, "ALPHA=d(A=d B=d) OPERATOR=d(A=d B=d)");
	assert_int_equal(r->releases, 0);
}

/* The verdict was open on the one, and the other cannot be sent on. */
static void last_answer_is_none(void **state)
{
	recorder_subnet_new(r, "B");
	recorder_configure(r, "ALPHA", "");
	service_start(r->service);
	recorder_grant(r, "ALPHA", "B");
	assert_state(SERVICE_STARTING);
	recorder_wait(r, "ALPHA", "A", NO_ROUTE);
	assert_state(SERVICE_RUNNING);
}

/* No trouble of this machine's takes down a service that runs. */
static void goes_on_without_a_network(void **state)
{
	run();
	recorder_wait(r, "ALPHA", "A", NO_ROUTE);
	recorder_wait(r, "OPERATOR", "A", NO_ROUTE);
	recorder_expect(r, "waiting 5\n");
	assert_state(SERVICE_RUNNING);
	assert_table(r, "ALPHA=w(A=w) OPERATOR=w(A=w)");
	/* it waits for nothing itself; and what they hold is theirs */
	assert_null(service_get_reason(r->service));
	assert_int_equal(service_start(r->service), NERR_MsgAlreadyStarted);
	assert_true(recorder_claimed(r, "ALPHA", "A"));
	assert_true(recorder_claimed(r, "OPERATOR", "A"));
	service_network_changed(r->service);
	recorder_forget(r);
	/* no news that they are held again: they were never lost */
	recorder_grant(r, "ALPHA", "A");
	recorder_grant(r, "OPERATOR", "A");
	recorder_expect(r, "");
	assert_table(r, "ALPHA=d(A=d) OPERATOR=d(A=d)");
	assert_int_equal(r->releases, 0);
}

static void interface_goes_and_comes_back(void **state)
{
	run();
	recorder_wait(r, "ALPHA", "A", NO_ROUTE);
	recorder_subnet_gone(r, "A");
	assert_table(r, "ALPHA=w() OPERATOR=w()");
	recorder_forget(r);
	/* there is nothing to try it on */
	recorder_ring(r, SERVICE_ALARM_WAITING);
	service_network_changed(r->service);
	recorder_expect(r, "");
	recorder_subnet_new(r, "B");
	recorder_grant(r, "ALPHA", "B");
	recorder_grant(r, "OPERATOR", "B");
	assert_table(r, "ALPHA=d(B=d) OPERATOR=d(B=d)");
	assert_state(SERVICE_RUNNING);
}

/* The one that was waited for goes: the others wait, each for itself. */
static void last_subnet_that_answers_goes(void **state)
{
	recorder_subnet_new(r, "B");
	recorder_configure(r, "ALPHA", "");
	service_start(r->service);
	recorder_wait(r, "ALPHA", "A", NO_ROUTE);
	recorder_forget(r);
	recorder_subnet_gone(r, "B");
	recorder_expect(r, "settled ALPHA 2136 (" NO_ROUTE ")\n"
			   "settled service 2136 (" NO_ROUTE ")\n");
	assert_state(SERVICE_STARTING);
	/* and without any subnet it goes on waiting */
	recorder_subnet_gone(r, "A");
	assert_table(r, "ALPHA=w()");
	recorder_subnet_new(r, "B");
	recorder_grant(r, "ALPHA", "B");
	assert_state(SERVICE_RUNNING);
}

/* A refusal is one, whatever waits beside it. */
static void refused_beside_a_subnet_that_waits(void **state)
{
	recorder_subnet_new(r, "B");
	recorder_configure(r, "ALPHA", "");
	service_start(r->service);
	recorder_wait(r, "ALPHA", "A", NO_ROUTE);
	recorder_refuse(r, "ALPHA", "B", 6, "10.0.0.9");
	assert_int_equal(service_get_state(r->service), SERVICE_FAILED);
	assert_int_equal(service_get_exit(r->service), NERR_NoComputerName);
	assert_table(r, "ALPHA=f(B=f)");
	/* what has failed waits for nothing */
	assert_int_equal(r->waiting, 0);
	recorder_forget(r);
	recorder_wait(r, "ALPHA", "A", NO_ROUTE);
	service_network_changed(r->service);
	recorder_expect(r, "");
	assert_table(r, "ALPHA=f(B=f)");
}

static void stopped(void **state)
{
	run();
	recorder_wait(r, "ALPHA", "A", NO_ROUTE);
	recorder_ring(r, SERVICE_ALARM_WAITING);
	recorder_wait(r, "ALPHA", "A", NO_ROUTE);
	assert_int_equal(r->waiting, 10);
	service_stop(r->service);
	assert_int_equal(r->waiting, 0);
	recorder_forget(r);
	service_network_changed(r->service);
	recorder_ring(r, SERVICE_ALARM_WAITING);
	recorder_wait(r, "ALPHA", "A", NO_ROUTE);
	recorder_expect(r, "");
	/* started again, all begins anew */
	service_start(r->service);
	recorder_wait(r, "ALPHA", "A", NO_ROUTE);
	assert_int_equal(r->waiting, 5);
}

/* Who waits for a start that is stopped is told so. */
static void stopped_while_waiting(void **state)
{
	recorder_configure(r, "ALPHA", "");
	service_start(r->service);
	recorder_wait(r, "ALPHA", "A", NO_ROUTE);
	recorder_forget(r);
	service_stop(r->service);
	recorder_expect(r, "release ALPHA\n"
			   "settled ALPHA 2284\n"
			   "waiting 0\n"
			   "event service-stopped\n"
			   "settled service 2284\n");
}

/*
 * The other aliases.
 */

static void add_fails_on_one_of_two(void **state)
{
	struct wire_name wire;

	recorder_subnet_new(r, "B");
	run();
	service_add(r->service, "NIGHT", &wire);
	recorder_wait(r, "NIGHT", "B", NO_BUFFER);
	recorder_forget(r);
	recorder_grant(r, "NIGHT", "A");
	recorder_expect(r, "event alias-registered NIGHT\n"
			   "settled NIGHT 0\n");
	assert_table(r, "ALPHA=d(A=d B=d) OPERATOR=d(A=d B=d) "
			"NIGHT=d(A=d B=w)");
}

/* Of smb.conf it stays, and is tried again; by request as well. */
static void alias_of_smb_conf(void **state)
{
	struct wire_name wire;

	recorder_configure(r, "ALPHA", "OPERATOR");
	service_start(r->service);
	recorder_grant(r, "ALPHA", "A");
	recorder_forget(r);
	recorder_wait(r, "OPERATOR", "A", NO_ROUTE);
	recorder_expect(r, "waiting 5\n"
			   "settled OPERATOR 2136 (" NO_ROUTE ")\n");
	assert_table(r, "ALPHA=d(A=d) OPERATOR=w(A=w)");
	assert_int_equal(service_add(r->service, "OPERATOR", &wire),
			 NERR_Success);
	recorder_expect(r, "claim OPERATOR\n");
	assert_table(r, "ALPHA=d(A=d) OPERATOR=g(A=g)");
	/* who asked this time is told, too */
	recorder_wait(r, "OPERATOR", "A", NO_ROUTE);
	recorder_expect(r, "settled OPERATOR 2136 (" NO_ROUTE ")\n");
	assert_table(r, "ALPHA=d(A=d) OPERATOR=w(A=w)");
	service_network_changed(r->service);
	recorder_grant(r, "OPERATOR", "A");
	assert_table(r, "ALPHA=d(A=d) OPERATOR=d(A=d)");
	assert_state(SERVICE_RUNNING);
}

/* The user's alias stays when the request for it comes to nothing. */
static void alias_of_a_user_and_a_request(void **state)
{
	struct wire_name wire;

	run();
	service_set_users(r->service, (const char *const[]){ "eve", NULL });
	recorder_wait(r, "EVE", "A", NO_ROUTE);
	assert_int_equal(service_add(r->service, "eve", &wire), NERR_Success);
	recorder_wait(r, "EVE", "A", NO_ROUTE);
	assert_table(r, "ALPHA=d(A=d) EVE=w(A=w) OPERATOR=d(A=d)");
	/* and goes with the session: the request was told no */
	service_set_users(r->service, (const char *const[]){ NULL });
	assert_table(r, "ALPHA=d(A=d) OPERATOR=d(A=d)");
}

/* What was added before, and told so, is not forgotten for a network. */
static void added_earlier(void **state)
{
	struct wire_name wire;

	r->config->store = true;
	run();
	service_add(r->service, "NIGHT", &wire);
	recorder_grant(r, "NIGHT", "A");
	service_stop(r->service);
	service_start(r->service);
	recorder_grant(r, "ALPHA", "A");
	recorder_wait(r, "NIGHT", "A", NO_ROUTE);
	assert_table(r, "ALPHA=d(A=d) OPERATOR=g(A=g) NIGHT=w(A=w)");
	assert_true(recorder_stored(r, "NIGHT"));
	/* one that waits can be deleted */
	assert_int_equal(service_delete(r->service, "NIGHT", NULL),
			 NERR_Success);
	assert_false(recorder_stored(r, "NIGHT"));
	assert_table(r, "ALPHA=d(A=d) OPERATOR=g(A=g)");
}

/* Of names that are not ours, or not any more. */
static void of_strangers(void **state)
{
	run();
	recorder_wait(r, "STRANGER", "A", NO_ROUTE);
	recorder_refuse(r, "OPERATOR", "A", 6, "10.0.0.9");
	recorder_forget(r);
	recorder_wait(r, "OPERATOR", "A", NO_ROUTE);
	recorder_expect(r, "");
	assert_table(r, "ALPHA=d(A=d) OPERATOR=f(A=f)");
}

/* What a WINS server answered stays beside the reason. */
static void answer_is_kept(void **state)
{
	const struct refusal answer = { .rcode = 2, .server = ip("10.0.0.1") };
	const struct wire_name wire = wire_of("ALPHA");
	const struct alias_subnet *where = NULL;
	const struct alias *a = NULL;

	run();
	service_waiting(r->service, &wire, "A", "server error", &answer);
	a = alias_find(service_get_aliases(r->service), &wire);
	assert_non_null(a);
	where = alias_subnet_find(a, "A");
	assert_non_null(where);
	assert_int_equal(where->rcode, 2);
	assert_int_equal(where->server.s_addr, answer.server.s_addr);
}

/* As long as nobody answers, the reason says for what. */
static void slow_has_a_reason(void **state)
{
	const struct wire_name wire = wire_of("ALPHA");
	const struct wire_name stranger = wire_of("STRANGER");
	const struct alias *a = NULL;

	recorder_configure(r, "ALPHA", "");
	service_start(r->service);
	a = alias_find(service_get_aliases(r->service), &wire);
	assert_non_null(a);
	service_slow(r->service, &stranger, "A", "of nobody's");
	assert_null(alias_subnet_find(a, "A")->reason);
	service_slow(r->service, &wire, "A", "10.0.0.1 has not answered");
	assert_string_equal(alias_subnet_find(a, "A")->reason,
			    "10.0.0.1 has not answered");
}

/* Those who hear of claims have a service for anything. */
static void claim_ops(void **state)
{
	const struct wire_name wire = wire_of("ALPHA");

	recorder_configure(r, "ALPHA", "");
	service_start(r->service);
	service_claim_ops.granted(r->service, &wire, "A");
	assert_table(r, "ALPHA=d(A=d)");
	assert_state(SERVICE_RUNNING);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(answer_is_kept),
		TEST(slow_has_a_reason),
		TEST(claim_ops),
		TEST(slows_down),
		TEST(waits_without_memory),
		TEST(claimed_without_memory),
		TEST(one_clock),
		TEST(network_changes),
		TEST(ends),
		TEST(gone_before_the_next_try),
		TEST(only_what_waits),
		TEST(starts_before_its_network),
		TEST(runs_on_the_other_subnet),
		TEST(last_answer_is_none),
		TEST(goes_on_without_a_network),
		TEST(interface_goes_and_comes_back),
		TEST(last_subnet_that_answers_goes),
		TEST(refused_beside_a_subnet_that_waits),
		TEST(stopped),
		TEST(stopped_while_waiting),
		TEST(add_fails_on_one_of_two),
		TEST(alias_of_smb_conf),
		TEST(alias_of_a_user_and_a_request),
		TEST(added_earlier),
		TEST(of_strangers),
	};

	return cmocka_run_group_tests(tests, setup_smb_conf, teardown_smb_conf);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The Messenger service and its computer name: starting, failing, stopping,
 * trying again; claims that nmbd makes of its own accord.
 */

#include "recorder.h"
#include "smb_conf.h"

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

static void new_service(void **state)
{
	assert_service(r, SERVICE_STOPPED, 0);
	assert_int_equal(service_get_since(r->service).tv_sec, at(0).tv_sec);
	assert_string_equal(service_get_computer(r->service), "");
	assert_table(r, "");
	/* it cannot start before it knows its name */
	assert_int_not_equal(service_start(r->service), NERR_Success);
	assert_service(r, SERVICE_STOPPED, 0);
	assert_int_equal(service_stop(r->service), NERR_MsgNotStarted);
	service_retry(r->service);
	recorder_expect(r, "");
}

static void configured_but_not_started(void **state)
{
	recorder_configure(r, "ALPHA BETA", "OPERATOR");
	assert_string_equal(service_get_computer(r->service), "ALPHA");
	assert_service(r, SERVICE_STOPPED, 0);
	service_subnet_new(r->service, "A");
	service_retry(r->service);
	assert_table(r, "");
	recorder_expect(r, "");
}

static void granted_on_one_subnet(void **state)
{
	recorder_configure(r, "ALPHA", "");
	r->now = at(10);
	assert_int_equal(service_start(r->service), NERR_Success);
	recorder_expect(r, "claim ALPHA\n");
	assert_service(r, SERVICE_STARTING, 0);
	assert_int_equal(service_get_since(r->service).tv_sec, at(10).tv_sec);
	assert_table(r, "ALPHA=g(A=g)");

	r->now = at(11);
	recorder_grant(r, "ALPHA", "A");
	recorder_expect(r, "event alias-registered ALPHA\n"
			   "settled ALPHA 0\n"
			   "event service-started\n"
			   "settled service 0\n");
	assert_service(r, SERVICE_RUNNING, 0);
	assert_int_equal(service_get_since(r->service).tv_sec, at(11).tv_sec);
	assert_table(r, "ALPHA=d(A=d)");

	/* a refresh that is confirmed is no news */
	r->now = at(12);
	recorder_grant(r, "ALPHA", "A");
	recorder_expect(r, "");
	assert_int_equal(service_get_since(r->service).tv_sec, at(11).tv_sec);
}

static void granted_everywhere(void **state)
{
	r->subnets[1] = "B";
	r->subnets[2] = "UNICAST_SUBNET";
	recorder_configure(r, "ALPHA", "OPERATOR");
	service_start(r->service);
	recorder_forget(r);

	/* in any order; the last one decides */
	recorder_grant(r, "ALPHA", "UNICAST_SUBNET");
	recorder_grant(r, "ALPHA", "A");
	recorder_grant(r, "ALPHA", "A");
	recorder_expect(r, "");
	assert_service(r, SERVICE_STARTING, 0);
	assert_table(r, "ALPHA=g(A=d B=g UNICAST_SUBNET=d)");
	recorder_grant(r, "ALPHA", "B");
	/* the other aliases follow, on all subnets */
	recorder_expect(r, "event alias-registered ALPHA\n"
			   "settled ALPHA 0\n"
			   "event service-started\n"
			   "settled service 0\n"
			   "claim OPERATOR\n");
	assert_table(r, "ALPHA=d(A=d B=d UNICAST_SUBNET=d) "
			"OPERATOR=g(A=g B=g UNICAST_SUBNET=g)");
}

static void refused(void **state)
{
	recorder_configure(r, "ALPHA", "OPERATOR");
	service_start(r->service);
	recorder_forget(r);
	r->now = at(3);
	recorder_refuse(r, "ALPHA", "A", 6, "10.0.0.9");
	/* one event, and it is the service's */
	recorder_expect(r, "release ALPHA\n"
			   "settled ALPHA 2297 holder 10.0.0.9\n"
			   "event service-failed ALPHA on A code 2270 rcode 6 "
			   "holder 10.0.0.9\n"
			   "settled service 2270 holder 10.0.0.9\n");
	assert_service(r, SERVICE_FAILED, 2270);
	assert_int_equal(service_get_since(r->service).tv_sec, at(3).tv_sec);
	assert_table(r, "ALPHA=f(A=f)");
	assert_false(recorder_claimed(r, "ALPHA", "A"));
}

static void refused_on_one_of_two(void **state)
{
	r->subnets[1] = "B";
	recorder_configure(r, "ALPHA", "");
	service_start(r->service);
	recorder_grant(r, "ALPHA", "A");
	recorder_refuse(r, "ALPHA", "B", 6, "10.0.0.9");
	assert_service(r, SERVICE_FAILED, 2270);
	/* given up where it was granted: nothing claims it any more */
	assert_table(r, "ALPHA=f(B=f)");
	assert_false(recorder_claimed(r, "ALPHA", "A"));
	assert_false(recorder_claimed(r, "ALPHA", "B"));
}

static void refused_on_the_first_of_two(void **state)
{
	r->subnets[1] = "B";
	recorder_configure(r, "ALPHA", "");
	service_start(r->service);
	recorder_refuse(r, "ALPHA", "A", 6, "10.0.0.9");
	recorder_forget(r);
	/* what comes after the verdict changes nothing and tells nothing */
	recorder_grant(r, "ALPHA", "B");
	recorder_grant(r, "ALPHA", "A");
	recorder_refuse(r, "ALPHA", "B", 5, "10.0.0.8");
	recorder_refuse(r, "ALPHA", "A", 6, "10.0.0.9");
	recorder_expect(r, "");
	assert_service(r, SERVICE_FAILED, 2270);
	assert_table(r, "ALPHA=f(A=f)");
	assert_int_equal(r->events[EVENT_SERVICE_FAILED], 1);
}

static void refused_by_wins(void **state)
{
	r->subnets[1] = "UNICAST_SUBNET";
	recorder_configure(r, "ALPHA", "");
	service_start(r->service);
	recorder_grant(r, "ALPHA", "A");
	recorder_refuse(r, "ALPHA", "UNICAST_SUBNET", 6, "10.0.0.9");
	assert_service(r, SERVICE_FAILED, 2270);
	assert_table(r, "ALPHA=f(UNICAST_SUBNET=f)");
	assert_false(recorder_claimed(r, "ALPHA", "A"));
}

static void evidence_of_the_refusal(void **state)
{
	const struct alias *a = NULL;

	recorder_configure(r, "ALPHA", "");
	service_start(r->service);
	r->now = at(4);
	recorder_refuse(r, "ALPHA", "A", 6, "10.0.0.9");
	a = alias_first(service_get_aliases(r->service));
	assert_int_equal(a->subnets[0].rcode, 6);
	assert_int_equal(a->subnets[0].holder.s_addr, ip("10.0.0.9").s_addr);
	assert_int_equal(a->since.tv_sec, at(4).tv_sec);
}

static void not_sent(void **state)
{
	struct wire_name wire = wire_of("ALPHA");

	recorder_configure(r, "ALPHA", "");
	service_start(r->service);
	recorder_forget(r);
	service_waiting(r->service, &wire, "A", "Network is unreachable", NULL);
	recorder_expect(r, "waiting 5\n"
			   "settled ALPHA 2136 (Network is unreachable)\n"
			   "settled service 2136 (Network is unreachable)\n");
	/* nobody has refused anything */
	assert_service(r, SERVICE_STARTING, 0);
	assert_table(r, "ALPHA=w(A=w)");
	recorder_grant(r, "ALPHA", "A");
	assert_service(r, SERVICE_RUNNING, 0);
	assert_table(r, "ALPHA=d(A=d)");
}

static void started_twice(void **state)
{
	recorder_configure(r, "ALPHA", "");
	service_start(r->service);
	recorder_forget(r);
	assert_int_equal(service_start(r->service), NERR_MsgAlreadyStarted);
	recorder_grant(r, "ALPHA", "A");
	recorder_forget(r);
	assert_int_equal(service_start(r->service), NERR_MsgAlreadyStarted);
	recorder_expect(r, "");
	assert_service(r, SERVICE_RUNNING, 0);
}

static void other_aliases_released(void **state)
{
	r->subnets[1] = "B";
	recorder_configure(r, "ALPHA BETA", "OPERATOR PRINT");
	service_start(r->service);
	/* nmbd claims all of its own names at once */
	recorder_claiming(r, "BETA", "A");
	recorder_claiming(r, "BETA", "B");
	recorder_grant(r, "BETA", "A");
	recorder_grant(r, "BETA", "B");
	recorder_grant(r, "ALPHA", "A");
	recorder_grant(r, "ALPHA", "B");
	recorder_grant(r, "OPERATOR", "A");
	recorder_grant(r, "OPERATOR", "B");
	assert_table(r, "ALPHA=d(A=d B=d) BETA=d(A=d B=d) "
			"OPERATOR=d(A=d B=d) PRINT=g(A=g B=g)");
	recorder_forget(r);

	/* the computer name is lost: all of them go */
	recorder_refuse(r, "ALPHA", "B", 6, "10.0.0.9");
	recorder_expect(r, "release ALPHA\n"
			   "event alias-lost ALPHA on B code 2297 rcode 6 "
			   "holder 10.0.0.9\n"
			   "release BETA\n"
			   "event alias-released BETA\n"
			   "release OPERATOR\n"
			   "event alias-released OPERATOR\n"
			   "release PRINT\n"
			   "settled PRINT 2284\n"
			   "event service-failed ALPHA on B code 2270 rcode 6 "
			   "holder 10.0.0.9\n");
	assert_service(r, SERVICE_FAILED, 2270);
	assert_table(r, "ALPHA=f(B=f)");
	assert_false(recorder_claimed(r, "BETA", "A"));
	assert_false(recorder_claimed(r, "OPERATOR", "A"));
	assert_false(recorder_claimed(r, "PRINT", "B"));

	/* late answers about them find nobody */
	recorder_grant(r, "PRINT", "A");
	recorder_refuse(r, "OPERATOR", "A", 6, "10.0.0.9");
	recorder_expect(r, "");
}

static void start_again_from_scratch(void **state)
{
	recorder_configure(r, "ALPHA", "OPERATOR");
	service_start(r->service);
	recorder_refuse(r, "ALPHA", "A", 6, "10.0.0.9");
	recorder_forget(r);

	r->now = at(60);
	assert_int_equal(service_start(r->service), NERR_Success);
	recorder_expect(r, "release ALPHA\nclaim ALPHA\n");
	assert_service(r, SERVICE_STARTING, 0);
	assert_int_equal(service_get_since(r->service).tv_sec, at(60).tv_sec);
	/* the old holder is forgotten */
	assert_table(r, "ALPHA=g(A=g)");
	recorder_refuse(r, "ALPHA", "A", 6, "10.0.0.9");
	assert_service(r, SERVICE_FAILED, 2270);
	/* once for each time it failed */
	assert_int_equal(r->events[EVENT_SERVICE_FAILED], 2);

	service_start(r->service);
	recorder_forget(r);
	recorder_grant(r, "ALPHA", "A");
	recorder_expect(r, "event alias-registered ALPHA\n"
			   "settled ALPHA 0\n"
			   "event service-started\n"
			   "settled service 0\n"
			   "claim OPERATOR\n");
	assert_service(r, SERVICE_RUNNING, 0);
}

static void retry_interval(void **state)
{
	r->config->restart_interval = 30;
	recorder_configure(r, "ALPHA", "");
	service_start(r->service);
	assert_int_equal(r->retry, 0);
	recorder_refuse(r, "ALPHA", "A", 6, "10.0.0.9");
	assert_int_equal(r->retry, 30);
	recorder_forget(r);

	/* its time has come */
	r->retry = 0;
	service_retry(r->service);
	recorder_expect(r, "release ALPHA\nclaim ALPHA\n");
	assert_service(r, SERVICE_STARTING, 0);
	recorder_refuse(r, "ALPHA", "A", 6, "10.0.0.9");
	assert_int_equal(r->retry, 30);

	/* a start by hand is first: the timer is off */
	recorder_forget(r);
	service_start(r->service);
	recorder_expect(r, "retry off\nrelease ALPHA\nclaim ALPHA\n");
	recorder_grant(r, "ALPHA", "A");
	assert_int_equal(r->retry, 0);
	/* a late timer does no harm */
	recorder_forget(r);
	service_retry(r->service);
	recorder_expect(r, "");
	assert_service(r, SERVICE_RUNNING, 0);
}

static void no_retry_unless_asked_for(void **state)
{
	recorder_configure(r, "ALPHA", "");
	service_start(r->service);
	recorder_refuse(r, "ALPHA", "A", 6, "10.0.0.9");
	assert_int_equal(r->retry, 0);
}

static void stop_ends_the_retries(void **state)
{
	r->config->restart_interval = 30;
	recorder_configure(r, "ALPHA", "");
	service_start(r->service);
	recorder_refuse(r, "ALPHA", "A", 6, "10.0.0.9");
	recorder_forget(r);
	assert_int_equal(service_stop(r->service), NERR_Success);
	recorder_expect(r, "retry off\n"
			   "release ALPHA\n"
			   "event service-stopped\n");
	service_retry(r->service);
	recorder_expect(r, "");
	assert_service(r, SERVICE_STOPPED, 0);
	assert_table(r, "");
}

static void stop_releases_all(void **state)
{
	recorder_run_all(r);
	r->now = at(50);
	assert_int_equal(service_stop(r->service), NERR_Success);
	recorder_expect(r, "release ALPHA\n"
			   "event alias-released ALPHA\n"
			   "release OPERATOR\n"
			   "event alias-released OPERATOR\n"
			   "event service-stopped\n");
	assert_service(r, SERVICE_STOPPED, 0);
	assert_int_equal(service_get_since(r->service).tv_sec, at(50).tv_sec);
	assert_table(r, "");
	assert_int_equal(service_stop(r->service), NERR_MsgNotStarted);
	recorder_expect(r, "");
	/* smb.conf's aliases come back with it */
	service_start(r->service);
	recorder_grant(r, "ALPHA", "A");
	assert_table(r, "ALPHA=d(A=d) OPERATOR=g(A=g)");
}

static void stop_while_starting(void **state)
{
	recorder_configure(r, "ALPHA", "");
	service_start(r->service);
	recorder_forget(r);
	assert_int_equal(service_stop(r->service), NERR_Success);
	/* who waits for the start is told */
	recorder_expect(r, "release ALPHA\n"
			   "settled ALPHA 2284\n"
			   "event service-stopped\n"
			   "settled service 2284\n");
	recorder_grant(r, "ALPHA", "A");
	recorder_refuse(r, "ALPHA", "A", 6, "10.0.0.9");
	recorder_expect(r, "");
	assert_service(r, SERVICE_STOPPED, 0);
	assert_table(r, "");
}

static void lost_at_a_refresh(void **state)
{
	r->config->restart_interval = 5;
	recorder_run_all(r);
	recorder_refuse(r, "ALPHA", "A", 4, "10.0.0.9");
	recorder_expect(r, "release ALPHA\n"
			   "event alias-lost ALPHA on A code 2297 rcode 4 "
			   "holder 10.0.0.9\n"
			   "release OPERATOR\n"
			   "event alias-released OPERATOR\n"
			   "event service-failed ALPHA on A code 2270 rcode 4 "
			   "holder 10.0.0.9\n"
			   "retry 5\n");
	assert_service(r, SERVICE_FAILED, 2270);
	assert_table(r, "ALPHA=f(A=f)");
}

static void add_needs_a_running_service(void **state)
{
	struct wire_name wire;

	recorder_configure(r, "ALPHA", "");
	assert_int_equal(service_add(r->service, "NIGHT", &wire),
			 NERR_MsgNotStarted);
	service_start(r->service);
	assert_int_equal(service_add(r->service, "NIGHT", &wire),
			 NERR_MsgNotStarted);
	assert_int_equal(service_delete(r->service, "ALPHA", NULL),
			 NERR_MsgNotStarted);
	recorder_refuse(r, "ALPHA", "A", 6, "10.0.0.9");
	assert_int_equal(service_add(r->service, "NIGHT", &wire),
			 NERR_MsgNotStarted);
	/* a bad name is a bad name in any state */
	assert_int_equal(service_add(r->service, "", &wire),
			 ERROR_INVALID_NAME_);
	service_stop(r->service);
	assert_int_equal(service_add(r->service, "NIGHT", &wire),
			 NERR_MsgNotStarted);
	assert_int_equal(service_delete(r->service, "NIGHT", NULL),
			 NERR_MsgNotStarted);
	/* and none of these was remembered */
	service_start(r->service);
	recorder_grant(r, "ALPHA", "A");
	assert_table(r, "ALPHA=d(A=d)");
}

static void reload_while_failed(void **state)
{
	recorder_configure(r, "ALPHA", "");
	service_start(r->service);
	recorder_refuse(r, "ALPHA", "A", 6, "10.0.0.9");
	recorder_forget(r);
	recorder_configure(r, "ALPHA", "OPERATOR");
	recorder_expect(r, "release ALPHA\nclaim ALPHA\n");
	assert_service(r, SERVICE_STARTING, 0);
	recorder_grant(r, "ALPHA", "A");
	assert_table(r, "ALPHA=d(A=d) OPERATOR=g(A=g)");
}

static void reload_while_starting_or_stopped(void **state)
{
	recorder_configure(r, "ALPHA", "OPERATOR");
	service_start(r->service);
	recorder_forget(r);
	recorder_configure(r, "ALPHA", "PRINT");
	recorder_expect(r, "");
	recorder_grant(r, "ALPHA", "A");
	assert_table(r, "ALPHA=d(A=d) PRINT=g(A=g)");
	service_stop(r->service);
	recorder_forget(r);
	recorder_configure(r, "ALPHA", "OPERATOR");
	recorder_expect(r, "");
	assert_service(r, SERVICE_STOPPED, 0);
}

/* nmbd keeps its names until it is restarted. */
static void computer_name_of_the_first_configuration(void **state)
{
	recorder_run(r);
	recorder_configure(r, "OTHER", "OPERATOR");
	recorder_expect(r, "");
	assert_string_equal(service_get_computer(r->service), "ALPHA");
	assert_table(r, "ALPHA=d(A=d) OPERATOR=g(A=g)");
}

/* The second name of the computer does not decide about the service. */
static void netbios_alias_refused(void **state)
{
	recorder_configure(r, "ALPHA BETA", "");
	service_start(r->service);
	recorder_claiming(r, "BETA", "A");
	assert_table(r, "ALPHA=g(A=g) BETA=g(A=g)");
	recorder_forget(r);
	recorder_refuse(r, "BETA", "A", 6, "10.0.0.9");
	recorder_expect(r, "release BETA\n"
			   "event alias-refused BETA on A code 2297 rcode 6 "
			   "holder 10.0.0.9\n"
			   "settled BETA 2297 holder 10.0.0.9\n");
	assert_service(r, SERVICE_STARTING, 0);
	assert_table(r, "ALPHA=g(A=g) BETA=f(A=f)");
	recorder_grant(r, "ALPHA", "A");
	assert_service(r, SERVICE_RUNNING, 0);
	assert_table(r, "ALPHA=d(A=d) BETA=f(A=f)");
}

static void netbios_alias_granted_first(void **state)
{
	recorder_configure(r, "ALPHA BETA", "");
	service_start(r->service);
	recorder_claiming(r, "BETA", "A");
	recorder_grant(r, "BETA", "A");
	assert_service(r, SERVICE_STARTING, 0);
	assert_table(r, "ALPHA=g(A=g) BETA=d(A=d)");
	recorder_forget(r);
	recorder_grant(r, "ALPHA", "A");
	/* nothing more to claim */
	recorder_expect(r, "event alias-registered ALPHA\n"
			   "settled ALPHA 0\n"
			   "event service-started\n"
			   "settled service 0\n");
	assert_int_equal(service_delete(r->service, "BETA", NULL),
			 NERR_DelComputerName);
}

static void claims_of_nmbd(void **state)
{
	/* before it is started: not now */
	recorder_configure(r, "ALPHA BETA", "OPERATOR");
	assert_int_equal(recorder_claiming(r, "ALPHA", "A"), CLAIM_CANCEL);
	assert_int_equal(recorder_claiming(r, "BETA", "A"), CLAIM_CANCEL);
	assert_int_equal(recorder_claiming(r, "STRANGER", "A"), CLAIM_IGNORE);
	assert_table(r, "");

	service_start(r->service);
	assert_int_equal(recorder_claiming(r, "ALPHA", "A"), CLAIM_FOLLOW);
	assert_int_equal(recorder_claiming(r, "BETA", "A"), CLAIM_FOLLOW);
	assert_int_equal(recorder_claiming(r, "STRANGER", "A"), CLAIM_IGNORE);
	assert_table(r, "ALPHA=g(A=g) BETA=g(A=g)");
	recorder_grant(r, "ALPHA", "A");

	/* a refresh of what is ours leaves it ours */
	assert_int_equal(recorder_claiming(r, "ALPHA", "A"), CLAIM_FOLLOW);
	assert_table(r, "ALPHA=d(A=d) BETA=g(A=g) OPERATOR=g(A=g)");

	/* of a name that was refused: let it be */
	recorder_refuse(r, "BETA", "A", 6, "10.0.0.9");
	assert_int_equal(recorder_claiming(r, "BETA", "A"), CLAIM_CANCEL);
	recorder_refuse(r, "ALPHA", "A", 6, "10.0.0.9");
	assert_int_equal(recorder_claiming(r, "ALPHA", "A"), CLAIM_CANCEL);
	assert_int_equal(recorder_claiming(r, "BETA", "A"), CLAIM_CANCEL);
	assert_int_equal(recorder_claiming(r, "OPERATOR", "A"), CLAIM_CANCEL);
	assert_int_equal(recorder_claiming(r, "STRANGER", "A"), CLAIM_IGNORE);
	assert_table(r, "ALPHA=f(A=f)");

	service_stop(r->service);
	assert_int_equal(recorder_claiming(r, "ALPHA", "A"), CLAIM_CANCEL);
	assert_int_equal(recorder_claiming(r, "STRANGER", "A"), CLAIM_IGNORE);
	assert_table(r, "");
}

static void answers_about_strangers(void **state)
{
	recorder_run(r);
	recorder_grant(r, "STRANGER", "A");
	recorder_refuse(r, "STRANGER", "A", 6, "10.0.0.9");
	recorder_expect(r, "");
	assert_table(r, "ALPHA=d(A=d) OPERATOR=g(A=g)");
}

/* One answer for each who waits, neither more nor less. */
static void each_start_is_settled_once(void **state)
{
	recorder_configure(r, "ALPHA", "");
	service_start(r->service);
	assert_int_equal(r->starts_settled, 0);
	recorder_grant(r, "ALPHA", "A");
	assert_int_equal(r->starts_settled, 1);
	recorder_refuse(r, "ALPHA", "A", 6, "10.0.0.9");
	assert_int_equal(r->starts_settled, 1);
	service_start(r->service);
	recorder_refuse(r, "ALPHA", "A", 6, "10.0.0.9");
	assert_int_equal(r->starts_settled, 2);
	service_start(r->service);
	service_stop(r->service);
	assert_int_equal(r->starts_settled, 3);
}

/* However long it goes on, nothing piles up. */
static void no_growth(void **state)
{
	size_t blocks = 0;
	int i;

	recorder_run(r);
	for (i = 0; i < 100; i++) {
		recorder_refuse(r, "OPERATOR", "A", 6, "10.0.0.9");
		recorder_refuse(r, "ALPHA", "A", 6, "10.0.0.9");
		service_start(r->service);
		recorder_subnet_new(r, "B");
		recorder_grant(r, "ALPHA", "A");
		recorder_grant(r, "ALPHA", "B");
		recorder_configure(r, "ALPHA", "PRINT");
		recorder_configure(r, "ALPHA", "OPERATOR");
		recorder_subnet_gone(r, "B");
		service_stop(r->service);
		service_start(r->service);
		recorder_grant(r, "ALPHA", "A");
		recorder_forget(r);
		if (i == 0) {
			blocks = talloc_total_blocks(r->service);
		}
	}
	assert_int_equal(talloc_total_blocks(r->service), blocks);
}

static void name_in_reports_of_memory(void **state)
{
	assert_string_equal(talloc_get_name(r->service), "messenger: service");
}

/* Without a configuration, and with one that has no computer name. */
static void no_computer_name(void **state)
{
	assert_int_equal(service_start(r->service), NERR_InternalError);
	recorder_configure(r, "", "OPERATOR");
	assert_string_equal(service_get_computer(r->service), "");
	assert_int_equal(service_start(r->service), NERR_InternalError);
	assert_service(r, SERVICE_STOPPED, 0);
	recorder_expect(r, "");
	/* the next one may have it */
	recorder_configure(r, "ALPHA", "OPERATOR");
	assert_string_equal(service_get_computer(r->service), "ALPHA");
	assert_int_equal(service_start(r->service), NERR_Success);
}

static void counters(void **state)
{
	recorder_run(r);
	assert_int_equal(service_get_counters(r->service).refusals, 0);
	assert_int_equal(service_get_counters(r->service).failures, 0);
	recorder_refuse(r, "OPERATOR", "A", 6, "10.0.0.9");
	assert_int_equal(service_get_counters(r->service).refusals, 1);
	assert_int_equal(service_get_counters(r->service).failures, 0);
	/* what is refused already, and what nobody knows, does not count */
	recorder_refuse(r, "OPERATOR", "A", 6, "10.0.0.9");
	recorder_refuse(r, "STRANGER", "A", 6, "10.0.0.9");
	assert_int_equal(service_get_counters(r->service).refusals, 1);
	recorder_refuse(r, "ALPHA", "A", 6, "10.0.0.9");
	assert_int_equal(service_get_counters(r->service).refusals, 2);
	assert_int_equal(service_get_counters(r->service).failures, 1);
}

static void kinds_in_events(void **state)
{
	recorder_configure(r, "ALPHA", "OPERATOR");
	service_start(r->service);
	recorder_grant(r, "ALPHA", "A");
	assert_int_equal(r->kind, ALIAS_COMPUTER);
	recorder_grant(r, "OPERATOR", "A");
	assert_int_equal(r->kind, ALIAS_CONFIGURED);
	recorder_refuse(r, "ALPHA", "A", 6, "10.0.0.9");
	assert_int_equal(r->kind, ALIAS_COMPUTER);
}

/* What is learnt of a holder belongs to a refusal, and replaces the older. */
static void diagnosed(void **state)
{
	const struct wire_name alpha = wire_of("ALPHA");
	const struct wire_name wire = wire_of("OPERATOR");
	struct holder *h = holder_create(r, NULL, &wire);
	const struct alias *a = NULL;
	size_t blocks;

	recorder_run(r);
	service_diagnosed(r->service, &alpha, ip(""), h);
	a = alias_first(service_get_aliases(r->service));
	assert_null(a->subnets[0].details);
	recorder_refuse(r, "OPERATOR", "A", 6, "10.0.0.9");
	service_diagnosed(r->service, &wire, ip("10.0.0.9"), h);
	a = alias_next(a);
	assert_non_null(a->subnets[0].details);
	blocks = talloc_total_blocks(r->service);
	service_diagnosed(r->service, &wire, ip("10.0.0.9"), h);
	assert_non_null(a->subnets[0].details);
	assert_int_equal(talloc_total_blocks(r->service), blocks);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(new_service),
		TEST(configured_but_not_started),
		TEST(granted_on_one_subnet),
		TEST(granted_everywhere),
		TEST(refused),
		TEST(refused_on_one_of_two),
		TEST(refused_on_the_first_of_two),
		TEST(refused_by_wins),
		TEST(evidence_of_the_refusal),
		TEST(not_sent),
		TEST(started_twice),
		TEST(other_aliases_released),
		TEST(start_again_from_scratch),
		TEST(retry_interval),
		TEST(no_retry_unless_asked_for),
		TEST(stop_ends_the_retries),
		TEST(stop_releases_all),
		TEST(stop_while_starting),
		TEST(lost_at_a_refresh),
		TEST(add_needs_a_running_service),
		TEST(reload_while_failed),
		TEST(reload_while_starting_or_stopped),
		TEST(computer_name_of_the_first_configuration),
		TEST(netbios_alias_refused),
		TEST(netbios_alias_granted_first),
		TEST(claims_of_nmbd),
		TEST(answers_about_strangers),
		TEST(each_start_is_settled_once),
		TEST(no_growth),
		TEST(name_in_reports_of_memory),
		TEST(no_computer_name),
		TEST(counters),
		TEST(kinds_in_events),
		TEST(diagnosed),
	};

	return cmocka_run_group_tests(tests, setup_smb_conf, teardown_smb_conf);
}

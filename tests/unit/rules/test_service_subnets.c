/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The Messenger service as subnets come and go.
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

static void new_interface(void **state)
{
	recorder_run_all(r);
	recorder_subnet_new(r, "B");
	recorder_expect(r, "claim ALPHA on B\nclaim OPERATOR on B\n");
	/* still ours where it was */
	assert_table(r, "ALPHA=d(A=d B=g) OPERATOR=d(A=d B=g)");
	recorder_grant(r, "ALPHA", "B");
	recorder_grant(r, "OPERATOR", "B");
	recorder_expect(r, "");
	assert_table(r, "ALPHA=d(A=d B=d) OPERATOR=d(A=d B=d)");
	assert_service(r, SERVICE_RUNNING, 0);
}

static void new_interface_refuses(void **state)
{
	recorder_run_all(r);
	recorder_subnet_new(r, "B");
	recorder_forget(r);
	recorder_refuse(r, "ALPHA", "B", 6, "10.0.0.9");
	assert_service(r, SERVICE_FAILED, 2270);
	assert_table(r, "ALPHA=f(B=f)");
	assert_int_equal(r->events[EVENT_ALIAS_LOST], 1);
	assert_int_equal(r->events[EVENT_SERVICE_FAILED], 1);
	assert_false(recorder_claimed(r, "ALPHA", "A"));
}

static void new_interface_while_starting(void **state)
{
	recorder_configure(r, "ALPHA", "");
	service_start(r->service);
	recorder_subnet_new(r, "B");
	recorder_grant(r, "ALPHA", "A");
	/* everywhere is everywhere */
	assert_service(r, SERVICE_STARTING, 0);
	recorder_grant(r, "ALPHA", "B");
	assert_service(r, SERVICE_RUNNING, 0);
}

static void new_interface_while_failed(void **state)
{
	recorder_configure(r, "ALPHA", "");
	service_start(r->service);
	recorder_refuse(r, "ALPHA", "A", 6, "10.0.0.9");
	recorder_forget(r);
	recorder_subnet_new(r, "B");
	recorder_expect(r, "");
	assert_table(r, "ALPHA=f(A=f)");
}

static void refused_alias_stays_off_a_new_interface(void **state)
{
	recorder_run(r);
	recorder_refuse(r, "OPERATOR", "A", 6, "10.0.0.9");
	recorder_forget(r);
	recorder_subnet_new(r, "B");
	recorder_expect(r, "claim ALPHA on B\n");
	assert_table(r, "ALPHA=d(A=d B=g) OPERATOR=f(A=f)");
}

static void interface_goes(void **state)
{
	r->subnets[1] = "B";
	recorder_run_all(r);
	recorder_subnet_gone(r, "B");
	/* nothing to release there, and nothing lost elsewhere */
	recorder_expect(r, "");
	assert_table(r, "ALPHA=d(A=d) OPERATOR=d(A=d)");
	assert_service(r, SERVICE_RUNNING, 0);
	service_subnet_gone(r->service, "never seen");
	recorder_expect(r, "");
}

/* It was the last one that all waited for. */
static void interface_goes_undecided(void **state)
{
	r->subnets[1] = "B";
	recorder_configure(r, "ALPHA", "OPERATOR");
	service_start(r->service);
	recorder_grant(r, "ALPHA", "A");
	recorder_forget(r);
	recorder_subnet_gone(r, "B");
	recorder_expect(r, "event alias-registered ALPHA\n"
			   "settled ALPHA 0\n"
			   "event service-started\n"
			   "settled service 0\n"
			   "claim OPERATOR\n");
	assert_service(r, SERVICE_RUNNING, 0);
	assert_table(r, "ALPHA=d(A=d) OPERATOR=g(A=g)");
}

static void last_interface_goes_undecided(void **state)
{
	recorder_configure(r, "ALPHA", "");
	service_start(r->service);
	recorder_forget(r);
	recorder_subnet_gone(r, "A");
	/* held nowhere is not held */
	recorder_expect(r, "");
	assert_service(r, SERVICE_STARTING, 0);
}

static void interface_goes_and_comes_back(void **state)
{
	recorder_run_all(r);
	recorder_subnet_gone(r, "A");
	assert_table(r, "ALPHA=w() OPERATOR=w()");
	recorder_forget(r);
	recorder_subnet_new(r, "A");
	/* on the network, and in the table, as before */
	assert_true(recorder_claimed(r, "ALPHA", "A"));
	assert_true(recorder_claimed(r, "OPERATOR", "A"));
	recorder_grant(r, "ALPHA", "A");
	recorder_grant(r, "OPERATOR", "A");
	assert_table(r, "ALPHA=d(A=d) OPERATOR=d(A=d)");
}

static void interface_comes_back_undecided(void **state)
{
	recorder_run(r);
	recorder_subnet_gone(r, "A");
	assert_table(r, "ALPHA=w() OPERATOR=g()");
	recorder_subnet_new(r, "B");
	assert_true(recorder_claimed(r, "OPERATOR", "B"));
	recorder_grant(r, "ALPHA", "B");
	recorder_grant(r, "OPERATOR", "B");
	assert_table(r, "ALPHA=d(B=d) OPERATOR=d(B=d)");
}

static void no_interface_yet(void **state)
{
	r->subnets[0] = NULL;
	recorder_configure(r, "ALPHA", "");
	service_start(r->service);
	assert_service(r, SERVICE_STARTING, 0);
	recorder_subnet_new(r, "B");
	assert_true(recorder_claimed(r, "ALPHA", "B"));
	recorder_grant(r, "ALPHA", "B");
	assert_service(r, SERVICE_RUNNING, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(new_interface),
		TEST(new_interface_refuses),
		TEST(new_interface_while_starting),
		TEST(new_interface_while_failed),
		TEST(refused_alias_stays_off_a_new_interface),
		TEST(interface_goes),
		TEST(interface_goes_undecided),
		TEST(last_interface_goes_undecided),
		TEST(interface_goes_and_comes_back),
		TEST(interface_comes_back_undecided),
		TEST(no_interface_yet),
	};

	return cmocka_run_group_tests(tests, setup_smb_conf, teardown_smb_conf);
}

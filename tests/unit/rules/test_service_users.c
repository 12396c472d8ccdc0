/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The aliases of users with a session.
 */

#include "recorder.h"
#include "smb_conf.h"

static struct recorder *r;

/* ALPHA runs on A, without other aliases. */
static int setup(void **state)
{
	r = recorder_create();
	r->subnets[0] = "A";
	recorder_configure(r, "ALPHA", "");
	service_start(r->service);
	recorder_grant(r, "ALPHA", "A");
	assert_int_equal(service_get_state(r->service), SERVICE_RUNNING);
	recorder_forget(r);
	return 0;
}

static int teardown(void **state)
{
	recorder_free(r);
	return 0;
}

static void set_users(const char *a, const char *b)
{
	service_set_users(r->service, (const char *const[]){ a, b, NULL });
}

static void users_come_and_go(void **state)
{
	struct wire_name wire = wire_of("EVE");

	set_users("eve", "adam");
	recorder_expect(r, "claim EVE\nclaim ADAM\n");
	assert_int_equal(alias_find(service_get_aliases(r->service), &wire)
				 ->kind,
			 ALIAS_USER);
	recorder_grant(r, "EVE", "A");
	recorder_grant(r, "ADAM", "A");
	recorder_forget(r);
	set_users("adam", NULL);
	recorder_expect(r, "release EVE\nevent alias-released EVE\n");
	/* who stays is not touched */
	set_users("adam", NULL);
	recorder_expect(r, "");
	set_users(NULL, NULL);
	recorder_expect(r, "release ADAM\nevent alias-released ADAM\n");
	assert_table(r, "ALPHA=d(A=d)");
}

static void users_of_a_domain(void **state)
{
	set_users("PLANT\\eve", "HALL\\plant\\adam");
	recorder_expect(r, "claim EVE\nclaim ADAM\n");
	/* the same name from elsewhere is the same alias */
	set_users("OTHER\\adam", "EVE");
	recorder_expect(r, "");
}

static void user_refused(void **state)
{
	set_users("eve", NULL);
	recorder_forget(r);
	recorder_refuse(r, "EVE", "A", 6, "10.0.0.9");
	recorder_expect(r, "release EVE\n"
			   "event alias-refused EVE on A code 2297 rcode 6 "
			   "holder 10.0.0.9\n"
			   "settled EVE 2297 holder 10.0.0.9\n");
	/* only an event */
	assert_table(r, "ALPHA=d(A=d)");
	/* and not one with each session that opens or ends */
	set_users("eve", "adam");
	recorder_expect(r, "claim ADAM\n");
	/* logged out and in again: another try */
	set_users("adam", NULL);
	set_users("eve", "adam");
	recorder_expect(r, "claim EVE\n");
}

static void user_without_a_legal_name(void **state)
{
	set_users("a name that is too long", "eve");
	recorder_expect(r, "event alias-refused a name that is too long "
			   "code 87\n"
			   "claim EVE\n");
	set_users("a name that is too long", "eve");
	recorder_expect(r, "");
	set_users("eve", NULL);
	set_users("a name that is too long", "eve");
	recorder_expect(r, "event alias-refused a name that is too long "
			   "code 87\n");
	/* twice in one list is once as well */
	set_users(NULL, NULL);
	recorder_forget(r);
	set_users("A\\what?", "B\\what?");
	recorder_expect(r, "event alias-refused what? code 123\n");
}

static void user_beyond_the_limit(void **state)
{
	r->config->max_aliases = 1;
	recorder_configure(r, "ALPHA", "");
	set_users("eve", "adam");
	recorder_expect(r, "claim EVE\n"
			   "event alias-refused ADAM code 2277\n");
	set_users("eve", "adam");
	recorder_expect(r, "");
}

static void user_with_the_name_of_the_computer(void **state)
{
	set_users("alpha", NULL);
	recorder_expect(r, "");
	set_users(NULL, NULL);
	recorder_expect(r, "");
	assert_table(r, "ALPHA=d(A=d)");
}

static void users_before_the_start(void **state)
{
	service_stop(r->service);
	recorder_forget(r);
	set_users("eve", NULL);
	recorder_expect(r, "");
	assert_table(r, "");
	service_start(r->service);
	recorder_grant(r, "ALPHA", "A");
	assert_table(r, "ALPHA=d(A=d) EVE=g(A=g)");
}

static void user_and_smb_conf_want_the_same(void **state)
{
	recorder_configure(r, "ALPHA", "EVE");
	recorder_grant(r, "EVE", "A");
	recorder_forget(r);
	set_users("eve", NULL);
	recorder_configure(r, "ALPHA", "");
	/* it goes with the last who wants it */
	recorder_expect(r, "");
	assert_table(r, "ALPHA=d(A=d) EVE=d(A=d)");
	set_users(NULL, NULL);
	recorder_expect(r, "release EVE\nevent alias-released EVE\n");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(users_come_and_go),
		TEST(users_of_a_domain),
		TEST(user_refused),
		TEST(user_without_a_legal_name),
		TEST(user_beyond_the_limit),
		TEST(user_with_the_name_of_the_computer),
		TEST(users_before_the_start),
		TEST(user_and_smb_conf_want_the_same),
	};

	return cmocka_run_group_tests(tests, setup_smb_conf, teardown_smb_conf);
}

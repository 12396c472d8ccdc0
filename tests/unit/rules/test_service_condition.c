/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Is the service well?  Each thing that is not, alone.
 */

#include "recorder.h"

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

static void assert_condition(enum service_condition want)
{
	assert_int_equal(service_condition(r->service), want);
}

static void does_not_run(void **state)
{
	assert_condition(SERVICE_DOWN);
	recorder_configure(r, "ALPHA", "OPERATOR");
	assert_condition(SERVICE_DOWN);
	assert_int_equal(service_start(r->service), NERR_Success);
	assert_condition(SERVICE_DOWN);
	recorder_refuse(r, "ALPHA", "A", 6, "10.88.0.9");
	assert_condition(SERVICE_DOWN);
}

static void runs(void **state)
{
	recorder_run(r);
	/* an alias that is being registered is no trouble */
	assert_condition(SERVICE_WELL);
	recorder_grant_all(r, "OPERATOR");
	assert_condition(SERVICE_WELL);
	assert_int_equal(service_stop(r->service), NERR_Success);
	assert_condition(SERVICE_DOWN);
}

static void an_alias_is_refused(void **state)
{
	recorder_run(r);
	recorder_refuse(r, "OPERATOR", "A", 6, "10.88.0.9");
	assert_condition(SERVICE_DEGRADED);
	recorder_configure(r, "ALPHA", "");
	assert_condition(SERVICE_WELL);
}

static void an_alias_waits(void **state)
{
	recorder_run(r);
	recorder_wait(r, "OPERATOR", "A", "Network is unreachable");
	assert_condition(SERVICE_DEGRADED);
	recorder_grant(r, "OPERATOR", "A");
	assert_condition(SERVICE_WELL);
}

static void a_name_is_not_legal(void **state)
{
	struct config_invalid *i = NULL;

	recorder_run_all(r);
	i = talloc_zero_array(r->config, struct config_invalid, 1);
	i[0].text = talloc_strdup(i, "*X");
	i[0].code = ERROR_INVALID_NAME_;
	r->config->invalid = i;
	recorder_configure(r, "ALPHA", "OPERATOR");
	assert_condition(SERVICE_DEGRADED);
	r->config->invalid = NULL;
	recorder_configure(r, "ALPHA", "OPERATOR");
	assert_condition(SERVICE_WELL);
	talloc_free(i);
}

static void there_is_no_room(void **state)
{
	r->config->max_aliases = 1;
	recorder_configure(r, "ALPHA", "OPERATOR BACKUP");
	assert_int_equal(service_start(r->service), NERR_Success);
	recorder_grant_all(r, "ALPHA");
	assert_condition(SERVICE_DEGRADED);
	r->config->max_aliases = 2;
	recorder_configure(r, "ALPHA", "OPERATOR BACKUP");
	assert_condition(SERVICE_WELL);
}

static void a_user_came_second(void **state)
{
	recorder_run_all(r);
	service_set_users(r->service, (const char *const[]){ "eve", NULL });
	recorder_refuse(r, "EVE", "A", 6, "10.88.0.9");
	assert_condition(SERVICE_WELL);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(does_not_run),
		TEST(runs),
		TEST(an_alias_is_refused),
		TEST(an_alias_waits),
		TEST(a_name_is_not_legal),
		TEST(there_is_no_room),
		TEST(a_user_came_second),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A store that takes its time: who asked waits until it is written, and what
 * somebody was told no about does not come back.
 */

#include "recorder.h"
#include "smb_conf.h"

static struct recorder *r;

/* ALPHA runs on A, with a store that is slow. */
static int setup(void **state)
{
	r = recorder_create();
	r->subnets[0] = "A";
	r->config->store = true;
	recorder_configure(r, "ALPHA", "");
	service_start(r->service);
	recorder_grant(r, "ALPHA", "A");
	assert_int_equal(service_get_state(r->service), SERVICE_RUNNING);
	r->store_slow = true;
	recorder_forget(r);
	return 0;
}

static int teardown(void **state)
{
	recorder_free(r);
	return 0;
}

static void add(const char *name)
{
	struct wire_name wire;

	assert_int_equal(service_add(r->service, name, &wire), NERR_Success);
	recorder_grant(r, name, "A");
	assert_false(recorder_stored(r, name));
	recorder_forget(r);
}

static void added_when_it_is_written(void **state)
{
	struct wire_name wire;

	assert_int_equal(service_add(r->service, "NIGHT", &wire),
			 NERR_Success);
	recorder_forget(r);
	recorder_grant(r, "NIGHT", "A");
	/* and no alarm: the store says when */
	recorder_expect(r, "store NIGHT\n");
	assert_table(r, "ALPHA=d(A=d) NIGHT=g(A=d)");
	assert_int_equal(service_add(r->service, "NIGHT", &wire),
			 NERR_NameInUse);
	recorder_written(r);
	recorder_expect(r, "store NIGHT\n"
			   "event alias-registered NIGHT\n"
			   "settled NIGHT 0\n");
	assert_table(r, "ALPHA=d(A=d) NIGHT=d(A=d)");
	recorder_written(r);
	recorder_expect(r, "");
}

/* However long it takes: it will be there after a restart. */
static void no_patience(void **state)
{
	add("NIGHT");
	r->now.tv_sec += 3600;
	recorder_ring(r, SERVICE_ALARM_STORE);
	recorder_expect(r, "store NIGHT\n");
	recorder_written(r);
	recorder_expect(r, "store NIGHT\n"
			   "event alias-registered NIGHT\n"
			   "settled NIGHT 0\n");
}

static void locked_in_the_end(void **state)
{
	add("NIGHT");
	r->store_busy = true;
	recorder_ring(r, SERVICE_ALARM_STORE);
	recorder_expect(r, "store NIGHT\n"
			   "store again 1\n");
	r->store_busy = false;
	recorder_written(r);
	recorder_expect(r, "store NIGHT\n"
			   "event alias-registered NIGHT\n"
			   "settled NIGHT 0\n");
}

static void failed_in_the_end(void **state)
{
	add("NIGHT");
	r->store_fails = true;
	recorder_ring(r, SERVICE_ALARM_STORE);
	recorder_expect(r, "store NIGHT\n"
			   "event alias-registered NIGHT (Read-only file "
			   "system)\n"
			   "settled NIGHT 0 (Read-only file system)\n");
}

static void deleted_when_it_is_written(void **state)
{
	add("NIGHT");
	recorder_written(r);
	recorder_forget(r);
	assert_int_equal(service_delete(r->service, "NIGHT", NULL),
			 NERR_Success);
	recorder_expect(r, "forget NIGHT\n");
	assert_true(recorder_stored(r, "NIGHT"));
	recorder_written(r);
	recorder_expect(r, "forget NIGHT\n"
			   "release NIGHT\n"
			   "event alias-released NIGHT\n"
			   "deleted NIGHT 0\n");
	assert_table(r, "ALPHA=d(A=d)");
}

/* Deleted before it was told added: it does not come back. */
static void deleted_while_it_is_written(void **state)
{
	add("NIGHT");
	assert_int_equal(service_delete(r->service, "NIGHT", NULL),
			 NERR_Success);
	/* a second verdict does not keep it */
	recorder_grant(r, "NIGHT", "A");
	recorder_written(r);
	assert_table(r, "ALPHA=d(A=d)");
	assert_false(recorder_stored(r, "NIGHT"));
	recorder_written(r);
	assert_false(recorder_stored(r, "NIGHT"));
}

static void stopped_while_it_is_written(void **state)
{
	add("NIGHT");
	service_stop(r->service);
	recorder_written(r);
	assert_false(recorder_stored(r, "NIGHT"));
	service_start(r->service);
	recorder_grant(r, "ALPHA", "A");
	assert_table(r, "ALPHA=d(A=d)");
}

static void refused_while_it_is_written(void **state)
{
	add("NIGHT");
	recorder_refuse(r, "NIGHT", "A", 6, "10.88.0.9");
	recorder_written(r);
	recorder_written(r);
	assert_false(recorder_stored(r, "NIGHT"));
}

static void added_again_while_it_is_forgotten(void **state)
{
	struct wire_name wire;

	add("NIGHT");
	service_stop(r->service);
	service_start(r->service);
	recorder_grant(r, "ALPHA", "A");
	assert_int_equal(service_add(r->service, "NIGHT", &wire),
			 NERR_Success);
	recorder_grant(r, "NIGHT", "A");
	recorder_written(r);
	assert_table(r, "ALPHA=d(A=d) NIGHT=d(A=d)");
	assert_true(recorder_stored(r, "NIGHT"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(added_when_it_is_written),
		TEST(no_patience),
		TEST(locked_in_the_end),
		TEST(failed_in_the_end),
		TEST(deleted_when_it_is_written),
		TEST(deleted_while_it_is_written),
		TEST(stopped_while_it_is_written),
		TEST(refused_while_it_is_written),
		TEST(added_again_while_it_is_forgotten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

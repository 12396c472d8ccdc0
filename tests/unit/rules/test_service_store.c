/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A store that somebody else has locked: who asked waits until it is true what
 * he is told.
 */

#include "recorder.h"
#include "smb_conf.h"

static struct recorder *r;

/* ALPHA runs on A, with a store that is locked. */
static int setup(void **state)
{
	r = recorder_create();
	r->subnets[0] = "A";
	r->config->store = true;
	recorder_configure(r, "ALPHA", "");
	service_start(r->service);
	recorder_grant(r, "ALPHA", "A");
	assert_int_equal(service_get_state(r->service), SERVICE_RUNNING);
	recorder_forget(r);
	r->store_busy = true;
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
	recorder_forget(r);
}

/* Seconds pass, and the alarm rings. */
static void ring_after(time_t seconds)
{
	r->now.tv_sec += seconds;
	recorder_ring(r, SERVICE_ALARM_STORE);
}

/* Added before it was locked. */
static void add_kept(const char *name)
{
	r->store_busy = false;
	add(name);
	recorder_grant(r, name, "A");
	assert_true(recorder_stored(r, name));
	r->store_busy = true;
	recorder_forget(r);
}

static void assert_leaving(const char *name, bool leaving)
{
	struct wire_name wire = { { 0xee } };
	const struct wire_name before = wire;
	const struct wire_name want = wire_of(name);

	assert_int_equal(service_is_leaving(r->service, name, &wire), leaving);
	assert_memory_equal(&wire, leaving ? &want : &before, sizeof(wire));
}

static void add_waits_for_the_store(void **state)
{
	struct wire_name wire;

	add("NIGHT");
	recorder_grant(r, "NIGHT", "A");
	recorder_expect(r, "store NIGHT\n"
			   "store again 1\n");
	assert_table(r, "ALPHA=d(A=d) NIGHT=g(A=d)");
	assert_int_equal(service_add(r->service, "NIGHT", &wire),
			 NERR_NameInUse);
	ring_after(1);
	recorder_expect(r, "store NIGHT\n"
			   "store again 1\n");
	r->store_busy = false;
	ring_after(1);
	recorder_expect(r, "store NIGHT\n"
			   "event alias-registered NIGHT\n"
			   "settled NIGHT 0\n");
	assert_table(r, "ALPHA=d(A=d) NIGHT=d(A=d)");
	assert_true(recorder_stored(r, "NIGHT"));
	/* nothing is left to be tried */
	ring_after(1);
	recorder_expect(r, "");
}

static void add_is_told_in_the_end(void **state)
{
	add("NIGHT");
	recorder_grant(r, "NIGHT", "A");
	ring_after(4);
	recorder_expect(r, "store NIGHT\n"
			   "store again 1\n"
			   "store NIGHT\n"
			   "store again 1\n");
	ring_after(1);
	recorder_expect(r, "store NIGHT\n"
			   "event alias-registered NIGHT "
			   "(Device or resource busy)\n"
			   "settled NIGHT 0 (Device or resource busy)\n");
	/* and it stays true */
	r->store_busy = false;
	ring_after(1);
	recorder_expect(r, "");
	assert_false(recorder_stored(r, "NIGHT"));
	/* the next one waits as long as the first */
	r->store_busy = true;
	add("DAY");
	recorder_grant(r, "DAY", "A");
	ring_after(4);
	recorder_expect(r, "store DAY\n"
			   "store again 1\n"
			   "store DAY\n"
			   "store again 1\n");
}

static void add_fails_in_the_end(void **state)
{
	add("NIGHT");
	recorder_grant(r, "NIGHT", "A");
	recorder_forget(r);
	r->store_fails = true;
	ring_after(1);
	recorder_expect(r, "store NIGHT\n"
			   "event alias-registered NIGHT "
			   "(Read-only file system)\n"
			   "settled NIGHT 0 (Read-only file system)\n");
}

/* One alarm for all of them. */
static void several_wait(void **state)
{
	add("NIGHT");
	add("DAY");
	recorder_grant(r, "NIGHT", "A");
	recorder_grant(r, "DAY", "A");
	recorder_expect(r, "store NIGHT\n"
			   "store again 1\n"
			   "store DAY\n");
	r->store_busy = false;
	ring_after(1);
	recorder_expect(r, "store NIGHT\n"
			   "event alias-registered NIGHT\n"
			   "settled NIGHT 0\n"
			   "store DAY\n"
			   "event alias-registered DAY\n"
			   "settled DAY 0\n");
}

static void refused_meanwhile(void **state)
{
	add("NIGHT");
	recorder_grant(r, "NIGHT", "A");
	recorder_forget(r);
	recorder_refuse(r, "NIGHT", "A", 6, "10.0.0.9");
	recorder_expect(r, "release NIGHT\n"
			   "event alias-refused NIGHT on A code 2297 "
			   "rcode 6 holder 10.0.0.9\n"
			   "settled NIGHT 2297 holder 10.0.0.9\n");
	r->store_busy = false;
	ring_after(1);
	recorder_expect(r, "");
	assert_table(r, "ALPHA=d(A=d)");
	assert_false(recorder_stored(r, "NIGHT"));
}

static void deleted_meanwhile(void **state)
{
	add("NIGHT");
	recorder_grant(r, "NIGHT", "A");
	recorder_forget(r);
	/* it is not in the store, so it can go */
	assert_int_equal(service_delete(r->service, "NIGHT", NULL),
			 NERR_Success);
	assert_leaving("NIGHT", false);
	recorder_expect(r, "release NIGHT\n"
			   "settled NIGHT 2285\n");
	r->store_busy = false;
	ring_after(1);
	recorder_expect(r, "");
}

static void stopped_meanwhile(void **state)
{
	add("NIGHT");
	recorder_grant(r, "NIGHT", "A");
	recorder_forget(r);
	service_stop(r->service);
	recorder_expect(r, "release ALPHA\n"
			   "event alias-released ALPHA\n"
			   "release NIGHT\n"
			   "settled NIGHT 2284\n"
			   "event service-stopped\n");
	r->store_busy = false;
	ring_after(1);
	recorder_expect(r, "");
	assert_false(recorder_stored(r, "NIGHT"));
}

static void switched_off_meanwhile(void **state)
{
	add("NIGHT");
	recorder_grant(r, "NIGHT", "A");
	recorder_forget(r);
	r->config->store = false;
	recorder_configure(r, "ALPHA", "");
	ring_after(1);
	recorder_expect(r, "event alias-registered NIGHT\n"
			   "settled NIGHT 0\n");
}

static void delete_waits_for_the_store(void **state)
{
	add_kept("NIGHT");
	assert_leaving("NIGHT", false);
	assert_int_equal(service_delete(r->service, "night", NULL),
			 NERR_Success);
	assert_leaving("NIGHT", true);
	assert_leaving("DAY", false);
	assert_false(service_is_leaving(r->service, "", NULL));
	recorder_expect(r, "forget NIGHT\n"
			   "store again 1\n");
	/* as long as it would come back it is here */
	assert_table(r, "ALPHA=d(A=d) NIGHT=d(A=d)");
	r->store_busy = false;
	ring_after(1);
	recorder_expect(r, "forget NIGHT\n"
			   "release NIGHT\n"
			   "event alias-released NIGHT\n"
			   "deleted NIGHT 0\n");
	assert_leaving("NIGHT", false);
	assert_table(r, "ALPHA=d(A=d)");
	ring_after(1);
	recorder_expect(r, "");
}

static void delete_is_told_in_the_end(void **state)
{
	add_kept("NIGHT");
	assert_int_equal(service_delete(r->service, "NIGHT", NULL),
			 NERR_Success);
	recorder_forget(r);
	ring_after(5);
	recorder_expect(r, "forget NIGHT\n"
			   "deleted NIGHT 2140 (Device or resource busy)\n");
	assert_leaving("NIGHT", false);
	r->store_busy = false;
	ring_after(1);
	recorder_expect(r, "");
	assert_true(recorder_stored(r, "NIGHT"));
	/* the next one waits as long as the first */
	r->store_busy = true;
	assert_int_equal(service_delete(r->service, "NIGHT", NULL),
			 NERR_Success);
	assert_leaving("NIGHT", true);
	ring_after(4);
	assert_leaving("NIGHT", true);
	r->store_busy = false;
	ring_after(1);
	assert_false(recorder_stored(r, "NIGHT"));
	assert_table(r, "ALPHA=d(A=d)");
	add_kept("NIGHT");
	r->store_busy = false;
	assert_table(r, "ALPHA=d(A=d) NIGHT=d(A=d)");
	assert_int_equal(service_delete(r->service, "NIGHT", NULL),
			 NERR_Success);
	assert_false(recorder_stored(r, "NIGHT"));
}

/* What becomes of its claim meanwhile is an answer to others alone. */
static void delete_while_it_is_claimed(void **state)
{
	add_kept("NIGHT");
	add_kept("DAY");
	service_stop(r->service);
	service_start(r->service);
	recorder_grant(r, "ALPHA", "A");
	assert_int_equal(service_delete(r->service, "NIGHT", NULL),
			 NERR_Success);
	assert_int_equal(service_delete(r->service, "DAY", NULL), NERR_Success);
	recorder_forget(r);
	recorder_grant(r, "NIGHT", "A");
	recorder_expect(r, "event alias-registered NIGHT\n"
			   "settled NIGHT 0\n");
	r->store_busy = false;
	ring_after(1);
	/* of DAY, which is not granted, those are told that claim it */
	recorder_expect(r, "forget NIGHT\n"
			   "release NIGHT\n"
			   "event alias-released NIGHT\n"
			   "deleted NIGHT 0\n"
			   "forget DAY\n"
			   "release DAY\n"
			   "settled DAY 2285\n"
			   "deleted DAY 0\n");
	assert_table(r, "ALPHA=d(A=d)");
}

/* One that failed before has no say in how long it is tried. */
static void delete_after_one_that_failed(void **state)
{
	add_kept("NIGHT");
	r->store_busy = false;
	r->store_fails = true;
	assert_int_equal(service_delete(r->service, "NIGHT", NULL),
			 NERR_InternalError);
	r->store_fails = false;
	r->store_busy = true;
	assert_int_equal(service_delete(r->service, "NIGHT", NULL),
			 NERR_Success);
	ring_after(4);
	assert_leaving("NIGHT", true);
	ring_after(1);
	assert_leaving("NIGHT", false);
	assert_true(recorder_stored(r, "NIGHT"));
}

/* Of smb.conf, too: both reasons go, whichever is looked at next. */
static void delete_of_two_reasons(void **state)
{
	add_kept("NIGHT");
	add_kept("DAY");
	recorder_configure(r, "ALPHA", "NIGHT");
	recorder_forget(r);
	assert_int_equal(service_delete(r->service, "NIGHT", NULL),
			 NERR_Success);
	assert_int_equal(service_delete(r->service, "DAY", NULL), NERR_Success);
	recorder_forget(r);
	r->store_busy = false;
	ring_after(1);
	recorder_expect(r, "forget NIGHT\n"
			   "release NIGHT\n"
			   "event alias-released NIGHT\n"
			   "deleted NIGHT 0\n"
			   "forget DAY\n"
			   "release DAY\n"
			   "event alias-released DAY\n"
			   "deleted DAY 0\n");
	assert_table(r, "ALPHA=d(A=d)");
}

/* The alias is gone already; what it was kept for is to go still. */
static void delete_and_stop(void **state)
{
	add_kept("NIGHT");
	assert_int_equal(service_delete(r->service, "NIGHT", NULL),
			 NERR_Success);
	service_stop(r->service);
	recorder_forget(r);
	r->store_busy = false;
	ring_after(1);
	recorder_expect(r, "forget NIGHT\n"
			   "deleted NIGHT 0\n");
	service_start(r->service);
	recorder_grant(r, "ALPHA", "A");
	assert_table(r, "ALPHA=d(A=d)");
}

/* It is kept whoever finds it in the table first: here nmbd's own claim. */
static void claimed_by_nmbd_first(void **state)
{
	const struct wire_name wire = wire_of("NIGHT");
	const struct alias *a = NULL;

	service_stop(r->service);
	assert_true(service_restore(r->service, "NIGHT"));
	service_start(r->service);
	assert_int_equal(service_claiming(r->service, &wire, "A"),
			 CLAIM_FOLLOW);
	a = alias_find(service_get_aliases(r->service), &wire);
	assert_non_null(a);
	assert_true(a->kept);
}

/* The store was locked when nmbd started. */
static void restored_while_it_runs(void **state)
{
	assert_true(service_restore(r->service, "NIGHT"));
	recorder_expect(r, "claim NIGHT\n");
	assert_table(r, "ALPHA=d(A=d) NIGHT=g(A=g)");
	recorder_grant(r, "NIGHT", "A");
	recorder_expect(r, "event alias-registered NIGHT\n"
			   "settled NIGHT 0\n");
	assert_false(service_restore(r->service, "*"));
	/* there is no room for more */
	r->config->max_aliases = 1;
	recorder_configure(r, "ALPHA", "");
	assert_true(service_restore(r->service, "DAY"));
	recorder_expect(r, "event alias-refused DAY code 2277\n");
}

static void restored_while_it_starts(void **state)
{
	service_stop(r->service);
	service_start(r->service);
	recorder_forget(r);
	assert_true(service_restore(r->service, "NIGHT"));
	recorder_expect(r, "");
	recorder_grant(r, "ALPHA", "A");
	assert_table(r, "ALPHA=d(A=d) NIGHT=g(A=g)");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(add_waits_for_the_store),
		TEST(add_is_told_in_the_end),
		TEST(add_fails_in_the_end),
		TEST(several_wait),
		TEST(refused_meanwhile),
		TEST(deleted_meanwhile),
		TEST(stopped_meanwhile),
		TEST(switched_off_meanwhile),
		TEST(delete_waits_for_the_store),
		TEST(delete_is_told_in_the_end),
		TEST(delete_while_it_is_claimed),
		TEST(delete_after_one_that_failed),
		TEST(delete_of_two_reasons),
		TEST(delete_and_stop),
		TEST(claimed_by_nmbd_first),
		TEST(restored_while_it_runs),
		TEST(restored_while_it_starts),
	};

	return cmocka_run_group_tests(tests, setup_smb_conf, teardown_smb_conf);
}

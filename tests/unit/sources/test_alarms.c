/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A fixed number of timers, told apart by their numbers, in a real event loop.
 */

#include "alarms.h"

#include "steady.h"
#include "unit.h"

#define NUM		 4
#define USEC_PER_SEC	 1000000U
#define DEADLINE_SECONDS 10

static TALLOC_CTX *frame;
static struct tevent_context *ev;
static struct alarms *alarms;
static unsigned rang[NUM];
static unsigned last;
static unsigned again; /* set anew as it rings */

static void on_alarm(void *private_data, unsigned which)
{
	assert_ptr_equal(private_data, frame);
	assert_in_range(which, 0, NUM - 1);
	rang[which]++;
	last = which;
	if (again > 0) {
		again--;
		alarms_set(alarms, which, 1);
	}
}

static int setup(void **state)
{
	frame = talloc_new(NULL);
	ev = tevent_context_init(frame);
	memset(rang, 0, sizeof(rang));
	again = 0;
	alarms = alarms_create(frame, ev, NUM, on_alarm, frame);
	return (alarms != NULL) ? 0 : -1;
}

static int teardown(void **state)
{
	TALLOC_FREE(frame);
	return 0;
}

static void overdue(struct tevent_context *e, struct tevent_timer *te,
		    struct timeval now, void *private_data)
{
	bool *over = private_data;

	*over = true;
}

/* Until this one has rung so often, or the deadline is over. */
static void wait_for(unsigned which, unsigned times)
{
	bool over = false;
	struct tevent_timer *te = tevent_add_timer(
		ev, frame, tevent_timeval_current_ofs(DEADLINE_SECONDS, 0),
		overdue, &over);

	assert_non_null(te);
	while (rang[which] < times && !over) {
		assert_int_equal(tevent_loop_once(ev), 0);
	}
	talloc_free(te);
	assert_int_equal(rang[which], times);
}

static void each_by_its_number(void **state)
{
	const uint64_t before = steady_now();

	alarms_set(alarms, 0, 1);
	alarms_set(alarms, 3, 2);
	wait_for(0, 1);
	assert_true(steady_now() - before >= USEC_PER_SEC);
	assert_int_equal(last, 0);
	assert_int_equal(rang[3], 0);
	wait_for(3, 1);
	assert_true(steady_now() - before >= 2 * USEC_PER_SEC);
	assert_int_equal(rang[0], 1);
	assert_int_equal(rang[1], 0);
	assert_int_equal(rang[2], 0);
}

static void turned_off(void **state)
{
	alarms_set(alarms, 1, 1);
	alarms_set(alarms, 2, 1);
	alarms_set(alarms, 1, 0);
	/* and one that never was on */
	alarms_set(alarms, 3, 0);
	alarms_set(alarms, 0, 2);
	wait_for(0, 1);
	assert_int_equal(rang[1], 0);
	assert_int_equal(rang[2], 1);
	assert_int_equal(rang[3], 0);
}

/* Instead of the earlier one, be it sooner or later. */
static void set_anew(void **state)
{
	const uint64_t before = steady_now();

	alarms_set(alarms, 1, 1);
	alarms_set(alarms, 1, 2);
	alarms_set(alarms, 2, 600);
	alarms_set(alarms, 2, 1);
	wait_for(1, 1);
	assert_true(steady_now() - before >= 2 * USEC_PER_SEC);
	assert_int_equal(rang[2], 1);
}

static void set_anew_as_it_rings(void **state)
{
	again = 1;
	alarms_set(alarms, 2, 1);
	wait_for(2, 2);
}

/* Nothing rings for one that is gone. */
static void freed(void **state)
{
	struct alarms *others = alarms_create(frame, ev, NUM, on_alarm, frame);

	alarms_set(alarms, 1, 1);
	TALLOC_FREE(alarms);
	alarms = others;
	alarms_set(alarms, 2, 2);
	wait_for(2, 1);
	assert_int_equal(rang[1], 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_by_its_number), TEST(turned_off),
		TEST(set_anew),		  TEST(set_anew_as_it_rings),
		TEST(freed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

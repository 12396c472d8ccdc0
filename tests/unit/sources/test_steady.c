/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Timers on a clock that is never set, in a real event loop.
 */

#include "steady.h"

#include <dirent.h>

#include "unit.h"

#define MSEC 1000U
/* Whoever is not through by then hangs. */
#define DEADLINE (10000U * MSEC)

static TALLOC_CTX *frame;
static struct tevent_context *ev;

struct bell {
	struct steady *timer;
	unsigned rang;
	uint64_t last;	/* when it rang */
	uint64_t again; /* set anew when it rings; 0: it is not */
	bool ends;	/* frees itself when it rings */
};

static int setup(void **state)
{
	frame = talloc_new(NULL);
	ev = tevent_context_init(frame);
	return (ev != NULL) ? 0 : -1;
}

static int teardown(void **state)
{
	TALLOC_FREE(frame);
	return 0;
}

static void rang(void *private_data)
{
	struct bell *bell = private_data;

	bell->rang++;
	bell->last = steady_now();
	assert_false(steady_is_set(bell->timer));
	if (bell->again != 0) {
		steady_set(bell->timer, bell->again);
		bell->again = 0;
	}
	if (bell->ends) {
		TALLOC_FREE(bell->timer);
	}
}

static struct bell *hang(void)
{
	struct bell *bell = talloc_zero(frame, struct bell);

	assert_non_null(bell);
	bell->timer = steady_create(frame, ev, rang, bell);
	assert_non_null(bell->timer);
	assert_ptr_equal(talloc_parent(bell->timer), frame);
	return bell;
}

static void overdue(struct tevent_context *e, struct tevent_timer *te,
		    struct timeval now, void *private_data)
{
	bool *over = private_data;

	*over = true;
}

/* Until it has rung so often, or the deadline is over. */
static void wait_for(const struct bell *bell, unsigned times)
{
	bool over = false;
	struct tevent_timer *te = tevent_add_timer(
		ev, frame,
		tevent_timeval_current_ofs(DEADLINE / 1000000U, 0), overdue,
		&over);

	assert_non_null(te);
	while (bell->rang < times && !over) {
		assert_int_equal(tevent_loop_once(ev), 0);
	}
	talloc_free(te);
	assert_int_equal(bell->rang, times);
}

static void now_goes_on(void **state)
{
	const uint64_t before = steady_now();
	uint64_t now = before;

	while (now == before) {
		now = steady_now();
		assert_true(now >= before);
	}
	/* microseconds, not another unit */
	assert_in_range(now - before, 1, DEADLINE);
}

static void off_at_first(void **state)
{
	struct bell *silent = hang();
	struct bell *bell = hang();

	assert_false(steady_is_set(silent->timer));
	steady_stop(silent->timer);
	steady_set(bell->timer, MSEC);
	wait_for(bell, 1);
	assert_int_equal(silent->rang, 0);
}

static void rings_once(void **state)
{
	struct bell *bell = hang();
	struct bell *later = hang();
	const uint64_t before = steady_now();

	steady_set(bell->timer, 20 * MSEC);
	assert_true(steady_is_set(bell->timer));
	wait_for(bell, 1);
	assert_false(steady_is_set(bell->timer));
	assert_true(bell->last - before >= 20 * MSEC);
	/* and no second time */
	steady_set(later->timer, 50 * MSEC);
	wait_for(later, 1);
	assert_int_equal(bell->rang, 1);
}

static void at_once(void **state)
{
	struct bell *bell = hang();

	steady_set(bell->timer, 0);
	assert_true(steady_is_set(bell->timer));
	wait_for(bell, 1);
}

/* More than a second: both parts of the time count. */
static void seconds_and_parts(void **state)
{
	struct bell *bell = hang();
	const uint64_t before = steady_now();

	steady_set(bell->timer, 1100 * MSEC);
	wait_for(bell, 1);
	assert_true(bell->last - before >= 1100 * MSEC);
}

static void in_order(void **state)
{
	struct bell *first = hang();
	struct bell *second = hang();

	steady_set(second->timer, 40 * MSEC);
	steady_set(first->timer, 10 * MSEC);
	wait_for(first, 1);
	assert_int_equal(second->rang, 0);
	wait_for(second, 1);
	assert_true(second->last > first->last);
}

static void stopped(void **state)
{
	struct bell *bell = hang();
	struct bell *later = hang();

	steady_set(bell->timer, 5 * MSEC);
	steady_stop(bell->timer);
	assert_false(steady_is_set(bell->timer));
	steady_set(later->timer, 30 * MSEC);
	wait_for(later, 1);
	assert_int_equal(bell->rang, 0);
	/* it can be set again */
	steady_set(bell->timer, MSEC);
	wait_for(bell, 1);
}

/* Due already, and not told yet: whoever turns it off does not hear of it. */
static void stopped_when_due(void **state)
{
	struct bell *bell = hang();
	struct bell *later = hang();
	uint64_t due;

	steady_set(bell->timer, MSEC);
	for (due = steady_now() + 2 * MSEC; steady_now() < due;) {
		/* a millisecond, outside of the loop */
	}
	steady_stop(bell->timer);
	steady_set(later->timer, 30 * MSEC);
	wait_for(later, 1);
	assert_int_equal(bell->rang, 0);
}

/* Only the last time counts. */
static void set_anew(void **state)
{
	struct bell *bell = hang();
	const uint64_t before = steady_now();

	steady_set(bell->timer, 5 * MSEC);
	steady_set(bell->timer, 40 * MSEC);
	wait_for(bell, 1);
	assert_true(bell->last - before >= 40 * MSEC);
	steady_set(bell->timer, DEADLINE * 2U);
	steady_set(bell->timer, 5 * MSEC);
	wait_for(bell, 2);
}

static void set_anew_as_it_rings(void **state)
{
	struct bell *bell = hang();

	bell->again = 5 * MSEC;
	steady_set(bell->timer, MSEC);
	wait_for(bell, 2);
	assert_false(steady_is_set(bell->timer));
}

static void ends_as_it_rings(void **state)
{
	struct bell *bell = hang();
	struct bell *later = hang();

	bell->ends = true;
	steady_set(bell->timer, MSEC);
	wait_for(bell, 1);
	steady_set(later->timer, 20 * MSEC);
	wait_for(later, 1);
	assert_int_equal(bell->rang, 1);
}

static size_t descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	size_t num = 0;

	assert_non_null(dir);
	while (readdir(dir) != NULL) {
		num++;
	}
	closedir(dir);
	return num;
}

static void gives_its_descriptor_back(void **state)
{
	const size_t before = descriptors();
	struct bell *bell = hang();
	struct bell *later = hang();

	assert_int_equal(descriptors(), before + 2);
	steady_set(bell->timer, MSEC);
	TALLOC_FREE(bell->timer);
	assert_int_equal(descriptors(), before + 1);
	steady_set(later->timer, 20 * MSEC);
	wait_for(later, 1);
	assert_int_equal(bell->rang, 0);
	TALLOC_FREE(later->timer);
	assert_int_equal(descriptors(), before);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(now_goes_on),
		TEST(off_at_first),
		TEST(rings_once),
		TEST(at_once),
		TEST(seconds_and_parts),
		TEST(in_order),
		TEST(stopped),
		TEST(stopped_when_due),
		TEST(set_anew),
		TEST(set_anew_as_it_rings),
		TEST(ends_as_it_rings),
		TEST(gives_its_descriptor_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

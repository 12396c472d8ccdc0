/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The store keeps its file open: what if it is another one at the next change,
 * or was changed?  And only our own thread opens and closes it.
 */

#include <sys/stat.h>
#include <unistd.h>

#include "other_process.h"
#include "store_world.h"
#include "unit.h"

static void kept_and_forgotten(void **state)
{
	add("ONE");
	add("TWO");
	assert_int_equal(change("ONE", false), 0);
	assert_int_equal(change("NEVER", false), 0);
	add("THREE");
	assert_names("THREE TWO");
	assert_string_equal(world.said, "");
}

/* It is opened once, and what others do in between is seen. */
static void stays_open(void **state)
{
	struct tdb_context *before[OPENED_MAX];

	memcpy(before, world.opened, sizeof(before));
	add("ONE");
	other(put_other, world.path);
	add("TWO");
	assert_int_equal(count_names(), 3);
	assert_memory_equal(before, world.opened, sizeof(before));
	assert_names("ONE OTHER TWO");
}

static void longer(void **state)
{
	add("ONE");
	other(put_many, world.path);
	add("TWO");
	assert_int_equal(change("MANY899", false), 0);
	assert_int_equal(change("ONE", false), 0);
	end_store();
	begin_store();
	assert_int_equal(count_names(), 900);
}

static void replaced(void **state)
{
	add("ONE");
	other(put_other, beside(".new"));
	assert_int_equal(rename(beside(".new"), world.path), 0);
	add("TWO");
	assert_names("OTHER TWO");
	assert_string_equal(world.said, "");
}

static void removed(void **state)
{
	add("ONE");
	assert_int_equal(unlink(world.path), 0);
	add("TWO");
	assert_names("TWO");
	assert_string_equal(world.said, "");
}

static void assert_set_aside(off_t size)
{
	struct stat st;

	assert_int_equal(stat(beside(".damaged"), &st), 0);
	assert_int_equal(st.st_size, size);
	assert_non_null(strstr(world.said, "was damaged"));
}

static void replaced_by_garbage(void **state)
{
	add("ONE");
	other(put_garbage, beside(".new"));
	assert_int_equal(rename(beside(".new"), world.path), 0);
	add("TWO");
	assert_names("TWO");
	assert_set_aside(5000);
}

/* Nothing that libtdb knew of it is true. */
static void overwritten(void **state)
{
	add("ONE");
	other(put_other_tdb, world.path);
	add("TWO");
	assert_names("OTHER SECOND TWO");
	assert_string_equal(world.said, "");
}

static void overwritten_by_garbage(void **state)
{
	add("ONE");
	other(put_garbage, world.path);
	add("TWO");
	assert_names("TWO");
	assert_set_aside(5000);
}

static void cut(void **state)
{
	add("ONE");
	assert_int_equal(truncate(world.path, 700), 0);
	add("TWO");
	assert_names("TWO");
	assert_set_aside(700);
}

static void other_was_killed(void **state)
{
	add("ONE");
	other(put_and_die, world.path);
	add("TWO");
	assert_names("ONE TWO");
	assert_string_equal(world.said, "");
}

static void other_was_killed_before_it_is_read(void **state)
{
	add("ONE");
	other(put_and_die, world.path);
	assert_int_equal(count_names(), 1);
	assert_names("ONE");
}

static void locked(void **state)
{
	int to = -1;
	pid_t pid;

	add("ONE");
	pid = lock_it(world.path, &to);
	assert_int_equal(change("TWO", true), EBUSY);
	assert_int_equal(change("TWO", true), EBUSY);
	let_end(pid, to);
	add("TWO");
	assert_names("ONE TWO");
	/* said once */
	assert_non_null(strstr(world.said, "locked"));
	assert_null(strstr(strstr(world.said, "locked") + 1, "locked"));
}

/* Who has something locked that is there no more is in nobody's way. */
static void locked_and_replaced(void **state)
{
	int to = -1;
	pid_t pid;

	add("ONE");
	pid = lock_it(world.path, &to);
	other(put_other, beside(".new"));
	assert_int_equal(rename(beside(".new"), world.path), 0);
	add("TWO");
	let_end(pid, to);
	assert_names("OTHER TWO");
}

/* nmbd's children have what it had open, and locked, when they began. */
static void child_lives_on(void **state)
{
	int to = -1;
	pid_t pid;

	add_and_stop("ONE");
	pid = live_on(&to);
	go_on();
	add("ONE");
	add("TWO");
	let_end(pid, to);
	assert_names("ONE TWO");
}

/* What is under way is done, for the store after it, which waits for it. */
static void ended_meanwhile(void **state)
{
	add_and_stop("ONE");
	end_store();
	begin_store();
	assert_int_equal(store_change(world.store, "TWO", true), EINPROGRESS);
	assert_int_equal(count_names(), 0);
	go_on();
	add("TWO");
	assert_names("ONE TWO");
	assert_string_equal(world.said, "");
}

/* libtdb has it open until then, and does not open it twice. */
static void ended_long_ago(void **state)
{
	add_and_stop("ONE");
	end_store();
	go_on();
	begin_store();
	add("TWO");
	assert_names("ONE TWO");
	assert_string_equal(world.said, "");
}

/* What nobody asks for is done in its turn, and nothing is left of it. */
static void noted(void **state)
{
	size_t blocks = talloc_total_blocks(world.store);

	store_note(world.store, "ONE", true);
	store_note(world.store, "TWO", true);
	store_note(world.store, "ONE", false);
	store_note(world.store, "THREE", true);
	add("THREE");
	add("FOUR");
	assert_int_equal(talloc_total_blocks(world.store), blocks);
	assert_names("FOUR THREE TWO");
}

static bool keep_another(void *private_data, const char *name)
{
	unsigned *num = private_data;

	if ((*num)++ == 0) {
		assert_int_equal(store_change(world.store, "TWO", true),
				 EINPROGRESS);
	}
	return true;
}

/* The thread has it when we have not. */
static void changed_while_it_is_read(void **state)
{
	unsigned num = 0;

	other(put_pieces, world.path);
	store_traverse(world.store, keep_another, &num);
	assert_int_equal(num, PIECES);
	add("TWO");
	assert_int_equal(count_names(), PIECES + 1);
	assert_string_equal(world.said, "");
}

static off_t size_of_file(void)
{
	struct stat st;

	assert_int_equal(stat(world.path, &st), 0);
	return st.st_size;
}

/*
 * Where names were that were not so long a longer one has no room: the file
 * grows.  Then libtdb wants to pack it, by way of a tdb in memory.
 */
static void grows_with_pieces_in_it(void **state)
{
	char name[64];
	off_t size;
	unsigned i = 0;

	other(put_pieces, world.path);
	add("ONE");
	for (size = size_of_file(); size_of_file() == size && i < 2000; i++) {
		snprintf(name, sizeof(name), "%060u", i);
		add(name);
	}
	assert_true(size_of_file() > size);
	end_store();
	begin_store();
	assert_int_equal(count_names(), PIECES + 1 + i);
	assert_string_equal(world.said, "");
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(kept_and_forgotten),
		TEST(stays_open),
		TEST(longer),
		TEST(replaced),
		TEST(removed),
		TEST(replaced_by_garbage),
		TEST(overwritten),
		TEST(overwritten_by_garbage),
		TEST(cut),
		TEST(other_was_killed),
		TEST(other_was_killed_before_it_is_read),
		TEST(locked),
		TEST(locked_and_replaced),
		TEST(child_lives_on),
		TEST(ended_meanwhile),
		TEST(ended_long_ago),
		TEST(noted),
		TEST(changed_while_it_is_read),
		TEST(grows_with_pieces_in_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

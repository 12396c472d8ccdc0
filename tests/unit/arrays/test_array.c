/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Arrays and bytes that become longer: what is in them, and how seldom they
 * move.
 */

#include <string.h>

#include "array.h"
#include "bytes.h"
#include "unit.h"

#define MANY 4096

static void one_by_one(void **state)
{
	size_t *array = NULL;
	unsigned lengths = 0;
	size_t length = 0;
	size_t i;

	for (i = 0; i < MANY + 1; i++) {
		array = array_room(NULL, array, size_t, i);
		assert_true(talloc_array_length(array) > i);
		array[i] = i;
		lengths += (talloc_array_length(array) != length);
		length = talloc_array_length(array);
	}
	assert_int_equal(lengths, 14); /* 1, 2, 4 ... 8192 */
	array = array_end(NULL, array, size_t, i);
	assert_int_equal(talloc_array_length(array), MANY + 1);
	for (i = 0; i < MANY + 1; i++) {
		assert_int_equal(array[i], i);
	}
	talloc_free(array);
}

static void none(void **state)
{
	TALLOC_CTX *frame = talloc_new(NULL);
	size_t *array = array_room(frame, NULL, size_t, 0);

	assert_non_null(array);
	assert_null(array_end(frame, array, size_t, 0));
	assert_null(array_end(frame, NULL, size_t, 0));
	assert_int_equal(talloc_total_blocks(frame), 1);
	talloc_free(frame);
}

static void bytes(void **state)
{
	struct bytes b = bytes_begin(NULL);
	uint8_t *all = NULL;

	bytes_add(&b, "ab\0", 3);
	bytes_add(&b, "", 0);
	bytes_add(&b, "c", 1);
	all = bytes_end(&b);
	assert_int_equal(talloc_array_length(all), 4);
	assert_memory_equal(all, "ab\0c", 4);
	talloc_free(all);
}

static void many_bytes(void **state)
{
	struct bytes b = bytes_begin(NULL);
	unsigned lengths = 0;
	size_t length = 0;
	uint8_t *all = NULL;
	size_t i;

	for (i = 0; i < MANY + 1; i++) {
		bytes_add(&b, &(uint8_t){ (uint8_t)i }, 1);
		lengths += (talloc_array_length(b.data) != length);
		length = talloc_array_length(b.data);
	}
	assert_int_equal(lengths, 6); /* 256, 512 ... 8192 */
	all = bytes_end(&b);
	assert_int_equal(talloc_array_length(all), MANY + 1);
	for (i = 0; i < MANY + 1; i++) {
		assert_int_equal(all[i], (uint8_t)i);
	}
	talloc_free(all);
}

static void no_bytes(void **state)
{
	TALLOC_CTX *frame = talloc_new(NULL);
	struct bytes b = bytes_begin(frame);
	uint8_t *all = bytes_end(&b);

	assert_non_null(all);
	assert_int_equal(talloc_array_length(all), 0);
	assert_ptr_equal(talloc_parent(all), frame);
	assert_int_equal(talloc_total_blocks(frame), 2);
	talloc_free(frame);
}

static void no_memory(void **state)
{
	struct bytes b = { .data = NULL };

	bytes_add(&b, "a", 1);
	assert_null(b.data);
	assert_null(bytes_end(&b));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_by_one), cmocka_unit_test(none),
		cmocka_unit_test(bytes),      cmocka_unit_test(many_bytes),
		cmocka_unit_test(no_bytes),   cmocka_unit_test(no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Records of the cluster's database, as bytes.
 */

#include "record.h"

#include "unit.h"

#define COMMIT_HEAD 8

static size_t commit(uint8_t *buf, const char *name, bool there)
{
	const struct record_change change = {
		.db_id = 7,
		.vnn = 2,
		.name = name,
		.there = there,
		.rsn = 41,
		.sequence = 12,
		.sequence_rsn = 13,
	};

	return record_commit(buf, &change);
}

/* What is committed is what is read. */
static void there_and_back(void **state)
{
	uint8_t buf[RECORD_COMMIT_MAX];
	size_t len = commit(buf, "OPERATOR", true);
	struct record r;
	uint32_t head[2];
	uint32_t first;

	memcpy(head, buf, sizeof(head));
	assert_int_equal(head[0], 7);
	assert_int_equal(head[1], 2);
	memcpy(&first, buf + COMMIT_HEAD, sizeof(first));
	assert_true(record_read(buf + COMMIT_HEAD, first, &r));
	assert_int_equal(r.kind, RECORD_ALIAS);
	assert_string_equal(r.name, "OPERATOR");
	assert_true(r.there);
	assert_int_equal(r.rsn, 41);
	assert_true(record_read(buf + COMMIT_HEAD + first,
				len - COMMIT_HEAD - first, &r));
	assert_int_equal(r.kind, RECORD_SEQUENCE);
	assert_int_equal(r.sequence, 12);
	assert_int_equal(r.rsn, 13);
}

static void gone(void **state)
{
	uint8_t buf[RECORD_COMMIT_MAX];
	size_t len = commit(buf, "X", false);
	struct record r;

	assert_true(record_read(buf + COMMIT_HEAD, len - COMMIT_HEAD, &r));
	assert_int_equal(r.kind, RECORD_ALIAS);
	assert_false(r.there);
}

static void too_long(void **state)
{
	uint8_t buf[RECORD_COMMIT_MAX];
	char name[RECORD_NAME_MAX + 1];

	memset(name, 'N', RECORD_NAME_MAX);
	name[RECORD_NAME_MAX] = '\0';
	assert_int_equal(commit(buf, name, true), 0);
	name[RECORD_NAME_MAX - 1] = '\0';
	assert_in_range(commit(buf, name, true), 1, RECORD_COMMIT_MAX);
}

static void the_end(void **state)
{
	const uint8_t end[16] = { 16 };
	struct record r;

	assert_true(record_read(end, sizeof(end), &r));
	assert_int_equal(r.kind, RECORD_END);
}

static void cut_off(void **state)
{
	uint8_t buf[RECORD_COMMIT_MAX];
	struct record r;
	uint32_t first;
	uint32_t i;

	(void)commit(buf, "OPERATOR", true);
	memcpy(&first, buf + COMMIT_HEAD, sizeof(first));
	for (i = 0; i < first; i++) {
		assert_false(record_read(buf + COMMIT_HEAD, i, &r));
	}
	/* a length that is larger than all there is */
	memset(buf + COMMIT_HEAD + 8, 0xff, 4);
	assert_false(record_read(buf + COMMIT_HEAD, first, &r));
}

/* Of somebody else, or of a later version. */
static void not_ours(void **state)
{
	uint8_t buf[RECORD_COMMIT_MAX];
	struct record r;
	uint32_t first;

	(void)commit(buf, "OPERATOR", true);
	memcpy(&first, buf + COMMIT_HEAD, sizeof(first));
	buf[COMMIT_HEAD + 16]++;
	assert_true(record_read(buf + COMMIT_HEAD, first, &r));
	assert_int_equal(r.kind, RECORD_OTHER);
	buf[COMMIT_HEAD + 16]--;
	buf[COMMIT_HEAD + first - 1]++;
	assert_true(record_read(buf + COMMIT_HEAD, first, &r));
	assert_int_equal(r.kind, RECORD_OTHER);
	buf[COMMIT_HEAD + first - 1]--;
	/* an end within the name */
	buf[COMMIT_HEAD + 16 + 8] = '\0';
	assert_true(record_read(buf + COMMIT_HEAD, first, &r));
	assert_int_equal(r.kind, RECORD_OTHER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_and_back),
		cmocka_unit_test(gone),
		cmocka_unit_test(too_long),
		cmocka_unit_test(the_end),
		cmocka_unit_test(cut_off),
		cmocka_unit_test(not_ours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

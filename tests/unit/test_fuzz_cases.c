/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The inputs in tests/fuzz/corpus, each put through its target: what fuzzing
 * started from, and what it has found.
 */

#include "fuzz.h"

#include <dirent.h>

#include "unit.h"

#define CASE_MAX (64 * 1024)

static size_t read_case(const char *path, uint8_t *buf, size_t size)
{
	FILE *file = fopen(path, "re");
	size_t len;

	assert_non_null(file);
	len = fread(buf, 1, size, file);
	assert_in_range(len, 0, size - 1);
	fclose(file);
	return len;
}

/* On the heap, as long as it is: a byte too far is seen. */
static void run_case(const struct fuzz_target *target, const char *path)
{
	static uint8_t buf[CASE_MAX];
	size_t len = read_case(path, buf, sizeof(buf));
	uint8_t *data = malloc(len > 0 ? len : 1);

	assert_non_null(data);
	memcpy(data, buf, len);
	print_message("%s\n", path); /* the last one is the culprit */
	target->run(data, len);
	free(data);
}

static void run_cases(void **state)
{
	const struct fuzz_target *target = *state;
	char folder[sizeof(FUZZ_CORPUS) + 64];
	char path[sizeof(folder) + 256];
	struct dirent *entry = NULL;
	unsigned cases = 0;
	DIR *dir = NULL;

	snprintf(folder, sizeof(folder), FUZZ_CORPUS "/%s", target->name);
	dir = opendir(folder);
	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.') {
			continue;
		}
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		run_case(target, path);
		cases++;
	}
	closedir(dir);
	assert_in_range(cases, 2, 10000);
}

int main(void)
{
	struct CMUnitTest tests[16];
	size_t num = 0;

	memset(tests, 0, sizeof(tests));
	fuzz_init();
	for (; fuzz_targets[num].name != NULL; num++) {
		assert_in_range(num, 0, ARRAY_LEN(tests) - 1);
		tests[num].name = fuzz_targets[num].name;
		tests[num].test_func = run_cases;
		tests[num].initial_state =
			(void *)(uintptr_t)&fuzz_targets[num];
	}
	return _cmocka_run_group_tests("fuzz cases", tests, num, NULL, NULL);
}

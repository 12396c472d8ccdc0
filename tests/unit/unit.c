/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Short ways to say names, addresses, times and JSON.
 */

#include "unit.h"

struct wire_name wire_of(const char *name)
{
	struct wire_name wire = { { 0 } };

	assert_in_range(strlen(name), 1, MESSENGER_NAME_LEN);
	memcpy(wire.bytes, name, strlen(name));
	return wire;
}

struct in_addr ip(const char *text)
{
	struct in_addr address = { .s_addr = 0 };

	if (text[0] != '\0') {
		assert_int_equal(inet_pton(AF_INET, text, &address), 1);
	}
	return address;
}

struct timespec at(time_t seconds)
{
	return (struct timespec){ .tv_sec = 1795348800 + seconds };
}

void assert_json(json_t *json, const char *expected)
{
	const size_t flags = JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY;
	char text[4096];
	json_t *other = NULL;
	json_error_t error;
	char *got = NULL;
	char *want = NULL;
	size_t i;

	assert_in_range(strlen(expected), 1, sizeof(text) - 1);
	for (i = 0; expected[i] != '\0'; i++) {
		text[i] = (expected[i] == '\'') ? '"' : expected[i];
	}
	text[i] = '\0';
	other = json_loads(text, JSON_DECODE_ANY, &error);
	if (other == NULL) {
		fail_msg("the expected text is no JSON: %s", error.text);
	}
	assert_non_null(json);
	got = json_dumps(json, flags);
	want = json_dumps(other, flags);
	assert_non_null(got);
	assert_string_equal(got, want);
	free(got);
	free(want);
	json_decref(json);
	json_decref(other);
}

void assert_json_key(const json_t *object, const char *key,
		     const char *expected)
{
	json_t *value = json_object_get(object, key);

	if (value == NULL) {
		fail_msg("there is no '%s'", key);
	}
	assert_json(json_incref(value), expected);
}

void assert_columns(const char *text, size_t max)
{
	const char *line = text;
	size_t columns = 0;

	for (; *text != '\0'; text++) {
		if (*text == '\n') {
			columns = 0;
			line = text + 1;
			continue;
		}
		/* 0xcc begins an accent, which stands above a letter */
		columns += ((*text & 0xc0) != 0x80 && (uint8_t)*text != 0xcc);
		if (columns > max) {
			fail_msg("longer than %zu columns: %.*s", max,
				 (int)strcspn(line, "\n"), line);
		}
	}
}

/* talloc has nothing that would take its place */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

void allow_memory(TALLOC_CTX *ctx, bool enough)
{
	const size_t max = enough ? 0 : talloc_total_size(ctx);

	assert_int_equal(talloc_set_memlimit(ctx, max), 0);
}

#pragma GCC diagnostic pop

static uint64_t state;

void seed_random(uint64_t seed)
{
	const char *wish = getenv("UNIT_SEED");

	state = (wish != NULL) ? strtoull(wish, NULL, 0) : seed;
	print_message("UNIT_SEED=%llu\n", (unsigned long long)state);
}

/* SplitMix64: every seed is a good one. */
unsigned next_random(unsigned below)
{
	uint64_t z = (state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (unsigned)((z ^ (z >> 31)) % below);
}

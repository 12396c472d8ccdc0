/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The way through what is kept, and its report: whatever comes in between two
 * steps.
 */

#include "ring_report.h"

#include <string.h>

#include "allocation.h"
#include "text.h"
#include "unit.h"

struct keeper {
	uint64_t newest;
};

static uint64_t newest(const void *owner)
{
	const struct keeper *k = owner;

	return k->newest;
}

static json_t *json_at(const void *owner, uint64_t seq)
{
	return json_integer((json_int_t)seq);
}

static void add_at(const void *owner, char **text, uint64_t seq)
{
	text_add(text, "%llu.\n", (unsigned long long)seq);
}

static json_t *frame(const void *owner)
{
	return json_pack("{s:s}", "instance", "1.2");
}

static void end(const void *owner, char **text)
{
	text_add(text, "\nThat was all.\n");
}

static const struct ring_kind together = {
	.what = "things",
	.newest = newest,
	.json = json_at,
	.add = add_at,
	.frame = frame,
};

static const struct ring_kind apart = {
	.what = "things",
	.apart = true,
	.newest = newest,
	.json = json_at,
	.add = add_at,
	.frame = frame,
	.end = end,
};

static void assert_report(const struct ring_kind *kind, uint64_t last,
			  bool json, unsigned count, uint64_t after,
			  const char *want)
{
	struct keeper k = { .newest = last };
	char *text = ring_report_whole(NULL, kind, &k, json, count, after);

	assert_string_equal(text, want);
	talloc_free(text);
}

static void as_text(void **state)
{
	assert_report(&together, 0, false, 20, 0,
		      "There are no such things.\n");
	assert_report(&apart, 0, false, 20, 0,
		      "There are no such things.\n\nThat was all.\n");
	assert_report(&together, 3, false, 2, 0,
		      "Things, the oldest first\n\n2.\n3.\n");
	assert_report(&apart, 3, false, 20, 1,
		      "Things, the oldest first\n\n2.\n\n3.\n\nThat was all.\n");
	assert_report(&together, 3, false, 20, 3,
		      "There are no such things.\n");
}

static void as_json(void **state)
{
	assert_report(&apart, 0, true, 20, 0,
		      "{\"things\":[],\"instance\":\"1.2\",\"first\":1,"
		      "\"last\":0,\"schema\":1}\n");
	assert_report(&apart, RING_SIZE + 44, true, 3, 0,
		      "{\"things\":[298,299,300],\"instance\":\"1.2\","
		      "\"first\":45,\"last\":300,\"schema\":1}\n");
	assert_report(&apart, 300, true, 1000, 299,
		      "{\"things\":[300],\"instance\":\"1.2\",\"first\":45,"
		      "\"last\":300,\"schema\":1}\n");
	/* a number of another run of nmbd, which counted further */
	assert_report(&apart, 3, true, 20, 1000,
		      "{\"things\":[],\"instance\":\"1.2\",\"first\":1,"
		      "\"last\":3,\"schema\":1}\n");
}

/* So long that three of them are a step. */
static void add_long(const void *owner, char **text, uint64_t seq)
{
	text_add(text, "%4000llu.\n", (unsigned long long)seq);
}

static json_t *long_json(const void *owner, uint64_t seq)
{
	char text[4000];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	return json_string(text);
}

static const struct ring_kind lengthy = {
	.what = "things",
	.newest = newest,
	.json = long_json,
	.add = add_long,
	.frame = frame,
	.end = end,
};

/* Taken as they are made; returns how many steps that were. */
static unsigned in_steps(bool json, const char *whole)
{
	const struct keeper k = { .newest = 10 };
	struct ring_report *r =
		ring_report_begin(NULL, &lengthy, &k, json, RING_SIZE, 0);
	char *all = talloc_strdup(r, "");
	unsigned steps = 1;

	for (; ring_report_go_on(r, RING_SIZE); steps++) {
		char *some = ring_report_take(r, r);

		assert_in_range(strlen(some), 1, 3 * 4100);
		all = talloc_strdup_append(all, some);
	}
	all = talloc_strdup_append(all, ring_report_end(r, r));
	assert_string_equal(all, whole);
	talloc_free(r);
	return steps;
}

/* Of long ones there are few in a step, whatever is asked for. */
static void long_ones(void **state)
{
	const struct keeper k = { .newest = 10 };
	bool json;
	int i;

	for (i = 0; i < 2; i++) {
		char *whole = NULL;

		json = (i == 1);
		whole = ring_report_whole(NULL, &lengthy, &k, json, RING_SIZE,
					  0);
		assert_in_range(strlen(whole), 40000, 42000);
		assert_in_range(in_steps(json, whole), 4, 5);
		talloc_free(whole);
	}
}

static void what_comes_in_between(void **state)
{
	struct keeper k = { .newest = 10 };
	struct ring_report *r =
		ring_report_begin(NULL, &together, &k, true, RING_SIZE, 0);

	assert_true(ring_report_go_on(r, 4)); /* 1 to 4 */
	k.newest = RING_SIZE + 8; /* 9 is the oldest one now */
	assert_false(ring_report_go_on(r, 10));
	assert_string_equal(ring_report_end(r, r),
			    "{\"things\":[1,2,3,4,9,10],\"instance\":\"1.2\","
			    "\"first\":1,\"last\":10,\"schema\":1}\n");
	talloc_free(r);

	/* all of the rest is gone */
	r = ring_report_begin(NULL, &together, &k, true, 2, 0);
	k.newest += 2 * RING_SIZE;
	assert_false(ring_report_go_on(r, 10));
	assert_non_null(strstr(ring_report_end(r, r), "\"things\":[],"));
	talloc_free(r);
}

static void whole_without_memory(bool json)
{
	struct keeper k = { .newest = 3 };
	struct shortage s = { 0 };

	while (shortage_next(&s)) {
		char *text = NULL;

		shortage_begin(&s);
		text = ring_report_whole(NULL, &apart, &k, json, 20, 0);
		shortage_end(&s);
		assert_true(s.happened || text != NULL);
		assert_true(text == NULL || (strchr(text, '1') != NULL &&
					     strchr(text, '3') != NULL));
		talloc_free(text);
	}
}

/* All of it or nothing. */
static void without_memory(void **state)
{
	if (!shortage_possible()) {
		skip();
	}
	whole_without_memory(false);
	whole_without_memory(true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_text),
		cmocka_unit_test(as_json),
		cmocka_unit_test(long_ones),
		cmocka_unit_test(what_comes_in_between),
		cmocka_unit_test(without_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

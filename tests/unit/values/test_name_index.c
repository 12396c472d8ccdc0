/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The index of names against a plain list: entries come and go, some share a
 * name, and the index grows on the way.
 */

#include "name_index.h"

#include "unit.h"

#define ENTRIES 3000
#define NAMES	1000
#define STEPS	40000

struct thing {
	bool in;
	struct name_link link;
	struct wire_name wire;
};

static struct name_index names;
static struct thing things[ENTRIES];

static int setup(void **state)
{
	TALLOC_CTX *owner = talloc_new(NULL);
	size_t i;

	*state = owner;
	name_index_init(&names, owner, struct thing, link, wire);
	for (i = 0; i < ENTRIES; i++) {
		char name[16];

		(void)snprintf(name, sizeof(name), "N%05zu", i % NAMES);
		things[i].wire = wire_of(name);
		things[i].in = false;
	}
	return (owner != NULL) ? 0 : -1;
}

static int teardown(void **state)
{
	talloc_free(*state);
	return 0;
}

static size_t in_list(size_t name)
{
	size_t count = 0;
	size_t i;

	for (i = name; i < ENTRIES; i += NAMES) {
		count += things[i].in ? 1 : 0;
	}
	return count;
}

static size_t in_index(size_t name)
{
	const struct wire_name *wire = &things[name].wire;
	const struct thing *t = name_index_find(&names, wire);
	size_t count = 0;

	for (; t != NULL; t = name_index_next(&names, t)) {
		assert_true(t->in);
		assert_true(wire_name_equal(&t->wire, wire));
		count++;
	}
	return count;
}

static void add(size_t i)
{
	name_index_add(&names, &things[i]);
	things[i].in = true;
}

static void empty(void **state)
{
	assert_null(name_index_find(&names, &things[0].wire));
	/* and it costs nothing */
	assert_int_equal(talloc_total_blocks(*state), 1);
}

static void as_a_list(void **state)
{
	unsigned random = 1;
	size_t step;

	for (step = 0; step < STEPS; step++) {
		size_t i;

		random = random * 1103515245 + 12345;
		i = (random >> 8) % ENTRIES;
		if (things[i].in) {
			name_index_remove(&names, &things[i]);
			things[i].in = false;
		} else {
			add(i);
		}
		assert_int_equal(in_index(i % NAMES), in_list(i % NAMES));
	}
	for (step = 0; step < NAMES; step++) {
		assert_int_equal(in_index(step), in_list(step));
	}
}

/* Names that are alike do not end up in one bucket. */
static void spread(void **state)
{
	size_t longest = 0;
	size_t i;

	for (i = 0; i < NAMES; i++) {
		add(i);
	}
	for (i = 0; i < names.num; i++) {
		const struct name_link *link = names.buckets[i];
		size_t length = 0;

		for (; link != NULL; link = link->next) {
			length++;
		}
		longest = (length > longest) ? length : longest;
	}
	assert_true(longest <= 8);
}

static void the_last_comes_first(void **state)
{
	add(0);
	add(NAMES);
	assert_ptr_equal(name_index_find(&names, &things[0].wire),
			 &things[NAMES]);
	name_index_remove(&names, &things[NAMES]);
	assert_ptr_equal(name_index_find(&names, &things[0].wire), &things[0]);
}

/* Nobody is missed for the case it is written in. */
static void in_any_case(void **state)
{
	struct wire_name wire;
	size_t i;

	for (i = 0; i < NAMES; i++) {
		wire = things[i].wire;
		wire.bytes[0] = 'n';
		assert_false(name_index_may_have(&names, &wire));
		add(i);
		assert_true(name_index_may_have(&names, &wire));
		assert_true(name_index_may_have(&names, &things[i].wire));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(empty, setup, teardown),
		cmocka_unit_test_setup_teardown(as_a_list, setup, teardown),
		cmocka_unit_test_setup_teardown(spread, setup, teardown),
		cmocka_unit_test_setup_teardown(the_last_comes_first, setup,
						teardown),
		cmocka_unit_test_setup_teardown(in_any_case, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

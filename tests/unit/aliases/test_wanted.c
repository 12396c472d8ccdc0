/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The list of wanted names: several reasons for one name, order, removal.
 */

#include "wanted.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "unit.h"

static struct wanted_list *list;

static int setup(void **state)
{
	list = wanted_list_init(NULL);
	return (list != NULL) ? 0 : -1;
}

static int teardown(void **state)
{
	TALLOC_FREE(list);
	return 0;
}

static struct wanted *add(enum wanted_source source, const char *name)
{
	struct wire_name wire = wire_of(name);
	struct wanted *w = wanted_add(list, source, name, &wire);

	assert_non_null(w);
	assert_int_equal(w->source, source);
	assert_string_equal(w->name, name);
	assert_true(wire_name_equal(&w->wire, &wire));
	return w;
}

static void assert_order(const char *names)
{
	const struct wanted *w = NULL;
	char got[256] = "";

	TAILQ_FOREACH(w, &list->head, entry) {
		strcat(got, (got[0] != '\0') ? " " : "");
		strcat(got, w->name);
	}
	assert_string_equal(got, names);
}

static void kinds(void **state)
{
	assert_int_equal(wanted_kind(WANTED_COMPUTER), ALIAS_COMPUTER);
	assert_int_equal(wanted_kind(WANTED_LOGON), ALIAS_USER);
	assert_int_equal(wanted_kind(WANTED_CONFIG), ALIAS_CONFIGURED);
	assert_int_equal(wanted_kind(WANTED_REQUEST), ALIAS_ADDED);
}

static void order_by_source(void **state)
{
	add(WANTED_REQUEST, "R1");
	add(WANTED_CONFIG, "C1");
	add(WANTED_COMPUTER, "A1");
	add(WANTED_LOGON, "L1");
	add(WANTED_CONFIG, "C0");
	add(WANTED_REQUEST, "R0");
	add(WANTED_COMPUTER, "A0");
	add(WANTED_LOGON, "L0");
	assert_order("A1 A0 L1 L0 C1 C0 R1 R0");
}

/* What comes goes to the end of its part, whatever was there. */
static void order_after_removals(void **state)
{
	struct wanted *config = add(WANTED_CONFIG, "C0");
	struct wanted *last = NULL;

	add(WANTED_REQUEST, "R0");
	add(WANTED_LOGON, "L0");
	last = add(WANTED_CONFIG, "C1");
	wanted_remove(list, last);
	add(WANTED_CONFIG, "C2");
	assert_order("L0 C0 C2 R0");
	wanted_remove(list, config);
	add(WANTED_COMPUTER, "A0");
	add(WANTED_CONFIG, "C3");
	assert_order("A0 L0 C2 C3 R0");
}

static void a_part_that_is_empty(void **state)
{
	struct wanted *config = add(WANTED_CONFIG, "C0");
	struct wanted *computer = add(WANTED_COMPUTER, "A0");

	add(WANTED_REQUEST, "R0");
	wanted_remove(list, config);
	wanted_remove(list, computer);
	add(WANTED_CONFIG, "C1");
	add(WANTED_REQUEST, "R1");
	add(WANTED_COMPUTER, "A1");
	assert_order("A1 C1 R0 R1");
}

/* To look for their places from the end took seconds. */
static void many_before_many(void **state)
{
	struct timespec used = { .tv_sec = 0 };
	char name[sizeof("R00000")];
	unsigned i;

	for (i = 0; i < 60000; i++) {
		snprintf(name, sizeof(name), "%c%05u", (i < 30000) ? 'R' : 'C',
			 i);
		add((i < 30000) ? WANTED_REQUEST : WANTED_CONFIG, name);
	}
	assert_string_equal(TAILQ_FIRST(&list->head)->name, "C30000");
	assert_int_equal(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used), 0);
	assert_int_equal(used.tv_sec, 0);
}

static void one_source_twice(void **state)
{
	struct wanted *w = add(WANTED_CONFIG, "OPERATOR");

	w->refused = true;
	assert_ptr_equal(add(WANTED_CONFIG, "OPERATOR"), w);
	/* nothing about it was forgotten */
	assert_true(w->refused);
	assert_order("OPERATOR");
}

static void several_sources(void **state)
{
	struct wire_name wire = wire_of("OPERATOR");
	struct wanted *request = add(WANTED_REQUEST, "OPERATOR");
	struct wanted *config = add(WANTED_CONFIG, "OPERATOR");
	struct wanted *logon = add(WANTED_LOGON, "OPERATOR");

	add(WANTED_COMPUTER, "ALPHA");
	assert_order("ALPHA OPERATOR OPERATOR OPERATOR");
	assert_ptr_equal(wanted_find(list, WANTED_LOGON, &wire), logon);
	assert_ptr_equal(wanted_find(list, WANTED_CONFIG, &wire), config);
	assert_ptr_equal(wanted_find(list, WANTED_REQUEST, &wire), request);
	assert_null(wanted_find(list, WANTED_COMPUTER, &wire));

	/* the first reason gives the kind; the name goes with the last one */
	assert_ptr_equal(wanted_any(list, &wire), logon);
	wanted_remove(list, logon);
	assert_ptr_equal(wanted_any(list, &wire), config);
	wanted_remove(list, config);
	assert_ptr_equal(wanted_any(list, &wire), request);
	wanted_remove(list, request);
	assert_null(wanted_any(list, &wire));
	assert_order("ALPHA");
}

static void names_are_told_apart(void **state)
{
	struct wire_name wire = wire_of("OPERATO");

	add(WANTED_CONFIG, "OPERATOR");
	assert_null(wanted_any(list, &wire));
	assert_null(wanted_find(list, WANTED_CONFIG, &wire));
}

static void removal_frees(void **state)
{
	struct wanted *first = add(WANTED_CONFIG, "FIRST");
	struct wanted *second = add(WANTED_CONFIG, "SECOND");
	struct wanted *third = add(WANTED_CONFIG, "THIRD");

	wanted_remove(list, second);
	assert_order("FIRST THIRD");
	wanted_remove(list, first);
	wanted_remove(list, third);
	assert_order("");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kinds),
		cmocka_unit_test_setup_teardown(order_by_source, setup,
						teardown),
		cmocka_unit_test_setup_teardown(order_after_removals, setup,
						teardown),
		cmocka_unit_test_setup_teardown(a_part_that_is_empty, setup,
						teardown),
		cmocka_unit_test_setup_teardown(many_before_many, setup,
						teardown),
		cmocka_unit_test_setup_teardown(one_source_twice, setup,
						teardown),
		cmocka_unit_test_setup_teardown(several_sources, setup,
						teardown),
		cmocka_unit_test_setup_teardown(names_are_told_apart, setup,
						teardown),
		cmocka_unit_test_setup_teardown(removal_frees, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

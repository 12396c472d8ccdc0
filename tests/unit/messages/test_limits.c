/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How many messages are let in, of one sender and of all.
 */

#include "limits.h"
#include "unit.h"

/* Returns how many of so many are let in. */
static unsigned let_in(struct limits *limits, const char *address,
		       unsigned number, uint64_t now)
{
	unsigned let = 0;

	while (number-- > 0) {
		let += limits_let_in(limits, address, now) ? 1 : 0;
	}
	return let;
}

static void of_one(void **state)
{
	struct limits *limits = limits_init(NULL);

	assert_int_equal(let_in(limits, "10.0.0.1", LIMIT_ADDRESS_BURST, 5),
			 LIMIT_ADDRESS_BURST);
	assert_int_equal(let_in(limits, "10.0.0.1", 10, 5), 0);
	assert_int_equal(let_in(limits, "10.0.0.2", 1, 5), 1);
	/* a second later, and long after */
	assert_int_equal(let_in(limits, "10.0.0.1", 10, 6),
			 LIMIT_ADDRESS_SECOND);
	assert_int_equal(let_in(limits, "10.0.0.1", 1000, 1000),
			 LIMIT_ADDRESS_BURST);
	talloc_free(limits);
}

/* Who has no address is local: all of them are one. */
static void of_the_local_ones(void **state)
{
	struct limits *limits = limits_init(NULL);

	assert_int_equal(let_in(limits, "", 1000, 5), LIMIT_ADDRESS_BURST);
	assert_int_equal(let_in(limits, "10.0.0.1", 1, 5), 1);
	assert_int_equal(let_in(limits, "", 10, 5), 0);
	assert_int_equal(let_in(limits, "", 10, 6), LIMIT_ADDRESS_SECOND);
	talloc_free(limits);
}

static void of_all(void **state)
{
	struct limits *limits = limits_init(NULL);
	char address[20];
	unsigned let = 0;
	unsigned i;

	for (i = 0; i < 100; i++) {
		snprintf(address, sizeof(address), "10.0.1.%u", i);
		let += let_in(limits, address, 10, 5);
	}
	assert_int_equal(let, LIMIT_ALL_BURST);
	assert_int_equal(let_in(limits, "10.0.0.1", 10, 6), LIMIT_ALL_SECOND);
	talloc_free(limits);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_one),
		cmocka_unit_test(of_the_local_ones),
		cmocka_unit_test(of_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

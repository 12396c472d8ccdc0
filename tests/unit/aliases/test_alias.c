/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The alias table: order, duplicates, limit, subnets and what they say
 * together.
 */

#include "alias.h"

#include "unit.h"

static const struct in_addr nobody = { .s_addr = 0 };

static int setup(void **state)
{
	*state = alias_table_init(NULL, 256);
	return (*state != NULL) ? 0 : -1;
}

static int teardown(void **state)
{
	talloc_free(*state);
	return 0;
}

static enum messenger_code try_add(struct alias_table *table,
				   enum alias_kind kind, const char *name)
{
	struct wire_name wire = wire_of(name);
	struct alias *const untouched = (struct alias *)&wire;
	struct alias *a = untouched;
	enum messenger_code code =
		alias_add(table, kind, name, &wire, at(0), &a);

	if (code != NERR_Success) {
		assert_ptr_equal(a, untouched);
	}
	return code;
}

static struct alias *add(struct alias_table *table, enum alias_kind kind,
			 const char *name)
{
	struct wire_name wire = wire_of(name);
	struct alias *a = NULL;

	assert_int_equal(alias_add(table, kind, name, &wire, at(0), &a),
			 NERR_Success);
	assert_non_null(a);
	return a;
}

static void assert_order(const struct alias_table *table, const char *names)
{
	const struct alias *a = NULL;
	char got[256] = "";
	size_t num = 0;

	for (a = alias_first(table); a != NULL; a = alias_next(a)) {
		strcat(got, (num > 0) ? " " : "");
		strcat(got, a->name);
		num++;
	}
	assert_string_equal(got, names);
	assert_int_equal(alias_table_count(table), num);
}

static void empty_table(void **state)
{
	struct alias_table *table = *state;
	struct wire_name wire = wire_of("ALPHA");

	assert_null(alias_first(table));
	assert_null(alias_find(table, &wire));
	assert_int_equal(alias_table_count(table), 0);
}

static void new_alias(void **state)
{
	struct alias_table *table = *state;
	struct wire_name wire = wire_of("ALPHA");
	char name[] = "ALPHA";
	struct alias *a = NULL;

	assert_int_equal(alias_add(table, ALIAS_COMPUTER, name, &wire, at(7),
				   &a),
			 NERR_Success);
	name[0] = 'X'; /* the table has its own copy */
	assert_string_equal(a->name, "ALPHA");
	assert_true(wire_name_equal(&a->wire, &wire));
	assert_int_equal(a->kind, ALIAS_COMPUTER);
	assert_int_equal(a->state, ALIAS_REGISTERING);
	assert_int_equal(a->since.tv_sec, at(7).tv_sec);
	assert_int_equal(a->num_subnets, 0);
	assert_ptr_equal(alias_find(table, &wire), a);
	assert_int_equal(alias_table_count(table), 1);
}

static void order(void **state)
{
	struct alias_table *table = *state;

	add(table, ALIAS_ADDED, "ADDED1");
	add(table, ALIAS_COMPUTER, "COMPUTER1");
	add(table, ALIAS_USER, "USER1");
	assert_order(table, "COMPUTER1 USER1 ADDED1");
	add(table, ALIAS_COMPUTER, "COMPUTER2");
	add(table, ALIAS_ADDED, "ADDED2");
	add(table, ALIAS_USER, "USER2");
	/* first come, first served: not sorted by name */
	add(table, ALIAS_ADDED, "ADDED0");
	assert_order(table, "COMPUTER1 COMPUTER2 USER1 USER2 ADDED1 ADDED2 "
			    "ADDED0");
}

static void removal(void **state)
{
	struct alias_table *table = *state;
	struct alias *first = add(table, ALIAS_ADDED, "FIRST");
	struct alias *second = add(table, ALIAS_ADDED, "SECOND");
	struct alias *third = add(table, ALIAS_ADDED, "THIRD");
	struct wire_name wire = wire_of("SECOND");

	alias_remove(table, second);
	assert_order(table, "FIRST THIRD");
	assert_null(alias_find(table, &wire));
	alias_remove(table, first);
	alias_remove(table, third);
	assert_order(table, "");
	/* freed, not only unlinked; the table keeps its index */
	assert_int_equal(talloc_total_blocks(table), 2);
	add(table, ALIAS_ADDED, "SECOND");
	assert_order(table, "SECOND");
}

static void duplicates(void **state)
{
	struct alias_table *table = *state;

	add(table, ALIAS_ADDED, "OPERATOR");
	assert_int_equal(try_add(table, ALIAS_ADDED, "OPERATOR"),
			 NERR_AlreadyExists);
	/* one name, one alias: the kind makes no difference */
	assert_int_equal(try_add(table, ALIAS_COMPUTER, "OPERATOR"),
			 NERR_AlreadyExists);
	assert_int_equal(try_add(table, ALIAS_USER, "OPERATOR"),
			 NERR_AlreadyExists);
	assert_order(table, "OPERATOR");
	/* a beginning of it is another name */
	assert_int_equal(try_add(table, ALIAS_ADDED, "OPERATO"), NERR_Success);
}

static void limit(void **state)
{
	struct alias_table *table = *state;
	struct wire_name wire = wire_of("ADDED1");

	alias_table_set_max(table, 2);
	add(table, ALIAS_ADDED, "ADDED1");
	add(table, ALIAS_USER, "USER1");
	assert_int_equal(try_add(table, ALIAS_ADDED, "ADDED2"),
			 NERR_TooManyNames);
	assert_int_equal(try_add(table, ALIAS_USER, "USER2"),
			 NERR_TooManyNames);
	/* the computer has its names whatever the limit is */
	add(table, ALIAS_COMPUTER, "COMPUTER1");
	add(table, ALIAS_COMPUTER, "COMPUTER2");
	assert_int_equal(try_add(table, ALIAS_ADDED, "ADDED2"),
			 NERR_TooManyNames);
	/* what is there already is said first */
	assert_int_equal(try_add(table, ALIAS_ADDED, "ADDED1"),
			 NERR_AlreadyExists);
	/* the place of a removed one is free again */
	alias_remove(table, alias_find(table, &wire));
	add(table, ALIAS_ADDED, "ADDED2");
	assert_order(table, "COMPUTER1 COMPUTER2 USER1 ADDED2");
}

static void limit_changes(void **state)
{
	struct alias_table *table = *state;
	struct wire_name wire = wire_of("COMPUTER1");

	add(table, ALIAS_COMPUTER, "COMPUTER1");
	add(table, ALIAS_ADDED, "ADDED1");
	add(table, ALIAS_ADDED, "ADDED2");
	/* what is in stays in */
	alias_table_set_max(table, 1);
	assert_order(table, "COMPUTER1 ADDED1 ADDED2");
	assert_int_equal(try_add(table, ALIAS_ADDED, "ADDED3"),
			 NERR_TooManyNames);
	/* a computer name that goes makes no room for another kind */
	alias_remove(table, alias_find(table, &wire));
	assert_int_equal(try_add(table, ALIAS_ADDED, "ADDED3"),
			 NERR_TooManyNames);
	alias_table_set_max(table, 3);
	add(table, ALIAS_ADDED, "ADDED3");
	alias_table_set_max(table, 0);
	assert_int_equal(try_add(table, ALIAS_USER, "USER1"),
			 NERR_TooManyNames);
}

static void state_and_since(void **state)
{
	struct alias *a = add(*state, ALIAS_ADDED, "OPERATOR");

	alias_set_state(a, ALIAS_REGISTERED, at(5));
	assert_int_equal(a->state, ALIAS_REGISTERED);
	assert_int_equal(a->since.tv_sec, at(5).tv_sec);
	/* no change, no new time */
	alias_set_state(a, ALIAS_REGISTERED, at(9));
	assert_int_equal(a->since.tv_sec, at(5).tv_sec);
	alias_set_state(a, ALIAS_WAITING, at(10));
	assert_int_equal(a->state, ALIAS_WAITING);
	assert_int_equal(a->since.tv_sec, at(10).tv_sec);
}

static void assert_subnets(const struct alias *a, const char *want)
{
	char got[256] = "";
	size_t i;

	for (i = 0; i < a->num_subnets; i++) {
		const struct alias_subnet *s = &a->subnets[i];

		snprintf(got + strlen(got), sizeof(got) - strlen(got),
			 "%s%s=%s", (i > 0) ? " " : "", s->subnet,
			 alias_state_str(s->state));
	}
	assert_string_equal(got, want);
}

static void subnet_set(void **state)
{
	struct alias *a = add(*state, ALIAS_ADDED, "OPERATOR");
	char subnet[] = "10.0.0.1";
	struct alias_subnet *s = NULL;

	assert_null(alias_subnet_find(a, subnet));
	assert_true(alias_subnet_set(a, subnet, ALIAS_REGISTERING, 0, nobody));
	subnet[7] = '2'; /* the alias has its own copy */
	assert_true(alias_subnet_set(a, subnet, ALIAS_REGISTERED, 0, nobody));
	assert_subnets(a, "10.0.0.1=registering 10.0.0.2=registered");

	/* over an older one */
	assert_true(alias_subnet_set(a, "10.0.0.1", ALIAS_REFUSED, 6,
				     ip("10.0.0.9")));
	assert_subnets(a, "10.0.0.1=refused 10.0.0.2=registered");
	s = alias_subnet_find(a, "10.0.0.1");
	assert_non_null(s);
	assert_int_equal(s->rcode, 6);
	assert_int_equal(s->holder.s_addr, ip("10.0.0.9").s_addr);
	assert_true(
		alias_subnet_set(a, "10.0.0.1", ALIAS_REGISTERED, 0, nobody));
	s = alias_subnet_find(a, "10.0.0.1");
	assert_int_equal(s->rcode, 0);
	assert_int_equal(s->holder.s_addr, 0);
	assert_null(alias_subnet_find(a, "10.0.0"));
	assert_null(alias_subnet_find(a, "10.0.0.10"));
}

static void subnet_remove(void **state)
{
	struct alias *a = add(*state, ALIAS_ADDED, "OPERATOR");
	const size_t blocks = talloc_total_blocks(a);

	alias_subnet_set(a, "A", ALIAS_REGISTERED, 0, nobody);
	alias_subnet_set(a, "B", ALIAS_REGISTERING, 0, nobody);
	alias_subnet_set(a, "C", ALIAS_REFUSED, 5, nobody);
	alias_subnet_remove(a, "none of them");
	assert_subnets(a, "A=registered B=registering C=refused");
	alias_subnet_remove(a, "B");
	assert_subnets(a, "A=registered C=refused");
	assert_int_equal(alias_subnet_find(a, "C")->rcode, 5);
	alias_subnet_remove(a, "C");
	assert_subnets(a, "A=registered");
	alias_subnet_remove(a, "A");
	assert_subnets(a, "");
	assert_int_equal(a->num_subnets, 0);
	/* their names went with them */
	assert_int_equal(talloc_total_blocks(a), blocks);
	alias_subnet_remove(a, "A");
	alias_subnet_set(a, "A", ALIAS_REGISTERED, 0, nobody);
	assert_subnets(a, "A=registered");
}

static void subnet_keep_refused(void **state)
{
	struct alias *a = add(*state, ALIAS_ADDED, "OPERATOR");

	alias_subnet_keep_refused(a);
	assert_subnets(a, "");
	alias_subnet_set(a, "A", ALIAS_REGISTERED, 0, nobody);
	alias_subnet_set(a, "B", ALIAS_REFUSED, 6, ip("10.0.0.9"));
	alias_subnet_set(a, "C", ALIAS_REGISTERING, 0, nobody);
	alias_subnet_set(a, "D", ALIAS_REFUSED, 5, ip("10.0.0.8"));
	alias_subnet_set(a, "E", ALIAS_WAITING, 0, nobody);
	alias_subnet_keep_refused(a);
	assert_subnets(a, "B=refused D=refused");
	assert_int_equal(alias_subnet_find(a, "B")->rcode, 6);
	assert_int_equal(alias_subnet_find(a, "D")->holder.s_addr,
			 ip("10.0.0.8").s_addr);
	alias_subnet_set(a, "B", ALIAS_REGISTERED, 0, nobody);
	alias_subnet_set(a, "D", ALIAS_REGISTERED, 0, nobody);
	alias_subnet_keep_refused(a);
	assert_int_equal(a->num_subnets, 0);
}

static void verdicts(void **state)
{
	struct alias *a = add(*state, ALIAS_ADDED, "OPERATOR");

	/* nowhere is not everywhere */
	assert_int_equal(alias_verdict(a), ALIAS_REGISTERING);
	alias_subnet_set(a, "A", ALIAS_REGISTERED, 0, nobody);
	assert_int_equal(alias_verdict(a), ALIAS_REGISTERED);
	alias_subnet_set(a, "B", ALIAS_REGISTERING, 0, nobody);
	assert_int_equal(alias_verdict(a), ALIAS_REGISTERING);
	alias_subnet_set(a, "C", ALIAS_REGISTERED, 0, nobody);
	assert_int_equal(alias_verdict(a), ALIAS_REGISTERING);
	alias_subnet_set(a, "B", ALIAS_REGISTERED, 0, nobody);
	assert_int_equal(alias_verdict(a), ALIAS_REGISTERED);
	/* one refusal is enough, whatever stands before or after it */
	alias_subnet_set(a, "C", ALIAS_REFUSED, 6, nobody);
	assert_int_equal(alias_verdict(a), ALIAS_REFUSED);
	alias_subnet_set(a, "A", ALIAS_REGISTERING, 0, nobody);
	assert_int_equal(alias_verdict(a), ALIAS_REFUSED);
	alias_subnet_set(a, "C", ALIAS_REGISTERED, 0, nobody);
	assert_int_equal(alias_verdict(a), ALIAS_REGISTERING);
	/* what waits is left out */
	alias_subnet_wait(a, "A", "Network is unreachable");
	assert_int_equal(alias_verdict(a), ALIAS_REGISTERED);
}

/* What it waits for is kept with it, and no longer. */
static void subnet_wait(void **state)
{
	struct alias *a = add(*state, ALIAS_ADDED, "OPERATOR");
	const size_t blocks = talloc_total_blocks(a);
	char reason[] = "Network is unreachable";

	assert_null(alias_reason(a));
	alias_subnet_set(a, "A", ALIAS_REFUSED, 6, ip("10.0.0.9"));
	assert_true(alias_subnet_wait(a, "A", reason));
	reason[0] = 'X'; /* it has its own copy */
	assert_subnets(a, "A=waiting");
	assert_string_equal(alias_subnet_find(a, "A")->reason,
			    "Network is unreachable");
	/* what was known of a refusal is of another state */
	assert_int_equal(alias_subnet_find(a, "A")->rcode, 0);
	assert_int_equal(alias_subnet_find(a, "A")->holder.s_addr, 0);
	assert_string_equal(alias_reason(a), "Network is unreachable");

	/* the first one is told */
	assert_true(alias_subnet_wait(a, "B", "No buffer space available"));
	assert_string_equal(alias_reason(a), "Network is unreachable");
	assert_true(alias_subnet_wait(a, "A", "Operation not permitted"));
	assert_string_equal(alias_reason(a), "Operation not permitted");
	assert_true(alias_subnet_set(a, "A", ALIAS_REGISTERING, 0, nobody));
	assert_null(alias_subnet_find(a, "A")->reason);
	assert_string_equal(alias_reason(a), "No buffer space available");
	alias_subnet_remove(a, "B");
	alias_subnet_wait(a, "A", "Network is unreachable");
	alias_subnet_remove(a, "A");
	assert_int_equal(talloc_total_blocks(a), blocks);
}

static void forget_all(struct alias *a)
{
	while (a->num_subnets > 0) {
		alias_subnet_remove(a, a->subnets[0].subnet);
	}
}

static enum alias_state verdict_of(struct alias *a, const char *subnets)
{
	static const enum alias_state states[] = {
		['g'] = ALIAS_REGISTERING, ['d'] = ALIAS_REGISTERED,
		['f'] = ALIAS_REFUSED,	   ['w'] = ALIAS_WAITING,
		['s'] = ALIAS_REFUSED,
	};
	enum alias_state verdict;
	const char *p = NULL;

	forget_all(a);
	for (p = subnets; *p != '\0'; p += 2) {
		char name[] = { *p, '\0' };
		const char *subnet = (*p == 'W') ? "UNICAST_SUBNET" : name;

		if (p[1] == 'w') {
			alias_subnet_wait(a, subnet, "reason");
		} else {
			alias_subnet_set(a, subnet, states[(int)p[1]], 0,
					 nobody);
		}
		if (p[1] == 's') {
			alias_subnet_find(a, subnet)->record = ip("10.0.0.7");
		}
	}
	verdict = alias_verdict(a);
	forget_all(a);
	return verdict;
}

/*
 * A and B are broadcast subnets, W is WINS; g registering, d registered, f
 * refused, w waiting, s refused for a record that nobody stands behind.
 */
static void verdicts_with_waiting_and_wins(void **state)
{
	static const struct {
		const char *subnets;
		enum alias_state verdict;
	} cases[] = {
		{ "", ALIAS_REGISTERING },
		/* what waits is left out, unless all does */
		{ "Aw", ALIAS_WAITING },
		{ "AwBw", ALIAS_WAITING },
		{ "AwBg", ALIAS_REGISTERING },
		{ "AwBd", ALIAS_REGISTERED },
		{ "AdBw", ALIAS_REGISTERED },
		{ "AwBf", ALIAS_REFUSED },
		/* WINS follows behind, whatever it does */
		{ "AdWg", ALIAS_REGISTERED },
		{ "WgAd", ALIAS_REGISTERED },
		{ "AdWw", ALIAS_REGISTERED },
		{ "AdWd", ALIAS_REGISTERED },
		{ "AdWs", ALIAS_REGISTERED },
		{ "AgWd", ALIAS_REGISTERING },
		{ "AgWw", ALIAS_REGISTERING },
		{ "AgWs", ALIAS_REGISTERING },
		/* but for a refusal, which has a living owner behind it */
		{ "AdWf", ALIAS_REFUSED },
		{ "WfAd", ALIAS_REFUSED },
		{ "AgWf", ALIAS_REFUSED },
		/* it is waited for where it is all there is */
		{ "Wg", ALIAS_REGISTERING },
		{ "Wd", ALIAS_REGISTERED },
		{ "Ww", ALIAS_WAITING },
		{ "Ws", ALIAS_REGISTERING },
		{ "Wf", ALIAS_REFUSED },
		{ "AwWg", ALIAS_REGISTERING },
		{ "AwWd", ALIAS_REGISTERED },
		{ "AwWw", ALIAS_WAITING },
		{ "AwWs", ALIAS_WAITING },
	};
	struct alias *a = add(*state, ALIAS_ADDED, "OPERATOR");
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++) {
		if (verdict_of(a, cases[i].subnets) != cases[i].verdict) {
			fail_msg("'%s' is not %s", cases[i].subnets,
				 alias_state_str(cases[i].verdict));
		}
	}
}

static void name_of_wins(void **state)
{
	assert_true(alias_subnet_is_wins("UNICAST_SUBNET"));
	assert_false(alias_subnet_is_wins("UNICAST_SUBNE"));
	assert_false(alias_subnet_is_wins("10.0.0.1"));
	assert_false(alias_subnet_is_wins(""));
}

/* A stale record goes with the others: no computer has refused it. */
static void keep_refused_without_stale(void **state)
{
	struct alias *a = add(*state, ALIAS_ADDED, "OPERATOR");

	alias_subnet_set(a, "A", ALIAS_REFUSED, 6, ip("10.0.0.9"));
	alias_subnet_set(a, "UNICAST_SUBNET", ALIAS_REFUSED, 5, nobody);
	alias_subnet_find(a, "UNICAST_SUBNET")->record = ip("10.0.0.7");
	alias_subnet_wait(a, "B", "reason");
	alias_subnet_keep_refused(a);
	assert_subnets(a, "A=refused");
}

/* What was learnt of a holder goes with the refusal it was about. */
static void subnet_details(void **state)
{
	struct alias *a = add(*state, ALIAS_ADDED, "OPERATOR");
	size_t blocks;

	alias_subnet_set(a, "A", ALIAS_REFUSED, 6, ip("10.0.0.9"));
	alias_subnet_set(a, "B", ALIAS_REFUSED, 6, ip("10.0.0.9"));
	blocks = talloc_total_blocks(a);
	a->subnets[0].details = talloc_zero(a, struct holder);
	alias_subnet_set(a, "A", ALIAS_REGISTERED, 0, nobody);
	assert_null(a->subnets[0].details);
	assert_int_equal(talloc_total_blocks(a), blocks);

	a->subnets[0].details = talloc_zero(a, struct holder);
	alias_subnet_remove(a, "A");
	/* and the array, as the one that is left is part of the alias */
	assert_int_equal(talloc_total_blocks(a), blocks - 1);
	assert_subnets(a, "B=refused");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(empty_table, setup, teardown),
		cmocka_unit_test_setup_teardown(new_alias, setup, teardown),
		cmocka_unit_test_setup_teardown(order, setup, teardown),
		cmocka_unit_test_setup_teardown(removal, setup, teardown),
		cmocka_unit_test_setup_teardown(duplicates, setup, teardown),
		cmocka_unit_test_setup_teardown(limit, setup, teardown),
		cmocka_unit_test_setup_teardown(limit_changes, setup, teardown),
		cmocka_unit_test_setup_teardown(state_and_since, setup,
						teardown),
		cmocka_unit_test_setup_teardown(subnet_set, setup, teardown),
		cmocka_unit_test_setup_teardown(subnet_remove, setup, teardown),
		cmocka_unit_test_setup_teardown(subnet_keep_refused, setup,
						teardown),
		cmocka_unit_test_setup_teardown(verdicts, setup, teardown),
		cmocka_unit_test_setup_teardown(subnet_wait, setup, teardown),
		cmocka_unit_test_setup_teardown(verdicts_with_waiting_and_wins,
						setup, teardown),
		cmocka_unit_test_setup_teardown(keep_refused_without_stale,
						setup, teardown),
		cmocka_unit_test(name_of_wins),
		cmocka_unit_test_setup_teardown(subnet_details, setup,
						teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Which node of a cluster holds the names on a net.
 */

#include "members.h"

#include "unit.h"

#define SECOND	1000000u
#define MASK	"255.255.255.0"
#define NODES	3
#define DISABLED 0x04u

static struct members *m;
static struct ctdb_node nodes[NODES];
static struct hello hellos[NODES];
static uint64_t now;

/* Node i has 10.0.0.<i + 1>, and is known by 192.168.0.<i + 1>. */
static int setup(void **state)
{
	char text[INET_ADDRSTRLEN];
	unsigned i;

	now = 100 * SECOND;
	m = members_init(NULL, now);
	assert_non_null(m);
	memset(hellos, 0, sizeof(hellos));
	for (i = 0; i < NODES; i++) {
		(void)snprintf(text, sizeof(text), "192.168.0.%u", i + 1);
		nodes[i] = (struct ctdb_node){ .vnn = i, .address = ip(text) };
		hellos[i].version = HELLO_VERSION;
		hellos[i].vnn = i;
		hellos[i].computer = wire_of("CLUST");
		hellos[i].ready = true;
		hellos[i].num_nets = 1;
		(void)snprintf(text, sizeof(text), "10.0.0.%u", i + 1);
		hellos[i].nets[0].address = ip(text);
		hellos[i].nets[0].mask = ip(MASK);
	}
	return 0;
}

static int teardown(void **state)
{
	TALLOC_FREE(m);
	return 0;
}

/* What the node of this number knows of the others. */
static void know(unsigned self)
{
	unsigned i;

	members_self(m, self, &hellos[self]);
	members_nodes(m, nodes, NODES, now);
	for (i = 0; i < NODES; i++) {
		if (i != self) {
			members_heard(m, i, &hellos[i], now);
		}
	}
}

static void assert_place(unsigned self, enum members_place place, unsigned vnn)
{
	struct members_holder holder = { .vnn = 0 };

	assert_int_equal(members_place(m, &hellos[self].nets[0], now, &holder),
			 place);
	if (place == MEMBERS_STAND_BY) {
		assert_int_equal(holder.vnn, vnn);
		assert_int_equal(holder.address.s_addr,
				 hellos[vnn].nets[0].address.s_addr);
	}
}

static void the_lowest(void **state)
{
	know(0);
	assert_place(0, MEMBERS_HOLD, 0);
	assert_int_equal(members_count(m, now), 2);
}

static void not_the_lowest(void **state)
{
	know(1);
	assert_place(1, MEMBERS_STAND_BY, 0);
	assert_int_equal(members_place(m, NULL, now,
				       &(struct members_holder){ .vnn = 9 }),
			 MEMBERS_STAND_BY);
}

static void assert_writes(unsigned self, enum members_place place, unsigned vnn)
{
	struct members_holder holder = { .vnn = 0 };

	assert_int_equal(members_place(m, NULL, now, &holder), place);
	if (place == MEMBERS_STAND_BY) {
		assert_int_equal(holder.vnn, vnn);
	}
	assert_place(self, place, vnn);
}

/* In WINS it is no other node than on the only net. */
static void wins_follows_the_public_address(void **state)
{
	hellos[1].nets[0].is_public = true;
	know(0);
	assert_writes(0, MEMBERS_STAND_BY, 1);
}

static void wins_follows_who_holds(void **state)
{
	hellos[0].wins = true;
	hellos[1].nets[0].holds = true;
	know(0);
	assert_writes(0, MEMBERS_STAND_BY, 1);
}

static void wins_is_not_taken_before_it_is_given_up(void **state)
{
	struct members_holder holder = { .vnn = 9 };

	hellos[0].wins = true;
	hellos[1].nets[0].holds = true;
	know(1);
	assert_place(1, MEMBERS_HOLD, 1);
	assert_int_equal(members_place(m, NULL, now, &holder),
			 MEMBERS_STAND_BY);
	assert_int_equal(holder.vnn, 0);
	hellos[0].wins = false;
	members_heard(m, 0, &hellos[0], now);
	assert_writes(1, MEMBERS_HOLD, 1);
}

/* Nothing is decided before those that CTDB knows were heard. */
static void undecided(void **state)
{
	members_self(m, 0, &hellos[0]);
	assert_place(0, MEMBERS_UNDECIDED, 0);
	members_nodes(m, nodes, NODES, now);
	assert_place(0, MEMBERS_UNDECIDED, 0);
	members_heard(m, 1, &hellos[1], now);
	assert_place(0, MEMBERS_UNDECIDED, 0);
	now += MEMBERS_PATIENCE_USEC;
	assert_place(0, MEMBERS_HOLD, 0);
}

static void nobody_to_wait_for(void **state)
{
	nodes[1].flags = CTDB_NODE_DISCONNECTED;
	nodes[2].flags = CTDB_NODE_DELETED;
	members_self(m, 0, &hellos[0]);
	members_nodes(m, nodes, NODES, now);
	assert_place(0, MEMBERS_HOLD, 0);
}

/* ctdbd does not say anything: better than no names at all. */
static void alone(void **state)
{
	now += MEMBERS_ALONE_USEC - 1;
	assert_place(0, MEMBERS_UNDECIDED, 0);
	now++;
	assert_place(0, MEMBERS_HOLD, 0);
}

/* Whoever holds them keeps them when a lower number comes back. */
static void who_holds_keeps(void **state)
{
	hellos[1].nets[0].holds = true;
	know(1);
	assert_place(1, MEMBERS_HOLD, 1);
	know(0);
}

static void who_comes_back_stands_by(void **state)
{
	hellos[1].nets[0].holds = true;
	know(0);
	assert_place(0, MEMBERS_STAND_BY, 1);
}

static void of_two_that_hold_the_lowest(void **state)
{
	hellos[0].nets[0].holds = true;
	hellos[1].nets[0].holds = true;
	know(1);
	assert_place(1, MEMBERS_STAND_BY, 0);
}

/* The one before it gives them up first. */
static void taken_when_given_up(void **state)
{
	hellos[1].nets[0].holds = true;
	nodes[1].flags = DISABLED;
	know(0);
	assert_place(0, MEMBERS_STAND_BY, 1);
	hellos[1].nets[0].holds = false;
	members_heard(m, 1, &hellos[1], now);
	assert_place(0, MEMBERS_HOLD, 0);
}

static void disabled(void **state)
{
	hellos[0].nets[0].holds = true;
	nodes[0].flags = DISABLED;
	know(0);
	assert_place(0, MEMBERS_STAND_BY, 1);
	/* all of them: better than nobody */
	nodes[1].flags = DISABLED;
	nodes[2].flags = DISABLED;
	members_nodes(m, nodes, NODES, now);
	assert_place(0, MEMBERS_HOLD, 0);
}

static void dead(void **state)
{
	hellos[0].nets[0].holds = true;
	know(1);
	assert_place(1, MEMBERS_STAND_BY, 0);
	nodes[0].flags = CTDB_NODE_DISCONNECTED;
	members_nodes(m, nodes, NODES, now);
	assert_place(1, MEMBERS_HOLD, 1);
	/* its address is the cluster's all the same */
	assert_true(members_have(m, ip("10.0.0.1")));
}

static void silent(void **state)
{
	hellos[0].nets[0].holds = true;
	know(1);
	now += MEMBERS_SILENCE_USEC - 1;
	members_heard(m, 2, &hellos[2], now);
	assert_place(1, MEMBERS_STAND_BY, 0);
	now++;
	assert_place(1, MEMBERS_HOLD, 1);
	assert_int_equal(members_count(m, now), 1);
}

static void stopped(void **state)
{
	hellos[0].ready = false;
	know(1);
	assert_place(1, MEMBERS_HOLD, 1);
}

static void of_another_name(void **state)
{
	hellos[0].computer = wire_of("OTHER");
	know(1);
	assert_place(1, MEMBERS_HOLD, 1);
}

static void on_another_net(void **state)
{
	hellos[0].nets[0].address = ip("10.0.1.1");
	know(1);
	assert_place(1, MEMBERS_HOLD, 1);
}

/* Messages come to the public address. */
static void where_the_public_address_is(void **state)
{
	const struct ctdb_address address = {
		.vnn = 1,
		.address = ip("10.0.0.100"),
	};

	hellos[0].nets[0].holds = true;
	hellos[1].num_nets = 2;
	hellos[1].nets[1].address = address.address;
	hellos[1].nets[1].mask = ip(MASK);
	hellos[1].nets[1].is_public = true;
	know(0);
	members_public(m, &address, 1);
	assert_false(members_is_public(m, &hellos[0].nets[0]));
	assert_true(members_have(m, address.address));
	assert_int_equal(members_place(m, &hellos[0].nets[0], now,
				       &(struct members_holder){ .vnn = 0 }),
			 MEMBERS_STAND_BY);
}

static void a_public_address_of_ours(void **state)
{
	const struct ctdb_address address = {
		.vnn = 1,
		.address = ip("10.0.0.100"),
	};

	know(1);
	members_public(m, &address, 1);
	assert_true(members_is_public(m, &hellos[1].nets[0]));
	hellos[1].nets[0].address = ip("10.0.1.2");
	assert_false(members_is_public(m, &hellos[1].nets[0]));
	hellos[1].nets[0].address = ip("10.0.0.2");
	members_public(m, NULL, 0);
	assert_false(members_is_public(m, &hellos[1].nets[0]));
}

/*
 * Node 2 is of another version: whoever holds the names keeps them.
 */

static void a_stranger_that_holds(void **state)
{
	hellos[2].version++;
	hellos[2].nets[0].holds = true;
	know(0);
	assert_place(0, MEMBERS_STAND_BY, 2);
	know(1);
	/* and of two that do, it is the lower number */
	hellos[0].nets[0].holds = true;
	members_heard(m, 0, &hellos[0], now);
	members_self(m, 0, &hellos[0]);
	assert_place(0, MEMBERS_HOLD, 0);
}

static void a_stranger_that_does_not(void **state)
{
	hellos[0].version++;
	know(1);
	assert_place(1, MEMBERS_HOLD, 1);
	hellos[0].nets[0].holds = true;
	hellos[1].nets[0].holds = true;
	know(1);
	assert_place(1, MEMBERS_STAND_BY, 0);
}

static void a_stranger_that_is_disabled(void **state)
{
	hellos[0].version++;
	hellos[0].nets[0].holds = true;
	nodes[0].flags = DISABLED;
	know(1);
	/* it gives them up */
	assert_place(1, MEMBERS_STAND_BY, 0);
	hellos[1].nets[0].holds = true;
	members_self(m, 1, &hellos[1]);
	assert_place(1, MEMBERS_HOLD, 1);
}

static void disabled_beside_a_stranger(void **state)
{
	hellos[2].version++;
	hellos[0].nets[0].holds = true;
	nodes[0].flags = DISABLED;
	nodes[1].flags = DISABLED;
	know(0);
	assert_place(0, MEMBERS_STAND_BY, 2);
}

static void a_stranger_is_told_of_once(void **state)
{
	know(0);
	assert_false(members_heard(m, 1, &hellos[1], now));
	hellos[1].version++;
	assert_true(members_heard(m, 1, &hellos[1], now));
	assert_false(members_heard(m, 1, &hellos[1], now));
	hellos[2].version--;
	assert_true(members_heard(m, 2, &hellos[2], now));
	hellos[2].version++;
	assert_false(members_heard(m, 2, &hellos[2], now));
}

static void addresses(void **state)
{
	know(0);
	assert_true(members_have(m, ip("10.0.0.2")));
	assert_true(members_have(m, ip("192.168.0.3")));
	assert_false(members_have(m, ip("10.0.0.1")));
	assert_false(members_have(m, ip("10.0.0.9")));
	assert_false(members_have(m, ip("")));
}

static void too_many(void **state)
{
	unsigned i;

	know(0);
	for (i = 0; i < 2 * CTDB_NODES_MAX; i++) {
		members_heard(m, 1000 + i, &hellos[1], now);
	}
	assert_place(0, MEMBERS_HOLD, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_lowest),
		TEST(not_the_lowest),
		TEST(wins_follows_the_public_address),
		TEST(wins_follows_who_holds),
		TEST(wins_is_not_taken_before_it_is_given_up),
		TEST(undecided),
		TEST(nobody_to_wait_for),
		TEST(alone),
		TEST(who_holds_keeps),
		TEST(who_comes_back_stands_by),
		TEST(of_two_that_hold_the_lowest),
		TEST(taken_when_given_up),
		TEST(disabled),
		TEST(dead),
		TEST(silent),
		TEST(stopped),
		TEST(of_another_name),
		TEST(on_another_net),
		TEST(where_the_public_address_is),
		TEST(a_public_address_of_ours),
		TEST(a_stranger_that_holds),
		TEST(a_stranger_that_does_not),
		TEST(a_stranger_that_is_disabled),
		TEST(disabled_beside_a_stranger),
		TEST(a_stranger_is_told_of_once),
		TEST(addresses),
		TEST(too_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

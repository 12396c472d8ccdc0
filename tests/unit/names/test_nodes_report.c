/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The nodes of a cluster in words.
 */

#include "nodes_report.h"

#include "unit.h"

#define NOW 100000000u

static struct members *two_nodes(TALLOC_CTX *mem_ctx)
{
	const struct ctdb_node nodes[] = {
		{ .vnn = 1, .address = ip("192.168.0.2") },
		{ .vnn = 0,
		  .flags = CTDB_NODE_DISCONNECTED | 0x02,
		  .address = ip("192.168.0.1") },
	};
	struct hello self = {
		.vnn = 1,
		.pid = 4711,
		.computer = wire_of("CLUST"),
		.ready = true,
		.wins = true,
		.num_nets = 1,
	};
	struct members *m = members_init(mem_ctx, NOW);

	assert_non_null(m);
	self.nets[0] = (struct hello_net){ .address = ip("10.0.0.2"),
					   .mask = ip("255.255.255.0"),
					   .holds = true };
	members_self(m, 1, &self);
	members_nodes(m, nodes, ARRAY_LEN(nodes), NOW);
	return m;
}

static void text(void **state)
{
	TALLOC_CTX *frame = talloc_new(NULL);

	assert_string_equal(
		nodes_text(frame, two_nodes(frame), NOW),
		"NODE  ADDRESS         MESSENGER HOLDS NAMES ON    CTDB SAYS\n"
		"0     192.168.0.1     silent    -                 "
		"disconnected,unhealthy\n"
		"1*    192.168.0.2     ready     10.0.0.2          OK\n"
		"\n* is this node.\n");
	assert_string_equal(nodes_text(frame, NULL, NOW),
			    "This computer is no node of a cluster: smb.conf "
			    "has no clustering = yes.\n");
	talloc_free(frame);
}

static void json(void **state)
{
	TALLOC_CTX *frame = talloc_new(NULL);

	assert_json(nodes_json(two_nodes(frame), NOW),
		    "{'nodes': [{'node': 0, 'this': false,"
		    " 'address': '192.168.0.1', 'messenger': 'silent',"
		    " 'wins': false, 'flags': ['disconnected', 'unhealthy'],"
		    " 'subnets': []},"
		    " {'node': 1, 'this': true, 'address': '192.168.0.2',"
		    " 'messenger': 'ready', 'wins': true, 'flags': [],"
		    " 'pid': 4711, 'subnets': [{'subnet': '10.0.0.2',"
		    " 'holds': true, 'public': false}]}]}");
	assert_json(nodes_json(NULL, NOW), "{'nodes': []}");
	talloc_free(frame);
}

/* What a node said last is no more when it is silent. */
static void down(void **state)
{
	TALLOC_CTX *frame = talloc_new(NULL);
	struct members *m = two_nodes(frame);
	const struct hello other = { .vnn = 0, .computer = wire_of("CLUST") };
	const struct ctdb_node node = { .vnn = 0 };
	struct members_node n;

	members_nodes(m, &node, 1, NOW);
	members_heard(m, 0, &other, NOW);
	assert_true(members_at(m, 0, NOW, &n));
	assert_false(members_at(m, 1, NOW, &n));
	assert_json(nodes_json(m, NOW),
		    "{'nodes': [{'node': 0, 'this': false,"
		    " 'address': '0.0.0.0', 'messenger': 'down',"
		    " 'wins': false, 'flags': [], 'pid': 0, 'subnets': []}]}");
	talloc_free(frame);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text),
		cmocka_unit_test(json),
		cmocka_unit_test(down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

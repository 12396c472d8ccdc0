/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * CTDB's packets and those of the modules, as bytes.
 */

#include "ctdb_packet.h"
#include "hello.h"

#include "unit.h"

/* As it is made by node 3 and read by the others. */
static struct hello example(void)
{
	struct hello h = {
		.vnn = 3,
		.pid = 4711,
		.computer = wire_of("CLUST"),
		.ready = true,
		.num_nets = 2,
	};

	h.nets[0] = (struct hello_net){ .address = ip("10.0.0.1"),
					.mask = ip("255.255.255.0"),
					.holds = true };
	h.nets[1] = (struct hello_net){ .address = ip("10.0.1.1"),
					.mask = ip("255.255.0.0"),
					.is_public = true };
	return h;
}

static void hello_there_and_back(void **state)
{
	struct hello h = example();
	struct hello got;
	uint8_t buf[HELLO_MAX + 8] = { 0 };
	uint8_t again[HELLO_MAX];
	size_t len = hello_write(buf, &h);

	/* more is of a later version */
	assert_true(hello_read(buf, len + 8, &got));
	assert_int_equal(got.version, HELLO_VERSION);
	assert_int_equal(got.vnn, 3);
	assert_int_equal(got.pid, 4711);
	assert_true(wire_name_equal(&got.computer, &h.computer));
	assert_true(got.ready);
	assert_false(got.wins);
	assert_int_equal(hello_write(again, &got), len);
	assert_memory_equal(again, buf, len);
}

/* What it says stands where it stood. */
static void hello_of_another_version(void **state)
{
	struct hello h = example();
	struct hello got;
	uint8_t buf[HELLO_MAX];
	size_t len = hello_write(buf, &h);

	buf[7]++;
	assert_true(hello_read(buf, len, &got));
	assert_int_equal(got.version, HELLO_VERSION + 1);
	assert_int_equal(got.vnn, 3);
	assert_int_equal(got.num_nets, 2);
}

static void hello_cut_off(void **state)
{
	struct hello h = example();
	struct hello got;
	uint8_t buf[HELLO_MAX];
	size_t len = hello_write(buf, &h);
	size_t i;

	for (i = 0; i < len; i++) {
		assert_false(hello_read(buf, i, &got));
	}
	buf[0]++;
	assert_false(hello_read(buf, len, &got));
	buf[0]--;
	/* more nets than there can be */
	buf[38] = 1;
	assert_false(hello_read(buf, len, &got));
}

/* A reply as ctdbd makes it. */
static size_t make_reply(uint8_t *buf, uint32_t reqid, int32_t status,
			 const void *data, uint32_t len)
{
	const uint32_t zero = 0;
	const uint32_t reply = 8;
	uint32_t whole = 44 + len;

	(void)ctdb_write_control(buf, reqid, CTDB_GET_NODEMAP, 0, NULL, 0);
	memcpy(buf, &whole, 4);
	memcpy(buf + 16, &reply, 4);
	memcpy(buf + 32, &status, 4);
	memcpy(buf + 36, &len, 4);
	memcpy(buf + 40, &zero, 4);
	if (len > 0) {
		memcpy(buf + 44, data, len);
	}
	return whole;
}

static void nodes_of_a_reply(void **state)
{
	uint8_t buf[CTDB_PACKET_MAX];
	uint8_t data[4 + 2 * 36] = { 0 };
	const uint32_t words[] = { 2, 7, 1 };
	const struct sockaddr_in sin = { .sin_family = AF_INET,
					 .sin_addr = ip("10.0.0.7") };
	struct ctdb_node nodes[CTDB_NODES_MAX];
	struct ctdb_packet p;
	size_t num = 0;
	size_t len;
	bool bad;

	memcpy(data, words, sizeof(words));
	memcpy(data + 12, &sin, sizeof(sin));
	len = make_reply(buf, 5, 0, data, sizeof(data));
	assert_int_equal(ctdb_packet_length(buf, len, &bad), len);
	assert_int_equal(ctdb_packet_length(buf, len - 1, &bad), 0);
	assert_false(bad);
	assert_true(ctdb_read(buf, len, &p));
	assert_int_equal(p.kind, CTDB_REPLY);
	assert_int_equal(p.reqid, 5);
	assert_true(ctdb_read_nodes(&p, nodes, &num));
	assert_int_equal(num, 2);
	assert_int_equal(nodes[0].vnn, 7);
	assert_int_equal(nodes[0].flags, 1);
	assert_int_equal(nodes[0].address.s_addr, ip("10.0.0.7").s_addr);
	/* one of IPv6, or none */
	assert_int_equal(nodes[1].address.s_addr, 0);
	p.len--;
	assert_false(ctdb_read_nodes(&p, nodes, &num));
	p.len = 3;
	assert_false(ctdb_read_nodes(&p, nodes, &num));
}

static void addresses_of_a_reply(void **state)
{
	uint8_t buf[CTDB_PACKET_MAX];
	uint8_t data[4 + 32] = { 0 };
	const uint32_t words[] = { 1, UINT32_MAX };
	const struct sockaddr_in sin = { .sin_family = AF_INET,
					 .sin_addr = ip("10.0.0.100") };
	struct ctdb_address addresses[CTDB_ADDRESSES_MAX];
	struct ctdb_packet p;
	size_t num = 0;
	size_t len;

	memcpy(data, words, sizeof(words));
	memcpy(data + 8, &sin, sizeof(sin));
	len = make_reply(buf, 5, 0, data, sizeof(data));
	assert_true(ctdb_read(buf, len, &p));
	assert_true(ctdb_read_addresses(&p, addresses, &num));
	assert_int_equal(num, 1);
	assert_int_equal(addresses[0].vnn, UINT32_MAX);
	assert_int_equal(addresses[0].address.s_addr, ip("10.0.0.100").s_addr);
}

static void a_message(void **state)
{
	uint8_t buf[CTDB_PACKET_MAX];
	uint8_t large[CTDB_PACKET_MAX] = { 0 };
	struct ctdb_packet p;
	size_t len = ctdb_write_message(buf, 0x123456789abcu,
					(const uint8_t *)"hello", 5);

	assert_int_equal(len, 49);
	assert_true(ctdb_read(buf, len, &p));
	assert_int_equal(p.kind, CTDB_MESSAGE);
	assert_int_equal(p.srvid, 0x123456789abcu);
	assert_int_equal(p.len, 5);
	assert_memory_equal(p.data, "hello", 5);
	assert_int_equal(ctdb_write_message(buf, 1, large, sizeof(large)), 0);
}

static void malformed(void **state)
{
	uint8_t buf[CTDB_PACKET_MAX];
	struct ctdb_packet p;
	size_t len = ctdb_write_message(buf, 1, (const uint8_t *)"hello", 5);
	bool bad = false;

	/* its own length says more than there is */
	assert_false(ctdb_read(buf, len - 1, &p));
	assert_false(ctdb_read(buf, 40, &p));
	assert_int_equal(ctdb_packet_length(buf, 31, &bad), 0);
	assert_false(bad);
	buf[0] = 31;
	assert_int_equal(ctdb_packet_length(buf, len, &bad), 0);
	assert_true(bad);
	buf[0] = (uint8_t)len;
	buf[4]++;
	assert_int_equal(ctdb_packet_length(buf, len, &bad), 0);
	assert_true(bad);
	buf[4]--;
	/* a length that nobody has room for */
	memset(buf, 0xff, 4);
	assert_int_equal(ctdb_packet_length(buf, len, &bad), 0);
	assert_true(bad);
}

static void a_short_reply(void **state)
{
	uint8_t buf[CTDB_PACKET_MAX];
	struct ctdb_packet p;
	size_t len = make_reply(buf, 2, -1, NULL, 0);

	assert_true(ctdb_read(buf, len, &p));
	assert_int_equal(p.status, -1);
	assert_false(ctdb_read(buf, len - 1, &p));
}

/* Of a kind that is none of ours. */
static void something_else(void **state)
{
	uint8_t buf[CTDB_PACKET_MAX];
	struct ctdb_packet p;
	size_t len = ctdb_write_control(buf, 1, CTDB_GET_PNN, 0, NULL, 0);

	assert_true(ctdb_read(buf, len, &p));
	assert_int_equal(p.kind, CTDB_OTHER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hello_there_and_back),
		cmocka_unit_test(hello_of_another_version),
		cmocka_unit_test(hello_cut_off),
		cmocka_unit_test(nodes_of_a_reply),
		cmocka_unit_test(addresses_of_a_reply),
		cmocka_unit_test(a_message),
		cmocka_unit_test(malformed),
		cmocka_unit_test(a_short_reply),
		cmocka_unit_test(something_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What ctdbd and the modules of other nodes send.  The first byte chooses who
 * reads it.
 */

#include "fuzz.h"

#include <string.h>

#include "claim_words.h"
#include "ctdb_packet.h"
#include "hello.h"
#include "members.h"
#include "record.h"

static void read_hello(const uint8_t *data, size_t len)
{
	uint8_t buf[HELLO_MAX];
	struct hello hello;
	struct hello again;
	size_t written;

	if (!hello_read(data, len, &hello)) {
		return;
	}
	FUZZ_MUST(hello.num_nets <= HELLO_NETS_MAX);
	written = hello_write(buf, &hello);
	FUZZ_MUST(written <= sizeof(buf));
	FUZZ_MUST(hello_read(buf, written, &again));
	FUZZ_MUST(again.num_nets == hello.num_nets);
}

static void read_record(const uint8_t *data, size_t len)
{
	struct record r;

	if (record_read(data, len, &r) && r.kind == RECORD_ALIAS) {
		FUZZ_MUST(memchr(r.name, '\0', sizeof(r.name)) != NULL);
		FUZZ_MUST(r.name[0] != '\0');
	}
}

static void read_claim(const uint8_t *data, size_t len)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	uint8_t buf[CLAIM_SAID_MAX];
	struct claim_said said;
	struct claim_said again;
	struct wire_name wire;

	(void)claim_ask_read(data, len, &wire);
	if (claim_said_read(mem, data, len, &said)) {
		FUZZ_MUST(claim_said_read(mem, buf,
					  claim_said_write(buf, &said),
					  &again));
		FUZZ_MUST(again.code == said.code);
	}
	talloc_free(mem);
}

static void read_packets(const uint8_t *data, size_t len)
{
	struct ctdb_address addresses[CTDB_ADDRESSES_MAX];
	struct ctdb_node nodes[CTDB_NODES_MAX];
	struct members *m = members_init(NULL, 1);
	struct members_holder holder;
	struct ctdb_packet p;
	bool bad = false;
	size_t num = 0;
	size_t whole;

	FUZZ_MUST(m != NULL);
	while ((whole = ctdb_packet_length(data, len, &bad)) > 0) {
		FUZZ_MUST(whole <= len);
		if (ctdb_read(data, whole, &p) && p.kind != CTDB_OTHER) {
			FUZZ_MUST(p.data >= data && p.len <= whole);
			if (ctdb_read_nodes(&p, nodes, &num)) {
				FUZZ_MUST(num <= CTDB_NODES_MAX);
				members_nodes(m, nodes, num, 2);
			}
			if (ctdb_read_addresses(&p, addresses, &num)) {
				FUZZ_MUST(num <= CTDB_ADDRESSES_MAX);
				members_public(m, addresses, num);
			}
			read_hello(p.data, p.len);
			read_record(p.data, p.len);
		}
		data += whole;
		len -= whole;
	}
	(void)members_place(m, NULL, 3, &holder);
	talloc_free(m);
}

void fuzz_cluster(const uint8_t *data, size_t len)
{
	if (len == 0) {
		return;
	}
	switch (data[0] % 4) {
	case 0:
		read_packets(data + 1, len - 1);
		break;
	case 1:
		read_hello(data + 1, len - 1);
		break;
	case 3:
		read_claim(data + 1, len - 1);
		break;
	default:
		read_record(data + 1, len - 1);
		break;
	}
}

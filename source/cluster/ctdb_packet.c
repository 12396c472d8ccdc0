/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Packets of CTDB's, as bytes.  Pure.
 */

#include "ctdb_packet.h"

#include <string.h>
#include <sys/socket.h>

#include "host_order.h"

#define MAGIC	0x43544442u
#define VERSION 1u

#define REQ_MESSAGE   5u
#define REQ_CONTROL   7u
#define REPLY_CONTROL 8u

#define CURRENT_NODE 0xF0000001u

/* Where what is, in bytes. */
#define AT_MAGIC     4
#define AT_VERSION   8
#define AT_OPERATION 16
#define AT_DESTNODE  20
#define AT_REQID     28
#define HEADER	     32

/* of a control */
#define AT_OPCODE      HEADER
#define AT_SRVID       (HEADER + 8)
#define AT_CONTROL_LEN (HEADER + 24)
#define CONTROL_LENGTH (HEADER + 28)

/* of a message */
#define AT_MESSAGE_SRVID HEADER
#define AT_MESSAGE_LEN	 (HEADER + 8)
#define MESSAGE_HEAD	 (HEADER + 12)

/* of the reply to a control */
#define AT_STATUS  HEADER
#define AT_DATALEN (HEADER + 4)
#define REPLY_HEAD (HEADER + 12)

/* Of an address as CTDB has it, which is as large as one of IPv6. */
#define ADDRESS_LENGTH 28
#define NODE_LENGTH    (8 + ADDRESS_LENGTH)
#define PUBLIC_LENGTH  (4 + ADDRESS_LENGTH)

static void put32(uint8_t *p, uint32_t value)
{
	memcpy(p, &value, sizeof(value));
}

static void put_head(uint8_t *buf, size_t len, uint32_t operation,
		     uint32_t destnode, uint32_t reqid)
{
	memset(buf, 0, len);
	put32(buf, (uint32_t)len);
	put32(buf + AT_MAGIC, MAGIC);
	put32(buf + AT_VERSION, VERSION);
	put32(buf + AT_OPERATION, operation);
	put32(buf + AT_DESTNODE, destnode);
	put32(buf + AT_REQID, reqid);
}

size_t ctdb_write_control(uint8_t buf[CTDB_PACKET_MAX], uint32_t reqid,
			  enum ctdb_control control, uint64_t srvid,
			  const void *data, size_t len)
{
	if (len > CTDB_PACKET_MAX - CONTROL_LENGTH) {
		return 0;
	}
	put_head(buf, CONTROL_LENGTH + len, REQ_CONTROL, CURRENT_NODE, reqid);
	put32(buf + AT_OPCODE, control);
	memcpy(buf + AT_SRVID, &srvid, sizeof(srvid));
	put32(buf + AT_CONTROL_LEN, (uint32_t)len);
	if (len > 0) {
		memcpy(buf + CONTROL_LENGTH, data, len);
	}
	return CONTROL_LENGTH + len;
}

size_t ctdb_write_message(uint8_t buf[CTDB_PACKET_MAX], uint64_t srvid,
			  const uint8_t *data, size_t len)
{
	if (len > CTDB_PACKET_MAX - MESSAGE_HEAD) {
		return 0;
	}
	put_head(buf, MESSAGE_HEAD + len, REQ_MESSAGE, CTDB_ALL_CONNECTED, 0);
	memcpy(buf + AT_MESSAGE_SRVID, &srvid, sizeof(srvid));
	put32(buf + AT_MESSAGE_LEN, (uint32_t)len);
	memcpy(buf + MESSAGE_HEAD, data, len);
	return MESSAGE_HEAD + len;
}

size_t ctdb_packet_length(const uint8_t *buf, size_t len, bool *bad)
{
	uint32_t whole = (len >= HEADER) ? get32(buf) : 0;

	*bad = false;
	if (len < HEADER) {
		return 0;
	}
	if (whole < HEADER || whole > CTDB_PACKET_MAX ||
	    get32(buf + AT_MAGIC) != MAGIC ||
	    get32(buf + AT_VERSION) != VERSION) {
		*bad = true;
		return 0;
	}
	return (whole <= len) ? whole : 0;
}

/* What is behind the head may be filled up, and never be too short. */
static bool set_data(struct ctdb_packet *p, const uint8_t *buf, size_t len,
		     size_t head, uint32_t data_len)
{
	if (data_len > len - head) {
		return false;
	}
	p->data = buf + head;
	p->len = data_len;
	return true;
}

bool ctdb_read(const uint8_t *buf, size_t len, struct ctdb_packet *p)
{
	*p = (struct ctdb_packet){
		.reqid = get32(buf + AT_REQID),
	};
	switch (get32(buf + AT_OPERATION)) {
	case REQ_MESSAGE:
		if (len < MESSAGE_HEAD) {
			return false;
		}
		p->kind = CTDB_MESSAGE;
		p->srvid = get64(buf + AT_MESSAGE_SRVID);
		return set_data(p, buf, len, MESSAGE_HEAD,
				get32(buf + AT_MESSAGE_LEN));
	case REPLY_CONTROL:
		if (len < REPLY_HEAD) {
			return false;
		}
		p->kind = CTDB_REPLY;
		p->status = (int32_t)get32(buf + AT_STATUS);
		return set_data(p, buf, len, REPLY_HEAD,
				get32(buf + AT_DATALEN));
	default:
		break;
	}
	return true;
}

static struct in_addr get_address(const uint8_t *p)
{
	struct sockaddr_in sin;

	memcpy(&sin, p, sizeof(sin));
	if (sin.sin_family != AF_INET) {
		sin.sin_addr.s_addr = 0;
	}
	return sin.sin_addr;
}

/* Returns how many there are, each of so many bytes; -1: it is malformed. */
static int count(const struct ctdb_packet *p, size_t each, size_t max)
{
	uint32_t num = (p->len >= 4) ? get32(p->data) : 0;

	if (p->len < 4 || num > (p->len - 4) / each) {
		return -1;
	}
	return (int)((num < max) ? num : max);
}

bool ctdb_read_nodes(const struct ctdb_packet *p,
		     struct ctdb_node nodes[CTDB_NODES_MAX], size_t *num)
{
	int all = count(p, NODE_LENGTH, CTDB_NODES_MAX);
	int i;

	for (i = 0; i < all; i++) {
		const uint8_t *at = p->data + 4 + (size_t)i * NODE_LENGTH;

		nodes[i] = (struct ctdb_node){
			.vnn = get32(at),
			.flags = get32(at + 4),
			.address = get_address(at + 8),
		};
	}
	*num = (all > 0) ? (size_t)all : 0;
	return all >= 0;
}

bool ctdb_read_addresses(const struct ctdb_packet *p,
			 struct ctdb_address addresses[CTDB_ADDRESSES_MAX],
			 size_t *num)
{
	int all = count(p, PUBLIC_LENGTH, CTDB_ADDRESSES_MAX);
	int i;

	for (i = 0; i < all; i++) {
		const uint8_t *at = p->data + 4 + (size_t)i * PUBLIC_LENGTH;

		addresses[i] = (struct ctdb_address){
			.vnn = get32(at),
			.address = get_address(at + 4),
		};
	}
	*num = (all > 0) ? (size_t)all : 0;
	return all >= 0;
}

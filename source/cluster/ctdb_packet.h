/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The few packets of CTDB's that we send to ctdbd and read from it, as bytes;
 * Samba: ctdb/protocol/protocol.h.  All numbers are in this machine's order,
 * since the socket does not leave it.  Pure.
 */

#ifndef MESSENGER_SOURCE_CTDB_PACKET_H
#define MESSENGER_SOURCE_CTDB_PACKET_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** What ctdbd is asked to do. */
enum ctdb_control {
	CTDB_TRAVERSE_START = 20,	/* a database's records, as messages */
	CTDB_REGISTER_SRVID = 23,	/* messages to this number are for us */
	CTDB_GET_PNN = 35,		/* the number of this node */
	CTDB_DB_ATTACH_PERSISTENT = 61, /* the number of a database */
	CTDB_GET_PUBLIC_IPS = 90,
	CTDB_GET_NODEMAP = 91,
	CTDB_TRANS3_COMMIT = 119, /* change records, on all nodes or on none */
	CTDB_GET_DB_SEQNUM = 120, /* how often that was done */
};

/** It is another node's, all the same on which. */
#define CTDB_ALL_CONNECTED 0xF0000004u

/** The longest packet that is sent or read. */
#define CTDB_PACKET_MAX 65536

/** More nodes, and more public addresses, are passed over. */
#define CTDB_NODES_MAX 64
#define CTDB_ADDRESSES_MAX 256

/** CTDB has nothing against a node without any of its flags. */
#define CTDB_NODE_DISCONNECTED 0x01u
#define CTDB_NODE_DELETED      0x10u

struct ctdb_node {
	uint32_t vnn;
	uint32_t flags;
	struct in_addr address; /* 0.0.0.0: it is none of IPv4 */
};

/** A public address, and which node has it now. */
struct ctdb_address {
	uint32_t vnn;
	struct in_addr address;
};

/** A packet that was read; data is within it. */
struct ctdb_packet {
	enum { CTDB_OTHER, CTDB_MESSAGE, CTDB_REPLY } kind;
	uint32_t reqid;	 /* of a reply: what it answers */
	int32_t status;	 /* likewise */
	uint64_t srvid;	 /* of a message */
	const uint8_t *data;
	size_t len;
};

/** @brief Ask ctdbd something; returns the length, 0 if it is too long. */
size_t ctdb_write_control(uint8_t buf[CTDB_PACKET_MAX], uint32_t reqid,
			  enum ctdb_control control, uint64_t srvid,
			  const void *data, size_t len);

/** @brief A message to every connected node; 0: it is too long. */
size_t ctdb_write_message(uint8_t buf[CTDB_PACKET_MAX], uint64_t srvid,
			  const uint8_t *data, size_t len);

/**
 * @brief How long is the packet that begins here?
 *
 * @param[out] bad  It is none of CTDB's; nothing behind it can be read.
 *
 * @return 0 as long as it is not whole.
 */
size_t ctdb_packet_length(const uint8_t *buf, size_t len, bool *bad);

/** @brief Read a whole packet; returns false if it is malformed. */
bool ctdb_read(const uint8_t *buf, size_t len, struct ctdb_packet *p);

/** @brief The answer to CTDB_GET_NODEMAP; false: it is malformed. */
bool ctdb_read_nodes(const struct ctdb_packet *p,
		     struct ctdb_node nodes[CTDB_NODES_MAX], size_t *num);

/** @brief The answer to CTDB_GET_PUBLIC_IPS; likewise. */
bool ctdb_read_addresses(const struct ctdb_packet *p,
			 struct ctdb_address addresses[CTDB_ADDRESSES_MAX],
			 size_t *num);

#endif /* MESSENGER_SOURCE_CTDB_PACKET_H */

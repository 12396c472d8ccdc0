/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Name service packets that we send and read ourselves: name queries and node
 * status requests, RFC 1002 4.2.12 to 4.2.18.  Pure; the bytes that are read
 * come from anybody.
 */

#ifndef MESSENGER_SOURCE_NBNS_H
#define MESSENGER_SOURCE_NBNS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "name.h"

#define NBNS_PORT 137
/** The longest request we send. */
#define NBNS_REQUEST_MAX 160
/** The longest answer there can be: a node status with 255 names. */
#define NBNS_ANSWER_MAX 5120

enum nbns_question {
	NBNS_QUERY = 0x20,  /* NB */
	NBNS_STATUS = 0x21, /* NBSTAT */
};

/** As many as a name query response of 576 bytes can have. */
#define NBNS_ADDRESSES_MAX 83

/** As many as the count in a node status response can say. */
#define NBNS_NAMES_MAX 255

/** A name in a node status response. */
struct nbns_name {
	uint8_t bytes[MESSENGER_NAME_LEN]; /* DOS charset, blanks at its end */
	uint8_t type;
	uint16_t flags;
};

#define NBNS_NAME_GROUP 0x8000 /* RFC 1002 4.2.18 */

/** What an answer says. */
struct nbns_answer {
	int rcode; /* 0: positive */
	bool wait; /* WACK: an answer is to follow */

	/* to a query */
	bool group;
	size_t num_addresses;
	struct in_addr addresses[NBNS_ADDRESSES_MAX];

	/* to a node status request */
	size_t num_names;
	struct nbns_name names[NBNS_NAMES_MAX];
	uint8_t mac[6];
};

/**
 * @brief Write a request.
 *
 * @param[out] buf        At least NBNS_REQUEST_MAX bytes.
 * @param[in]  id         Transaction.
 * @param[in]  wire       The name; NULL: "*", as a node status request
 *                        to a node of unknown name has it.
 * @param[in]  type       The name's type.
 * @param[in]  scope      NetBIOS scope, "" for none.
 * @param[in]  recursion  RD: for a WINS server's database.
 *
 * @return Its length; 0 if the scope is no scope.
 */
size_t nbns_request(uint8_t *buf, uint16_t id, enum nbns_question question,
		    const struct wire_name *wire, uint8_t type,
		    const char *scope, bool recursion);

/** @brief As above, a name query for all on a net: RFC 1002 5.1.1.3. */
size_t nbns_broadcast_query(uint8_t *buf, uint16_t id,
			    const struct wire_name *wire, uint8_t type,
			    const char *scope);

/** A claim for a name, as a registration request makes it. */
struct nbns_claim {
	const struct wire_name *wire;
	uint8_t type;
	const char *scope; /* "" for none */
	uint8_t flags;	   /* the node type, RFC 1002 4.2.2 NB_FLAGS */
	uint32_t ttl;	   /* seconds */
	struct in_addr address;
};

/**
 * @brief Write a NAME OVERWRITE DEMAND, RFC 1002 4.2.3: a broadcast
 *        registration without RD.
 *
 * @param[out] buf  At least NBNS_REQUEST_MAX bytes.
 *
 * @return Its length; 0 if the scope is no scope.
 */
size_t nbns_overwrite_demand(uint8_t *buf, uint16_t id,
			     const struct nbns_claim *claim);

/**
 * @brief Read an answer.
 *
 * @param[in]  id      Transaction that the answer must have.
 * @param[out] answer  Written on success only.
 *
 * @return Whether it is a well-formed answer to such a request.
 */
bool nbns_read_answer(const uint8_t *buf, size_t len, uint16_t id,
		      enum nbns_question question, struct nbns_answer *answer);

/** @brief Is it this name, whatever its type? */
bool nbns_is_name(const struct nbns_name *name, const struct wire_name *wire);

/** @brief Has a node status this name?  Blanks and NULs at its end are one. */
bool nbns_lists(const struct nbns_answer *answer, const struct wire_name *wire,
		uint8_t type);

#endif /* MESSENGER_SOURCE_NBNS_H */

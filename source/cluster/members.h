/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The nodes of a cluster: what CTDB says of each, what its module says, and
 * which of them holds the names on a net.  Every node comes to the same
 * verdict, since all of them know the same.  Pure.
 */

#ifndef MESSENGER_SOURCE_MEMBERS_H
#define MESSENGER_SOURCE_MEMBERS_H

#include <talloc.h>

#include "ctdb_packet.h"
#include "hello.h"

/** Who has said nothing for so long has no nmbd, or one that hangs. */
#define MEMBERS_SILENCE_USEC 4000000

/** So long a node is waited for that CTDB says is there. */
#define MEMBERS_PATIENCE_USEC 1500000

struct members;

/** What a node has to do with the names on a net. */
enum members_place {
	MEMBERS_UNDECIDED, /* the others are being asked */
	MEMBERS_HOLD,	   /* this node holds them */
	MEMBERS_STAND_BY,  /* another one does */
};

/** Which one that is. */
struct members_holder {
	uint32_t vnn;
	uint32_t pid;		/* of its nmbd */
	struct in_addr address; /* of it, on that net if there it has one */
};

/** If CTDB says nothing for so long, this node is taken to be alone. */
#define MEMBERS_ALONE_USEC 10000000

/** @brief NULL without memory. */
struct members *members_init(TALLOC_CTX *mem_ctx, uint64_t now);

/** @brief What CTDB says of all of them. */
void members_nodes(struct members *members, const struct ctdb_node *nodes,
		   size_t num, uint64_t now);

/** @brief The addresses that CTDB moves: they are the cluster's. */
void members_public(struct members *members,
		    const struct ctdb_address *addresses, size_t num);

/** @brief Has CTDB put an address of this net on this node? */
bool members_is_public(const struct members *members,
		       const struct hello_net *net);

/** @brief What this node is. */
void members_self(struct members *members, uint32_t vnn,
		  const struct hello *hello);

/**
 * @brief What another node's module has said.
 *
 * @return Whether it is the first time that it is of another version.
 */
bool members_heard(struct members *members, uint32_t vnn,
		   const struct hello *hello, uint64_t now);

/**
 * @brief What is this node to do with the names on a net?
 *
 * Of the nodes with a subnet there: those that CTDB has nothing against come
 * first; of these, those with a public address there; of these, one that holds
 * the names already; of these, the lowest number.  In WINS it is the one that
 * comes first by what it has and holds on any net: so on a single net the same.
 * Among nodes of different versions whoever holds the names keeps them, unless
 * CTDB has something against it.
 *
 * @param[in]  net     The address of its subnet, and mask; NULL: in WINS.
 * @param[out] holder  Written if it is to stand by.
 */
enum members_place members_place(const struct members *members,
				 const struct hello_net *net, uint64_t now,
				 struct members_holder *holder);

/** @brief Is, or was, it an address of another node, or the cluster's? */
bool members_have(const struct members *members, struct in_addr address);

/** A node, for those who tell of it. */
struct members_node {
	uint32_t vnn;
	bool is_self;
	uint32_t flags;
	struct in_addr address;	   /* CTDB's */
	bool there;		   /* its module speaks */
	const struct hello *hello; /* what it said last */
};

/**
 * @brief The nodes that CTDB has, by their numbers.
 *
 * @return false: there are not so many.
 */
bool members_at(const struct members *members, size_t i, uint64_t now,
		struct members_node *node);

/** @brief How many others are there now, with a module that speaks. */
unsigned members_count(const struct members *members, uint64_t now);

#endif /* MESSENGER_SOURCE_MEMBERS_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The table of this server's names and their states on each subnet.  Pure.
 */

#ifndef MESSENGER_SOURCE_NAME_TABLE_H
#define MESSENGER_SOURCE_NAME_TABLE_H

#include <sys/queue.h>

#include "claim.h"
#include "holder.h"
#include "messenger.h"
#include "name.h"
#include "name_index.h"

/** A name on one subnet; "UNICAST_SUBNET": in WINS.  Owned by the name. */
struct name_subnet {
	TAILQ_ENTRY(name_subnet) entry;
	char *subnet;
	enum name_state state;
	int rcode;		/* of a refusal; 0: none was told */
	struct in_addr holder;	/* 0.0.0.0: unknown, or none */
	struct in_addr server;	/* WINS */
	struct in_addr record;	/* in WINS; nobody stands behind it */
	struct in_addr owner;	/* in WINS; it is being asked */
	struct in_addr interface; /* the address it was claimed for */
	enum event_cause cause; /* as long as there are no details */
	struct holder *details; /* of the holder; NULL: not known (yet) */
	const char *reason;	/* of what waits; NULL: none; not owned */
	/* who claimed it while we did; 0.0.0.0: nobody */
	struct in_addr rival;
	uint64_t told; /* when a refusal was told last, uptime; 0: never */
	bool listed;   /* nmbd has it in its list, when it was last looked */
};

/** A name. */
struct name_entry {
	TAILQ_ENTRY(name_entry) entry; /* in the order they came */
	struct name_link link;
	struct netbios_name name;
	unsigned number; /* of those that came */
	char *text; /* without its type, for people */
	TAILQ_HEAD(, name_subnet) subnets;
	/* nmbd has it in the list that unicast questions are answered from */
	bool unicast;
};

TAILQ_HEAD(name_list, name_entry);

struct name_table;

/** @brief An empty one; NULL without memory. */
struct name_table *name_table_init(TALLOC_CTX *mem_ctx);

/** @brief Every name, to go through with TAILQ_FOREACH(). */
const struct name_list *name_table_all(const struct name_table *table);

/** @brief A name, by its bytes and type; NULL: it is none of ours. */
struct name_entry *name_table_find(const struct name_table *table,
				   const struct netbios_name *name);

/**
 * @brief The next one of a name's types, in the order they came.
 *
 * @param[in] after  NULL: the first of them.
 */
const struct name_entry *name_table_next(const struct name_table *table,
					 const struct wire_name *wire,
					 const struct name_entry *after);

/** @brief May there be one of this name, in any case?  See name_index.h. */
bool name_table_may_have(const struct name_table *table,
			 const struct wire_name *wire);

/** @brief The same, made if need be; NULL without memory. */
struct name_entry *name_table_get(struct name_table *table,
				  const struct netbios_name *name);

/** @brief A name on a subnet; NULL: nothing is known of it there. */
struct name_subnet *name_entry_find(const struct name_entry *entry,
				    const char *subnet);

/** @brief The same, made if need be, as released; NULL without memory. */
struct name_subnet *name_entry_get(struct name_entry *entry,
				   const char *subnet);

/** @brief Forget who holds it, and take a state. */
void name_subnet_set(struct name_subnet *where, enum name_state state);

/** @brief Forget all about a subnet. */
void name_table_forget_subnet(struct name_table *table, const char *subnet);

/** @brief Forget all names. */
void name_table_clear(struct name_table *table);

/** @brief A subnet of the name on which it is in conflict; NULL: none. */
const struct name_subnet *name_entry_conflict(const struct name_entry *entry);

#endif /* MESSENGER_SOURCE_NAME_TABLE_H */

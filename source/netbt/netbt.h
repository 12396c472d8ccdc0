/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What becomes of this server's names that are no aliases, and what is told of
 * it.  Pure: it learns of the network by calls, and changes nothing in it.
 */

#ifndef MESSENGER_SOURCE_NETBT_H
#define MESSENGER_SOURCE_NETBT_H

#include <netinet/in.h>
#include <time.h>

#include <talloc.h>

#include "claim.h"
#include "event.h"
#include "name_table.h"

struct netbt;

/** What it needs done; none of it calls back before it returns. */
struct netbt_ops {
	/** CLOCK_REALTIME, UTC, or CLOCK_BOOTTIME. */
	struct timespec (*clock)(void *private_data, clockid_t clock);
	/** Something happened; ev is the callee's from here on. */
	void (*event)(void *private_data, struct event *ev);
	/** Ask a host who it is; netbt_diagnosed() has the answer. */
	void (*ask)(void *private_data, const struct netbios_name *name,
		    struct in_addr host);
	/** Ask a WINS server whose a name is; netbt_owner() has the answer. */
	void (*ask_wins)(void *private_data, const struct netbios_name *name,
			 struct in_addr server);
	/** Call netbt_review() in so many seconds. */
	void (*alarm)(void *private_data, unsigned seconds);
	/** Is it an address of another node of the cluster?  NULL: no. */
	bool (*is_sibling)(void *private_data, struct in_addr address);
	/** Have nmbd's lists told: netbt_name_ops.subnet() and .listed(). */
	void (*look)(void *private_data);
};

/**
 * @brief An empty table.
 *
 * @param[in] ops  Not copied.
 *
 * @return NULL without memory.
 */
struct netbt *netbt_init(TALLOC_CTX *mem_ctx, const struct netbt_ops *ops,
			 void *private_data);

/** What it hears; private_data is the struct netbt. */
extern const struct name_ops netbt_name_ops;

/** @brief The holder of a name has answered, or has not. */
void netbt_diagnosed(struct netbt *netbt, const struct netbios_name *name,
		     struct in_addr address, const struct holder *details);

/**
 * @brief The WINS server that refused a name has said whose it is.
 *
 * @param[in] owner  0.0.0.0: it has not said so.
 */
void netbt_owner(struct netbt *netbt, const struct netbios_name *name,
		 struct in_addr server, struct in_addr owner);

/**
 * @brief It is of a cluster: whoever is after a name may turn out to be another
 *        node, and is told of some seconds later.
 */
void netbt_join(struct netbt *netbt);

/** @brief Another node has become known: what it has refused is its own. */
void netbt_cluster_changed(struct netbt *netbt);

/** @brief A minute is over: tell what was counted. */
void netbt_review(struct netbt *netbt);

/** @brief The table, as it is known. */
const struct name_table *netbt_table(const struct netbt *netbt);

/** @brief The table, as nmbd's lists are now. */
const struct name_table *netbt_look(struct netbt *netbt);

/** @brief Switch it on, or off: then it forgets everything.  It begins off. */
void netbt_enable(struct netbt *netbt, bool on);

bool netbt_is_on(const struct netbt *netbt);

/**
 * @brief How many names are in conflict.
 *
 * Roles that browsers elect are not among them.
 */
unsigned netbt_conflicts(const struct netbt *netbt);

#endif /* MESSENGER_SOURCE_NETBT_H */

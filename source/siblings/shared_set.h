/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The aliases of the cluster, in a persistent database of CTDB's.  Every node
 * reads it when it has changed; one at a time changes it.  Nothing here waits:
 * ctdbd is asked, and answers when it can.
 */

#ifndef MESSENGER_SOURCE_SHARED_SET_H
#define MESSENGER_SOURCE_SHARED_SET_H

#include <talloc.h>

#include "ctdb_link.h"
#include "name.h"

struct shared_set;

struct shared_set_ops {
	/** What is in it may be different from the last time. */
	void (*changed)(void *private_data);
	/** A change is done, or has failed: ask again. */
	void (*stored)(void *private_data);
};

/** @brief NULL without memory. */
struct shared_set *shared_set_init(TALLOC_CTX *mem_ctx, struct ctdb_link *link,
				   const struct shared_set_ops *ops,
				   void *private_data);

/** @brief A new connection, of this node: everything is asked anew. */
void shared_set_connected(struct shared_set *set, uint32_t vnn);

/** @brief A second has passed: is there anything new? */
void shared_set_ask(struct shared_set *set, uint64_t now);

/** @brief A packet from ctdbd; false: it is for somebody else. */
bool shared_set_came(struct shared_set *set, const struct ctdb_packet *p);

/**
 * @brief Put an alias in, or take it out.
 *
 * @return 0: so it is, on every node; EINPROGRESS: it is about to be so; EBUSY:
 *         it is not.  Of either, ask again, see ops->stored().
 */
int shared_set_store(struct shared_set *set, const char *name,
		     const struct wire_name *wire, bool there);

/**
 * @brief Whatever is about to become of an alias, it is not to be in: it is
 *        taken out as soon as that can be, unless somebody puts it in again.
 */
void shared_set_revoke(struct shared_set *set, const char *name,
		       const struct wire_name *wire);

enum shared_alias {
	SHARED_UNKNOWN, /* it was never in, or nothing was read so far */
	SHARED_THERE,
	SHARED_GONE,
};

/** @brief What it says of an alias. */
enum shared_alias shared_set_find(const struct shared_set *set,
				  const struct wire_name *wire);

/** @brief Has it been read, and nothing is newer? */
bool shared_set_is_known(const struct shared_set *set);

/** @brief CTDB may have recovered: read it again before long. */
void shared_set_again(struct shared_set *set);

/**
 * @brief Free some of what was read before: of thousands that takes longer than
 *        nmbd may be away from its sockets.
 *
 * @return Whether there is more.
 */
bool shared_set_tidy(struct shared_set *set, unsigned num);

/** @brief Begin anew with shared_set_next(); to be done after ops->changed(). */
void shared_set_rewind(struct shared_set *set);

/**
 * @brief The next alias that is, or was, in it.
 *
 * @param[out] name, wire  Of the set, until the next turn of the loop.
 *
 * @return false: that was all.
 */
bool shared_set_next(struct shared_set *set, const char **name,
		     const struct wire_name **wire, bool *there);

#endif /* MESSENGER_SOURCE_SHARED_SET_H */

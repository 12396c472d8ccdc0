/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The other nodes of the cluster, as CTDB and their modules tell of them.
 */

#ifndef MESSENGER_SOURCE_SIBLINGS_H
#define MESSENGER_SOURCE_SIBLINGS_H

#include <talloc.h>
#include <tevent.h>

#include "members.h"
#include "shared_set.h"

struct siblings;

struct siblings_ops {
	/**
	 * What this node is: its computer, its subnets, whether its service
	 * can hold names.
	 */
	void (*about)(void *private_data, struct hello *self);
	/** What this node is to hold may have changed, or who is there. */
	void (*changed)(void *private_data);
};

/**
 * @brief Tell the others of us from the next turn of the loop on, and listen.
 *
 * @param[in] ops  Not copied.
 *
 * @return NULL without memory.
 */
struct siblings *siblings_init(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
			       const struct siblings_ops *ops,
			       const struct shared_set_ops *set_ops,
			       void *private_data);

/** @brief What this node is has changed: tell the others now. */
void siblings_say(struct siblings *siblings);

/**
 * @brief The last verdict, see members_place(): whenever there is another one,
 *        ops->changed() is called.
 */
enum members_place siblings_place(const struct siblings *siblings,
				  const struct hello_net *net,
				  struct members_holder *holder);

/** @brief All that is known of the nodes. */
const struct members *siblings_members(const struct siblings *siblings);

/** @brief The aliases of the cluster. */
struct shared_set *siblings_set(struct siblings *siblings);

/** @brief Ask now whether it has changed, not only when a second has passed. */
void siblings_ask_set(struct siblings *siblings);

/** @brief See members_have(). */
bool siblings_have(const struct siblings *siblings, struct in_addr address);

#endif /* MESSENGER_SOURCE_SIBLINGS_H */

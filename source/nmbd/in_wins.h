/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Our names in WINS: the question before a claim, the claim, and what the
 * servers say.
 */

#ifndef MESSENGER_SOURCE_NMBD_IN_WINS_H
#define MESSENGER_SOURCE_NMBD_IN_WINS_H

#include <talloc.h>
#include <tevent.h>

#include "claim.h"
#include "claims.h"
#include "interfaces.h"
#include "names.h"
#include "subnets.h"

struct in_wins;

/** What is around it; nothing here is copied but the pointers. */
struct in_wins_world {
	const struct names *names;
	const struct interfaces *interfaces;
	struct subnets *subnets;
	const struct claim_ops *ops;
	void *ops_data;
	/** Claim a name on the unicast subnet, or follow the claim. */
	void (*claim)(void *private_data, const char *name,
		      const struct wire_name *wire);
	void *private_data; /* of claim */
};

/** @brief Returns NULL without memory. */
struct in_wins *in_wins_init(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
			     const struct in_wins_world *world);

/** @brief Ask WINS for a name, and claim it there if it is free. */
void in_wins_claim(struct in_wins *wins, const char *name,
		   const struct wire_name *wire);

/** @brief Is it being asked for, or claimed? */
bool in_wins_is_under_way(const struct in_wins *wins,
			  const struct wire_name *wire);

/** @brief What became of a claim there, if it was not granted. */
void in_wins_told(struct in_wins *wins, const struct claim_result *result);

/** @brief A name is given up: it is neither asked for nor claimed. */
void in_wins_drop(struct in_wins *wins, const struct wire_name *wire);

/** @brief Register a name there with every address of ours. */
void in_wins_again(struct in_wins *wins, const struct wire_name *wire);

/** @brief An address of ours is gone: it goes out of a name, here and there. */
void in_wins_left(struct in_wins *wins, const struct wire_name *wire,
		  struct in_addr ip);

/** @brief smb.conf was read anew: WINS servers may have come or gone. */
void in_wins_reloaded(struct in_wins *wins);

#endif /* MESSENGER_SOURCE_NMBD_IN_WINS_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Claims to come: sent at a pace that the sockets of the neighbours survive.
 */

#ifndef MESSENGER_SOURCE_NMBD_PACE_H
#define MESSENGER_SOURCE_NMBD_PACE_H

#include <talloc.h>
#include <tevent.h>

#include "name.h"

/**
 * How many names may be claimed within how many microseconds.
 *
 * A socket with the usual buffer holds 256 such packets.  With the repetitions
 * of those before them, 2 new names make 6 packets, 32 times in the 250 ms of
 * RFC 1002.  They are few, since nmbd searches its lists for each: with
 * thousands of names in them, more would take too long.
 */
#define PACE_NAMES 2
#define PACE_USEC  7812

struct pace;

/** A claim whose turn has come; subnet NULL: all of them. */
typedef void (*pace_send)(void *private_data, const char *name,
			  const struct wire_name *wire, const char *subnet);

/** @brief Returns NULL without memory. */
struct pace *pace_init(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
		       pace_send send, void *private_data);

/**
 * @brief Send a claim, now if there is room, else when its turn comes.
 *
 * Without memory it is sent at once: one that is never sent would wait for
 * ever.
 */
void pace_claim(struct pace *pace, const char *name,
		const struct wire_name *wire, const char *subnet);

/** @brief Forget claims for a name that wait for their turn. */
void pace_drop(struct pace *pace, const struct wire_name *wire);

#endif /* MESSENGER_SOURCE_NMBD_PACE_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Sees what becomes of nmbd's names that are no aliases.
 *
 * It changes nothing, puts no function in front of nmbd's and keeps no pointer
 * that it looks into later.  A record of nmbd's is known by its number; answers
 * are seen as they are read off the wire; and when the record is gone, nmbd's
 * name list says whether it has the name.
 */

#ifndef MESSENGER_SOURCE_OBSERVER_H
#define MESSENGER_SOURCE_OBSERVER_H

#include <talloc.h>

#include "claim.h"
#include "interfaces.h"

struct observer;
struct nmb_name;
struct packet_struct;
struct response_record;
struct subnet_record;

/**
 * @brief Make one that is off.
 *
 * @param[in] ops         Not copied.
 * @param[in] interfaces  Who has an address of ours is no other host.
 *
 * @return NULL without memory.
 */
struct observer *observer_init(TALLOC_CTX *mem_ctx, const struct name_ops *ops,
			       void *private_data,
			       const struct interfaces *interfaces);

/** @brief Switch it on or off; off, it forgets what is under way. */
void observer_enable(struct observer *observer, bool on);

/** @brief A record of nmbd's, new or not. */
void observer_record(struct observer *observer, struct subnet_record *subrec,
		     const struct response_record *rrec);

/**
 * @brief A packet that nmbd has read and not yet looked at.
 *
 * @param[in] name   In it: what it is about, no alias.
 * @param[in] scope  Our NetBIOS scope.
 */
void observer_packet(struct observer *observer, const struct packet_struct *p,
		     const struct nmb_name *name, const char *scope);

/** @brief A turn of nmbd's loop begins: which records are gone? */
void observer_turn(struct observer *observer);

/** @brief nmbd closed a subnet, or its address is not here any more. */
void observer_subnet_gone(struct observer *observer,
			  const struct subnet_record *subrec);

/** @brief Tell ops->subnet() and ops->listed() what nmbd has. */
void observer_look(const struct observer *observer);

#endif /* MESSENGER_SOURCE_OBSERVER_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Every name that the service has to do with, in the order people read them:
 * what is in the table, and what is wanted and is not in it.  Pure.
 */

#ifndef MESSENGER_SOURCE_LISTING_H
#define MESSENGER_SOURCE_LISTING_H

#include <talloc.h>

#include "service.h"

/**
 * @brief Computer names, as smb.conf has them; then those of users, of
 *        smb.conf and of requests, each by name.
 *
 * What is not in the table is ALIAS_WAITING, while the service is not running;
 * ALIAS_INVALID, with its code; or ALIAS_REFUSED, by another host or, with a
 * code, by the size of the table.
 *
 * @return A talloc array, owned by mem_ctx, to be used before anything else
 *         happens; NULL without memory.
 */
const struct alias **listing_create(TALLOC_CTX *mem_ctx,
				    const struct service *service);

/** How many of them are in which state. */
struct listing_counts {
	unsigned all;
	unsigned registered;
	unsigned registering;
	unsigned refused;
	unsigned waiting;
	unsigned invalid;
};

struct listing_counts listing_count(const struct alias *const *listing);

/**
 * @brief Where it is refused, or waits, or no WINS server has answered so far.
 *
 * @return NULL: nowhere.
 */
const struct alias_subnet *listing_trouble(const struct alias *alias);

/** @brief Is there anything about it that an administrator has to know? */
bool listing_is_well(const struct alias *alias);

/** @brief Does it wait for the service to run, and for nothing else? */
bool listing_waits_for_service(const struct alias *alias);

/**
 * @brief "These aliases wait, as the Messenger service has failed: ..."
 *
 * @return Owned by mem_ctx; "" if none does; NULL without memory.
 */
char *listing_waiting(TALLOC_CTX *mem_ctx, const struct alias *const *listing);

#endif /* MESSENGER_SOURCE_LISTING_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Every name that the service has to do with, in the order people read them:
 * what is in the table, and what is wanted and is not in it.  Pure.
 */

#ifndef MESSENGER_SOURCE_LISTING_H
#define MESSENGER_SOURCE_LISTING_H

#include <talloc.h>

#include "service.h"

struct listing;

/**
 * @brief Begin one, of which nothing is known so far.
 *
 * @return Owned by mem_ctx; NULL without memory.
 */
struct listing *listing_begin(TALLOC_CTX *mem_ctx,
			      const struct service *service);

enum listing_progress {
	LISTING_GATHERING, /* there are more names */
	LISTING_GATHERED,
	LISTING_FAILED, /* without memory */
};

/**
 * @brief Learn some more of the names that there are.
 *
 * Their order is: computer names, as smb.conf has them; then those of users, of
 * smb.conf and of requests, each by name.
 */
enum listing_progress listing_gather(struct listing *listing,
				     const struct service *service);

/**
 * @brief When all are gathered: the next of them, at most so many, as they are
 *        now.
 *
 * What is not in the table is ALIAS_WAITING, while the service is not running;
 * ALIAS_INVALID, with its code; or ALIAS_REFUSED, by another host or, with a
 * code, by the size of the table.  What is gone by now is left out.
 *
 * @return A talloc array, owned by mem_ctx, to be used before anything else
 *         happens; NULL without memory.
 */
const struct alias **listing_next(TALLOC_CTX *mem_ctx, struct listing *listing,
				  const struct service *service, size_t num);

/** @brief Was that all? */
bool listing_is_over(const struct listing *listing);

/** How many of them are in which state. */
struct listing_counts {
	unsigned all;
	unsigned registered;
	unsigned registering;
	unsigned refused;
	unsigned waiting;
	unsigned invalid;
	unsigned standby;
};

/** @brief Count some more. */
void listing_count(struct listing_counts *counts,
		   const struct alias *const *list);

/**
 * @brief Where it is refused, or waits, or no WINS server has answered so far.
 *
 * @return NULL: nowhere.
 */
const struct alias_subnet *listing_trouble(const struct alias *alias);

/** @brief "node 0 of the cluster, 10.67.0.1" has it on this subnet. */
char *listing_node(TALLOC_CTX *mem_ctx, const struct alias_subnet *where);

/** @brief Is there anything about it that an administrator has to know? */
bool listing_is_well(const struct alias *alias);

/** @brief Does it wait for the service to run, and for nothing else? */
bool listing_waits_for_service(const struct alias *alias);

/** "These aliases wait, as the Messenger service has failed: ..." */
struct listing_waiting {
	unsigned num;
	char *text; /* "" before the first; NULL without memory */
};

/** @brief Some aliases more; those that do not wait for it are left out. */
void listing_add_waiting(struct listing_waiting *waiting,
			 const struct alias *const *list);

/** @brief The sentence is whole now: "" if none waits. */
const char *listing_end_waiting(struct listing_waiting *waiting);

#endif /* MESSENGER_SOURCE_LISTING_H */

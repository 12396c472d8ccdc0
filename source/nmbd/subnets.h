/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * nmbd's subnets as they come and go, and new records on them.
 */

#ifndef MESSENGER_SOURCE_NMBD_SUBNETS_H
#define MESSENGER_SOURCE_NMBD_SUBNETS_H

#include <talloc.h>

#include "nmbd_host.h"

struct subnets;

struct subnets_ops {
	void (*came)(void *private_data, struct subnet_record *subrec);
	/** nmbd never frees one: it can be looked at. */
	void (*went)(void *private_data, struct subnet_record *subrec);
	/** A record; it may be removed by the callee. */
	void (*record)(void *private_data, struct subnet_record *subrec,
		       struct response_record *rrec);
};

/**
 * @brief Take nmbd's subnets as known.
 *
 * @param[in] ops  Not copied.
 *
 * @return NULL without memory.
 */
struct subnets *subnets_init(TALLOC_CTX *mem_ctx, const struct subnets_ops *ops,
			     void *private_data);

/** @brief Notice subnets that came or went; a few instructions if none did. */
void subnets_follow(struct subnets *subnets);

/** @brief Show every record of a subnet on which there are new ones. */
void subnets_look(struct subnets *subnets);

#endif /* MESSENGER_SOURCE_NMBD_SUBNETS_H */

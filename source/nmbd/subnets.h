/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * nmbd's subnets as they come and go, and new records on them.
 */

#ifndef MESSENGER_SOURCE_NMBD_SUBNETS_H
#define MESSENGER_SOURCE_NMBD_SUBNETS_H

#include <talloc.h>
#include <tevent.h>

#include "claim.h"
#include "nmbd_host.h"

struct subnets;

struct subnets_ops {
	void (*came)(void *private_data, struct subnet_record *subrec);
	/**
	 * nmbd closed it, or its address is no more on this machine.  nmbd
	 * never frees one: it can be looked at.
	 */
	void (*went)(void *private_data, struct subnet_record *subrec);
	/** Its address is no more on this machine, nor another one. */
	void (*lost)(void *private_data, struct subnet_record *subrec);
	/** A record; it may be removed by the callee. */
	void (*record)(void *private_data, struct subnet_record *subrec,
		       struct response_record *rrec);
	/** A turn of nmbd's loop begins, and there are records, or were. */
	void (*turn)(void *private_data);
};

/**
 * @brief Take nmbd's subnets as known.
 *
 * @param[in] ops  Not copied.
 *
 * @return NULL without memory.
 */
struct subnets *subnets_init(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
			     const struct subnets_ops *ops, void *private_data);

/** @brief Look before every turn of nmbd's loop from here on. */
void subnets_watch(struct subnets *subnets);

/**
 * @brief The addresses of this machine may have changed.
 *
 * nmbd closes one dead subnet at a look and keeps the others for good.
 *
 * @param[in] there  Whether an address is on this machine.
 */
void subnets_check(struct subnets *subnets,
		   bool (*there)(void *private_data, struct in_addr ip),
		   void *private_data);

/** @brief Can it be claimed on? */
bool subnets_is_there(const struct subnets *subnets,
		      const struct subnet_record *subrec);

/** @brief Is it the last one, and without its address? */
bool subnets_is_lost(const struct subnets *subnets,
		     const struct subnet_record *subrec);

/** @brief Tell of each that can be claimed on. */
void subnets_each(const struct subnets *subnets, subnet_told told,
		  void *private_data);

/** @brief Has nmbd a subnet of this address? */
bool subnets_have(struct in_addr ip);

/** @brief Is there a subnet with this address, as subnets_is_there()? */
bool subnets_hold(const struct subnets *subnets, struct in_addr ip);

/**
 * @brief Call ops->waiting() in the next turn of the loop, if the subnet is
 *        still there then.
 *
 * Without memory nobody hears of it: the claim stays "registering" until the
 * network changes.
 */
void subnets_wait(struct subnets *subnets, const struct subnet_record *subrec,
		  const struct claim_ops *ops, void *private_data,
		  const struct wire_name *wire, const char *reason,
		  const struct refusal *answer);

/** @brief Show every record of a subnet on which there are new ones. */
void subnets_look(struct subnets *subnets);

#endif /* MESSENGER_SOURCE_NMBD_SUBNETS_H */

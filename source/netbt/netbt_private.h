/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What the files of the table of names share.
 */

#ifndef MESSENGER_SOURCE_NETBT_PRIVATE_H
#define MESSENGER_SOURCE_NETBT_PRIVATE_H

#include "contest.h"
#include "name_type.h"
#include "netbt.h"

struct netbt {
	const struct netbt_ops *ops;
	void *private_data;
	struct name_table *table;
	struct contests *contests;
	bool on;
	uint64_t review; /* when there is an alarm for it; 0: never */
};

/** @brief Seconds of a clock that is never set back. */
uint64_t netbt_uptime(const struct netbt *n);

/** @brief Is it an address of another node of the cluster? */
bool netbt_is_sibling(const struct netbt *n, struct in_addr address);

/** @brief An event about a name; NULL without memory. */
struct event *netbt_event(const struct netbt *n, enum event_type type,
			  const struct name_entry *e);

/** @brief Tell it, about a subnet or none; ev may be NULL. */
void netbt_tell(const struct netbt *n, struct event *ev, const char *subnet);

/**
 * @brief A name on a subnet, made if need be.
 *
 * @return NULL without memory; then nothing is known of the name.
 */
struct name_subnet *netbt_get(struct netbt *n, const struct netbios_name *name,
			      const char *subnet, struct name_entry **e);

/* See struct name_ops. */
void netbt_contested(void *private_data, const struct contest *c,
		     const char *subnet);
void netbt_subnet(void *private_data, const char *subnet);
void netbt_listed(void *private_data, const struct netbios_name *name,
		  const char *subnet);

#endif /* MESSENGER_SOURCE_NETBT_PRIVATE_H */

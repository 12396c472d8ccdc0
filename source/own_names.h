/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * This server's names that are no aliases: wires those who see them, judge
 * them and tell of them together.
 */

#ifndef MESSENGER_SOURCE_OWN_NAMES_H
#define MESSENGER_SOURCE_OWN_NAMES_H

#include <talloc.h>
#include <tevent.h>

#include "diagnosis.h"
#include "event_sinks.h"
#include "hooks.h"
#include "interfaces.h"
#include "netbt.h"

struct own_names;

/** @brief Make them, switched off; NULL without memory. */
struct own_names *own_names_init(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
				 const struct interfaces *interfaces,
				 struct event_sinks *sinks,
				 struct diagnosis *diagnosis);

/** @brief See what nmbd does, from now on. */
void own_names_hook(struct own_names *own, struct hooks *hooks);

/** @brief Some of the other hosts are nodes of our cluster. */
void own_names_join(struct own_names *own,
		    bool (*is_sibling)(void *private_data,
				       struct in_addr address),
		    void *private_data);

/** @brief Which ones are may be known now. */
void own_names_cluster_changed(struct own_names *own);

/** @brief messenger:own names */
void own_names_configure(struct own_names *own, bool on);

/** @brief Their table; NULL as own is. */
struct netbt *own_names_table(const struct own_names *own);

/** @brief A holder has answered. */
void own_names_diagnosed(struct own_names *own, const struct netbios_name *name,
			 struct in_addr address, const struct holder *details);

#endif /* MESSENGER_SOURCE_OWN_NAMES_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * This node in a cluster of CTDB's: wires those who know the other nodes, the
 * service and nmbd's other names together.
 */

#ifndef MESSENGER_SOURCE_IN_CLUSTER_H
#define MESSENGER_SOURCE_IN_CLUSTER_H

#include <talloc.h>
#include <tevent.h>

#include "hooks.h"
#include "interfaces.h"
#include "members.h"
#include "own_names.h"
#include "service.h"
#include "store.h"

struct in_cluster;

/**
 * @brief Join the other nodes.
 *
 * @param[in] computer  The name that all of them have.
 * @param[in] store     This node's own copy of what was added.
 *
 * @return NULL: smb.conf has no "clustering = yes"; or without memory, with a
 *         line in the log: then this node goes by itself.
 */
struct in_cluster *in_cluster_init(TALLOC_CTX *mem_ctx,
				   struct tevent_context *ev,
				   const struct hooks *hooks,
				   struct service *service,
				   struct own_names *own,
				   struct interfaces *interfaces,
				   const struct wire_name *computer,
				   struct store *const *store);

/** @brief See service_ops.place; c may be NULL. */
enum service_place in_cluster_place(const struct in_cluster *c,
				    const char *subnet,
				    struct service_node *holder);

/** @brief messenger:store: are added aliases the cluster's?  c may be NULL. */
void in_cluster_configure(struct in_cluster *c, bool store);

/**
 * @brief Have an alias in the set of the cluster, or out of it.
 *
 * @return As shared_set_store(); ENOENT: there is no such set.
 */
int in_cluster_store(struct in_cluster *c, const char *name, bool there);

/** @brief As shared_set_revoke(); false: there is no such set. */
bool in_cluster_revoke(struct in_cluster *c, const char *name);

/**
 * @brief Is another node the one that changes the set?  c may be NULL.
 *
 * @param[out] vnn, pid  Written if so: its nmbd.
 */
bool in_cluster_is_elsewhere(const struct in_cluster *c, uint32_t *vnn,
			     uint32_t *pid);

/** @brief Is there anything new in the set of the cluster?  c may be NULL. */
void in_cluster_look(struct in_cluster *c);

/** @brief All that is known of the nodes; NULL as c is. */
const struct members *in_cluster_members(const struct in_cluster *c);

/** @brief Is it an address of another node?  c may be NULL. */
bool in_cluster_is_sibling(const struct in_cluster *c,
			   struct in_addr address);

/** @brief The service has changed, or stops: tell the others now. */
void in_cluster_say(struct in_cluster *c);

#endif /* MESSENGER_SOURCE_IN_CLUSTER_H */

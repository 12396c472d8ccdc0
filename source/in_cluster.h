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
#include "own_names.h"
#include "service.h"

struct in_cluster;

/**
 * @brief Join the other nodes.
 *
 * @param[in] computer  The name that all of them have.
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
				   const struct wire_name *computer);

/** @brief See service_ops.place; c may be NULL. */
enum service_place in_cluster_place(const struct in_cluster *c,
				    const char *subnet,
				    struct service_node *holder);

/** @brief Is it an address of another node?  c may be NULL. */
bool in_cluster_is_sibling(const struct in_cluster *c,
			   struct in_addr address);

/** @brief The service has changed, or stops: tell the others now. */
void in_cluster_say(struct in_cluster *c);

#endif /* MESSENGER_SOURCE_IN_CLUSTER_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Orders: add, delete, start and stop, and who waits for what becomes of them.
 */

#ifndef MESSENGER_SOURCE_CONTROL_ORDERS_H
#define MESSENGER_SOURCE_CONTROL_ORDERS_H

#include <talloc.h>
#include <tevent.h>

#include "members.h"
#include "request.h"
#include "samba_private.h"
#include "service.h"

struct orders;

/** @brief Returns NULL without memory. */
struct orders *orders_init(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
			   struct messaging_context *msg,
			   struct service *service);

/** @brief Carry it out; the answer may come later. */
void orders_take(struct orders *orders, struct server_id from,
		 const struct request *req);

/** @brief See service_ops.settled. */
void orders_settled(struct orders *orders, const struct wire_name *wire,
		    const struct service_outcome *outcome);

/** @brief It is a node of a cluster: other nodes are asked of their claims. */
void orders_join(struct orders *orders, const struct members *members);

/** @brief What other nodes are waited for may have been decided: look now. */
void orders_look_at_nodes(struct orders *orders);

/** @brief A holder has been asked: who was refused hears who it is. */
void orders_diagnosed(struct orders *orders, const struct wire_name *wire,
		      struct in_addr holder, const struct holder *details);

#endif /* MESSENGER_SOURCE_CONTROL_ORDERS_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Messages to this server's aliases: wires the ways in, the rule, and those
 * who tell of them together.
 */

#ifndef MESSENGER_SOURCE_INCOMING_H
#define MESSENGER_SOURCE_INCOMING_H

#include <talloc.h>
#include <tevent.h>

#include "event_sinks.h"
#include "interfaces.h"
#include "post.h"
#include "service.h"
#include "settings.h"

struct incoming;
struct packet_struct;

/** @brief Nothing is taken yet; NULL without memory. */
struct incoming *incoming_init(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
			       const struct service *service,
			       const struct interfaces *interfaces,
			       struct event_sinks *sinks);

/** @brief Take messages from now on, as smb.conf has it. */
void incoming_configure(struct incoming *in,
			const struct messenger_config *config);

/** @brief nmbd has read a packet. */
void incoming_received(void *private_data, const struct packet_struct *packet);

/** @brief nmbd ends: take no more. */
void incoming_close(struct incoming *in);

/** @brief What is kept; NULL as in is. */
const struct post *incoming_post(const struct incoming *in);

#endif /* MESSENGER_SOURCE_INCOMING_H */

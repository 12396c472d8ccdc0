/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Answers about all aliases: a few of them in a turn of nmbd's loop, and sent
 * when they are whole.
 */

#ifndef MESSENGER_SOURCE_CONTROL_LONG_ANSWERS_H
#define MESSENGER_SOURCE_CONTROL_LONG_ANSWERS_H

#include <talloc.h>
#include <tevent.h>

#include "event_sinks.h"
#include "pieces.h"
#include "samba_private.h"

/** What they are made of and how they are sent; all of it outlives them. */
struct answers {
	struct tevent_context *ev;
	struct messaging_context *msg;
	const struct service *service;
	const struct netbt *netbt;
	const struct event_sinks *sinks;
};

/** @brief Answer now, if there are few aliases, or before long. */
void answers_begin(TALLOC_CTX *mem_ctx, const struct answers *answers,
		   struct server_id to, const struct pieces_kind *kind);

/** @brief All of one at once; NULL without memory. */
char *answers_whole(TALLOC_CTX *mem_ctx, const struct answers *answers,
		    const struct pieces_kind *kind);

#endif /* MESSENGER_SOURCE_CONTROL_LONG_ANSWERS_H */

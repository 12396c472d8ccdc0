/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Answers on their way back.
 */

#ifndef MESSENGER_SOURCE_ANSWERS_REPLY_H
#define MESSENGER_SOURCE_ANSWERS_REPLY_H

#include <jansson.h>

#include "report.h"
#include "samba_private.h"

/** @brief Send a text; NULL: there was no memory for it. */
void reply_text(struct messaging_context *msg, struct server_id to,
		const char *text);

/** @brief Send an object, with its schema; takes the reference. */
void reply_json(struct messaging_context *msg, struct server_id to,
		json_t *json);

/** @brief Send what became of an order. */
void reply_outcome(struct messaging_context *msg, struct server_id to,
		   bool json, const struct outcome *o);

#endif /* MESSENGER_SOURCE_ANSWERS_REPLY_H */

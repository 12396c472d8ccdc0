/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Events of messages.
 */

#ifndef MESSENGER_SOURCE_EVENT_MESSAGE_H
#define MESSENGER_SOURCE_EVENT_MESSAGE_H

#include "event.h"
#include "message.h"

/**
 * @brief Make one.
 *
 * @param[in] type    EVENT_MESSAGE_RECEIVED or EVENT_MESSAGE_REFUSED.
 * @param[in] m       Copied.
 * @param[in] reason  Why it is refused; NULL: it is not.
 * @param[in] count   So many were; 0: it is not counted.
 *
 * @return Owned by mem_ctx; NULL without memory.
 */
struct event *event_of_message(TALLOC_CTX *mem_ctx, enum event_type type,
			       const struct message *m, const char *reason,
			       uint32_t count);

/**
 * @brief event_message() of such an event.
 *
 * @param[in] format  Takes from whom; " to " and to whom, or two empty ones.
 */
char *event_message_sentence(TALLOC_CTX *mem_ctx, const struct event *ev,
			     const char *format);

/** @brief event_log_text() of such an event: without what is written in it. */
char *event_message_text(TALLOC_CTX *mem_ctx, const struct event *ev);

/** @brief Add its keys to the object of the event; 0, or -1 without memory. */
int event_message_json(json_t *o, const struct event *ev);

#endif /* MESSENGER_SOURCE_EVENT_MESSAGE_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What the lines of all kinds of events share.
 */

#ifndef MESSENGER_SOURCE_EVENT_TEXT_H
#define MESSENGER_SOURCE_EVENT_TEXT_H

#include "event.h"
#include "text.h"

/** Samba's log indents each line by two. */
#define LOG_COLUMNS (TEXT_COLUMNS - 2)

/** @brief "Cause: duplicate-computer-name. Choose another alias, or ..." */
void event_add_cause(char **text, const struct event *ev);

/** @brief event_log_text() of an event that has a name. */
char *event_name_text(TALLOC_CTX *mem_ctx, const struct event *ev);

#endif /* MESSENGER_SOURCE_EVENT_TEXT_H */

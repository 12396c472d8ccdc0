/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What of an event goes into a record of the event log: the strings that a
 * viewer inserts into the sentence it has, and the bytes.
 */

#ifndef MESSENGER_SOURCE_EVENTLOG_WORDS_H
#define MESSENGER_SOURCE_EVENTLOG_WORDS_H

#include <talloc.h>

#include "event.h"
#include "eventlog.h"

/**
 * @brief Fill in a record, but for its computer.
 *
 * @param[in] mem_ctx  Owner of what it points to.
 *
 * @return false without memory.
 */
bool eventlog_words(TALLOC_CTX *mem_ctx, const struct event *ev,
		    struct eventlog_record *record);

#endif /* MESSENGER_SOURCE_EVENTLOG_WORDS_H */

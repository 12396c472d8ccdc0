/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The last events as JSON: some of them in a turn of nmbd's loop, and sent when
 * the answer is whole.
 */

#ifndef MESSENGER_SOURCE_CONTROL_EVENT_ANSWERS_H
#define MESSENGER_SOURCE_CONTROL_EVENT_ANSWERS_H

#include "long_answers.h"

/** @brief Answer with the last so many events after a certain one. */
void event_answers_begin(TALLOC_CTX *mem_ctx, const struct answers *answers,
			 struct server_id to, unsigned count, uint64_t after);

#endif /* MESSENGER_SOURCE_CONTROL_EVENT_ANSWERS_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Answers with the last events, or the last messages.
 */

#ifndef MESSENGER_SOURCE_ANSWERS_RING_ANSWERS_H
#define MESSENGER_SOURCE_ANSWERS_RING_ANSWERS_H

#include "long_answers.h"
#include "request.h"

/** @brief Answer "events" or "messages". */
void ring_answer(TALLOC_CTX *mem_ctx, const struct answers *answers,
		 const struct asker *asker, const struct request *req);

#endif /* MESSENGER_SOURCE_ANSWERS_RING_ANSWERS_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Answers about all aliases: list, status, explain.
 */

#ifndef MESSENGER_SOURCE_ANSWERS_ALIAS_ANSWERS_H
#define MESSENGER_SOURCE_ANSWERS_ALIAS_ANSWERS_H

#include "long_answers.h"
#include "pieces.h"

void alias_answer(TALLOC_CTX *mem_ctx, const struct answers *answers,
		  const struct asker *asker, const struct pieces_kind *kind);

#endif /* MESSENGER_SOURCE_ANSWERS_ALIAS_ANSWERS_H */

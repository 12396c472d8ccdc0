/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Answers to "who", one for each name and in whatever order they come, printed
 * as one, in the order of the names.
 */

#ifndef MESSENGER_SOURCE_WHO_ANSWERS_H
#define MESSENGER_SOURCE_WHO_ANSWERS_H

#include <stdbool.h>

#include <jansson.h>
#include <talloc.h>

/** Less than nmbd takes at a time: another one may be asking, too. */
#define WHO_AT_ONCE 32

struct who_answers;

/**
 * @brief Nothing is answered so far.
 *
 * @param[in] names  As they were typed, ended by NULL; they must live on.
 *
 * @return Owned by mem_ctx; NULL without memory.
 */
struct who_answers *who_answers_create(TALLOC_CTX *mem_ctx, const char **names,
				       bool json);

/**
 * @brief Take an answer.  smb.conf must have been read: names are compared in
 *        its charsets.
 *
 * @return false: it is the outcome of a name that is none.  As text it has been
 *         said; in JSON it is *outcome, whose reference is the caller's.
 */
bool who_answers_take(struct who_answers *answers, const char *text,
		      json_t **outcome);

/** @brief Print what was gathered. */
void who_answers_print(struct who_answers *answers);

#endif /* MESSENGER_SOURCE_WHO_ANSWERS_H */

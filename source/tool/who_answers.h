/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Answers to "who", one for each name, printed as one.
 */

#ifndef MESSENGER_SOURCE_WHO_ANSWERS_H
#define MESSENGER_SOURCE_WHO_ANSWERS_H

#include <stdbool.h>

#include <jansson.h>

struct who_answers {
	bool begun;    /* the head of the table is printed */
	json_t *names; /* NULL: none yet */
};

/**
 * @brief Take an answer; a text is printed at once.
 *
 * @return false: it is the outcome of a name that is none, in *outcome, whose
 *         reference is the caller's.
 */
bool who_answers_take(struct who_answers *answers, const char *text, bool json,
		      json_t **outcome);

/** @brief Print what was gathered, and free it. */
void who_answers_print(struct who_answers *answers);

#endif /* MESSENGER_SOURCE_WHO_ANSWERS_H */

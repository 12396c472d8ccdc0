/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A message as each way of telling people has it.  Its texts come from
 * strangers; they have no control characters, see message.h.
 */

#ifndef MESSENGER_SOURCE_NOTIFY_WORDS_H
#define MESSENGER_SOURCE_NOTIFY_WORDS_H

#include <time.h>

#include <jansson.h>
#include <talloc.h>

#include "message.h"

/**
 * @brief A message as smbmessenger messages has it.
 *
 * @return Owned by mem_ctx; NULL without memory, or if it is none.
 */
struct message *notify_message(TALLOC_CTX *mem_ctx, const json_t *o);

/** @brief "Message from Bob on BRAVO (10.88.0.9) to OPERATOR". */
char *notify_title(TALLOC_CTX *mem_ctx, const struct message *m);

/** @brief For a terminal: lines that end in CR and LF, and a bell. */
char *notify_banner(TALLOC_CTX *mem_ctx, const struct message *m);

/**
 * @brief The text as a notification has it: its markup is none.
 *
 * @param[in] now  If the message came long before, that is said.
 */
char *notify_body(TALLOC_CTX *mem_ctx, const struct message *m, time_t now);

/** @brief Header and text of a mail, in UTF-8; now likewise. */
char *notify_mail(TALLOC_CTX *mem_ctx, const struct message *m, const char *to,
		  time_t now);

/** @brief The text, and a line end: what a program reads. */
char *notify_input(TALLOC_CTX *mem_ctx, const struct message *m);

/** @brief The environment of a program, ended by NULL. */
char **notify_environment(TALLOC_CTX *mem_ctx, const struct message *m);

#endif /* MESSENGER_SOURCE_NOTIFY_WORDS_H */

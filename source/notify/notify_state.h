/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How far the messages were handed on, from one run to the next.
 */

#ifndef MESSENGER_SOURCE_NOTIFY_STATE_H
#define MESSENGER_SOURCE_NOTIFY_STATE_H

#include <stdbool.h>
#include <time.h>

#include <jansson.h>
#include <talloc.h>

struct notify_state {
	char *path;
	char *instance; /* run of nmbd; NULL: nothing is known */
	json_int_t seq; /* of its messages: all up to this one */
	json_t *ahead;	/* by entry, those that are further; or NULL */
	time_t again;	/* the file does not have it; when to write it, in
			 * seconds since the boot.  0: it has it */
};

/**
 * @brief Open and read it: in the folder that systemd gives, or Samba's own.
 *
 * It is locked as long as this process lives, so that nobody is told twice.
 *
 * @return NULL, of which the reason is said.
 */
struct notify_state *notify_state_open(TALLOC_CTX *mem_ctx);

/**
 * @brief Write it, if it is another; called often, for what could not be
 *        written is tried again after a while.  A failure is said once.
 *
 * @param[in] ahead  An object; what it refers to is kept.
 */
void notify_state_set(struct notify_state *state, const char *instance,
		      json_int_t seq, json_t *ahead);

#endif /* MESSENGER_SOURCE_NOTIFY_STATE_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The other end of control.c: requests to the nmbd of this machine, for the
 * tool.
 */

#ifndef MESSENGER_SOURCE_CLIENT_H
#define MESSENGER_SOURCE_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

#include <stdint.h>

#include <talloc.h>

struct client;

/** Why there is no answer. */
enum client_error {
	CLIENT_OK,
	CLIENT_NO_CONFIG,     /* smb.conf cannot be read */
	CLIENT_NOT_PERMITTED, /* not root */
	CLIENT_NO_MESSAGING,  /* Samba's own refused */
	CLIENT_NO_NMBD,
	CLIENT_NO_MODULE,  /* nmbd is there and does not know requests */
	CLIENT_NO_SERVICE, /* the module is there, and not hooked into nmbd */
	CLIENT_SILENT,	   /* nmbd is there, and answers nothing at all */
	CLIENT_TIMEOUT,	   /* it answers, but to this not in time */
	CLIENT_ENDED,	   /* it has ended since, and has not answered */
};

/**
 * @brief Make a client that is not connected.
 *
 * @param[in] config   smb.conf, not copied; NULL: Samba's own.
 * @param[in] seconds  How long to wait for answers.
 *
 * @return NULL without memory.
 */
struct client *client_create(TALLOC_CTX *mem_ctx, const char *config,
			     unsigned seconds);

/** @brief Find nmbd, and see that it has the module; anew each time. */
enum client_error client_connect(struct client *client);

/**
 * @brief Send requests, all at once, and gather their answers.
 *
 * @param[in] requests  Each gets one answer; they come in any order.
 * @param[in] num       How many.
 * @param[in] answered  Called for each answer, with its text.
 *
 * @return CLIENT_OK when each was answered; CLIENT_TIMEOUT; CLIENT_ENDED, or
 *         CLIENT_NO_NMBD, when nmbd went away.
 */
enum client_error client_ask(struct client *client, char *const *requests,
			     size_t num,
			     void (*answered)(void *private_data,
					      const char *text),
			     void *private_data);

/** @brief Ask the nmbd of another node of the cluster from now on. */
void client_turn_to(struct client *client, uint32_t node, uint32_t pid);

/** @brief The same, so many at a time at most. */
enum client_error client_ask_in_parts(
	struct client *client, char *const *requests, size_t num, size_t most,
	void (*answered)(void *private_data, const char *text),
	void *private_data);

/**
 * @brief What is so and what to do, for an administrator, without an end.
 *
 * @return NULL without memory.
 */
char *client_error_text(TALLOC_CTX *mem_ctx, const struct client *client,
			enum client_error error);

#endif /* MESSENGER_SOURCE_CLIENT_H */

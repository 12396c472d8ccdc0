/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The other end of control.c: requests to the nmbd of this machine, for the
 * tool.
 */

#ifndef MESSENGER_SOURCE_CLIENT_H
#define MESSENGER_SOURCE_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

#include <talloc.h>

struct client;

/** Why there is no answer. */
enum client_error {
	CLIENT_OK,
	CLIENT_NO_CONFIG,     /* smb.conf cannot be read */
	CLIENT_NOT_PERMITTED, /* not root, or Samba's messaging refused */
	CLIENT_NO_NMBD,
	CLIENT_NO_MODULE, /* nmbd is there and does not know requests */
	CLIENT_TIMEOUT,
};

/** @brief The error as a line for an administrator, without its end. */
const char *client_error_text(enum client_error error);

/**
 * @brief Find nmbd, and see that it has the module.
 *
 * @param[in]  mem_ctx  Owner of *client.
 * @param[in]  config   smb.conf; NULL: Samba's own.
 * @param[in]  seconds  How long to wait for it.
 * @param[out] client   On success.
 */
enum client_error client_connect(TALLOC_CTX *mem_ctx, const char *config,
				 unsigned seconds, struct client **client);

/**
 * @brief Send requests, all at once, and gather their answers.
 *
 * @param[in] requests  Each gets one answer; they come in any order.
 * @param[in] num       How many.
 * @param[in] seconds   How long to wait for all of them.
 * @param[in] answered  Called for each answer, with its text.
 *
 * @return CLIENT_OK when each was answered; CLIENT_TIMEOUT; CLIENT_NO_NMBD
 *         when nmbd went away.
 */
enum client_error client_ask(struct client *client, char **requests, size_t num,
			     unsigned seconds,
			     void (*answered)(void *private_data,
					      const char *text),
			     void *private_data);

#endif /* MESSENGER_SOURCE_CLIENT_H */

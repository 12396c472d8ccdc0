/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * \PIPE\msgsvc of another machine, by Samba's client libraries.
 */

#ifndef MESSENGER_SOURCE_SERVER_H
#define MESSENGER_SOURCE_SERVER_H

#include "msgsvc_ndr.h"

struct server;

struct server_options {
	const char *host;
	const char *user;      /* USER[%PASSWORD]; NULL: of the environment */
	const char *auth_file; /* or a file with both; NULL: none */
	const char *config;    /* smb.conf; NULL: Samba's own */
	unsigned seconds;      /* for each answer */
};

/**
 * @brief Connect, log on and bind; asks for a password at the terminal.
 *
 * @param[out] why  On failure: a sentence without its end.
 *
 * @return Owned by mem_ctx; NULL on failure.
 */
struct server *server_connect(TALLOC_CTX *mem_ctx,
			      const struct server_options *options,
			      const char **why);

/**
 * @brief One call.
 *
 * @param[in]  mem_ctx  Owner of the names in *reply.
 * @param[out] reply    On success.
 * @param[out] why      On failure: a sentence without its end.
 */
bool server_call(TALLOC_CTX *mem_ctx, struct server *server,
		 const struct msgsvc_request *req, struct msgsvc_reply *reply,
		 const char **why);

#endif /* MESSENGER_SOURCE_SERVER_H */

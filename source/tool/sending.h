/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * smbmessenger send, and deliver.
 */

#ifndef MESSENGER_SOURCE_TOOL_SENDING_H
#define MESSENGER_SOURCE_TOOL_SENDING_H

#include <talloc.h>

#include "client.h"
#include "commands.h"

/**
 * @brief Send a message to whoever has a name, and say what became of it.
 *
 * @param[in]  words   The name, and the text in pieces; without any it is read
 *                     from standard input.
 * @param[out] status  What became of it, if nmbd could be asked.
 *
 * @return Why it could not; then nothing was said.
 */
enum client_error sending_send(TALLOC_CTX *mem_ctx, struct client *client,
			       const struct options *options,
			       const char **words, enum exit_status *status);

/** @brief Hand a message of smbd's to nmbd. */
enum exit_status sending_deliver(TALLOC_CTX *mem_ctx,
				 const struct options *options,
				 const char **words);

#endif /* MESSENGER_SOURCE_TOOL_SENDING_H */

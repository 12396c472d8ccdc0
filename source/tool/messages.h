/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * smbmessenger messages.
 */

#ifndef MESSENGER_SOURCE_TOOL_MESSAGES_H
#define MESSENGER_SOURCE_TOOL_MESSAGES_H

#include <talloc.h>

#include "client.h"
#include "commands.h"

/**
 * @brief Print the last messages, or go on printing them.
 *
 * @param[in] names  Only those to these aliases; ends in NULL; NULL: all.
 */
enum client_error messages_print(TALLOC_CTX *mem_ctx, struct client *client,
				 const struct options *options,
				 const char **names);

#endif /* MESSENGER_SOURCE_TOOL_MESSAGES_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * --cluster: the same question to each node of the cluster.
 */

#ifndef MESSENGER_SOURCE_TOOL_CLUSTER_H
#define MESSENGER_SOURCE_TOOL_CLUSTER_H

#include <talloc.h>

#include "client.h"
#include "commands.h"

/**
 * @brief Ask each node, and print the answers, each below a line that says
 *        whose it is.
 *
 * @param[out] status  The worst of them; of a node that does not answer,
 *                     EXIT_NO_SERVICE.
 *
 * @return CLIENT_OK, if the nmbd of this node has answered.
 */
enum client_error cluster_ask(TALLOC_CTX *mem_ctx, struct client *client,
			      const struct command *command,
			      enum exit_status *status);

#endif /* MESSENGER_SOURCE_TOOL_CLUSTER_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The request "who": answered when the network has been asked.
 */

#ifndef MESSENGER_SOURCE_ANSWERS_WHO_ASKS_H
#define MESSENGER_SOURCE_ANSWERS_WHO_ASKS_H

#include <talloc.h>

#include "request.h"
#include "samba_private.h"
#include "who.h"

/**
 * @brief Ask, and answer later; what is no name is answered at once.
 *
 * @param[in] mem_ctx  Owner of those who wait.
 */
void who_asks(TALLOC_CTX *mem_ctx, struct messaging_context *msg,
	      struct who *who, struct server_id from,
	      const struct request *req);

#endif /* MESSENGER_SOURCE_ANSWERS_WHO_ASKS_H */

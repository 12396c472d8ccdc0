/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Requests to the nmbd of this machine, any number of them under way at once.
 */

#ifndef MESSENGER_SOURCE_ASK_H
#define MESSENGER_SOURCE_ASK_H

#include <stdbool.h>
#include <stdint.h>

#include <talloc.h>
#include <tevent.h>

struct messaging_context;

/**
 * @brief Send a request in the words of the module.
 *
 * @param[in] probe    See by the way whether nmbd has the module; only for a
 *                     request that it answers at once.
 * @param[in] seconds  How long to wait.
 *
 * @return NULL without memory.  Freed before it is done, it is forgotten.
 */
struct tevent_req *ask_send(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
			    struct messaging_context *msg, const char *request,
			    bool probe, unsigned seconds);

/**
 * @brief The answer.
 *
 * @param[in]  mem_ctx  Owner of *answer.
 * @param[out] answer   On success: its text.
 *
 * @return 0; NERR_NetworkError if there is no nmbd, or no answer in time;
 *         NERR_MsgNotStarted if it is without the module.
 */
uint32_t ask_recv(struct tevent_req *req, TALLOC_CTX *mem_ctx, char **answer);

#endif /* MESSENGER_SOURCE_ASK_H */

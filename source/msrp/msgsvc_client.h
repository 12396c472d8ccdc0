/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The other end of msgsvc_ndr.h, as far as a client needs it: requests into
 * stubs, stubs into replies, of level 0.
 */

#ifndef MESSENGER_SOURCE_MSGSVC_CLIENT_H
#define MESSENGER_SOURCE_MSGSVC_CLIENT_H

#include "msgsvc_ndr.h"

/**
 * @brief The stub of a request: an Add, a Del or an Enum of level 0.
 *
 * @return A talloc array of bytes, little-endian; NULL without memory.
 */
uint8_t *msgsvc_push_request(TALLOC_CTX *mem_ctx,
			     const struct msgsvc_request *req);

/**
 * @brief The stub of a reply.
 *
 * @param[in]  mem_ctx  Owner of the names.
 * @param[in]  req      What it replies to.
 * @param[in]  big      Integers are big-endian.
 * @param[out] reply    On success.
 *
 * @return false if it is no stub of such a reply, or without memory.
 */
bool msgsvc_pull_reply(TALLOC_CTX *mem_ctx, const struct msgsvc_request *req,
		       const uint8_t *data, size_t len, bool big,
		       struct msgsvc_reply *reply);

#endif /* MESSENGER_SOURCE_MSGSVC_CLIENT_H */

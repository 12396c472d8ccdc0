/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Claims that wait, and are told so in a turn of the loop of their own.
 */

#ifndef MESSENGER_SOURCE_NMBD_UNTOLD_H
#define MESSENGER_SOURCE_NMBD_UNTOLD_H

#include <talloc.h>
#include <tevent.h>

#include "claim.h"

/**
 * @brief Call ops->waiting() in the next turn of the loop.
 *
 * Without memory nobody hears of it: the claim stays "registering" until the
 * network changes.
 *
 * @param[in] mem_ctx  Must not go before that turn.
 */
void untold_wait(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
		 const struct claim_ops *ops, void *private_data,
		 const struct wire_name *wire, const char *subnet,
		 const char *reason);

#endif /* MESSENGER_SOURCE_NMBD_UNTOLD_H */

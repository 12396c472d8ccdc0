/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What became of this node's claims, for other nodes of the cluster that ask.
 */

#ifndef MESSENGER_SOURCE_OWN_CLAIMS_H
#define MESSENGER_SOURCE_OWN_CLAIMS_H

#include <talloc.h>
#include <tevent.h>

#include "samba_private.h"
#include "service.h"

struct own_claims;

/**
 * @brief Answer them from here on.
 *
 * @param[in] look  Called when an alias is asked for that this node has not:
 *                  it may be new in the set of the cluster.
 *
 * @return NULL: they are not answered; the log says so.
 */
struct own_claims *own_claims_init(TALLOC_CTX *mem_ctx,
				   struct tevent_context *ev,
				   struct messaging_context *msg,
				   struct service *service,
				   void (*look)(void *private_data),
				   void *private_data);

/** @brief An alias may have its verdict now; claims may be NULL. */
void own_claims_look(struct own_claims *claims);

#endif /* MESSENGER_SOURCE_OWN_CLAIMS_H */

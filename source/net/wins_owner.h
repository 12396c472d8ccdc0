/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Asks a WINS server that has refused a name whose it is.
 */

#ifndef MESSENGER_SOURCE_WINS_OWNER_H
#define MESSENGER_SOURCE_WINS_OWNER_H

#include <netinet/in.h>

#include <talloc.h>
#include <tevent.h>

#include "interfaces.h"
#include "name.h"

struct wins_owner;

/** Called with the answer, from the event loop; 0.0.0.0: it did not say so. */
typedef void (*wins_owner_told)(void *private_data,
				const struct netbios_name *name,
				struct in_addr server, struct in_addr owner);

/** @brief Returns NULL without memory. */
struct wins_owner *wins_owner_init(TALLOC_CTX *mem_ctx,
				   struct tevent_context *ev,
				   const struct interfaces *interfaces,
				   wins_owner_told told, void *private_data);

/**
 * @brief Ask; the answer follows within two seconds.
 *
 * Without memory, or with too many questions under way, there is none.
 *
 * @param[in] scope  NetBIOS scope, "" for none.
 */
void wins_owner_ask(struct wins_owner *wins, const struct netbios_name *name,
		    struct in_addr server, const char *scope);

#endif /* MESSENGER_SOURCE_WINS_OWNER_H */

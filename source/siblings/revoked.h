/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Aliases that are to be taken out of the set of the cluster, and nobody asks
 * again whether they are.
 */

#ifndef MESSENGER_SOURCE_REVOKED_H
#define MESSENGER_SOURCE_REVOKED_H

#include <stdbool.h>
#include <sys/queue.h>

#include <talloc.h>

#include "name.h"

struct revoked {
	TAILQ_ENTRY(revoked) entry;
	char *name;
	struct wire_name wire;
};

TAILQ_HEAD(revoked_list, revoked);

/** @brief Once; without memory not at all: then it is there for all to see. */
void revoked_add(TALLOC_CTX *mem_ctx, struct revoked_list *list,
		 const char *name, const struct wire_name *wire);

bool revoked_has(const struct revoked_list *list, const struct wire_name *wire);

/** @brief If it is among them. */
void revoked_remove(struct revoked_list *list, const struct wire_name *wire);

#endif /* MESSENGER_SOURCE_REVOKED_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The nodes of a cluster in words.  Pure.
 */

#ifndef MESSENGER_SOURCE_NODES_REPORT_H
#define MESSENGER_SOURCE_NODES_REPORT_H

#include <jansson.h>
#include <talloc.h>

#include "members.h"

/**
 * @brief What each node is, and what it holds, for people.
 *
 * @param[in] members  NULL: there is no cluster.
 * @param[in] now      As members_place() takes it.
 */
char *nodes_text(TALLOC_CTX *mem_ctx, const struct members *members,
		 uint64_t now);

/** @brief The same as JSON: {"nodes":[{"node","address",...}]} */
json_t *nodes_json(const struct members *members, uint64_t now);

#endif /* MESSENGER_SOURCE_NODES_REPORT_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What is wrong with the service or an alias, why, and what to do about it, in
 * plain English.  Pure.
 */

#ifndef MESSENGER_SOURCE_EXPLAIN_H
#define MESSENGER_SOURCE_EXPLAIN_H

#include <talloc.h>

#include "finding.h"
#include "pieces.h"
#include "service.h"

/** For people. */
extern const struct pieces_kind explain_text;

/** @brief "The Messenger service on ALPHA has been running since ..." */
char *explain_state(TALLOC_CTX *mem_ctx, const struct service *service);

/** @brief Standing by: which node has the name; else "". */
char *explain_node(TALLOC_CTX *mem_ctx, const struct service *service);

/**
 * @brief Tell of requests that were refused a while ago, some more of them.
 *
 * @param[in,out] num  As for pieces_kind's others; becomes what is left.
 *
 * @return Whether there are more of them.
 */
bool explain_requests(struct pieces_about *about, size_t *num,
		      void (*tell)(struct told *told,
				   const struct service *service,
				   const struct finding *finding));

/** {"state","findings":[{"alias","subnet","holder","cause",...}],...} */
extern const struct pieces_kind explain_json;

#endif /* MESSENGER_SOURCE_EXPLAIN_H */

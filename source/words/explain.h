/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What is wrong with the service or an alias, why, and what to do about it, in
 * plain English.  Pure.
 */

#ifndef MESSENGER_SOURCE_EXPLAIN_H
#define MESSENGER_SOURCE_EXPLAIN_H

#include <jansson.h>
#include <talloc.h>

#include "netbt.h"
#include "service.h"

/**
 * @brief For people; as in report.h.
 *
 * @param[in] netbt  NULL: nothing is known of names that are no aliases.
 */
char *explain_text(TALLOC_CTX *mem_ctx, const struct service *service,
		   const struct netbt *netbt);

/** @brief "The Messenger service on ALPHA has been running since ..." */
char *explain_state(TALLOC_CTX *mem_ctx, const struct service *service);

/** @brief {"state","findings":[{"alias","subnet","holder","cause",...}],...} */
json_t *explain_json(const struct service *service,
		     const struct netbt *netbt);

#endif /* MESSENGER_SOURCE_EXPLAIN_H */

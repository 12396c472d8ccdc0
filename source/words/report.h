/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What a request is answered with: the service, its aliases, its events and
 * the outcome of an order, as text for people and as JSON.  Pure.
 */

#ifndef MESSENGER_SOURCE_REPORT_H
#define MESSENGER_SOURCE_REPORT_H

#include <netinet/in.h>

#include <jansson.h>
#include <talloc.h>

#include "event.h"
#include "messenger.h"
#include "netbt.h"
#include "service.h"

/*
 * Texts end in '\n' and are owned by mem_ctx; JSON is a new reference.  Each
 * is NULL without memory.
 */

/** @param[in] netbt  NULL: nothing is known of names that are no aliases. */
char *report_status_text(TALLOC_CTX *mem_ctx, const struct service *service,
			 const struct netbt *netbt);
char *report_list_text(TALLOC_CTX *mem_ctx, const struct service *service);
char *report_help_text(TALLOC_CTX *mem_ctx);

/** @brief {"service","condition","computer","aliases","counters",...} */
json_t *report_status_json(const struct service *service,
			   const struct netbt *netbt);

/** @brief {"aliases":[...]} */
json_t *report_list_json(const struct service *service);

/** @brief {"requests":[...]} */
json_t *report_help_json(void);

/** The outcome of add, delete, start or stop. */
struct outcome {
	const char *done;    /* what is said of a success */
	const char *subject; /* the name or service it is about */
	enum messenger_code code;
	struct in_addr holder; /* 0.0.0.0: unknown, or none */
	const char *reason;    /* the system's words for it; NULL: none */
};

/** @brief One line: what was done, or number, name and text of the error. */
char *report_outcome_text(TALLOC_CTX *mem_ctx, const struct outcome *o);

/** @brief A request that is none: {"ok","code","code_name","message"} */
json_t *report_error_json(const char *message);

/** @brief {"ok","name","code","code_name","message","holder"} */
json_t *report_outcome_json(const struct outcome *o);

/*
 * Of the files that make these answers.
 */

/** @brief Append "held by 10.88.0.9", or that nobody knows. */
void report_add_holder(char **text, const struct alias_subnet *where);

/** @brief Every alias, a new reference; NULL without memory. */
json_t *report_aliases_json(const struct service *service);

/** @brief The object, with a reason unless that is NULL; NULL: no memory. */
json_t *report_with_reason(json_t *o, const char *reason);

#endif /* MESSENGER_SOURCE_REPORT_H */

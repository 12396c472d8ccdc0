/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What a request is answered with: the service, its aliases and the outcome of
 * an order, as text for people and as JSON.  Pure.
 */

#ifndef MESSENGER_SOURCE_REPORT_H
#define MESSENGER_SOURCE_REPORT_H

#include <netinet/in.h>

#include <jansson.h>
#include <talloc.h>

#include "messenger.h"
#include "netbt.h"
#include "service.h"

/*
 * Texts end in '\n' and are owned by mem_ctx; JSON is a new reference.  Each
 * is NULL without memory.
 */

/**
 * @brief The service, how many names, and each that is not well.
 *
 * @param[in] netbt   NULL: nothing is known of names that are no aliases.
 * @param[in] events  The last ones, lines that each end in '\n'; "": none.
 */
char *report_status_text(TALLOC_CTX *mem_ctx, const struct service *service,
			 const struct netbt *netbt, const char *events);

/** @brief One word and the end of the line. */
char *report_condition_text(TALLOC_CTX *mem_ctx, const struct service *service,
			    const struct netbt *netbt);

/** @brief {"condition":...} */
json_t *report_condition_json(const struct service *service,
			      const struct netbt *netbt);

char *report_list_text(TALLOC_CTX *mem_ctx, const struct service *service);
char *report_help_text(TALLOC_CTX *mem_ctx);

/** @brief {"service","condition","computer","counts","aliases",...} */
json_t *report_status_json(const struct service *service,
			   const struct netbt *netbt);

/** @brief {"aliases":[...]} */
json_t *report_list_json(const struct service *service);

/** @brief Each alias of the listing, as in a list; NULL without memory. */
json_t *report_aliases_json(const struct alias *const *listing);

/** @brief {"requests":[...]} */
json_t *report_help_json(void);

/** The outcome of add, ensure, delete, start or stop. */
struct outcome {
	const char *done;    /* what is said of a success */
	bool unchanged;	     /* a success: it was so already */
	const char *subject; /* the name it is about; NULL: the service */
	enum messenger_code code;
	struct in_addr holder;	      /* 0.0.0.0: unknown, or none */
	const struct holder *details; /* what it says of itself; NULL */
	const char *reason; /* the system's words for it; NULL: none */
	/* an error: said in place of the number's own text; NULL: that */
	const char *message;
};

/** @brief One line: what was done, or number, name and text of the error. */
char *report_outcome_text(TALLOC_CTX *mem_ctx, const struct outcome *o);

/** @brief Why a service has failed, in a few words and without an end. */
char *report_failure(TALLOC_CTX *mem_ctx, const struct service *service);

/** @brief Another type than that of an alias: what is said of it. */
char *report_wrong_type(TALLOC_CTX *mem_ctx, const char *name, int type);

/** @brief A request that is none: {"ok","code","code_name","message"} */
json_t *report_error_json(const char *message);

/** @brief {"ok","name","code","code_name","message","changed","holder"} */
json_t *report_outcome_json(const struct outcome *o);

#endif /* MESSENGER_SOURCE_REPORT_H */

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
#include "pieces.h"
#include "service.h"

/*
 * Texts end in '\n' and are owned by mem_ctx; JSON is a new reference.  Each
 * is NULL without memory.
 */

/** The service, how many names, each that is not well, and the last events. */
extern const struct pieces_kind report_status_text;

/** {"service","condition","computer","counts","aliases",...} */
extern const struct pieces_kind report_status_json;

extern const struct pieces_kind report_list_text;

/** {"aliases":[...]} */
extern const struct pieces_kind report_list_json;

/** A status, and the list below it. */
extern const struct pieces_kind report_overview_text;

/** @brief One word and the end of the line. */
char *report_condition_text(TALLOC_CTX *mem_ctx, const struct service *service,
			    const struct netbt *netbt);

/** @brief {"condition":...} */
json_t *report_condition_json(const struct service *service,
			      const struct netbt *netbt);

char *report_help_text(TALLOC_CTX *mem_ctx);

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

/** What another node of the cluster has said of an alias. */
struct report_node {
	unsigned node;
	bool claimed;
	enum messenger_code code; /* why not; NERR_Success: it said nothing */
	const char *reason;	  /* the system's words; NULL: none */
};

struct report_nodes {
	const struct report_node *nodes;
	size_t num;
};

/**
 * @brief What was done, and on which nets another node of the cluster is to
 *        claim it and has not.
 *
 * @return NULL: on none, or without memory.
 */
char *report_left(TALLOC_CTX *mem_ctx, const char *done,
		  const struct service *service, const struct wire_name *wire,
		  const struct report_nodes *nodes);

/** @brief Why a service has failed, in a few words and without an end. */
char *report_failure(TALLOC_CTX *mem_ctx, const struct service *service);

/** @brief Another type than that of an alias: what is said of it. */
char *report_wrong_type(TALLOC_CTX *mem_ctx, const char *name, int type);

/** @brief A request that is none: {"ok","code","code_name","message"} */
json_t *report_error_json(const char *message);

/** @brief {"ok","name","code","code_name","message","changed","holder"} */
json_t *report_outcome_json(const struct outcome *o);

/* What a status and a list have in common. */

/** @brief Lines of the list. */
void report_add_rows(struct pieces_about *about,
		     const struct alias *const *list);

/** @brief What a list begins with. */
char *report_list_head(TALLOC_CTX *mem_ctx, const struct pieces_about *about);

/** @brief The lines that are left, and what it ends with. */
char *report_list_end(TALLOC_CTX *mem_ctx, struct pieces_about *about);

/** @brief Elements of "aliases". */
void report_add_json(struct pieces_about *about,
		     const struct alias *const *list);

#endif /* MESSENGER_SOURCE_REPORT_H */

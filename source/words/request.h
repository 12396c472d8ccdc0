/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The request language: one line in.  Pure.
 */

#ifndef MESSENGER_SOURCE_REQUEST_H
#define MESSENGER_SOURCE_REQUEST_H

#include <talloc.h>

#include "messenger.h"

/** The longest request, in bytes, without its NUL. */
#define REQUEST_MAX 256

enum request_verb {
	REQUEST_OVERVIEW, /* nothing: status and list */
	REQUEST_LIST,
	REQUEST_STATUS,
	REQUEST_CONDITION,
	REQUEST_ADD,
	REQUEST_ENSURE,
	REQUEST_DELETE,
	REQUEST_START,
	REQUEST_STOP,
	REQUEST_EVENTS,
	REQUEST_EXPLAIN,
	REQUEST_NAMES,
	REQUEST_WHO,
	REQUEST_NODES,
	REQUEST_MESSAGES,
	REQUEST_HELP,
};

struct request {
	enum request_verb verb;
	bool json;
	char *name;	/* of add, ensure, delete and who, without type */
	int type;	/* that was written behind it, or none; see name.h */
	char *subject;	/* what it is called in the answer */
	unsigned count; /* of events and messages */
	uint64_t after; /* of events: only those with a higher seq */
};

/** One line of the table of requests, for help and documents. */
struct request_help {
	const char *usage;
	const char *meaning;
};

/** The requests, ended by one whose usage is NULL. */
extern const struct request_help request_help[];

/**
 * @brief Read a request.
 *
 * @param[in]  mem_ctx  Owner of the results.
 * @param[in]  data     What the message carried; may be NULL if len is 0.
 * @param[in]  len      Its length; the text ends in its only NUL.
 * @param[out] req      The request, on success; json is set on failure as
 *                      well.
 * @param[out] error    On failure one line without its end: what is wrong
 *                      and what is known.  NULL: no memory.
 *
 * @return Whether it is a request.
 */
bool request_parse(TALLOC_CTX *mem_ctx, const uint8_t *data, size_t len,
		   struct request *req, char **error);

#endif /* MESSENGER_SOURCE_REQUEST_H */

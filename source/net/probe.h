/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * One question to one host, on a socket of its own: nmbd keeps no record of
 * it, and without WINS could not (it never looks at its unicast subnet then).
 */

#ifndef MESSENGER_SOURCE_PROBE_H
#define MESSENGER_SOURCE_PROBE_H

#include <netinet/in.h>

#include <talloc.h>
#include <tevent.h>

#include "nbns.h"

/** What to ask, of whom. */
struct probe_question {
	struct in_addr to;
	enum nbns_question question;
	const struct wire_name *wire; /* NULL: "*"; copied */
	uint8_t type;
	const char *scope; /* "" for none; copied */
	bool recursion;
	unsigned tries;
	unsigned interval_ms; /* from one to the next, and the end */
};

/**
 * @brief Ask.
 *
 * @param[in] mem_ctx  Owner of the request; freeing it ends the question.
 *
 * @return NULL without memory.
 */
struct tevent_req *probe_send(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
			      const struct probe_question *question);

/**
 * @brief The answer.
 *
 * @param[out] answer  The first well-formed one, on success.
 *
 * @return 0; ETIMEDOUT: none came; ECONNREFUSED: the host has no name
 *         service; another errno: it could not be asked.
 */
int probe_recv(struct tevent_req *req, struct nbns_answer *answer);

#endif /* MESSENGER_SOURCE_PROBE_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Questions to WINS that come before a claim there.
 */

#ifndef MESSENGER_SOURCE_WINS_CLAIMS_H
#define MESSENGER_SOURCE_WINS_CLAIMS_H

#include <talloc.h>
#include <tevent.h>

#include "name.h"
#include "wins_query.h"

struct wins_claims;

/** Called with the answer, from the event loop; it may drop the question. */
typedef void (*wins_claims_answered)(void *private_data, const char *name,
				     const struct wire_name *wire,
				     const struct wins_verdict *verdict);

/** @brief Returns NULL without memory. */
struct wins_claims *wins_claims_init(TALLOC_CTX *mem_ctx,
				     struct tevent_context *ev,
				     wins_claims_answered answered,
				     void *private_data);

/**
 * @brief Ask WINS for a name; an older question for it is forgotten.
 *
 * The answer is kept until the name is dropped: a claim may yet be refused,
 * and then this knows by whom.
 *
 * @return false without memory: nothing was asked.
 */
bool wins_claims_ask(struct wins_claims *claims, const char *name,
		     const struct wire_name *wire, const char *scope,
		     struct in_addr self);

/** @brief End the question for a name, and forget what is known of it. */
void wins_claims_drop(struct wins_claims *claims,
		      const struct wire_name *wire);

/** @brief Is WINS being asked for a name now? */
bool wins_claims_pending(const struct wins_claims *claims,
			 const struct wire_name *wire);

/** @brief An owner of the name in WINS that did not answer, or 0.0.0.0. */
struct in_addr wins_claims_suspect(const struct wins_claims *claims,
				   const struct wire_name *wire);

#endif /* MESSENGER_SOURCE_WINS_CLAIMS_H */

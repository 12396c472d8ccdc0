/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What becomes of an alias on the nets that are left to other nodes of the
 * cluster: they are asked.
 */

#ifndef MESSENGER_SOURCE_OTHER_CLAIMS_H
#define MESSENGER_SOURCE_OTHER_CLAIMS_H

#include <talloc.h>

#include "claim_words.h"
#include "members.h"
#include "report.h"
#include "samba_private.h"
#include "service.h"

struct other_claims; /* all that are asked for */
struct other_claim;  /* one of them */

/** What the nodes say together. */
enum other_verdict {
	OTHER_PENDING, /* not all have said it, or this node claims it itself */
	OTHER_CLAIMED, /* it is held on all nets */
	OTHER_OPEN,    /* a node has not claimed it, and says why */
	OTHER_REFUSED, /* somebody has it there */
};

/**
 * @brief Ask other nodes, and hear what they say.
 *
 * @param[in] said  Called when one has answered.
 *
 * @return NULL: they are not asked; the log says so.
 */
struct other_claims *other_claims_init(TALLOC_CTX *mem_ctx,
				       struct messaging_context *msg,
				       const struct members *members,
				       void (*said)(void *private_data),
				       void *private_data);

/** @brief Is there a net of it that is left to another node?  Not of WINS. */
bool other_claims_are_needed(const struct alias *alias);

/**
 * @brief Ask of an alias.
 *
 * @param[in] mem_ctx  Its owner: with it, nobody waits any more.
 *
 * @return NULL without memory.
 */
struct other_claim *other_claim_create(TALLOC_CTX *mem_ctx,
				       struct other_claims *claims,
				       const struct wire_name *wire);

/** @brief Ask those that are to be asked; what have they said so far? */
enum other_verdict other_claim_judge(struct other_claim *claim,
				     const struct alias *alias);

/**
 * @brief Refused: by whom, and on which subnet that is left to that node.
 *
 * @return NULL: it was not, or is not left to that node any more.
 */
const struct claim_said *other_claim_refusal(const struct other_claim *claim,
					     const struct alias *alias,
					     const char **subnet);

/**
 * @brief What is said where it is left to others; see report_left().
 *
 * @return Owned by mem_ctx; without memory none.
 */
struct report_nodes other_claim_nodes(TALLOC_CTX *mem_ctx,
				      const struct other_claim *claim);

#endif /* MESSENGER_SOURCE_OTHER_CLAIMS_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * One thing that is wrong with a name: what, why, and what to do, as sentences
 * and as commands to type.  Pure.
 *
 * Sentences and commands are owned by mem_ctx, and NULL without memory.
 */

#ifndef MESSENGER_SOURCE_FINDING_H
#define MESSENGER_SOURCE_FINDING_H

#include <stdbool.h>

#include <talloc.h>

#include "service.h"

/** What is wrong, and where; a subnet's entry may be NULL: nowhere. */
struct finding {
	const struct alias *alias;
	const struct alias_subnet *where;
	bool requested; /* and not added: it is remembered, not listed */
};

/** @brief Why another host refused it, as far as it is known. */
enum event_cause finding_cause(const struct finding *f);

/** @brief Who asked for it when, if it is not listed; "": it is. */
char *finding_request(TALLOC_CTX *mem_ctx, const struct finding *f);

char *finding_fact(TALLOC_CTX *mem_ctx, const struct finding *f);
char *finding_reason(TALLOC_CTX *mem_ctx, const struct finding *f);
char *finding_action(TALLOC_CTX *mem_ctx, const struct finding *f);

/**
 * @brief A command that shows more of the holder.
 *
 * @return "": there is none.
 */
char *finding_look(TALLOC_CTX *mem_ctx, const struct finding *f);

/** @brief The command to type when that is done; "": there is none. */
char *finding_next(TALLOC_CTX *mem_ctx, const struct service *service,
		   const struct finding *f);

#endif /* MESSENGER_SOURCE_FINDING_H */

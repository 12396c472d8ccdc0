/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Answers about all aliases.
 */

#include "alias_answers.h"

/* Aliases in a turn: well below a millisecond. */
#define AT_ONCE 64

/* The last ones, in a status. */
#define EVENTS_SHOWN 3

static bool go_on(void *source)
{
	return pieces_go_on(source, AT_ONCE);
}

static char *end(TALLOC_CTX *mem_ctx, const struct answers *as, void *source)
{
	char *events = event_sinks_last_text(mem_ctx, as->sinks, EVENTS_SHOWN);

	return (events != NULL) ? pieces_end(mem_ctx, source, events) : NULL;
}

static char *take(TALLOC_CTX *mem_ctx, void *source)
{
	return pieces_take(mem_ctx, source);
}

static const struct long_kind alias_kind = {
	.go_on = go_on,
	.take = take,
	.end = end,
};

void alias_answer(TALLOC_CTX *mem_ctx, const struct answers *as,
		  const struct asker *asker, const struct pieces_kind *kind)
{
	long_answer(mem_ctx, as, asker, &alias_kind,
		    pieces_begin(mem_ctx, kind, as->service, as->netbt));
}

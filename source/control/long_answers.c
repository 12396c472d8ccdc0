/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Answers about all aliases.  Between two pieces nmbd goes through its loop,
 * and a socket with something in it has its turn.
 */

#include "long_answers.h"

#include "reply.h"
#include "steady.h"

/* Aliases in a turn: well below a millisecond. */
#define AT_ONCE 64

/* The last ones, in a status. */
#define EVENTS_SHOWN 3

struct answer {
	const struct answers *answers;
	struct server_id to;
	struct pieces *pieces; /* NULL: it is whole */
	char *text;
	struct steady *turn;
};

static char *end(TALLOC_CTX *mem_ctx, const struct answers *as,
		 struct pieces *pieces)
{
	char *events = event_sinks_last_text(mem_ctx, as->sinks, EVENTS_SHOWN);

	return (events != NULL) ? pieces_end(mem_ctx, pieces, events) : NULL;
}

static void send_whole(struct answer *a)
{
	reply_text(a->answers->msg, a->to, a->text);
	talloc_free(a);
}

/* Of one that took several turns, each of these takes one: it is long. */
static void go_on(void *private_data)
{
	struct answer *a = talloc_get_type_abort(private_data, struct answer);

	if (a->pieces == NULL) {
		send_whole(a);
		return;
	}
	if (!pieces_go_on(a->pieces, AT_ONCE)) {
		a->text = end(a, a->answers, a->pieces);
		TALLOC_FREE(a->pieces);
	}
	steady_set(a->turn, 0);
}

void answers_begin(TALLOC_CTX *mem_ctx, const struct answers *as,
		   struct server_id to, const struct pieces_kind *kind)
{
	struct answer *a = talloc_zero(mem_ctx, struct answer);

	if (a == NULL) {
		reply_text(as->msg, to, NULL);
		return;
	}
	a->answers = as;
	a->to = to;
	a->pieces = pieces_begin(a, kind, as->service, as->netbt);
	a->turn = steady_create(a, as->ev, go_on, a);
	if (a->pieces != NULL && a->turn != NULL &&
	    pieces_go_on(a->pieces, AT_ONCE)) {
		steady_set(a->turn, 0);
		return;
	}
	/* there are few, or there is no timer for the others */
	if (a->pieces != NULL) {
		while (pieces_go_on(a->pieces, AT_ONCE)) {
		}
		a->text = end(a, as, a->pieces);
	}
	send_whole(a);
}

char *answers_whole(TALLOC_CTX *mem_ctx, const struct answers *as,
		    const struct pieces_kind *kind)
{
	struct pieces *pieces =
		pieces_begin(mem_ctx, kind, as->service, as->netbt);

	if (pieces == NULL) {
		return NULL;
	}
	while (pieces_go_on(pieces, AT_ONCE)) {
	}
	return end(mem_ctx, as, pieces);
}

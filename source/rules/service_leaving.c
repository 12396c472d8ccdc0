/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What is given up, and what is claimed.  With thousands either takes longer
 * than nmbd may be away from its sockets: it is done for some of them in a turn,
 * and so is all else that is many (service_visits.c).
 * What is given up is out of the table at once; who asks for the name meanwhile
 * is answered by nmbd, which has it until then.  Pure.
 */

#include "service_private.h"

/*
 * What a turn may cost, in aliases that are looked at and there is nothing to
 * do: what is done to one may be a line in the log, and searches in nmbd's
 * lists, which are long when there are many.
 */
#define A_TURN 240
#define A_DEED 20

unsigned service_less(unsigned left, unsigned deeds)
{
	return (deeds < left / A_DEED) ? left - deeds * A_DEED : 0;
}

static void drop_from(struct service *s, struct alias_table *table,
		      struct alias *a, enum messenger_code why)
{
	s->ops->release(s->private_data, a);
	if (a->state != ALIAS_REFUSED && a->granted) {
		service_tell(s, EVENT_ALIAS_RELEASED, NERR_Success, a, NULL);
	} else if (a->state != ALIAS_REFUSED) {
		service_settle(s, a, why, NULL);
	}
	alias_remove(table, a);
}

void service_drop(struct service *s, struct alias *a, enum messenger_code why)
{
	drop_from(s, s->aliases, a, why);
}

void service_drop_later(struct service *s, struct alias *a,
			enum messenger_code why)
{
	a->code = why;
	alias_move(s->aliases, s->leaving, a);
}

static void drop_left(struct service *s, struct alias *a)
{
	drop_from(s, s->leaving, a, a->code);
}

void service_drop_left(struct service *s, const struct wire_name *wire)
{
	struct alias *a = alias_find(s->leaving, wire);

	if (a != NULL) {
		drop_left(s, a);
	}
}

static unsigned drop_some(struct service *s, unsigned left)
{
	struct alias *a = NULL;

	while (left > 0 && (a = alias_first(s->leaving)) != NULL) {
		drop_left(s, a);
		left = service_less(left, 1);
	}
	return left;
}

static unsigned claim_some(struct service *s, unsigned left)
{
	struct wanted *w = NULL;

	while (left > 0 && (w = wanted_take_queued(s->wanted)) != NULL) {
		if (!w->refused) {
			service_claim_other(s, w);
		}
		left = service_less(left, 1);
	}
	return left;
}

static bool has_more(const struct service *s)
{
	return alias_first(s->leaving) != NULL ||
	       !TAILQ_EMPTY(&s->wanted->queue) || s->due ||
	       service_has_visits(s);
}

void service_go_on(struct service *s)
{
	unsigned left = A_TURN;

	if (s->at_it) {
		return; /* one of those that are being dealt with led here */
	}
	s->at_it = true;
	while (left > 0 && has_more(s)) {
		left = drop_some(s, left);
		left = claim_some(s, left);
		left = service_store_some(s, left);
		left = service_update_some(s, left);
		left = service_visit_some(s, left);
	}
	s->at_it = false;
	if (has_more(s)) {
		s->ops->more(s->private_data);
	}
}

void service_turn(struct service *s)
{
	service_go_on(s);
}

void service_finish(struct service *s)
{
	struct alias *a = NULL;

	while ((a = alias_first(s->leaving)) != NULL) {
		drop_left(s, a);
	}
}

void service_drop_all(struct service *s, const struct alias *spared)
{
	struct alias *a = NULL;
	struct alias *next = NULL;
	struct wanted *w = NULL;
	struct wanted *next_w = NULL;

	while (wanted_take_queued(s->wanted) != NULL) {
	}
	for (a = alias_first(s->aliases); a != NULL; a = next) {
		next = alias_next(a);
		if (a != spared) {
			service_drop_later(s, a, NERR_MsgNotStarted);
		}
	}
	service_go_on(s);
	service_forget_waiting(s);
	for (w = TAILQ_FIRST(&s->wanted->head); w != NULL; w = next_w) {
		next_w = TAILQ_NEXT(w, entry);
		w->refused = false;
		/*
		 * Windows' aliases live as long as the service runs; and who
		 * asked for one that had no verdict yet was told no.
		 */
		if (w->source == WANTED_REQUEST &&
		    (!s->store || !w->acknowledged)) {
			service_unwant(s, w);
		}
	}
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What is done to all aliases: to some of them in a turn, as in
 * service_leaving.c.  An alias that comes while it is under way knows of it
 * already; one that goes is not missed.  What happens to the network is done in
 * the order in which it happened.  Pure.
 */

#include "service_private.h"

struct visit {
	TAILQ_ENTRY(visit) entry;
	enum visit_kind kind;
	const char *subnet; /* NULL: it is about no one */
	const char *reason;
	bool under_way;
	bool found; /* something to do */
};

static unsigned update(struct service *s, struct alias *a)
{
	unsigned num = (alias_verdict(a) != a->state) ? 1 : 0;

	service_update(s, a);
	return num;
}

static unsigned came(struct service *s, const struct alias *a,
		     const char *subnet)
{
	const struct alias_subnet *where = alias_subnet_find(a, subnet);

	/* it was claimed when it came */
	if (where != NULL && where->state == ALIAS_REGISTERED) {
		return 0;
	}
	s->ops->claim(s->private_data, a, subnet);
	return 1;
}

static unsigned went(struct service *s, struct alias *a, const char *subnet)
{
	bool was_on = (alias_subnet_find(a, subnet) != NULL);

	if (s->ops->left != NULL) {
		s->ops->left(s->private_data, a, subnet);
	}
	alias_subnet_remove(a, subnet);
	return (update(s, a) > 0 || was_on) ? 1 : 0;
}

static unsigned lost(struct service *s, struct alias *a, const char *subnet,
		     const char *reason)
{
	if (alias_subnet_find(a, subnet) == NULL) {
		return 0;
	}
	if (!alias_subnet_wait(a, subnet, reason)) {
		service_unheard(s, &a->wire, subnet);
	}
	service_plan_waiting(s);
	return update(s, a);
}

/* Returns how much there was to do; the alias may be gone then. */
static unsigned do_visit(struct service *s, const struct visit *v,
			 struct alias *a)
{
	if (v->kind == VISIT_WENT) {
		return went(s, a, v->subnet);
	}
	if (v->kind == VISIT_RIVALS) {
		return service_ask_rival_of(s, a) ? 1 : 0;
	}
	if (a->state == ALIAS_REFUSED) {
		return 0;
	}
	switch (v->kind) {
	case VISIT_CAME:
		return came(s, a, v->subnet);
	case VISIT_LOST:
		return lost(s, a, v->subnet, v->reason);
	case VISIT_WAITING:
		return service_claim_waiting_of(s, a);
	case VISIT_PLACES:
		return service_follow_place(s, a);
	case VISIT_WENT:
	case VISIT_RIVALS:
		break;
	}
	return 0;
}

static void end_visit(struct service *s, const struct visit *v)
{
	if (v->kind == VISIT_WAITING && !v->found && s->wait == 0) {
		s->backoff = 0;
	} else if (v->kind == VISIT_RIVALS && v->found) {
		service_ask_rivals_again(s);
	}
}

/* Without memory it is done as one. */
static void visit_at_once(struct service *s, struct visit *v)
{
	struct alias *a = NULL;
	struct alias *next = NULL;

	for (a = alias_first(s->aliases); a != NULL; a = next) {
		next = alias_next(a);
		if (do_visit(s, v, a) > 0) {
			v->found = true;
		}
	}
	end_visit(s, v);
}

static struct visit *make_visit(struct service *s, enum visit_kind kind,
				const char *subnet, const char *reason)
{
	struct visit *v = talloc_zero(s, struct visit);

	if (v == NULL) {
		return NULL;
	}
	v->kind = kind;
	v->subnet = talloc_strdup(v, subnet);
	v->reason = talloc_strdup(v, reason);
	if ((subnet != NULL && v->subnet == NULL) ||
	    (reason != NULL && v->reason == NULL)) {
		TALLOC_FREE(v);
	}
	return v;
}

void service_visit_all(struct service *s, enum visit_kind kind,
		       const char *subnet, const char *reason)
{
	struct visit alone = { .kind = kind };
	struct visit *v = TAILQ_LAST(&s->visits, visit_list);

	if (v != NULL && v->kind == kind && !v->under_way && subnet == NULL) {
		return;
	}
	v = make_visit(s, kind, subnet, reason);
	if (v == NULL) {
		alone.subnet = subnet;
		alone.reason = reason;
		visit_at_once(s, &alone);
		return;
	}
	TAILQ_INSERT_TAIL(&s->visits, v, entry);
	service_go_on(s);
}

static void begin(struct service *s, struct visit *v)
{
	struct alias *a = alias_first(s->aliases);

	v->under_way = true;
	for (; a != NULL; a = alias_next(a)) {
		alias_queue_up(s->aliases, a, ALIAS_TO_VISIT);
	}
}

unsigned service_visit_some(struct service *s, unsigned left)
{
	struct visit *v = NULL;
	struct alias *a = NULL;

	while (left > 0 && (v = TAILQ_FIRST(&s->visits)) != NULL) {
		unsigned num = 0;

		if (!v->under_way) {
			begin(s, v);
		}
		a = alias_take_queued(s->aliases, ALIAS_TO_VISIT);
		if (a == NULL) {
			TAILQ_REMOVE(&s->visits, v, entry);
			end_visit(s, v);
			talloc_free(v);
			continue;
		}
		num = do_visit(s, v, a);
		v->found = v->found || num > 0;
		left = (num > 0) ? service_less(left, num) : left - 1;
	}
	return left;
}

void service_update_later(struct service *s, struct alias *a)
{
	bool any = alias_any_queued(s->aliases, ALIAS_TO_UPDATE);

	alias_queue_up(s->aliases, a, ALIAS_TO_UPDATE);
	if (!any) {
		s->ops->more(s->private_data);
	}
}

unsigned service_update_some(struct service *s, unsigned left)
{
	struct alias *a = NULL;

	while (left > 0 &&
	       (a = alias_take_queued(s->aliases, ALIAS_TO_UPDATE)) != NULL) {
		service_update(s, a);
		left = service_less(left, 1);
	}
	return left;
}

bool service_has_visits(const struct service *s)
{
	return alias_any_queued(s->aliases, ALIAS_TO_UPDATE) ||
	       !TAILQ_EMPTY(&s->visits);
}

void service_subnet_new(struct service *s, const char *subnet)
{
	if (s->state == SERVICE_STARTING || service_is_up(s)) {
		service_visit_all(s, VISIT_CAME, subnet, NULL);
	}
}

void service_subnet_gone(struct service *s, const char *subnet)
{
	service_visit_all(s, VISIT_WENT, subnet, NULL);
}

void service_subnet_lost(struct service *s, const char *subnet,
			 const char *reason)
{
	service_visit_all(s, VISIT_LOST, subnet, reason);
}

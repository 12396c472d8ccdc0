/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What cannot be done here and now, and costs nothing: it is done again by a
 * clock.  Claims that could not be sent, or were not answered as a claim has to
 * be, by one that slows down, and when the network changes; what is to be kept
 * over a restart, or forgotten, while another process has the store locked.
 * Pure.
 */

#include "service_private.h"

#include <errno.h>
#include <string.h>

/* In seconds.  With the claim it is less than who asked waits for an answer. */
#define STORE_PATIENCE 5
/* A recovery of CTDB's; who asked is told that it is under way. */
#define SHARED_PATIENCE 60
#define STORE_PAUSE    1

#define BACKOFF_FIRST_SECONDS 5
#define BACKOFF_LAST_SECONDS  300

void service_plan_waiting(struct service *s)
{
	if (s->wait != 0) {
		return;
	}
	if (s->backoff == 0) {
		s->backoff = BACKOFF_FIRST_SECONDS;
	}
	s->wait = s->backoff;
	s->backoff = (2 * s->backoff < BACKOFF_LAST_SECONDS)
			     ? 2 * s->backoff
			     : BACKOFF_LAST_SECONDS;
	s->ops->alarm(s->private_data, SERVICE_ALARM_WAITING, s->wait);
}

void service_waiting(struct service *s, const struct wire_name *wire,
		     const char *subnet, const char *reason,
		     const struct refusal *answer)
{
	struct alias *a = alias_find(s->aliases, wire);

	if (a == NULL || a->state == ALIAS_REFUSED) {
		return;
	}
	if (!alias_subnet_wait(a, subnet, reason)) {
		service_unheard(s, wire, subnet);
	} else if (answer != NULL) {
		struct alias_subnet *where = alias_subnet_find(a, subnet);

		where->rcode = answer->rcode;
		where->server = answer->server;
	}
	service_plan_waiting(s);
	service_update(s, a);
}

void service_unheard(struct service *s, const struct wire_name *wire,
		     const char *subnet)
{
	struct alias *a = alias_find(s->aliases, wire);
	struct alias_subnet *where = NULL;

	if (a == NULL || a->state == ALIAS_REFUSED) {
		return;
	}
	where = alias_subnet_find(a, subnet);
	if (where != NULL) {
		where->unheard = true;
	} else {
		a->unheard = true;
	}
	service_plan_waiting(s);
}

void service_slow(struct service *s, const struct wire_name *wire,
		  const char *subnet, const char *reason)
{
	struct alias *a = alias_find(s->aliases, wire);
	struct alias_subnet *where =
		(a != NULL) ? alias_subnet_find(a, subnet) : NULL;

	if (where != NULL && where->state == ALIAS_REGISTERING) {
		talloc_free(where->reason);
		where->reason = talloc_strdup(a, reason);
	}
}

void service_forget_waiting(struct service *s)
{
	s->ops->alarm(s->private_data, SERVICE_ALARM_WAITING, 0);
	s->wait = 0;
	s->backoff = 0;
}

/* Held, on each subnet that it is claimed on. */
static bool is_settled(const struct service *s, const struct alias *a)
{
	size_t i;

	for (i = 0; i < a->num_subnets; i++) {
		if (a->subnets[i].unheard ||
		    (a->subnets[i].state != ALIAS_REGISTERED &&
		     !service_is_left_to_other(s, a, &a->subnets[i]))) {
			return false;
		}
	}
	return !a->unheard;
}

void service_end_waiting(struct service *s)
{
	const struct alias *a = NULL;

	if (s->backoff == 0) {
		return;
	}
	for (a = alias_first(s->aliases); a != NULL; a = alias_next(a)) {
		if (a->state != ALIAS_REFUSED && !is_settled(s, a)) {
			return;
		}
	}
	service_forget_waiting(s);
}

static bool is_to_claim(const struct service *s, const struct alias *a,
			const struct alias_subnet *where)
{
	return where->state == ALIAS_WAITING || where->unheard ||
	       (where->state == ALIAS_REFUSED && where->record.s_addr != 0) ||
	       /* a node refused it that is to have it no more */
	       (where->state == ALIAS_STANDBY &&
		!service_is_left_to_other(s, a, where));
}

unsigned service_claim_waiting_of(struct service *s, struct alias *a)
{
	unsigned num = 0;
	size_t i;

	if (a->unheard) {
		/* nobody knows of which subnet */
		a->unheard = false;
		s->ops->claim(s->private_data, a, NULL);
		return 1;
	}
	for (i = 0; i < a->num_subnets; i++) {
		if (is_to_claim(s, a, &a->subnets[i])) {
			num++;
			a->subnets[i].unheard = false;
			s->ops->claim(s->private_data, a, a->subnets[i].subnet);
		}
	}
	return num;
}

void service_claim_waiting(struct service *s)
{
	s->wait = 0;
	if (s->state == SERVICE_STARTING || service_is_up(s)) {
		service_visit_all(s, VISIT_WAITING, NULL, NULL);
	}
}

void service_network_changed(struct service *s)
{
	service_forget_waiting(s);
	service_claim_waiting(s);
}

const char *service_get_reason(const struct service *s)
{
	const struct alias *a = alias_find(s->aliases, &s->computer_wire);

	return (s->state == SERVICE_STARTING && a != NULL) ? alias_reason(a)
							   : NULL;
}

/*
 * What was added by request is kept over a restart before it is called added,
 * and forgotten before it is called deleted: who asked waits for the store.
 */

/* Returns whether it is over: *err says how. */
static bool change_store(struct service *s, struct wanted *w, bool kept,
			 int *err)
{
	uint64_t now = service_uptime(s);
	bool limited; /* in time: of a thread's work it is known when it ends */

	*err = s->ops->store(s->private_data, w->name, kept);
	if (*err != EBUSY && *err != EINPROGRESS) {
		w->keeping = false;
		w->store_until = 0;
		return true;
	}
	if (kept) {
		/* in a set that is shared it may be done by now */
		w->keeping = *err == EINPROGRESS ||
			     (s->shared && w->keeping);
	}
	limited = (*err == EBUSY || s->shared);
	if (w->store_until == 0) {
		w->store_until =
			now + (s->shared ? SHARED_PATIENCE : STORE_PATIENCE);
	} else if (limited && now >= w->store_until) {
		w->store_until = 0;
		return true;
	}
	if (limited && !s->storing) {
		s->storing = true;
		s->ops->alarm(s->private_data, SERVICE_ALARM_STORE,
			      STORE_PAUSE);
	}
	return false;
}

bool service_keep(struct service *s, struct alias *a, int *err)
{
	struct wanted *w = wanted_find(s->wanted, WANTED_REQUEST, &a->wire);

	*err = 0;
	if (w == NULL || w->acknowledged) {
		return true;
	}
	if (w->leaving) {
		return false; /* it is being forgotten */
	}
	if (s->store && !change_store(s, w, true, err)) {
		return false;
	}
	w->store_until = 0;
	w->acknowledged = true;
	w->kept = s->store && *err == 0;
	a->kept = w->kept;
	return true;
}

bool service_unkeep(struct service *s, struct wanted *w, int *err)
{
	*err = 0;
	if (w == NULL || !(w->kept || w->keeping)) {
		return true;
	}
	w->leaving = !change_store(s, w, false, err);
	if (w->leaving) {
		*err = 0;
	}
	return !w->leaving;
}

void service_unwant(struct service *s, struct wanted *w)
{
	if (w->keeping) {
		/* who asked for it was told no: it must not come back */
		s->ops->revoke(s->private_data, w->name);
	}
	wanted_remove(s->wanted, w);
}

/* The second part of service_delete(). */
static void leave(struct service *s, struct wanted *w)
{
	const struct wire_name wire = w->wire;
	struct service_outcome outcome = {
		.code = NERR_Success,
		.leaving = true,
	};
	int err = 0;

	if (!service_unkeep(s, w, &err)) {
		return;
	}
	if (err == 0) {
		service_forget(s, &wire);
	} else {
		outcome.code = NERR_InternalError;
		outcome.reason = strerror(err);
		refusals_forget(s->refusals, &wire); /* it is still there */
	}
	s->ops->settled(s->private_data, &wire, &outcome);
}

/* The next one that is to be tried; not an order, since each may free others */
static struct wanted *next_due(const struct service *s)
{
	struct wanted *w = TAILQ_FIRST(&s->wanted->head);

	while (w != NULL && !w->due) {
		w = TAILQ_NEXT(w, entry);
	}
	return w;
}

void service_store_again(struct service *s)
{
	struct wanted *w = NULL;

	s->storing = false;
	s->due = true;
	TAILQ_FOREACH(w, &s->wanted->head, entry) {
		w->due = (w->store_until != 0);
	}
	service_go_on(s);
}

unsigned service_store_some(struct service *s, unsigned left)
{
	struct wanted *w = NULL;
	struct alias *a = NULL;

	while (left > 0 && s->due) {
		w = next_due(s);
		if (w == NULL) {
			s->due = false;
			break;
		}
		w->due = false;
		a = alias_find(s->aliases, &w->wire);
		if (w->leaving) {
			leave(s, w);
		} else if (a != NULL) {
			service_update(s, a);
		}
		left = service_less(left, 1);
	}
	return left;
}

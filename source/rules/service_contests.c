/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Other hosts that want our aliases: what of it is told, and when.  Pure.
 */

#include "service_private.h"

static void tell_contest(struct service *s, const struct contest_report *r)
{
	const struct alias *a = alias_find(s->aliases, &r->contest.wire);
	struct event *ev = NULL;

	if (a == NULL) {
		return; /* given up since */
	}
	ev = event_create(s,
			  (r->contest.kind == CONTEST_REGISTRATION)
				  ? EVENT_ALIAS_DEFENDED
				  : EVENT_ALIAS_CONFLICT,
			  service_now(s));
	if (ev == NULL) {
		return;
	}
	ev->alias = talloc_strdup(ev, a->name);
	ev->wire = a->wire;
	ev->kind = a->kind;
	ev->claimant = r->contest.from;
	ev->count = r->count;
	if (ev->alias == NULL) {
		talloc_free(ev);
		return;
	}
	s->ops->event(s->private_data, ev);
}

static void plan_review(struct service *s)
{
	if (!s->reviewing && contests_pending(s->contests)) {
		s->reviewing = true;
		s->ops->alarm(s->private_data, SERVICE_ALARM_REVIEW,
			      CONTEST_QUIET_SECONDS);
	}
}

void service_contested(struct service *s, const struct contest *contest)
{
	const struct alias *a = alias_find(s->aliases, &contest->wire);
	struct contest_report report;

	if (a == NULL || a->state != ALIAS_REGISTERED) {
		return;
	}
	if (contests_count(s->contests, contest,
			   service_uptime(s), &report)) {
		tell_contest(s, &report);
	}
	plan_review(s);
}

void service_review(struct service *s)
{
	uint64_t uptime = service_uptime(s);
	struct contest_report report;

	s->reviewing = false;
	while (contests_due(s->contests, uptime, &report)) {
		tell_contest(s, &report);
	}
	plan_review(s);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Other hosts that want our aliases: what of it is told, and when.  Pure.
 */

#include "service_private.h"

static void tell_contest(struct service *s, const struct contest_report *r)
{
	const struct alias *a = alias_find(s->aliases, &r->contest.wire);
	struct event *ev = NULL;

	/* given up since, or another node of the cluster, as it turns out */
	if (a == NULL || service_is_sibling(s, r->contest.from)) {
		return;
	}
	ev = service_event(s,
			   (r->contest.kind == CONTEST_REGISTRATION)
				   ? EVENT_ALIAS_DEFENDED
				   : EVENT_ALIAS_CONFLICT,
			   a);
	if (ev == NULL) {
		return;
	}
	ev->claimant = r->contest.from;
	ev->count = r->count;
	s->ops->event(s->private_data, ev);
}

static void plan_review(struct service *s)
{
	uint64_t uptime = service_uptime(s);
	unsigned wait = contests_wait(s->contests, uptime);

	if (wait > 0 && (s->review == 0 || uptime + wait < s->review)) {
		s->review = uptime + wait;
		s->ops->alarm(s->private_data, SERVICE_ALARM_REVIEW, wait);
	}
}

void service_contested(struct service *s, const struct contest *contest)
{
	struct alias *a = alias_find(s->aliases, &contest->wire);
	struct contest_report report;

	if (a == NULL || a->state == ALIAS_REFUSED ||
	    service_is_sibling(s, contest->from)) {
		return;
	}
	if (!a->granted) {
		if (contest->kind == CONTEST_REGISTRATION) {
			a->rival = contest->from;
		}
		return;
	}
	if (contests_count(s->contests, contest,
			   service_uptime(s), &report)) {
		tell_contest(s, &report);
	}
	plan_review(s);
}

void service_join(struct service *s)
{
	contests_set_patience(s->contests, CONTEST_PATIENCE_SECONDS);
}

void service_review(struct service *s)
{
	uint64_t uptime = service_uptime(s);
	struct contest_report report;

	s->review = 0;
	while (contests_due(s->contests, uptime, &report)) {
		tell_contest(s, &report);
	}
	plan_review(s);
}

/*
 * Two that claim a name at the same time hear each other, and neither has it
 * yet and may refuse it.  Which of them has it in the end shows when the time
 * of a claim is over: of our kind in a second, of stock nmbd's in five.  What
 * the other one refuses later than that is a refusal as any other.
 */
#define RIVAL_FIRST_SECONDS 1
#define RIVAL_NEXT_SECONDS  4
#define RIVAL_QUESTIONS	    2

void service_plan_rivals(struct service *s)
{
	if (!s->asking) {
		s->asking = true;
		s->ops->alarm(s->private_data, SERVICE_ALARM_RIVALS,
			      RIVAL_FIRST_SECONDS);
	}
}

bool service_ask_rival_of(struct service *s, struct alias *a)
{
	if (!a->granted || a->rival.s_addr == 0) {
		return false;
	}
	if (a->state == ALIAS_REFUSED || a->rival_asked >= RIVAL_QUESTIONS ||
	    service_is_sibling(s, a->rival)) {
		a->rival.s_addr = 0;
		return false;
	}
	a->rival_asked++;
	if (!a->rival_told) {
		s->ops->ask(s->private_data, a, a->rival);
	}
	return true;
}

void service_ask_rivals(struct service *s)
{
	s->asking = false;
	service_visit_all(s, VISIT_RIVALS, NULL, NULL);
}

void service_ask_rivals_again(struct service *s)
{
	if (!s->asking) {
		s->asking = true;
		s->ops->alarm(s->private_data, SERVICE_ALARM_RIVALS,
			      RIVAL_NEXT_SECONDS);
	}
}

/* One that says nothing may have it: what was heard of it is told in the end. */
void service_rival_answered(struct service *s, struct alias *a,
			    const struct holder *details)
{
	bool silent = (details->cause == CAUSE_UNKNOWN);

	if (service_is_sibling(s, a->rival)) {
		return;
	}
	if (holder_has_it(details) ||
	    (silent && a->rival_asked >= RIVAL_QUESTIONS)) {
		service_tell_conflict(s, a, a->rival, details);
	}
}

void service_tell_conflict(struct service *s, struct alias *a,
			   struct in_addr other, const struct holder *details)
{
	struct event *ev = NULL;

	if (a->rival_told) {
		return;
	}
	a->rival_told = true;
	ev = service_event(s, EVENT_ALIAS_CONFLICT, a);
	if (ev == NULL) {
		return;
	}
	ev->holder = other;
	ev->claimant = other;
	ev->details = holder_copy(ev, details);
	s->ops->event(s->private_data, ev);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Claims that could not be sent, or were not answered as a claim has to be:
 * they cost no name, and are made again when the network changes, and by a
 * clock that slows down.  Pure.
 */

#include "service_private.h"

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
	if (alias_subnet_wait(a, subnet, reason) && answer != NULL) {
		struct alias_subnet *where = alias_subnet_find(a, subnet);

		where->rcode = answer->rcode;
		where->server = answer->server;
	}
	service_plan_waiting(s);
	service_update(s, a);
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

void service_subnet_lost(struct service *s, const char *subnet,
			 const char *reason)
{
	struct alias *a = NULL;
	struct alias *next = NULL;

	for (a = alias_first(s->aliases); a != NULL; a = next) {
		next = alias_next(a);
		if (a->state != ALIAS_REFUSED &&
		    alias_subnet_find(a, subnet) != NULL) {
			(void)alias_subnet_wait(a, subnet, reason);
			service_plan_waiting(s);
			service_update(s, a);
		}
	}
}

void service_forget_waiting(struct service *s)
{
	s->ops->alarm(s->private_data, SERVICE_ALARM_WAITING, 0);
	s->wait = 0;
	s->backoff = 0;
}

/* Held, on each subnet that it is claimed on. */
static bool is_settled(const struct alias *a)
{
	size_t i;

	for (i = 0; i < talloc_array_length(a->subnets); i++) {
		if (a->subnets[i].state != ALIAS_REGISTERED) {
			return false;
		}
	}
	return true;
}

void service_end_waiting(struct service *s)
{
	const struct alias *a = NULL;

	if (s->backoff == 0) {
		return;
	}
	for (a = alias_first(s->aliases); a != NULL; a = alias_next(a)) {
		if (a->state != ALIAS_REFUSED && !is_settled(a)) {
			return;
		}
	}
	service_forget_waiting(s);
}

static bool is_to_claim(const struct alias_subnet *where)
{
	return where->state == ALIAS_WAITING ||
	       (where->state == ALIAS_REFUSED && where->record.s_addr != 0);
}

void service_claim_waiting(struct service *s)
{
	const struct alias *a = NULL;
	bool any = false;
	size_t i;

	s->wait = 0;
	if (s->state != SERVICE_STARTING && s->state != SERVICE_RUNNING) {
		return;
	}
	for (a = alias_first(s->aliases); a != NULL; a = alias_next(a)) {
		if (a->state == ALIAS_REFUSED) {
			continue;
		}
		for (i = 0; i < talloc_array_length(a->subnets); i++) {
			if (is_to_claim(&a->subnets[i])) {
				any = true;
				s->ops->claim(s->private_data, a,
					      a->subnets[i].subnet);
			}
		}
	}
	if (!any) {
		s->backoff = 0;
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

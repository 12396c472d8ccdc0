/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What the network says of the claims, and what follows from it.  Pure.
 */

#include "service_private.h"

static const struct in_addr nobody = { .s_addr = 0 };

enum claim_decision service_claiming(struct service *s,
				     const struct wire_name *wire,
				     const char *subnet)
{
	struct alias *a = alias_find(s->aliases, wire);
	const struct wanted *w = wanted_any(&s->wanted, wire);
	const struct alias_subnet *known = NULL;

	if (w == NULL && a == NULL) {
		return CLAIM_IGNORE;
	}
	if (s->state != SERVICE_STARTING && s->state != SERVICE_RUNNING) {
		return CLAIM_CANCEL;
	}
	if (a == NULL) {
		/* nmbd claims all of its names at once, at its start */
		if (alias_add(s->aliases, wanted_kind(w->source), w->name, wire,
			      service_now(s), &a) != NERR_Success) {
			return CLAIM_IGNORE;
		}
	}
	if (a->state == ALIAS_REFUSED) {
		return CLAIM_CANCEL;
	}
	known = alias_subnet_find(a, subnet);
	if (known == NULL || known->state != ALIAS_REGISTERED) {
		/* without memory the outcome brings the next chance */
		(void)alias_subnet_set(a, subnet, ALIAS_REGISTERING, 0, nobody);
	}
	return CLAIM_FOLLOW;
}

/*
 * An alias that was added by request is kept before the one who asked is told
 * so.  False: it cannot be.
 */
static bool acknowledge(struct service *s, const struct alias *a)
{
	struct wanted *w = wanted_find(&s->wanted, WANTED_REQUEST, &a->wire);

	if (w == NULL || w->acknowledged) {
		return true;
	}
	w->acknowledged =
		!s->store || s->ops->store(s->private_data, w->name, true);
	return w->acknowledged;
}

/* All of its subnets may have granted it by now. */
static void settle(struct service *s, struct alias *a)
{
	if (a->state != ALIAS_REGISTERING ||
	    alias_verdict(a) != ALIAS_REGISTERED) {
		return;
	}
	if (!acknowledge(s, a)) {
		wanted_remove(&s->wanted,
			      wanted_find(&s->wanted, WANTED_REQUEST,
					  &a->wire));
		service_drop(s, a, NERR_InternalError);
		return;
	}
	alias_set_state(a, ALIAS_REGISTERED, service_now(s));
	service_tell(s, EVENT_ALIAS_REGISTERED, NERR_Success, a, NULL);
	s->ops->settled(s->private_data, &a->wire, NERR_Success, nobody);

	if (service_is_primary(s, a) && s->state == SERVICE_STARTING) {
		service_set_state(s, SERVICE_RUNNING, NERR_Success);
		service_tell(s, EVENT_SERVICE_STARTED, NERR_Success, NULL,
			     NULL);
		s->ops->settled(s->private_data, NULL, NERR_Success, nobody);
		service_claim_others(s);
	}
}

void service_granted(struct service *s, const struct wire_name *wire,
		     const char *subnet)
{
	struct alias *a = alias_find(s->aliases, wire);

	if (a == NULL || a->state == ALIAS_REFUSED) {
		return;
	}
	(void)alias_subnet_set(a, subnet, ALIAS_REGISTERED, 0, nobody);
	settle(s, a);
}

/* Rule 1: without its computer name the service cannot be. */
static void fail(struct service *s, struct alias *primary,
		 const struct alias_subnet *where)
{
	bool was_starting = (s->state == SERVICE_STARTING);
	struct in_addr holder = where->holder;

	s->counters.failures++;
	service_drop_all(s, primary);
	service_set_state(s, SERVICE_FAILED, NERR_NoComputerName);
	service_tell(s, EVENT_SERVICE_FAILED, NERR_NoComputerName, primary,
		     where);
	if (was_starting) {
		s->ops->settled(s->private_data, NULL, NERR_NoComputerName,
				holder);
	}
	s->ops->alarm(s->private_data, SERVICE_ALARM_RETRY, s->restart_interval);
}

/*
 * A refused name stays in the table if smb.conf asks for it, or if a request
 * added it earlier and lost it now; else it goes.
 */
static void forget_refused(struct service *s, struct alias *a)
{
	struct wanted *w = NULL;
	struct wanted *next = NULL;
	bool stays = false;

	for (w = TAILQ_FIRST(&s->wanted); w != NULL; w = next) {
		next = TAILQ_NEXT(w, entry);
		if (!wire_name_equal(&w->wire, &a->wire)) {
			continue;
		}
		w->refused = true;
		if (w->source == WANTED_REQUEST && !w->acknowledged) {
			wanted_remove(&s->wanted, w);
		} else if (w->source != WANTED_LOGON) {
			stays = true;
		}
	}
	if (!stays) {
		alias_remove(s->aliases, a);
	}
}

/* NERR_DuplicateName, or NERR_NetworkError if it could not be sent. */
static void lose(struct service *s, const struct wire_name *wire,
		 const char *subnet, enum messenger_code code,
		 const struct refusal *refusal)
{
	struct alias *a = alias_find(s->aliases, wire);
	enum alias_state was;
	struct alias_subnet where;

	if (a == NULL || a->state == ALIAS_REFUSED) {
		return;
	}
	s->counters.refusals++;
	was = a->state;
	where = (struct alias_subnet){
		.subnet = talloc_strdup(a, subnet),
		.state = ALIAS_REFUSED,
		.rcode = refusal->rcode,
		.holder = refusal->holder,
	};
	(void)alias_subnet_set(a, subnet, ALIAS_REFUSED, refusal->rcode,
			       refusal->holder);
	alias_set_state(a, ALIAS_REFUSED, service_now(s));
	s->ops->release(s->private_data, a);
	alias_subnet_keep_refused(a);

	if (was == ALIAS_REGISTERED) {
		service_tell(s, EVENT_ALIAS_LOST, code, a, &where);
	} else if (!service_is_primary(s, a)) {
		service_tell(s, EVENT_ALIAS_REFUSED, code, a, &where);
	}
	if (was == ALIAS_REGISTERING) {
		s->ops->settled(s->private_data, wire, code, refusal->holder);
	}
	if (service_is_primary(s, a)) {
		fail(s, a, &where);
	} else {
		forget_refused(s, a);
	}
}

void service_refused(struct service *s, const struct wire_name *wire,
		     const char *subnet, const struct refusal *refusal)
{
	lose(s, wire, subnet, NERR_DuplicateName, refusal);
}

void service_unsent(struct service *s, const struct wire_name *wire,
		    const char *subnet, int err)
{
	const struct refusal none = { .rcode = 0 };

	lose(s, wire, subnet, NERR_NetworkError, &none);
}

void service_diagnosed(struct service *s, const struct wire_name *wire,
		       struct in_addr holder, const struct holder *details)
{
	struct alias *a = alias_find(s->aliases, wire);
	size_t i;

	for (i = 0; a != NULL && i < talloc_array_length(a->subnets); i++) {
		struct alias_subnet *where = &a->subnets[i];

		if (where->state == ALIAS_REFUSED &&
		    where->holder.s_addr == holder.s_addr) {
			talloc_free(where->details);
			where->details = holder_copy(a, details);
		}
	}
}

void service_subnet_new(struct service *s, const char *subnet)
{
	struct alias *a = NULL;

	if (s->state != SERVICE_STARTING && s->state != SERVICE_RUNNING) {
		return;
	}
	for (a = alias_first(s->aliases); a != NULL; a = alias_next(a)) {
		if (a->state != ALIAS_REFUSED) {
			s->ops->claim(s->private_data, a, subnet);
		}
	}
}

void service_subnet_gone(struct service *s, const char *subnet)
{
	struct alias *a = NULL;
	struct alias *next = NULL;

	for (a = alias_first(s->aliases); a != NULL; a = alias_next(a)) {
		alias_subnet_remove(a, subnet);
	}
	for (a = alias_first(s->aliases); a != NULL; a = next) {
		next = alias_next(a);
		settle(s, a);
	}
}

/*
 * The same, for who hears of claims.
 */

static enum claim_decision on_claiming(void *private_data, const struct wire_name *wire,
				const char *subnet)
{
	return service_claiming(private_data, wire, subnet);
}

static void on_granted(void *private_data, const struct wire_name *wire,
		    const char *subnet)
{
	service_granted(private_data, wire, subnet);
}

static void on_refused(void *private_data, const struct wire_name *wire,
		    const char *subnet, const struct refusal *refusal)
{
	service_refused(private_data, wire, subnet, refusal);
}

static void on_unsent(void *private_data, const struct wire_name *wire,
		   const char *subnet, int err)
{
	service_unsent(private_data, wire, subnet, err);
}

static void on_contested(void *private_data, const struct contest *contest)
{
	service_contested(private_data, contest);
}

static void on_subnet_new(void *private_data, const char *subnet)
{
	service_subnet_new(private_data, subnet);
}

static void on_subnet_gone(void *private_data, const char *subnet)
{
	service_subnet_gone(private_data, subnet);
}

const struct claim_ops service_claim_ops = {
	.claiming = on_claiming,
	.granted = on_granted,
	.refused = on_refused,
	.unsent = on_unsent,
	.contested = on_contested,
	.subnet_new = on_subnet_new,
	.subnet_gone = on_subnet_gone,
};

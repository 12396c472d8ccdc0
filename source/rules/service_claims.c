/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What the network says of the claims, and what follows from it.  Pure.
 */

#include "service_private.h"

#include <stdio.h>
#include <string.h>

static const struct in_addr nobody = { .s_addr = 0 };

enum claim_decision service_claiming(struct service *s,
				     const struct wire_name *wire,
				     const char *subnet)
{
	struct alias *a = alias_find(s->aliases, wire);
	const struct wanted *w = wanted_any(s->wanted, wire);
	const struct alias_subnet *known = NULL;

	if (w == NULL && a == NULL) {
		return CLAIM_IGNORE;
	}
	if (s->state != SERVICE_STARTING && !service_is_up(s)) {
		return CLAIM_CANCEL;
	}
	if (a == NULL && alias_find(s->leaving, wire) != NULL) {
		return CLAIM_CANCEL; /* to be claimed, it is given up first */
	}
	if (a == NULL) {
		/* nmbd claims all of its names at once, at its start */
		if (alias_add(s->aliases, wanted_kind(w->source), w->name, wire,
			      service_now(s), &a) != NERR_Success) {
			return CLAIM_IGNORE;
		}
		a->kept = w->kept;
	}
	if (a->state == ALIAS_REFUSED || service_stands_by(s, wire, subnet)) {
		return CLAIM_CANCEL;
	}
	known = alias_subnet_find(a, subnet);
	if (known == NULL || known->state != ALIAS_REGISTERED) {
		/* without memory the outcome brings the next chance */
		(void)alias_subnet_set(a, subnet, ALIAS_REGISTERING, 0, nobody);
	}
	return CLAIM_FOLLOW;
}

/* All of its subnets have granted it: for the first time. */
static void grant(struct service *s, struct alias *a)
{
	struct service_outcome outcome = { .code = NERR_Success };
	int err = 0;

	if (!service_keep(s, a, &err)) {
		return;
	}
	refusals_forget(s->refusals, &a->wire);
	a->granted = true;
	alias_set_state(a, ALIAS_REGISTERED, service_now(s));
	if (err != 0) {
		outcome.reason = strerror(err);
	}
	service_tell_reason(s, EVENT_ALIAS_REGISTERED, a, outcome.reason);
	s->ops->settled(s->private_data, &a->wire, &outcome);
	if (a->rival.s_addr != 0) {
		service_plan_rivals(s);
	}
	service_follow_primary(s, a);
}

/* Nothing can be sent anywhere. */
static void give_up_for_now(struct service *s, struct alias *a)
{
	struct wanted *w = wanted_find(s->wanted, WANTED_REQUEST, &a->wire);
	struct service_outcome outcome = {
		.code = NERR_NetworkError,
		.reason = alias_reason(a),
	};

	alias_set_state(a, ALIAS_WAITING, service_now(s));
	s->ops->settled(s->private_data, &a->wire, &outcome);
	if (service_is_primary(s, a) && s->state == SERVICE_STARTING) {
		s->ops->settled(s->private_data, NULL, &outcome);
	}
	/* who asked for it was told no */
	if (w != NULL && !w->acknowledged) {
		service_unwant(s, w);
		if (wanted_any(s->wanted, &a->wire) == NULL) {
			s->ops->release(s->private_data, a);
			service_remember(s, a->name, &a->wire, outcome.code,
					 outcome.reason);
			alias_remove(s->aliases, a);
		}
	}
}

void service_update(struct service *s, struct alias *a)
{
	enum alias_state verdict = alias_verdict(a);

	if (a->state == ALIAS_REFUSED) {
		return;
	}
	if (a->granted) {
		/* without a subnet it waits for one */
		if (a->num_subnets == 0) {
			verdict = ALIAS_WAITING;
		}
		alias_set_state(a, verdict, service_now(s));
		service_follow_primary(s, a);
	} else if (verdict == ALIAS_REGISTERED) {
		grant(s, a);
	} else if (verdict == ALIAS_STANDBY && a->state != ALIAS_STANDBY) {
		service_left_to_other(s, a);
	} else if (verdict == ALIAS_WAITING && a->state != ALIAS_WAITING) {
		/* told once: another try that fails is the same waiting */
		give_up_for_now(s, a);
	}
}

void service_granted(struct service *s, const struct wire_name *wire,
		     const char *subnet)
{
	struct alias *a = alias_find(s->aliases, wire);

	if (a == NULL || a->state == ALIAS_REFUSED) {
		return;
	}
	if (!alias_subnet_set(a, subnet, ALIAS_REGISTERED, 0, nobody)) {
		service_unheard(s, wire, subnet);
	}
	service_update(s, a);
	service_end_waiting(s);
}

/* Rule 1: without its computer name the service cannot be. */
static void fail(struct service *s, struct alias *primary,
		 const struct alias_subnet *where)
{
	bool was_starting = (s->state == SERVICE_STARTING);

	s->counters.failures++;
	service_drop_all(s, primary);
	service_set_state(s, SERVICE_FAILED, NERR_NoComputerName);
	service_tell(s, EVENT_SERVICE_FAILED, NERR_NoComputerName, primary,
		     where);
	if (was_starting) {
		service_settle(s, NULL, NERR_NoComputerName, where);
	}
	s->ops->alarm(s->private_data, SERVICE_ALARM_RETRY,
		      s->restart_interval);
}

/*
 * A refused name stays in the table if smb.conf asks for it, or if a request
 * added it earlier and lost it now; else it goes.
 */
static void forget_refused(struct service *s, struct alias *a,
			   const struct alias_subnet *where)
{
	struct wanted *w = NULL;
	struct wanted *next = NULL;
	bool stays = false;

	for (w = TAILQ_FIRST(&s->wanted->head); w != NULL; w = next) {
		next = TAILQ_NEXT(w, entry);
		if (!wire_name_equal(&w->wire, &a->wire)) {
			continue;
		}
		w->refused = true;
		if (w->source == WANTED_REQUEST && !w->acknowledged) {
			service_unwant(s, w);
		} else if (w->source != WANTED_LOGON) {
			stays = true;
		}
	}
	if (!stays) {
		refusals_add(s->refusals, a, where, service_uptime(s));
		alias_remove(s->aliases, a);
	}
}

/*
 * WINS refuses it for the sake of a record that nobody stands behind.  The
 * name stays where it is ours, as stock nmbd keeps it, and WINS is asked again.
 */
static void refused_by_stale_record(struct service *s, struct alias *a,
				    const struct alias_subnet *where,
				    bool known)
{
	if (!known) {
		service_tell(s, EVENT_ALIAS_REFUSED, NERR_Success, a, where);
	}
	service_plan_waiting(s);
	service_update(s, a);
}

struct alias_subnet service_refusal(const char *subnet,
				    const struct refusal *refusal)
{
	struct alias_subnet where = {
		.state = ALIAS_REFUSED,
		.rcode = refusal->rcode,
		.holder = refusal->holder,
		.server = refusal->server,
		.record = refusal->record,
	};

	(void)snprintf(where.subnet, sizeof(where.subnet), "%s", subnet);
	if (refusal->record.s_addr != 0) {
		where.cause = CAUSE_STALE_WINS_RECORD;
	}
	return where;
}

/* Copied: the entry may be gone before it is told. */
static struct alias_subnet enter_refusal(struct alias *a, const char *subnet,
					 const struct refusal *refusal)
{
	const struct alias_subnet copy = service_refusal(subnet, refusal);
	struct alias_subnet *entry = NULL;

	if (alias_subnet_set(a, subnet, ALIAS_REFUSED, refusal->rcode,
			     refusal->holder)) {
		entry = alias_subnet_find(a, subnet);
		entry->server = copy.server;
		entry->record = copy.record;
		entry->cause = copy.cause;
	}
	return copy;
}

/*
 * Both claimed it at the same time, and both were granted it: this refuses us
 * nothing.  A claim that is still under way is refused as any other; and WINS
 * has decided between the two.
 */
static bool is_of_rival(const struct alias *a, const char *subnet,
			const struct refusal *refusal)
{
	const struct alias_subnet *where = alias_subnet_find(a, subnet);

	return a->granted && a->rival.s_addr != 0 &&
	       a->rival.s_addr == refusal->holder.s_addr && where != NULL &&
	       where->state == ALIAS_REGISTERED &&
	       !alias_subnet_is_wins(subnet);
}

void service_refused(struct service *s, const struct wire_name *wire,
		     const char *subnet, const struct refusal *refusal)
{
	struct alias *a = alias_find(s->aliases, wire);
	struct alias_subnet where;
	bool was_granted;

	if (a == NULL || a->state == ALIAS_REFUSED) {
		return;
	}
	if (service_refused_by_sibling(s, a, subnet, refusal)) {
		return;
	}
	if (is_of_rival(a, subnet, refusal)) {
		service_tell_conflict(s, a, a->rival, NULL);
		return;
	}
	if (refusal->record.s_addr != 0) {
		bool known = a->stale;

		a->stale = true;
		where = enter_refusal(a, subnet, refusal);
		refused_by_stale_record(s, a, &where, known);
		return;
	}
	s->counters.refusals++;
	was_granted = a->granted;
	where = enter_refusal(a, subnet, refusal);
	alias_set_state(a, ALIAS_REFUSED, service_now(s));
	s->ops->release(s->private_data, a);
	alias_subnet_keep_refused(a);

	if (was_granted) {
		service_tell(s, EVENT_ALIAS_LOST, NERR_DuplicateName, a,
			     &where);
	} else if (!service_is_primary(s, a)) {
		service_tell(s, EVENT_ALIAS_REFUSED, NERR_DuplicateName, a,
			     &where);
	}
	if (!was_granted) {
		service_settle(s, a, NERR_DuplicateName, &where);
	}
	if (service_is_primary(s, a)) {
		fail(s, a, &where);
	} else {
		forget_refused(s, a, &where);
	}
}

void service_diagnosed(struct service *s, const struct wire_name *wire,
		       struct in_addr holder, const struct holder *details)
{
	struct alias *a = alias_find(s->aliases, wire);
	size_t i;

	for (i = 0; a != NULL && i < a->num_subnets; i++) {
		struct alias_subnet *where = &a->subnets[i];

		if (where->state == ALIAS_REFUSED &&
		    where->holder.s_addr == holder.s_addr) {
			talloc_free(where->details);
			where->details = holder_copy(a, details);
		}
	}
	refusals_diagnosed(s->refusals, wire, holder, details);
	if (a != NULL && a->rival.s_addr == holder.s_addr && a->granted) {
		service_rival_answered(s, a, details);
	}
}

/*
 * The same, for who hears of claims.
 */

static enum claim_decision on_claiming(void *private_data,
				       const struct wire_name *wire,
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

static bool on_stands_by(void *private_data, const struct wire_name *wire,
			 const char *subnet)
{
	return service_stands_by(private_data, wire, subnet);
}

static void on_slow(void *private_data, const struct wire_name *wire,
		    const char *subnet, const char *reason)
{
	service_slow(private_data, wire, subnet, reason);
}

static void on_waiting(void *private_data, const struct wire_name *wire,
		       const char *subnet, const char *reason,
		       const struct refusal *answer)
{
	service_waiting(private_data, wire, subnet, reason, answer);
}

static void on_unheard(void *private_data, const struct wire_name *wire,
		       const char *subnet)
{
	service_unheard(private_data, wire, subnet);
}

static bool __attribute__((noinline))
has(const struct service *s, struct wire_name wire)
{
	wire_name_upper(&wire);
	return alias_find(s->aliases, &wire) != NULL;
}

static bool on_known(void *private_data, const struct wire_name *wire)
{
	const struct service *s = private_data;

	/* nearly always not */
	return alias_may_have(s->aliases, wire) && has(s, *wire);
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

static void on_subnet_lost(void *private_data, const char *subnet,
			   const char *reason)
{
	service_subnet_lost(private_data, subnet, reason);
}

const struct claim_ops service_claim_ops = {
	.claiming = on_claiming,
	.stands_by = on_stands_by,
	.granted = on_granted,
	.refused = on_refused,
	.slow = on_slow,
	.waiting = on_waiting,
	.unheard = on_unheard,
	.known = on_known,
	.contested = on_contested,
	.subnet_new = on_subnet_new,
	.subnet_gone = on_subnet_gone,
	.subnet_lost = on_subnet_lost,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * In a cluster on several nets an alias that is granted here may be left to
 * other nodes elsewhere.  Who added it is told when they have claimed it, too;
 * if somebody refuses it there it is taken back, as one computer would.
 */

#include <string.h>

#include "orders_private.h"
#include "patience.h"
#include "request.h"

/*
 * For the store to take it back.  With all that was waited for before it is
 * less than smbcontrol waits for an answer.
 */
#define TAKE_BACK_USEC 1500000

/* In a turn of nmbd's loop. */
#define ANSWERED_AT_ONCE 8

static const struct alias *find_alias(const struct waiter *w)
{
	return alias_find(service_get_aliases(w->orders->service), &w->wire);
}

void waiter_ask_nodes(struct waiter *w, const struct service_outcome *outcome)
{
	struct orders *os = w->orders;
	const struct alias *a = find_alias(w);

	if (os->others == NULL || a == NULL || !other_claims_are_needed(a)) {
		waiter_answer(w, outcome, NULL);
		return;
	}
	waiter_keep(w, outcome);
	w->claim = other_claim_create(w, os->others, &w->wire);
	w->waiting = WAITING_FOR_NODES;
	steady_set(os->look, 0);
}

bool orders_are_new(const struct orders *os, const struct wire_name *wire)
{
	const struct waiter *w = NULL;

	TAILQ_FOREACH(w, &os->waiters, entry) {
		if (w->waiting == WAITING_FOR_NODES && w->is_new &&
		    wire_name_equal(&w->wire, wire)) {
			return true;
		}
	}
	return false;
}

/* With what is left to others. */
static void answer_success(struct waiter *w)
{
	const struct report_nodes none = { .num = 0 };
	struct report_nodes nodes =
		(w->claim != NULL) ? other_claim_nodes(w, w->claim) : none;
	struct outcome o = {
		.done = report_left(w, w->done, w->orders->service, &w->wire,
				    &nodes),
		.unchanged = w->unchanged,
		.reason = w->outcome.reason,
	};

	waiter_answer_with(w, &o);
}

void waiter_give_up_nodes(struct waiter *w)
{
	if (w->waiting == WAITING_FOR_NODES) {
		answer_success(w);
		return;
	}
	w->outcome.reason = "It is not taken back yet on the other nets: the "
			    "cluster's database cannot be written now";
	waiter_answer(w, &w->outcome, w->details);
}

void waiter_taken_back(struct waiter *w, const struct service_outcome *outcome)
{
	if (outcome->code != NERR_Success) {
		w->outcome.reason = talloc_asprintf(
			w, "It could not be taken back on the other nets: %s",
			(outcome->reason != NULL) ? outcome->reason
						  : "no reason is known");
	}
	waiter_answer(w, &w->outcome, w->details);
}

/* All who wait for this one have their verdict; was it new for one of them? */
static bool enter_refusal(struct orders *os, const struct wire_name *wire,
			  const struct service_outcome *outcome,
			  const struct holder *details)
{
	struct waiter *w = NULL;
	bool is_new = false;

	TAILQ_FOREACH(w, &os->waiters, entry) {
		if (w->waiting == WAITING_FOR_NODES &&
		    wire_name_equal(&w->wire, wire)) {
			is_new |= w->is_new;
			waiter_keep(w, outcome);
			w->details = holder_copy(w, details);
			w->waiting = WAITING_TO_TAKE_BACK;
			steady_set(w->patience, TAKE_BACK_USEC);
		}
	}
	return is_new;
}

static void answer_refused(struct orders *os, const struct wire_name *wire,
			   const struct service_outcome *outcome)
{
	struct waiter *w = NULL;
	struct waiter *next = NULL;

	for (w = TAILQ_FIRST(&os->waiters); w != NULL; w = next) {
		next = TAILQ_NEXT(w, entry);
		if (w->waiting == WAITING_TO_TAKE_BACK &&
		    wire_name_equal(&w->wire, wire)) {
			waiter_taken_back(w, outcome);
		}
	}
}

/* w and others may be gone after that. */
static void take_back(struct waiter *w, const char *subnet,
		      const struct refusal *refusal,
		      const struct holder *details)
{
	struct orders *os = w->orders;
	const struct wire_name wire = w->wire;
	const struct service_outcome refused = {
		.code = NERR_DuplicateName,
		.holder = refusal->holder,
	};
	struct service_outcome taken = { .code = NERR_Success };
	int err = 0;

	if (enter_refusal(os, &wire, &refused, details) &&
	    !service_take_back(os->service, &wire, subnet, refusal, details,
			       &err)) {
		return; /* as soon as the store is not locked */
	}
	if (err != 0) {
		taken.code = NERR_InternalError;
		taken.reason = strerror(err);
	}
	answer_refused(os, &wire, &taken);
}

static void refused_there(struct waiter *w, const struct alias *a)
{
	const char *subnet = NULL;
	const struct claim_said *said =
		other_claim_refusal(w->claim, a, &subnet);
	const struct refusal refusal = {
		.rcode = said->rcode,
		.holder = said->holder,
	};

	take_back(w, subnet, &refusal, said->details);
}

/*
 * It was granted here, and lost meanwhile.  Returns whether it waits on, for who
 * has it.
 */
static bool refused_here(struct waiter *w, const struct alias *a)
{
	const struct alias_subnet *where = alias_subnet_in(a, ALIAS_REFUSED);
	uint64_t now = steady_now();
	struct alias_subnet copy;
	struct refusal refusal;

	w->refused = (w->refused == 0) ? now : w->refused;
	if (where == NULL) {
		waiter_answer_code(w, NERR_DuplicateName, NULL);
		return false;
	}
	if (where->holder.s_addr != 0 && where->details == NULL &&
	    now < w->refused + DIAGNOSIS_USEC) {
		return true;
	}
	/* with the alias it is gone */
	copy = *where;
	copy.details = holder_copy(w, where->details);
	refusal = alias_subnet_refusal(where);
	take_back(w, copy.subnet, &refusal, copy.details);
	return false;
}

/* Returns whether it waits on; else it, and others, may be gone. */
static bool judge(struct waiter *w)
{
	const struct alias *a = find_alias(w);

	if (a == NULL) {
		/* deleted meanwhile, or the service is stopped */
		waiter_answer_code(w,
				   service_is_up(w->orders->service)
					   ? NERR_NotLocalName
					   : NERR_MsgNotStarted,
				   NULL);
		return false;
	}
	if (a->state == ALIAS_REFUSED) {
		return refused_here(w, a);
	}
	if (w->claim == NULL) {
		return true; /* no memory: out of patience it is answered */
	}
	switch (other_claim_judge(w->claim, a)) {
	case OTHER_PENDING:
		return true;
	case OTHER_REFUSED:
		refused_there(w, a);
		break;
	case OTHER_CLAIMED:
	case OTHER_OPEN:
		answer_success(w);
		break;
	}
	return false;
}

/*
 * From the start each time: one that is answered may be the end of others.
 * Returns whether some are left to be judged in this round.
 */
static bool judge_some(struct orders *os, unsigned left)
{
	struct waiter *w = TAILQ_FIRST(&os->waiters);

	while (w != NULL && left > 0) {
		if (w->waiting != WAITING_FOR_NODES || w->round == os->round) {
			w = TAILQ_NEXT(w, entry);
			continue;
		}
		w->round = os->round;
		if (judge(w)) {
			w = TAILQ_NEXT(w, entry);
		} else {
			w = TAILQ_FIRST(&os->waiters);
			left--;
		}
	}
	return w != NULL;
}

static bool is_any_waiting(const struct orders *os)
{
	const struct waiter *w = TAILQ_FIRST(&os->waiters);

	while (w != NULL && w->waiting != WAITING_FOR_NODES) {
		w = TAILQ_NEXT(w, entry);
	}
	return w != NULL;
}

static void look_at_some(struct orders *os, unsigned num)
{
	if (!os->amid) {
		os->round++;
	}
	os->amid = judge_some(os, num);
	if (os->amid) {
		steady_set(os->look, 0);
	} else if (is_any_waiting(os)) {
		steady_set(os->look, PAUSE_USEC);
	}
}

void orders_look_at_nodes(struct orders *os)
{
	os->amid = false;
	look_at_some(os, ~0U);
}

static void look(void *private_data)
{
	look_at_some(talloc_get_type_abort(private_data, struct orders),
		     ANSWERED_AT_ONCE);
}

static void said(void *private_data)
{
	struct orders *os = talloc_get_type_abort(private_data, struct orders);

	steady_set(os->look, 0);
}

void orders_join(struct orders *os, const struct members *members)
{
	os->look = steady_create(os, os->ev, look, os);
	if (os->look != NULL) {
		os->others = other_claims_init(os, os->msg, members, said, os);
	}
}

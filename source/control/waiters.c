/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Who waits for the outcome of an order.  Each is answered once.
 */

#include "orders_private.h"
#include "patience.h"

static const char service_subject[] = "Messenger service";

static int remove_waiter(struct waiter *w)
{
	TAILQ_REMOVE(&w->orders->waiters, w, entry);
	return 0;
}

void waiter_answer_with(struct waiter *w, struct outcome *o)
{
	o->subject = w->subject;
	if (w->verb == REQUEST_START &&
	    service_get_state(w->orders->service) == SERVICE_STANDBY) {
		w->done = "standby";
	}
	if (o->done == NULL) {
		o->done = w->done;
	}
	reply_outcome(w->orders->msg, w->from, w->json, o);
	talloc_free(w);
}

void waiter_answer(struct waiter *w, const struct service_outcome *outcome,
		   const struct holder *details)
{
	struct outcome o = {
		.unchanged = w->unchanged,
		.code = outcome->code,
		.holder = outcome->holder,
		.details = details,
		.reason = outcome->reason,
	};

	waiter_answer_with(w, &o);
}

void waiter_answer_code(struct waiter *w, enum messenger_code code,
			const char *reason)
{
	const struct service_outcome outcome = {
		.code = code,
		.reason = reason,
	};

	waiter_answer(w, &outcome, NULL);
}

void waiter_keep(struct waiter *w, const struct service_outcome *outcome)
{
	w->outcome = *outcome;
	w->outcome.reason = NULL;
	if (outcome->reason != NULL) {
		w->outcome.reason = talloc_strdup(w, outcome->reason);
	}
}

static void out_of_patience(void *private_data)
{
	struct waiter *w = talloc_get_type_abort(private_data, struct waiter);
	struct outcome busy = {
		.code = NERR_NameInUse,
		.reason = service_get_reason(w->orders->service),
	};

	if (w->waiting == WAITING_FOR_DIAGNOSIS) {
		waiter_answer(w, &w->outcome, NULL);
		return;
	}
	if (w->waiting == WAITING_FOR_NODES ||
	    w->waiting == WAITING_TO_TAKE_BACK) {
		waiter_give_up_nodes(w);
		return;
	}
	if (w->waiting == WAITING_ITS_TURN) {
		busy.message = "The Messenger service is still starting: "
			       "nothing was done. Try again later.";
	}
	/* else it is under way, and the list shows what becomes of it */
	waiter_answer_with(w, &busy);
}

struct waiter *waiter_create(struct orders *os, struct server_id from,
			     const struct request *req)
{
	struct waiter *w = talloc_zero(os, struct waiter);

	if (w == NULL) {
		return NULL;
	}
	w->orders = os;
	w->from = from;
	w->json = req->json;
	w->verb = req->verb;
	w->done = (req->verb == REQUEST_START) ? "running" : "added";
	w->waiting = (req->verb == REQUEST_START) ? WAITING_FOR_START
						  : WAITING_FOR_ALIAS;
	w->patience = steady_create(w, os->ev, out_of_patience, w);
	w->subject = talloc_strdup(w, (req->name != NULL) ? req->subject
							  : service_subject);
	if (req->name != NULL) {
		w->name = talloc_strdup(w, req->name);
	}
	if (w->subject == NULL || w->patience == NULL ||
	    (w->name == NULL && req->name != NULL)) {
		talloc_free(w);
		return NULL;
	}
	steady_set(w->patience, PATIENCE_USEC);
	TAILQ_INSERT_TAIL(&os->waiters, w, entry);
	talloc_set_destructor(w, remove_waiter);
	return w;
}

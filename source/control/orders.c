/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Orders.  It owns those that wait for an outcome, and knows no rule: it asks
 * the service and tells what it says.
 */

#include "orders.h"

#include <sys/queue.h>

#include "reply.h"
#include "steady.h"

/* smbcontrol waits 10 s for an answer unless told otherwise. */
#define PATIENCE_USEC 8000000

/* A holder that is there says who it is in a few milliseconds. */
#define DIAGNOSIS_USEC 1000000

enum waiting {
	WAITING_FOR_START,    /* and for nothing else */
	WAITING_TO_ADD,	      /* for a start, to add then */
	WAITING_FOR_ALIAS,    /* to be granted or refused, or to be gone */
	WAITING_FOR_DIAGNOSIS /* refused: of the holder */
};

struct waiter {
	TAILQ_ENTRY(waiter) entry;
	struct orders *orders;
	struct server_id from;
	bool json;
	struct steady *patience;
	enum waiting waiting;
	bool start;	  /* else of an alias */
	const char *done; /* what it is told then */
	char *subject;	  /* a name, as it was given, or the service */
	struct wire_name wire;
	struct service_outcome outcome; /* while it waits for a diagnosis */
};

struct orders {
	struct tevent_context *ev;
	struct messaging_context *msg;
	struct service *service;
	TAILQ_HEAD(waiter_list, waiter) waiters;
	struct tevent_immediate *later; /* adds that waited for a start */
};

static const char service_subject[] = "Messenger service";

static int remove_waiter(struct waiter *w)
{
	TAILQ_REMOVE(&w->orders->waiters, w, entry);
	return 0;
}

/* details: of the holder; NULL: it is not known who it is. */
static void answer(struct waiter *w, const struct service_outcome *outcome,
		   const struct holder *details)
{
	const struct outcome o = {
		.done = w->done,
		.subject = w->subject,
		.code = outcome->code,
		.holder = outcome->holder,
		.details = details,
		.reason = outcome->reason,
	};

	reply_outcome(w->orders->msg, w->from, w->json, &o);
	talloc_free(w);
}

static void out_of_patience(void *private_data)
{
	struct waiter *w = talloc_get_type_abort(private_data, struct waiter);
	const struct service_outcome busy = {
		.code = NERR_NameInUse,
		.reason = service_get_reason(w->orders->service),
	};

	if (w->waiting == WAITING_FOR_DIAGNOSIS) {
		answer(w, &w->outcome, NULL);
	} else {
		/* it is under way, and the list shows what becomes of it */
		answer(w, &busy, NULL);
	}
}

/* Returns NULL without memory. */
static struct waiter *wait_for_outcome(struct orders *os, struct server_id from,
				       const struct request *req)
{
	struct waiter *w = talloc_zero(os, struct waiter);

	if (w == NULL) {
		return NULL;
	}
	w->orders = os;
	w->from = from;
	w->json = req->json;
	w->start = (req->verb == REQUEST_START);
	w->done = w->start ? "running" : "added";
	w->waiting = w->start ? WAITING_FOR_START : WAITING_FOR_ALIAS;
	w->patience = steady_create(w, os->ev, out_of_patience, w);
	w->subject = talloc_strdup(w, (req->name != NULL) ? req->name
							  : service_subject);
	if (w->subject == NULL || w->patience == NULL) {
		talloc_free(w);
		return NULL;
	}
	steady_set(w->patience, PATIENCE_USEC);
	TAILQ_INSERT_TAIL(&os->waiters, w, entry);
	talloc_set_destructor(w, remove_waiter);
	return w;
}

/* An add that can be made now, or never. */
static void add_now(struct waiter *w)
{
	struct service *s = w->orders->service;
	struct service_outcome outcome = { .code = NERR_Success };

	w->waiting = WAITING_FOR_ALIAS;
	outcome.code = service_add(s, w->subject, &w->wire);
	if (outcome.code == NERR_Success || outcome.code == NERR_NameInUse) {
		return; /* its own claim, or one that is under way */
	}
	if (outcome.code == NERR_MsgNotStarted) {
		outcome.reason = service_get_reason(s);
	}
	answer(w, &outcome, NULL);
}

/* In a turn of its own: the service is not called back. */
static void add_later(struct tevent_context *ev, struct tevent_immediate *im,
		      void *private_data)
{
	struct orders *os = talloc_get_type_abort(private_data, struct orders);
	struct waiter *w = NULL;
	struct waiter *next = NULL;

	for (w = TAILQ_FIRST(&os->waiters); w != NULL; w = next) {
		next = TAILQ_NEXT(w, entry);
		if (w->waiting == WAITING_TO_ADD) {
			add_now(w);
		}
	}
}

/* Refused by somebody: who it is comes in a moment. */
static void hear(struct waiter *w, const struct service_outcome *outcome)
{
	if (outcome->code == NERR_Success || outcome->holder.s_addr == 0) {
		answer(w, outcome, NULL);
		return;
	}
	w->outcome = *outcome;
	w->outcome.reason = NULL;
	if (outcome->reason != NULL) {
		w->outcome.reason = talloc_strdup(w, outcome->reason);
	}
	w->waiting = WAITING_FOR_DIAGNOSIS;
	steady_set(w->patience, DIAGNOSIS_USEC);
}

void orders_settled(struct orders *os, const struct wire_name *wire,
		    const struct service_outcome *outcome)
{
	struct waiter *w = NULL;
	struct waiter *next = NULL;

	for (w = TAILQ_FIRST(&os->waiters); w != NULL; w = next) {
		next = TAILQ_NEXT(w, entry);
		if (wire == NULL && w->waiting == WAITING_TO_ADD) {
			tevent_schedule_immediate(os->later, os->ev, add_later,
						  os);
		} else if ((wire == NULL && w->waiting == WAITING_FOR_START) ||
			   (wire != NULL && w->waiting == WAITING_FOR_ALIAS &&
			    wire_name_equal(wire, &w->wire))) {
			hear(w, outcome);
		}
	}
}

void orders_diagnosed(struct orders *os, const struct wire_name *wire,
		      struct in_addr holder, const struct holder *details)
{
	struct waiter *w = NULL;
	struct waiter *next = NULL;

	for (w = TAILQ_FIRST(&os->waiters); w != NULL; w = next) {
		next = TAILQ_NEXT(w, entry);
		if (w->waiting == WAITING_FOR_DIAGNOSIS &&
		    (w->start || wire_name_equal(wire, &w->wire)) &&
		    w->outcome.holder.s_addr == holder.s_addr) {
			answer(w, &w->outcome, details);
		}
	}
}

/*
 * The waiter comes first: the outcome may be known at once.
 */

static void order_add(struct orders *os, struct server_id from,
		      const struct request *req)
{
	struct waiter *w = wait_for_outcome(os, from, req);

	if (w == NULL) {
		reply_text(os->msg, from, NULL);
	} else if (service_get_state(os->service) == SERVICE_STARTING) {
		w->waiting = WAITING_TO_ADD;
	} else {
		add_now(w);
	}
}

static void order_start(struct orders *os, struct server_id from,
			const struct request *req)
{
	struct waiter *w = wait_for_outcome(os, from, req);
	struct service_outcome outcome = { .code = NERR_Success };

	if (w == NULL) {
		reply_text(os->msg, from, NULL);
		return;
	}
	if (service_get_state(os->service) == SERVICE_STARTING) {
		return;
	}
	outcome.code = service_start(os->service);
	if (outcome.code != NERR_Success) {
		answer(w, &outcome, NULL);
	}
}

/* As soon as the store is not locked. */
static void delete_later(struct orders *os, struct server_id from,
			 const struct request *req,
			 const struct wire_name *wire, const char *done)
{
	struct waiter *w = wait_for_outcome(os, from, req);

	if (w == NULL) {
		reply_text(os->msg, from, NULL);
		return;
	}
	w->wire = *wire;
	w->done = done;
}

static void order_delete(struct orders *os, struct server_id from,
			 const struct request *req)
{
	struct outcome o = { .done = "deleted", .subject = req->name };
	struct wire_name wire;
	bool returns = false;

	o.code = service_delete(os->service, req->name, &returns);
	if (returns) {
		o.done = "deleted; it comes back with the next reload of "
			 "smb.conf unless it is taken out of messenger:aliases";
	}
	if (o.code == NERR_Success &&
	    service_is_leaving(os->service, req->name, &wire)) {
		delete_later(os, from, req, &wire, o.done);
		return;
	}
	reply_outcome(os->msg, from, req->json, &o);
}

static void order_stop(struct orders *os, struct server_id from,
		       const struct request *req)
{
	struct outcome o = { .done = "stopped", .subject = service_subject };

	o.code = service_stop(os->service);
	reply_outcome(os->msg, from, req->json, &o);
}

void orders_take(struct orders *os, struct server_id from,
		 const struct request *req)
{
	switch (req->verb) {
	case REQUEST_ADD:
		order_add(os, from, req);
		break;
	case REQUEST_DELETE:
		order_delete(os, from, req);
		break;
	case REQUEST_START:
		order_start(os, from, req);
		break;
	default:
		order_stop(os, from, req);
		break;
	}
}

struct orders *orders_init(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
			   struct messaging_context *msg,
			   struct service *service)
{
	struct orders *os = talloc_zero(mem_ctx, struct orders);

	if (os == NULL) {
		return NULL;
	}
	os->later = tevent_create_immediate(os);
	if (os->later == NULL) {
		talloc_free(os);
		return NULL;
	}
	os->ev = ev;
	os->msg = msg;
	os->service = service;
	TAILQ_INIT(&os->waiters);
	return os;
}

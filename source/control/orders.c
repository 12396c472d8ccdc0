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
	WAITING_ITS_TURN,     /* for a start, to be carried out then */
	WAITING_FOR_ALIAS,    /* to be granted or refused */
	WAITING_TO_DELETE,    /* for the store */
	WAITING_FOR_DIAGNOSIS /* refused: of the holder */
};

struct waiter {
	TAILQ_ENTRY(waiter) entry;
	struct orders *orders;
	struct server_id from;
	bool json;
	struct steady *patience;
	enum waiting waiting;
	enum request_verb verb;
	char *subject;	  /* what it is about, as it was given */
	char *name;	  /* NULL: the service */
	const char *done; /* what it is told then */
	bool unchanged;	  /* the claim is another one's, and that will do */
	struct wire_name wire;
	struct service_outcome outcome; /* while it waits for a diagnosis */
};

struct orders {
	struct tevent_context *ev;
	struct messaging_context *msg;
	struct service *service;
	TAILQ_HEAD(waiter_list, waiter) waiters;
	struct steady *later; /* for who waited for a start */
};

static const char service_subject[] = "Messenger service";

static int remove_waiter(struct waiter *w)
{
	TAILQ_REMOVE(&w->orders->waiters, w, entry);
	return 0;
}

/* Its last turn: it is gone then.  o has what there is to say. */
static void answer_with(struct waiter *w, struct outcome *o)
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

/* details: of the holder; NULL: it is not known who it is. */
static void answer(struct waiter *w, const struct service_outcome *outcome,
		   const struct holder *details)
{
	struct outcome o = {
		.done = report_left(w, w->done, w->orders->service, &w->wire),
		.unchanged = w->unchanged,
		.code = outcome->code,
		.holder = outcome->holder,
		.details = details,
		.reason = outcome->reason,
	};

	answer_with(w, &o);
}

static void answer_code(struct waiter *w, enum messenger_code code,
			const char *reason)
{
	const struct service_outcome outcome = {
		.code = code,
		.reason = reason,
	};

	answer(w, &outcome, NULL);
}

/* 2284, and why; but while it is starting that is not the last word. */
static void wait_for_service(struct waiter *w)
{
	const struct service *s = w->orders->service;

	if (service_get_state(s) == SERVICE_STARTING) {
		w->waiting = WAITING_ITS_TURN;
	} else {
		answer_code(w, NERR_MsgNotStarted,
			    (service_get_state(s) == SERVICE_FAILED)
				    ? report_failure(w, s)
				    : NULL);
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
		answer(w, &w->outcome, NULL);
		return;
	}
	if (w->waiting == WAITING_ITS_TURN) {
		busy.message = "The Messenger service is still starting: "
			       "nothing was done. Try again later.";
	}
	/* else it is under way, and the list shows what becomes of it */
	answer_with(w, &busy);
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

/* One that is there but waits is not what was to be ensured. */
static void find_there(struct waiter *w)
{
	const struct alias *a =
		alias_find(service_get_aliases(w->orders->service), &w->wire);
	struct outcome there = {
		.done = "is already registered",
		.unchanged = true,
	};

	if (w->verb != REQUEST_ENSURE) {
		answer_code(w, NERR_AlreadyExists, NULL);
	} else if (a != NULL && a->state == ALIAS_WAITING) {
		answer_code(w, NERR_NetworkError, alias_reason(a));
	} else {
		answer_with(w, &there);
	}
}

static void add_now(struct waiter *w)
{
	enum messenger_code code =
		service_add(w->orders->service, w->name, &w->wire);

	w->waiting = WAITING_FOR_ALIAS;
	switch (code) {
	case NERR_Success:
		break;
	case NERR_NameInUse:
		/* a claim that is under way decides about this, too */
		if (w->verb == REQUEST_ENSURE) {
			w->done = "registered";
			w->unchanged = true;
		}
		break;
	case NERR_AlreadyExists:
		find_there(w);
		break;
	case NERR_MsgNotStarted:
		wait_for_service(w);
		break;
	default:
		answer_code(w, code, NULL);
		break;
	}
}

static void delete_now(struct waiter *w)
{
	struct outcome o = { .code = NERR_Success };
	bool returns = false;

	w->done = "deleted";
	/* who waits for this alias is told so meanwhile; this one is not */
	w->waiting = WAITING_ITS_TURN;
	o.code = service_delete(w->orders->service, w->name, &returns);
	if (o.code == NERR_MsgNotStarted) {
		wait_for_service(w);
		return;
	}
	if (returns) {
		w->done = "deleted; it comes back with the next reload of "
			  "smb.conf unless it is taken out of "
			  "messenger:aliases";
	}
	if (o.code == NERR_Success &&
	    service_is_leaving(w->orders->service, w->name, &w->wire)) {
		/* as soon as the store is not locked */
		w->waiting = WAITING_TO_DELETE;
		return;
	}
	answer_with(w, &o);
}

static void take_turn(struct waiter *w)
{
	if (w->verb == REQUEST_DELETE) {
		delete_now(w);
	} else {
		add_now(w);
	}
}

static struct waiter *next_turn(const struct orders *os)
{
	struct waiter *w = TAILQ_FIRST(&os->waiters);

	while (w != NULL && w->waiting != WAITING_ITS_TURN) {
		w = TAILQ_NEXT(w, entry);
	}
	return w;
}

/*
 * In a turn of its own: the service is not called back.  From the start each
 * time, since one that is carried out may be the end of others.
 */
static void take_turns(void *private_data)
{
	struct orders *os = talloc_get_type_abort(private_data, struct orders);
	struct waiter *w = NULL;
	unsigned left = 8; /* in a turn */

	while (service_get_state(os->service) != SERVICE_STARTING &&
	       (w = next_turn(os)) != NULL && left-- > 0) {
		take_turn(w);
	}
	if (w != NULL) {
		steady_set(os->later, 0);
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
	const enum waiting waiting =
		outcome->leaving ? WAITING_TO_DELETE : WAITING_FOR_ALIAS;
	struct waiter *w = NULL;
	struct waiter *next = NULL;

	for (w = TAILQ_FIRST(&os->waiters); w != NULL; w = next) {
		next = TAILQ_NEXT(w, entry);
		if (wire == NULL && w->waiting == WAITING_ITS_TURN) {
			steady_set(os->later, 0);
		} else if ((wire == NULL && w->waiting == WAITING_FOR_START) ||
			   (wire != NULL && w->waiting == waiting &&
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
		    (w->name == NULL || wire_name_equal(wire, &w->wire)) &&
		    w->outcome.holder.s_addr == holder.s_addr) {
			answer(w, &w->outcome, details);
		}
	}
}

/* The waiter comes first: the outcome may be known at once. */

static void order_alias(struct orders *os, struct server_id from,
			const struct request *req)
{
	struct waiter *w = wait_for_outcome(os, from, req);
	struct outcome o = { .code = ERROR_INVALID_NAME_ };

	if (w == NULL) {
		reply_text(os->msg, from, NULL);
	} else if (req->type != MESSENGER_NAME_NO_TYPE &&
		   req->type != MESSENGER_NAME_TYPE) {
		o.message = report_wrong_type(w, req->name, req->type);
		answer_with(w, &o);
	} else {
		take_turn(w);
	}
}

static void order_start(struct orders *os, struct server_id from,
			const struct request *req)
{
	struct waiter *w = wait_for_outcome(os, from, req);
	enum messenger_code code;

	if (w == NULL) {
		reply_text(os->msg, from, NULL);
		return;
	}
	if (service_get_state(os->service) == SERVICE_STARTING) {
		return;
	}
	code = service_start(os->service);
	if (code != NERR_Success) {
		answer_code(w, code, NULL);
	}
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
	case REQUEST_ENSURE:
	case REQUEST_DELETE:
		order_alias(os, from, req);
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
	os->later = steady_create(os, ev, take_turns, os);
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

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Orders.  It owns those that wait for an outcome, and knows no rule: it asks
 * the service and tells what it says.
 */

#include "orders_private.h"
#include "patience.h"

/* 2284, and why; but while it is starting that is not the last word. */
static void wait_for_service(struct waiter *w)
{
	const struct service *s = w->orders->service;

	if (service_get_state(s) == SERVICE_STARTING) {
		w->waiting = WAITING_ITS_TURN;
	} else {
		waiter_answer_code(w, NERR_MsgNotStarted,
				   (service_get_state(s) == SERVICE_FAILED)
					   ? report_failure(w, s)
					   : NULL);
	}
}

/* One that is there but waits is not what was to be ensured. */
static void find_there(struct waiter *w)
{
	const struct alias *a =
		alias_find(service_get_aliases(w->orders->service), &w->wire);
	const struct service_outcome granted = { .code = NERR_Success };

	if (service_is_leaving(w->orders->service, w->name, &w->wire)) {
		/* it is there until the store has let it go */
		w->waiting = WAITING_FOR_DELETE;
	} else if (orders_are_new(w->orders, &w->wire)) {
		/* whoever added it is not told so far that it is there */
		w->done = (w->verb == REQUEST_ENSURE) ? "registered" : w->done;
		w->unchanged = (w->verb == REQUEST_ENSURE);
		waiter_ask_nodes(w, &granted);
	} else if (w->verb != REQUEST_ENSURE) {
		waiter_answer_code(w, NERR_AlreadyExists, NULL);
	} else if (a != NULL && a->state == ALIAS_WAITING) {
		waiter_answer_code(w, NERR_NetworkError, alias_reason(a));
	} else {
		w->done = "is already registered";
		w->unchanged = true;
		waiter_ask_nodes(w, &granted);
	}
}

/* Nobody was told before that it was added. */
static bool is_new(const struct waiter *w)
{
	const struct wanted_list *list = NULL;
	const struct wanted *added = NULL;

	(void)service_get_wanted(w->orders->service, &list);
	added = wanted_find(list, WANTED_REQUEST, &w->wire);
	return added != NULL && !added->acknowledged;
}

static void add_now(struct waiter *w)
{
	enum messenger_code code =
		service_add(w->orders->service, w->name, &w->wire);

	w->waiting = WAITING_FOR_ALIAS;
	switch (code) {
	case NERR_Success:
		w->is_new = is_new(w);
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
		waiter_answer_code(w, code, NULL);
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
	waiter_answer_with(w, &o);
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
	if (w->waiting == WAITING_TO_TAKE_BACK) {
		waiter_taken_back(w, outcome);
		return;
	}
	if (outcome->code == NERR_Success && w->waiting == WAITING_FOR_ALIAS) {
		waiter_ask_nodes(w, outcome);
		return;
	}
	if (outcome->code == NERR_Success || outcome->holder.s_addr == 0) {
		waiter_answer(w, outcome, NULL);
		return;
	}
	waiter_keep(w, outcome);
	w->waiting = WAITING_FOR_DIAGNOSIS;
	steady_set(w->patience, DIAGNOSIS_USEC);
}

static bool is_waiting_for(const struct waiter *w,
			   const struct service_outcome *outcome)
{
	return outcome->leaving ? (w->waiting == WAITING_TO_DELETE ||
				   w->waiting == WAITING_TO_TAKE_BACK)
				: w->waiting == WAITING_FOR_ALIAS;
}

void orders_settled(struct orders *os, const struct wire_name *wire,
		    const struct service_outcome *outcome)
{
	struct waiter *w = NULL;
	struct waiter *next = NULL;

	for (w = TAILQ_FIRST(&os->waiters); w != NULL; w = next) {
		next = TAILQ_NEXT(w, entry);
		if (wire == NULL && w->waiting == WAITING_ITS_TURN) {
			steady_set(os->later, 0);
		} else if (wire != NULL && outcome->leaving &&
			   w->waiting == WAITING_FOR_DELETE &&
			   wire_name_equal(wire, &w->wire)) {
			w->waiting = WAITING_ITS_TURN;
			steady_set(os->later, 0);
		} else if ((wire == NULL && w->waiting == WAITING_FOR_START) ||
			   (wire != NULL && is_waiting_for(w, outcome) &&
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
			waiter_answer(w, &w->outcome, details);
		}
	}
}

/* The waiter comes first: the outcome may be known at once. */

static void order_alias(struct orders *os, struct server_id from,
			const struct request *req)
{
	struct waiter *w = waiter_create(os, from, req);
	struct outcome o = { .code = ERROR_INVALID_NAME_ };

	if (w == NULL) {
		reply_text(os->msg, from, NULL);
	} else if (req->type != MESSENGER_NAME_NO_TYPE &&
		   req->type != MESSENGER_NAME_TYPE) {
		o.message = report_wrong_type(w, req->name, req->type);
		waiter_answer_with(w, &o);
	} else {
		take_turn(w);
	}
}

static void order_start(struct orders *os, struct server_id from,
			const struct request *req)
{
	struct waiter *w = waiter_create(os, from, req);
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
		waiter_answer_code(w, code, NULL);
	}
}

static void order_stop(struct orders *os, struct server_id from,
		       const struct request *req)
{
	struct outcome o = { .done = "stopped",
			     .subject = "Messenger service" };

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

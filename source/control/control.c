/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Requests over Samba's messaging.  It owns those that wait for an outcome,
 * and knows no rule: it asks the service and prints what it says.
 *
 * smbcontrol's verbs are fixed.  Two of them carry what we need, and nmbd
 * listens to neither: dump-domain-list sends one text and prints one text; the
 * other is in dump_status.c.
 */

#include "control.h"

#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "dump_status.h"
#include "explain.h"
#include "names_report.h"
#include "samba_private.h"
#include "steady.h"
#include "report.h"
#include "request.h"
#include "text.h"

/* smbcontrol waits 10 s for an answer unless told otherwise. */
#define PATIENCE_USEC 8000000

/* Who waits for the outcome of an add or a start. */
struct waiter {
	TAILQ_ENTRY(waiter) entry;
	struct control *control;
	struct server_id from;
	bool json;
	struct steady *patience;
	bool start; /* else an add, of this name: */
	struct wire_name wire;
	char *subject;
};

struct control {
	struct tevent_context *ev;
	struct messaging_context *msg;
	struct service *service;
	struct netbt *netbt;
	const struct event_sinks *sinks;
	const char *why;
	TAILQ_HEAD(waiter_list, waiter) waiters;
};

static const char service_subject[] = "Messenger service";

static void reply(struct control *c, struct server_id to, const char *text)
{
	if (text == NULL) {
		text = "out of memory\n";
	}
	(void)messaging_send_buf(c->msg, to, MESSENGER_MSG_REQUEST,
				 (const uint8_t *)text, strlen(text));
}

/* Takes the reference. */
static void reply_json(struct control *c, struct server_id to, json_t *json)
{
	char *dump = (json != NULL) ? json_dumps(json, JSON_COMPACT) : NULL;
	char *line = (dump != NULL) ? talloc_asprintf(c, "%s\n", dump) : NULL;

	reply(c, to, line);
	talloc_free(line);
	free(dump);
	json_decref(json);
}

static void reply_outcome(struct control *c, struct server_id to, bool json,
			  const struct outcome *o)
{
	char *text = NULL;

	if (json) {
		reply_json(c, to, report_outcome_json(o));
		return;
	}
	text = report_outcome_text(c, o);
	reply(c, to, text);
	talloc_free(text);
}

static int remove_waiter(struct waiter *w)
{
	TAILQ_REMOVE(&w->control->waiters, w, entry);
	return 0;
}

static void answer_waiter(struct waiter *w,
			  const struct service_outcome *outcome)
{
	struct outcome o = {
		.done = w->start ? "running" : "added",
		.subject = w->subject,
		.code = outcome->code,
		.holder = outcome->holder,
		.reason = outcome->reason,
	};

	reply_outcome(w->control, w->from, w->json, &o);
	talloc_free(w);
}

static void out_of_patience(void *private_data)
{
	struct waiter *w = talloc_get_type_abort(private_data, struct waiter);
	const struct service_outcome busy = {
		.code = NERR_NameInUse,
		.reason = service_get_reason(w->control->service),
	};

	/* it is under way, and the list shows what becomes of it */
	answer_waiter(w, &busy);
}

/* Returns NULL without memory. */
static struct waiter *wait_for_outcome(struct control *c, struct server_id from,
				       const struct request *req)
{
	struct waiter *w = talloc_zero(c, struct waiter);

	if (w == NULL) {
		return NULL;
	}
	w->control = c;
	w->from = from;
	w->json = req->json;
	w->start = (req->verb == REQUEST_START);
	w->patience = steady_create(w, c->ev, out_of_patience, w);
	w->subject = talloc_strdup(w, w->start ? service_subject : req->name);
	if (w->subject == NULL ||
	    w->patience == NULL) {
		talloc_free(w);
		return NULL;
	}
	steady_set(w->patience, PATIENCE_USEC);
	TAILQ_INSERT_TAIL(&c->waiters, w, entry);
	talloc_set_destructor(w, remove_waiter);
	return w;
}

void control_settled(struct control *c, const struct wire_name *wire,
		     const struct service_outcome *outcome)
{
	struct waiter *w = NULL;
	struct waiter *next = NULL;

	if (c == NULL) {
		return;
	}
	for (w = TAILQ_FIRST(&c->waiters); w != NULL; w = next) {
		next = TAILQ_NEXT(w, entry);
		if ((wire == NULL && w->start) ||
		    (wire != NULL && !w->start &&
		     wire_name_equal(wire, &w->wire))) {
			answer_waiter(w, outcome);
		}
	}
}

/*
 * Orders.  The waiter comes first: the outcome may be known at once.
 */

static void order_add(struct control *c, struct server_id from,
		      const struct request *req)
{
	struct waiter *w = wait_for_outcome(c, from, req);
	struct service_outcome outcome = { .code = NERR_Success };
	struct wire_name wire;

	if (w == NULL) {
		reply(c, from, NULL);
		return;
	}
	outcome.code = service_add(c->service, req->name, &wire);
	if (outcome.code == NERR_MsgNotStarted) {
		outcome.reason = service_get_reason(c->service);
	}
	if (outcome.code != NERR_Success) {
		answer_waiter(w, &outcome);
		return;
	}
	w->wire = wire;
}

static void order_start(struct control *c, struct server_id from,
			const struct request *req)
{
	struct waiter *w = wait_for_outcome(c, from, req);
	struct service_outcome outcome = { .code = NERR_Success };

	if (w == NULL) {
		reply(c, from, NULL);
		return;
	}
	outcome.code = service_start(c->service);
	if (outcome.code != NERR_Success) {
		answer_waiter(w, &outcome);
	}
}

static void order_delete(struct control *c, struct server_id from,
			 const struct request *req)
{
	struct outcome o = { .done = "deleted", .subject = req->name };

	o.code = service_delete(c->service, req->name);
	reply_outcome(c, from, req->json, &o);
}

static void order_stop(struct control *c, struct server_id from,
		       const struct request *req)
{
	struct outcome o = { .done = "stopped", .subject = service_subject };

	o.code = service_stop(c->service);
	reply_outcome(c, from, req->json, &o);
}

/*
 * Questions.
 */

static char *overview_text(TALLOC_CTX *mem_ctx, const struct control *c)
{
	char *status = report_status_text(mem_ctx, c->service, c->netbt);
	char *list = report_list_text(mem_ctx, c->service);

	if (status == NULL || list == NULL) {
		return NULL;
	}
	return talloc_asprintf(mem_ctx, "%s\n%s", status, list);
}

/* NULL without a service, or memory. */
static char *overview(TALLOC_CTX *mem_ctx, void *private_data)
{
	const struct control *c = private_data;

	return (c->service != NULL) ? overview_text(mem_ctx, c) : NULL;
}

static char *question_text(TALLOC_CTX *mem_ctx, const struct control *c,
			   const struct request *req)
{
	switch (req->verb) {
	case REQUEST_LIST:
		return report_list_text(mem_ctx, c->service);
	case REQUEST_STATUS:
		return report_status_text(mem_ctx, c->service, c->netbt);
	case REQUEST_EVENTS:
		return event_sinks_ring_text(mem_ctx, c->sinks, req->count,
					     req->after);
	case REQUEST_EXPLAIN:
		return explain_text(mem_ctx, c->service, c->netbt);
	case REQUEST_NAMES:
		return names_text(mem_ctx, c->service, c->netbt);
	case REQUEST_HELP:
		return report_help_text(mem_ctx);
	default:
		break;
	}
	return overview_text(mem_ctx, c);
}

static json_t *question_json(const struct control *c, const struct request *req)
{
	switch (req->verb) {
	case REQUEST_LIST:
		return report_list_json(c->service);
	case REQUEST_EVENTS:
		return event_sinks_ring_json(c->sinks, req->count, req->after);
	case REQUEST_EXPLAIN:
		return explain_json(c->service, c->netbt);
	case REQUEST_NAMES:
		return names_json(c->service, c->netbt);
	case REQUEST_HELP:
		return report_help_json();
	default:
		break;
	}
	return report_status_json(c->service, c->netbt);
}

static void answer_question(struct control *c, struct server_id from,
			    const struct request *req)
{
	TALLOC_CTX *frame = NULL;

	if (req->json) {
		reply_json(c, from, question_json(c, req));
		return;
	}
	frame = talloc_new(c);
	reply(c, from, (frame != NULL) ? question_text(frame, c, req) : NULL);
	talloc_free(frame);
}

static void answer(struct control *c, struct server_id from,
		   const struct request *req)
{
	switch (req->verb) {
	case REQUEST_ADD:
		order_add(c, from, req);
		break;
	case REQUEST_DELETE:
		order_delete(c, from, req);
		break;
	case REQUEST_START:
		order_start(c, from, req);
		break;
	case REQUEST_STOP:
		order_stop(c, from, req);
		break;
	default:
		answer_question(c, from, req);
		break;
	}
}

static void got_request(struct messaging_context *msg, void *private_data,
			uint32_t msg_type, struct server_id from,
			DATA_BLOB *data)
{
	struct control *c = talloc_get_type_abort(private_data, struct control);
	TALLOC_CTX *frame = talloc_new(c);
	struct request req;
	char *error = NULL;

	if (frame == NULL) {
		reply(c, from, NULL);
	} else if (c->service == NULL) {
		reply(c, from,
		      talloc_asprintf(frame,
				      "The Messenger service is not there: "
				      "%s; nmbd's log says more\n",
				      c->why));
	} else if (request_parse(frame, data->data, data->length, &req,
				 &error)) {
		answer(c, from, &req);
	} else if (error != NULL && req.json) {
		reply_json(c, from, report_error_json(error));
	} else {
		text_add(&error, "\n");
		reply(c, from, error);
	}
	talloc_free(frame);
}

struct control *control_init(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
			     struct messaging_context *msg,
			     struct service *service, struct netbt *netbt,
			     const struct event_sinks *sinks, const char *why)
{
	struct control *c = talloc_zero(mem_ctx, struct control);

	if (c == NULL) {
		return NULL;
	}
	c->ev = ev;
	c->msg = msg;
	c->service = service;
	c->netbt = netbt;
	c->sinks = sinks;
	c->why = why;
	TAILQ_INIT(&c->waiters);
	if (!NT_STATUS_IS_OK(messaging_register(msg, c, MESSENGER_MSG_REQUEST,
						got_request))) {
		DBG_ERR("messenger: requests cannot be answered: Samba's "
			"messaging refused\n");
		talloc_free(c);
		return NULL;
	}
	dump_status_answer(c, ev, msg, overview, c);
	return c;
}

void control_reread(struct control *c)
{
	if (c != NULL) {
		(void)messaging_send_buf(c->msg, messaging_server_id(c->msg),
					 MSG_SMB_CONF_UPDATED, NULL, 0);
	}
}

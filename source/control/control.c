/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Requests over Samba's messaging: what is asked is answered here, orders are
 * in orders.c.
 *
 * smbcontrol's verbs are fixed.  Two of them carry what we need, and nmbd
 * listens to neither: dump-domain-list sends one text and prints one text; the
 * other is in dump_status.c.
 */

#include "control.h"

#include "dump_status.h"
#include "event_answers.h"
#include "explain.h"
#include "long_answers.h"
#include "names_report.h"
#include "nodes_report.h"
#include "orders.h"
#include "reply.h"
#include "samba_private.h"
#include "steady.h"
#include "report.h"
#include "request.h"
#include "text.h"
#include "who_asks.h"

struct control {
	struct messaging_context *msg;
	struct answers answers;
	struct service *service;
	struct netbt *netbt;
	struct who *who;
	struct orders *orders;
	const struct event_sinks *sinks;
	const struct post *post;
	const char *why;
	const struct members *members;
	bool (*elsewhere)(void *private_data, uint32_t *vnn, uint32_t *pid);
	void *elsewhere_data;
	/* to be called before anything is answered; NULL: nothing is */
	void (*first)(void *private_data);
	void *first_data;
};

void control_settled(struct control *c, const struct wire_name *wire,
		     const struct service_outcome *outcome)
{
	if (c != NULL) {
		orders_settled(c->orders, wire, outcome);
	}
}

void control_diagnosed(struct control *c, const struct wire_name *wire,
		       struct in_addr holder, const struct holder *details)
{
	if (c != NULL) {
		orders_diagnosed(c->orders, wire, holder, details);
	}
}

void control_set_first(struct control *c, void (*first)(void *private_data),
		       void *private_data)
{
	if (c != NULL) {
		c->first = first;
		c->first_data = private_data;
	}
}

static void do_first(const struct control *c)
{
	if (c->first != NULL) {
		c->first(c->first_data);
	}
}

/* NULL without a service, or memory. */
static char *overview(TALLOC_CTX *mem_ctx, void *private_data)
{
	const struct control *c = private_data;

	do_first(c);
	return (c->service != NULL)
		       ? answers_whole(mem_ctx, &c->answers,
				       &report_overview_text)
		       : NULL;
}

static char *question_text(TALLOC_CTX *mem_ctx, const struct control *c,
			   const struct request *req)
{
	switch (req->verb) {
	case REQUEST_CONDITION:
		return report_condition_text(mem_ctx, c->service, c->netbt);
	case REQUEST_EVENTS:
		return event_sinks_ring_text(mem_ctx, c->sinks, req->count,
					     req->after);
	case REQUEST_NAMES:
		return names_text(mem_ctx, c->service, c->netbt);
	case REQUEST_NODES:
		return nodes_text(mem_ctx, c->members, steady_now());
	case REQUEST_MESSAGES:
		return post_text(mem_ctx, c->post, req->count, req->after);
	default:
		break;
	}
	return report_help_text(mem_ctx);
}

static json_t *question_json(const struct control *c, const struct request *req)
{
	switch (req->verb) {
	case REQUEST_CONDITION:
		return report_condition_json(c->service, c->netbt);
	case REQUEST_NAMES:
		return names_json(c->service, c->netbt);
	case REQUEST_NODES:
		return nodes_json(c->members, steady_now());
	case REQUEST_MESSAGES:
		return post_json(c->post, req->count, req->after);
	default:
		break;
	}
	return report_help_json();
}

static void answer_question(struct control *c, struct server_id from,
			    const struct request *req)
{
	TALLOC_CTX *frame = NULL;

	if (req->json && req->verb == REQUEST_EVENTS) {
		event_answers_begin(c, &c->answers, from, req->count,
				    req->after);
		return;
	}
	if (req->json) {
		reply_json(c->msg, from, question_json(c, req));
		return;
	}
	frame = talloc_new(c);
	reply_text(c->msg, from,
		   (frame != NULL) ? question_text(frame, c, req) : NULL);
	talloc_free(frame);
}

/* What is asked of all aliases. */
static const struct pieces_kind *kind_of(const struct request *req)
{
	switch (req->verb) {
	case REQUEST_LIST:
		return req->json ? &report_list_json : &report_list_text;
	case REQUEST_STATUS:
		return req->json ? &report_status_json : &report_status_text;
	case REQUEST_EXPLAIN:
		return req->json ? &explain_json : &explain_text;
	default:
		break;
	}
	return req->json ? &report_status_json : &report_overview_text;
}

static void answer(struct control *c, struct server_id from,
		   const struct request *req)
{
	switch (req->verb) {
	case REQUEST_ADD:
	case REQUEST_ENSURE:
	case REQUEST_DELETE:
	case REQUEST_START:
	case REQUEST_STOP:
		orders_take(c->orders, from, req);
		break;
	case REQUEST_WHO:
		who_asks(c, c->msg, c->who, from, req);
		break;
	case REQUEST_OVERVIEW:
	case REQUEST_LIST:
	case REQUEST_STATUS:
	case REQUEST_EXPLAIN:
		answers_begin(c, &c->answers, from, kind_of(req));
		break;
	default:
		answer_question(c, from, req);
		break;
	}
}

/*
 * It is in the set of the cluster, and this node is to hold it, but was refused
 * it: this is another try.
 */
static bool is_refused_here(struct control *c, const struct request *req)
{
	const struct alias *a = NULL;
	struct wire_name wire;
	char *name = NULL;

	if (messenger_name_parse(c, req->name, &name, &wire) == NERR_Success) {
		a = alias_find(service_get_aliases(c->service), &wire);
	}
	talloc_free(name);
	return a != NULL && a->state == ALIAS_REFUSED;
}

/* Returns whether another node has it, and answers. */
static bool is_handed_on(struct control *c, struct server_id from,
			 const struct request *req, const DATA_BLOB *data)
{
	const struct iovec iov = {
		.iov_base = data->data,
		.iov_len = data->length,
	};
	uint32_t vnn = 0;
	uint32_t pid = 0;

	if ((req->verb != REQUEST_ADD && req->verb != REQUEST_ENSURE &&
	     req->verb != REQUEST_DELETE) ||
	    (req->verb != REQUEST_DELETE && is_refused_here(c, req)) ||
	    c->elsewhere == NULL || !c->elsewhere(c->elsewhere_data, &vnn, &pid)) {
		return false;
	}
	return messaging_send_iov_from(
		       c->msg, from,
		       (struct server_id){ .vnn = vnn, .pid = pid },
		       MESSENGER_MSG_HANDED_ON, &iov, 1, NULL, 0) == 0;
}

static void got_request(struct messaging_context *msg, void *private_data,
			uint32_t msg_type, struct server_id from,
			DATA_BLOB *data)
{
	struct control *c = talloc_get_type_abort(private_data, struct control);
	TALLOC_CTX *frame = talloc_new(c);
	struct request req;
	char *error = NULL;

	do_first(c);
	if (frame == NULL) {
		reply_text(msg, from, NULL);
	} else if (c->service == NULL) {
		reply_text(msg, from,
			   talloc_asprintf(frame,
					   "The Messenger service is not "
					   "there: %s; nmbd's log says more\n",
					   c->why));
	} else if (request_parse(frame, data->data, data->length, &req,
				 &error)) {
		if (msg_type == MESSENGER_MSG_HANDED_ON ||
		    !is_handed_on(c, from, &req, data)) {
			answer(c, from, &req);
		}
	} else if (error != NULL && req.json) {
		reply_json(msg, from, report_error_json(error));
	} else {
		text_add(&error, "\n");
		reply_text(msg, from, error);
	}
	talloc_free(frame);
}

struct control *control_init(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
			     struct messaging_context *msg,
			     struct service *service, struct netbt *netbt,
			     struct who *who, const struct event_sinks *sinks,
			     const struct post *post, const char *why)
{
	struct control *c = talloc_zero(mem_ctx, struct control);

	if (c == NULL) {
		return NULL;
	}
	c->msg = msg;
	c->service = service;
	c->netbt = netbt;
	c->who = who;
	c->sinks = sinks;
	c->post = post;
	c->why = why;
	c->answers = (struct answers){
		.ev = ev,
		.msg = msg,
		.service = service,
		.netbt = netbt,
		.sinks = sinks,
	};
	c->orders = orders_init(c, ev, msg, service);
	if (c->orders == NULL) {
		talloc_free(c);
		return NULL;
	}
	if (!NT_STATUS_IS_OK(messaging_register(msg, c, MESSENGER_MSG_REQUEST,
						got_request)) ||
	    !NT_STATUS_IS_OK(messaging_register(
		    msg, c, MESSENGER_MSG_HANDED_ON, got_request))) {
		DBG_ERR("messenger: requests cannot be answered: Samba's "
			"messaging refused\n");
		talloc_free(c);
		return NULL;
	}
	dump_status_answer(c, ev, msg, overview, c);
	return c;
}

void control_join(struct control *c, const struct members *members,
		  bool (*elsewhere)(void *private_data, uint32_t *vnn,
				    uint32_t *pid),
		  void *private_data)
{
	if (c != NULL) {
		c->members = members;
		c->elsewhere = elsewhere;
		c->elsewhere_data = private_data;
	}
}

void control_reread(struct control *c)
{
	if (c != NULL) {
		(void)messaging_send_buf(c->msg, messaging_server_id(c->msg),
					 MSG_SMB_CONF_UPDATED, NULL, 0);
	}
}

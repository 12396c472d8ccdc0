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

#include "alias_answers.h"
#include "dump_status.h"
#include "explain.h"
#include "names_report.h"
#include "nodes_report.h"
#include "orders.h"
#include "own_claims.h"
#include "reply.h"
#include "ring_answers.h"
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
	struct own_claims *own_claims; /* NULL: no other node asks */
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
		own_claims_look(c->own_claims);
	}
}

void control_diagnosed(struct control *c, const struct wire_name *wire,
		       struct in_addr holder, const struct holder *details)
{
	if (c != NULL) {
		orders_diagnosed(c->orders, wire, holder, details);
		own_claims_look(c->own_claims);
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

static void overview(void *private_data,
		     void (*take)(void *private_data, const char *text),
		     void *asking)
{
	struct control *c = private_data;
	const struct asker asker = { .take = take, .private_data = asking };

	do_first(c);
	if (c->service != NULL) {
		alias_answer(c, &c->answers, &asker, &report_overview_text);
	} else {
		talloc_free(asking);
	}
}

static char *question_text(TALLOC_CTX *mem_ctx, const struct control *c,
			   const struct request *req)
{
	switch (req->verb) {
	case REQUEST_CONDITION:
		return report_condition_text(mem_ctx, c->service, c->netbt);
	case REQUEST_NODES:
		return nodes_text(mem_ctx, c->members, steady_now());
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
	case REQUEST_NODES:
		return nodes_json(c->members, steady_now());
	default:
		break;
	}
	return report_help_json();
}

static void answer_question(struct control *c, struct server_id from,
			    const struct request *req)
{
	TALLOC_CTX *frame = NULL;

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
	case REQUEST_NAMES:
		return req->json ? &names_json : &names_text;
	default:
		break;
	}
	return req->json ? &report_status_json : &report_overview_text;
}

static void answer(struct control *c, const struct asker *asker,
		   const struct request *req)
{
	struct server_id from = asker->from;

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
	case REQUEST_NAMES:
		if (netbt_is_on(c->netbt)) {
			(void)netbt_look(c->netbt);
		}
		alias_answer(c, &c->answers, asker, kind_of(req));
		break;
	case REQUEST_OVERVIEW:
	case REQUEST_LIST:
	case REQUEST_STATUS:
	case REQUEST_EXPLAIN:
		alias_answer(c, &c->answers, asker, kind_of(req));
		break;
	case REQUEST_EVENTS:
	case REQUEST_MESSAGES:
		ring_answer(c, &c->answers, asker, req);
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
	const struct asker asker = {
		.from = from,
		.in_parts = (msg_type == MESSENGER_MSG_PARTS),
	};
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
			answer(c, &asker, &req);
		}
	} else if (error != NULL && req.json) {
		reply_json(msg, from, report_error_json(error));
	} else {
		text_add(&error, "\n");
		reply_text(msg, from, error);
	}
	talloc_free(frame);
}

static bool hears(struct control *c, uint32_t msg_type)
{
	return NT_STATUS_IS_OK(
		messaging_register(c->msg, c, msg_type, got_request));
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
	c->why = why;
	c->answers = (struct answers){
		.ev = ev,
		.msg = msg,
		.service = service,
		.netbt = netbt,
		.sinks = sinks,
		.post = post,
	};
	c->orders = orders_init(c, ev, msg, service);
	if (c->orders == NULL) {
		talloc_free(c);
		return NULL;
	}
	if (!hears(c, MESSENGER_MSG_REQUEST) || !hears(c, MESSENGER_MSG_PARTS) ||
	    !hears(c, MESSENGER_MSG_HANDED_ON)) {
		DBG_ERR("messenger: requests cannot be answered: Samba's "
			"messaging refused\n");
		talloc_free(c);
		return NULL;
	}
	dump_status_answer(c, ev, msg, overview, c);
	return c;
}

void control_join(struct control *c, const struct members *members,
		  const struct control_cluster *cluster, void *private_data)
{
	if (c == NULL || members == NULL || c->service == NULL) {
		return;
	}
	c->members = members;
	c->elsewhere = cluster->elsewhere;
	c->elsewhere_data = private_data;
	orders_join(c->orders, members);
	c->own_claims = own_claims_init(c, c->answers.ev, c->msg, c->service,
					cluster->look, private_data);
}

void control_stopping(struct control *c)
{
	if (c != NULL) {
		orders_look_at_nodes(c->orders);
	}
}

void control_reread(struct control *c)
{
	if (c != NULL) {
		(void)messaging_send_buf(c->msg, messaging_server_id(c->msg),
					 MSG_SMB_CONF_UPDATED, NULL, 0);
	}
}

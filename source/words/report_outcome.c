/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What became of an order, what is wrong with a request, and what requests
 * there are.  Pure.
 */

#include "report.h"

#include <arpa/inet.h>

#include "listing.h"
#include "request.h"
#include "text.h"

char *report_help_text(TALLOC_CTX *mem_ctx)
{
	const struct request_help *h = NULL;
	char *text =
		talloc_strdup(mem_ctx, "Requests to the Messenger service\n\n");

	for (h = request_help; h->usage != NULL; h++) {
		text_add(&text, "  %-20s  %s\n",
			 (h->usage[0] != '\0') ? h->usage : "(nothing)",
			 h->meaning);
	}
	text_add(&text, "\nExample: smbcontrol nmbd dump-domain-list "
			"\"json status\"\n");
	return text;
}

json_t *report_help_json(void)
{
	const struct request_help *h = NULL;
	json_t *list = json_array();

	for (h = request_help; h->usage != NULL; h++) {
		if (json_array_append_new(list,
					  json_pack("{s:s, s:s}", "request",
						    h->usage, "meaning",
						    h->meaning)) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return json_pack("{s:o, s:b}", "requests", list, "parts", 1);
}

static char *outcome_message(TALLOC_CTX *mem_ctx, const struct outcome *o)
{
	char *text = NULL;

	if (o->code == NERR_Success) {
		text = talloc_strdup(mem_ctx, o->done);
		if (o->reason != NULL) {
			text_add(&text, ", but not kept: %s", o->reason);
		}
		return text;
	}
	text = talloc_strdup(mem_ctx, (o->message != NULL)
					      ? o->message
					      : messenger_code_text(o->code));
	if (o->reason != NULL) {
		text_add(&text, " %s.", o->reason);
	}
	return text;
}

char *report_outcome_text(TALLOC_CTX *mem_ctx, const struct outcome *o)
{
	char *message = outcome_message(mem_ctx, o);
	char *text = NULL;

	if (message == NULL) {
		return NULL;
	}
	text = talloc_asprintf(mem_ctx, "%s: ", o->subject);
	if (o->code != NERR_Success) {
		text_add(&text, "error %d (%s): ", o->code,
			 messenger_code_name(o->code));
	}
	text_add(&text, "%s", message);
	if (o->holder.s_addr != 0) {
		text_add(&text, " It is held by %s", inet_ntoa(o->holder));
		if (o->details != NULL && o->details->computer != NULL) {
			text_add(&text, ", the computer %s",
				 o->details->computer);
		}
		text_add(&text, ".");
	}
	text_add(&text, "\n");
	talloc_free(message);
	return text;
}

/* NULL: it has said nothing. */
static const struct report_node *find_node(const struct report_nodes *nodes,
					   unsigned node)
{
	size_t i;

	for (i = 0; i < nodes->num; i++) {
		if (nodes->nodes[i].node == node) {
			return &nodes->nodes[i];
		}
	}
	return NULL;
}

static void add_left(char **text, const struct alias_subnet *s,
		     const struct report_node *said)
{
	char *node = listing_node(NULL, s);
	bool silent = (said == NULL || said->code == NERR_Success);

	text_add(text, "; on %s it is left to %s, which has not %s",
		 text_subnet(s->subnet), (node != NULL) ? node : "another node",
		 silent ? "said that it holds it" : "claimed it yet");
	talloc_free(node);
	if (silent) {
		return;
	}
	text_add(text, ": %s (error %d)",
		 (said->reason != NULL) ? said->reason
					: messenger_code_name(said->code),
		 said->code);
}

char *report_left(TALLOC_CTX *mem_ctx, const char *done,
		  const struct service *service, const struct wire_name *wire,
		  const struct report_nodes *nodes)
{
	const struct alias *a = alias_find(service_get_aliases(service), wire);
	char *text = NULL;
	size_t i;

	for (i = 0; a != NULL && i < a->num_subnets; i++) {
		const struct alias_subnet *s = &a->subnets[i];
		const struct report_node *said = NULL;

		if (!alias_subnet_is_left(s)) {
			continue;
		}
		said = find_node(nodes, s->node - 1);
		if (said != NULL && said->claimed) {
			continue;
		}
		if (text == NULL) {
			text = talloc_strdup(mem_ctx, done);
		}
		add_left(&text, s, said);
	}
	return text;
}

char *report_failure(TALLOC_CTX *mem_ctx, const struct service *s)
{
	const struct alias *a = alias_first(service_get_aliases(s));
	const struct alias_subnet *where = (a != NULL) ? a->subnets : NULL;
	char *text = talloc_asprintf(mem_ctx, "It failed with error %d",
				     service_get_exit(s));

	if (where != NULL && where->holder.s_addr != 0) {
		text_add(&text, ": %s is held by %s", a->name,
			 inet_ntoa(where->holder));
		if (where->details != NULL &&
		    where->details->computer != NULL) {
			text_add(&text, ", the computer %s",
				 where->details->computer);
		}
	}
	return text;
}

char *report_wrong_type(TALLOC_CTX *mem_ctx, const char *name, int type)
{
	return talloc_asprintf(mem_ctx,
			       "A message alias has the type %02x, and %02x is "
			       "another one. What is called %s#%02x is written "
			       "%s#%02x<%02x>.",
			       MESSENGER_NAME_TYPE, type, name, type, name,
			       type, MESSENGER_NAME_TYPE);
}

json_t *report_error_json(const char *message)
{
	const enum messenger_code code = ERROR_INVALID_PARAMETER_;

	return json_pack("{s:b, s:i, s:s, s:o}", "ok", false, "code", code,
			 "code_name", messenger_code_name(code), "message",
			 text_json(message));
}

/* As in the text, but for its subject. */
static json_t *message_json(const struct outcome *o)
{
	char *text = outcome_message(NULL, o);
	json_t *json = (text != NULL) ? text_json(text) : NULL;

	talloc_free(text);
	return json;
}

json_t *report_outcome_json(const struct outcome *o)
{
	json_t *json = json_pack("{s:b, s:o, s:i, s:s, s:o}", "ok",
				 o->code == NERR_Success, "name",
				 text_json(o->subject), "code", o->code,
				 "code_name", messenger_code_name(o->code),
				 "message", message_json(o));

	if ((o->code == NERR_Success &&
	     json_object_set_new(json, "changed",
				 json_boolean(!o->unchanged)) != 0) ||
	    (o->holder.s_addr != 0 &&
	     json_object_set_new(json, "holder",
				 holder_json(o->holder, o->details)) != 0) ||
	    (o->reason != NULL &&
	     json_object_set_new(json, "reason", text_json(o->reason)) != 0)) {
		json_decref(json);
		return NULL;
	}
	return json;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Answers as text for people and as JSON.  Pure.
 */

#include "report.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "names_report.h"
#include "request.h"
#include "text.h"

/* "2026-11-22 12:00:00 UTC": people need no microseconds */
static void add_time(char **text, struct timespec t)
{
	char buf[sizeof("2026-11-22 12:00:00 UTC")];
	struct tm tm;

	if (gmtime_r(&t.tv_sec, &tm) != NULL &&
	    strftime(buf, sizeof(buf), "%Y-%m-%d %H:%M:%S UTC", &tm) != 0) {
		text_add(text, "%s", buf);
	}
}

static const struct alias *find_refused_computer(const struct service *s)
{
	const struct alias *a = alias_first(service_get_aliases(s));

	return (a != NULL && a->kind == ALIAS_COMPUTER &&
		a->state == ALIAS_REFUSED)
		       ? a
		       : NULL;
}

static void add_holder(char **text, const struct alias_subnet *where)
{
	if (where->holder.s_addr != 0) {
		text_add(text, "held by %s", inet_ntoa(where->holder));
	} else {
		text_add(text, "holder unknown");
	}
}

/* "held by 10.88.0.9, the computer PLANT1" */
static void add_holder_computer(char **text, const struct alias_subnet *where)
{
	add_holder(text, where);
	if (where->details != NULL && where->details->computer != NULL) {
		text_add(text, ", the computer %s", where->details->computer);
	}
}

static void add_failure(char **text, const struct service *s)
{
	const struct alias *a = find_refused_computer(s);
	enum messenger_code code = service_get_exit(s);

	text_add(text, "  Exit codes: win32 %d, service %d (%s)\n",
		 service_get_win32_exit(s), code, messenger_code_name(code));
	text_add_wrapped(text, 2, TEXT_COLUMNS, messenger_code_text(code));
	if (a != NULL && a->subnets != NULL) {
		text_add(text, "  %s<%02x> on subnet %s: ", a->name,
			 MESSENGER_NAME_TYPE, a->subnets[0].subnet);
		add_holder_computer(text, &a->subnets[0]);
		text_add(text, "\n");
	}
	text_add(text, "  What to do: smbmessenger explain\n");
}

char *report_status_text(TALLOC_CTX *mem_ctx, const struct service *s,
			 const struct netbt *netbt)
{
	char *text = talloc_asprintf(mem_ctx, "Messenger service on %s: %s",
				     service_get_computer(s),
				     service_state_str(service_get_state(s)));

	text_add(&text, " since ");
	add_time(&text, service_get_since(s));
	text_add(&text, "\n");
	if (service_get_state(s) == SERVICE_FAILED) {
		add_failure(&text, s);
	}
	if (service_get_reason(s) != NULL) {
		text_add(&text, "  It waits for the network: %s\n",
			 service_get_reason(s));
	}
	names_add_status(&text, netbt);
	return text;
}

/* The width of a UTF-8 text in a terminal, near enough for a table. */
static int columns(const char *text)
{
	int n = 0;

	for (; *text != '\0'; text++) {
		n += ((*text & 0xc0) != 0x80) ? 1 : 0;
	}
	return n;
}

static void add_alias(char **text, const struct alias *a)
{
	size_t i;

	text_add(text, "%s%*s  %-8s %-11s", a->name,
		 MESSENGER_NAME_LEN - columns(a->name), "",
		 alias_kind_str(a->kind), alias_state_str(a->state));
	for (i = 0; i < talloc_array_length(a->subnets); i++) {
		const struct alias_subnet *s = &a->subnets[i];

		text_add(text, " %s", s->subnet);
		if (s->state == ALIAS_REFUSED) {
			text_add(text, " (");
			add_holder(text, s);
			text_add(text, ")");
		} else if (s->state == ALIAS_WAITING) {
			text_add(text, " (waiting: %s)", s->reason);
		} else if (s->state != a->state) {
			text_add(text, " (%s)", alias_state_str(s->state));
		}
	}
	text_add(text, "\n");
}

/* A name of smb.conf that is none may be longer than a column. */
static void add_invalid(char **text, const struct service *s)
{
	const struct config_invalid *i = service_get_invalid(s);
	size_t n;

	for (n = 0; n < talloc_array_length(i); n++) {
		int width = MESSENGER_NAME_LEN - columns(i[n].text);

		text_add(text, "%s%*s  %-8s %-11s (error %d)\n", i[n].text,
			 (width > 0) ? width : 0, "",
			 alias_kind_str(ALIAS_ADDED),
			 alias_state_str(ALIAS_INVALID), i[n].code);
	}
}

char *report_list_text(TALLOC_CTX *mem_ctx, const struct service *s)
{
	const struct alias *a = alias_first(service_get_aliases(s));
	char *text = NULL;

	if (a == NULL) {
		return talloc_strdup(mem_ctx, "There are no message aliases: "
					      "the Messenger service is not "
					      "started.\n");
	}
	text = talloc_asprintf(mem_ctx, "Message aliases of %s\n\n",
			       service_get_computer(s));
	text_add(&text, "%-*s  %-8s %-11s %s\n", MESSENGER_NAME_LEN, "NAME",
		 "KIND", "STATE", "SUBNETS");
	for (; a != NULL; a = alias_next(a)) {
		add_alias(&text, a);
	}
	add_invalid(&text, s);
	return text;
}

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
	text = talloc_strdup(mem_ctx, messenger_code_text(o->code));
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
		text_add(&text, " It is held by %s.", inet_ntoa(o->holder));
	}
	text_add(&text, "\n");
	talloc_free(message);
	return text;
}

/*
 * JSON: json_pack() gives NULL when a part of it is NULL.
 */

static json_t *time_json(struct timespec t)
{
	char *text = event_time_str(NULL, t);
	json_t *json = (text != NULL) ? json_string(text) : NULL;

	talloc_free(text);
	return json;
}

static json_t *subnet_json(const struct alias_subnet *s)
{
	json_t *o = json_pack("{s:s, s:s}", "subnet", s->subnet, "state",
			      alias_state_str(s->state));
	int err = 0;

	if (s->rcode != 0) {
		err |= json_object_set_new(o, "rcode", json_integer(s->rcode));
		err |= json_object_set_new(o, "rcode_name",
					   json_string(rcode_name(s->rcode)));
	}
	if (s->server.s_addr != 0) {
		err |= json_object_set_new(o, "server",
					   json_string(inet_ntoa(s->server)));
	}
	if (s->holder.s_addr != 0) {
		err |= json_object_set_new(o, "holder",
					   holder_json(s->holder, s->details));
	}
	if (s->reason != NULL) {
		err |= json_object_set_new(o, "reason", text_json(s->reason));
	}
	if (err != 0) {
		json_decref(o);
		return NULL;
	}
	return o;
}

/* Takes the object's reference; reason NULL: none. */
static json_t *with_reason(json_t *o, const char *reason)
{
	if (o != NULL && reason != NULL &&
	    json_object_set_new(o, "reason", text_json(reason)) != 0) {
		json_decref(o);
		return NULL;
	}
	return o;
}

static json_t *alias_json(const struct alias *a)
{
	json_t *subnets = json_array();
	size_t i;

	for (i = 0; i < talloc_array_length(a->subnets); i++) {
		if (json_array_append_new(subnets,
					  subnet_json(&a->subnets[i])) != 0) {
			json_decref(subnets);
			return NULL;
		}
	}
	return with_reason(
		json_pack("{s:o, s:s, s:s, s:o, s:o}", "name",
			  text_json(a->name), "kind", alias_kind_str(a->kind),
			  "state", alias_state_str(a->state), "since",
			  time_json(a->since), "subnets", subnets),
		(a->state == ALIAS_WAITING) ? alias_reason(a) : NULL);
}

/* Takes the array's reference. */
static json_t *with_invalid(json_t *list, const struct service *s)
{
	const struct config_invalid *i = service_get_invalid(s);
	size_t n;

	for (n = 0; n < talloc_array_length(i); n++) {
		json_t *o = json_pack(
			"{s:o, s:s, s:s, s:i, s:s, s:s, s:[]}", "name",
			text_json(i[n].text), "kind",
			alias_kind_str(ALIAS_ADDED), "state",
			alias_state_str(ALIAS_INVALID), "code", i[n].code,
			"code_name", messenger_code_name(i[n].code), "reason",
			messenger_code_text(i[n].code), "subnets");

		if (json_array_append_new(list, o) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static json_t *aliases_json(const struct service *s)
{
	const struct alias *a = alias_first(service_get_aliases(s));
	json_t *list = json_array();

	for (; a != NULL; a = alias_next(a)) {
		if (json_array_append_new(list, alias_json(a)) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return with_invalid(list, s);
}

json_t *report_status_json(const struct service *s,
			   const struct netbt *netbt)
{
	struct service_counters c = service_get_counters(s);

	json_t *service =
		json_pack("{s:s, s:i, s:i, s:o}", "state",
			  service_state_str(service_get_state(s)),
			  "win32_exit_code", service_get_win32_exit(s),
			  "service_exit_code", service_get_exit(s), "since",
			  time_json(service_get_since(s)));

	return json_pack("{s:o, s:s, s:o, s:o, s:I, s:{s:I, s:I, s:I, s:I}}",
			 "service",
			 with_reason(service, service_get_reason(s)),
			 "condition",
			 service_condition_str(names_condition(s, netbt)),
			 "computer",
			 text_json(service_get_computer(s)), "aliases",
			 aliases_json(s), "names_in_conflict",
			 (json_int_t)((netbt != NULL) ? netbt_conflicts(netbt)
						      : 0),
			 "counters", "refusals",
			 (json_int_t)c.refusals, "failures",
			 (json_int_t)c.failures, "defences",
			 (json_int_t)c.defences, "demands",
			 (json_int_t)c.demands);
}

json_t *report_list_json(const struct service *s)
{
	return json_pack("{s:o}", "aliases", aliases_json(s));
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
	return json_pack("{s:o}", "requests", list);
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

	if ((o->holder.s_addr != 0 &&
	     json_object_set_new(json, "holder",
				 holder_json(o->holder, NULL)) != 0) ||
	    (o->reason != NULL &&
	     json_object_set_new(json, "reason", text_json(o->reason)) != 0)) {
		json_decref(json);
		return NULL;
	}
	return json;
}

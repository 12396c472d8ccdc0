/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The answer to "list", as text for people and as JSON.  Pure.
 */

#include "report.h"

#include <arpa/inet.h>

#include "text.h"

void report_add_holder(char **text, const struct alias_subnet *where)
{
	if (where->holder.s_addr != 0) {
		text_add(text, "held by %s", inet_ntoa(where->holder));
	} else {
		text_add(text, "holder unknown");
	}
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
			report_add_holder(text, s);
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

/*
 * JSON: json_pack() gives NULL when a part of it is NULL.
 */

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

json_t *report_with_reason(json_t *o, const char *reason)
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
	return report_with_reason(
		json_pack("{s:o, s:s, s:s, s:o, s:o}", "name",
			  text_json(a->name), "kind", alias_kind_str(a->kind),
			  "state", alias_state_str(a->state), "since",
			  event_time_json(a->since), "subnets", subnets),
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

json_t *report_aliases_json(const struct service *s)
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

json_t *report_list_json(const struct service *s)
{
	return json_pack("{s:o}", "aliases", report_aliases_json(s));
}

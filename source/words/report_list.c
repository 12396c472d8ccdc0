/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The list of aliases, as text for people and as JSON.  Pure.
 */

#include "report.h"

#include <arpa/inet.h>
#include <string.h>

#include "event.h"
#include "listing.h"
#include "text.h"

/* Where the last column of the table begins, and how far a name goes. */
#define LAST_COLUMN 40
#define NAME_COLUMN 17

/* What is said of an alias on a subnet. */
static char *item(TALLOC_CTX *mem_ctx, const struct alias *a,
		  const struct alias_subnet *s)
{
	const char *where = text_subnet(s->subnet);

	if (s->state == ALIAS_REFUSED && s->holder.s_addr != 0) {
		return talloc_asprintf(mem_ctx, "%s (held by %s)", where,
				       inet_ntoa(s->holder));
	}
	if (s->state == ALIAS_REFUSED) {
		return talloc_asprintf(mem_ctx, "%s (holder unknown)", where);
	}
	if (s->state == ALIAS_WAITING) {
		return talloc_asprintf(mem_ctx, "%s (waiting: %s)", where,
				       s->reason);
	}
	if (s->state == ALIAS_STANDBY) {
		/* it may be refused there: that node knows */
		bool left = s->node > 0 && a->kind != ALIAS_COMPUTER;
		char *node = listing_node(NULL, s);
		char *text = (node != NULL)
				     ? talloc_asprintf(mem_ctx, "%s (%s %s)",
						       where,
						       left ? "left to"
							    : "held by",
						       node)
				     : NULL;

		talloc_free(node);
		return text;
	}
	if (s->state != a->state) {
		return talloc_asprintf(mem_ctx, "%s (%s)", where,
				       alias_state_str(s->state));
	}
	return talloc_strdup(mem_ctx, where);
}

/* The line has ended already. */
#define ENDED (-1)

/*
 * Behind what is on the line, if it fits there; else on a line of its own,
 * and folded if it does not fit there either.  Frees the item.
 */
static void add_item(char **text, int *at, char *what)
{
	int width = (what != NULL) ? (int)text_columns(what) : 0;
	int gap = (*at < LAST_COLUMN - 1) ? LAST_COLUMN - *at : 1;

	if (what == NULL) {
		TALLOC_FREE(*text);
		return;
	}
	if (*at != ENDED && *at + gap + width <= TEXT_COLUMNS) {
		text_add(text, "%*s%s", gap, "", what);
		*at += gap + width;
	} else if (LAST_COLUMN + width <= TEXT_COLUMNS) {
		text_add(text, "%s%*s%s", (*at != ENDED) ? "\n" : "",
			 LAST_COLUMN, "", what);
		*at = LAST_COLUMN + width;
	} else {
		text_add(text, "%s", (*at != ENDED) ? "\n" : "");
		text_add_wrapped(text, NAME_COLUMN, TEXT_COLUMNS, what);
		*at = ENDED;
	}
	talloc_free(what);
}

static void add_alias(char **text, const struct alias *a)
{
	int width = MESSENGER_NAME_LEN - (int)text_columns(a->name);
	int at = 0;
	size_t i;

	text_add(text, "%s", a->name);
	if (width < 0) {
		/* one of smb.conf that is no name, and longer than the column */
		text_add(text, "\n");
		width = MESSENGER_NAME_LEN;
	}
	text_add(text, "%*s  %-10s %s", width, "", alias_kind_str(a->kind),
		 alias_state_str(a->state));
	at = NAME_COLUMN + 11 + (int)text_columns(alias_state_str(a->state));
	for (i = 0; i < a->num_subnets; i++) {
		add_item(text, &at, item(NULL, a, &a->subnets[i]));
	}
	if (a->code != NERR_Success) {
		add_item(text, &at,
			 talloc_asprintf(NULL, "(error %d)", a->code));
	}
	if (a->kind == ALIAS_ADDED && !a->kept) {
		add_item(text, &at, talloc_strdup(NULL, "(not kept)"));
	}
	text_add(text, "%s", (at != ENDED) ? "\n" : "");
}

void report_add_rows(struct pieces_about *about,
		     const struct alias *const *list)
{
	char *rows = talloc_strdup(NULL, "");
	size_t i;

	for (i = 0; i < talloc_array_length(list); i++) {
		add_alias(&rows, list[i]);
	}
	pieces_append(&about->told.rows, rows);
	talloc_free(rows);
}

char *report_list_head(TALLOC_CTX *mem_ctx, const struct pieces_about *about)
{
	char *text = talloc_asprintf(mem_ctx, "Message aliases of %s\n\n",
				     service_get_computer(about->service));

	text_add(&text, "%-*s  %-10s %-11s %s\n", MESSENGER_NAME_LEN, "NAME",
		 "KIND", "STATE", "SUBNETS");
	return text;
}

char *report_list_end(TALLOC_CTX *mem_ctx, struct pieces_about *about)
{
	const struct service *s = about->service;
	const struct wanted_list *wanted = NULL;
	const char *why = service_get_wanted(s, &wanted);
	char *text = talloc_steal(mem_ctx, about->told.rows);

	about->told.rows = NULL;
	if (service_get_state(s) == SERVICE_STOPPED ||
	    service_get_state(s) == SERVICE_FAILED) {
		text_add(&text,
			 "\nWhat waits is claimed when it runs again: "
			 "%s.\n",
			 why);
	}
	return text;
}

const struct pieces_kind report_list_text = {
	.more = report_add_rows,
	.head = report_list_head,
	.text = report_list_end,
};

/*
 * JSON: json_pack() gives NULL when a part of it is NULL.
 */

static json_t *time_json(struct timespec t)
{
	char *text = text_moment(NULL, t);
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
	if (s->node > 0) {
		err |= json_object_set_new(o, "node",
					   json_integer(s->node - 1));
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

/* With a key more; takes both references. */
static json_t *with(json_t *o, const char *key, json_t *value)
{
	if (json_object_set_new(o, key, value) != 0) {
		json_decref(o);
		return NULL;
	}
	return o;
}

static json_t *with_code(json_t *o, enum messenger_code code)
{
	o = with(o, "code", json_integer(code));
	o = with(o, "code_name", json_string(messenger_code_name(code)));
	return with(o, "reason", json_string(messenger_code_text(code)));
}

static json_t *alias_json(const struct alias *a)
{
	json_t *subnets = json_array();
	json_t *o = NULL;
	size_t i;

	for (i = 0; i < a->num_subnets; i++) {
		if (json_array_append_new(subnets,
					  subnet_json(&a->subnets[i])) != 0) {
			json_decref(subnets);
			return NULL;
		}
	}
	o = json_pack("{s:o, s:s, s:s}", "name", text_json(a->name), "kind",
		      alias_kind_str(a->kind), "state",
		      alias_state_str(a->state));
	if (a->kind == ALIAS_ADDED) {
		o = with(o, "kept", json_boolean(a->kept));
	}
	if (a->since.tv_sec != 0) {
		o = with(o, "since", time_json(a->since));
	}
	if (a->code != NERR_Success) {
		o = with_code(o, a->code);
	} else if (a->state == ALIAS_WAITING && alias_reason(a) != NULL) {
		o = with(o, "reason", text_json(alias_reason(a)));
	}
	return with(o, "subnets", subnets);
}

void report_add_json(struct pieces_about *about,
		     const struct alias *const *list)
{
	size_t i;

	for (i = 0; i < talloc_array_length(list); i++) {
		pieces_add_json(&about->told, alias_json(list[i]));
	}
}

static json_t *list_json(struct pieces_about *about)
{
	return json_pack("{s:[]}", "aliases");
}

const struct pieces_kind report_list_json = {
	.more = report_add_json,
	.json = list_json,
	.array = "aliases",
};

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How the service does, on one screen, and as JSON.  Pure.
 */

#include "report.h"

#include <arpa/inet.h>

#include "event.h"
#include "explain.h"
#include "listing.h"
#include "names_report.h"
#include "text.h"

/* As many as leave room for the rest on a screen of 24 lines. */
#define TROUBLES_MAX 12

static void add_holder(char **text, const struct alias_subnet *where)
{
	if (where->holder.s_addr == 0) {
		text_add(text, "holder unknown");
		return;
	}
	text_add(text, "held by %s", inet_ntoa(where->holder));
	if (where->details != NULL && where->details->computer != NULL) {
		text_add(text, ", the computer %s", where->details->computer);
	}
}

static void add_failure(char **text, const struct service *s)
{
	enum messenger_code code = service_get_exit(s);

	text_add(text, "  Exit codes: win32 %d, service %d (%s)\n",
		 service_get_win32_exit(s), code, messenger_code_name(code));
	text_add_wrapped(text, 2, TEXT_COLUMNS, messenger_code_text(code));
}

static void add_state(char **text, const struct service *s)
{
	char *state = explain_state(NULL, s);

	if (state == NULL) {
		TALLOC_FREE(*text);
		return;
	}
	text_add_wrapped(text, 0, TEXT_COLUMNS, state);
	talloc_free(state);
}

/* "13 aliases: 11 registered, 2 refused, 0 waiting" */
static void add_counts(char **text, const struct listing_counts *c)
{
	text_add(text, "%u alias%s: %u registered, %u refused, %u waiting",
		 c->all, (c->all == 1) ? "" : "es", c->registered, c->refused,
		 c->waiting);
	if (c->registering > 0) {
		text_add(text, ", %u registering", c->registering);
	}
	if (c->standby > 0) {
		text_add(text, ", %u standby", c->standby);
	}
	if (c->invalid > 0) {
		text_add(text, ", %u invalid", c->invalid);
	}
	text_add(text, "\n");
}

/* requested: it is not listed, but was asked for in vain. */
static char *trouble(TALLOC_CTX *mem_ctx, const struct alias *a, bool requested)
{
	const struct alias_subnet *where = listing_trouble(a);
	char *text = talloc_strdup(mem_ctx, a->name);

	/* one that is no name has no type */
	if (a->state != ALIAS_INVALID) {
		text_add(&text, "<%02x>", MESSENGER_NAME_TYPE);
	}
	if (requested) {
		text_add(&text, ", asked for at ");
		text_add_time(&text, a->since);
		text_add(&text, ",");
	}
	text_add(&text, " ");

	if (a->code != NERR_Success) {
		text_add(&text, "%s, error %d (%s)", alias_state_str(a->state),
			 a->code, messenger_code_name(a->code));
	} else if (where == NULL) {
		text_add(&text, "%s", alias_state_str(a->state));
		if (alias_reason(a) != NULL) {
			text_add(&text, ": %s", alias_reason(a));
		}
	} else {
		text_add(&text, "%s on %s: ", alias_state_str(where->state),
			 text_subnet(where->subnet));
		if (where->reason != NULL) {
			text_add(&text, "%s", where->reason);
		} else {
			add_holder(&text, where);
		}
	}
	return text;
}

/* Frees the line; returns false without memory. */
static bool add_line(char **text, char *line)
{
	if (line == NULL) {
		TALLOC_FREE(*text);
		return false;
	}
	text_add_wrapped(text, 2, TEXT_COLUMNS, line);
	talloc_free(line);
	return true;
}

static void add_troubles(struct pieces_about *about,
			 const struct alias *const *list)
{
	struct told *told = &about->told;
	size_t i;

	for (i = 0; i < talloc_array_length(list); i++) {
		if (listing_is_well(list[i]) ||
		    listing_waits_for_service(list[i])) {
			continue;
		}
		if (told->num_troubles++ < TROUBLES_MAX) {
			(void)add_line(&told->troubles,
				       trouble(NULL, list[i], false));
		}
	}
	listing_add_waiting(&told->waiting, list);
}

static void end_troubles(char **text, const struct told *told)
{
	text_add(text, "%s", told->troubles);
	if (told->num_troubles > TROUBLES_MAX) {
		text_add(text, "  and %u more: smbmessenger list\n",
			 told->num_troubles - TROUBLES_MAX);
	}
}

/* What was asked for in vain, the last hour; returns whether there is any. */
static bool add_requests(char **text, const struct service *s)
{
	uint64_t now = 0;
	const struct refusals *refusals = service_get_refusals(s, &now);
	const struct alias *a = NULL;
	uint64_t number = 0;
	bool any = false;

	while ((a = refusals_next(refusals, now, &number)) != NULL) {
		if (a->kind != ALIAS_ADDED) {
			continue;
		}
		any = true;
		if (!add_line(text, trouble(NULL, a, true))) {
			break;
		}
	}
	return any;
}

static char *status_text(TALLOC_CTX *mem_ctx, struct pieces_about *about)
{
	const struct service *s = about->service;
	struct told *told = &about->told;
	char *text = talloc_strdup(mem_ctx, "");
	bool any = told->num_troubles > 0;

	add_state(&text, s);
	if (service_get_state(s) == SERVICE_FAILED) {
		add_failure(&text, s);
	}
	(void)add_line(&text, explain_node(NULL, s));
	if (service_get_reason(s) != NULL) {
		(void)add_line(&text,
			       talloc_asprintf(NULL,
					       "It waits for the network: %s.",
					       service_get_reason(s)));
	}
	add_counts(&text, &told->counts);
	end_troubles(&text, told);
	any = add_requests(&text, s) || any;
	(void)add_line(&text,
		       talloc_strdup(NULL,
				     listing_end_waiting(&told->waiting)));
	names_add_status(&text, about->netbt);
	if (names_condition(s, about->netbt) != SERVICE_WELL || any) {
		text_add(&text, "What to do: smbmessenger explain\n");
	}
	if (about->events[0] != '\0') {
		text_add(&text, "Last events:\n%s", about->events);
	}
	return text;
}

const struct pieces_kind report_status_text = {
	.more = add_troubles,
	.text = status_text,
};

static void add_both(struct pieces_about *about,
		     const struct alias *const *list)
{
	add_troubles(about, list);
	report_add_rows(about, list);
}

static char *overview_text(TALLOC_CTX *mem_ctx, struct pieces_about *about)
{
	char *text = report_list_end(mem_ctx, about);
	char *before = status_text(mem_ctx, about);
	char *head = report_list_head(mem_ctx, about);

	pieces_append(&before, "\n");
	pieces_append(&before, head);
	talloc_free(head);
	pieces_put_before(&text, before);
	return text;
}

const struct pieces_kind report_overview_text = {
	.more = add_both,
	.text = overview_text,
};

static const char *condition(const struct service *s, const struct netbt *netbt)
{
	return service_condition_str(names_condition(s, netbt));
}

char *report_condition_text(TALLOC_CTX *mem_ctx, const struct service *s,
			    const struct netbt *netbt)
{
	return talloc_asprintf(mem_ctx, "%s\n", condition(s, netbt));
}

json_t *report_condition_json(const struct service *s,
			      const struct netbt *netbt)
{
	return json_pack("{s:s}", "condition", condition(s, netbt));
}

/* Which node has the computer name, on the first net. */
static json_t *with_node(json_t *o, const struct service *s)
{
	const struct alias_subnet *where = service_get_node(s);

	if (where != NULL && where->node > 0 &&
	    json_object_set_new(o, "node", json_integer(where->node - 1)) !=
		    0) {
		json_decref(o);
		return NULL;
	}
	return o;
}

static json_t *service_json(const struct service *s)
{
	char *since = text_moment(NULL, service_get_since(s));
	json_t *o = NULL;

	if (since != NULL) {
		o = json_pack("{s:s, s:i, s:i, s:s}", "state",
			      service_state_str(service_get_state(s)),
			      "win32_exit_code", service_get_win32_exit(s),
			      "service_exit_code", service_get_exit(s), "since",
			      since);
	}
	talloc_free(since);
	o = with_node(o, s);
	if (service_get_reason(s) != NULL &&
	    json_object_set_new(o, "reason",
				text_json(service_get_reason(s))) != 0) {
		json_decref(o);
		return NULL;
	}
	return o;
}

static json_t *counts_json(const struct listing_counts *c)
{
	return json_pack("{s:i, s:i, s:i, s:i, s:i, s:i, s:i}", "all", c->all,
			 "registered", c->registered, "registering",
			 c->registering, "refused", c->refused, "waiting",
			 c->waiting, "invalid", c->invalid, "standby",
			 c->standby);
}

static json_t *counters_json(const struct service *s)
{
	struct service_counters c = service_get_counters(s);

	return json_pack("{s:I, s:I, s:I, s:I}", "refusals",
			 (json_int_t)c.refusals, "failures",
			 (json_int_t)c.failures, "defences",
			 (json_int_t)c.defences, "demands",
			 (json_int_t)c.demands);
}

static json_t *status_json(struct pieces_about *about)
{
	const struct service *s = about->service;
	const struct netbt *netbt = about->netbt;

	return json_pack("{s:o, s:s, s:o, s:o, s:[], s:I, s:o}", "service",
			 service_json(s), "condition", condition(s, netbt),
			 "computer", text_json(service_get_computer(s)),
			 "counts", counts_json(&about->told.counts), "aliases",
			 "names_in_conflict",
			 (json_int_t)((netbt != NULL) ? netbt_conflicts(netbt)
						      : 0),
			 "counters", counters_json(s));
}

const struct pieces_kind report_status_json = {
	.more = report_add_json,
	.json = status_json,
	.array = "aliases",
};

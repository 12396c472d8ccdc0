/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What is wrong, why, and what to do, as JSON.  Pure.
 */

#include "explain.h"

#include <arpa/inet.h>

#include "event.h"
#include "finding.h"
#include "listing.h"
#include "names_report.h"
#include "text.h"

static json_t *take_text(char *text)
{
	json_t *json = (text != NULL) ? text_json(text) : NULL;

	talloc_free(text);
	return json;
}

/* The keys of a subnet, where there is one. */
static int set_where(json_t *o, const struct finding *f)
{
	const struct alias_subnet *where = f->where;
	int err = json_object_set_new(o, "subnet", json_string(where->subnet));

	if (where->rcode != 0) {
		err |= json_object_set_new(o, "rcode",
					   json_integer(where->rcode));
		err |= json_object_set_new(o, "rcode_name",
					   json_string(
						   rcode_name(where->rcode)));
	}
	if (where->server.s_addr != 0) {
		err |= json_object_set_new(o, "server",
					   json_string(
						   inet_ntoa(where->server)));
	}
	if (where->holder.s_addr != 0) {
		err |= json_object_set_new(o, "holder",
					   holder_json(where->holder,
						       where->details));
	}
	if (finding_cause(f) != CAUSE_NONE) {
		err |= json_object_set_new(o, "cause",
					   json_string(event_cause_str(
						   finding_cause(f))));
	}
	return err;
}

/* "" is none; frees it. */
static int set_command(json_t *o, const char *key, char *command)
{
	int err = (command != NULL) ? 0 : -1;

	if (err == 0 && command[0] != '\0') {
		err = json_object_set_new(o, key, text_json(command));
	}
	talloc_free(command);
	return err;
}

static json_t *finding_json(const struct service *s, const struct finding *f)
{
	enum alias_state state =
		(f->where != NULL) ? f->where->state : f->alias->state;
	json_t *o = json_pack("{s:o, s:s, s:s, s:o, s:o}", "alias",
			      text_json(f->alias->name), "kind",
			      alias_kind_str(f->alias->kind), "state",
			      alias_state_str(state), "reason",
			      take_text(finding_reason(NULL, f)), "advice",
			      take_text(finding_action(NULL, f)));
	int err = 0;

	err |= set_command(o, "look", finding_look(NULL, f));
	err |= set_command(o, "next", finding_next(NULL, s, f));
	if (f->requested) {
		err |= json_object_set_new(
			o, "requested",
			take_text(text_moment(NULL, f->alias->since)));
	}
	if (f->where != NULL) {
		err |= set_where(o, f);
	}
	if (f->alias->code != NERR_Success) {
		err |= json_object_set_new(o, "code",
					   json_integer(f->alias->code));
		err |= json_object_set_new(o, "code_name",
					   json_string(messenger_code_name(
						   f->alias->code)));
	}
	if (err != 0) {
		json_decref(o);
		return NULL;
	}
	return o;
}

static void add_listed(struct pieces_about *about,
		       const struct alias *const *list)
{
	struct finding f;
	size_t i;

	for (i = 0; i < talloc_array_length(list); i++) {
		f = (struct finding){
			.alias = list[i],
			.where = listing_trouble(list[i]),
		};
		if (f.where != NULL || !listing_is_well(f.alias)) {
			pieces_add_json(&about->told,
					finding_json(about->service, &f));
		}
	}
}

static void add_request(struct told *told, const struct service *s,
			const struct finding *f)
{
	pieces_add_json(told, finding_json(s, f));
}

static bool add_others(struct pieces_about *about, size_t num)
{
	return explain_requests(about, &num, add_request) ||
	       names_add_json_findings(about, num);
}

static json_t *json_of_all(struct pieces_about *about)
{
	const struct service *s = about->service;
	char *since = text_moment(NULL, service_get_since(s));
	json_t *o = NULL;

	if (since != NULL) {
		o = json_pack("{s:s, s:i, s:s, s:[]}", "state",
			      service_state_str(service_get_state(s)),
			      "service_exit_code", service_get_exit(s), "since",
			      since, "findings");
	}
	talloc_free(since);
	return o;
}

const struct pieces_kind explain_json = {
	.others = add_others,
	.others_last = true,
	.more = add_listed,
	.json = json_of_all,
	.array = "findings",
};

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What is wrong, why, and what to do, as the request "explain" tells it.  Pure.
 */

#include "explain.h"

#include <arpa/inet.h>

#include "advice.h"
#include "event.h"
#include "text.h"

static enum event_cause cause_of(const struct alias_subnet *where)
{
	return (where->details != NULL) ? where->details->cause : CAUSE_NONE;
}

static const struct alias_subnet *refusal_of(const struct alias *a)
{
	size_t i;

	for (i = 0; i < talloc_array_length(a->subnets); i++) {
		if (a->subnets[i].state == ALIAS_REFUSED) {
			return &a->subnets[i];
		}
	}
	return NULL;
}

/* Sentences are built first and broken into lines after; frees it. */
static void add_sentence(char **text, char *sentence)
{
	if (sentence == NULL) {
		TALLOC_FREE(*text);
		return;
	}
	text_add_wrapped(text, 0, TEXT_COLUMNS, sentence);
	talloc_free(sentence);
}

static char *who(TALLOC_CTX *mem_ctx, const struct alias_subnet *where)
{
	char *text = talloc_strdup(mem_ctx, "");

	if (where->holder.s_addr == 0) {
		text_add(&text, "another computer");
		return text;
	}
	text_add(&text, "%s", inet_ntoa(where->holder));
	if (where->details != NULL && where->details->computer != NULL) {
		text_add(&text, ", the computer ");
		holder_add_text(&text, where->details);
	}
	return text;
}

static void add_fact(char **text, const struct alias *a,
		     const struct alias_subnet *where)
{
	char *holder = who(NULL, where);
	char *sentence = NULL;

	if (where->holder.s_addr == 0 && where->rcode == 0) {
		sentence = talloc_asprintf(
			NULL,
			"%s<%02x> could not be claimed on subnet %s: nothing "
			"could be sent there.",
			a->name, MESSENGER_NAME_TYPE, where->subnet);
	} else if (holder != NULL) {
		sentence =
			talloc_asprintf(NULL,
					"%s<%02x> is held on subnet %s by %s.",
					a->name, MESSENGER_NAME_TYPE,
					where->subnet, holder);
	}
	talloc_free(holder);
	add_sentence(text, sentence);
}

/* The next command to type. */
static char *next_command(TALLOC_CTX *mem_ctx, const struct service *s,
			  const struct alias *a,
			  const struct alias_subnet *where)
{
	if (where->holder.s_addr != 0 && (cause_of(where) == CAUSE_UNKNOWN ||
					  cause_of(where) == CAUSE_NONE)) {
		return talloc_asprintf(mem_ctx, "nmblookup -A %s",
				       inet_ntoa(where->holder));
	}
	if (service_get_state(s) == SERVICE_FAILED) {
		return talloc_strdup(mem_ctx, "smbmessenger start");
	}
	return talloc_asprintf(mem_ctx, "smbmessenger add %s", a->name);
}

static void add_finding(char **text, const struct service *s,
			const struct alias *a)
{
	const struct alias_subnet *where = refusal_of(a);
	char *next = NULL;

	if (where == NULL || *text == NULL) {
		return;
	}
	text_add(text, "\n");
	add_fact(text, a, where);
	if (where->holder.s_addr != 0) {
		add_sentence(text,
			     advice_reason(NULL, cause_of(where), a->name));
	}
	add_sentence(text,
		     advice_action(NULL, cause_of(where), a->kind, a->name));
	next = next_command(NULL, s, a, where);
	if (next == NULL) {
		TALLOC_FREE(*text);
		return;
	}
	text_add(text, "Then: %s\n", next);
	talloc_free(next);
}

static void add_state(char **text, const struct service *s)
{
	char *since = event_time_str(NULL, service_get_since(s));
	const char *name = service_get_computer(s);

	if (since == NULL) {
		TALLOC_FREE(*text);
		return;
	}
	switch (service_get_state(s)) {
	case SERVICE_RUNNING:
		text_add(text, "The Messenger service on %s runs since\n%s.\n",
			 name, since);
		break;
	case SERVICE_STARTING:
		text_add(text,
			 "The Messenger service on %s is claiming its "
			 "computer name since\n%s.\n",
			 name, since);
		break;
	case SERVICE_STOPPED:
		text_add(text,
			 "The Messenger service on %s is stopped since\n"
			 "%s. Then: smbmessenger start\n",
			 name, since);
		break;
	case SERVICE_FAILED:
		text_add(text,
			 "The Messenger service on %s has failed, error "
			 "%d, since\n%s.\n",
			 name, service_get_exit(s), since);
		text_add_wrapped(text, 0, TEXT_COLUMNS,
				 messenger_code_text(service_get_exit(s)));
		break;
	}
	talloc_free(since);
}

char *explain_text(TALLOC_CTX *mem_ctx, const struct service *s)
{
	const struct alias *a = alias_first(service_get_aliases(s));
	char *text = talloc_strdup(mem_ctx, "");
	bool refused = false;

	if (text == NULL) {
		return NULL;
	}
	add_state(&text, s);
	for (; a != NULL && text != NULL; a = alias_next(a)) {
		if (a->state == ALIAS_REFUSED) {
			refused = true;
			add_finding(&text, s, a);
		}
	}
	if (!refused && service_get_state(s) == SERVICE_RUNNING) {
		text_add(&text, "No alias is refused: there is nothing to "
				"do.\n");
	}
	return text;
}

static json_t *take_text(char *text)
{
	json_t *json = (text != NULL) ? text_json(text) : NULL;

	talloc_free(text);
	return json;
}

static json_t *finding_json(const struct service *s, const struct alias *a,
			    const struct alias_subnet *where)
{
	json_t *o =
		json_pack("{s:o, s:s, s:s, s:o, s:o, s:o}", "alias",
			  text_json(a->name), "kind", alias_kind_str(a->kind),
			  "subnet", where->subnet, "reason",
			  take_text(advice_reason(NULL, cause_of(where),
						  a->name)),
			  "advice",
			  take_text(advice_action(NULL, cause_of(where),
						  a->kind, a->name)),
			  "next", take_text(next_command(NULL, s, a, where)));
	int err = 0;

	if (where->rcode != 0) {
		err |= json_object_set_new(o, "rcode",
					   json_integer(where->rcode));
	}
	if (where->holder.s_addr != 0) {
		err |= json_object_set_new(o, "holder",
					   holder_json(where->holder,
						       where->details));
	}
	if (cause_of(where) != CAUSE_NONE) {
		err |= json_object_set_new(o, "cause",
					   json_string(event_cause_str(
						   cause_of(where))));
	}
	if (err != 0) {
		json_decref(o);
		return NULL;
	}
	return o;
}

json_t *explain_json(const struct service *s)
{
	const struct alias *a = alias_first(service_get_aliases(s));
	json_t *findings = json_array();

	for (; a != NULL; a = alias_next(a)) {
		const struct alias_subnet *where =
			(a->state == ALIAS_REFUSED) ? refusal_of(a) : NULL;

		if (where != NULL &&
		    json_array_append_new(findings,
					  finding_json(s, a, where)) != 0) {
			json_decref(findings);
			return NULL;
		}
	}
	return json_pack("{s:s, s:i, s:o, s:o}", "state",
			 service_state_str(service_get_state(s)),
			 "service_exit_code", service_get_exit(s), "since",
			 take_text(event_time_str(NULL, service_get_since(s))),
			 "findings", findings);
}

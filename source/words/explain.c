/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What is wrong, why, and what to do, as the request "explain" tells it.  Pure.
 */

#include "explain.h"

#include <arpa/inet.h>

#include "advice.h"
#include "event.h"
#include "names_report.h"
#include "text.h"

static enum event_cause cause_of(const struct alias_subnet *where)
{
	return (where->details != NULL) ? where->details->cause : where->cause;
}

static bool waits(const struct alias_subnet *where)
{
	return where->state == ALIAS_WAITING || where->reason != NULL;
}

/* Refused there, or waiting there, or NULL: all is well. */
static const struct alias_subnet *trouble_of(const struct alias *a)
{
	const struct alias_subnet *waiting = NULL;
	size_t i;

	for (i = 0; i < talloc_array_length(a->subnets); i++) {
		const struct alias_subnet *where = &a->subnets[i];

		if (where->state == ALIAS_REFUSED) {
			return where;
		}
		if (waits(where) && waiting == NULL) {
			waiting = where;
		}
	}
	return waiting;
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
	char *text = talloc_strdup(mem_ctx, (where->holder.s_addr != 0)
						    ? inet_ntoa(where->holder)
						    : "another computer");

	if (where->details != NULL && where->details->computer != NULL) {
		text_add(&text, ", the computer ");
		holder_add_text(&text, where->details);
	}
	return text;
}

/* Where a name waits, and for what. */
static char *waiting_fact(TALLOC_CTX *mem_ctx, const struct alias *a,
			  const struct alias_subnet *where)
{
	if (alias_subnet_is_wins(where->subnet)) {
		return talloc_asprintf(mem_ctx,
				       "%s<%02x> is not registered in WINS: "
				       "%s.",
				       a->name, MESSENGER_NAME_TYPE,
				       where->reason);
	}
	return talloc_asprintf(mem_ctx,
			       "%s<%02x> could not be claimed on subnet %s: "
			       "%s.",
			       a->name, MESSENGER_NAME_TYPE, where->subnet,
			       where->reason);
}

static char *fact(TALLOC_CTX *mem_ctx, const struct alias *a,
		  const struct alias_subnet *where)
{
	const struct refusal refusal = {
		.rcode = where->rcode,
		.server = where->server,
		.record = where->record,
	};
	char *holder = NULL;
	char *sentence = NULL;

	if (waits(where)) {
		return waiting_fact(mem_ctx, a, where);
	}
	if (where->server.s_addr != 0 && where->holder.s_addr == 0) {
		return advice_refusal(mem_ctx, &refusal, a->name);
	}
	holder = who(mem_ctx, where);
	if (holder != NULL) {
		sentence = talloc_asprintf(
			mem_ctx, "%s<%02x> is %s on subnet %s by %s.", a->name,
			MESSENGER_NAME_TYPE,
			(where->rcode == RCODE_RFS_ERR) ? "refused" : "held",
			where->subnet, holder);
	}
	talloc_free(holder);
	return sentence;
}

static char *reason(TALLOC_CTX *mem_ctx, const struct alias *a,
		    const struct alias_subnet *where)
{
	if (waits(where)) {
		return talloc_strdup(mem_ctx, where->reason);
	}
	return advice_reason(mem_ctx, cause_of(where), a->kind, a->name);
}

static char *action(TALLOC_CTX *mem_ctx, const struct alias *a,
		    const struct alias_subnet *where)
{
	if (waits(where)) {
		return talloc_strdup(mem_ctx,
				     "It is claimed there by itself as soon "
				     "as that changes.");
	}
	return advice_action(mem_ctx, cause_of(where), a->kind, a->name);
}

/* The next command to type. */
static char *next_command(TALLOC_CTX *mem_ctx, const struct service *s,
			  const struct alias *a,
			  const struct alias_subnet *where)
{
	if (waits(where) || where->record.s_addr != 0) {
		return talloc_strdup(mem_ctx, "smbmessenger list");
	}
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
			const struct alias *a, const struct alias_subnet *where)
{
	char *next = NULL;

	text_add(text, "\n");
	add_sentence(text, fact(NULL, a, where));
	if (where->holder.s_addr != 0 || where->record.s_addr != 0) {
		add_sentence(text, reason(NULL, a, where));
	}
	add_sentence(text, action(NULL, a, where));
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
		if (service_get_reason(s) != NULL) {
			text_add(text, "It waits for the network: %s.\n",
				 service_get_reason(s));
		}
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

static bool is_well(const struct alias *a)
{
	size_t i;

	for (i = 0; i < talloc_array_length(a->subnets); i++) {
		if (a->subnets[i].state != ALIAS_REGISTERED) {
			return false;
		}
	}
	return a->state == ALIAS_REGISTERED;
}

/* Nothing is wrong with any alias that the network has answered for. */
static void add_calm(char **text, const struct service *s)
{
	const struct alias *a = alias_first(service_get_aliases(s));

	while (a != NULL && is_well(a)) {
		a = alias_next(a);
	}
	if (a == NULL) {
		text_add(text, "Every alias is registered: there is nothing to "
			       "do.\n");
	} else if (a->state == ALIAS_REFUSED) {
		text_add(text,
			 "%s<%02x> was refused on a subnet that is gone.\n"
			 "Then: smbmessenger add %s\n",
			 a->name, MESSENGER_NAME_TYPE, a->name);
	} else if (a->subnets == NULL) {
		text_add(text, "There is no subnet to claim aliases on: they "
			       "are claimed as soon as an\ninterface has an "
			       "address.\n");
	} else {
		text_add(text, "%s<%02x> is still being claimed: look again in "
			       "a few seconds.\n",
			 a->name, MESSENGER_NAME_TYPE);
	}
}

/* Returns whether there are any. */
static bool add_invalid(char **text, const struct service *s)
{
	const struct config_invalid *i = service_get_invalid(s);
	size_t num = talloc_array_length(i);
	size_t n;

	for (n = 0; n < num; n++) {
		text_add(text, "\n");
		add_sentence(text,
			     talloc_asprintf(
				     NULL,
				     "%s in messenger:aliases is left out, "
				     "error %d: %s",
				     i[n].text, i[n].code,
				     messenger_code_text(i[n].code)));
		add_sentence(text, talloc_strdup(NULL,
						 "Correct it in smb.conf."));
		text_add(text, "Then: smbcontrol nmbd reload-config\n");
	}
	return num > 0;
}

char *explain_text(TALLOC_CTX *mem_ctx, const struct service *s,
		   const struct netbt *netbt)
{
	const struct alias *a = alias_first(service_get_aliases(s));
	char *text = talloc_strdup(mem_ctx, "");
	bool trouble = false;

	if (text == NULL) {
		return NULL;
	}
	add_state(&text, s);
	for (; a != NULL && text != NULL; a = alias_next(a)) {
		const struct alias_subnet *where = trouble_of(a);

		if (where != NULL) {
			trouble = true;
			add_finding(&text, s, a, where);
		}
	}
	trouble = add_invalid(&text, s) || trouble;
	trouble = names_add_findings(&text, netbt) || trouble;
	if (!trouble && service_get_state(s) == SERVICE_RUNNING) {
		add_calm(&text, s);
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
		json_pack("{s:o, s:s, s:s, s:s, s:o, s:o, s:o}", "alias",
			  text_json(a->name), "kind", alias_kind_str(a->kind),
			  "subnet", where->subnet, "state",
			  alias_state_str(where->state), "reason",
			  take_text(reason(NULL, a, where)), "advice",
			  take_text(action(NULL, a, where)),
			  "next", take_text(next_command(NULL, s, a, where)));
	int err = 0;

	if (where->rcode != 0) {
		err |= json_object_set_new(o, "rcode",
					   json_integer(where->rcode));
		err |= json_object_set_new(o, "rcode_name",
					   json_string(rcode_name(
						   where->rcode)));
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

/* Takes the array's reference. */
static json_t *with_invalid(json_t *findings, const struct service *s)
{
	const struct config_invalid *i = service_get_invalid(s);
	size_t n;

	for (n = 0; n < talloc_array_length(i); n++) {
		json_t *o = json_pack(
			"{s:o, s:s, s:s, s:i, s:s, s:s, s:s}", "alias",
			text_json(i[n].text), "kind",
			alias_kind_str(ALIAS_ADDED), "state",
			alias_state_str(ALIAS_INVALID), "code", i[n].code,
			"reason", messenger_code_text(i[n].code), "advice",
			"Correct it in smb.conf.", "next",
			"smbcontrol nmbd reload-config");

		if (json_array_append_new(findings, o) != 0) {
			json_decref(findings);
			return NULL;
		}
	}
	return findings;
}

json_t *explain_json(const struct service *s, const struct netbt *netbt)
{
	const struct alias *a = alias_first(service_get_aliases(s));
	json_t *findings = json_array();

	for (; a != NULL; a = alias_next(a)) {
		const struct alias_subnet *where = trouble_of(a);

		if (where != NULL &&
		    json_array_append_new(findings,
					  finding_json(s, a, where)) != 0) {
			json_decref(findings);
			return NULL;
		}
	}
	findings = names_with_findings(with_invalid(findings, s), netbt);
	return json_pack("{s:s, s:i, s:o, s:o}", "state",
			 service_state_str(service_get_state(s)),
			 "service_exit_code", service_get_exit(s), "since",
			 take_text(event_time_str(NULL, service_get_since(s))),
			 "findings", findings);
}

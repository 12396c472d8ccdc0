/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What is wrong, why, and what to do, as the request "explain" tells it.  Pure.
 */

#include "explain.h"

#include "event.h"
#include "finding.h"
#include "listing.h"
#include "names_report.h"
#include "text.h"

/* Names in a line of text. */
#define NAMES_MAX 20

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

/* "First: nmblookup -A 10.88.0.9"; frees the command. */
static void add_command(char **text, const char *when, char *command)
{
	if (command == NULL) {
		TALLOC_FREE(*text);
		return;
	}
	if (command[0] != '\0') {
		text_add(text, "%s: %s\n", when, command);
	}
	talloc_free(command);
}

static void add_finding(char **text, const struct service *s,
			const struct finding *f)
{
	const struct alias_subnet *where = f->where;

	text_add(text, "\n");
	add_sentence(text, finding_fact(NULL, f));
	if (where != NULL &&
	    (where->holder.s_addr != 0 || where->record.s_addr != 0)) {
		add_sentence(text, finding_reason(NULL, f));
	}
	add_sentence(text, finding_action(NULL, f));
	add_command(text, "First", finding_look(NULL, f));
	add_command(text, "Then", finding_next(NULL, s, f));
}

static void add_state(char **text, const struct service *s)
{
	const char *name = service_get_computer(s);
	char *sentence = NULL;

	switch (service_get_state(s)) {
	case SERVICE_RUNNING:
		sentence = talloc_asprintf(NULL,
					   "The Messenger service on %s has "
					   "been running since ",
					   name);
		break;
	case SERVICE_STARTING:
		sentence = talloc_asprintf(NULL,
					   "The Messenger service on %s has "
					   "been claiming its computer name "
					   "since ",
					   name);
		break;
	case SERVICE_STOPPED:
		sentence = talloc_asprintf(NULL,
					   "The Messenger service on %s has "
					   "been stopped since ",
					   name);
		break;
	case SERVICE_FAILED:
		sentence = talloc_asprintf(NULL,
					   "The Messenger service on %s "
					   "failed with error %d at ",
					   name, service_get_exit(s));
		break;
	}
	text_add_time(&sentence, service_get_since(s));
	text_add(&sentence, ".");
	add_sentence(text, sentence);
	if (service_get_state(s) == SERVICE_FAILED) {
		text_add_wrapped(text, 0, TEXT_COLUMNS,
				 messenger_code_text(service_get_exit(s)));
	} else if (service_get_state(s) == SERVICE_STOPPED) {
		text_add(text, "To start it: smbmessenger start\n");
	} else if (service_get_reason(s) != NULL) {
		add_sentence(text,
			     talloc_asprintf(NULL,
					     "It waits for the network: %s.",
					     service_get_reason(s)));
	}
}

/* There is nothing to claim it on. */
static bool is_homeless(const struct alias *a)
{
	return a->state == ALIAS_WAITING && a->subnets == NULL &&
	       a->note == NULL;
}

/* Nothing is wrong with any alias that the network has answered for. */
static void add_calm(char **text, const struct alias *const *list)
{
	size_t i = 0;

	while (i < talloc_array_length(list) &&
	       list[i]->state == ALIAS_REGISTERED) {
		i++;
	}
	if (i == talloc_array_length(list)) {
		text_add(text, "Every alias is registered: there is nothing to "
			       "do.\n");
	} else {
		text_add(text,
			 "%s<%02x> is still being claimed: look again in a "
			 "few seconds.\n",
			 list[i]->name, MESSENGER_NAME_TYPE);
	}
}

/* Returns whether there are any. */
static bool add_homeless(char **text, const struct alias *const *list)
{
	size_t i = 0;

	while (i < talloc_array_length(list) && !is_homeless(list[i])) {
		i++;
	}
	if (i == talloc_array_length(list)) {
		return false;
	}
	text_add(text, "There is no subnet to claim aliases on: they are "
		       "claimed as soon as an\ninterface has an address.\n");
	return true;
}

/* "These aliases wait for the service: OPERATOR, NIGHT SHIFT." */
static void add_waiting(char **text, const struct alias *const *list)
{
	char *sentence = talloc_strdup(NULL, "");
	unsigned num = 0;
	size_t i;

	for (i = 0; i < talloc_array_length(list); i++) {
		if (!listing_waits_for_service(list[i])) {
			continue;
		}
		if (num < NAMES_MAX) {
			text_add(&sentence, "%s%s",
				 (num == 0) ? "These aliases wait for the "
					      "service: "
					    : ", ",
				 list[i]->name);
		}
		num++;
	}
	if (num > NAMES_MAX) {
		text_add(&sentence, " and %u more", num - NAMES_MAX);
	}
	if (num > 0) {
		text_add(text, "\n");
		text_add(&sentence, ".");
	}
	add_sentence(text, sentence);
}

/* Returns whether there are any. */
static bool add_listed(char **text, const struct service *s,
		       const struct alias *const *list)
{
	struct finding f;
	bool any = false;
	size_t i;

	for (i = 0; i < talloc_array_length(list); i++) {
		f.alias = list[i];
		f.where = listing_trouble(list[i]);
		if (f.where == NULL &&
		    (listing_is_well(f.alias) || is_homeless(f.alias) ||
		     listing_waits_for_service(f.alias))) {
			continue;
		}
		any = true;
		add_finding(text, s, &f);
	}
	return any;
}

/* Requests that were refused a while ago; whether there are any. */
static bool add_requests(char **text, const struct service *s)
{
	uint64_t now = 0;
	const struct refusals *refusals = service_get_refusals(s, &now);
	struct finding f = { .alias = refusals_first(refusals, now) };
	bool any = false;

	for (; f.alias != NULL; f.alias = refusals_next(f.alias)) {
		if (f.alias->kind == ALIAS_ADDED) {
			f.where = &f.alias->subnets[0];
			any = true;
			add_finding(text, s, &f);
		}
	}
	return any;
}

char *explain_text(TALLOC_CTX *mem_ctx, const struct service *s,
		   const struct netbt *netbt)
{
	const struct alias **list = listing_create(mem_ctx, s);
	char *text = talloc_strdup(mem_ctx, "");
	bool trouble = false;

	if (text == NULL || list == NULL) {
		talloc_free(text);
		talloc_free(list);
		return NULL;
	}
	add_state(&text, s);
	trouble = add_homeless(&text, list);
	trouble = add_listed(&text, s, list) || trouble;
	trouble = add_requests(&text, s) || trouble;
	trouble = names_add_findings(&text, netbt) || trouble;
	add_waiting(&text, list);
	if (!trouble && service_get_state(s) == SERVICE_RUNNING) {
		add_calm(&text, list);
	}
	talloc_free(list);
	return text;
}

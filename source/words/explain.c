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
	add_sentence(text, finding_request(NULL, f));
	add_sentence(text, finding_fact(NULL, f));
	if (where != NULL &&
	    (where->holder.s_addr != 0 || where->record.s_addr != 0)) {
		add_sentence(text, finding_reason(NULL, f));
	}
	add_sentence(text, finding_action(NULL, f));
	add_command(text, "First", finding_look(NULL, f));
	add_command(text, "Then", finding_next(NULL, s, f));
}

/* The verb of "The Messenger service on ALPHA ..." */
static const char *state_verb(const struct service *s)
{
	switch (service_get_state(s)) {
	case SERVICE_RUNNING:
		return "has been running since";
	case SERVICE_STARTING:
		return "has been starting since";
	case SERVICE_STOPPED:
		return "has been stopped since";
	case SERVICE_STANDBY:
		return "has been standing by since";
	case SERVICE_FAILED:
		break;
	}
	return "failed at";
}

char *explain_state(TALLOC_CTX *mem_ctx, const struct service *s)
{
	char *text = talloc_asprintf(mem_ctx, "The Messenger service on %s %s ",
				     service_get_computer(s), state_verb(s));

	text_add_time(&text, service_get_since(s));
	if (service_get_state(s) == SERVICE_FAILED) {
		text_add(&text, ", error %d", service_get_exit(s));
	}
	text_add(&text, ".");
	return text;
}

char *explain_node(TALLOC_CTX *mem_ctx, const struct service *s)
{
	const struct alias_subnet *where = service_get_node(s);
	char *node = NULL;
	char *text = NULL;

	if (where == NULL) {
		return talloc_strdup(mem_ctx, "");
	}
	node = listing_node(NULL, where);
	if (node != NULL) {
		text = talloc_asprintf(mem_ctx,
				       "The computer name is held by %s: a "
				       "cluster is one computer.",
				       node);
	}
	talloc_free(node);
	return text;
}

static void add_state(char **text, const struct service *s)
{
	add_sentence(text, explain_state(NULL, s));
	add_sentence(text, explain_node(NULL, s));
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
	} else if (service_get_state(s) == SERVICE_STARTING) {
		text_add(text, "It is claiming its computer name.\n");
	}
}

/* There is nothing to claim it on. */
static bool is_homeless(const struct alias *a)
{
	return a->state == ALIAS_WAITING && a->num_subnets == 0 &&
	       a->note == NULL;
}

/* Nothing is wrong with any alias that the network has answered for. */
static void add_calm(char **text, const struct service *s,
		     const struct told *told)
{
	if (told->unsettled[0] == '\0' &&
	    service_get_state(s) == SERVICE_STANDBY) {
		add_sentence(text,
			     talloc_strdup(NULL,
					   "The aliases are left to another node "
					   "of the cluster: there is nothing to "
					   "do on this one. What that one says: "
					   "smbmessenger --cluster status"));
	} else if (told->unsettled[0] == '\0' && told->in_wins[0] != '\0') {
		add_sentence(text,
			     talloc_asprintf(
				     NULL,
				     "Every alias is registered by broadcast, "
				     "%s<%02x> not yet in WINS: look again in "
				     "a few seconds.",
				     told->in_wins, MESSENGER_NAME_TYPE));
	} else if (told->unsettled[0] == '\0' && told->elsewhere) {
		add_sentence(text,
			     talloc_strdup(NULL,
					   "Every alias is registered, or left "
					   "to another node of the cluster: "
					   "there is nothing to do on this one. "
					   "What that one says: "
					   "smbmessenger --cluster status"));
	} else if (told->unsettled[0] == '\0') {
		text_add(text, "Every alias is registered: there is nothing to "
			       "do.\n");
	} else {
		text_add(text,
			 "%s<%02x> is still being claimed: look again in a "
			 "few seconds.\n",
			 told->unsettled, MESSENGER_NAME_TYPE);
	}
}

/* WINS follows behind: it is asked when the alias is held already. */
static bool is_asked_in_wins(const struct alias *a)
{
	const struct alias_subnet *wins = alias_subnet_find(a, SUBNET_WINS);

	return wins != NULL && wins->state == ALIAS_REGISTERING;
}

/* The first name is kept. */
static void note_name(char **text, const struct alias *a)
{
	if (*text != NULL && (*text)[0] == '\0') {
		text_add(text, "%s", a->name);
	}
}

/* Findings are put together first: the text of all of them is long. */
static void add_listed(struct pieces_about *about,
		       const struct alias *const *list)
{
	struct told *told = &about->told;
	char *text = talloc_strdup(NULL, "");
	struct finding f;
	size_t i;

	for (i = 0; i < talloc_array_length(list); i++) {
		f = (struct finding){
			.alias = list[i],
			.where = listing_trouble(list[i]),
		};
		if (f.alias->state != ALIAS_REGISTERED &&
		    f.alias->state != ALIAS_STANDBY) {
			note_name(&told->unsettled, f.alias);
		} else if (is_asked_in_wins(f.alias)) {
			note_name(&told->in_wins, f.alias);
		}
		if (is_homeless(f.alias)) {
			told->homeless = true;
		}
		told->elsewhere = told->elsewhere ||
				  alias_subnet_in(f.alias, ALIAS_STANDBY) != NULL;
		if (f.where == NULL &&
		    (listing_is_well(f.alias) || is_homeless(f.alias) ||
		     listing_waits_for_service(f.alias))) {
			continue;
		}
		told->num_troubles++;
		add_finding(&text, about->service, &f);
	}
	listing_add_waiting(&told->waiting, list);
	pieces_append(&told->troubles, text);
	talloc_free(text);
}

bool explain_requests(struct pieces_about *about, size_t *num,
		      void (*tell)(struct told *told, const struct service *s,
				   const struct finding *f))
{
	struct told *told = &about->told;
	uint64_t now = 0;
	const struct refusals *refusals =
		service_get_refusals(about->service, &now);
	struct finding f = { .requested = true };

	while (*num > 0 && !pieces_are_enough(told)) {
		f.alias = refusals_next(refusals, now, &told->requests);
		if (f.alias == NULL) {
			return false;
		}
		if (f.alias->kind == ALIAS_ADDED) {
			f.where = listing_trouble(f.alias);
			tell(told, about->service, &f);
		}
		*num -= (*num > PIECES_A_FINDING) ? PIECES_A_FINDING : *num;
	}
	return true;
}

static void add_request(struct told *told, const struct service *s,
			const struct finding *f)
{
	char *text = talloc_strdup(NULL, "");

	add_finding(&text, s, f);
	pieces_append(&told->troubles, text);
	talloc_free(text);
	told->num_troubles++;
}

/* What is wrong besides, behind what is with aliases. */
static bool add_others(struct pieces_about *about, size_t num)
{
	return explain_requests(about, &num, add_request) ||
	       names_add_findings(about, num);
}

static char *text_of_all(TALLOC_CTX *mem_ctx, struct pieces_about *about)
{
	const struct service *s = about->service;
	struct told *told = &about->told;
	const char *waiting = listing_end_waiting(&told->waiting);
	char *text = talloc_strdup(NULL, "");

	add_state(&text, s);
	if (told->homeless) {
		text_add(&text, "There is no subnet to claim aliases on: they "
				"are claimed as soon as an\ninterface has an "
				"address.\n");
	}
	pieces_put_before(&told->troubles, text);
	text = talloc_steal(mem_ctx, told->troubles);
	told->troubles = NULL;
	if (waiting == NULL || waiting[0] != '\0') {
		text_add(&text, "\n");
		add_sentence(&text, talloc_strdup(NULL, waiting));
	}
	if (!told->homeless && told->num_troubles == 0 && service_is_up(s)) {
		add_calm(&text, s, told);
	}
	return text;
}

const struct pieces_kind explain_text = {
	.others = add_others,
	.others_last = true,
	.more = add_listed,
	.text = text_of_all,
};

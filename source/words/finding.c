/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * One thing that is wrong with a name, as sentences and commands.  Pure.
 */

#include "finding.h"

#include <arpa/inet.h>

#include "advice.h"
#include "text.h"

enum event_cause finding_cause(const struct finding *f)
{
	if (f->where == NULL) {
		return CAUSE_NONE;
	}
	return (f->where->details != NULL) ? f->where->details->cause
					   : f->where->cause;
}

static bool waits(const struct alias_subnet *where)
{
	return where->state == ALIAS_WAITING || where->reason != NULL;
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

char *finding_request(TALLOC_CTX *mem_ctx, const struct finding *f)
{
	char *text = NULL;

	if (!f->requested) {
		return talloc_strdup(mem_ctx, "");
	}
	text = talloc_asprintf(mem_ctx, "%s was asked for at ", f->alias->name);
	text_add_time(&text, f->alias->since);
	text_add(&text, ", and was not added.");
	return text;
}

/* "Error 2136: A general network error ... Network is unreachable." */
static char *request_fact(TALLOC_CTX *mem_ctx, const struct alias *a)
{
	char *text = talloc_asprintf(mem_ctx, "Error %d: %s", a->code,
				     messenger_code_text(a->code));

	if (a->note != NULL) {
		text_add(&text, " %s.", a->note);
	}
	return text;
}

/* It is not in the table. */
static char *absent_fact(TALLOC_CTX *mem_ctx, const struct alias *a)
{
	const char *reason = alias_reason(a);

	if (a->state == ALIAS_INVALID && a->kind == ALIAS_USER) {
		return talloc_asprintf(mem_ctx,
				       "The user %s has no alias, error %d: %s",
				       a->name, a->code,
				       messenger_code_text(a->code));
	}
	if (a->state == ALIAS_INVALID) {
		return talloc_asprintf(mem_ctx,
				       "%s in messenger:aliases is left out, "
				       "error %d: %s",
				       a->name, a->code,
				       messenger_code_text(a->code));
	}
	if (a->code != NERR_Success) {
		return talloc_asprintf(mem_ctx, "%s is left out, error %d: %s",
				       a->name, a->code,
				       messenger_code_text(a->code));
	}
	if (a->state == ALIAS_REFUSED) {
		return talloc_asprintf(mem_ctx,
				       "%s<%02x> was refused by another "
				       "computer.",
				       a->name, MESSENGER_NAME_TYPE);
	}
	return talloc_asprintf(mem_ctx, "%s<%02x> is not claimed: %s.", a->name,
			       MESSENGER_NAME_TYPE,
			       (reason != NULL) ? reason : "it is about to be");
}

static char *fact_there(TALLOC_CTX *mem_ctx, const struct alias *a,
			const struct alias_subnet *where)
{
	const struct refusal refusal = alias_subnet_refusal(where);
	bool wins = alias_subnet_is_wins(where->subnet);
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
		sentence = talloc_asprintf(mem_ctx,
					   "%s<%02x> is %s %s%s by %s.", a->name,
					   MESSENGER_NAME_TYPE,
					   (where->rcode == RCODE_RFS_ERR)
						   ? "refused"
						   : "held",
					   wins ? "in WINS" : "on subnet ",
					   wins ? "" : where->subnet, holder);
	}
	talloc_free(holder);
	return sentence;
}

char *finding_fact(TALLOC_CTX *mem_ctx, const struct finding *f)
{
	if (f->where == NULL && f->requested) {
		return request_fact(mem_ctx, f->alias);
	}
	if (f->where == NULL) {
		return absent_fact(mem_ctx, f->alias);
	}
	return fact_there(mem_ctx, f->alias, f->where);
}

char *finding_reason(TALLOC_CTX *mem_ctx, const struct finding *f)
{
	const struct alias *a = f->alias;

	if (f->where != NULL && waits(f->where)) {
		return talloc_strdup(mem_ctx, f->where->reason);
	}
	if (f->where != NULL) {
		return advice_reason(mem_ctx, finding_cause(f), a->kind,
				     a->name);
	}
	if (a->code != NERR_Success) {
		return talloc_strdup(mem_ctx, messenger_code_text(a->code));
	}
	return talloc_strdup(mem_ctx, (alias_reason(a) != NULL)
					      ? alias_reason(a)
					      : "another computer refused it");
}

static const char *absent_action(const struct alias *a)
{
	if (a->code == NERR_TooManyNames) {
		return "Delete aliases that nobody needs, or raise "
		       "messenger:max aliases in smb.conf.";
	}
	if (a->state == ALIAS_INVALID && a->kind == ALIAS_USER) {
		return "Messages to this user need an alias by another name.";
	}
	if (a->state == ALIAS_INVALID && a->kind == ALIAS_ADDED) {
		return "Choose another name.";
	}
	if (a->state == ALIAS_INVALID) {
		return "Correct it in smb.conf.";
	}
	if (a->code == NERR_NetworkError) {
		return "Ask for it again when there is a network.";
	}
	if (a->state == ALIAS_WAITING && a->note == NULL) {
		return "It is claimed as soon as an interface has an address.";
	}
	if (a->state == ALIAS_WAITING) {
		return "It is claimed when the service runs.";
	}
	return "Find out who holds it.";
}

char *finding_action(TALLOC_CTX *mem_ctx, const struct finding *f)
{
	if (f->where == NULL) {
		return talloc_strdup(mem_ctx, absent_action(f->alias));
	}
	if (waits(f->where)) {
		return talloc_strdup(mem_ctx,
				     "It is claimed there by itself as soon "
				     "as that changes.");
	}
	return advice_action(mem_ctx, finding_cause(f), f->alias->kind,
			     f->alias->name);
}

char *finding_look(TALLOC_CTX *mem_ctx, const struct finding *f)
{
	const struct alias_subnet *where = f->where;

	if (f->requested && f->alias->code == NERR_TooManyNames) {
		return talloc_strdup(mem_ctx, "smbmessenger list");
	}
	/* nobody is to be asked */
	if (where == NULL || waits(where)) {
		return talloc_strdup(mem_ctx, "");
	}
	return advice_look_up(mem_ctx, finding_cause(f), where->holder,
			      !alias_subnet_is_wins(where->subnet));
}

static char *add_command(TALLOC_CTX *mem_ctx, const char *name)
{
	/* a name is whatever a user is called: it is typed by root */
	char *word = text_shell_word(NULL, name);
	char *command = NULL;

	if (word != NULL) {
		command = talloc_asprintf(mem_ctx, "smbmessenger add %s", word);
	}
	talloc_free(word);
	return command;
}

static bool is_down(const struct service *s)
{
	return service_get_state(s) == SERVICE_FAILED ||
	       service_get_state(s) == SERVICE_STOPPED;
}

char *finding_next(TALLOC_CTX *mem_ctx, const struct service *s,
		   const struct finding *f)
{
	const struct alias *a = f->alias;
	char *command = NULL;

	if (f->requested && a->state == ALIAS_INVALID) {
		return talloc_strdup(mem_ctx, "");
	}
	if (!f->requested &&
	    (a->state == ALIAS_INVALID || a->code != NERR_Success)) {
		return talloc_strdup(mem_ctx, "smbcontrol nmbd reload-config");
	}
	if (is_down(s)) {
		command = talloc_strdup(mem_ctx, "smbmessenger start");
		/* what was asked for in vain is not among what is wanted */
		if (f->requested) {
			char *add = add_command(NULL, a->name);

			if (add == NULL) {
				TALLOC_FREE(command);
			} else {
				text_add(&command, " && %s", add);
			}
			talloc_free(add);
		}
		return command;
	}
	if (f->where == NULL && a->state == ALIAS_WAITING) {
		return talloc_strdup(mem_ctx, "smbmessenger list");
	}
	if (f->where != NULL &&
	    (waits(f->where) || f->where->record.s_addr != 0)) {
		return talloc_strdup(mem_ctx, "smbmessenger list");
	}
	return add_command(mem_ctx, a->name);
}

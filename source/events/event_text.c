/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * An event as lines for a log.  Pure.
 */

#include "event.h"

#include <arpa/inet.h>

#include "advice.h"
#include "claim.h"
#include "event_message.h"
#include "event_text.h"
#include "text.h"

/* Names make it longer or shorter; frees it. */
static void add_sentence(char **text, char *sentence)
{
	if (sentence == NULL) {
		TALLOC_FREE(*text);
		return;
	}
	text_add_wrapped(text, 0, LOG_COLUMNS, sentence);
	talloc_free(sentence);
}

/* "ALPHA<03> is held by 10.88.0.1 (subnet 10.88.0.2, rcode 6)." */
static void add_holder(char **text, const struct event *ev)
{
	const struct refusal refusal = {
		.rcode = ev->rcode,
		.server = ev->server,
		.record = ev->record,
	};
	char *sentence = NULL;

	if (ev->server.s_addr != 0 && ev->holder.s_addr == 0) {
		sentence = advice_refusal(NULL, &refusal, ev->alias);
	} else {
		sentence = talloc_asprintf(
			NULL, "%s<%02x> is %s by %s (subnet %s, rcode %d).",
			ev->alias, MESSENGER_NAME_TYPE,
			(ev->rcode == RCODE_RFS_ERR) ? "refused" : "held",
			(ev->holder.s_addr != 0) ? inet_ntoa(ev->holder)
						 : "another computer",
			text_subnet(ev->subnet), ev->rcode);
	}
	add_sentence(text, sentence);
}

/* "10.88.0.9 tried to take OPERATOR<03>; it was refused, 3 times." */
static void add_claimant(char **text, const struct event *ev)
{
	const char *who = (ev->claimant.s_addr != 0)
				  ? inet_ntoa(ev->claimant)
				  : "More than 64 other hosts";
	char *sentence = talloc_strdup(NULL, "");

	if (ev->holder.s_addr != 0) {
		text_add(&sentence,
			 "%s claimed %s<%02x> when this server did; %s",
			 who, ev->alias, MESSENGER_NAME_TYPE,
			 (event_cause(ev) == CAUSE_UNKNOWN)
				 ? "it does not say whether it has it"
				 : "now both hold it");
	} else if (ev->type == EVENT_ALIAS_DEFENDED) {
		text_add(&sentence, "%s tried to take %s<%02x>; nmbd refused it",
			 who, ev->alias, MESSENGER_NAME_TYPE);
	} else {
		text_add(&sentence,
			 "%s demanded that %s<%02x> be given up; nmbd "
			 "keeps it",
			 who, ev->alias, MESSENGER_NAME_TYPE);
	}
	if (ev->count > 1) {
		text_add(&sentence, ", %u times", ev->count);
	}
	text_add(&sentence, ".");
	add_sentence(text, sentence);
}

/* "Cause: duplicate-computer-name. Choose another alias, or ..." */
void event_add_cause(char **text, const struct event *ev)
{
	enum event_cause cause = event_cause(ev);
	char *action = (ev->name != NULL)
			       ? name_type_action(NULL, cause, &ev->netbios,
						  ev->name)
			       : advice_action(NULL, cause, ev->kind,
					       ev->alias);
	char *sentence = NULL;

	if (action != NULL) {
		sentence = talloc_asprintf(NULL, "Cause: %s. %s",
					   event_cause_str(cause), action);
	}
	add_sentence(text, sentence);
	talloc_free(action);
}

char *event_details_text(TALLOC_CTX *mem_ctx, const struct event *ev)
{
	struct netbios_name name = { .type = 0 };
	char *sentence = NULL;
	char *text = talloc_strdup(mem_ctx, "");

	(void)event_netbios_name(ev, &name);
	sentence = talloc_asprintf(NULL, "%s<%02x>: the holder %s ",
				   (ev->alias != NULL) ? ev->alias : ev->name,
				   name.type, inet_ntoa(ev->holder));
	if (event_cause(ev) == CAUSE_UNKNOWN) {
		text_add(&sentence, "does not say who it is.");
	} else {
		text_add(&sentence, "is ");
		if (ev->details->computer == NULL) {
			text_add(&sentence, "a computer without a name");
		}
		holder_add_text(&sentence, ev->details);
		text_add(&sentence, ".");
	}
	add_sentence(&text, sentence);
	event_add_cause(&text, ev);
	return text;
}

char *event_log_text(TALLOC_CTX *mem_ctx, const struct event *ev)
{
	char *text = NULL;

	if (ev->name != NULL) {
		return event_name_text(mem_ctx, ev);
	}
	if (ev->mail != NULL) {
		return event_message_text(mem_ctx, ev);
	}
	text = event_message(mem_ctx, ev);
	text_add(&text, "\n");
	switch (ev->type) {
	case EVENT_SERVICE_FAILED:
	case EVENT_ALIAS_REFUSED:
	case EVENT_ALIAS_LOST:
		if (ev->subnet != NULL) {
			add_holder(&text, ev);
		} else {
			text_add_wrapped(&text, 0, LOG_COLUMNS,
					 messenger_code_text(ev->code));
		}
		break;
	case EVENT_ALIAS_DEFENDED:
	case EVENT_ALIAS_CONFLICT:
		add_claimant(&text, ev);
		break;
	case EVENT_ALIAS_REGISTERED:
		if (ev->reason != NULL) {
			add_sentence(&text,
				     talloc_asprintf(NULL,
						     "It is not kept over a "
						     "restart of nmbd: %s.",
						     ev->reason));
		}
		break;
	default:
		break;
	}
	if (ev->holder.s_addr == 0 && event_cause(ev) != CAUSE_NONE) {
		event_add_cause(&text, ev); /* nobody is to be asked */
	}
	if (ev->type == EVENT_SERVICE_FAILED &&
	    ev->code == NERR_NoComputerName) {
		text_add(&text,
			 "Rename one of the two computers or release the name "
			 "there; then run:\n"
			 "smbmessenger start\n");
	}
	return text;
}

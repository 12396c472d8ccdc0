/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * An event of NetBT as lines for a log: names of this server that are no
 * aliases, and who wants them.  Pure.
 */

#include <arpa/inet.h>

#include "event_text.h"

/* Broken into lines; frees it. */
static void add_sentence(char **text, char *sentence)
{
	if (sentence == NULL) {
		TALLOC_FREE(*text);
		return;
	}
	text_add_wrapped(text, 0, LOG_COLUMNS, sentence);
	talloc_free(sentence);
}

/* "ALPHA<20> is held by 10.88.0.9 (subnet 10.88.0.2, rcode 6)." */
static void add_refusal(char **text, const struct event *ev)
{
	char *sentence = talloc_asprintf(NULL, "%s<%02x> ", ev->name,
					 ev->netbios.type);

	if (ev->server.s_addr != 0) {
		text_add(&sentence, "is refused by WINS server %s",
			 inet_ntoa(ev->server));
	}
	if (ev->holder.s_addr != 0) {
		text_add(&sentence, "%s by %s",
			 (ev->server.s_addr != 0)       ? ": it is held"
			 : (ev->rcode == RCODE_RFS_ERR) ? "is refused"
							: "is held",
			 inet_ntoa(ev->holder));
	} else if (ev->record.s_addr != 0) {
		text_add(&sentence,
			 ": it has a record for %s, where no computer holds "
			 "the name",
			 inet_ntoa(ev->record));
	}
	text_add(&sentence, " (subnet %s", text_subnet(ev->subnet));
	if (ev->rcode != 0) {
		text_add(&sentence, ", rcode %d", ev->rcode);
	}
	text_add(&sentence, ").");
	add_sentence(text, sentence);
	add_sentence(text,
		     name_type_consequence(NULL, &ev->netbios, ev->name));
}

/* "10.88.0.9 tried to take ALPHA<20>; nmbd refused it, 3 times." */
static void add_claimant(char **text, const struct event *ev)
{
	char *sentence = talloc_strdup(NULL, (ev->claimant.s_addr != 0)
						     ? inet_ntoa(ev->claimant)
						     : "More than 64 others");

	if (ev->holder.s_addr != 0) {
		text_add(&sentence,
			 " claimed %s<%02x> when this server did, and neither "
			 "refused it to the other",
			 ev->name, ev->netbios.type);
	} else if (ev->contest == CONTEST_RELEASE) {
		text_add(&sentence, " released %s<%02x>; nmbd keeps it",
			 ev->name, ev->netbios.type);
	} else if (ev->contest == CONTEST_DEMAND) {
		text_add(&sentence,
			 " demanded that %s<%02x> be given up; nmbd keeps it",
			 ev->name, ev->netbios.type);
	} else {
		text_add(&sentence, " tried to take %s<%02x>; nmbd refused it",
			 ev->name, ev->netbios.type);
	}
	if (ev->count > 1) {
		text_add(&sentence, ", %u times", ev->count);
	}
	text_add(&sentence, ".");
	add_sentence(text, sentence);
}

char *event_name_text(TALLOC_CTX *mem_ctx, const struct event *ev)
{
	char *text = talloc_strdup(mem_ctx, "");

	add_sentence(&text, event_message(NULL, ev));
	if (ev->type == EVENT_NAME_REFUSED) {
		add_refusal(&text, ev);
	} else if (ev->type == EVENT_NAME_CONFLICT) {
		add_claimant(&text, ev);
	}
	if (ev->holder.s_addr == 0 && event_cause(ev) != CAUSE_NONE) {
		event_add_cause(&text, ev);
	}
	return text;
}

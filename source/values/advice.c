/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The advice of Microsoft's article on error 2270 (Q101355), told apart by
 * what the holder says of itself.  Pure.
 */

#include "advice.h"

#include <arpa/inet.h>

#include "text.h"

char *advice_reason(TALLOC_CTX *mem_ctx, enum event_cause cause,
		    enum alias_kind kind, const char *alias)
{
	switch (cause) {
	case CAUSE_DUPLICATE_COMPUTER_NAME:
		return talloc_asprintf(mem_ctx,
				       (kind == ALIAS_COMPUTER)
					       ? "That computer has the name "
						 "%s as its own: two computers "
						 "on this network have the "
						 "same name."
					       : "That computer has the name "
						 "%s as its own.",
				       alias);
	case CAUSE_ALIAS_OF_ANOTHER_COMPUTER:
		return talloc_asprintf(mem_ctx,
				       "That computer has another name of its "
				       "own. It holds %s as a message alias: "
				       "a user of that name is logged on "
				       "there, or the alias was added there.",
				       alias);
	case CAUSE_UNKNOWN:
		return talloc_strdup(mem_ctx,
				     "It did not say who it is: it does not "
				     "answer a node status request, or a "
				     "firewall keeps UDP port 137 closed.");
	case CAUSE_NOT_THE_HOLDER:
		return talloc_asprintf(mem_ctx,
				       "It refuses the name, and does not "
				       "list %s among its own names: it may "
				       "defend it for another computer, or "
				       "have given it up since.",
				       alias);
	case CAUSE_STALE_WINS_RECORD:
		return talloc_strdup(mem_ctx,
				     "No computer stands behind that record: "
				     "it may be of an earlier address of this "
				     "server, or of a computer that is gone.");
	case CAUSE_GROUP_OF_THAT_NAME: /* of names that are no aliases */
	case CAUSE_ANOTHER_DOMAIN_MASTER:
	case CAUSE_NONE:
		break;
	}
	return talloc_strdup(mem_ctx, "It has not been asked who it is.");
}

char *advice_look_up(TALLOC_CTX *mem_ctx, enum event_cause cause,
		     struct in_addr holder, bool near)
{
	if (holder.s_addr == 0) {
		return talloc_strdup(mem_ctx, "");
	}
	switch (cause) {
	case CAUSE_NONE:
		return talloc_asprintf(mem_ctx, "nmblookup -A %s",
				       inet_ntoa(holder));
	case CAUSE_UNKNOWN:
		return talloc_asprintf(mem_ctx,
				       near ? "ip neigh show %s"
					    : "ping -c 3 %s",
				       inet_ntoa(holder));
	default:
		break;
	}
	return talloc_strdup(mem_ctx, "");
}

/* A user's alias has the user's name: there is no other to choose. */
static const char *without_it(enum alias_kind kind)
{
	switch (kind) {
	case ALIAS_COMPUTER:
		return "give one of the two computers another name";
	case ALIAS_USER:
		return "do without it: that user gets no messages here";
	case ALIAS_CONFIGURED:
	case ALIAS_ADDED:
		break;
	}
	return "choose another alias";
}

char *advice_action(TALLOC_CTX *mem_ctx, enum event_cause cause,
		    enum alias_kind kind, const char *alias)
{
	const char *without = without_it(kind);

	switch (cause) {
	case CAUSE_DUPLICATE_COMPUTER_NAME:
		if (kind == ALIAS_COMPUTER) {
			return talloc_strdup(mem_ctx,
					     "Give one of the two another "
					     "name: there, or here by "
					     "\"netbios name\" in smb.conf and "
					     "a restart of nmbd.");
		}
		return talloc_strdup(mem_ctx,
				     (kind == ALIAS_USER)
					     ? "Rename that computer, or do "
					       "without it: that user gets no "
					       "messages here."
					     : "Choose another alias, or "
					       "rename that computer.");
	case CAUSE_ALIAS_OF_ANOTHER_COMPUTER:
		return talloc_asprintf(
			mem_ctx,
			"Log that user off there, or delete the alias there "
			"(Windows: net name %s /delete); or %s%s.",
			alias,
			(kind == ALIAS_COMPUTER) ? "give this server another "
						   "name"
						 : without,
			(kind == ALIAS_COMPUTER || kind == ALIAS_USER)
				? ""
				: " here");
	case CAUSE_STALE_WINS_RECORD:
		return talloc_asprintf(mem_ctx,
				       "Delete the record of %s on the WINS "
				       "server, or wait until it expires; this "
				       "server asks again by itself.",
				       alias);
	case CAUSE_NOT_THE_HOLDER:
	case CAUSE_UNKNOWN:
	case CAUSE_GROUP_OF_THAT_NAME:
	case CAUSE_ANOTHER_DOMAIN_MASTER:
	case CAUSE_NONE:
		break;
	}
	return talloc_asprintf(mem_ctx, "Find the holder, %s %s.",
			       (kind == ALIAS_COMPUTER) ? "and" : "or",
			       without);
}

char *advice_refusal(TALLOC_CTX *mem_ctx, const struct refusal *r,
		     const char *alias)
{
	char *text = talloc_asprintf(mem_ctx, "WINS server %s refuses %s<%02x> ",
				     inet_ntoa(r->server), alias,
				     MESSENGER_NAME_TYPE);

	if (r->record.s_addr == 0) {
		text_add(&text, "(rcode %d, %s).", r->rcode,
			 rcode_text(r->rcode));
	} else {
		text_add(&text,
			 "(rcode %d): it has a record for %s, where no "
			 "computer holds the name.",
			 r->rcode, inet_ntoa(r->record));
	}
	return text;
}

char *advice_unable(TALLOC_CTX *mem_ctx, struct in_addr server, int rcode)
{
	/* what a host says that is asked for something it does not do */
	bool foreign = (rcode == RCODE_FMT_ERR || rcode == RCODE_IMP_ERR);

	if (rcode == 0) {
		return talloc_asprintf(mem_ctx,
				       "WINS server %s does not answer",
				       inet_ntoa(server));
	}
	return talloc_asprintf(mem_ctx, "WINS server %s answered %s (%d)%s",
			       inet_ntoa(server), rcode_text(rcode), rcode,
			       foreign ? ": it may not be a WINS server" : "");
}

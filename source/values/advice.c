/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The advice of Microsoft's article on error 2270 (Q101355), told apart by
 * what the holder says of itself.  Pure.
 */

#include "advice.h"

char *advice_reason(TALLOC_CTX *mem_ctx, enum event_cause cause,
		    const char *alias)
{
	switch (cause) {
	case CAUSE_DUPLICATE_COMPUTER_NAME:
		return talloc_asprintf(mem_ctx,
				       "That computer has the name %s as its "
				       "own: two computers on this network "
				       "have the same name.",
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
	case CAUSE_NONE:
		break;
	}
	return talloc_strdup(mem_ctx, "It has not been asked who it is.");
}

char *advice_action(TALLOC_CTX *mem_ctx, enum event_cause cause,
		    enum alias_kind kind, const char *alias)
{
	bool computer = (kind == ALIAS_COMPUTER);

	switch (cause) {
	case CAUSE_DUPLICATE_COMPUTER_NAME:
		return talloc_strdup(mem_ctx,
				     computer ? "Give one of the two another "
						"name: there, or here by "
						"\"netbios name\" in smb.conf "
						"and a restart of nmbd."
					      : "Choose another alias, or "
						"rename that computer.");
	case CAUSE_ALIAS_OF_ANOTHER_COMPUTER:
		return talloc_asprintf(
			mem_ctx,
			"Log that user off there, or delete the alias there "
			"(Windows: net name %s /delete)%s.",
			alias,
			computer ? "; or give this server another name"
				 : "; or choose another alias here");
	case CAUSE_UNKNOWN:
	case CAUSE_NONE:
		break;
	}
	return talloc_strdup(mem_ctx,
			     computer ? "Find the holder, and give one of the "
					"two computers another name."
				      : "Find the holder, or choose another "
					"alias.");
}

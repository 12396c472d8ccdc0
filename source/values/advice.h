/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The advice of Microsoft's article on error 2270 (Q101355), told apart by
 * what the holder says of itself.  Pure.
 */

#ifndef MESSENGER_SOURCE_ADVICE_H
#define MESSENGER_SOURCE_ADVICE_H

#include <netinet/in.h>
#include <stdbool.h>

#include <talloc.h>

#include "claim.h"
#include "messenger.h"

/**
 * @brief Why the holder of a name has it.
 *
 * @param[in] kind  Of the alias here.
 *
 * @return A sentence, owned by mem_ctx; NULL without memory.
 */
char *advice_reason(TALLOC_CTX *mem_ctx, enum event_cause cause,
		    enum alias_kind kind, const char *alias);

/**
 * @brief What a WINS server says that refuses a name and does not tell whose
 *        it is: by which code, for the sake of which record.
 *
 * @return As above.
 */
char *advice_refusal(TALLOC_CTX *mem_ctx, const struct refusal *refusal,
		     const char *alias);

/**
 * @brief Why a WINS server is no help: it answered this code, or not at all
 *        (rcode 0).
 *
 * @return As above, without its full stop.
 */
char *advice_unable(TALLOC_CTX *mem_ctx, struct in_addr server, int rcode);

/**
 * @brief The command that may tell more of who holds a name.
 *
 * A host that has not answered a node status request is not asked that again:
 * its MAC address is what is left, or whether it is there at all.
 *
 * @param[in] holder  0.0.0.0: nobody is known.
 * @param[in] near    Is it on a subnet of this server?  If not, WINS named it.
 *
 * @return "", if all is known, or nobody; else as above.
 */
char *advice_look_up(TALLOC_CTX *mem_ctx, enum event_cause cause,
		     struct in_addr holder, bool near);

/**
 * @brief What to do about it.
 *
 * @param[in] kind  Of the alias here.
 *
 * @return As above.
 */
char *advice_action(TALLOC_CTX *mem_ctx, enum event_cause cause,
		    enum alias_kind kind, const char *alias);

#endif /* MESSENGER_SOURCE_ADVICE_H */

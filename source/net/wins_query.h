/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Is a name free in WINS?
 *
 * nmbd registers with opcode 15, and a Samba WINS server merges such a claim
 * into a living owner's record and answers that all is well.  So the servers
 * are asked first who has the name, and the one they name is asked whether it
 * still does.
 */

#ifndef MESSENGER_SOURCE_WINS_QUERY_H
#define MESSENGER_SOURCE_WINS_QUERY_H

#include <netinet/in.h>
#include <stdbool.h>

#include <talloc.h>
#include <tevent.h>

#include "interfaces.h"
#include "name.h"

/** What WINS says of a name, the more the higher. */
enum wins_state {
	WINS_UNREACHABLE, /* no server could be asked: err */
	WINS_SILENT,	  /* none answered */
	WINS_FREE,	  /* nobody holds it, whatever the record says */
	WINS_TAKEN,	  /* another computer holds it, by its own word */
};

struct wins_verdict {
	enum wins_state state;
	int err;	      /* an errno; 0: no server has an address */
	struct in_addr owner; /* of a name that is taken; 0.0.0.0: a group's */
	struct in_addr server; /* who said so; or a silent one */
	/*
	 * An address in the database of a host that does not say that it has
	 * the name; 0.0.0.0: none.
	 */
	struct in_addr record;
	/* a server has refused a claim for it meanwhile; 0: none has */
	int rcode;
};

/** @brief Why no server could be asked; NULL without memory. */
char *wins_verdict_text(TALLOC_CTX *mem_ctx,
			const struct wins_verdict *verdict);

struct wins_claims;

/** Called with the answer, from the event loop; it may drop the question. */
typedef void (*wins_claims_answered)(void *private_data, const char *name,
				     const struct wire_name *wire,
				     const struct wins_verdict *verdict);

/** @brief Returns NULL without memory. */
struct wins_claims *wins_claims_init(TALLOC_CTX *mem_ctx,
				     struct tevent_context *ev,
				     const struct interfaces *interfaces,
				     wins_claims_answered answered,
				     void *private_data);

/**
 * @brief Ask the WINS server of each tag in smb.conf for a name; an older
 *        question for it is forgotten.
 *
 * A server that does not answer, and an owner that does not, do not stand in
 * the way: the first is what nmbd does too, the second is for the server to
 * judge.  Our own addresses are never foreign.
 *
 * @param[in] scope  NetBIOS scope, "" for none.
 * @param[in] self   An address of ours that nmbd claims the name for.
 *
 * @return false without memory: nothing was asked.
 */
bool wins_claims_ask(struct wins_claims *claims, const char *name,
		     const struct wire_name *wire, const char *scope,
		     struct in_addr self);

/** @brief "WINS server 10.0.0.1 has not answered so far"; or NULL. */
char *wins_claims_text(TALLOC_CTX *mem_ctx, const struct wins_claims *claims);

/** @brief End the question for a name, and forget what is known of it. */
void wins_claims_drop(struct wins_claims *claims,
		      const struct wire_name *wire);

/** @brief End all questions. */
void wins_claims_drop_all(struct wins_claims *claims);

/** @brief smb.conf may name other servers now. */
void wins_claims_reset(struct wins_claims *claims);

/** @brief Is WINS being asked for a name now? */
bool wins_claims_pending(const struct wins_claims *claims,
			 const struct wire_name *wire);

/**
 * @brief A server has refused a claim for it: to be told with the answer.
 *
 * @param[in] refusal  rcode and server.
 *
 * @return false: it is not being asked for.
 */
bool wins_claims_refused(struct wins_claims *claims,
			 const struct wire_name *wire,
			 const struct wins_verdict *refusal);

#endif /* MESSENGER_SOURCE_WINS_QUERY_H */

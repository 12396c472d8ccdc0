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

#include "name.h"

/**
 * @brief Ask the WINS server of each tag in smb.conf.
 *
 * A server that does not answer, and an owner that does not, do not stand in
 * the way: the first is what nmbd does too, the second is for the server to
 * judge.  Our own addresses are never foreign.
 *
 * @param[in] scope  NetBIOS scope, "" for none.
 * @param[in] self   An address of ours that nmbd claims the name for.
 *
 * @return NULL without memory.
 */
struct tevent_req *wins_check_send(TALLOC_CTX *mem_ctx,
				   struct tevent_context *ev,
				   const struct wire_name *wire,
				   const char *scope, struct in_addr self);

/** What is known of a name in WINS. */
struct wins_verdict {
	bool taken; /* another computer holds the name */
	bool alive; /* a server answered */
	/*
	 * The owner of a name that is taken, 0.0.0.0 for a group's.  Not
	 * taken: an owner in the database that does not answer.
	 */
	struct in_addr owner;
};

/** @brief The verdict. */
struct wins_verdict wins_check_recv(struct tevent_req *req);

#endif /* MESSENGER_SOURCE_WINS_QUERY_H */

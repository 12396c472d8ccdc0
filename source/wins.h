/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Is a name free in WINS?
 *
 * nmbd registers with opcode 15, and a Samba WINS server merges such a claim
 * into a living owner's record and answers that all is well.  So the servers
 * are asked first who has the name, and the one they name is asked whether it
 * still does.
 */

#ifndef MESSENGER_SOURCE_WINS_H
#define MESSENGER_SOURCE_WINS_H

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
 *
 * @return NULL without memory.
 */
struct tevent_req *wins_check_send(TALLOC_CTX *mem_ctx,
				   struct tevent_context *ev,
				   const struct wire_name *wire,
				   const char *scope);

/**
 * @brief The verdict.
 *
 * @param[out] holder  The owner's address if the name is taken, 0.0.0.0 for
 *                     a group's; else 0.0.0.0.
 *
 * @return Whether another computer holds the name.
 */
bool wins_check_recv(struct tevent_req *req, struct in_addr *holder);

#endif /* MESSENGER_SOURCE_WINS_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Who on a net has a name: a broadcast query, RFC 1002 5.1.1.3, which anybody
 * may answer.
 */

#ifndef MESSENGER_SOURCE_NAME_QUERY_H
#define MESSENGER_SOURCE_NAME_QUERY_H

#include <netinet/in.h>

#include <talloc.h>
#include <tevent.h>

#include "name.h"

/** More than so many hosts are not listened to. */
#define NAME_QUERY_HOSTS_MAX 32

struct name_query_answer {
	bool group; /* one at least says so */
	size_t num_hosts;
	struct in_addr hosts[NAME_QUERY_HOSTS_MAX]; /* who answered */
};

/**
 * @brief Ask: three times, 250 ms apart, until somebody has answered.
 *
 * @param[in] mem_ctx    Owner of the request; freeing it ends the question.
 * @param[in] from       An address of this machine on that net.
 * @param[in] broadcast  Of the net.
 * @param[in] scope      NetBIOS scope, "" for none.
 *
 * @return NULL without memory.
 */
struct tevent_req *name_query_send(TALLOC_CTX *mem_ctx,
				   struct tevent_context *ev,
				   struct in_addr from,
				   struct in_addr broadcast,
				   const struct netbios_name *name,
				   const char *scope);

/**
 * @brief The answers.
 *
 * @param[out] answer  On success; no host: nobody has it.
 *
 * @return 0, or the errno of what could not be sent.
 */
int name_query_recv(struct tevent_req *req, struct name_query_answer *answer);

#endif /* MESSENGER_SOURCE_NAME_QUERY_H */

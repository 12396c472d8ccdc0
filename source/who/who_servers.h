/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Which WINS servers are asked who holds a name, for many questions at once.
 */

#ifndef MESSENGER_SOURCE_WHO_SERVERS_H
#define MESSENGER_SOURCE_WHO_SERVERS_H

#include "wins_servers.h"

/** Servers of one tag that are tried in one question. */
#define WHO_SERVERS_TRIED_MAX 4

struct who_servers;

/** @brief Returns NULL without memory. */
struct who_servers *who_servers_init(TALLOC_CTX *mem_ctx);

/**
 * @brief One for each tag, as wins_servers_list(); it is looked up anew after
 *        some seconds only.
 *
 * @return The caller's, a talloc array; NULL without memory.
 */
struct wins_server *who_servers_list(TALLOC_CTX *mem_ctx,
				     struct who_servers *servers,
				     struct in_addr self);

/**
 * @brief A server says nothing: the next one of its tag.
 *
 * nmbd's own choice stays as it is.  Later questions begin with that one, until
 * the list is looked up anew.
 *
 * @param[in,out] server  The next one, on success.
 * @param[in]     tried   Those that have been tried, with this one.
 *
 * @return Whether there is one that has not been tried.
 */
bool who_servers_next(struct who_servers *servers, struct wins_server *server,
		      const struct in_addr *tried, size_t num,
		      struct in_addr self);

#endif /* MESSENGER_SOURCE_WHO_SERVERS_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The WINS servers of smb.conf, as nmbd would use them now.
 */

#ifndef MESSENGER_SOURCE_WINS_SERVERS_H
#define MESSENGER_SOURCE_WINS_SERVERS_H

#include <netinet/in.h>
#include <stdbool.h>

#include <talloc.h>

/** The one that nmbd would use for one tag of smb.conf. */
struct wins_server {
	char *tag;
	struct in_addr ip;
};

/**
 * @brief One for each tag, each address once.
 *
 * Names of servers may have to be looked up, which waits: do not do it for
 * each alias.
 *
 * @param[in] self  An address of ours that nmbd claims names for.
 *
 * @return A talloc array, ended by one without an address; NULL without memory.
 */
struct wins_server *wins_servers_list(TALLOC_CTX *mem_ctx, struct in_addr self);

/** @brief A copy; NULL without memory. */
struct wins_server *wins_servers_copy(TALLOC_CTX *mem_ctx,
				      const struct wins_server *servers);

/**
 * @brief A server cannot be reached: go on with another one of its tag.
 *
 * It is dead for nmbd then, as one that is silent.
 *
 * @param[in,out] server  The other one, on success.
 *
 * @return Whether there is another one.
 */
bool wins_servers_fail_over(struct wins_server *server, struct in_addr self);

/**
 * @brief Which one would nmbd use for this tag, were these dead?
 *
 * They are not, afterwards: only for a question is another one taken.
 *
 * @return 0.0.0.0 for none; one of these, if there is no other.
 */
struct in_addr wins_servers_after(const char *tag, const struct in_addr *dead,
				  size_t num, struct in_addr self);

/** @brief "no address is known of WINS server NAME"; NULL without memory. */
char *wins_servers_text(TALLOC_CTX *mem_ctx);

#endif /* MESSENGER_SOURCE_WINS_SERVERS_H */

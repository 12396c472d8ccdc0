/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A connection of our own to this machine's ctdbd.  Samba's own one waits for
 * each answer; this one never does.  While ctdbd is not there it is tried
 * again by who sends.
 */

#ifndef MESSENGER_SOURCE_CTDB_LINK_H
#define MESSENGER_SOURCE_CTDB_LINK_H

#include <talloc.h>
#include <tevent.h>

#include "ctdb_packet.h"

struct ctdb_link;

/**
 * @brief Not connected yet.
 *
 * @param[in] path  Of ctdbd's socket; copied.
 * @param[in] came  Called for each packet that was read.
 *
 * @return NULL without memory.
 */
struct ctdb_link *ctdb_link_init(TALLOC_CTX *mem_ctx,
				 struct tevent_context *ev, const char *path,
				 void (*came)(void *private_data,
					      const struct ctdb_packet *p),
				 void *private_data);

/**
 * @brief Connect, if it is not connected.
 *
 * @param[out] fresh  It is a new connection: ctdbd knows nothing of us.
 *
 * @return 0 or errno.
 */
int ctdb_link_open(struct ctdb_link *link, bool *fresh);

/** @brief Send a packet, or leave it if too many are waiting. */
void ctdb_link_send(struct ctdb_link *link, const uint8_t *packet, size_t len);

#endif /* MESSENGER_SOURCE_CTDB_LINK_H */

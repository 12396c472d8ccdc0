/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Release requests to come, at a pace that the sockets of those who hear them
 * survive.
 */

#ifndef MESSENGER_SOURCE_NAMELIST_RELEASES_H
#define MESSENGER_SOURCE_NAMELIST_RELEASES_H

#include <talloc.h>
#include <tevent.h>

#include "name.h"
#include "nmbd_host.h"

struct releases;

/** @brief Returns NULL without memory. */
struct releases *releases_init(TALLOC_CTX *mem_ctx, struct tevent_context *ev);

/**
 * @brief Send one release request, now if there is room, else when its turn
 *        comes.
 *
 * Without memory it is sent at once.
 *
 * @param[in] record  The name, still in its list; it is left there.
 * @param[in] ip      The address that has it no more.
 * @param[in] to      Whom to tell.
 */
void releases_send(struct releases *releases, struct subnet_record *subrec,
		   const struct name_record *record, struct in_addr ip,
		   struct in_addr to);

/**
 * @brief The same, now: a registration is about to follow it, and a WINS server
 *        would take a release that comes later for one of that.
 */
void releases_send_now(struct subnet_record *subrec,
		       const struct name_record *record, struct in_addr ip,
		       struct in_addr to);

/** @brief The name is claimed again: what was not sent yet is not sent. */
void releases_drop(struct releases *releases, const struct wire_name *wire);

/** @brief A subnet was closed: nothing can be sent there any more. */
void releases_drop_subnet(struct releases *releases,
			  const struct subnet_record *subrec);

/** @brief nmbd ends: send all of them now. */
void releases_flush(struct releases *releases);

#endif /* MESSENGER_SOURCE_NAMELIST_RELEASES_H */

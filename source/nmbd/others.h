/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Others who want our names, in the packets that nmbd reads.
 */

#ifndef MESSENGER_SOURCE_NMBD_OTHERS_H
#define MESSENGER_SOURCE_NMBD_OTHERS_H

#include "claim.h"
#include "nmbd_host.h"

/**
 * @brief Is this packet a claim of another host's?  Cheap for all but a few.
 *
 * @param[out] contest  Written on success.
 */
bool others_read(const struct packet_struct *packet, struct contest *contest);

#endif /* MESSENGER_SOURCE_NMBD_OTHERS_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Datagrams that nmbd reads on port 138, as values.
 */

#ifndef MESSENGER_SOURCE_DATAGRAMS_H
#define MESSENGER_SOURCE_DATAGRAMS_H

#include <stdbool.h>

#include "slot.h"

struct packet_struct;

/**
 * @brief What nmbd has parsed, if it is a datagram that may be a message.
 *
 * Called for every packet: what is none is known by a comparison or two.
 *
 * @param[out] d     Points into the packet; written if it is one.
 * @param[out] port  Where it was sent from.
 *
 * @return Whether it is.
 */
bool datagrams_read(const struct packet_struct *packet,
		    struct slot_datagram *d, int *port);

/** @brief Our workgroup, as it is on the wire. */
void datagrams_workgroup(struct wire_name *wire);

#endif /* MESSENGER_SOURCE_DATAGRAMS_H */

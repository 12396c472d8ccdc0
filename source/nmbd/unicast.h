/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The list of the unicast subnet, and the addresses in it.
 */

#ifndef MESSENGER_SOURCE_NMBD_UNICAST_H
#define MESSENGER_SOURCE_NMBD_UNICAST_H

#include "names.h"

/**
 * @brief Granted on a subnet: unicast queries and node status have it too.
 *
 * @return Whether WINS has to be told, by a registration of all addresses;
 *         nmbd's wins_refresh_name() would tell it of the first one only.
 */
bool unicast_enter(const struct names *names, struct subnet_record *subrec,
		   const struct wire_name *wire);

/**
 * @brief The address of a closed subnet goes out of unicast names and WINS.
 *
 * nmbd leaves it in them.
 *
 * @param[in] again  Called for each name whose other addresses have to be
 *                   registered in WINS anew.
 */
void unicast_forget_address(struct in_addr ip,
			    void (*again)(void *private_data,
					  const struct wire_name *wire),
			    void *private_data);

/** @brief Out of the unicast list, and release it in WINS. */
void unicast_release(const struct names *names, const struct wire_name *wire);

#endif /* MESSENGER_SOURCE_NMBD_UNICAST_H */

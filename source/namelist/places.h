/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Where a name can be asked for, and whether nmbd has it there.
 */

#ifndef MESSENGER_SOURCE_NAMELIST_PLACES_H
#define MESSENGER_SOURCE_NAMELIST_PLACES_H

#include <netinet/in.h>
#include <stdbool.h>

#include "name.h"

/**
 * One subnet, or WINS: then address is that of nmbd's first subnet, and
 * broadcast 0.0.0.0.  ours: nmbd has the name there.
 */
typedef void (*places_told)(void *private_data, const char *subnet,
			    struct in_addr address, struct in_addr broadcast,
			    bool ours);

/** @brief Call told() for each subnet, and for WINS if there is one. */
void places_tell(const struct netbios_name *name, const char *scope,
		 places_told told, void *private_data);

#endif /* MESSENGER_SOURCE_NAMELIST_PLACES_H */

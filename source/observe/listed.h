/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What nmbd's name lists have of this server's names that are no aliases.
 */

#ifndef MESSENGER_SOURCE_LISTED_H
#define MESSENGER_SOURCE_LISTED_H

#include "claim.h"
#include "interfaces.h"
#include "nmbd_host.h"

/** @brief Has nmbd this name as its own on this subnet? */
bool listed_has(const struct subnet_record *subrec,
		const struct netbios_name *name);

/**
 * @brief Call ops->subnet() and ops->listed() for all there is.
 *
 * nmbd keeps subnets whose address is no more on this machine: those are left
 * out.
 */
void listed_tell(const struct name_ops *ops, void *private_data,
		 const struct interfaces *interfaces);

#endif /* MESSENGER_SOURCE_LISTED_H */

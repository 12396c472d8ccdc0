/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Where a name can be asked for, and whether nmbd has it there.
 */

#include "places.h"

#include <string.h>

#include "nmbd_host.h"

static bool has_name(struct subnet_record *subrec,
		     const struct netbios_name *name, const char *scope)
{
	struct nmb_name n = { .name_type = name->type };

	memcpy(n.name, name->wire.bytes, sizeof(n.name));
	(void)strncpy(n.scope, scope, sizeof(n.scope) - 1);
	return find_name_on_subnet(subrec, &n, FIND_SELF_NAME) != NULL;
}

void places_tell(const struct netbios_name *name, const char *scope,
		 places_told told, void *private_data)
{
	const struct in_addr none = { .s_addr = 0 };
	struct subnet_record *subrec = subnetlist;

	for (; subrec != NULL; subrec = subrec->next) {
		told(private_data, subrec->subnet_name, subrec->myip,
		     subrec->bcast_ip, has_name(subrec, name, scope));
	}
	if (we_are_a_wins_client() && subnetlist != NULL) {
		told(private_data, unicast_subnet->subnet_name,
		     subnetlist->myip, none,
		     has_name(unicast_subnet, name, scope));
	}
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The table of names against what nmbd's lists say.  Pure.
 */

#include "netbt_private.h"

#include <string.h>

static const char not_held[] =
	"nmbd does not hold it there, and does not try again by itself";
void netbt_listed(void *private_data, const struct netbios_name *name,
		      const char *subnet)
{
	struct netbt *n = private_data;
	struct name_entry *e = NULL;
	struct name_subnet *where = NULL;

	if (strcmp(subnet, SUBNET_WINS) == 0) {
		e = name_table_get(n->table, name);
		if (e != NULL) {
			e->unicast = true;
			where = name_entry_find(e, subnet);
		}
	} else {
		where = netbt_get(n, name, subnet, &e);
	}
	if (where != NULL) {
		where->listed = true;
	}
	if (where != NULL &&
	    (where->state == NAME_RELEASED || where->reason == not_held)) {
		/* registered before anybody looked */
		name_subnet_set(where, NAME_REGISTERED);
	}
}

/*
 * Names that nmbd claims on each subnet, once: missing, a claim could not be
 * sent, or it was refused before anybody looked.
 */
static bool is_claimed_everywhere(const struct netbios_name *name)
{
	return name->type == TYPE_SERVER || name->type == TYPE_ELECTIONS ||
	       name->type == TYPE_WORKSTATION;
}

void netbt_subnet(void *private_data, const char *subnet)
{
	struct netbt *n = private_data;
	struct name_entry *e = NULL;

	TAILQ_FOREACH(e, name_table_all(n->table), entry) {
		struct name_subnet *where = name_entry_find(e, subnet);

		if (where != NULL || !is_claimed_everywhere(&e->name)) {
			continue;
		}
		where = name_entry_get(e, subnet);
		if (where != NULL) {
			name_subnet_set(where, NAME_WAITING);
			where->reason = not_held;
		}
	}
}

const struct name_table *netbt_table(const struct netbt *n)
{
	return n->table;
}

const struct name_table *netbt_look(struct netbt *n)
{
	struct name_entry *e = NULL;
	struct name_subnet *where = NULL;

	TAILQ_FOREACH(e, name_table_all(n->table), entry) {
		e->unicast = false;
		TAILQ_FOREACH(where, &e->subnets, entry) {
			where->listed = false;
		}
	}
	n->ops->look(n->private_data);
	TAILQ_FOREACH(e, name_table_all(n->table), entry) {
		TAILQ_FOREACH(where, &e->subnets, entry) {
			if (where->state == NAME_REGISTERED &&
			    !where->listed) {
				name_subnet_set(where, NAME_RELEASED);
			}
		}
	}
	return n->table;
}

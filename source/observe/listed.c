/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What nmbd's name lists have of this server's names that are no aliases.
 */

#include "listed.h"

#include <string.h>

#include "watched.h"

/* nmbd's own, which are in its lists and never on the net */
static const char *const internal[] = { "*", "__SAMBA__" };

static bool is_own(const struct name_record *n)
{
	return n->data.source == SELF_NAME || n->data.source == PERMANENT_NAME;
}

bool listed_has(const struct subnet_record *subrec,
		const struct netbios_name *name)
{
	const struct name_record *n = subrec->namelist;

	for (; n != NULL; n = n->next) {
		if (n->name.name_type == name->type &&
		    memcmp(n->name.name, name->wire.bytes,
			   sizeof(name->wire.bytes)) == 0) {
			return is_own(n);
		}
	}
	return false;
}

static bool is_internal(const struct name_record *n)
{
	size_t i;

	for (i = 0; i < sizeof(internal) / sizeof(internal[0]); i++) {
		if (strncmp(n->name.name, internal[i],
			    sizeof(n->name.name)) == 0) {
			return true;
		}
	}
	return n->name.name_type == MESSENGER_NAME_TYPE;
}

static void look(const struct subnet_record *subrec, const struct name_ops *ops,
		 void *private_data)
{
	const struct name_record *head = subrec->namelist;
	const struct name_record *n = NULL;
	struct netbios_name name;

	/* the oldest first: Samba's lists have their tail as the head's prev */
	for (n = (head != NULL) ? head->prev : NULL; n != NULL;
	     n = (n != head) ? n->prev : NULL) {
		if (is_own(n) && !is_internal(n)) {
			watched_name(&name, &n->name,
				     (n->data.nb_flags & NB_GROUP) != 0);
			ops->listed(private_data, &name, subrec->subnet_name);
		}
	}
}

void listed_tell(const struct name_ops *ops, void *private_data,
		 const struct interfaces *interfaces)
{
	const struct subnet_record *subrec = subnetlist;

	/* first: without WINS nmbd enters there what it means to claim */
	look(unicast_subnet, ops, private_data);
	for (; subrec != NULL; subrec = subrec->next) {
		if (interfaces_have(interfaces, subrec->myip)) {
			ops->subnet(private_data, subrec->subnet_name);
			look(subrec, ops, private_data);
		}
	}
}

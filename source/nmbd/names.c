/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * nmbd's name lists: what is in them, nmbd answers for.  A name that is ours is
 * in the list of each subnet and in that of the unicast subnet; one that is
 * not, in none.
 */

#include "names.h"

#include <string.h>

void names_make(const struct names *names, struct nmb_name *n,
		const struct wire_name *wire)
{
	memset(n, 0, sizeof(*n));
	memcpy(n->name, wire->bytes, sizeof(n->name));
	memcpy(n->scope, names->scope, sizeof(n->scope));
	n->name_type = MESSENGER_NAME_TYPE;
}

void names_wire_of(struct wire_name *wire, const struct nmb_name *n)
{
	memcpy(wire->bytes, n->name, sizeof(wire->bytes));
}

struct name_record *names_find_own(const struct names *names,
				   struct subnet_record *subrec,
				   const struct wire_name *wire)
{
	struct nmb_name name;

	names_make(names, &name, wire);
	return find_name_on_subnet(subrec, &name, FIND_SELF_NAME);
}

void names_remove(const struct names *names, struct subnet_record *subrec,
		  const struct wire_name *wire)
{
	struct name_record *n = names_find_own(names, subrec, wire);

	if (n != NULL) {
		remove_name_from_namelist(subrec, n);
	}
}

/*
 * nmbd looks names up in a list, from its head, and puts new ones there.  Ours
 * go to its end, so that the server's own names stay as quick as they were.
 */
void names_put_last(const struct names *names, struct subnet_record *subrec,
		    const struct wire_name *wire)
{
	struct name_record *head = subrec->namelist;
	struct name_record *tail = NULL;

	if (head == NULL || head->next == NULL ||
	    head->name.name_type != MESSENGER_NAME_TYPE ||
	    memcmp(head->name.name, wire->bytes, sizeof(wire->bytes)) != 0 ||
	    wire_name_equal(wire, &names->computer)) {
		return;
	}
	/* Samba's lists: the head's prev is the tail, the tail's next NULL */
	tail = head->prev;
	subrec->namelist = head->next;
	tail->next = head;
	head->next = NULL;
	/* head->prev is the old tail already */
	subrec->namelist->prev = head;
}

/*
 * Releasing.
 */

static void release_over(struct subnet_record *subrec,
			 struct response_record *rrec)
{
	remove_response_record(subrec, rrec);
}

static void release_answered(struct subnet_record *subrec,
			     struct response_record *rrec,
			     struct packet_struct *p)
{
	remove_response_record(subrec, rrec);
}

void names_send_release(struct subnet_record *subrec,
			const struct name_record *n, struct in_addr ip,
			struct in_addr to)
{
	struct nmb_name name = n->name;

	/*
	 * Not release_name(): it keeps the name in its list, and answers for
	 * it, until the release has been answered or timed out.
	 */
	(void)queue_release_name(subrec, release_answered, release_over, NULL,
				 NULL, NULL, &name, n->data.nb_flags, ip, to);
}

void names_release_broadcast(const struct names *names,
			     struct subnet_record *subrec,
			     const struct wire_name *wire)
{
	struct name_record *n = names_find_own(names, subrec, wire);

	if (n != NULL) {
		names_send_release(subrec, n, subrec->myip, subrec->bcast_ip);
		remove_name_from_namelist(subrec, n);
	}
}

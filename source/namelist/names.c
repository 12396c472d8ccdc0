/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * nmbd's name lists: what is in them, nmbd answers for.  A name that is ours is
 * in the list of each subnet and in that of the unicast subnet; one that is
 * not, in none.
 */

#include "names.h"

#include <string.h>
#include <strings.h>

/* Samba's lists: the head's prev is the tail, the tail's next NULL. */

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

static bool is_in_scope(const struct names *names, const struct nmb_name *n)
{
	return strncasecmp(n->scope, names->scope, sizeof(n->scope)) == 0;
}

static bool is_it(const struct names *names, const struct name_record *n,
		  const struct wire_name *wire)
{
	return memcmp(n->name.name, wire->bytes, sizeof(wire->bytes)) == 0 &&
	       n->name.name_type == MESSENGER_NAME_TYPE &&
	       is_in_scope(names, &n->name);
}

/*
 * What nmbd's find_name_on_subnet() finds, which compares 84 bytes of each
 * name that it passes: of thousands, that is most of what a claim costs.  Looked
 * for from both ends: what is given up is as a rule the oldest or the newest.
 */
static struct name_record *find(const struct names *names,
				const struct subnet_record *subrec,
				const struct wire_name *wire)
{
	struct name_record *front = subrec->namelist;
	struct name_record *back = (front != NULL) ? front->prev : NULL;

	while (front != NULL) {
		if (is_it(names, front, wire)) {
			return front;
		}
		if (front == back) {
			break;
		}
		if (is_it(names, back, wire)) {
			return back;
		}
		front = front->next;
		if (front == back) {
			break;
		}
		back = back->prev;
	}
	return NULL;
}

struct name_record *names_find_own(const struct names *names,
				   const struct subnet_record *subrec,
				   const struct wire_name *wire)
{
	struct name_record *n = NULL;

	if (!presence_may_have(names->presence, subrec, wire)) {
		return NULL;
	}
	n = find(names, subrec, wire);
	if (n == NULL ||
	    (n->data.source != SELF_NAME && n->data.source != PERMANENT_NAME)) {
		return NULL;
	}
	return n;
}

bool names_have_anywhere(const struct names *names,
			 const struct wire_name *wire)
{
	struct subnet_record *subrec = subnetlist;

	while (subrec != NULL && names_find_own(names, subrec, wire) == NULL) {
		subrec = subrec->next;
	}
	return subrec != NULL;
}

static void take_out(const struct names *names, struct subnet_record *subrec,
		     struct name_record *n)
{
	struct wire_name wire;

	names_wire_of(&wire, &n->name);
	remove_name_from_namelist(subrec, n);
	presence_remove(names->presence, subrec, &wire);
}

void names_remove(const struct names *names, struct subnet_record *subrec,
		  const struct wire_name *wire)
{
	struct name_record *n = names_find_own(names, subrec, wire);

	if (n != NULL) {
		take_out(names, subrec, n);
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
	tail = head->prev;
	subrec->namelist = head->next;
	tail->next = head;
	head->next = NULL;
	/* head->prev is the old tail already */
	subrec->namelist->prev = head;
}

/*
 * nmbd's own names stand at the head of a list.  Of those behind the first few
 * nmbd need not be shown any, if the one that it looks for is not among them.
 */
#define SHOWN 16

void names_entering(const struct names *names, struct subnet_record *subrec,
		    const struct wire_name *wire, struct names_hidden *hidden)
{
	struct name_record *n = subrec->namelist;
	unsigned i;

	*hidden = (struct names_hidden){ .last = NULL };
	if (names_find_own(names, subrec, wire) != NULL) {
		hidden->was_in = true;
		return;
	}
	for (i = 1; n != NULL && i < SHOWN; i++) {
		n = n->next;
	}
	if (n == NULL || n->next == NULL) {
		return;
	}
	hidden->last = n;
	hidden->first = n->next;
	hidden->tail = subrec->namelist->prev;
	n->next = NULL;
	subrec->namelist->prev = n;
}

void names_entered(const struct names *names, struct subnet_record *subrec,
		   const struct wire_name *wire,
		   const struct names_hidden *hidden, bool is_in)
{
	if (hidden->last != NULL) {
		hidden->last->next = hidden->first;
		subrec->namelist->prev = hidden->tail;
	}
	if (is_in && !hidden->was_in) {
		presence_add(names->presence, subrec, wire);
	}
}

/*
 * Releasing.
 */

void names_release_broadcast(const struct names *names,
			     struct subnet_record *subrec,
			     const struct wire_name *wire)
{
	struct name_record *n = names_find_own(names, subrec, wire);

	if (n != NULL) {
		releases_send(names->releases, subrec, n, subrec->myip,
			      subrec->bcast_ip);
		take_out(names, subrec, n);
	}
}

/*
 * The list of the unicast subnet, the addresses in it, and their release in
 * WINS.  Without WINS a name is in it as long as a subnet has it; with WINS,
 * nmbd enters what it registers there.
 */

static bool has_address(const struct name_record *n, struct in_addr ip)
{
	int i;

	for (i = 0; i < n->data.num_ips; i++) {
		if (n->data.ip[i].s_addr == ip.s_addr) {
			return true;
		}
	}
	return false;
}

bool names_enter_unicast(const struct names *names,
			 struct subnet_record *subrec,
			 const struct wire_name *wire)
{
	struct name_record *n = NULL;
	struct names_hidden hidden;
	struct nmb_name name;

	if (we_are_a_wins_client()) {
		n = names_find_own(names, unicast_subnet, wire);
	}
	if (n == NULL) {
		names_make(names, &name, wire);
		names_entering(names, unicast_subnet, wire, &hidden);
		insert_permanent_name_into_unicast(subrec, &name,
						   samba_nb_type);
		names_entered(names, unicast_subnet, wire, &hidden, true);
		return false;
	}
	if (has_address(n, subrec->myip)) {
		return false;
	}
	add_ip_to_name_record(n, subrec->myip);
	return n->data.source == SELF_NAME;
}

/*
 * A name of nmbd's own is PERMANENT_NAME here without WINS.  With WINS, and
 * when nmbd ends, nmbd has released it itself (NB_DEREG).
 */
static bool is_in_wins(const struct name_record *n)
{
	return n->data.source == SELF_NAME && we_are_a_wins_client() &&
	       (n->data.nb_flags & NB_DEREG) == 0;
}

/* releases: NULL: now. */
static void release_in_wins(struct releases *releases,
			    const struct name_record *n, struct in_addr ip)
{
	char **tags = wins_srv_tags();
	size_t t;

	for (t = 0; tags != NULL && tags[t] != NULL; t++) {
		struct in_addr to = wins_srv_ip_tag(tags[t], ip);

		if (releases != NULL) {
			releases_send(releases, unicast_subnet, n, ip, to);
		} else {
			releases_send_now(unicast_subnet, n, ip, to);
		}
	}
	wins_srv_tags_free(tags);
}

void names_release_unicast(const struct names *names,
			   const struct wire_name *wire)
{
	struct name_record *n = names_find_own(names, unicast_subnet, wire);
	int i;

	if (n == NULL) {
		return;
	}
	for (i = 0; is_in_wins(n) && i < n->data.num_ips; i++) {
		release_in_wins(names->releases, n, n->data.ip[i]);
	}
	take_out(names, unicast_subnet, n);
}

/* nmbd leaves the address of a closed subnet in its unicast names. */
bool names_forget_address(const struct names *names,
			  const struct wire_name *wire, struct in_addr ip)
{
	struct name_record *n = names_find_own(names, unicast_subnet, wire);
	bool in_wins;

	if (n == NULL || !has_address(n, ip)) {
		return false;
	}
	in_wins = is_in_wins(n);
	if (in_wins) {
		release_in_wins(NULL, n, ip);
	}
	remove_ip_from_name_record(n, ip);
	if (n->data.num_ips == 0) {
		take_out(names, unicast_subnet, n);
		return false;
	}
	/* a Samba server has dropped the others as well */
	return in_wins;
}

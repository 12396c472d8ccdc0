/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * nmbd's name lists: what is in them, nmbd answers for.  A name that is ours is
 * in the list of each subnet and in that of the unicast subnet; one that is
 * not, in none.
 */

#include "hooks_private.h"

#include <string.h>

static void make_name(struct nmb_name *n, const struct wire_name *wire)
{
	memset(n, 0, sizeof(*n));
	memcpy(n->name, wire->bytes, sizeof(n->name));
	memcpy(n->scope, nmbd_hooks->scope, sizeof(n->scope));
	n->name_type = MESSENGER_NAME_TYPE;
}

void hook_wire_of(struct wire_name *wire, const struct nmb_name *n)
{
	memcpy(wire->bytes, n->name, sizeof(wire->bytes));
}

/* A name of ours in this subnet's list, or NULL. */
static struct name_record *find_own(struct subnet_record *subrec,
				    const struct wire_name *wire)
{
	struct nmb_name name;

	make_name(&name, wire);
	return find_name_on_subnet(subrec, &name, FIND_SELF_NAME);
}

bool hook_has_name(struct subnet_record *subrec, const struct wire_name *wire)
{
	return find_own(subrec, wire) != NULL;
}

void hook_remove_name(struct subnet_record *subrec,
		      const struct wire_name *wire)
{
	struct name_record *n = find_own(subrec, wire);

	if (n != NULL) {
		remove_name_from_namelist(subrec, n);
	}
}

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

/*
 * WINS gets every address of ours anew.  nmbd's wins_refresh_name() would tell
 * it of the first one only.
 */
static void register_addresses(const struct wire_name *wire)
{
	char *name = messenger_name_print(nmbd_hooks, wire->bytes,
					  sizeof(wire->bytes));

	if (name != NULL) {
		hook_claim_on(unicast_subnet, name, wire);
	}
	talloc_free(name);
}

void hook_enter_unicast(struct subnet_record *subrec,
			const struct wire_name *wire)
{
	struct name_record *n = NULL;
	struct nmb_name name;

	if (!we_are_a_wins_client()) {
		make_name(&name, wire);
		insert_permanent_name_into_unicast(subrec, &name,
						   samba_nb_type);
		return;
	}
	n = find_own(unicast_subnet, wire);
	/* if it is not there, WINS will enter it, or has refused it */
	if (n != NULL && !has_address(n, subrec->myip)) {
		add_ip_to_name_record(n, subrec->myip);
		register_addresses(wire);
	}
}

/*
 * nmbd looks names up in a list, from its head, and puts new ones there.  Ours
 * go to its end, so that the server's own names stay as quick as they were.
 */
void hook_put_last(struct subnet_record *subrec, const struct wire_name *wire)
{
	struct name_record *head = subrec->namelist;
	struct name_record *tail = NULL;

	if (head == NULL || head->next == NULL ||
	    head->name.name_type != MESSENGER_NAME_TYPE ||
	    memcmp(head->name.name, wire->bytes, sizeof(wire->bytes)) != 0 ||
	    wire_name_equal(wire, &nmbd_hooks->computer)) {
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

static void send_release(struct subnet_record *subrec,
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

void hook_release_broadcast(struct subnet_record *subrec,
			    const struct wire_name *wire)
{
	struct name_record *n = find_own(subrec, wire);

	if (n != NULL) {
		send_release(subrec, n, subrec->myip, subrec->bcast_ip);
		remove_name_from_namelist(subrec, n);
	}
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

static void release_in_wins(const struct name_record *n, struct in_addr ip)
{
	char **tags = wins_srv_tags();
	size_t t;

	for (t = 0; tags != NULL && tags[t] != NULL; t++) {
		send_release(unicast_subnet, n, ip,
			     wins_srv_ip_tag(tags[t], ip));
	}
	wins_srv_tags_free(tags);
}

void hook_release_wins(const struct wire_name *wire)
{
	struct name_record *n = find_own(unicast_subnet, wire);
	int i;

	if (n == NULL) {
		return;
	}
	for (i = 0; is_in_wins(n) && i < n->data.num_ips; i++) {
		release_in_wins(n, n->data.ip[i]);
	}
	remove_name_from_namelist(unicast_subnet, n);
}

static void forget_address(struct name_record *n, struct in_addr ip)
{
	struct wire_name wire;
	bool in_wins = is_in_wins(n);

	hook_wire_of(&wire, &n->name);
	if (in_wins) {
		release_in_wins(n, ip);
	}
	remove_ip_from_name_record(n, ip);
	if (n->data.num_ips == 0) {
		remove_name_from_namelist(unicast_subnet, n);
	} else if (in_wins) {
		/* a Samba server has dropped the others as well */
		register_addresses(&wire);
	}
}

/* nmbd leaves the address of a closed subnet in its unicast names. */
void hook_forget_address(struct in_addr ip)
{
	struct name_record *n = unicast_subnet->namelist;
	struct name_record *next = NULL;

	for (; n != NULL; n = next) {
		next = n->next;
		if (n->name.name_type == MESSENGER_NAME_TYPE &&
		    (n->data.source == SELF_NAME ||
		     n->data.source == PERMANENT_NAME) &&
		    has_address(n, ip)) {
			forget_address(n, ip);
		}
	}
}

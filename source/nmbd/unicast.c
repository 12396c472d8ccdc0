/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The list of the unicast subnet, the addresses in it, and their release in
 * WINS.  Without WINS a name is in it as long as a subnet has it; with WINS,
 * nmbd enters what it registers there.
 */

#include "unicast.h"

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

bool unicast_enter(const struct names *names, struct subnet_record *subrec,
		   const struct wire_name *wire)
{
	struct name_record *n = NULL;
	struct nmb_name name;

	if (!we_are_a_wins_client()) {
		names_make(names, &name, wire);
		insert_permanent_name_into_unicast(subrec, &name,
						   samba_nb_type);
		return false;
	}
	n = names_find_own(names, unicast_subnet, wire);
	/* if it is not there, WINS will enter it, or has refused it */
	if (n == NULL || has_address(n, subrec->myip)) {
		return false;
	}
	add_ip_to_name_record(n, subrec->myip);
	return true;
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
		names_send_release(unicast_subnet, n, ip,
				  wins_srv_ip_tag(tags[t], ip));
	}
	wins_srv_tags_free(tags);
}

void unicast_release(const struct names *names, const struct wire_name *wire)
{
	struct name_record *n = names_find_own(names, unicast_subnet, wire);
	int i;

	if (n == NULL) {
		return;
	}
	for (i = 0; is_in_wins(n) && i < n->data.num_ips; i++) {
		release_in_wins(n, n->data.ip[i]);
	}
	remove_name_from_namelist(unicast_subnet, n);
}

/* Returns whether WINS is to be told of the addresses that are left. */
static bool forget_address(struct name_record *n, struct in_addr ip)
{
	bool in_wins = is_in_wins(n);

	if (in_wins) {
		release_in_wins(n, ip);
	}
	remove_ip_from_name_record(n, ip);
	if (n->data.num_ips == 0) {
		remove_name_from_namelist(unicast_subnet, n);
		return false;
	}
	/* a Samba server has dropped the others as well */
	return in_wins;
}

/* nmbd leaves the address of a closed subnet in its unicast names. */
void unicast_forget_address(struct in_addr ip,
			    void (*again)(void *private_data,
					  const struct wire_name *wire),
			    void *private_data)
{
	struct name_record *n = unicast_subnet->namelist;
	struct name_record *next = NULL;
	struct wire_name wire;

	for (; n != NULL; n = next) {
		next = n->next;
		if (n->name.name_type == MESSENGER_NAME_TYPE &&
		    (n->data.source == SELF_NAME ||
		     n->data.source == PERMANENT_NAME) &&
		    has_address(n, ip)) {
			names_wire_of(&wire, &n->name);
			if (forget_address(n, ip)) {
				again(private_data, &wire);
			}
		}
	}
}

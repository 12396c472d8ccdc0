/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * WINS, and the list of the unicast subnet, which has the names that are in it.
 *
 * Ask first, then register.  What nmbd registers at its own start is under way
 * already when we come: then the answer is a second opinion.
 */

#include "hooks_private.h"

#include "wins_query.h"

/*
 * A question to WINS that is to be answered before the claim there.  It stays
 * until the name is given up: the claim may yet be refused, and then this
 * knows by whom.
 */
struct check {
	TAILQ_ENTRY(check) entry;
	char *name;
	struct wire_name wire;
	struct tevent_req *subreq; /* NULL: answered */
	struct in_addr suspect;	   /* an owner that did not answer */
};

static const struct check *find_check(const struct wire_name *wire)
{
	const struct check *c = NULL;

	TAILQ_FOREACH(c, &nmbd_hooks->checks, entry) {
		if (wire_name_equal(&c->wire, wire)) {
			break;
		}
	}
	return c;
}

struct in_addr hook_suspect(const struct wire_name *wire)
{
	const struct check *c = find_check(wire);
	const struct in_addr nobody = { .s_addr = 0 };

	return (c != NULL) ? c->suspect : nobody;
}

bool hook_is_being_checked(const struct wire_name *wire)
{
	const struct check *c = find_check(wire);

	return c != NULL && c->subreq != NULL;
}

static void checked(struct tevent_req *subreq)
{
	struct check *c = tevent_req_callback_data(subreq, struct check);
	struct wins_verdict v = wins_check_recv(subreq);
	struct response_record *rrec = NULL;
	struct wire_name wire = c->wire;

	TALLOC_FREE(c->subreq);
	c->suspect = v.owner;
	if (!v.taken) {
		hook_claim_on(unicast_subnet, c->name, &c->wire);
		rrec = hook_find_claim(unicast_subnet, &wire);
		if (rrec != NULL && !v.alive) {
			/* nmbd takes that for a success, but 20 s later */
			rrec->repeat_count = 0;
			rrec->repeat_time = 0;
		}
		return;
	}
	/*
	 * Not released in WINS: if the server has merged us into the owner's
	 * record, a Samba server would take it from the owner as well.
	 */
	hook_drop_claims_for(unicast_subnet, &wire);
	hook_remove_name(unicast_subnet, &wire);
	talloc_free(c);
	nmbd_hooks->ops->refused(nmbd_hooks->private_data, &wire,
				 unicast_subnet->subnet_name,
				 NERR_DuplicateName, ACT_ERR, v.owner);
}

static int remove_check(struct check *c)
{
	TAILQ_REMOVE(&nmbd_hooks->checks, c, entry);
	return 0;
}

void hook_drop_checks(const struct wire_name *wire)
{
	struct check *c = NULL;
	struct check *next = NULL;

	for (c = TAILQ_FIRST(&nmbd_hooks->checks); c != NULL; c = next) {
		next = TAILQ_NEXT(c, entry);
		if (wire_name_equal(&c->wire, wire)) {
			talloc_free(c);
		}
	}
}

void hook_claim_in_wins(const char *name, const struct wire_name *wire)
{
	struct check *c = NULL;

	hook_drop_checks(wire);
	c = talloc_zero(nmbd_hooks, struct check);
	/* no verdict on the other subnets is the last before this one */
	(void)nmbd_hooks->ops->claiming(nmbd_hooks->private_data, wire,
					unicast_subnet->subnet_name);
	if (c != NULL) {
		TAILQ_INSERT_TAIL(&nmbd_hooks->checks, c, entry);
		talloc_set_destructor(c, remove_check);
		c->wire = *wire;
		c->name = talloc_strdup(c, name);
	}
	if (c != NULL && c->name != NULL && subnetlist != NULL) {
		c->subreq =
			wins_check_send(c, nmbd_hooks->ev, wire,
					nmbd_hooks->scope, subnetlist->myip);
	}
	if (c == NULL || c->subreq == NULL) {
		talloc_free(c);
		hook_claim_on(unicast_subnet, name, wire);
		return;
	}
	tevent_req_set_callback(c->subreq, checked, c);
}

/*
 * Names and addresses in it.
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
		hook_make_name(&name, wire);
		insert_permanent_name_into_unicast(subrec, &name,
						   samba_nb_type);
		return;
	}
	n = hook_find_own(unicast_subnet, wire);
	/* if it is not there, WINS will enter it, or has refused it */
	if (n != NULL && !has_address(n, subrec->myip)) {
		add_ip_to_name_record(n, subrec->myip);
		register_addresses(wire);
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
		hook_send_release(unicast_subnet, n, ip,
				  wins_srv_ip_tag(tags[t], ip));
	}
	wins_srv_tags_free(tags);
}

void hook_release_wins(const struct wire_name *wire)
{
	struct name_record *n = hook_find_own(unicast_subnet, wire);
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

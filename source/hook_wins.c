/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * WINS: ask first, then register.  What nmbd registers at its own start is
 * under way already when we come: then the answer is a second opinion.
 */

#include "hooks_private.h"

#include "wins.h"

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

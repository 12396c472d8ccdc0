/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The hooks into stock nmbd: the way in, and what the parts beside it do
 * together.  The hooks know no rule of the service.
 */

#include "hooks.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "claims.h"
#include "host_check.h"
#include "in_wins.h"
#include "observer.h"
#include "others.h"
#include "pace.h"
#include "subnets.h"

struct hooks {
	struct tevent_context *ev;
	const struct claim_ops *ops;
	void *private_data;

	struct names names;
	struct subnets *subnets;
	struct claims *claims;
	struct in_wins *wins;
	struct pace *pace;
	struct others *others;
	struct observer *observer; /* NULL: there is none */
	const struct interfaces *interfaces;
	hooks_datagram datagram;
	void *datagram_data;
};

/*
 * Claims.
 */

static void wait_on(struct hooks *h, const struct subnet_record *subrec,
		    const struct wire_name *wire, const char *reason)
{
	subnets_wait(h->subnets, subrec, h->ops, h->private_data, wire, reason,
		     NULL);
}

/* A record of nmbd's own making: is it a claim for one of our names? */
static void look_at(void *private_data, struct subnet_record *subrec,
		    struct response_record *rrec)
{
	struct hooks *h = private_data;
	struct wire_name wire;

	if (!claims_is_new(rrec)) {
		if (h->observer != NULL) {
			observer_record(h->observer, subrec, rrec);
		}
		return;
	}
	names_wire_of(&wire, claims_name(rrec));
	switch (h->ops->claiming(h->private_data, &wire, subrec->subnet_name)) {
	case CLAIM_FOLLOW:
		claims_follow(subrec, rrec);
		break;
	case CLAIM_CANCEL:
		remove_response_record(subrec, rrec);
		names_remove(&h->names, unicast_subnet, &wire);
		break;
	case CLAIM_IGNORE:
		break;
	}
}

/* By broadcast nmbd claims its own names, and no others. */
static void look_at_any(void *private_data, struct subnet_record *subrec,
			struct response_record *rrec)
{
	const struct hooks *h = private_data;

	if (subrec->type == NORMAL_SUBNET && claims_is_new(rrec)) {
		presence_of_nmbd(h->names.presence,
				 wire_name_in(&claims_name(rrec)->name));
	}
	look_at(private_data, subrec, rrec);
}

/* Claim a name on one subnet, now, or follow the claim under way. */
static void claim_on(struct hooks *h, struct subnet_record *subrec,
		     const char *name, const struct wire_name *wire)
{
	struct response_record *rrec = claims_find(subrec, wire);

	if (rrec == NULL) {
		rrec = claims_register(h->claims, subrec, name, wire);
	}
	if (rrec == NULL) {
		wait_on(h, subrec, wire,
			errno != 0 ? strerror(errno) : "nothing could be sent");
		return;
	}
	look_at(h, subrec, rrec);
}

static void claim_on_unicast(void *private_data, const char *name,
			     const struct wire_name *wire)
{
	claim_on(private_data, unicast_subnet, name, wire);
}

/* The turn of a claim has come. */
static void send_claim(void *private_data, const char *name,
		       const struct wire_name *wire, const char *subnet)
{
	struct hooks *h = private_data;
	struct subnet_record *subrec = NULL;
	const struct subnet_record *lost = NULL;
	bool any = false;

	for (subrec = subnetlist; subrec != NULL; subrec = subrec->next) {
		if (subnet != NULL &&
		    strcmp(subnet, subrec->subnet_name) != 0) {
			continue;
		}
		if (subnets_is_there(h->subnets, subrec)) {
			if (!h->ops->stands_by(h->private_data, wire,
					       subrec->subnet_name)) {
				claim_on(h, subrec, name, wire);
			}
			any = true;
		} else if (subnets_is_lost(h->subnets, subrec)) {
			lost = subrec;
		}
	}
	if (we_are_a_wins_client() &&
	    (subnet == NULL ||
	     strcmp(subnet, unicast_subnet->subnet_name) == 0 ||
	     names_find_own(&h->names, unicast_subnet, wire) == NULL)) {
		if (!h->ops->stands_by(h->private_data, wire,
				       unicast_subnet->subnet_name)) {
			in_wins_claim(h->wins, name, wire);
		}
		any = true;
	}
	if (!any && lost != NULL) {
		wait_on(h, lost, wire, strerror(ENETUNREACH));
	}
}

static void granted(struct hooks *h, const struct claim_result *r)
{
	bool broadcast = (r->subrec->type == NORMAL_SUBNET);

	/* WINS: there may be more servers, and more of our addresses, to go */
	if (!broadcast && in_wins_is_under_way(h->wins, &r->wire)) {
		return;
	}
	if (broadcast) {
		if (names_enter_unicast(&h->names, r->subrec, &r->wire)) {
			in_wins_again(h->wins, &r->wire);
		}
		names_put_last(&h->names, r->subrec, &r->wire);
		others_granted(h->others, r);
	}
	names_put_last(&h->names, unicast_subnet, &r->wire);
	h->ops->granted(h->private_data, &r->wire, r->subrec->subnet_name);
}

static void told(void *private_data, const struct claim_result *r)
{
	struct hooks *h = private_data;
	const struct refusal refusal = { .rcode = r->rcode, .holder = r->from };

	if (r->outcome == OUTCOME_GRANTED) {
		granted(h, r);
	} else if (r->subrec->type != NORMAL_SUBNET) {
		in_wins_told(h->wins, r);
	} else if (r->outcome == OUTCOME_REFUSED) {
		h->ops->refused(h->private_data, &r->wire,
				r->subrec->subnet_name, &refusal);
	}
}

void hooks_claim(struct hooks *h, const char *name,
		 const struct wire_name *wire, const char *subnet)
{
	releases_drop(h->names.releases, wire);
	pace_claim(h->pace, name, wire, subnet);
}

void hooks_flush(struct hooks *h)
{
	releases_flush(h->names.releases);
}

void hooks_release(struct hooks *h, const struct wire_name *wire)
{
	pace_drop(h->pace, wire);
	claims_release(h->claims, wire, NULL);
	in_wins_drop(h->wins, wire);
	names_release_unicast(&h->names, wire);
	others_forget(h->others, wire);
}

void hooks_stand_by(struct hooks *h, const struct wire_name *wire,
		    const char *subnet)
{
	bool is_wins = strcmp(subnet, unicast_subnet->subnet_name) == 0;

	claims_release(h->claims, wire, subnet);
	if (is_wins) {
		in_wins_drop(h->wins, wire);
	}
	/* what nmbd answers to a node status, and who asks it alone */
	if (is_wins || (!we_are_a_wins_client() &&
			!names_have_anywhere(&h->names, wire))) {
		names_release_unicast(&h->names, wire);
	}
	others_forget(h->others, wire);
}

void hooks_left(struct hooks *h, const struct wire_name *wire,
		const char *subnet)
{
	struct in_addr ip;

	/* nmbd calls a subnet by its address, and it may be there again */
	if (inet_pton(AF_INET, subnet, &ip) == 1 &&
	    !subnets_hold(h->subnets, ip)) {
		in_wins_left(h->wins, wire, ip);
	}
}

/*
 * Subnets.
 */

static void subnet_came(void *private_data, struct subnet_record *subrec)
{
	struct hooks *h = private_data;

	h->ops->subnet_new(h->private_data, subrec->subnet_name);
}

static void hide_subnet(struct hooks *h, const struct subnet_record *subrec)
{
	if (h->observer != NULL) {
		observer_subnet_gone(h->observer, subrec);
	}
}

static void subnet_went(void *private_data, struct subnet_record *subrec)
{
	struct hooks *h = private_data;

	hide_subnet(h, subrec);
	claims_drop_followed(subrec);
	releases_drop_subnet(h->names.releases, subrec);
	h->ops->subnet_gone(h->private_data, subrec->subnet_name);
}

static void subnet_lost(void *private_data, struct subnet_record *subrec)
{
	struct hooks *h = private_data;

	hide_subnet(h, subrec);
	claims_drop_followed(subrec);
	h->ops->subnet_lost(h->private_data, subrec->subnet_name,
			    strerror(ENETUNREACH));
}

static void turn(void *private_data)
{
	struct hooks *h = private_data;

	if (h->observer != NULL) {
		observer_turn(h->observer);
	}
}

static const struct subnets_ops subnets_ops = {
	.came = subnet_came,
	.went = subnet_went,
	.lost = subnet_lost,
	.record = look_at_any,
	.turn = turn,
};

static bool has_subnet(void *private_data, struct in_addr ip)
{
	return subnets_have(ip);
}

static bool is_there(void *private_data, struct in_addr ip)
{
	const struct hooks *h = private_data;

	return interfaces_have(h->interfaces, ip);
}

void hooks_each_subnet(const struct hooks *h, subnet_told tell,
		       void *private_data)
{
	subnets_each(h->subnets, tell, private_data);
}

void hooks_reloaded(struct hooks *h)
{
	in_wins_reloaded(h->wins);
	subnets_check(h->subnets, is_there, h);
}

bool hooks_network_changed(struct hooks *h)
{
	subnets_check(h->subnets, is_there, h);
	return interfaces_any(h->interfaces, has_subnet, NULL);
}

void hooks_follow(struct hooks *h)
{
	subnets_look(h->subnets);
}

/*
 * Others who want our names.
 */

/*
 * Each packet comes by: what there is nothing to do about is told first, and
 * by as little as can be.
 */
void hooks_received(struct hooks *h, const struct packet_struct *p)
{
	if (p->packet_type != NMB_PACKET) {
		if (h->datagram != NULL) {
			h->datagram(h->datagram_data, p);
		}
	} else if (p->packet.nmb.header.opcode != NMB_NAME_QUERY_OPCODE ||
		   p->packet.nmb.header.response) {
		others_received(h->others, p);
	}
}

void hooks_hand_on(struct hooks *h, hooks_datagram datagram, void *private_data)
{
	h->datagram = datagram;
	h->datagram_data = private_data;
}

void hooks_show(struct hooks *h, struct observer *observer)
{
	h->observer = observer;
	others_show(h->others, observer);
}

const char *hooks_scope(const struct hooks *h)
{
	return h->names.scope;
}

void hooks_set_rfc_timing(struct hooks *h, bool rfc_timing)
{
	claims_set_rfc_timing(h->claims, rfc_timing);
}

struct hooks *hooks_init(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
			 const struct claim_ops *ops, void *private_data,
			 const struct interfaces *interfaces,
			 const struct wire_name *computer, const char **why)
{
	struct in_wins_world world = {
		.interfaces = interfaces,
		.ops = ops,
		.ops_data = private_data,
		.claim = claim_on_unicast,
	};
	struct others_hears hears = { .ops = ops, .ops_data = private_data };
	struct hooks *h = NULL;

	*why = host_check_subnets(computer);
	if (*why != NULL) {
		return NULL;
	}
	h = talloc_zero(mem_ctx, struct hooks);
	if (h != NULL) {
		talloc_set_name_const(h, "messenger: hooks");
		h->ev = ev;
		h->ops = ops;
		h->private_data = private_data;
		h->names.computer = *computer;
		h->names.releases = releases_init(h, ev);
		h->names.presence = presence_init(h);
		h->subnets = subnets_init(h, ev, &subnets_ops, h);
		h->interfaces = interfaces;
		h->claims = claims_init(h, ev, &h->names, interfaces, told, h);
		hears.told = told;
		hears.told_data = h;
		world.names = &h->names;
		world.subnets = h->subnets;
		world.private_data = h;
		h->wins = in_wins_init(h, ev, &world);
		h->pace = pace_init(h, ev, send_claim, h);
		h->others = others_init(h, &h->names, interfaces, &hears);
	}
	if (h == NULL || h->names.releases == NULL ||
	    h->names.presence == NULL || h->subnets == NULL ||
	    h->claims == NULL || h->wins == NULL || h->pace == NULL ||
	    h->others == NULL) {
		talloc_free(h);
		*why = "out of memory";
		return NULL;
	}
	subnets_watch(h->subnets);
	return h;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Our names in WINS.  It follows behind the broadcast subnets: a name that is
 * not to be had there for lack of a server, or for the sake of a record that
 * nobody stands behind, is held without it.
 */

#include "in_wins.h"

#include "advice.h"
#include "messenger.h"
#include "wins_query.h"

struct in_wins {
	struct in_wins_world world;
	struct wins_claims *questions;
	bool client; /* smb.conf had a WINS server when it was last read */
};

bool in_wins_is_under_way(const struct in_wins *w, const struct wire_name *wire)
{
	return claims_find(unicast_subnet, wire) != NULL ||
	       wins_claims_pending(w->questions, wire);
}

/*
 * What is not in WINS, and is held on a subnet, is in the unicast list all the
 * same: nmbd has taken it out, or never put it in.
 */
static void keep_in_unicast(const struct in_wins *w,
			    const struct wire_name *wire)
{
	const struct names *names = w->world.names;
	struct subnet_record *subrec = subnetlist;

	for (; subrec != NULL; subrec = subrec->next) {
		if (names_find_own(names, subrec, wire) != NULL) {
			(void)names_enter_unicast(names, subrec, wire);
		}
	}
	names_put_last(names, unicast_subnet, wire);
}

/* Frees the reason. */
static void wait_for(struct in_wins *w, const struct wire_name *wire,
		     char *reason, const struct refusal *answer)
{
	keep_in_unicast(w, wire);
	if (reason != NULL) {
		subnets_wait(w->world.subnets, unicast_subnet, w->world.ops,
			     w->world.ops_data, wire, reason, answer);
	} else {
		w->world.ops->unheard(w->world.ops_data, wire,
				      unicast_subnet->subnet_name);
	}
	talloc_free(reason);
}

static void tell_refusal(struct in_wins *w, const struct wire_name *wire,
			 const struct wins_verdict *v)
{
	struct refusal refusal = {
		.rcode = v->rcode,
		.holder = v->owner,
		.server = v->server,
	};

	if (v->state != WINS_TAKEN) {
		refusal.record = v->record;
	}
	w->world.ops->refused(w->world.ops_data, wire,
			      unicast_subnet->subnet_name, &refusal);
	keep_in_unicast(w, wire); /* if it was not given up */
}

static void answered(void *private_data, const char *name,
		     const struct wire_name *wire, const struct wins_verdict *v)
{
	struct in_wins *w = private_data;
	struct wins_verdict taken = *v;

	if (v->rcode != 0 && v->state != WINS_TAKEN) {
		tell_refusal(w, wire, v);
		return;
	}
	switch (v->state) {
	case WINS_UNREACHABLE:
		/* a claim of nmbd's own making would be repeated in vain */
		claims_drop(unicast_subnet, wire);
		wait_for(w, wire, wins_verdict_text(w, v), NULL);
		break;
	case WINS_SILENT:
		/* it may answer to a claim: our question has another port */
	case WINS_FREE:
		w->world.claim(w->world.private_data, name, wire);
		break;
	case WINS_TAKEN:
		/*
		 * Not released in WINS: if the server has merged us into the
		 * owner's record, a Samba server would take it from the owner
		 * as well.
		 */
		claims_drop(unicast_subnet, wire);
		names_remove(w->world.names, unicast_subnet, wire);
		taken.rcode = (v->rcode != 0) ? v->rcode : RCODE_ACT_ERR;
		tell_refusal(w, wire, &taken);
		break;
	}
}

static bool ask(struct in_wins *w, const char *name,
		const struct wire_name *wire)
{
	return name != NULL && subnetlist != NULL &&
	       wins_claims_ask(w->questions, name, wire, w->world.names->scope,
			       subnetlist->myip);
}

void in_wins_claim(struct in_wins *w, const char *name,
		   const struct wire_name *wire)
{
	char *reason = NULL;

	(void)w->world.ops->claiming(w->world.ops_data, wire,
				     unicast_subnet->subnet_name);
	if (!ask(w, name, wire)) {
		w->world.claim(w->world.private_data, name, wire);
		return;
	}
	reason = wins_claims_text(w, w->questions);
	if (reason != NULL) {
		w->world.ops->slow(w->world.ops_data, wire,
				   unicast_subnet->subnet_name, reason);
	}
	talloc_free(reason);
}

/*
 * A WINS server that refuses a name does not say who has it: it is asked, if
 * it is not being asked already, and the refusal told with the answer.
 */
static void refused(struct in_wins *w, const struct claim_result *r)
{
	const struct wins_verdict v = { .rcode = r->rcode, .server = r->from };
	char *name = NULL;

	if (!wins_claims_pending(w->questions, &r->wire)) {
		name = messenger_name_print(w, r->wire.bytes,
					    sizeof(r->wire.bytes));
		(void)ask(w, name, &r->wire);
		talloc_free(name);
	}
	if (!wins_claims_refused(w->questions, &r->wire, &v)) {
		tell_refusal(w, &r->wire, &v);
	}
}

void in_wins_told(struct in_wins *w, const struct claim_result *r)
{
	const struct refusal answer = { .rcode = r->rcode, .server = r->from };

	switch (r->outcome) {
	case OUTCOME_REFUSED:
		refused(w, r);
		break;
	case OUTCOME_UNABLE:
		wait_for(w, &r->wire, advice_unable(w, r->from, r->rcode),
			 &answer);
		break;
	case OUTCOME_SILENT:
		wait_for(w, &r->wire, advice_unable(w, r->from, 0), NULL);
		break;
	case OUTCOME_GRANTED:
	case OUTCOME_NONE:
		break;
	}
}

void in_wins_drop(struct in_wins *w, const struct wire_name *wire)
{
	wins_claims_drop(w->questions, wire);
	claims_drop(unicast_subnet, wire);
}

void in_wins_again(struct in_wins *w, const struct wire_name *wire)
{
	char *name = messenger_name_print(w, wire->bytes, sizeof(wire->bytes));

	if (name != NULL) {
		w->world.claim(w->world.private_data, name, wire);
	} else {
		w->world.ops->unheard(w->world.ops_data, wire,
				      unicast_subnet->subnet_name);
	}
	talloc_free(name);
}

void in_wins_left(struct in_wins *w, const struct wire_name *wire,
		  struct in_addr ip)
{
	if (names_forget_address(w->world.names, wire, ip)) {
		in_wins_again(w, wire);
	}
}

void in_wins_reloaded(struct in_wins *w)
{
	const struct claim_ops *ops = w->world.ops;
	const char *subnet = unicast_subnet->subnet_name;
	bool client = we_are_a_wins_client();

	wins_claims_reset(w->questions);
	if (w->client && !client) {
		wins_claims_drop_all(w->questions);
		claims_drop_followed(unicast_subnet);
		ops->subnet_gone(w->world.ops_data, subnet);
	} else if (!w->client && client) {
		ops->subnet_new(w->world.ops_data, subnet);
	}
	w->client = client;
}

struct in_wins *in_wins_init(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
			     const struct in_wins_world *world)
{
	struct in_wins *w = talloc_zero(mem_ctx, struct in_wins);

	if (w == NULL) {
		return NULL;
	}
	w->world = *world;
	w->client = we_are_a_wins_client();
	w->questions = wins_claims_init(w, ev, world->interfaces, answered, w);
	if (w->questions == NULL) {
		TALLOC_FREE(w);
	}
	return w;
}

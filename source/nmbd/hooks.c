/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The hooks into stock nmbd: the way in, and what the parts beside it do
 * together.  The hooks know no rule of the service.
 *
 * Trap: nmbd has one thread but two stages in a turn of its loop.  Timers and
 * messages run inside tevent_loop_once(), packets and expiry after it.  A
 * timer added from the trace callback "before wait" would be too late for
 * that wait, so new records are looked for "before loop once".
 */

#include "hooks.h"

#include <errno.h>
#include <string.h>

#include "claims.h"
#include "host_check.h"
#include "others.h"
#include "pace.h"
#include "subnets.h"
#include "unicast.h"
#include "wins_claims.h"

struct hooks {
	struct tevent_context *ev;
	const struct claim_ops *ops;
	void *private_data;

	tevent_trace_callback_t old_trace;
	void *old_trace_data;

	struct names names;
	struct subnets *subnets;
	struct claims *claims;
	struct wins_claims *wins;
	struct pace *pace;
};

/*
 * Claims.
 */

struct unsent {
	struct hooks *hooks;
	struct wire_name wire;
	char *subnet;
	int err;
};

/* Told in a turn of its own: the one who claims is not to be called back. */
static void tell_unsent(struct tevent_context *ev, struct tevent_timer *te,
			struct timeval now, void *private_data)
{
	struct unsent *u = talloc_get_type_abort(private_data, struct unsent);
	const struct hooks *h = u->hooks;

	h->ops->unsent(h->private_data, &u->wire, u->subnet, u->err);
	talloc_free(u);
}

static void not_sent(struct hooks *h, const struct subnet_record *subrec,
		     const struct wire_name *wire, int err)
{
	struct unsent *u = talloc_zero(h, struct unsent);

	if (u == NULL) {
		return;
	}
	u->hooks = h;
	u->wire = *wire;
	u->err = err;
	u->subnet = talloc_strdup(u, subrec->subnet_name);
	if (u->subnet == NULL ||
	    tevent_add_timer(h->ev, u, tevent_timeval_zero(), tell_unsent,
			     u) == NULL) {
		talloc_free(u);
	}
}

/* A record of nmbd's own making: is it a claim for one of our names? */
static void look_at(void *private_data, struct subnet_record *subrec,
		    struct response_record *rrec)
{
	struct hooks *h = private_data;
	struct wire_name wire;

	if (!claims_is_new(rrec)) {
		return;
	}
	names_wire_of(&wire, &rrec->packet->packet.nmb.question.question_name);
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

/* Claim a name on one subnet, now, or follow the claim under way. */
static void claim_on(struct hooks *h, struct subnet_record *subrec,
		     const char *name, const struct wire_name *wire)
{
	struct response_record *rrec = claims_find(subrec, wire);

	if (rrec == NULL) {
		errno = 0;
		rrec = claims_register(h->claims, subrec, name, wire);
	}
	if (rrec == NULL) {
		int err = errno;

		(void)h->ops->claiming(h->private_data, wire,
				       subrec->subnet_name);
		not_sent(h, subrec, wire, err);
		return;
	}
	look_at(h, subrec, rrec);
}

/* WINS gets every address of ours anew. */
static void register_addresses(void *private_data, const struct wire_name *wire)
{
	struct hooks *h = private_data;
	char *name = messenger_name_print(h, wire->bytes, sizeof(wire->bytes));

	if (name != NULL) {
		claim_on(h, unicast_subnet, name, wire);
	}
	talloc_free(name);
}

static void claim_in_wins(struct hooks *h, const char *name,
			  const struct wire_name *wire)
{
	/* no verdict on the other subnets is the last before this one */
	(void)h->ops->claiming(h->private_data, wire,
			       unicast_subnet->subnet_name);
	if (subnetlist == NULL ||
	    !wins_claims_ask(h->wins, name, wire, h->names.scope,
			     subnetlist->myip)) {
		claim_on(h, unicast_subnet, name, wire);
	}
}

static void wins_answered(void *private_data, const char *name,
			  const struct wire_name *claimed,
			  const struct wins_verdict *v)
{
	struct hooks *h = private_data;
	struct wire_name wire = *claimed;
	struct refusal refusal = { .rcode = ACT_ERR, .holder = v->owner };
	struct response_record *rrec = NULL;

	if (!v->taken) {
		claim_on(h, unicast_subnet, name, &wire);
		rrec = claims_find(unicast_subnet, &wire);
		if (rrec != NULL && !v->alive) {
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
	claims_drop(unicast_subnet, &wire);
	names_remove(&h->names, unicast_subnet, &wire);
	wins_claims_drop(h->wins, &wire);
	h->ops->refused(h->private_data, &wire, unicast_subnet->subnet_name,
			&refusal);
}

/* The turn of a claim has come. */
static void send_claim(void *private_data, const char *name,
		       const struct wire_name *wire, const char *subnet)
{
	struct hooks *h = private_data;
	struct subnet_record *subrec = NULL;

	for (subrec = subnetlist; subrec != NULL; subrec = subrec->next) {
		if (subnet == NULL ||
		    strcmp(subnet, subrec->subnet_name) == 0) {
			claim_on(h, subrec, name, wire);
		}
	}
	if (we_are_a_wins_client() &&
	    (subnet == NULL ||
	     names_find_own(&h->names, unicast_subnet, wire) == NULL)) {
		claim_in_wins(h, name, wire);
	}
}

/* WINS: there may be more servers, and more of our addresses, to go. */
static bool is_decided(const struct hooks *h, const struct claim_result *r)
{
	return r->subrec->type == NORMAL_SUBNET ||
	       (claims_find(r->subrec, &r->wire) == NULL &&
		!wins_claims_pending(h->wins, &r->wire));
}

static void granted(struct hooks *h, const struct claim_result *r)
{
	if (!is_decided(h, r)) {
		return;
	}
	if (r->subrec->type == NORMAL_SUBNET) {
		if (unicast_enter(&h->names, r->subrec, &r->wire)) {
			register_addresses(h, &r->wire);
		}
		names_put_last(&h->names, r->subrec, &r->wire);
	}
	names_put_last(&h->names, unicast_subnet, &r->wire);
	h->ops->granted(h->private_data, &r->wire, r->subrec->subnet_name);
}

static void told(void *private_data, const struct claim_result *r)
{
	struct hooks *h = private_data;
	struct refusal refusal = { .rcode = r->rcode, .holder = r->from };

	if (r->granted) {
		granted(h, r);
		return;
	}
	if (r->subrec->type != NORMAL_SUBNET) {
		/* a WINS server that refuses a name does not say who has it */
		refusal.holder = wins_claims_suspect(h->wins, &r->wire);
	}
	h->ops->refused(h->private_data, &r->wire, r->subrec->subnet_name,
			&refusal);
}

void hooks_claim(struct hooks *h, const char *name,
		 const struct wire_name *wire, const char *subnet)
{
	pace_claim(h->pace, name, wire, subnet);
}

void hooks_release(struct hooks *h, const struct wire_name *wire)
{
	struct subnet_record *subrec = NULL;

	pace_drop(h->pace, wire);
	for (subrec = subnetlist; subrec != NULL; subrec = subrec->next) {
		claims_drop(subrec, wire);
		names_release_broadcast(&h->names, subrec, wire);
	}
	wins_claims_drop(h->wins, wire);
	claims_drop(unicast_subnet, wire);
	unicast_release(&h->names, wire);
}

/*
 * Subnets.
 */

static void subnet_came(void *private_data, struct subnet_record *subrec)
{
	struct hooks *h = private_data;

	h->ops->subnet_new(h->private_data, subrec->subnet_name);
}

static void subnet_went(void *private_data, struct subnet_record *subrec)
{
	struct hooks *h = private_data;

	claims_drop_followed(subrec);
	unicast_forget_address(subrec->myip, register_addresses, h);
	h->ops->subnet_gone(h->private_data, subrec->subnet_name);
}

static const struct subnets_ops subnets_ops = {
	.came = subnet_came,
	.went = subnet_went,
	.record = look_at,
};

void hooks_follow(struct hooks *h)
{
	subnets_look(h->subnets);
}

/* Runs in every turn of nmbd's loop: a few instructions, no allocation. */
static void trace(enum tevent_trace_point point, void *private_data)
{
	struct hooks *h = private_data;

	if (point != TEVENT_TRACE_BEFORE_LOOP_ONCE) {
		return;
	}
	subnets_follow(h->subnets);
	if (num_response_packets > 0) {
		hooks_follow(h);
	}
}

static void trace_chained(enum tevent_trace_point point, void *private_data)
{
	const struct hooks *h = private_data;

	h->old_trace(point, h->old_trace_data);
	trace(point, private_data);
}

/*
 * Others who want our names.
 */

void hooks_received(struct hooks *h, const struct packet_struct *p)
{
	struct contest contest;

	if (others_read(p, &contest)) {
		h->ops->contested(h->private_data, &contest);
	}
}

const char *hooks_scope(const struct hooks *h)
{
	return h->names.scope;
}

void hooks_set_rfc_timing(struct hooks *h, bool rfc_timing)
{
	claims_set_rfc_timing(h->claims, rfc_timing);
}

static const char *check_claims(const struct subnet_record *subrec)
{
	const struct response_record *rrec = subrec->responselist;
	const char *why = NULL;

	for (; rrec != NULL && why == NULL; rrec = rrec->next) {
		why = host_check_record(subrec, rrec);
	}
	return why;
}

struct hooks *hooks_init(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
			 const struct claim_ops *ops, void *private_data,
			 const struct wire_name *computer, const char **why)
{
	struct hooks *h = NULL;
	struct subnet_record *subrec = NULL;

	*why = host_check_subnets(computer);
	for (subrec = subnetlist; subrec != NULL && *why == NULL;
	     subrec = subrec->next) {
		*why = check_claims(subrec);
	}
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
		h->subnets = subnets_init(h, &subnets_ops, h);
		h->claims = claims_init(h, ev, &h->names, told, h);
		h->wins = wins_claims_init(h, ev, wins_answered, h);
		h->pace = pace_init(h, ev, send_claim, h);
	}
	if (h == NULL || h->subnets == NULL || h->claims == NULL ||
	    h->wins == NULL || h->pace == NULL) {
		talloc_free(h);
		*why = "out of memory";
		return NULL;
	}
	tevent_get_trace_callback(ev, &h->old_trace, &h->old_trace_data);
	tevent_set_trace_callback(ev,
				  (h->old_trace != NULL) ? trace_chained
							 : trace,
				  h);
	return h;
}

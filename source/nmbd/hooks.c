/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The hooks into stock nmbd: the way in, the subnets as they come and go, and
 * the packets of others who want our names.  The hooks know no rule of the
 * service.
 *
 * Trap: nmbd has one thread but two stages in a turn of its loop.  Timers and
 * messages run inside tevent_loop_once(), packets and expiry after it.  A
 * timer added from the trace callback "before wait" would be too late for
 * that wait, so new records are looked for "before loop once".
 */

#include "hooks.h"

#include <string.h>

#include "hooks_private.h"
#include "host_check.h"

struct hooks *nmbd_hooks;

/* nmbd appends: an unchanged tail means that nothing new has come. */
static void look_for_claims(struct known_subnet *known)
{
	struct response_record *rrec = known->subrec->responselist;
	struct response_record *next = NULL;
	struct response_record *tail = (rrec != NULL) ? rrec->prev : NULL;

	if (tail == NULL ||
	    (tail == known->tail && tail->response_id == known->tail_id)) {
		return;
	}
	for (; rrec != NULL; rrec = next) {
		next = rrec->next;
		hook_look_at(known->subrec, rrec);
	}
	tail = known->subrec->responselist;
	tail = (tail != NULL) ? tail->prev : NULL;
	known->tail = tail;
	known->tail_id = (tail != NULL) ? tail->response_id : 0;
}

static bool subnets_changed(const struct hooks *h)
{
	const struct subnet_record *subrec = subnetlist;
	const struct known_subnet *known = h->subnets;
	const struct known_subnet *end = known + h->num_subnets;

	for (; known < end && subrec != NULL; known++, subrec = subrec->next) {
		if (known->subrec != subrec) {
			return true;
		}
	}
	return known < end || subrec != NULL;
}

static bool is_listed(const struct subnet_record *wanted)
{
	const struct subnet_record *subrec = subnetlist;

	while (subrec != NULL && subrec != wanted) {
		subrec = subrec->next;
	}
	return subrec != NULL;
}

static bool is_known(const struct known_subnet *known,
		     const struct subnet_record *subrec)
{
	size_t i;

	for (i = 0; i < talloc_array_length(known); i++) {
		if (known[i].subrec == subrec) {
			return true;
		}
	}
	return false;
}

static void follow_subnets(struct hooks *h)
{
	struct known_subnet *old = h->subnets;
	struct known_subnet *new = NULL;
	struct subnet_record *subrec = NULL;
	size_t num = 0;
	size_t i;

	for (subrec = subnetlist; subrec != NULL; subrec = subrec->next) {
		num++;
	}
	new = talloc_zero_array(h, struct known_subnet, num);
	if (new == NULL && num > 0) {
		return; /* seen again in the next turn */
	}
	for (subrec = subnetlist, i = 0; subrec != NULL;
	     subrec = subrec->next, i++) {
		new[i].subrec = subrec;
	}
	h->subnets = new;
	h->num_subnets = num;

	for (i = 0; i < talloc_array_length(old); i++) {
		if (!is_listed(old[i].subrec)) {
			hook_drop_claims(old[i].subrec);
			hook_forget_address(old[i].subrec->myip);
			h->ops->subnet_gone(h->private_data,
					    old[i].subrec->subnet_name);
		}
	}
	for (i = 0; i < num; i++) {
		if (!is_known(old, new[i].subrec)) {
			h->ops->subnet_new(h->private_data,
					   new[i].subrec->subnet_name);
		}
	}
	talloc_free(old);
}

void hooks_follow(struct hooks *h)
{
	size_t i;

	for (i = 0; i < h->num_subnets; i++) {
		look_for_claims(&h->subnets[i]);
	}
	look_for_claims(&h->unicast);
}

/* Runs in every turn of nmbd's loop: a few instructions, no allocation. */
static void trace(enum tevent_trace_point point, void *private_data)
{
	struct hooks *h = private_data;

	if (point != TEVENT_TRACE_BEFORE_LOOP_ONCE) {
		return;
	}
	if (subnets_changed(h)) {
		follow_subnets(h);
	}
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

void hooks_release(struct hooks *h, const struct wire_name *wire)
{
	struct subnet_record *subrec = NULL;

	hook_drop_queued(wire);
	for (subrec = subnetlist; subrec != NULL; subrec = subrec->next) {
		hook_drop_claims_for(subrec, wire);
		hook_release_broadcast(subrec, wire);
	}
	hook_drop_checks(wire);
	hook_drop_claims_for(unicast_subnet, wire);
	hook_release_wins(wire);
}

/*
 * Others who want our names.
 */

static bool is_foreign_claim(const struct packet_struct *p)
{
	const struct nmb_packet *nmb = &p->packet.nmb;

	/* to a WINS server it is no matter of ours */
	return !nmb->header.response && nmb->header.nm_flags.bcast &&
	       nmb->header.opcode == NMB_NAME_REG_OPCODE &&
	       nmb->question.question_name.name_type == MESSENGER_NAME_TYPE;
}

static bool is_demand(const struct packet_struct *p)
{
	const struct nmb_packet *nmb = &p->packet.nmb;

	return nmb->header.response &&
	       nmb->header.opcode == NMB_NAME_REG_OPCODE &&
	       nmb->header.rcode == CFT_ERR && nmb->answers != NULL &&
	       nmb->answers->rr_name.name_type == MESSENGER_NAME_TYPE;
}

/* What is parsed has the case it was sent in; nmbd compares without it. */
static void upper_wire_of(struct wire_name *wire, const struct nmb_name *n)
{
	size_t i;

	hook_wire_of(wire, n);
	for (i = 0; i < sizeof(wire->bytes); i++) {
		uint8_t b = wire->bytes[i];

		wire->bytes[i] = (b >= 'a' && b <= 'z') ? b - 32 : b;
	}
}

void hooks_received(struct hooks *h, const struct packet_struct *p)
{
	const struct nmb_packet *nmb = &p->packet.nmb;
	struct wire_name wire;
	bool demand;

	if (p->packet_type != NMB_PACKET ||
	    nmb->header.opcode != NMB_NAME_REG_OPCODE) {
		return;
	}
	demand = is_demand(p);
	if ((!demand && !is_foreign_claim(p)) || ismyip_v4(p->ip)) {
		return;
	}
	upper_wire_of(&wire, demand ? &nmb->answers->rr_name
				    : &nmb->question.question_name);
	h->ops->contested(h->private_data, &wire, demand, p->ip,
			  (uint16_t)nmb->header.name_trn_id);
}

const char *hooks_scope(const struct hooks *h)
{
	return h->scope;
}

void hooks_set_rfc_timing(struct hooks *h, bool rfc_timing)
{
	h->rfc_timing = rfc_timing;
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
			 const struct hooks_ops *ops, void *private_data,
			 const struct wire_name *computer, const char **why)
{
	struct hooks *h = NULL;
	struct subnet_record *subrec = NULL;
	size_t num = 0;

	*why = host_check_subnets(computer);
	for (subrec = subnetlist; subrec != NULL && *why == NULL;
	     subrec = subrec->next, num++) {
		*why = check_claims(subrec);
	}
	if (*why != NULL) {
		return NULL;
	}
	*why = "out of memory";
	h = talloc_zero(mem_ctx, struct hooks);
	if (h == NULL) {
		return NULL;
	}
	talloc_set_name_const(h, "messenger: hooks");
	h->subnets = talloc_zero_array(h, struct known_subnet, num);
	if (h->subnets == NULL) {
		talloc_free(h);
		return NULL;
	}
	for (subrec = subnetlist, num = 0; subrec != NULL;
	     subrec = subrec->next, num++) {
		h->subnets[num].subrec = subrec;
	}
	h->num_subnets = num;
	h->computer = *computer;
	h->unicast.subrec = unicast_subnet;
	h->ev = ev;
	h->ops = ops;
	h->private_data = private_data;
	h->rfc_timing = true;
	TAILQ_INIT(&h->claims);
	TAILQ_INIT(&h->checks);
	hook_queue_init(h);
	nmbd_hooks = h;

	tevent_get_trace_callback(ev, &h->old_trace, &h->old_trace_data);
	tevent_set_trace_callback(ev,
				  (h->old_trace != NULL) ? trace_chained
							 : trace,
				  h);
	*why = NULL;
	return h;
}

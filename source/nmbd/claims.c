/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Claims for <03> names under way.
 *
 * nmbd sends a registration and keeps a response record until it is answered
 * or its time is over.  We put our functions into the record before the first
 * answer can be read, and nmbd's own are called from ours, exactly once, when
 * there is a verdict; an answer that is none is treated as if it had never
 * come.  nmbd frees the record inside its own functions: what is needed later
 * is copied first.
 */

#include "hooks_private.h"

#include <string.h>

#include "host_check.h"

/* RFC 1002 6: BCAST_REQ_RETRY_COUNT */
#define RETRY_COUNT 3

/*
 * What nmbd does of its own: 3 more requests, a second apart.  Its clock of
 * whole seconds stays behind ours as a net.
 */
#define NMBD_REPEATS	 3
#define NMBD_NET_SECONDS 5

/*
 * A broadcast claim under way.  It is its record's userdata, so nmbd itself
 * frees it together with the record, on whatever path that happens.
 */
struct claim {
	struct userdata_struct userdata; /* first: nmbd knows this part */
	TAILQ_ENTRY(claim) entry;
	struct hooks *hooks;
	struct response_record *rrec; /* lives as long as this */
	struct timeval sent;
	struct timeval due; /* the next request, or the end */
	int requests_left;
	bool own_clock; /* RFC timing */
};

static const struct nmb_name *question(const struct response_record *rrec)
{
	return &rrec->packet->packet.nmb.question.question_name;
}

static bool is_registration(const struct response_record *rrec)
{
	switch (rrec->packet->packet.nmb.header.opcode) {
	case NMB_NAME_REG_OPCODE:
	case NMB_NAME_MULTIHOMED_REG_OPCODE:
	case NMB_NAME_REFRESH_OPCODE_8:
	case NMB_NAME_REFRESH_OPCODE_9:
		return true;
	}
	return false;
}

/* A registration or refresh of a <03> name. */
static bool is_claim(const struct response_record *rrec)
{
	return rrec->packet != NULL && is_registration(rrec) &&
	       question(rrec)->name_type == MESSENGER_NAME_TYPE;
}

static bool is_claim_for(const struct response_record *rrec,
			 const struct wire_name *wire)
{
	return is_claim(rrec) && memcmp(question(rrec)->name, wire->bytes,
					sizeof(wire->bytes)) == 0;
}

struct response_record *hook_find_claim(const struct subnet_record *subrec,
					const struct wire_name *wire)
{
	struct response_record *rrec = subrec->responselist;

	while (rrec != NULL && !is_claim_for(rrec, wire)) {
		rrec = rrec->next;
	}
	return rrec;
}

/*
 * The clock of RFC 1002.
 */

static void start_clock(void);

static void tick(struct tevent_context *ev, struct tevent_timer *te,
		 struct timeval now, void *private_data)
{
	struct claim *c = NULL;

	TALLOC_FREE(nmbd_hooks->clock);
	while ((c = TAILQ_FIRST(&nmbd_hooks->claims)) != NULL &&
	       tevent_timeval_compare(&c->due, &now) <= 0) {
		/*
		 * nmbd does the work at the end of this turn: one more
		 * request, or with none left the end of the claim.
		 */
		c->rrec->repeat_count = c->requests_left;
		c->rrec->repeat_time = 0;
		TAILQ_REMOVE(&nmbd_hooks->claims, c, entry);
		c->own_clock = (c->requests_left > 0);
		if (c->own_clock) {
			c->requests_left--;
			c->due =
				tevent_timeval_add(&now, 0, RETRY_TIMEOUT_USEC);
			/* the interval is the same for all: still sorted */
			TAILQ_INSERT_TAIL(&nmbd_hooks->claims, c, entry);
		}
	}
	start_clock();
}

static void start_clock(void)
{
	struct claim *c = TAILQ_FIRST(&nmbd_hooks->claims);

	if (c == NULL || nmbd_hooks->clock != NULL) {
		return;
	}
	/* without memory nmbd's clock takes over, a few seconds late */
	nmbd_hooks->clock = tevent_add_timer(nmbd_hooks->ev, nmbd_hooks, c->due,
					     tick, NULL);
}

static void claim_freed(struct userdata_struct *userdata)
{
	struct claim *c = (struct claim *)userdata;

	if (c->own_clock) {
		TAILQ_REMOVE(&c->hooks->claims, c, entry);
	}
	talloc_free(c);
}

static void attach_claim(struct response_record *rrec)
{
	struct claim *c = talloc_zero(nmbd_hooks, struct claim);

	if (c == NULL) {
		return; /* nmbd's clock serves it */
	}
	c->userdata.free_fn = claim_freed;
	c->hooks = nmbd_hooks;
	c->rrec = rrec;
	c->sent = tevent_timeval_current();
	rrec->userdata = &c->userdata;

	if (nmbd_hooks->rfc_timing) {
		c->own_clock = true;
		c->requests_left = RETRY_COUNT - 1;
		c->due = tevent_timeval_add(&c->sent, 0, RETRY_TIMEOUT_USEC);
		TAILQ_INSERT_TAIL(&nmbd_hooks->claims, c, entry);
		rrec->repeat_time = c->sent.tv_sec + NMBD_NET_SECONDS;
		rrec->repeat_interval = NMBD_NET_SECONDS;
		start_clock();
	}
}

/*
 * Verdicts.
 */

/* What of a record is needed after nmbd has freed it. */
struct facts {
	struct subnet_record *subrec;
	struct wire_name wire;
	int rcode;
	struct in_addr holder;
};

static struct facts facts_of(struct subnet_record *subrec,
			     const struct response_record *rrec)
{
	struct facts f = { .subrec = subrec };

	hook_wire_of(&f.wire, question(rrec));
	return f;
}

/* A WINS server that refuses a name does not say who has it. */
static struct in_addr holder_of(const struct facts *f)
{
	return (f->subrec->type == NORMAL_SUBNET) ? f->holder
						  : hook_suspect(&f->wire);
}

/* WINS: there may be more servers, and more of our addresses, to go. */
static bool is_decided(const struct facts *f)
{
	return f->subrec->type == NORMAL_SUBNET ||
	       (hook_find_claim(f->subrec, &f->wire) == NULL &&
		!hook_is_being_checked(&f->wire));
}

static void report(const struct facts *f)
{
	const char *subnet = f->subrec->subnet_name;

	switch (nmbd_hooks->verdict) {
	case VERDICT_NONE:
		break;
	case VERDICT_GRANTED:
		if (!is_decided(f)) {
			break;
		}
		if (f->subrec->type == NORMAL_SUBNET) {
			hook_enter_unicast(f->subrec, &f->wire);
			hook_put_last(f->subrec, &f->wire);
		}
		hook_put_last(unicast_subnet, &f->wire);
		nmbd_hooks->ops->granted(nmbd_hooks->private_data, &f->wire,
					 subnet);
		break;
	case VERDICT_REFUSED:
		nmbd_hooks->ops->refused(nmbd_hooks->private_data, &f->wire,
					 subnet, NERR_DuplicateName, f->rcode,
					 holder_of(f));
		break;
	}
	nmbd_hooks->verdict = VERDICT_NONE;
}

/* In place of nmbd's success_fn, which is NULL in each of these records. */
static void registered(struct subnet_record *subrec,
		       struct userdata_struct *userdata, struct nmb_name *name,
		       uint16_t nb_flags, int ttl, struct in_addr ip)
{
	nmbd_hooks->verdict = VERDICT_GRANTED;
}

/* In place of a fail_fn that is NULL, and of nmbd's, which writes a line. */
static void refused(struct subnet_record *subrec, struct response_record *rrec,
		    struct nmb_name *name)
{
	nmbd_hooks->verdict = VERDICT_REFUSED;
}

static void refused_own(struct subnet_record *subrec,
			struct response_record *rrec, struct nmb_name *name)
{
	nmbd_hooks->verdict = VERDICT_REFUSED;
	nmbd_hooks->fail_fn(subrec, rrec, name);
}

/*
 * RFC 1002 5.1.1.1: a broadcast registration fails by a negative response and
 * by nothing else.  nmbd would take any answer for one, at the end of its
 * time.  Our own answers come when two interfaces are on one net.
 */
static bool is_refusal(const struct response_record *rrec,
		       const struct packet_struct *p)
{
	const struct nmb_packet *nmb = &p->packet.nmb;

	return nmb->header.opcode == NMB_NAME_REG_OPCODE &&
	       nmb->header.rcode != 0 && nmb->answers != NULL &&
	       memcmp(nmb->answers->rr_name.name, question(rrec)->name,
		      sizeof(question(rrec)->name)) == 0 &&
	       nmb->answers->rr_name.name_type == MESSENGER_NAME_TYPE &&
	       !ismyip_v4(p->ip);
}

/* As if the answer had not come: nmbd counts it before it asks us. */
static void disregard(struct response_record *rrec)
{
	const struct claim *c = (const struct claim *)rrec->userdata;
	struct timeval now = tevent_timeval_current();
	int repeats = NMBD_REPEATS;

	rrec->num_msgs--;
	if (c != NULL && !c->own_clock) {
		repeats -= (int)(now.tv_sec - c->sent.tv_sec);
		rrec->repeat_count = (repeats > 0) ? repeats : 0;
	}
}

/*
 * nmbd as its own WINS server asks 127.0.0.1, gets the answer from its own
 * address and takes it for somebody else's.
 */
static bool is_own_wins_server(const struct response_record *rrec,
			       const struct packet_struct *p)
{
	return (ntohl(rrec->packet->ip.s_addr) >> 24) == IN_LOOPBACKNET &&
	       ismyip_v4(p->ip);
}

static void answered(struct subnet_record *subrec, struct response_record *rrec,
		     struct packet_struct *p)
{
	struct facts f = facts_of(subrec, rrec);

	f.rcode = p->packet.nmb.header.rcode;
	if (subrec->type == NORMAL_SUBNET) {
		if (!is_refusal(rrec, p)) {
			disregard(rrec);
			return;
		}
		f.holder = p->ip;
		/*
		 * A refusal has the B bit clear, as RFC 1002 4.2.6 asks.
		 * nmbd takes that for an answer of a WINS server, and drops
		 * it because no WINS server sent it.
		 */
		p->packet.nmb.header.nm_flags.bcast = true;
	} else if (is_own_wins_server(rrec, p)) {
		p->ip = rrec->packet->ip;
	}
	nmbd_hooks->verdict = VERDICT_NONE;
	nmbd_hooks->resp_fn(subrec, rrec, p);
	report(&f);
}

static void timed_out(struct subnet_record *subrec,
		      struct response_record *rrec)
{
	struct facts f = facts_of(subrec, rrec);

	nmbd_hooks->verdict = VERDICT_NONE;
	nmbd_hooks->timeout_fn(subrec, rrec);
	report(&f);
}

/*
 * Following records.
 */

static void follow(struct subnet_record *subrec, struct response_record *rrec)
{
	if (nmbd_hooks->resp_fn == NULL) {
		const char *why = host_check_record(subrec, rrec);

		if (why != NULL) {
			DBG_ERR("messenger: %s: this claim is left to nmbd\n",
				why);
			return;
		}
		nmbd_hooks->resp_fn = rrec->resp_fn;
		nmbd_hooks->timeout_fn = rrec->timeout_fn;
		memcpy(nmbd_hooks->scope, question(rrec)->scope,
		       sizeof(nmbd_hooks->scope));
	}
	if (rrec->resp_fn != nmbd_hooks->resp_fn ||
	    rrec->timeout_fn != nmbd_hooks->timeout_fn) {
		return; /* somebody else's registration */
	}
	if (rrec->fail_fn != NULL && nmbd_hooks->fail_fn == NULL) {
		nmbd_hooks->fail_fn =
			(register_name_fail_function)rrec->fail_fn;
	}
	rrec->resp_fn = answered;
	rrec->timeout_fn = timed_out;
	rrec->success_fn = (void *)registered;
	rrec->fail_fn =
		(rrec->fail_fn != NULL) ? (void *)refused_own : (void *)refused;
	/* WINS records keep nmbd's userdata, and nmbd's clock */
	if (subrec->type == NORMAL_SUBNET && rrec->userdata == NULL) {
		attach_claim(rrec);
	}
}

void hook_look_at(struct subnet_record *subrec, struct response_record *rrec)
{
	struct wire_name wire;

	if (rrec->resp_fn == answered || !is_claim(rrec)) {
		return;
	}
	hook_wire_of(&wire, question(rrec));
	switch (nmbd_hooks->ops->claiming(nmbd_hooks->private_data, &wire,
					  subrec->subnet_name)) {
	case CLAIM_FOLLOW:
		follow(subrec, rrec);
		break;
	case CLAIM_CANCEL:
		remove_response_record(subrec, rrec);
		hook_remove_name(unicast_subnet, &wire);
		break;
	case CLAIM_IGNORE:
		break;
	}
}

void hook_drop_claims_for(struct subnet_record *subrec,
			  const struct wire_name *wire)
{
	struct response_record *rrec = NULL;

	while ((rrec = hook_find_claim(subrec, wire)) != NULL) {
		remove_response_record(subrec, rrec);
	}
}

/*
 * nmbd takes a closed subnet off its list and never looks at its records
 * again: free those of ours, they would wait for ever.
 */
void hook_drop_claims(struct subnet_record *subrec)
{
	struct response_record *rrec = subrec->responselist;
	struct response_record *next = NULL;

	for (; rrec != NULL; rrec = next) {
		next = rrec->next;
		if (rrec->resp_fn == answered) {
			remove_response_record(subrec, rrec);
		}
	}
}

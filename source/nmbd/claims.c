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

#include "claims.h"

#include <string.h>
#include <sys/queue.h>

#include "host_check.h"

/* RFC 1002 6: BCAST_REQ_RETRY_COUNT, BCAST_REQ_RETRY_TIMEOUT */
#define RETRY_COUNT	   3
#define RETRY_TIMEOUT_USEC 250000

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
	struct response_record *rrec; /* lives as long as this */
	struct timeval sent;
	struct timeval due; /* the next request, or the end */
	int requests_left;
	bool own_clock; /* RFC timing */
};

enum verdict {
	VERDICT_NONE,
	VERDICT_GRANTED,
	VERDICT_REFUSED,
};

/* nmbd's callbacks carry no pointer for us: there is one, or NULL. */
static struct claims {
	struct tevent_context *ev;
	struct names *names;
	claims_told told;
	void *private_data;
	/* nmbd's static functions, learnt from a record */
	response_function resp_fn;
	timeout_response_function timeout_fn;
	register_name_fail_function fail_fn;
	bool rfc_timing;
	TAILQ_HEAD(, claim) list;   /* those with own_clock, by due */
	struct tevent_timer *clock; /* while there are claims */
	/* what nmbd's function, running inside ours, called */
	enum verdict verdict;
} *claims;

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

struct response_record *claims_find(const struct subnet_record *subrec,
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

	TALLOC_FREE(claims->clock);
	while ((c = TAILQ_FIRST(&claims->list)) != NULL &&
	       tevent_timeval_compare(&c->due, &now) <= 0) {
		/*
		 * nmbd does the work at the end of this turn: one more
		 * request, or with none left the end of the claim.
		 */
		c->rrec->repeat_count = c->requests_left;
		c->rrec->repeat_time = 0;
		TAILQ_REMOVE(&claims->list, c, entry);
		c->own_clock = (c->requests_left > 0);
		if (c->own_clock) {
			c->requests_left--;
			c->due =
				tevent_timeval_add(&now, 0, RETRY_TIMEOUT_USEC);
			/* the interval is the same for all: still sorted */
			TAILQ_INSERT_TAIL(&claims->list, c, entry);
		}
	}
	start_clock();
}

static void start_clock(void)
{
	struct claim *c = TAILQ_FIRST(&claims->list);

	if (c == NULL || claims->clock != NULL) {
		return;
	}
	/* without memory nmbd's clock takes over, a few seconds late */
	claims->clock =
		tevent_add_timer(claims->ev, claims, c->due, tick, NULL);
}

static void claim_freed(struct userdata_struct *userdata)
{
	struct claim *c = (struct claim *)userdata;

	if (c->own_clock) {
		TAILQ_REMOVE(&claims->list, c, entry);
	}
	talloc_free(c);
}

static void attach_claim(struct response_record *rrec)
{
	struct claim *c = talloc_zero(claims, struct claim);

	if (c == NULL) {
		return; /* nmbd's clock serves it */
	}
	c->userdata.free_fn = claim_freed;
	c->rrec = rrec;
	c->sent = tevent_timeval_current();
	rrec->userdata = &c->userdata;

	if (claims->rfc_timing) {
		c->own_clock = true;
		c->requests_left = RETRY_COUNT - 1;
		c->due = tevent_timeval_add(&c->sent, 0, RETRY_TIMEOUT_USEC);
		TAILQ_INSERT_TAIL(&claims->list, c, entry);
		rrec->repeat_time = c->sent.tv_sec + NMBD_NET_SECONDS;
		rrec->repeat_interval = NMBD_NET_SECONDS;
		start_clock();
	}
}

/*
 * Verdicts.
 */

/* What of a record is needed after nmbd has freed it. */
static struct claim_result result_of(struct subnet_record *subrec,
				     const struct response_record *rrec)
{
	struct claim_result r = { .subrec = subrec };

	names_wire_of(&r.wire, question(rrec));
	return r;
}

static void report(struct claim_result *r)
{
	r->granted = (claims->verdict == VERDICT_GRANTED);
	if (claims->verdict != VERDICT_NONE) {
		claims->verdict = VERDICT_NONE;
		claims->told(claims->private_data, r);
	}
}

/* In place of nmbd's success_fn, which is NULL in each of these records. */
static void registered(struct subnet_record *subrec,
		       struct userdata_struct *userdata, struct nmb_name *name,
		       uint16_t nb_flags, int ttl, struct in_addr ip)
{
	claims->verdict = VERDICT_GRANTED;
}

/* In place of a fail_fn that is NULL, and of nmbd's, which writes a line. */
static void refused(struct subnet_record *subrec, struct response_record *rrec,
		    struct nmb_name *name)
{
	claims->verdict = VERDICT_REFUSED;
}

static void refused_own(struct subnet_record *subrec,
			struct response_record *rrec, struct nmb_name *name)
{
	claims->verdict = VERDICT_REFUSED;
	claims->fail_fn(subrec, rrec, name);
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
	struct claim_result r = result_of(subrec, rrec);

	r.rcode = p->packet.nmb.header.rcode;
	if (subrec->type == NORMAL_SUBNET) {
		if (!is_refusal(rrec, p)) {
			disregard(rrec);
			return;
		}
		r.from = p->ip;
		/*
		 * A refusal has the B bit clear, as RFC 1002 4.2.6 asks.
		 * nmbd takes that for an answer of a WINS server, and drops
		 * it because no WINS server sent it.
		 */
		p->packet.nmb.header.nm_flags.bcast = true;
	} else if (is_own_wins_server(rrec, p)) {
		p->ip = rrec->packet->ip;
	}
	claims->verdict = VERDICT_NONE;
	claims->resp_fn(subrec, rrec, p);
	report(&r);
}

static void timed_out(struct subnet_record *subrec,
		      struct response_record *rrec)
{
	struct claim_result r = result_of(subrec, rrec);

	claims->verdict = VERDICT_NONE;
	claims->timeout_fn(subrec, rrec);
	report(&r);
}

/*
 * Following records.
 */

void claims_follow(struct subnet_record *subrec, struct response_record *rrec)
{
	if (claims->resp_fn == NULL) {
		const char *why = host_check_record(subrec, rrec);

		if (why != NULL) {
			DBG_ERR("messenger: %s: this claim is left to nmbd\n",
				why);
			return;
		}
		claims->resp_fn = rrec->resp_fn;
		claims->timeout_fn = rrec->timeout_fn;
		memcpy(claims->names->scope, question(rrec)->scope,
		       sizeof(claims->names->scope));
	}
	if (rrec->resp_fn != claims->resp_fn ||
	    rrec->timeout_fn != claims->timeout_fn) {
		return; /* somebody else's registration */
	}
	if (rrec->fail_fn != NULL && claims->fail_fn == NULL) {
		claims->fail_fn =
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

bool claims_is_new(const struct response_record *rrec)
{
	return rrec->resp_fn != answered && is_claim(rrec);
}

struct response_record *claims_register(const struct claims *c,
					struct subnet_record *subrec,
					const char *name,
					const struct wire_name *wire)
{
	/* nmbd would enter it a second time */
	names_remove(c->names, subrec, wire);
	register_name(subrec, name, MESSENGER_NAME_TYPE, samba_nb_type, NULL,
		      NULL, NULL);
	names_put_last(c->names, subrec, wire);
	return claims_find(subrec, wire);
}

void claims_drop(struct subnet_record *subrec, const struct wire_name *wire)
{
	struct response_record *rrec = NULL;

	while ((rrec = claims_find(subrec, wire)) != NULL) {
		remove_response_record(subrec, rrec);
	}
}

/*
 * nmbd takes a closed subnet off its list and never looks at its records
 * again: free those of ours, they would wait for ever.
 */
void claims_drop_followed(struct subnet_record *subrec)
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

void claims_set_rfc_timing(struct claims *c, bool rfc_timing)
{
	c->rfc_timing = rfc_timing;
}

struct claims *claims_init(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
			   struct names *names, claims_told told,
			   void *private_data)
{
	claims = talloc_zero(mem_ctx, struct claims);
	if (claims == NULL) {
		return NULL;
	}
	claims->ev = ev;
	claims->names = names;
	claims->told = told;
	claims->private_data = private_data;
	claims->rfc_timing = true;
	TAILQ_INIT(&claims->list);
	return claims;
}

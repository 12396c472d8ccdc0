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

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "claim_clock.h"
#include "host_check.h"
#include "messenger.h"

/* What nmbd does of its own: 3 more requests, five seconds apart in WINS. */
#define NMBD_REPEATS	      3
#define NMBD_REPEAT_SECS_WINS 5

/* Samba's WINS server says 60 at most; anybody can say a day. */
#define WACK_SECONDS_MAX 120

/* nmbd's callbacks carry no pointer for us: there is one, or NULL. */
static struct claims {
	struct names *names;
	const struct interfaces *interfaces;
	claims_told told;
	void *private_data;
	/* nmbd's static functions, learnt from a record */
	response_function resp_fn;
	timeout_response_function timeout_fn;
	register_name_fail_function fail_fn;
	struct claim_clock *clock;
	/* what nmbd's function, running inside ours, called */
	enum claim_outcome verdict;
} * claims;

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
	       claims_name(rrec)->name_type == MESSENGER_NAME_TYPE;
}

static bool is_claim_for(const struct response_record *rrec,
			 const struct wire_name *wire)
{
	return is_claim(rrec) && memcmp(claims_name(rrec)->name, wire->bytes,
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
 * Verdicts.
 */

/* What of a record is needed after nmbd has freed it. */
static struct claim_result result_of(struct subnet_record *subrec,
				     const struct response_record *rrec)
{
	struct claim_result r = {
		.subrec = subrec,
		.id = rrec->response_id,
		.ttl = rrec->packet->packet.nmb.additional->ttl,
	};

	names_wire_of(&r.wire, claims_name(rrec));
	return r;
}

static void report(struct claim_result *r)
{
	r->outcome = claims->verdict;
	claims->verdict = OUTCOME_NONE;
	if (r->outcome == OUTCOME_REFUSED && !rcode_is_refusal(r->rcode)) {
		r->outcome = OUTCOME_UNABLE;
	}
	if (r->outcome != OUTCOME_NONE) {
		claims->told(claims->private_data, r);
	}
}

/* In place of nmbd's success_fn, which is NULL in each of these records. */
static void registered(struct subnet_record *subrec,
		       struct userdata_struct *userdata, struct nmb_name *name,
		       uint16_t nb_flags, int ttl, struct in_addr ip)
{
	claims->verdict = OUTCOME_GRANTED;
}

/* In place of a fail_fn that is NULL, and of nmbd's, which writes a line. */
static void refused(struct subnet_record *subrec, struct response_record *rrec,
		    struct nmb_name *name)
{
	claims->verdict = OUTCOME_REFUSED;
}

static void refused_own(struct subnet_record *subrec,
			struct response_record *rrec, struct nmb_name *name)
{
	claims->verdict = OUTCOME_REFUSED;
	claims->fail_fn(subrec, rrec, name);
}

/*
 * RFC 1002 5.1.1.1: a broadcast registration fails by a negative response and
 * by nothing else.  nmbd would take any answer for one, at the end of its
 * time.
 */
bool claims_is_refusal(const struct nmb_packet *claim,
		       const struct nmb_packet *answer)
{
	const struct nmb_name *name = &claim->question.question_name;
	const struct nmb_name *other = NULL;

	if (answer->header.opcode != NMB_NAME_REG_OPCODE ||
	    !rcode_is_refusal(answer->header.rcode) ||
	    answer->answers == NULL) {
		return false;
	}
	other = &answer->answers->rr_name;
	return other->name_type == name->name_type &&
	       strncasecmp(other->name, name->name, sizeof(name->name)) == 0 &&
	       strncasecmp(other->scope, name->scope, sizeof(name->scope)) == 0;
}

/* As if the answer had not come: nmbd counts it before it asks us. */
static void disregard(const struct subnet_record *subrec,
		      struct response_record *rrec)
{
	time_t passed = 0;

	rrec->num_msgs--;
	if (subrec->type != NORMAL_SUBNET) {
		passed = (time(NULL) - rrec->packet->timestamp) /
			 NMBD_REPEAT_SECS_WINS;
	}
	/* one on our clock gets its count in time */
	rrec->repeat_count = NMBD_REPEATS;
	if (passed > 0) {
		rrec->repeat_count -=
			(passed < NMBD_REPEATS) ? (int)passed : NMBD_REPEATS;
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
	       interfaces_have(claims->interfaces, p->ip);
}

/*
 * What nmbd makes of the B bit: it is the answer's own, so that anybody could
 * say of a unicast claim that it was a broadcast, whose refusals may come from
 * any host; and a refusal of a broadcast has it clear, as RFC 1002 4.2.6 asks,
 * which nmbd takes for an answer of a WINS server.
 */
static void set_b_bit(const struct subnet_record *subrec,
		      struct packet_struct *p)
{
	p->packet.nmb.header.nm_flags.bcast = (subrec->type == NORMAL_SUBNET);
}

static void cap_wack(struct packet_struct *p)
{
	struct nmb_packet *nmb = &p->packet.nmb;

	if (nmb->header.opcode == NMB_WACK_OPCODE && nmb->answers != NULL &&
	    (nmb->answers->ttl < 0 || nmb->answers->ttl > WACK_SECONDS_MAX)) {
		nmb->answers->ttl = WACK_SECONDS_MAX;
	}
}

/* Is it an answer that nmbd is to decide by? */
static bool is_answer(const struct subnet_record *subrec,
		      const struct response_record *rrec,
		      struct packet_struct *p)
{
	if (subrec->type == NORMAL_SUBNET) {
		/* our own answers come when two interfaces are on one net */
		return claims_is_refusal(&rrec->packet->packet.nmb,
					 &p->packet.nmb) &&
		       !interfaces_have(claims->interfaces, p->ip);
	}
	if (is_own_wins_server(rrec, p)) {
		p->ip = rrec->packet->ip;
	}
	return p->ip.s_addr == rrec->packet->ip.s_addr;
}

/* It is no refusal, but a host that answers so is worth a look. */
static void tell_inability(const struct claim_result *r,
			   const struct packet_struct *p)
{
	int rcode = p->packet.nmb.header.rcode;

	if (rcode != 0 && !rcode_is_refusal(rcode)) {
		DBG_WARNING("messenger: %s answered a claim for %.*s<%02x> "
			    "with %s (%d): that is no refusal\n",
			    inet_ntoa(p->ip), MESSENGER_NAME_LEN,
			    (const char *)r->wire.bytes, MESSENGER_NAME_TYPE,
			    rcode_text(rcode), rcode);
	}
}

static void answered(struct subnet_record *subrec, struct response_record *rrec,
		     struct packet_struct *p)
{
	struct claim_result r = result_of(subrec, rrec);

	if (!is_answer(subrec, rrec, p)) {
		tell_inability(&r, p);
		disregard(subrec, rrec);
		return;
	}
	r.rcode = p->packet.nmb.header.rcode;
	r.from = p->ip;
	set_b_bit(subrec, p);
	cap_wack(p);
	claims->verdict = OUTCOME_NONE;
	claims->resp_fn(subrec, rrec, p);
	report(&r);
}

static void timed_out(struct subnet_record *subrec,
		      struct response_record *rrec)
{
	struct claim_result r = result_of(subrec, rrec);
	bool broadcast = (subrec->type == NORMAL_SUBNET);
	struct names_hidden hidden;

	r.from = rrec->packet->ip;
	claims->verdict = OUTCOME_NONE;
	names_entering(claims->names, subrec, &r.wire, &hidden);
	claims->timeout_fn(subrec, rrec);
	names_entered(claims->names, subrec, &r.wire, &hidden,
		      claims->verdict == OUTCOME_GRANTED);
	if (claims->verdict == OUTCOME_GRANTED && !broadcast) {
		/* nmbd takes silence for a success */
		claims->verdict = OUTCOME_SILENT;
	}
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
		memcpy(claims->names->scope, claims_name(rrec)->scope,
		       sizeof(claims->names->scope));
	}
	if (rrec->resp_fn != claims->resp_fn ||
	    rrec->timeout_fn != claims->timeout_fn) {
		return; /* somebody else's registration */
	}
	if (rrec->fail_fn != NULL && claims->fail_fn == NULL) {
		claims->fail_fn = (register_name_fail_function)rrec->fail_fn;
	}
	rrec->resp_fn = answered;
	rrec->timeout_fn = timed_out;
	rrec->success_fn = (void *)registered;
	rrec->fail_fn =
		(rrec->fail_fn != NULL) ? (void *)refused_own : (void *)refused;
	/* WINS records keep nmbd's userdata, and nmbd's clock */
	if (subrec->type == NORMAL_SUBNET && rrec->userdata == NULL) {
		claim_clock_attach(claims->clock, rrec);
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
	int err;

	/* nmbd would enter it a second time */
	names_remove(c->names, subrec, wire);
	errno = 0;
	register_name(subrec, name, MESSENGER_NAME_TYPE, samba_nb_type, NULL,
		      NULL, NULL);
	err = errno;
	if (subrec == unicast_subnet) {
		/* there it is in the list before it is granted */
		presence_add(c->names->presence, subrec, wire);
	}
	names_put_last(c->names, subrec, wire);
	errno = err;
	return claims_find(subrec, wire);
}

void claims_drop(struct subnet_record *subrec, const struct wire_name *wire)
{
	struct response_record *rrec = NULL;

	while ((rrec = claims_find(subrec, wire)) != NULL) {
		remove_response_record(subrec, rrec);
	}
}

void claims_release(const struct claims *c, const struct wire_name *wire,
		    const char *subnet)
{
	struct subnet_record *subrec = subnetlist;

	for (; subrec != NULL; subrec = subrec->next) {
		if (subnet == NULL ||
		    strcmp(subnet, subrec->subnet_name) == 0) {
			claims_drop(subrec, wire);
			names_release_broadcast(c->names, subrec, wire);
		}
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
	claim_clock_set_rfc_timing(c->clock, rfc_timing);
}

struct claims *claims_init(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
			   struct names *names,
			   const struct interfaces *interfaces,
			   claims_told told, void *private_data)
{
	claims = talloc_zero(mem_ctx, struct claims);
	if (claims == NULL) {
		return NULL;
	}
	claims->clock = claim_clock_init(claims, ev);
	if (claims->clock == NULL) {
		TALLOC_FREE(claims);
		return NULL;
	}
	claims->interfaces = interfaces;
	claims->names = names;
	claims->told = told;
	claims->private_data = private_data;
	return claims;
}

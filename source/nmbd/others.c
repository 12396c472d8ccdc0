/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What other hosts say of our names when no record of nmbd's waits for it:
 * nmbd handles and forgets it.
 */

#include "others.h"

#include <stdlib.h>
#include <strings.h>
#include <sys/queue.h>
#include <sys/random.h>
#include <sys/socket.h>

#include "messenger.h"
#include "nbns.h"
#include "observer.h"
#include "steady.h"

/*
 * Stock nmbd listens for five seconds after the first request, and a holder
 * that is slow (wireless, asleep, busy) needs one or two.
 */
#define LISTEN_USEC 5000000

/*
 * A claim that was granted a short while ago, and may yet be refused.  From
 * malloc(): of many, each goes into a hole that its claim has left, which an
 * array of all of them would not, and talloc's header is longer than this.
 */
struct grant {
	STAILQ_ENTRY(grant) entry;
	struct wire_name wire;
	struct subnet_record *subrec;
	uint64_t until; /* 0: the name was given up */
	int ttl;
	uint16_t id;
	uint16_t demand; /* the id of the NAME OVERWRITE DEMAND */
};

struct others {
	const struct names *names;
	const struct interfaces *interfaces;
	struct others_hears hears;
	struct observer *observer; /* NULL: there is none */
	STAILQ_HEAD(, grant) grants; /* by until */
};

/* An answer is about what it answers, anything else about what it asks. */
static const struct nmb_name *name_in(const struct nmb_packet *nmb)
{
	return (nmb->header.response && nmb->answers != NULL)
		       ? &nmb->answers->rr_name
		       : &nmb->question.question_name;
}

/* What is parsed has the case it was sent in; nmbd compares without it. */
static void name_of(const struct packet_struct *p, struct wire_name *wire)
{
	names_wire_of(wire, name_in(&p->packet.nmb));
	wire_name_upper(wire);
}

static bool is_our_scope(const struct others *o, const struct nmb_name *n)
{
	/* nearly everybody has none */
	return (n->scope[0] == '\0' && o->names->scope[0] == '\0') ||
	       strncasecmp(n->scope, o->names->scope, sizeof(n->scope)) == 0;
}

/*
 * Claims and demands.
 */

/*
 * Others' claims that nmbd refuses are those on the net of a subnet.  One that
 * a router passed on is nobody's subnet's, and is not answered.
 */
static bool is_on_a_subnet(struct in_addr ip)
{
	const struct subnet_record *s = subnetlist;

	while (s != NULL &&
	       ((ip.s_addr ^ s->bcast_ip.s_addr) & s->mask_ip.s_addr) != 0) {
		s = s->next;
	}
	return s != NULL;
}

static bool is_foreign_claim(const struct packet_struct *p)
{
	const struct nmb_packet *nmb = &p->packet.nmb;

	/* to a WINS server it is no matter of ours */
	return !nmb->header.response && nmb->header.nm_flags.bcast &&
	       is_on_a_subnet(p->ip);
}

static bool is_demand(const struct packet_struct *p)
{
	const struct nmb_packet *nmb = &p->packet.nmb;

	return nmb->header.response && nmb->header.rcode == RCODE_CFT_ERR &&
	       nmb->answers != NULL;
}

static bool contest_of(const struct others *o, const struct packet_struct *p,
		       const struct wire_name *wire, struct contest *contest)
{
	const struct nmb_packet *nmb = &p->packet.nmb;
	bool demand = is_demand(p);

	if ((!demand && !is_foreign_claim(p)) ||
	    !is_our_scope(o, name_in(nmb)) ||
	    interfaces_have(o->interfaces, p->ip)) {
		return false;
	}
	*contest = (struct contest){
		.kind = demand ? CONTEST_DEMAND : CONTEST_REGISTRATION,
		.wire = *wire,
		.type = MESSENGER_NAME_TYPE,
		.from = p->ip,
		.id = (uint16_t)nmb->header.name_trn_id,
	};
	return true;
}

/*
 * Late refusals.
 */

/* Those that are over have one end, since all are listened for as long. */
static void forget_old(struct others *o)
{
	uint64_t now = steady_now();
	struct grant *g = NULL;

	while ((g = STAILQ_FIRST(&o->grants)) != NULL && g->until <= now) {
		STAILQ_REMOVE_HEAD(&o->grants, entry);
		free(g);
	}
}

/* In order, as there are few: within five seconds of a start a thousand. */
void others_forget(struct others *o, const struct wire_name *wire)
{
	struct grant *g = NULL;

	forget_old(o);
	STAILQ_FOREACH(g, &o->grants, entry) {
		if (wire_name_equal(&g->wire, wire)) {
			g->until = 0;
		}
	}
}

static bool is_refusal_of_ours(const struct others *o,
			       const struct packet_struct *p)
{
	const struct nmb_packet *nmb = &p->packet.nmb;

	return nmb->header.response && rcode_is_refusal(nmb->header.rcode) &&
	       nmb->answers != NULL && is_our_scope(o, name_in(nmb)) &&
	       !interfaces_have(o->interfaces, p->ip);
}

static bool refuse(struct others *o, const struct packet_struct *p,
		   const struct wire_name *wire, struct claim_result *r)
{
	const struct nmb_packet *nmb = &p->packet.nmb;
	uint16_t id = (uint16_t)nmb->header.name_trn_id;
	const struct grant *g = NULL;

	if (!is_refusal_of_ours(o, p)) {
		return false;
	}
	forget_old(o);
	STAILQ_FOREACH(g, &o->grants, entry) {
		if ((id == g->id || id == g->demand) && g->until != 0 &&
		    wire_name_equal(&g->wire, wire)) {
			*r = (struct claim_result){
				.subrec = g->subrec,
				.wire = g->wire,
				.outcome = OUTCOME_REFUSED,
				.id = g->id,
				.ttl = g->ttl,
				.rcode = nmb->header.rcode,
				.from = p->ip,
			};
			return true;
		}
	}
	return false;
}

static void send_demand(const struct others *o, const struct grant *g)
{
	const struct subnet_record *subrec = g->subrec;
	const struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons(NBNS_PORT),
		.sin_addr = subrec->bcast_ip,
	};
	const struct nbns_claim claim = {
		.wire = &g->wire,
		.type = MESSENGER_NAME_TYPE,
		.scope = o->names->scope,
		.flags = (uint8_t)samba_nb_type,
		.ttl = (uint32_t)g->ttl,
		.address = subrec->myip,
	};
	uint8_t buf[NBNS_REQUEST_MAX];
	size_t len = nbns_overwrite_demand(buf, g->demand, &claim);

	/* what is not sent is not heard: the name is ours all the same */
	(void)sendto(subrec->nmb_sock, buf, len, MSG_DONTWAIT,
		     (const struct sockaddr *)&to, sizeof(to));
}

/* Without memory a late refusal of it is not heard. */
static void enter(struct others *o, const struct grant *g)
{
	struct grant *copy = malloc(sizeof(*copy));

	forget_old(o);
	if (copy != NULL) {
		*copy = *g;
		STAILQ_INSERT_TAIL(&o->grants, copy, entry);
	}
}

void others_granted(struct others *o, const struct claim_result *grant)
{
	struct grant g = {
		.wire = grant->wire,
		.subrec = grant->subrec,
		.until = steady_now() + LISTEN_USEC,
		.ttl = grant->ttl,
		.id = grant->id,
	};

	if (getrandom(&g.demand, sizeof(g.demand), GRND_NONBLOCK) !=
	    sizeof(g.demand)) {
		g.demand = (uint16_t)(grant->id + 1);
	}
	enter(o, &g);
	send_demand(o, &g);
}

static int forget_all(struct others *o)
{
	struct grant *g = NULL;

	while ((g = STAILQ_FIRST(&o->grants)) != NULL) {
		STAILQ_REMOVE_HEAD(&o->grants, entry);
		free(g);
	}
	return 0;
}

struct others *others_init(TALLOC_CTX *mem_ctx, const struct names *names,
			   const struct interfaces *interfaces,
			   const struct others_hears *hears)
{
	struct others *o = talloc_zero(mem_ctx, struct others);

	if (o == NULL) {
		return NULL;
	}
	o->names = names;
	o->interfaces = interfaces;
	o->hears = *hears;
	STAILQ_INIT(&o->grants);
	talloc_set_destructor(o, forget_all);
	return o;
}

void others_show(struct others *o, struct observer *observer)
{
	o->observer = observer;
}

static void __attribute__((noinline))
hear(struct others *o, const struct packet_struct *p)
{
	struct claim_result late;
	struct contest contest;
	struct wire_name wire;

	name_of(p, &wire);
	if (refuse(o, p, &wire, &late)) {
		o->hears.told(o->hears.told_data, &late);
	} else if (contest_of(o, p, &wire, &contest)) {
		o->hears.ops->contested(o->hears.ops_data, &contest);
	}
}

static void __attribute__((noinline))
look_at_claim(struct others *o, const struct packet_struct *p,
	      const struct nmb_name *name)
{
	if (o->hears.ops->known(o->hears.ops_data, wire_name_in(&name->name))) {
		hear(o, p);
	}
}

void others_received(struct others *o, const struct packet_struct *p)
{
	const struct nmb_packet *nmb = &p->packet.nmb;
	const struct nmb_name *name = name_in(nmb);

	if (name->name_type != MESSENGER_NAME_TYPE) {
		if (o->observer != NULL) {
			observer_packet(o->observer, p, name, o->names->scope);
		}
	} else if (nmb->header.opcode == NMB_NAME_REG_OPCODE) {
		look_at_claim(o, p, name);
	}
}

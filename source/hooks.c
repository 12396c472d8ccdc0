/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The hooks into stock nmbd, and with host_check.c the only code that knows
 * its structures.  It owns the claims for <03> names that are under way, and
 * the pace at which new ones are sent.  It knows no rule of the service.
 *
 * How a claim goes.  nmbd sends a registration and keeps a response record
 * until it is answered or its time is over.  We put our functions into the
 * record before the first answer can be read, and nmbd's own are called from
 * ours, exactly once, when there is a verdict; an answer that is none is
 * treated as if it had never come.  nmbd frees the record inside its own
 * functions: what is needed later is copied first.
 *
 * Trap: nmbd has one thread but two stages in a turn of its loop.  Timers and
 * messages run inside tevent_loop_once(), packets and expiry after it.  A
 * timer added from the trace callback "before wait" would be too late for
 * that wait, so new records are looked for "before loop once".
 */

#include "hooks.h"

#include <string.h>
#include <sys/queue.h>

#include "host_check.h"
#include "nmbd_host.h"
#include "wins.h"

/* RFC 1002 6: BCAST_REQ_RETRY_TIMEOUT, BCAST_REQ_RETRY_COUNT */
#define RETRY_TIMEOUT_USEC	250000
#define RETRY_COUNT		3

/*
 * What nmbd does of its own: 3 more requests, a second apart.  Its clock of
 * whole seconds stays behind ours as a net.
 */
#define NMBD_REPEATS		3
#define NMBD_NET_SECONDS	5

/*
 * A socket with the usual buffer holds 256 such packets.  With their two
 * repetitions, 32 new names in 250 ms make 96.
 */
#define PACE_NAMES		32

/*
 * A broadcast claim under way.  It is its record's userdata, so nmbd itself
 * frees it together with the record, on whatever path that happens.
 */
struct claim {
	struct userdata_struct userdata; /* first: nmbd knows this part */
	TAILQ_ENTRY(claim) entry;
	struct hooks *hooks;
	struct response_record *rrec;	/* lives as long as this */
	struct timeval sent;
	struct timeval due;		/* the next request, or the end */
	int requests_left;
	bool own_clock;			/* RFC timing */
};

TAILQ_HEAD(claim_list, claim);

/* A claim that waits for its turn. */
struct queued {
	TAILQ_ENTRY(queued) entry;
	char *name;
	struct wire_name wire;
	char *subnet;			/* NULL: all of them */
};

TAILQ_HEAD(queue, queued);

/*
 * A question to WINS that is to be answered before the claim there.  It stays
 * until the name is given up: the claim may yet be refused, and then this
 * knows by whom.
 */
struct check {
	TAILQ_ENTRY(check) entry;
	char *name;
	struct wire_name wire;
	struct tevent_req *subreq;	/* NULL: answered */
	struct in_addr suspect;		/* an owner that did not answer */
};

TAILQ_HEAD(check_list, check);

/* A subnet we have seen, to notice new ones, lost ones and new records. */
struct known_subnet {
	struct subnet_record *subrec;	/* nmbd never frees one */
	const struct response_record *tail;
	uint16_t tail_id;
};

enum verdict {
	VERDICT_NONE,
	VERDICT_GRANTED,
	VERDICT_REFUSED,
};

struct hooks {
	struct tevent_context *ev;
	const struct hooks_ops *ops;
	void *private_data;

	/* nmbd's static functions, learnt from its first record */
	response_function resp_fn;
	timeout_response_function timeout_fn;
	register_name_fail_function fail_fn;
	char scope[64];			/* of every name of ours */
	struct wire_name computer;	/* nmbd's first name */

	tevent_trace_callback_t old_trace;
	void *old_trace_data;

	struct known_subnet *subnets;	/* a talloc array */
	size_t num_subnets;
	struct known_subnet unicast;

	bool rfc_timing;
	struct claim_list claims;	/* those with own_clock, by due */
	struct tevent_timer *clock;	/* while there are claims */

	struct check_list checks;

	struct queue queue;
	size_t pace_left;
	struct tevent_timer *pace;	/* while pace_left is not full */

	/* what nmbd's function, running inside ours, called */
	enum verdict verdict;
};

/* nmbd's callbacks carry no pointer for us. */
static struct hooks *hooks;

static const struct in_addr nobody = { .s_addr = 0 };

static void make_name(struct nmb_name *n, const struct wire_name *wire)
{
	memset(n, 0, sizeof(*n));
	memcpy(n->name, wire->bytes, sizeof(n->name));
	memcpy(n->scope, hooks->scope, sizeof(n->scope));
	n->name_type = MESSENGER_NAME_TYPE;
}

static void wire_of(struct wire_name *wire, const struct nmb_name *n)
{
	memcpy(wire->bytes, n->name, sizeof(wire->bytes));
}

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

static struct response_record *find_claim(const struct subnet_record *subrec,
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

	TALLOC_FREE(hooks->clock);
	while ((c = TAILQ_FIRST(&hooks->claims)) != NULL &&
	       tevent_timeval_compare(&c->due, &now) <= 0) {
		/*
		 * nmbd does the work at the end of this turn: one more
		 * request, or with none left the end of the claim.
		 */
		c->rrec->repeat_count = c->requests_left;
		c->rrec->repeat_time = 0;
		TAILQ_REMOVE(&hooks->claims, c, entry);
		c->own_clock = (c->requests_left > 0);
		if (c->own_clock) {
			c->requests_left--;
			c->due = tevent_timeval_add(&now, 0,
						    RETRY_TIMEOUT_USEC);
			/* the interval is the same for all: still sorted */
			TAILQ_INSERT_TAIL(&hooks->claims, c, entry);
		}
	}
	start_clock();
}

static void start_clock(void)
{
	struct claim *c = TAILQ_FIRST(&hooks->claims);

	if (c == NULL || hooks->clock != NULL) {
		return;
	}
	/* without memory nmbd's clock takes over, a few seconds late */
	hooks->clock = tevent_add_timer(hooks->ev, hooks, c->due, tick, NULL);
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
	struct claim *c = talloc_zero(hooks, struct claim);

	if (c == NULL) {
		return;		/* nmbd's clock serves it */
	}
	c->userdata.free_fn = claim_freed;
	c->userdata.userdata_len = sizeof(c->userdata.data);
	c->hooks = hooks;
	c->rrec = rrec;
	c->sent = tevent_timeval_current();
	rrec->userdata = &c->userdata;

	if (hooks->rfc_timing) {
		c->own_clock = true;
		c->requests_left = RETRY_COUNT - 1;
		c->due = tevent_timeval_add(&c->sent, 0, RETRY_TIMEOUT_USEC);
		TAILQ_INSERT_TAIL(&hooks->claims, c, entry);
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

	wire_of(&f.wire, question(rrec));
	return f;
}

static const struct check *find_check(const struct wire_name *wire)
{
	const struct check *c = NULL;

	TAILQ_FOREACH(c, &hooks->checks, entry) {
		if (wire_name_equal(&c->wire, wire)) {
			break;
		}
	}
	return c;
}

static bool is_being_checked(const struct wire_name *wire)
{
	const struct check *c = find_check(wire);

	return c != NULL && c->subreq != NULL;
}

/* A WINS server that refuses a name does not say who has it. */
static struct in_addr holder_of(const struct facts *f)
{
	const struct check *c = NULL;

	if (f->holder.s_addr == 0 && f->subrec->type != NORMAL_SUBNET) {
		c = find_check(&f->wire);
	}
	return (c != NULL) ? c->suspect : f->holder;
}

/* WINS: there may be more servers, and more of our addresses, to go. */
static bool is_decided(const struct facts *f)
{
	return f->subrec->type == NORMAL_SUBNET ||
	       (find_claim(f->subrec, &f->wire) == NULL &&
		!is_being_checked(&f->wire));
}

/* Granted by broadcast: unicast queries and node status shall have it too. */
static void enter_unicast(struct subnet_record *subrec,
			  const struct wire_name *wire)
{
	struct name_record *n = NULL;
	struct nmb_name name;
	int num_ips;

	make_name(&name, wire);
	if (!we_are_a_wins_client()) {
		insert_permanent_name_into_unicast(subrec, &name,
						   samba_nb_type);
		return;
	}
	n = find_name_on_subnet(unicast_subnet, &name, FIND_SELF_NAME);
	if (n == NULL) {
		return;		/* WINS will enter it, or has refused it */
	}
	num_ips = n->data.num_ips;
	add_ip_to_name_record(n, subrec->myip);
	if (n->data.num_ips > num_ips) {
		/* a new interface: WINS learns its address by a refresh */
		wins_refresh_name(n);
	}
}

/*
 * nmbd looks names up in a list, from its head, and puts new ones there.  Ours
 * go to its end, so that the server's own names stay as quick as they were.
 */
static void put_last(struct subnet_record *subrec,
		     const struct wire_name *wire)
{
	struct name_record *head = subrec->namelist;
	struct name_record *tail = NULL;

	if (head == NULL || head->next == NULL ||
	    head->name.name_type != MESSENGER_NAME_TYPE ||
	    memcmp(head->name.name, wire->bytes, sizeof(wire->bytes)) != 0 ||
	    wire_name_equal(wire, &hooks->computer)) {
		return;
	}
	/* Samba's lists: the head's prev is the tail, the tail's next NULL */
	tail = head->prev;
	subrec->namelist = head->next;
	tail->next = head;
	head->next = NULL;
	/* head->prev is the old tail already */
	subrec->namelist->prev = head;
}

static void report(const struct facts *f)
{
	const char *subnet = f->subrec->subnet_name;

	switch (hooks->verdict) {
	case VERDICT_NONE:
		break;
	case VERDICT_GRANTED:
		if (!is_decided(f)) {
			break;
		}
		if (f->subrec->type == NORMAL_SUBNET) {
			enter_unicast(f->subrec, &f->wire);
			put_last(f->subrec, &f->wire);
		}
		put_last(unicast_subnet, &f->wire);
		hooks->ops->granted(hooks->private_data, &f->wire, subnet);
		break;
	case VERDICT_REFUSED:
		hooks->ops->refused(hooks->private_data, &f->wire, subnet,
				    NERR_DuplicateName, f->rcode, holder_of(f));
		break;
	}
	hooks->verdict = VERDICT_NONE;
}

/* In place of nmbd's success_fn, which is NULL in each of these records. */
static void registered(struct subnet_record *subrec,
		       struct userdata_struct *userdata, struct nmb_name *name,
		       uint16_t nb_flags, int ttl, struct in_addr ip)
{
	hooks->verdict = VERDICT_GRANTED;
}

/* In place of a fail_fn that is NULL, and of nmbd's, which writes a line. */
static void refused(struct subnet_record *subrec, struct response_record *rrec,
		    struct nmb_name *name)
{
	hooks->verdict = VERDICT_REFUSED;
}

static void refused_own(struct subnet_record *subrec,
			struct response_record *rrec, struct nmb_name *name)
{
	hooks->verdict = VERDICT_REFUSED;
	hooks->fail_fn(subrec, rrec, name);
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

static void answered(struct subnet_record *subrec,
		     struct response_record *rrec, struct packet_struct *p)
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
	hooks->verdict = VERDICT_NONE;
	hooks->resp_fn(subrec, rrec, p);
	report(&f);
}

static void timed_out(struct subnet_record *subrec,
		      struct response_record *rrec)
{
	struct facts f = facts_of(subrec, rrec);

	hooks->verdict = VERDICT_NONE;
	hooks->timeout_fn(subrec, rrec);
	report(&f);
}

/*
 * Following records.
 */

static void follow(struct subnet_record *subrec, struct response_record *rrec)
{
	if (hooks->resp_fn == NULL) {
		const char *why = host_check_record(subrec, rrec);

		if (why != NULL) {
			DBG_ERR("messenger: %s: this claim is left to nmbd\n",
				why);
			return;
		}
		hooks->resp_fn = rrec->resp_fn;
		hooks->timeout_fn = rrec->timeout_fn;
		memcpy(hooks->scope, question(rrec)->scope,
		       sizeof(hooks->scope));
	}
	if (rrec->resp_fn != hooks->resp_fn ||
	    rrec->timeout_fn != hooks->timeout_fn) {
		return;		/* somebody else's registration */
	}
	if (rrec->fail_fn != NULL && hooks->fail_fn == NULL) {
		hooks->fail_fn = (register_name_fail_function)rrec->fail_fn;
	}
	rrec->resp_fn = answered;
	rrec->timeout_fn = timed_out;
	rrec->success_fn = (void *)registered;
	rrec->fail_fn = (rrec->fail_fn != NULL) ? (void *)refused_own
						: (void *)refused;
	/* WINS records keep nmbd's userdata, and nmbd's clock */
	if (subrec->type == NORMAL_SUBNET && rrec->userdata == NULL) {
		attach_claim(rrec);
	}
}

static void remove_name(struct subnet_record *subrec,
			const struct wire_name *wire);
static void drop_claims_for(struct subnet_record *subrec,
			    const struct wire_name *wire);

static void look_at(struct subnet_record *subrec, struct response_record *rrec)
{
	struct wire_name wire;

	if (rrec->resp_fn == answered || !is_claim(rrec)) {
		return;
	}
	wire_of(&wire, question(rrec));
	switch (hooks->ops->claiming(hooks->private_data, &wire,
				     subrec->subnet_name)) {
	case CLAIM_FOLLOW:
		follow(subrec, rrec);
		break;
	case CLAIM_CANCEL:
		remove_response_record(subrec, rrec);
		remove_name(unicast_subnet, &wire);
		break;
	case CLAIM_IGNORE:
		break;
	}
}

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
		look_at(known->subrec, rrec);
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

/*
 * nmbd takes a closed subnet off its list and never looks at its records
 * again: free those of ours, they would wait for ever.
 */
static void drop_claims(struct subnet_record *subrec)
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

/* nmbd leaves the address of a closed subnet in its unicast names. */
static void forget_address(struct in_addr ip)
{
	struct name_record *n = unicast_subnet->namelist;
	struct name_record *next = NULL;

	for (; n != NULL; n = next) {
		next = n->next;
		if (n->name.name_type == MESSENGER_NAME_TYPE &&
		    (n->data.source == SELF_NAME ||
		     n->data.source == PERMANENT_NAME)) {
			remove_ip_from_name_record(n, ip);
			if (n->data.num_ips == 0) {
				remove_name_from_namelist(unicast_subnet, n);
			}
		}
	}
}

static void follow_subnets(void)
{
	struct known_subnet *old = hooks->subnets;
	struct known_subnet *new = NULL;
	struct subnet_record *subrec = NULL;
	size_t num = 0;
	size_t i;

	for (subrec = subnetlist; subrec != NULL; subrec = subrec->next) {
		num++;
	}
	new = talloc_zero_array(hooks, struct known_subnet, num);
	if (new == NULL && num > 0) {
		return;		/* seen again in the next turn */
	}
	for (subrec = subnetlist, i = 0; subrec != NULL;
	     subrec = subrec->next, i++) {
		new[i].subrec = subrec;
	}
	hooks->subnets = new;
	hooks->num_subnets = num;

	for (i = 0; i < talloc_array_length(old); i++) {
		if (!is_listed(old[i].subrec)) {
			drop_claims(old[i].subrec);
			forget_address(old[i].subrec->myip);
			hooks->ops->subnet_gone(hooks->private_data,
						old[i].subrec->subnet_name);
		}
	}
	for (i = 0; i < num; i++) {
		if (!is_known(old, new[i].subrec)) {
			hooks->ops->subnet_new(hooks->private_data,
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
		follow_subnets();
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

/*
 * Claiming.
 */

struct unsent {
	struct wire_name wire;
	char *subnet;
};

/* Told in a turn of its own: the one who claims is not to be called back. */
static void tell_unsent(struct tevent_context *ev, struct tevent_timer *te,
			struct timeval now, void *private_data)
{
	struct unsent *u = talloc_get_type_abort(private_data, struct unsent);

	hooks->ops->refused(hooks->private_data, &u->wire, u->subnet,
			    NERR_NetworkError, 0, nobody);
	talloc_free(u);
}

static void not_sent(const struct subnet_record *subrec,
		     const struct wire_name *wire)
{
	struct unsent *u = talloc_zero(hooks, struct unsent);

	if (u == NULL) {
		return;
	}
	u->wire = *wire;
	u->subnet = talloc_strdup(u, subrec->subnet_name);
	if (u->subnet == NULL ||
	    tevent_add_timer(hooks->ev, u, tevent_timeval_zero(), tell_unsent,
			     u) == NULL) {
		talloc_free(u);
	}
}

static void claim_on(struct subnet_record *subrec, const char *name,
		     const struct wire_name *wire)
{
	struct response_record *rrec = find_claim(subrec, wire);

	if (rrec == NULL) {
		/* nmbd would enter it a second time */
		remove_name(subrec, wire);
		register_name(subrec, name, MESSENGER_NAME_TYPE, samba_nb_type,
			      NULL, NULL, NULL);
		put_last(subrec, wire);
		rrec = find_claim(subrec, wire);
	}
	if (rrec == NULL) {
		(void)hooks->ops->claiming(hooks->private_data, wire,
					   subrec->subnet_name);
		not_sent(subrec, wire);
		return;
	}
	look_at(subrec, rrec);
}

/*
 * WINS: ask first, then register.  What nmbd registers at its own start is
 * under way already when we come: then the answer is a second opinion.
 */

static void checked(struct tevent_req *subreq)
{
	struct check *c = tevent_req_callback_data(subreq, struct check);
	struct wins_verdict v = wins_check_recv(subreq);
	struct response_record *rrec = NULL;
	struct wire_name wire = c->wire;

	TALLOC_FREE(c->subreq);
	c->suspect = v.owner;
	if (!v.taken) {
		claim_on(unicast_subnet, c->name, &c->wire);
		rrec = find_claim(unicast_subnet, &wire);
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
	drop_claims_for(unicast_subnet, &wire);
	remove_name(unicast_subnet, &wire);
	talloc_free(c);
	hooks->ops->refused(hooks->private_data, &wire,
			    unicast_subnet->subnet_name, NERR_DuplicateName,
			    ACT_ERR, v.owner);
}

static int remove_check(struct check *c)
{
	TAILQ_REMOVE(&hooks->checks, c, entry);
	return 0;
}

static void drop_checks(const struct wire_name *wire)
{
	struct check *c = NULL;
	struct check *next = NULL;

	for (c = TAILQ_FIRST(&hooks->checks); c != NULL; c = next) {
		next = TAILQ_NEXT(c, entry);
		if (wire_name_equal(&c->wire, wire)) {
			talloc_free(c);
		}
	}
}

static void claim_in_wins(const char *name, const struct wire_name *wire)
{
	struct check *c = NULL;

	drop_checks(wire);
	c = talloc_zero(hooks, struct check);
	/* no verdict on the other subnets is the last before this one */
	(void)hooks->ops->claiming(hooks->private_data, wire,
				   unicast_subnet->subnet_name);
	if (c != NULL) {
		TAILQ_INSERT_TAIL(&hooks->checks, c, entry);
		talloc_set_destructor(c, remove_check);
		c->wire = *wire;
		c->name = talloc_strdup(c, name);
	}
	if (c != NULL && c->name != NULL && subnetlist != NULL) {
		c->subreq = wins_check_send(c, hooks->ev, wire, hooks->scope,
					    subnetlist->myip);
	}
	if (c == NULL || c->subreq == NULL) {
		talloc_free(c);
		claim_on(unicast_subnet, name, wire);
		return;
	}
	tevent_req_set_callback(c->subreq, checked, c);
}

static void send_claim(const struct queued *q)
{
	struct subnet_record *subrec = NULL;
	struct nmb_name name;

	for (subrec = subnetlist; subrec != NULL; subrec = subrec->next) {
		if (q->subnet == NULL ||
		    strcmp(q->subnet, subrec->subnet_name) == 0) {
			claim_on(subrec, q->name, &q->wire);
		}
	}
	make_name(&name, &q->wire);
	if (we_are_a_wins_client() &&
	    (q->subnet == NULL ||
	     find_name_on_subnet(unicast_subnet, &name, FIND_SELF_NAME) ==
		     NULL)) {
		claim_in_wins(q->name, &q->wire);
	}
}

static void paced(struct tevent_context *ev, struct tevent_timer *te,
		  struct timeval now, void *private_data);

static void send_queued(void)
{
	struct queued *q = NULL;

	while (hooks->pace_left > 0 &&
	       (q = TAILQ_FIRST(&hooks->queue)) != NULL) {
		TAILQ_REMOVE(&hooks->queue, q, entry);
		send_claim(q);
		talloc_free(q);
		hooks->pace_left--;
	}
	if (hooks->pace == NULL && hooks->pace_left < PACE_NAMES) {
		hooks->pace = tevent_add_timer(
			hooks->ev, hooks,
			tevent_timeval_current_ofs(0, RETRY_TIMEOUT_USEC),
			paced, NULL);
		if (hooks->pace == NULL) {
			hooks->pace_left = PACE_NAMES;
		}
	}
}

static void paced(struct tevent_context *ev, struct tevent_timer *te,
		  struct timeval now, void *private_data)
{
	TALLOC_FREE(hooks->pace);
	hooks->pace_left = PACE_NAMES;
	send_queued();
}

void hooks_claim(struct hooks *h, const char *name,
		 const struct wire_name *wire, const char *subnet)
{
	struct queued *q = NULL;

	TAILQ_FOREACH(q, &h->queue, entry) {
		if (q->subnet == NULL && wire_name_equal(&q->wire, wire)) {
			return;		/* its turn is yet to come */
		}
	}
	q = talloc_zero(h, struct queued);
	if (q == NULL) {
		return;
	}
	q->wire = *wire;
	q->name = talloc_strdup(q, name);
	q->subnet = talloc_strdup(q, subnet);
	if (q->name == NULL || (subnet != NULL && q->subnet == NULL)) {
		talloc_free(q);
		return;
	}
	TAILQ_INSERT_TAIL(&h->queue, q, entry);
	send_queued();
}

/*
 * Releasing.
 */

static void release_over(struct subnet_record *subrec,
			 struct response_record *rrec)
{
	remove_response_record(subrec, rrec);
}

static void release_answered(struct subnet_record *subrec,
			     struct response_record *rrec,
			     struct packet_struct *p)
{
	remove_response_record(subrec, rrec);
}

static void send_release(struct subnet_record *subrec,
			 const struct name_record *n, struct in_addr ip,
			 struct in_addr to)
{
	struct nmb_name name = n->name;

	/*
	 * Not release_name(): it keeps the name in its list, and answers for
	 * it, until the release has been answered or timed out.
	 */
	(void)queue_release_name(subrec, release_answered, release_over, NULL,
				 NULL, NULL, &name, n->data.nb_flags, ip, to);
}

static void remove_name(struct subnet_record *subrec,
			const struct wire_name *wire)
{
	struct nmb_name name;
	struct name_record *n = NULL;

	make_name(&name, wire);
	n = find_name_on_subnet(subrec, &name, FIND_SELF_NAME);
	if (n != NULL) {
		remove_name_from_namelist(subrec, n);
	}
}

static void release_broadcast(struct subnet_record *subrec,
			      const struct wire_name *wire)
{
	struct nmb_name name;
	struct name_record *n = NULL;

	make_name(&name, wire);
	n = find_name_on_subnet(subrec, &name, FIND_SELF_NAME);
	if (n != NULL) {
		send_release(subrec, n, subrec->myip, subrec->bcast_ip);
		remove_name_from_namelist(subrec, n);
	}
}

/*
 * A name of nmbd's own is PERMANENT_NAME here without WINS.  With WINS, and
 * when nmbd ends, nmbd has released it itself (NB_DEREG).
 */
static void release_wins(const struct wire_name *wire)
{
	struct nmb_name name;
	struct name_record *n = NULL;
	char **tags = NULL;
	size_t t;
	int i;

	make_name(&name, wire);
	n = find_name_on_subnet(unicast_subnet, &name, FIND_SELF_NAME);
	if (n == NULL) {
		return;
	}
	if (n->data.source == SELF_NAME && we_are_a_wins_client() &&
	    (n->data.nb_flags & NB_DEREG) == 0) {
		tags = wins_srv_tags();
	}
	for (t = 0; tags != NULL && tags[t] != NULL; t++) {
		for (i = 0; i < n->data.num_ips; i++) {
			send_release(unicast_subnet, n, n->data.ip[i],
				     wins_srv_ip_tag(tags[t], n->data.ip[i]));
		}
	}
	wins_srv_tags_free(tags);
	remove_name_from_namelist(unicast_subnet, n);
}

static void drop_claims_for(struct subnet_record *subrec,
			    const struct wire_name *wire)
{
	struct response_record *rrec = NULL;

	while ((rrec = find_claim(subrec, wire)) != NULL) {
		remove_response_record(subrec, rrec);
	}
}

void hooks_release(struct hooks *h, const struct wire_name *wire)
{
	struct subnet_record *subrec = NULL;
	struct queued *q = NULL;
	struct queued *next = NULL;

	for (q = TAILQ_FIRST(&h->queue); q != NULL; q = next) {
		next = TAILQ_NEXT(q, entry);
		if (wire_name_equal(&q->wire, wire)) {
			TAILQ_REMOVE(&h->queue, q, entry);
			talloc_free(q);
		}
	}
	for (subrec = subnetlist; subrec != NULL; subrec = subrec->next) {
		drop_claims_for(subrec, wire);
		release_broadcast(subrec, wire);
	}
	drop_checks(wire);
	drop_claims_for(unicast_subnet, wire);
	release_wins(wire);
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

	wire_of(wire, n);
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
	h->pace_left = PACE_NAMES;
	TAILQ_INIT(&h->claims);
	TAILQ_INIT(&h->checks);
	TAILQ_INIT(&h->queue);
	hooks = h;

	tevent_get_trace_callback(ev, &h->old_trace, &h->old_trace_data);
	tevent_set_trace_callback(
		ev, (h->old_trace != NULL) ? trace_chained : trace, h);
	*why = NULL;
	return h;
}

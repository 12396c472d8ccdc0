/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * nmbd's subnets as they come and go, and new records on them.
 *
 * Trap: nmbd has one thread but two stages in a turn of its loop.  Timers and
 * messages run inside tevent_loop_once(), packets and expiry after it.  A
 * timer added from the trace callback "before wait" would be too late for
 * that wait, so new records are looked for "before loop once".
 */

#include "subnets.h"

#include <string.h>

/* A subnet we have seen, to notice new ones, lost ones and new records. */
struct known_subnet {
	struct subnet_record *subrec; /* nmbd never frees one */
	/* nmbd has it, the machine has not its address */
	enum {
		THERE,
		LOST,
		GONE
	} where;
	const struct response_record *tail;
	uint16_t tail_id;
};

struct subnets {
	struct tevent_context *ev;
	const struct subnets_ops *ops;
	void *private_data;
	/* a talloc array, in nmbd's order; at its end one without a record */
	struct known_subnet *known;
	size_t num;
	struct known_subnet unicast;
	bool had_records; /* in the turn before */
	tevent_trace_callback_t old_trace;
	void *old_trace_data;
};

/* nmbd appends: an unchanged tail means that nothing new has come. */
static void look(const struct subnets *s, struct known_subnet *known)
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
		s->ops->record(s->private_data, known->subrec, rrec);
	}
	tail = known->subrec->responselist;
	tail = (tail != NULL) ? tail->prev : NULL;
	known->tail = tail;
	known->tail_id = (tail != NULL) ? tail->response_id : 0;
}

static bool changed(const struct subnets *s)
{
	const struct subnet_record *subrec = subnetlist;
	const struct known_subnet *known = s->known;

	while (known->subrec == subrec) {
		if (subrec == NULL) {
			return false;
		}
		known++;
		subrec = subrec->next;
	}
	return true;
}

static bool is_listed(const struct subnet_record *wanted)
{
	const struct subnet_record *subrec = subnetlist;

	while (subrec != NULL && subrec != wanted) {
		subrec = subrec->next;
	}
	return subrec != NULL;
}

static const struct known_subnet *find_known(const struct known_subnet *known,
					     const struct subnet_record *subrec)
{
	for (; known->subrec != NULL; known++) {
		if (known->subrec == subrec) {
			return known;
		}
	}
	return NULL;
}

/* Returns false without memory. */
static bool list_subnets(struct subnets *s)
{
	struct known_subnet *known = NULL;
	struct subnet_record *subrec = NULL;
	size_t num = 0;

	for (subrec = subnetlist; subrec != NULL; subrec = subrec->next) {
		num++;
	}
	known = talloc_zero_array(s, struct known_subnet, num + 1);
	if (known == NULL) {
		return false;
	}
	for (subrec = subnetlist, num = 0; subrec != NULL;
	     subrec = subrec->next, num++) {
		known[num].subrec = subrec;
	}
	s->known = known;
	s->num = num;
	return true;
}

static void follow_subnets(struct subnets *s)
{
	struct known_subnet *old = s->known;
	size_t i;

	if (!changed(s) || !list_subnets(s)) {
		return; /* without memory it is seen again in the next turn */
	}
	for (i = 0; old[i].subrec != NULL; i++) {
		if (!is_listed(old[i].subrec) && old[i].where != GONE) {
			s->ops->went(s->private_data, old[i].subrec);
		}
	}
	for (i = 0; i < s->num; i++) {
		const struct known_subnet *was =
			find_known(old, s->known[i].subrec);

		if (was == NULL) {
			s->ops->came(s->private_data, s->known[i].subrec);
		} else {
			s->known[i].where = was->where;
		}
	}
	talloc_free(old);
}

/*
 * As long as there is another net, a subnet without its address is gone.  The
 * last one is lost: WINS cannot be told, and there is nothing to hold names on.
 */
void subnets_check(struct subnets *s,
		   bool (*there)(void *private_data, struct in_addr ip),
		   void *private_data)
{
	bool any = false;
	size_t i;

	for (i = 0; i < s->num; i++) {
		any = any || there(private_data, s->known[i].subrec->myip);
	}
	for (i = 0; i < s->num; i++) {
		struct known_subnet *known = &s->known[i];

		if (there(private_data, known->subrec->myip)) {
			if (known->where != THERE) {
				known->where = THERE;
				s->ops->came(s->private_data, known->subrec);
			}
		} else if (any && known->where != GONE) {
			known->where = GONE;
			s->ops->went(s->private_data, known->subrec);
		} else if (!any && known->where == THERE) {
			known->where = LOST;
			s->ops->lost(s->private_data, known->subrec);
		}
	}
}

bool subnets_is_there(const struct subnets *s,
		      const struct subnet_record *subrec)
{
	const struct known_subnet *known = find_known(s->known, subrec);

	return known == NULL || known->where == THERE;
}

void subnets_each(const struct subnets *s, subnet_told told, void *private_data)
{
	const struct subnet_record *subrec = subnetlist;

	for (; subrec != NULL; subrec = subrec->next) {
		if (subnets_is_there(s, subrec)) {
			told(private_data, subrec->subnet_name, subrec->myip,
			     subrec->mask_ip);
		}
	}
}

bool subnets_is_lost(const struct subnets *s,
		     const struct subnet_record *subrec)
{
	const struct known_subnet *known = find_known(s->known, subrec);

	return known != NULL && known->where == LOST;
}

bool subnets_hold(const struct subnets *s, struct in_addr ip)
{
	const struct subnet_record *subrec = subnetlist;

	while (subrec != NULL && (subrec->myip.s_addr != ip.s_addr ||
				  !subnets_is_there(s, subrec))) {
		subrec = subrec->next;
	}
	return subrec != NULL;
}

bool subnets_have(struct in_addr ip)
{
	const struct subnet_record *subrec = subnetlist;

	while (subrec != NULL && subrec->myip.s_addr != ip.s_addr) {
		subrec = subrec->next;
	}
	return subrec != NULL;
}

void subnets_look(struct subnets *s)
{
	size_t i;

	for (i = 0; i < s->num; i++) {
		look(s, &s->known[i]);
	}
	look(s, &s->unicast);
}

/*
 * A claim that waits.  It is told in a turn of the loop of its own: the one who
 * claims is not to be called back.
 */
struct untold {
	const struct claim_ops *ops;
	void *private_data;
	struct wire_name wire;
	char *subnet;
	char *reason;
	struct refusal answer; /* rcode 0: there was none */
};

/* It may have been closed since. */
static bool has_subnet(const char *subnet)
{
	const struct subnet_record *subrec = subnetlist;

	if (strcmp(subnet, unicast_subnet->subnet_name) == 0) {
		return true;
	}
	while (subrec != NULL && strcmp(subnet, subrec->subnet_name) != 0) {
		subrec = subrec->next;
	}
	return subrec != NULL;
}

static void tell(struct tevent_context *ev, struct tevent_immediate *im,
		 void *private_data)
{
	struct untold *u = talloc_get_type_abort(private_data, struct untold);

	if (has_subnet(u->subnet)) {
		u->ops->waiting(u->private_data, &u->wire, u->subnet, u->reason,
				(u->answer.rcode != 0) ? &u->answer : NULL);
	}
	talloc_free(u);
}

void subnets_wait(struct subnets *s, const struct subnet_record *subrec,
		  const struct claim_ops *ops, void *private_data,
		  const struct wire_name *wire, const char *reason,
		  const struct refusal *answer)
{
	struct untold *u = talloc_zero(s, struct untold);
	struct tevent_immediate *im = NULL;

	if (u == NULL) {
		ops->unheard(private_data, wire, subrec->subnet_name);
		return;
	}
	u->ops = ops;
	u->private_data = private_data;
	u->wire = *wire;
	if (answer != NULL) {
		u->answer = *answer;
	}
	u->subnet = talloc_strdup(u, subrec->subnet_name);
	u->reason = talloc_strdup(u, reason);
	im = tevent_create_immediate(u);
	if (u->subnet == NULL || u->reason == NULL || im == NULL) {
		talloc_free(u);
		ops->unheard(private_data, wire, subrec->subnet_name);
		return;
	}
	tevent_schedule_immediate(im, s->ev, tell, u);
}

static void __attribute__((noinline)) turn(struct subnets *s)
{
	follow_subnets(s);
	if (num_response_packets > 0 || s->had_records) {
		s->had_records = (num_response_packets > 0);
		subnets_look(s);
		s->ops->turn(s->private_data);
	}
}

/* Runs in every turn of nmbd's loop: a few instructions, no allocation. */
static void trace(enum tevent_trace_point point, void *private_data)
{
	struct subnets *s = private_data;

	if (point == TEVENT_TRACE_BEFORE_LOOP_ONCE &&
	    (num_response_packets > 0 || s->had_records || changed(s))) {
		turn(s);
	}
}

static void trace_chained(enum tevent_trace_point point, void *private_data)
{
	const struct subnets *s = private_data;

	s->old_trace(point, s->old_trace_data);
	trace(point, private_data);
}

void subnets_watch(struct subnets *s)
{
	tevent_get_trace_callback(s->ev, &s->old_trace, &s->old_trace_data);
	tevent_set_trace_callback(s->ev,
				  (s->old_trace != NULL) ? trace_chained
							 : trace,
				  s);
}

struct subnets *subnets_init(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
			     const struct subnets_ops *ops, void *private_data)
{
	struct subnets *s = talloc_zero(mem_ctx, struct subnets);

	if (s == NULL || !list_subnets(s)) {
		talloc_free(s);
		return NULL;
	}
	s->ev = ev;
	s->ops = ops;
	s->private_data = private_data;
	s->unicast.subrec = unicast_subnet;
	return s;
}

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

/* A subnet we have seen, to notice new ones, lost ones and new records. */
struct known_subnet {
	struct subnet_record *subrec; /* nmbd never frees one */
	bool gone; /* nmbd has it, the machine has not */
	const struct response_record *tail;
	uint16_t tail_id;
};

struct subnets {
	const struct subnets_ops *ops;
	void *private_data;
	struct known_subnet *known; /* a talloc array, in nmbd's order */
	size_t num;
	struct known_subnet unicast;
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
	const struct known_subnet *end = known + s->num;

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

static const struct known_subnet *find_known(const struct known_subnet *known,
					     const struct subnet_record *subrec)
{
	size_t i;

	for (i = 0; i < talloc_array_length(known); i++) {
		if (known[i].subrec == subrec) {
			return &known[i];
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
	known = talloc_zero_array(s, struct known_subnet, num);
	if (known == NULL && num > 0) {
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
	for (i = 0; i < talloc_array_length(old); i++) {
		if (!is_listed(old[i].subrec) && !old[i].gone) {
			s->ops->went(s->private_data, old[i].subrec);
		}
	}
	for (i = 0; i < s->num; i++) {
		const struct known_subnet *was =
			find_known(old, s->known[i].subrec);

		if (was == NULL) {
			s->ops->came(s->private_data, s->known[i].subrec);
		} else {
			s->known[i].gone = was->gone;
		}
	}
	talloc_free(old);
}

void subnets_check(struct subnets *s,
		   bool (*there)(void *private_data, struct in_addr ip),
		   void *private_data)
{
	size_t i;

	for (i = 0; i < s->num; i++) {
		struct known_subnet *known = &s->known[i];
		bool gone = !there(private_data, known->subrec->myip);

		if (gone != known->gone) {
			known->gone = gone;
			if (gone) {
				s->ops->went(s->private_data, known->subrec);
			} else {
				s->ops->came(s->private_data, known->subrec);
			}
		}
	}
}

bool subnets_is_there(const struct subnets *s,
		      const struct subnet_record *subrec)
{
	const struct known_subnet *known = find_known(s->known, subrec);

	return known == NULL || !known->gone;
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

/* Runs in every turn of nmbd's loop: a few instructions, no allocation. */
static void trace(enum tevent_trace_point point, void *private_data)
{
	struct subnets *s = private_data;

	if (point != TEVENT_TRACE_BEFORE_LOOP_ONCE) {
		return;
	}
	follow_subnets(s);
	if (num_response_packets > 0) {
		subnets_look(s);
	}
}

static void trace_chained(enum tevent_trace_point point, void *private_data)
{
	const struct subnets *s = private_data;

	s->old_trace(point, s->old_trace_data);
	trace(point, private_data);
}

void subnets_watch(struct subnets *s, struct tevent_context *ev)
{
	tevent_get_trace_callback(ev, &s->old_trace, &s->old_trace_data);
	tevent_set_trace_callback(ev,
				  (s->old_trace != NULL) ? trace_chained
							 : trace,
				  s);
}

struct subnets *subnets_init(TALLOC_CTX *mem_ctx, const struct subnets_ops *ops,
			     void *private_data)
{
	struct subnets *s = talloc_zero(mem_ctx, struct subnets);

	if (s == NULL || !list_subnets(s)) {
		talloc_free(s);
		return NULL;
	}
	s->ops = ops;
	s->private_data = private_data;
	s->unicast.subrec = unicast_subnet;
	return s;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * nmbd's subnets as they come and go, and new records on them.
 */

#include "subnets.h"

/* A subnet we have seen, to notice new ones, lost ones and new records. */
struct known_subnet {
	struct subnet_record *subrec; /* nmbd never frees one */
	const struct response_record *tail;
	uint16_t tail_id;
};

struct subnets {
	const struct subnets_ops *ops;
	void *private_data;
	struct known_subnet *known; /* a talloc array, in nmbd's order */
	size_t num;
	struct known_subnet unicast;
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

void subnets_follow(struct subnets *s)
{
	struct known_subnet *old = s->known;
	size_t i;

	if (!changed(s) || !list_subnets(s)) {
		return; /* without memory it is seen again in the next turn */
	}
	for (i = 0; i < talloc_array_length(old); i++) {
		if (!is_listed(old[i].subrec)) {
			s->ops->went(s->private_data, old[i].subrec);
		}
	}
	for (i = 0; i < s->num; i++) {
		if (!is_known(old, s->known[i].subrec)) {
			s->ops->came(s->private_data, s->known[i].subrec);
		}
	}
	talloc_free(old);
}

void subnets_look(struct subnets *s)
{
	size_t i;

	for (i = 0; i < s->num; i++) {
		look(s, &s->known[i]);
	}
	look(s, &s->unicast);
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

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Which of our names may be in nmbd's lists: counters by a hash of the name and
 * the list.  Where one is nothing, there is no such name; a name counts too
 * much rather than too little, which costs no more than a search.
 */

#include "presence.h"

#include <string.h>

#define COUNTERS_MIN 1024
#define FULL	     UINT8_MAX /* it stays so */

struct presence {
	uint8_t *counters; /* a talloc array, of a power of two */
	size_t used;
	struct wire_name *of_nmbd; /* a talloc array */
	bool blind;		   /* without memory: anything may be there */
};

/* A name has two of them: with others it rarely shares both. */
struct place {
	uint8_t *one;
	uint8_t *other; /* may be the same */
};

static struct place place_of(const struct presence *p,
			     const struct subnet_record *subrec,
			     const struct wire_name *wire)
{
	const uint64_t odd = 0x9e3779b97f4a7c15u; /* 2^64 / golden ratio */
	const size_t mask = talloc_array_length(p->counters) - 1;
	uint64_t half[2];
	uint64_t hash = (uint64_t)(uintptr_t)subrec;

	memcpy(half, wire->bytes, sizeof(half));
	hash = (hash ^ half[0]) * odd;
	hash = (hash ^ (hash >> 32) ^ half[1]) * odd;
	return (struct place){
		.one = &p->counters[(hash ^ (hash >> 32)) & mask],
		.other = &p->counters[(hash >> 40) & mask],
	};
}

static void count(struct presence *p, const struct subnet_record *subrec,
		  const struct wire_name *wire)
{
	struct place at = place_of(p, subrec, wire);

	*at.one += (*at.one < FULL) ? 1 : 0;
	*at.other += (*at.other < FULL) ? 1 : 0;
	p->used++;
}

static void count_list(struct presence *p, const struct subnet_record *subrec)
{
	const struct name_record *n = subrec->namelist;

	for (; n != NULL; n = n->next) {
		if (n->name.name_type == MESSENGER_NAME_TYPE) {
			count(p, subrec, wire_name_in(&n->name.name));
		}
	}
}

/* Anew, of what is there: what nmbd has taken out itself is forgotten. */
static void count_all(struct presence *p, size_t num)
{
	const struct subnet_record *subrec = subnetlist;
	uint8_t *counters = talloc_zero_array(p, uint8_t, num);

	if (counters == NULL) {
		return; /* the old ones serve, and worse */
	}
	talloc_free(p->counters);
	p->counters = counters;
	p->used = 0;
	for (; subrec != NULL; subrec = subrec->next) {
		count_list(p, subrec);
	}
	count_list(p, unicast_subnet);
}

void presence_add(struct presence *p, const struct subnet_record *subrec,
		  const struct wire_name *wire)
{
	size_t num = talloc_array_length(p->counters);

	count(p, subrec, wire);
	if (p->used > num / 8) {
		count_all(p, 2 * num);
	}
}

void presence_remove(struct presence *p, const struct subnet_record *subrec,
		     const struct wire_name *wire)
{
	struct place at = place_of(p, subrec, wire);

	*at.one -= (*at.one > 0 && *at.one < FULL) ? 1 : 0;
	*at.other -= (*at.other > 0 && *at.other < FULL) ? 1 : 0;
	p->used -= (p->used > 0) ? 1 : 0;
}

static bool is_of_nmbd(const struct presence *p, const struct wire_name *wire)
{
	size_t i;

	for (i = 0; i < talloc_array_length(p->of_nmbd); i++) {
		if (wire_name_equal(&p->of_nmbd[i], wire)) {
			return true;
		}
	}
	return false;
}

void presence_of_nmbd(struct presence *p, const struct wire_name *wire)
{
	size_t num = talloc_array_length(p->of_nmbd);
	struct wire_name *more = NULL;

	if (is_of_nmbd(p, wire)) {
		return;
	}
	more = talloc_realloc(p, p->of_nmbd, struct wire_name, num + 1);
	if (more == NULL) {
		p->blind = true;
		return;
	}
	more[num] = *wire;
	p->of_nmbd = more;
}

bool presence_may_have(const struct presence *p,
		       const struct subnet_record *subrec,
		       const struct wire_name *wire)
{
	struct place at = place_of(p, subrec, wire);

	return (*at.one > 0 && *at.other > 0) || p->blind ||
	       is_of_nmbd(p, wire);
}

struct presence *presence_init(TALLOC_CTX *mem_ctx)
{
	struct presence *p = talloc_zero(mem_ctx, struct presence);
	const struct name_record *n = unicast_subnet->namelist;

	if (p == NULL) {
		return NULL;
	}
	count_all(p, COUNTERS_MIN);
	if (p->counters == NULL) {
		talloc_free(p);
		return NULL;
	}
	for (; n != NULL; n = n->next) {
		if (n->name.name_type == MESSENGER_NAME_TYPE) {
			presence_of_nmbd(p, wire_name_in(&n->name.name));
		}
	}
	return p;
}

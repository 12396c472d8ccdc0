/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The last ones of what is numbered from 1.  Pure.
 */

#include "ring.h"

static uint64_t oldest_of(uint64_t newest, uint64_t count)
{
	return (newest > count) ? newest - count + 1 : 1;
}

struct ring_walk ring_walk_begin(uint64_t newest, unsigned count,
				 uint64_t after)
{
	uint64_t first =
		oldest_of(newest, (count < RING_SIZE) ? count : RING_SIZE);

	return (struct ring_walk){
		.first = oldest_of(newest, RING_SIZE),
		.next = (after >= first) ? after + 1 : first,
		.last = newest,
	};
}

uint64_t ring_walk_next(struct ring_walk *walk, uint64_t newest)
{
	if (walk->next < oldest_of(newest, RING_SIZE)) {
		walk->next = oldest_of(newest, RING_SIZE);
	}
	return (walk->next <= walk->last) ? walk->next++ : 0;
}

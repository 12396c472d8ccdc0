/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The last ones of what is numbered from 1: which of them are kept, and a way
 * through them in several steps.  Pure; what is kept is the owner's.
 */

#ifndef MESSENGER_SOURCE_RING_H
#define MESSENGER_SOURCE_RING_H

#include <stdint.h>

#include "messenger.h"

/** So many are kept: number n at n % RING_SIZE. */
#define RING_SIZE MESSENGER_EVENT_RING

struct ring_walk {
	uint64_t first; /* that was kept when it began */
	uint64_t next;
	uint64_t last; /* what comes later is not in it */
};

/**
 * @brief Begin a way through the last ones after a certain one.
 *
 * @param[in] newest  The last number so far; 0: there is none.
 * @param[in] count   How many at most.
 * @param[in] after   Only higher ones.
 */
struct ring_walk ring_walk_begin(uint64_t newest, unsigned count,
				 uint64_t after);

/**
 * @brief The next number; what is not kept any more is left out.
 *
 * @param[in] newest  The last number by now.
 *
 * @return 0: that was all.
 */
uint64_t ring_walk_next(struct ring_walk *walk, uint64_t newest);

#endif /* MESSENGER_SOURCE_RING_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A fixed number of timers, told apart by their numbers.
 */

#ifndef MESSENGER_SOURCE_ALARMS_H
#define MESSENGER_SOURCE_ALARMS_H

#include <talloc.h>
#include <tevent.h>

struct alarms;

/**
 * @brief So many alarms, all of them off.
 *
 * @param[in] rang  Called from the event loop: which of them.
 *
 * @return NULL without memory or descriptors.
 */
struct alarms *alarms_create(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
			     unsigned num,
			     void (*rang)(void *private_data, unsigned which),
			     void *private_data);

/** @brief Let one ring after so many seconds, and not before; 0: not at all. */
void alarms_set(struct alarms *alarms, unsigned which, unsigned seconds);

#endif /* MESSENGER_SOURCE_ALARMS_H */

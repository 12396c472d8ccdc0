/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Timers on a clock that is never set.  tevent's own are on the time of day:
 * when that is set back by an hour, they are an hour late.
 */

#ifndef MESSENGER_SOURCE_STEADY_H
#define MESSENGER_SOURCE_STEADY_H

#include <stdint.h>
#include <time.h>

#include <talloc.h>
#include <tevent.h>

struct steady;

/** @brief A clock, read; zero if there is none of that kind. */
struct timespec steady_read(void *unused, clockid_t clock);

/** @brief Microseconds since the boot, time asleep included. */
uint64_t steady_now(void);

/**
 * @brief A timer that is off.
 *
 * @param[in] mem_ctx  Its owner; freeing it ends it, in fn() as well.
 * @param[in] fn       Called from the event loop when its time has come; it
 *                     may set the timer anew.
 *
 * @return NULL without memory or a descriptor.
 */
struct steady *steady_create(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
			     void (*fn)(void *private_data),
			     void *private_data);

/** @brief Let it ring once, after so many microseconds; 0: at once. */
void steady_set(struct steady *timer, uint64_t usec);

/** @brief Turn it off. */
void steady_stop(struct steady *timer);

/** @brief Will it ring? */
bool steady_is_set(const struct steady *timer);

#endif /* MESSENGER_SOURCE_STEADY_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Other hosts that want our aliases: counted, and told once in a while.  Pure.
 */

#ifndef MESSENGER_SOURCE_CONTEST_H
#define MESSENGER_SOURCE_CONTEST_H

#include <netinet/in.h>
#include <stdint.h>

#include <talloc.h>

#include "claim.h"
#include "messenger.h"

/** What is to be told: so many attempts since it was last told. */
struct contest_report {
	struct contest contest;
	uint32_t count;
};

struct contests;

/** Seconds in which one host is told of once for one alias. */
#define CONTEST_QUIET_SECONDS 60

/** @brief An empty table; NULL without memory. */
struct contests *contests_init(TALLOC_CTX *mem_ctx);

/** In a cluster another node may be heard of later than its first packet is. */
#define CONTEST_PATIENCE_SECONDS 5

/** @brief Who tries for the first time is told of after so many seconds. */
void contests_set_patience(struct contests *contests, unsigned seconds);

/**
 * @brief Count an attempt.
 *
 * @param[in]  now     Seconds of a clock that is never set back.
 * @param[out] report  Written if it is to be told now.
 *
 * @return Whether it is to be told now.
 */
bool contests_count(struct contests *contests, const struct contest *contest,
		    uint64_t now, struct contest_report *report);

/**
 * @brief The next report that is due, of attempts since the last one.
 *
 * Hosts that have been quiet since are forgotten on the way.
 *
 * @return Whether there is one; to be called until there is none.
 */
bool contests_due(struct contests *contests, uint64_t now,
		  struct contest_report *report);

/**
 * @brief Seconds until contests_due() may have something to say; 0: it will
 *        have nothing.
 */
unsigned contests_wait(const struct contests *contests, uint64_t now);

/** @brief Attempts counted since the start, by kind. */
uint64_t contests_total(const struct contests *contests,
			enum contest_kind kind);

#endif /* MESSENGER_SOURCE_CONTEST_H */

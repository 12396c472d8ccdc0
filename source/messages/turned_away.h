/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Messages that are refused: counted for each address that they come from, and
 * told once a minute at most.  Pure.
 */

#ifndef MESSENGER_SOURCE_TURNED_AWAY_H
#define MESSENGER_SOURCE_TURNED_AWAY_H

#include <stdbool.h>
#include <stdint.h>

#include "message.h"

/** Seconds in which an address is told of once. */
#define TURNED_AWAY_QUIET_SECONDS 60

/** Addresses that are told apart; what others send is counted in one. */
#define TURNED_AWAY_ADDRESSES 8

/** What is to be told: so many of an address since it was last told. */
struct turned_away_report {
	/* one of them; without a sender and an address: of several; lives
	 * until the next call */
	const struct message *message;
	const char *reason; /* of that one; a constant sentence, without its
			     * end */
	uint32_t count;
};

struct turned_away;

/** @brief An empty table; NULL without memory. */
struct turned_away *turned_away_init(TALLOC_CTX *mem_ctx);

/**
 * @brief Count a message.
 *
 * @param[in]  address  Of the sender.
 * @param[in]  now      Seconds of a clock that is never set back.
 * @param[out] wanted   Whether the table has none of this address to tell of:
 *                      turned_away_show() is to be called.
 */
void turned_away_count(struct turned_away *table, const char *address,
		       uint64_t now, bool *wanted);

/**
 * @brief Show the table the message that was counted just now.
 *
 * @param[in]  m       Copied.
 * @param[in]  reason  Constant.
 * @param[out] report  Written if it is to be told now.
 *
 * @return Whether it is.
 */
bool turned_away_show(struct turned_away *table, const struct message *m,
		      const char *reason, uint64_t now,
		      struct turned_away_report *report);

/** @brief The next report that is due; to be called until there is none. */
bool turned_away_due(struct turned_away *table, uint64_t now,
		     struct turned_away_report *report);

/** @brief Whether turned_away_due() may have something to say later. */
bool turned_away_pending(const struct turned_away *table);

/** @brief How many there were in all. */
uint64_t turned_away_total(const struct turned_away *table);

#endif /* MESSENGER_SOURCE_TURNED_AWAY_H */

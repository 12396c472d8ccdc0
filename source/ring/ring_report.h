/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The last ones of what is numbered, as text for people and as JSON, made piece
 * by piece as pieces.h does it for aliases.  What comes after it was begun is
 * not in it, and what is not kept any more when its turn comes is left out.
 * Pure.
 */

#ifndef MESSENGER_SOURCE_RING_REPORT_H
#define MESSENGER_SOURCE_RING_REPORT_H

#include <stdbool.h>

#include <jansson.h>
#include <talloc.h>

#include "ring.h"

/** What is kept, and how it is told; `owner` is whoever keeps it. */
struct ring_kind {
	/** In JSON the name of the list; in text what they are called. */
	const char *what;

	/** In text a blank line before each of them, not before the first only. */
	bool apart;

	/** The last number so far; 0: there is none. */
	uint64_t (*newest)(const void *owner);

	/** One of them as JSON; NULL without memory. */
	json_t *(*json)(const void *owner, uint64_t seq);

	/** One of them as lines of a text, as text_add() does. */
	void (*add)(const void *owner, char **text, uint64_t seq);

	/** All of the object but its list; NULL without memory. */
	json_t *(*frame)(const void *owner);

	/** What the text ends with, as text_add() does; NULL: nothing. */
	void (*end)(const void *owner, char **text);
};

struct ring_report;

/** @brief Begin; as ring_walk_begin().  NULL without memory. */
struct ring_report *ring_report_begin(TALLOC_CTX *mem_ctx,
				      const struct ring_kind *kind,
				      const void *owner, bool json,
				      unsigned count, uint64_t after);

/**
 * @brief Go on with at most so many, fewer if they are long.
 *
 * @return Whether there are more.
 */
bool ring_report_go_on(struct ring_report *report, size_t num);

/**
 * @brief What is ready of it, and was not taken so far.
 *
 * @return Owned by mem_ctx, "": nothing; NULL without memory.
 */
char *ring_report_take(TALLOC_CTX *mem_ctx, struct ring_report *report);

/**
 * @brief The rest of it, when there are no more.
 *
 * JSON: {WHAT:[...],"instance",...,"first","last","schema"}, first and last
 * being those of ring_walk.
 *
 * @return Owned by mem_ctx; NULL without memory.
 */
char *ring_report_end(TALLOC_CTX *mem_ctx, struct ring_report *report);

/** @brief All of it at once. */
char *ring_report_whole(TALLOC_CTX *mem_ctx, const struct ring_kind *kind,
			const void *owner, bool json, unsigned count,
			uint64_t after);

#endif /* MESSENGER_SOURCE_RING_REPORT_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The aliases of the cluster as they were read: those that are there, and those
 * that are gone.
 */

#ifndef MESSENGER_SOURCE_SET_COPY_H
#define MESSENGER_SOURCE_SET_COPY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include <talloc.h>

#include "name_index.h"

struct set_entry {
	TAILQ_ENTRY(set_entry) entry;
	struct name_link link;
	struct wire_name wire;
	char *name;
	bool there;
	uint64_t rsn;
};

struct set_copy {
	TAILQ_HEAD(, set_entry) list;
	struct name_index index;
	struct set_entry *cursor; /* the next one; NULL: that was all */
	uint64_t sequence;
	uint64_t sequence_rsn;
	bool short_of; /* memory for one that is not in it */
};

/** @brief With nothing in it; NULL without memory. */
struct set_copy *set_copy_create(TALLOC_CTX *mem_ctx);

/** @brief So it is from now on; see short_of. */
void set_copy_enter(struct set_copy *copy, const char *name,
		    const struct wire_name *wire, bool there, uint64_t rsn);

/** @brief NULL: it was never in. */
const struct set_entry *set_copy_find(const struct set_copy *copy,
				      const struct wire_name *wire);

/** @brief Free some of it; returns whether there is more. */
bool set_copy_free_some(struct set_copy *copy, unsigned num);

void set_copy_rewind(struct set_copy *copy);

/** @brief The next one since then; NULL: that was all. */
const struct set_entry *set_copy_next(struct set_copy *copy);

#endif /* MESSENGER_SOURCE_SET_COPY_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Entries found by their names, however many there are.
 */

#ifndef MESSENGER_SOURCE_NAME_INDEX_H
#define MESSENGER_SOURCE_NAME_INDEX_H

#include <stddef.h>

#include <talloc.h>

#include "name.h"

/** Part of an entry; it must not move while it is in an index. */
struct name_link {
	struct name_link *next;
	const struct wire_name *wire; /* of the entry, where this is in */
	void *entry;
};

struct name_index {
	TALLOC_CTX *mem_ctx; /* who owns the buckets */
	struct name_link **buckets;
	struct name_link *one; /* the bucket of an index that has no others */
	size_t num;	       /* of buckets, a power of two */
	size_t count;	       /* of entries */
};

/**
 * @brief Make an empty index; nothing is allocated.
 *
 * @param[in] mem_ctx  Owner of what it will need when it grows.
 */
void name_index_init(struct name_index *index, TALLOC_CTX *mem_ctx);

/**
 * @brief Enter a link.  Several entries may have the same name.
 *
 * Without memory to grow it is entered all the same, and finding takes longer.
 *
 * @param[in] entry  What the finders return.
 * @param[in] wire   Its name; it must not change while it is in the index.
 */
void name_index_add(struct name_index *index, struct name_link *link,
		    void *entry, const struct wire_name *wire);

/** @brief Take a link out that is in. */
void name_index_remove(struct name_index *index, struct name_link *link);

/** @brief An entry of this name, the one that was entered last, or NULL. */
void *name_index_find(const struct name_index *index,
		      const struct wire_name *wire);

/**
 * @brief May there be one of this name, which is as it was sent, in any case?
 *
 * Apart, since each packet of a busy network comes by: false is certain.
 */
bool name_index_may_have(const struct name_index *index,
			 const struct wire_name *wire);

/** @brief The link of another entry of the same name after this, or NULL. */
const struct name_link *name_index_next(const struct name_link *link);

/** @brief As name_index_find(), the link. */
const struct name_link *name_index_first(const struct name_index *index,
					 const struct wire_name *wire);

#endif /* MESSENGER_SOURCE_NAME_INDEX_H */

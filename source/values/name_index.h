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
};

struct name_index {
	TALLOC_CTX *mem_ctx; /* who owns the buckets */
	struct name_link **buckets;
	struct name_link *one; /* the bucket of an index that has no others */
	size_t num;	       /* of buckets, a power of two */
	size_t count;	       /* of entries */
	/* the same in each entry, and so not kept in all of them */
	size_t link_at;	   /* from its start */
	ptrdiff_t wire_at; /* from its link */
};

/**
 * @brief Make an empty index; nothing is allocated.
 *
 * @param[in] mem_ctx  Owner of what it will need when it grows.
 * @param[in] type     Of its entries.
 * @param[in] link     The member of it that is a struct name_link.
 * @param[in] wire     And the one that is their name, a struct wire_name; it
 *                     must not change while the entry is in the index.
 */
#define name_index_init(index, mem_ctx, type, link, wire)                      \
	name_index_init_at(index, mem_ctx, offsetof(type, link),               \
			   offsetof(type, wire))

/** @brief The same, for name_index_init(). */
void name_index_init_at(struct name_index *index, TALLOC_CTX *mem_ctx,
			size_t link_at, size_t wire_at);

/**
 * @brief Put an entry in.  Several may have the same name.
 *
 * Without memory to grow it is put in all the same, and finding takes longer.
 */
void name_index_add(struct name_index *index, void *entry);

/** @brief Take an entry out that is in. */
void name_index_remove(struct name_index *index, void *entry);

/** @brief An entry of this name, the one that was put in last, or NULL. */
void *name_index_find(const struct name_index *index,
		      const struct wire_name *wire);

/** @brief Another entry of the same name after this, or NULL. */
void *name_index_next(const struct name_index *index, const void *entry);

/**
 * @brief May there be one of this name, which is as it was sent, in any case?
 *
 * Apart, since each packet of a busy network comes by: false is certain.
 */
bool name_index_may_have(const struct name_index *index,
			 const struct wire_name *wire);

#endif /* MESSENGER_SOURCE_NAME_INDEX_H */

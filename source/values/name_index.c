/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Entries found by their names: chains in buckets, doubled as they fill.
 */

#include "name_index.h"

#include <string.h>

#define BUCKETS_MIN 16

void name_index_init(struct name_index *index, TALLOC_CTX *mem_ctx)
{
	index->mem_ctx = mem_ctx;
	index->one = NULL;
	index->buckets = &index->one;
	index->num = 1;
	index->count = 0;
}

/* All but what lower case differs by from upper case. */
#define CASE (~(uint64_t)0x2020202020202020u)

/*
 * Names that differ in a digit must not share a bucket; nobody gains anything
 * by names that do, since root alone enters them.
 */
static uint64_t hash(const struct wire_name *wire)
{
	const uint64_t odd = 0x9e3779b97f4a7c15u; /* 2^64 / golden ratio */
	uint64_t half[2];

	_Static_assert(sizeof(half) == sizeof(wire->bytes), "two halves");
	memcpy(half, wire->bytes, sizeof(half));
	half[0] = ((half[0] & CASE) ^ ((half[1] & CASE) * odd)) * odd;
	return half[0] ^ (half[0] >> 32);
}

static struct name_link **bucket_of(const struct name_index *index,
				    const struct wire_name *wire)
{
	return &index->buckets[hash(wire) & (index->num - 1)];
}

static void enter(struct name_index *index, struct name_link *link)
{
	struct name_link **bucket = bucket_of(index, link->wire);

	link->next = *bucket;
	*bucket = link;
}

static void grow(struct name_index *index)
{
	size_t num = (index->num < BUCKETS_MIN) ? BUCKETS_MIN : 2 * index->num;
	struct name_link **old = index->buckets;
	size_t old_num = index->num;
	struct name_link **more =
		talloc_zero_array(index->mem_ctx, struct name_link *, num);
	size_t i;

	if (more == NULL) {
		return;
	}
	index->buckets = more;
	index->num = num;
	for (i = 0; i < old_num; i++) {
		struct name_link *link = old[i];

		while (link != NULL) {
			struct name_link *next = link->next;

			enter(index, link);
			link = next;
		}
	}
	if (old != &index->one) {
		talloc_free(old);
	}
}

void name_index_add(struct name_index *index, struct name_link *link,
		    void *entry, const struct wire_name *wire)
{
	if (index->count >= index->num) {
		grow(index);
	}
	link->wire = wire;
	link->entry = entry;
	enter(index, link);
	index->count++;
}

void name_index_remove(struct name_index *index, struct name_link *link)
{
	struct name_link **at = bucket_of(index, link->wire);

	while (*at != NULL && *at != link) {
		at = &(*at)->next;
	}
	if (*at == link) {
		*at = link->next;
		index->count--;
	}
}

static const struct name_link *next_of(const struct name_link *link,
				       const struct wire_name *wire)
{
	while (link != NULL && !wire_name_equal(link->wire, wire)) {
		link = link->next;
	}
	return link;
}

const struct name_link *name_index_first(const struct name_index *index,
					 const struct wire_name *wire)
{
	return next_of(*bucket_of(index, wire), wire);
}

const struct name_link *name_index_next(const struct name_link *link)
{
	return next_of(link->next, link->wire);
}

bool name_index_may_have(const struct name_index *index,
			 const struct wire_name *wire)
{
	const struct name_link *link = *bucket_of(index, wire);
	uint64_t a[2];
	uint64_t b[2];

	for (; link != NULL; link = link->next) {
		memcpy(a, wire->bytes, sizeof(a));
		memcpy(b, link->wire->bytes, sizeof(b));
		if ((((a[0] ^ b[0]) | (a[1] ^ b[1])) & CASE) == 0) {
			return true;
		}
	}
	return false;
}

void *name_index_find(const struct name_index *index,
		      const struct wire_name *wire)
{
	const struct name_link *link = name_index_first(index, wire);

	return (link != NULL) ? link->entry : NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Entries found by their names: chains in buckets, doubled as they fill.
 */

#include "name_index.h"

#include <string.h>

#define BUCKETS_MIN 16

void name_index_init_at(struct name_index *index, TALLOC_CTX *mem_ctx,
			size_t link_at, size_t wire_at)
{
	index->mem_ctx = mem_ctx;
	index->link_at = link_at;
	index->wire_at = (ptrdiff_t)wire_at - (ptrdiff_t)link_at;
	index->one = NULL;
	index->buckets = &index->one;
	index->num = 1;
	index->count = 0;
}

static struct name_link *link_of(const struct name_index *index, void *entry)
{
	return (struct name_link *)((char *)entry + index->link_at);
}

static void *entry_of(const struct name_index *index, struct name_link *link)
{
	return (link != NULL) ? (char *)link - index->link_at : NULL;
}

static const struct wire_name *wire_of(const struct name_index *index,
				       const struct name_link *link)
{
	return (const struct wire_name *)((const char *)link + index->wire_at);
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
	struct name_link **bucket = bucket_of(index, wire_of(index, link));

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

void name_index_add(struct name_index *index, void *entry)
{
	if (index->count >= index->num) {
		grow(index);
	}
	enter(index, link_of(index, entry));
	index->count++;
}

void name_index_remove(struct name_index *index, void *entry)
{
	struct name_link *link = link_of(index, entry);
	struct name_link **at = bucket_of(index, wire_of(index, link));

	while (*at != NULL && *at != link) {
		at = &(*at)->next;
	}
	if (*at != NULL) {
		*at = (*at)->next;
		index->count--;
	}
}

/* The first entry of this name from there on. */
static void *search(const struct name_index *index, struct name_link *link,
		    const struct wire_name *wire)
{
	while (link != NULL && !wire_name_equal(wire_of(index, link), wire)) {
		link = link->next;
	}
	return entry_of(index, link);
}

void *name_index_find(const struct name_index *index,
		      const struct wire_name *wire)
{
	return search(index, *bucket_of(index, wire), wire);
}

void *name_index_next(const struct name_index *index, const void *entry)
{
	const struct name_link *link =
		(const struct name_link *)((const char *)entry +
					   index->link_at);

	return search(index, link->next, wire_of(index, link));
}

bool name_index_may_have(const struct name_index *index,
			 const struct wire_name *wire)
{
	const struct name_link *link = *bucket_of(index, wire);
	uint64_t a[2];
	uint64_t b[2];

	for (; link != NULL; link = link->next) {
		memcpy(a, wire->bytes, sizeof(a));
		memcpy(b, wire_of(index, link)->bytes, sizeof(b));
		if ((((a[0] ^ b[0]) | (a[1] ^ b[1])) & CASE) == 0) {
			return true;
		}
	}
	return false;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What nmbd has under way for names that are no aliases.  There is as much of
 * it as nmbd has records, which with a thousand netbios aliases are thousands.
 */

#include "watched.h"

#include <string.h>
#include <strings.h>

#define BUCKETS 256

LIST_HEAD(bucket, watched);

struct watched_table {
	struct bucket buckets[BUCKETS];
	size_t count;
};

static struct bucket *bucket_of(const struct watched_table *table, uint16_t id)
{
	return (struct bucket *)&table->buckets[id % BUCKETS];
}

struct watched_table *watched_init(TALLOC_CTX *mem_ctx)
{
	return talloc_zero(mem_ctx, struct watched_table);
}

size_t watched_count(const struct watched_table *table)
{
	return table->count;
}

void watched_name(struct netbios_name *name, const struct nmb_name *from,
		  bool group)
{
	memcpy(name->wire.bytes, from->name, sizeof(name->wire.bytes));
	wire_name_upper(&name->wire);
	name->type = (uint8_t)from->name_type;
	name->group = group;
}

struct watched *watched_of(const struct watched_table *table,
			   const struct response_record *rrec)
{
	struct watched *w = NULL;

	LIST_FOREACH(w, bucket_of(table, rrec->response_id), entry) {
		if (w->rrec == rrec && w->id == rrec->response_id) {
			return w;
		}
	}
	return NULL;
}

struct watched *watched_answered(const struct watched_table *table, uint16_t id,
				 const struct nmb_name *from)
{
	struct netbios_name name;
	struct watched *w = NULL;

	LIST_FOREACH(w, bucket_of(table, id), entry) {
		if (w->id != id) {
			continue;
		}
		watched_name(&name, from, false);
		if (name.type == w->name.type &&
		    wire_name_equal(&name.wire, &w->name.wire)) {
			return w;
		}
	}
	return NULL;
}

struct watched *watched_add(struct watched_table *table,
			    const struct subnet_record *subrec,
			    const struct response_record *rrec,
			    enum watched_kind kind)
{
	const struct nmb_packet *nmb = &rrec->packet->packet.nmb;
	struct watched *w = talloc_zero(table, struct watched);
	bool group = false;

	if (w == NULL) {
		return NULL;
	}
	if (nmb->additional != NULL && nmb->header.arcount > 0) {
		group = (nmb->additional->rdata[0] & NB_GROUP) != 0;
		memcpy(&w->interface, &nmb->additional->rdata[2],
		       sizeof(w->interface));
	}
	w->rrec = rrec;
	w->id = rrec->response_id;
	w->kind = kind;
	w->subrec = subrec;
	w->to = rrec->packet->ip;
	watched_name(&w->name, &nmb->question.question_name, group);
	LIST_INSERT_HEAD(bucket_of(table, w->id), w, entry);
	table->count++;
	return w;
}

void watched_remove(struct watched_table *table, struct watched *w)
{
	LIST_REMOVE(w, entry);
	table->count--;
	talloc_free(w);
}

void watched_clear(struct watched_table *table)
{
	size_t i;

	for (i = 0; i < BUCKETS; i++) {
		while (!LIST_EMPTY(&table->buckets[i])) {
			watched_remove(table, LIST_FIRST(&table->buckets[i]));
		}
	}
}

void watched_each_gone(struct watched_table *table, unsigned sweep,
		       const struct subnet_record *subrec,
		       void (*gone)(void *private_data, const struct watched *w),
		       void *private_data)
{
	struct watched *w = NULL;
	struct watched *next = NULL;
	size_t i;

	for (i = 0; i < BUCKETS && table->count > 0; i++) {
		for (w = LIST_FIRST(&table->buckets[i]); w != NULL; w = next) {
			next = LIST_NEXT(w, entry);
			if (w->sweep == sweep ||
			    (subrec != NULL && w->subrec != subrec)) {
				continue;
			}
			gone(private_data, w);
			watched_remove(table, w);
		}
	}
}

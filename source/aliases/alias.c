/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The alias table.  Pure: no I/O, no nmbd, no rules.
 */

#include "alias.h"

#include <string.h>

struct alias_table {
	TAILQ_HEAD(alias_list, alias) list;
	TAILQ_HEAD(, alias) queue[ALIAS_QUEUES];
	struct name_index index;
	size_t count;	/* all of them */
	size_t limited; /* those that max counts */
	size_t max;
	uint64_t changes;
};

struct alias_table *alias_table_init(TALLOC_CTX *mem_ctx, size_t max)
{
	struct alias_table *table = talloc_zero(mem_ctx, struct alias_table);
	enum alias_queue queue;

	if (table == NULL) {
		return NULL;
	}
	TAILQ_INIT(&table->list);
	for (queue = 0; queue < ALIAS_QUEUES; queue++) {
		TAILQ_INIT(&table->queue[queue]);
	}
	name_index_init(&table->index, table, struct alias, link, wire);
	table->max = max;
	return table;
}

void alias_table_set_max(struct alias_table *table, size_t max)
{
	table->max = max;
}

size_t alias_table_count(const struct alias_table *table)
{
	return table->count;
}

uint64_t alias_table_changes(const struct alias_table *table)
{
	return table->changes;
}

/* The computer must have its name whatever the administrator's limit is. */
static bool counts(enum alias_kind kind)
{
	return kind != ALIAS_COMPUTER;
}

static void insert(struct alias_table *table, struct alias *alias)
{
	struct alias *before = NULL;

	table->changes++;
	/* from the end: most come last */
	TAILQ_FOREACH_REVERSE(before, &table->list, alias_list, entry) {
		if (before->kind <= alias->kind) {
			TAILQ_INSERT_AFTER(&table->list, before, alias, entry);
			return;
		}
	}
	TAILQ_INSERT_HEAD(&table->list, alias, entry);
}

static void put_in(struct alias_table *table, struct alias *alias)
{
	insert(table, alias);
	name_index_add(&table->index, alias);
	table->count++;
	table->limited += counts(alias->kind) ? 1 : 0;
}

/* With the name in one piece: of thousands each piece more is felt. */
static struct alias *make_alias(TALLOC_CTX *mem_ctx, const char *name)
{
	struct alias *a =
		talloc_zero_size(mem_ctx, sizeof(*a) + strlen(name) + 1);

	if (a != NULL) {
		talloc_set_name_const(a, "struct alias");
		a->name = strcpy((char *)(a + 1), name);
	}
	return a;
}

enum messenger_code alias_add(struct alias_table *table, enum alias_kind kind,
			      const char *name, const struct wire_name *wire,
			      struct timespec now, struct alias **alias)
{
	struct alias *a = NULL;

	if (alias_find(table, wire) != NULL) {
		return NERR_AlreadyExists;
	}
	if (counts(kind) && table->limited >= table->max) {
		return NERR_TooManyNames;
	}
	a = make_alias(table, name);
	if (a == NULL) {
		return NERR_InternalError;
	}
	a->wire = *wire;
	a->kind = kind;
	a->state = ALIAS_REGISTERING;
	a->since = now;
	put_in(table, a);
	*alias = a;
	return NERR_Success;
}

void alias_queue_up(struct alias_table *table, struct alias *alias,
		    enum alias_queue queue)
{
	if (!alias->queued[queue]) {
		alias->queued[queue] = true;
		TAILQ_INSERT_TAIL(&table->queue[queue], alias,
				  queue_entry[queue]);
	}
}

static void take_out_of_queue(struct alias_table *table, struct alias *alias,
			      enum alias_queue queue)
{
	if (alias->queued[queue]) {
		alias->queued[queue] = false;
		TAILQ_REMOVE(&table->queue[queue], alias, queue_entry[queue]);
	}
}

struct alias *alias_take_queued(struct alias_table *table,
				enum alias_queue queue)
{
	struct alias *a = TAILQ_FIRST(&table->queue[queue]);

	if (a != NULL) {
		take_out_of_queue(table, a, queue);
	}
	return a;
}

bool alias_any_queued(const struct alias_table *table, enum alias_queue queue)
{
	return !TAILQ_EMPTY(&table->queue[queue]);
}

static void take_out(struct alias_table *table, struct alias *alias)
{
	enum alias_queue queue;

	for (queue = 0; queue < ALIAS_QUEUES; queue++) {
		take_out_of_queue(table, alias, queue);
	}
	name_index_remove(&table->index, alias);
	TAILQ_REMOVE(&table->list, alias, entry);
	table->changes++;
	table->count--;
	table->limited -= counts(alias->kind) ? 1 : 0;
}

void alias_remove(struct alias_table *table, struct alias *alias)
{
	take_out(table, alias);
	talloc_free(alias);
}

void alias_move(struct alias_table *from, struct alias_table *to,
		struct alias *alias)
{
	take_out(from, alias);
	put_in(to, talloc_move(to, &alias));
}

struct alias *alias_find(const struct alias_table *table,
			 const struct wire_name *wire)
{
	return name_index_find(&table->index, wire);
}

bool alias_may_have(const struct alias_table *table,
		    const struct wire_name *wire)
{
	return name_index_may_have(&table->index, wire);
}

struct alias *alias_first(const struct alias_table *table)
{
	return TAILQ_FIRST(&table->list);
}

struct alias *alias_next(const struct alias *alias)
{
	return TAILQ_NEXT(alias, entry);
}

void alias_set_kind(struct alias_table *table, struct alias *alias,
		    enum alias_kind kind)
{
	if (alias->kind == kind) {
		return;
	}
	table->limited -= counts(alias->kind) ? 1 : 0;
	table->limited += counts(kind) ? 1 : 0;
	TAILQ_REMOVE(&table->list, alias, entry);
	alias->kind = kind;
	insert(table, alias);
}

void alias_set_state(struct alias *alias, enum alias_state state,
		     struct timespec now)
{
	if (alias->state != state) {
		alias->state = state;
		alias->since = now;
	}
}

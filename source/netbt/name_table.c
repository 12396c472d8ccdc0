/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The table of this server's names.  Pure.
 *
 * Whether a name is in it is asked for each claim that anybody broadcasts: so
 * it is found by an index.
 */

#include "name_table.h"

#include <string.h>

struct name_table {
	struct name_list all;
	struct name_index index; /* each name has a few types */
	unsigned came;		 /* so many names */
};

struct name_table *name_table_init(TALLOC_CTX *mem_ctx)
{
	struct name_table *table = talloc_zero(mem_ctx, struct name_table);

	if (table != NULL) {
		TAILQ_INIT(&table->all);
		name_index_init(&table->index, table, struct name_entry, link,
				name.wire);
	}
	return table;
}

const struct name_list *name_table_all(const struct name_table *table)
{
	return &table->all;
}

struct name_entry *name_table_find(const struct name_table *table,
				   const struct netbios_name *name)
{
	struct name_entry *e = name_index_find(&table->index, &name->wire);

	for (; e != NULL; e = name_index_next(&table->index, e)) {
		if (e->name.type == name->type) {
			return e;
		}
	}
	return NULL;
}

const struct name_entry *name_table_next(const struct name_table *table,
					 const struct wire_name *wire,
					 const struct name_entry *after)
{
	const struct name_entry *next = NULL;
	const struct name_entry *e = name_index_find(&table->index, wire);

	for (; e != NULL; e = name_index_next(&table->index, e)) {
		if ((after == NULL || e->number > after->number) &&
		    (next == NULL || e->number < next->number)) {
			next = e;
		}
	}
	return next;
}

bool name_table_may_have(const struct name_table *table,
			 const struct wire_name *wire)
{
	return name_index_may_have(&table->index, wire);
}

struct name_entry *name_table_get(struct name_table *table,
				  const struct netbios_name *name)
{
	struct name_entry *e = name_table_find(table, name);

	if (e != NULL) {
		/* nmbd has its own <1c> in its unicast list without the bit */
		e->name.group = e->name.group || name->group;
		return e;
	}
	e = talloc_zero(table, struct name_entry);
	if (e == NULL) {
		return NULL;
	}
	e->name = *name;
	e->number = table->came++;
	e->text = messenger_name_print(e, name->wire.bytes,
				       sizeof(name->wire.bytes));
	if (e->text == NULL) {
		talloc_free(e);
		return NULL;
	}
	TAILQ_INIT(&e->subnets);
	TAILQ_INSERT_TAIL(&table->all, e, entry);
	name_index_add(&table->index, e);
	return e;
}

struct name_subnet *name_entry_find(const struct name_entry *e,
				    const char *subnet)
{
	struct name_subnet *where = NULL;

	TAILQ_FOREACH(where, &e->subnets, entry) {
		if (strcmp(where->subnet, subnet) == 0) {
			return where;
		}
	}
	return NULL;
}

struct name_subnet *name_entry_get(struct name_entry *e, const char *subnet)
{
	struct name_subnet *where = name_entry_find(e, subnet);

	if (where != NULL) {
		return where;
	}
	where = talloc_zero(e, struct name_subnet);
	if (where == NULL) {
		return NULL;
	}
	where->state = NAME_RELEASED;
	where->subnet = talloc_strdup(where, subnet);
	if (where->subnet == NULL) {
		talloc_free(where);
		return NULL;
	}
	TAILQ_INSERT_TAIL(&e->subnets, where, entry);
	return where;
}

void name_subnet_set(struct name_subnet *where, enum name_state state)
{
	TALLOC_FREE(where->details);
	where->state = state;
	where->rcode = 0;
	where->holder.s_addr = 0;
	where->server.s_addr = 0;
	where->record.s_addr = 0;
	where->owner.s_addr = 0;
	where->cause = CAUSE_NONE;
	where->reason = NULL;
}

void name_table_forget_subnet(struct name_table *table, const char *subnet)
{
	struct name_entry *e = NULL;

	TAILQ_FOREACH(e, &table->all, entry) {
		struct name_subnet *where = name_entry_find(e, subnet);

		if (where != NULL) {
			TAILQ_REMOVE(&e->subnets, where, entry);
			talloc_free(where);
		}
	}
}

void name_table_clear(struct name_table *table)
{
	struct name_entry *e = NULL;

	while ((e = TAILQ_FIRST(&table->all)) != NULL) {
		TAILQ_REMOVE(&table->all, e, entry);
		name_index_remove(&table->index, e);
		talloc_free(e);
	}
}

const struct name_subnet *name_entry_conflict(const struct name_entry *e)
{
	const struct name_subnet *where = NULL;

	TAILQ_FOREACH(where, &e->subnets, entry) {
		if (where->state == NAME_CONFLICT) {
			return where;
		}
	}
	return NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The alias table.  Pure: no I/O, no nmbd, no rules.
 */

#include "alias.h"

#include <string.h>

struct alias_table {
	TAILQ_HEAD(alias_list, alias) list;
	size_t count;	/* all of them */
	size_t limited; /* those that max counts */
	size_t max;
};

struct alias_table *alias_table_init(TALLOC_CTX *mem_ctx, size_t max)
{
	struct alias_table *table = talloc_zero(mem_ctx, struct alias_table);

	if (table == NULL) {
		return NULL;
	}
	TAILQ_INIT(&table->list);
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

/* The computer must have its name whatever the administrator's limit is. */
static bool counts(enum alias_kind kind)
{
	return kind != ALIAS_COMPUTER;
}

static void insert(struct alias_table *table, struct alias *alias)
{
	struct alias *before = NULL;

	/* from the end: most come last */
	TAILQ_FOREACH_REVERSE(before, &table->list, alias_list, entry) {
		if (before->kind <= alias->kind) {
			TAILQ_INSERT_AFTER(&table->list, before, alias, entry);
			return;
		}
	}
	TAILQ_INSERT_HEAD(&table->list, alias, entry);
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
	a = talloc_zero(table, struct alias);
	if (a == NULL) {
		return NERR_InternalError;
	}
	a->name = talloc_strdup(a, name);
	if (a->name == NULL) {
		talloc_free(a);
		return NERR_InternalError;
	}
	a->wire = *wire;
	a->kind = kind;
	a->state = ALIAS_REGISTERING;
	a->since = now;
	insert(table, a);
	table->count++;
	table->limited += counts(kind) ? 1 : 0;
	*alias = a;
	return NERR_Success;
}

void alias_remove(struct alias_table *table, struct alias *alias)
{
	TAILQ_REMOVE(&table->list, alias, entry);
	table->count--;
	table->limited -= counts(alias->kind) ? 1 : 0;
	talloc_free(alias);
}

struct alias *alias_find(const struct alias_table *table,
			 const struct wire_name *wire)
{
	struct alias *a = NULL;

	TAILQ_FOREACH(a, &table->list, entry) {
		if (wire_name_equal(&a->wire, wire)) {
			return a;
		}
	}
	return NULL;
}

struct alias *alias_first(const struct alias_table *table)
{
	return TAILQ_FIRST(&table->list);
}

struct alias *alias_next(const struct alias *alias)
{
	return TAILQ_NEXT(alias, entry);
}

void alias_set_state(struct alias *alias, enum alias_state state,
		     struct timespec now)
{
	if (alias->state != state) {
		alias->state = state;
		alias->since = now;
	}
}

struct alias_subnet *alias_subnet_find(const struct alias *alias,
				       const char *subnet)
{
	size_t i;

	for (i = 0; i < talloc_array_length(alias->subnets); i++) {
		if (strcmp(alias->subnets[i].subnet, subnet) == 0) {
			return &alias->subnets[i];
		}
	}
	return NULL;
}

bool alias_subnet_set(struct alias *alias, const char *subnet,
		      enum alias_state state, int rcode, struct in_addr holder)
{
	struct alias_subnet *s = alias_subnet_find(alias, subnet);
	struct alias_subnet *more = NULL;
	char *name = NULL;
	size_t num = talloc_array_length(alias->subnets);

	if (s == NULL) {
		name = talloc_strdup(alias, subnet);
		if (name == NULL) {
			return false;
		}
		more = talloc_realloc(alias, alias->subnets,
				      struct alias_subnet, num + 1);
		if (more == NULL) {
			talloc_free(name);
			return false;
		}
		alias->subnets = more;
		s = &more[num];
		*s = (struct alias_subnet){ .subnet = name };
	}
	TALLOC_FREE(s->details);
	s->state = state;
	s->rcode = rcode;
	s->holder = holder;
	return true;
}

static void remove_subnet(struct alias *alias, size_t i)
{
	size_t num = talloc_array_length(alias->subnets);

	talloc_free(alias->subnets[i].subnet);
	talloc_free(alias->subnets[i].details);
	memmove(&alias->subnets[i], &alias->subnets[i + 1],
		(num - i - 1) * sizeof(alias->subnets[0]));
	if (num == 1) {
		TALLOC_FREE(alias->subnets);
		return;
	}
	/* a smaller array is the same array: this cannot fail */
	alias->subnets = talloc_realloc(alias, alias->subnets,
					struct alias_subnet, num - 1);
}

void alias_subnet_remove(struct alias *alias, const char *subnet)
{
	struct alias_subnet *s = alias_subnet_find(alias, subnet);

	if (s != NULL) {
		remove_subnet(alias, (size_t)(s - alias->subnets));
	}
}

void alias_subnet_keep_refused(struct alias *alias)
{
	size_t i = talloc_array_length(alias->subnets);

	while (i-- > 0) {
		/* what is left has i elements: it is NULL when there is none */
		/* NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
		if (alias->subnets[i].state != ALIAS_REFUSED) {
			remove_subnet(alias, i);
		}
	}
}

enum alias_state alias_verdict(const struct alias *alias)
{
	size_t num = talloc_array_length(alias->subnets);
	enum alias_state verdict =
		(num > 0) ? ALIAS_REGISTERED : ALIAS_REGISTERING;
	size_t i;

	for (i = 0; i < num; i++) {
		if (alias->subnets[i].state == ALIAS_REFUSED) {
			return ALIAS_REFUSED;
		}
		if (alias->subnets[i].state != ALIAS_REGISTERED) {
			verdict = ALIAS_REGISTERING;
		}
	}
	return verdict;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The alias table.  Pure: no I/O, no nmbd, no rules.
 */

#include "alias.h"

#include <string.h>

#include "claim.h"

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
	name_index_init(&table->index, table);
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
	name_index_add(&table->index, &alias->link, alias, &alias->wire);
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
	name_index_remove(&table->index, &alias->link);
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

struct alias_subnet *alias_subnet_find(const struct alias *alias,
				       const char *subnet)
{
	size_t i;

	for (i = 0; i < alias->num_subnets; i++) {
		if (strcmp(alias->subnets[i].subnet, subnet) == 0) {
			return &alias->subnets[i];
		}
	}
	return NULL;
}

/* For one subnet more: most servers have one, which is part of the alias. */
static bool make_room(struct alias *alias)
{
	size_t num = alias->num_subnets;
	struct alias_subnet *more = &alias->only;

	if (num > 0) {
		more = talloc_realloc(alias, (num > 1) ? alias->subnets : NULL,
				      struct alias_subnet, num + 1);
	}
	if (more != NULL && num == 1) {
		more[0] = alias->only;
	}
	if (more != NULL) {
		alias->subnets = more;
	}
	return more != NULL;
}

/* Its entry for a subnet, made if there is none; NULL without memory. */
static struct alias_subnet *enter_subnet(struct alias *alias,
					 const char *subnet)
{
	struct alias_subnet *s = alias_subnet_find(alias, subnet);
	struct alias_subnet fresh = { .subnet = "" };

	if (s != NULL || strlen(subnet) >= sizeof(fresh.subnet)) {
		return s;
	}
	strcpy(fresh.subnet, subnet); /* it may be in the array */
	if (!make_room(alias)) {
		return NULL;
	}
	s = &alias->subnets[alias->num_subnets++];
	*s = fresh;
	return s;
}

/* What was known of it is of another state. */
static void set_entry(struct alias_subnet *s, enum alias_state state)
{
	struct alias_subnet fresh = { .state = state };

	talloc_free(s->details);
	talloc_free(s->reason);
	memcpy(fresh.subnet, s->subnet, sizeof(fresh.subnet));
	*s = fresh;
}

bool alias_subnet_set(struct alias *alias, const char *subnet,
		      enum alias_state state, int rcode, struct in_addr holder)
{
	struct alias_subnet *s = enter_subnet(alias, subnet);

	if (s == NULL) {
		return false;
	}
	set_entry(s, state);
	s->rcode = rcode;
	s->holder = holder;
	return true;
}

bool alias_subnet_wait(struct alias *alias, const char *subnet,
		       const char *reason)
{
	char *copy = talloc_strdup(alias, reason);
	struct alias_subnet *s =
		(copy != NULL) ? enter_subnet(alias, subnet) : NULL;

	if (s == NULL) {
		talloc_free(copy);
		return false;
	}
	set_entry(s, ALIAS_WAITING);
	s->reason = copy;
	return true;
}

bool alias_subnet_is_wins(const char *subnet)
{
	return strcmp(subnet, SUBNET_WINS) == 0;
}

static void remove_subnet(struct alias *alias, size_t i)
{
	size_t num = --alias->num_subnets;
	struct alias_subnet *rest = alias->subnets;

	talloc_free(rest[i].details);
	talloc_free(rest[i].reason);
	memmove(&rest[i], &rest[i + 1], (num - i) * sizeof(rest[0]));
	if (num == 1) {
		alias->only = rest[0];
		alias->subnets = &alias->only;
		talloc_free(rest);
	}
}

void alias_subnet_remove(struct alias *alias, const char *subnet)
{
	struct alias_subnet *s = alias_subnet_find(alias, subnet);

	if (s != NULL) {
		remove_subnet(alias, (size_t)(s - alias->subnets));
	}
}

/* Nobody stands behind a stale record: that is WINS's trouble alone. */
static bool is_refused(const struct alias_subnet *s)
{
	return s->state == ALIAS_REFUSED && s->record.s_addr == 0;
}

void alias_subnet_keep_refused(struct alias *alias)
{
	size_t i = alias->num_subnets;

	while (i-- > 0) {
		if (!is_refused(&alias->subnets[i])) {
			remove_subnet(alias, i);
		}
	}
}

const struct alias_subnet *alias_subnet_in(const struct alias *alias,
					   enum alias_state state)
{
	size_t i;

	for (i = 0; i < alias->num_subnets; i++) {
		if (alias->subnets[i].state == state) {
			return &alias->subnets[i];
		}
	}
	return NULL;
}

enum alias_state alias_verdict(const struct alias *alias)
{
	size_t num[ALIAS_STANDBY + 1] = { 0 };
	const struct alias_subnet *wins = NULL;
	size_t i;

	for (i = 0; i < alias->num_subnets; i++) {
		const struct alias_subnet *s = &alias->subnets[i];

		if (is_refused(s)) {
			return ALIAS_REFUSED;
		}
		if (alias_subnet_is_wins(s->subnet)) {
			wins = s;
		} else {
			num[s->state]++;
		}
	}
	if (num[ALIAS_REGISTERING] > 0) {
		return ALIAS_REGISTERING;
	}
	if (num[ALIAS_REGISTERED] > 0) {
		return ALIAS_REGISTERED;
	}
	if (num[ALIAS_STANDBY] > 0) {
		return ALIAS_STANDBY;
	}
	if (wins != NULL && (wins->state == ALIAS_REGISTERED ||
			     wins->state == ALIAS_REGISTERING ||
			     wins->state == ALIAS_STANDBY)) {
		return wins->state;
	}
	return (alias_subnet_in(alias, ALIAS_WAITING) != NULL)
		       ? ALIAS_WAITING
		       : ALIAS_REGISTERING;
}

const char *alias_reason(const struct alias *alias)
{
	const struct alias_subnet *waits = NULL;

	if (alias->note != NULL) {
		return alias->note;
	}
	if (alias->state == ALIAS_WAITING && alias->num_subnets == 0) {
		return "there is no network to hold it on";
	}
	waits = alias_subnet_in(alias, ALIAS_WAITING);
	return (waits != NULL) ? waits->reason : NULL;
}

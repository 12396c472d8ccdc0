/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Every name that the service has to do with.  Pure.
 */

#include "listing.h"

#include <stdlib.h>
#include <string.h>

/* One name, and how it is found again. */
struct item {
	enum alias_kind kind;
	enum messenger_code code; /* it is no name; NERR_Success: it is one */
	uint64_t order[2];	  /* the begin of the name, to be compared */
	const char *name;	  /* to be compared; copied if it is no name */
	struct wire_name wire;
};

struct listing {
	struct item *items; /* a talloc array */
	size_t num;
	size_t at; /* the next one */
	bool failed; /* without memory */
};

struct builder {
	const struct alias **list; /* a talloc array */
	size_t num;
	bool failed; /* without memory */
};

static void put(struct builder *b, const struct alias *a)
{
	if (a == NULL) {
		b->failed = true;
		return;
	}
	b->list[b->num++] = a;
}

/* One that is not in the table; name is not copied.  NULL without memory. */
static struct alias *absent(TALLOC_CTX *mem_ctx, char *name,
			    enum alias_kind kind, enum alias_state state)
{
	struct alias *a = talloc_zero(mem_ctx, struct alias);

	if (a != NULL) {
		a->name = name;
		a->kind = kind;
		a->state = state;
	}
	return a;
}

/* Refused, and out of the table: who holds it is remembered for a while. */
static const struct alias *refused(TALLOC_CTX *mem_ctx, const struct service *s,
				   const struct wanted *w)
{
	uint64_t now = 0;
	const struct alias *known =
		refusals_find(service_get_refusals(s, &now), &w->wire);

	return (known != NULL) ? known
			       : absent(mem_ctx, w->name,
					wanted_kind(w->source), ALIAS_REFUSED);
}

static void put_wanted(struct builder *b, const struct service *s,
		       const struct wanted *w, const char *why)
{
	struct alias *a = NULL;

	if (why == NULL && w->refused) {
		put(b, refused(b->list, s, w));
		return;
	}
	a = absent(b->list, w->name, wanted_kind(w->source),
		   w->left_out ? ALIAS_REFUSED
		   : w->queued ? ALIAS_REGISTERING
			       : ALIAS_WAITING);
	if (a != NULL) {
		a->kept = w->kept;
		a->note = why;
		a->code = w->left_out ? NERR_TooManyNames : NERR_Success;
		a->since = service_get_since(s);
	}
	put(b, a);
}

static bool is_listed(const struct wanted *w)
{
	return !(w->source == WANTED_REQUEST && !w->acknowledged);
}

static void put_item(struct builder *b, const struct service *s,
		     const struct item *item)
{
	const struct wanted_list *wanted = NULL;
	const char *why = service_get_wanted(s, &wanted);
	const struct wanted *w = NULL;
	struct alias *a = NULL;

	if (item->code != NERR_Success) {
		a = absent(b->list, (char *)item->name, item->kind,
			   ALIAS_INVALID);
		if (a != NULL) {
			a->code = item->code;
		}
		put(b, a);
		return;
	}
	a = alias_find(service_get_aliases(s), &item->wire);
	if (a != NULL) {
		put(b, a);
		return;
	}
	w = wanted_any(wanted, &item->wire);
	if (w != NULL && is_listed(w)) {
		put_wanted(b, s, w, why);
	}
}

const struct alias **listing_next(TALLOC_CTX *mem_ctx, struct listing *l,
				  const struct service *s, size_t num)
{
	struct builder b = { .num = 0 };
	size_t left = l->num - l->at;
	size_t i;

	num = (num < left) ? num : left;
	b.list = talloc_zero_array(mem_ctx, const struct alias *, num);
	if (b.list == NULL) {
		return NULL;
	}
	for (i = 0; i < num; i++) {
		put_item(&b, s, &l->items[l->at++]);
	}
	if (b.failed) {
		talloc_free(b.list);
		return NULL;
	}
	if (b.num == 0) {
		talloc_free(b.list);
		return talloc_zero_array(mem_ctx, const struct alias *, 0);
	}
	/* what is longer than it is would be counted */
	return (b.num == num) ? b.list
			      : talloc_realloc(mem_ctx, b.list,
					       const struct alias *, b.num);
}

bool listing_is_over(const struct listing *l)
{
	return l->at == l->num;
}

/* Eight bytes as a number of the same order; those behind the end are 0. */
static uint64_t order_of(const char *name, size_t len, size_t from)
{
	uint64_t order = 0;
	size_t i;

	for (i = from; i < from + sizeof(order); i++) {
		order = (order << 8) | ((i < len) ? (uint8_t)name[i] : 0);
	}
	return order;
}

static struct item *add(struct listing *l, const char *name,
			enum alias_kind kind)
{
	struct item *item = &l->items[l->num++];
	size_t len = strlen(name);

	item->name = name;
	item->kind = kind;
	item->order[0] = order_of(name, len, 0);
	item->order[1] = order_of(name, len, sizeof(item->order[0]));
	return item;
}

static void add_aliases(struct listing *l, const struct service *s)
{
	const struct alias *a = alias_first(service_get_aliases(s));

	for (; a != NULL; a = alias_next(a)) {
		add(l, a->name, a->kind)->wire = a->wire;
	}
}

/*
 * A name that is wanted for several reasons is listed once, as what the first
 * of them makes it.
 */
static void add_wanted(struct listing *l, const struct service *s)
{
	const struct wanted_list *wanted = NULL;
	const struct wanted *w = NULL;

	(void)service_get_wanted(s, &wanted);
	TAILQ_FOREACH(w, &wanted->head, entry) {
		if (alias_find(service_get_aliases(s), &w->wire) == NULL &&
		    wanted_any(wanted, &w->wire) == w && is_listed(w)) {
			add(l, w->name, wanted_kind(w->source))->wire = w->wire;
		}
	}
}

static void add_invalid(struct listing *l, enum alias_kind kind,
			const struct config_invalid *invalid)
{
	size_t i;

	for (i = 0; i < talloc_array_length(invalid); i++) {
		char *name = talloc_strdup(l, invalid[i].text);

		if (name == NULL) {
			l->failed = true;
			return;
		}
		add(l, name, kind)->code = invalid[i].code;
	}
}

static size_t room_for(const struct service *s)
{
	const struct wanted_list *wanted = NULL;
	const struct wanted *w = NULL;
	size_t num = alias_table_count(service_get_aliases(s));

	(void)service_get_wanted(s, &wanted);
	TAILQ_FOREACH(w, &wanted->head, entry) {
		num++;
	}
	return num + talloc_array_length(service_get_left_out(s)) +
	       talloc_array_length(service_get_invalid(s));
}

static int compare(const void *x, const void *y)
{
	const struct item *a = x;
	const struct item *b = y;

	if (a->kind != b->kind) {
		return (a->kind < b->kind) ? -1 : 1;
	}
	if (a->order[0] != b->order[0]) {
		return (a->order[0] < b->order[0]) ? -1 : 1;
	}
	if (a->order[1] != b->order[1]) {
		return (a->order[1] < b->order[1]) ? -1 : 1;
	}
	return strcmp(a->name, b->name);
}

/* Computer names stay as smb.conf has them: the first decides. */
static void sort(struct listing *l)
{
	size_t first = 0;

	while (first < l->num && l->items[first].kind == ALIAS_COMPUTER) {
		first++;
	}
	qsort(l->items + first, l->num - first, sizeof(l->items[0]), compare);
}

struct listing *listing_begin(TALLOC_CTX *mem_ctx, const struct service *s)
{
	struct listing *l = talloc_zero(mem_ctx, struct listing);

	if (l == NULL) {
		return NULL;
	}
	l->items = talloc_zero_array(l, struct item, room_for(s));
	if (l->items == NULL) {
		talloc_free(l);
		return NULL;
	}
	add_aliases(l, s);
	add_wanted(l, s);
	add_invalid(l, ALIAS_USER, service_get_left_out(s));
	add_invalid(l, ALIAS_CONFIGURED, service_get_invalid(s));
	if (l->failed) {
		talloc_free(l);
		return NULL;
	}
	sort(l);
	return l;
}

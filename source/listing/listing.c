/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Every name that the service has to do with.  Pure.
 */

#include "listing.h"

#include <stdlib.h>
#include <string.h>

/* Names that are gathered, and put in order, in a turn. */
#define RUN 512

/* So often it is begun anew when names come or go; then all is done at once. */
#define TRIES 8

/* One name, and how it is found again. */
struct item {
	enum alias_kind kind;
	enum messenger_code code; /* it is no name; NERR_Success: it is one */
	uint64_t order[2]; /* the begin of the name, to be compared; or a number */
	char *name;	   /* of one that is no name; else NULL */
	struct wire_name wire;
};

/* Some of them, in order. */
struct run {
	struct item items[RUN];
	size_t num;
	size_t at; /* the next one */
};

/* The next one to be gathered, of each of those who have some. */
struct sources {
	const struct alias *alias;
	const struct wanted *wanted;
	size_t left_out;
	size_t invalid;
};

struct listing {
	struct run **runs; /* a talloc array */
	struct sources next;
	uint64_t computers; /* so many so far */
	uint64_t changes;   /* the sources' when it was begun */
	unsigned tries;
	bool gathered;
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
static struct alias *absent(TALLOC_CTX *mem_ctx, const char *name,
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

/* Those of one begin are told apart by the wire, or by what is no name. */
static int compare(const void *x, const void *y)
{
	const struct item *a = x;
	const struct item *b = y;
	int order = 0;

	if (a->kind != b->kind) {
		return (a->kind < b->kind) ? -1 : 1;
	}
	if (a->order[0] != b->order[0]) {
		return (a->order[0] < b->order[0]) ? -1 : 1;
	}
	if (a->order[1] != b->order[1]) {
		return (a->order[1] < b->order[1]) ? -1 : 1;
	}
	order = memcmp(&a->wire, &b->wire, sizeof(a->wire));
	if (order != 0 || a->name == NULL || b->name == NULL) {
		return order;
	}
	return strcmp(a->name, b->name);
}

/* That with the first of all items that are left; NULL: none is. */
static struct run *first_run(const struct listing *l)
{
	struct run *first = NULL;
	size_t i;

	for (i = 0; i < talloc_array_length(l->runs); i++) {
		struct run *r = l->runs[i];

		if (r->at < r->num &&
		    (first == NULL || compare(&r->items[r->at],
					      &first->items[first->at]) < 0)) {
			first = r;
		}
	}
	return first;
}

static size_t count_left(const struct listing *l)
{
	size_t left = 0;
	size_t i;

	for (i = 0; i < talloc_array_length(l->runs); i++) {
		left += l->runs[i]->num - l->runs[i]->at;
	}
	return left;
}

const struct alias **listing_next(TALLOC_CTX *mem_ctx, struct listing *l,
				  const struct service *s, size_t num)
{
	struct builder b = { .num = 0 };
	size_t left = count_left(l);
	size_t i;

	num = (num < left) ? num : left;
	b.list = talloc_zero_array(mem_ctx, const struct alias *, num);
	if (b.list == NULL) {
		return NULL;
	}
	for (i = 0; i < num; i++) {
		struct run *r = first_run(l);

		put_item(&b, s, &r->items[r->at++]);
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
	return first_run(l) == NULL;
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

/* Computer names stay as smb.conf has them: the first decides. */
static struct item *add(struct listing *l, struct run *r, const char *name,
			enum alias_kind kind)
{
	struct item *item = &r->items[r->num++];
	size_t len = strlen(name);

	*item = (struct item){ .kind = kind };
	if (kind == ALIAS_COMPUTER) {
		item->order[0] = l->computers++;
	} else {
		item->order[0] = order_of(name, len, 0);
		item->order[1] = order_of(name, len, sizeof(item->order[0]));
	}
	return item;
}

static void gather_aliases(struct listing *l, struct run *r)
{
	const struct alias *a = l->next.alias;

	for (; a != NULL && r->num < RUN; a = alias_next(a)) {
		add(l, r, a->name, a->kind)->wire = a->wire;
	}
	l->next.alias = a;
}

/*
 * A name that is wanted for several reasons is listed once, as what the first
 * of them makes it.
 */
static void gather_wanted(struct listing *l, struct run *r,
			  const struct service *s)
{
	const struct wanted_list *wanted = NULL;
	const struct wanted *w = l->next.wanted;
	size_t left = RUN - r->num;

	(void)service_get_wanted(s, &wanted);
	for (; w != NULL && left > 0; w = TAILQ_NEXT(w, entry), left--) {
		if (alias_find(service_get_aliases(s), &w->wire) == NULL &&
		    wanted_any(wanted, &w->wire) == w && is_listed(w)) {
			add(l, r, w->name, wanted_kind(w->source))->wire =
				w->wire;
		}
	}
	l->next.wanted = w;
}

static void gather_invalid(struct listing *l, struct run *r, size_t *next,
			   enum alias_kind kind,
			   const struct config_invalid *invalid)
{
	struct item *item = NULL;

	for (; *next < talloc_array_length(invalid) && r->num < RUN; (*next)++) {
		item = add(l, r, invalid[*next].text, kind);
		item->code = invalid[*next].code;
		item->name = talloc_strdup(r, invalid[*next].text);
		l->failed = l->failed || item->name == NULL;
	}
}

/* Changes whenever what is next may be gone. */
static uint64_t count_changes(const struct service *s)
{
	const struct wanted_list *wanted = NULL;

	(void)service_get_wanted(s, &wanted);
	return alias_table_changes(service_get_aliases(s)) + wanted->changes;
}

static void begin(struct listing *l, const struct service *s)
{
	const struct wanted_list *wanted = NULL;

	(void)service_get_wanted(s, &wanted);
	TALLOC_FREE(l->runs);
	l->computers = 0;
	l->changes = count_changes(s);
	l->next = (struct sources){
		.alias = alias_first(service_get_aliases(s)),
		.wanted = TAILQ_FIRST(&wanted->head),
	};
	l->tries++;
}

/* Returns NULL without memory. */
static struct run *new_run(struct listing *l)
{
	size_t num = talloc_array_length(l->runs);
	struct run **more = talloc_realloc(l, l->runs, struct run *, num + 1);

	if (more == NULL) {
		return NULL;
	}
	l->runs = more;
	more[num] = talloc(more, struct run);
	if (more[num] != NULL) {
		more[num]->num = 0;
		more[num]->at = 0;
	}
	return more[num];
}

/* Returns whether it is full, so that there may be more. */
static bool gather_run(struct listing *l, const struct service *s)
{
	struct run *r = new_run(l);

	if (r == NULL) {
		l->failed = true;
		return false;
	}
	gather_aliases(l, r);
	gather_wanted(l, r, s);
	gather_invalid(l, r, &l->next.left_out, ALIAS_USER,
		       service_get_left_out(s));
	gather_invalid(l, r, &l->next.invalid, ALIAS_CONFIGURED,
		       service_get_invalid(s));
	qsort(r->items, r->num, sizeof(r->items[0]), compare);
	return r->num == RUN || l->next.wanted != NULL;
}

enum listing_progress listing_gather(struct listing *l, const struct service *s)
{
	bool more = false;

	if (count_changes(s) != l->changes) {
		begin(l, s);
	}
	do {
		more = gather_run(l, s);
	} while (more && !l->failed && l->tries > TRIES);
	if (l->failed) {
		return LISTING_FAILED;
	}
	return more ? LISTING_GATHERING : LISTING_GATHERED;
}

struct listing *listing_begin(TALLOC_CTX *mem_ctx, const struct service *s)
{
	struct listing *l = talloc_zero(mem_ctx, struct listing);

	if (l != NULL) {
		begin(l, s);
	}
	return l;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Every name that the service has to do with.  Pure.
 */

#include "listing.h"

#include <stdlib.h>
#include <string.h>

#include "text.h"

/* Names in a sentence. */
#define NAMES_MAX 20

struct builder {
	const struct alias **list; /* a talloc array */
	size_t num;
	size_t room;
	bool failed; /* without memory */
};

static void put(struct builder *b, const struct alias *a)
{
	if (a == NULL || b->num == b->room) {
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
		   w->left_out ? ALIAS_REFUSED : ALIAS_WAITING);
	if (a != NULL) {
		a->kept = w->kept;
		a->note = why;
		a->code = w->left_out ? NERR_TooManyNames : NERR_Success;
		a->since = service_get_since(s);
	}
	put(b, a);
}

/*
 * A name that is wanted for several reasons is listed once, as what the first
 * of them makes it.
 */
static void put_all_wanted(struct builder *b, const struct service *s)
{
	const struct wanted_list *wanted = NULL;
	const char *why = service_get_wanted(s, &wanted);
	const struct wanted *w = NULL;

	TAILQ_FOREACH(w, &wanted->head, entry) {
		if (alias_find(service_get_aliases(s), &w->wire) == NULL &&
		    wanted_any(wanted, &w->wire) == w &&
		    !(w->source == WANTED_REQUEST && !w->acknowledged)) {
			put_wanted(b, s, w, why);
		}
	}
}

static void put_invalid(struct builder *b, const struct service *s)
{
	const struct config_invalid *invalid = service_get_invalid(s);
	const struct config_invalid *users = service_get_left_out(s);
	struct alias *a = NULL;
	size_t i;

	for (i = 0; i < talloc_array_length(users); i++) {
		a = absent(b->list, users[i].text, ALIAS_USER, ALIAS_INVALID);
		if (a != NULL) {
			a->code = users[i].code;
		}
		put(b, a);
	}
	for (i = 0; i < talloc_array_length(invalid); i++) {
		a = absent(b->list, invalid[i].text, ALIAS_CONFIGURED,
			   ALIAS_INVALID);
		if (a != NULL) {
			a->code = invalid[i].code;
		}
		put(b, a);
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
	const struct alias *a = *(const struct alias *const *)x;
	const struct alias *b = *(const struct alias *const *)y;

	if (a->kind != b->kind) {
		return (a->kind < b->kind) ? -1 : 1;
	}
	return strcmp(a->name, b->name);
}

/* Computer names stay as smb.conf has them: the first decides. */
static void sort(struct builder *b)
{
	size_t first = 0;

	while (first < b->num && b->list[first]->kind == ALIAS_COMPUTER) {
		first++;
	}
	qsort(b->list + first, b->num - first, sizeof(b->list[0]), compare);
}

const struct alias **listing_create(TALLOC_CTX *mem_ctx,
				    const struct service *s)
{
	struct builder b = { .room = room_for(s) };
	const struct alias *a = alias_first(service_get_aliases(s));

	b.list = talloc_zero_array(mem_ctx, const struct alias *, b.room);
	if (b.list == NULL) {
		return NULL;
	}
	for (; a != NULL; a = alias_next(a)) {
		put(&b, a);
	}
	put_all_wanted(&b, s);
	put_invalid(&b, s);
	if (b.failed) {
		talloc_free(b.list);
		return NULL;
	}
	sort(&b);
	/* what is longer than it is would be counted */
	return (b.num == b.room) ? b.list
				 : talloc_realloc(mem_ctx, b.list,
						  const struct alias *, b.num);
}

struct listing_counts listing_count(const struct alias *const *listing)
{
	struct listing_counts c = { .all = 0 };
	size_t i;

	for (i = 0; i < talloc_array_length(listing); i++) {
		c.all++;
		switch (listing[i]->state) {
		case ALIAS_REGISTERING:
			c.registering++;
			break;
		case ALIAS_REGISTERED:
			c.registered++;
			break;
		case ALIAS_REFUSED:
			c.refused++;
			break;
		case ALIAS_WAITING:
			c.waiting++;
			break;
		case ALIAS_INVALID:
			c.invalid++;
			break;
		}
	}
	return c;
}

static bool waits(const struct alias_subnet *where)
{
	return where->state == ALIAS_WAITING || where->reason != NULL;
}

const struct alias_subnet *listing_trouble(const struct alias *a)
{
	const struct alias_subnet *waiting = NULL;
	size_t i;

	for (i = 0; i < talloc_array_length(a->subnets); i++) {
		const struct alias_subnet *where = &a->subnets[i];

		if (where->state == ALIAS_REFUSED) {
			return where;
		}
		if (waits(where) && waiting == NULL) {
			waiting = where;
		}
	}
	return waiting;
}

bool listing_is_well(const struct alias *a)
{
	return (a->state == ALIAS_REGISTERED ||
		a->state == ALIAS_REGISTERING) &&
	       listing_trouble(a) == NULL;
}

bool listing_waits_for_service(const struct alias *a)
{
	return a->state == ALIAS_WAITING && a->subnets == NULL &&
	       a->note != NULL;
}

char *listing_waiting(TALLOC_CTX *mem_ctx, const struct alias *const *list)
{
	char *text = talloc_strdup(mem_ctx, "");
	unsigned num = 0;
	size_t i;

	for (i = 0; i < talloc_array_length(list); i++) {
		if (!listing_waits_for_service(list[i])) {
			continue;
		}
		/* what they wait for is the same for all of them */
		if (num == 0) {
			text_add(&text, "These aliases wait, as %s: ",
				 list[i]->note);
		}
		if (num < NAMES_MAX) {
			text_add(&text, "%s%s", (num > 0) ? ", " : "",
				 list[i]->name);
		}
		num++;
	}
	if (num > NAMES_MAX) {
		text_add(&text, " and %u more", num - NAMES_MAX);
	}
	text_add(&text, "%s", (num > 0) ? "." : "");
	return text;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * An answer about all aliases, made piece by piece.  The rows of JSON are text
 * as soon as they are made: a tree of thousands takes long to write and to
 * free.  They come first, so that they can go at once, and what counts them
 * behind them.  Pure.
 */

#include "pieces.h"

#include <string.h>

#include "messenger.h"
#include "text.h"

/* Bytes of a step. */
#define STEP_MAX 8192

struct pieces {
	const struct pieces_kind *kind;
	struct pieces_about about;
	struct listing *listing;
	bool gathered; /* which names there are */
	bool aliases;  /* all of them are told */
	bool others;   /* that are no aliases are told, or not to be */
	bool begun;    /* something was taken */
	bool failed;   /* without memory */
};

struct pieces *pieces_begin(TALLOC_CTX *mem_ctx, const struct pieces_kind *kind,
			    const struct service *service,
			    const struct netbt *netbt)
{
	struct pieces *p = talloc_zero(mem_ctx, struct pieces);

	if (p == NULL) {
		return NULL;
	}
	p->kind = kind;
	p->others = (kind->others == NULL);
	p->about.service = service;
	p->about.netbt = netbt;
	p->about.told.rows = talloc_strdup(p, "");
	p->about.told.troubles = talloc_strdup(p, "");
	p->about.told.unsettled = talloc_strdup(p, "");
	p->about.told.in_wins = talloc_strdup(p, "");
	p->about.told.waiting.text = talloc_strdup(p, "");
	p->listing = listing_begin(p, service);
	if (p->listing == NULL) {
		talloc_free(p);
		return NULL;
	}
	return p;
}

static void gather_some(struct pieces *p)
{
	switch (listing_gather(p->listing, p->about.service)) {
	case LISTING_GATHERING:
		break;
	case LISTING_GATHERED:
		p->gathered = true;
		break;
	case LISTING_FAILED:
		p->failed = true;
		break;
	}
}

static size_t size_of(const struct told *told)
{
	return talloc_get_size(told->rows) + talloc_get_size(told->troubles);
}

bool pieces_are_enough(const struct told *told)
{
	return size_of(told) >= told->enough;
}

static void tell_one(struct pieces *p)
{
	const struct alias **list =
		listing_next(p, p->listing, p->about.service, 1);

	if (list == NULL) {
		p->failed = true;
		return;
	}
	listing_count(&p->about.told.counts, list);
	p->kind->more(&p->about, list);
	talloc_free(list);
	p->aliases = listing_is_over(p->listing);
}

static void tell_some(struct pieces *p, size_t num)
{
	do {
		tell_one(p);
	} while (--num > 0 && !p->aliases && !p->failed &&
		 !pieces_are_enough(&p->about.told));
}

bool pieces_go_on(struct pieces *p, size_t num)
{
	p->about.told.enough = size_of(&p->about.told) + STEP_MAX;
	if (!p->gathered) {
		gather_some(p);
	} else if (p->aliases || (!p->others && !p->kind->others_last)) {
		p->others = !p->kind->others(&p->about, num);
	} else {
		tell_some(p, num);
	}
	return !p->failed && !(p->aliases && p->others);
}

static bool is_short_of_memory(const struct pieces *p)
{
	const struct told *told = &p->about.told;

	return p->failed || told->rows == NULL || told->troubles == NULL ||
	       told->unsettled == NULL || told->in_wins == NULL ||
	       told->waiting.text == NULL;
}

/* What is before the first row. */
static char *begin(TALLOC_CTX *mem_ctx, struct pieces *p)
{
	if (p->begun) {
		return talloc_strdup(mem_ctx, "");
	}
	p->begun = true;
	return (p->kind->json != NULL)
		       ? talloc_asprintf(mem_ctx, "{\"%s\":[", p->kind->array)
		       : p->kind->head(mem_ctx, &p->about);
}

char *pieces_take(TALLOC_CTX *mem_ctx, struct pieces *p)
{
	struct told *told = &p->about.told;
	char *text = NULL;

	if (is_short_of_memory(p)) {
		return NULL;
	}
	if ((p->kind->json == NULL && p->kind->head == NULL) ||
	    told->rows[0] == '\0') {
		return talloc_strdup(mem_ctx, "");
	}
	text = begin(mem_ctx, p);
	pieces_append(&text, told->rows);
	talloc_free(told->rows);
	told->rows = talloc_strdup(p, "");
	return text;
}

void pieces_append(char **text, const char *more)
{
	char *grown = NULL;

	if (*text != NULL && more != NULL) {
		grown = talloc_strdup_append_buffer(*text, more);
	}
	if (grown == NULL) {
		TALLOC_FREE(*text);
	}
	*text = grown;
}

void pieces_put_before(char **text, char *more)
{
	size_t before = (more != NULL) ? strlen(more) : 0;
	size_t len = (*text != NULL) ? strlen(*text) : 0;
	char *grown = NULL;

	if (*text != NULL && more != NULL) {
		grown = talloc_realloc(NULL, *text, char, before + len + 1);
	}
	if (grown != NULL) {
		memmove(grown + before, grown, len + 1);
		/* the text itself is behind it */
		/* NOLINTNEXTLINE(bugprone-not-null-terminated-result) */
		memcpy(grown, more, before);
	} else {
		talloc_free(*text);
	}
	talloc_free(more);
	*text = grown;
}

void pieces_add_json(struct told *told, json_t *value)
{
	char *row = text_of_json(NULL, value);

	if (told->any_row) {
		pieces_append(&told->rows, ",");
	}
	told->any_row = true;
	pieces_append(&told->rows, row);
	talloc_free(row);
	json_decref(value);
}

/* The rows, what else the array has, and the other keys behind it. */
static char *end_json(TALLOC_CTX *mem_ctx, struct pieces *p)
{
	struct told *told = &p->about.told;
	json_t *o = p->kind->json(&p->about);
	char *rest = NULL;
	char *text = NULL;
	json_t *value = NULL;
	size_t i;

	json_array_foreach(json_object_get(o, p->kind->array), i, value) {
		pieces_add_json(told, json_incref(value));
	}
	if (json_object_del(o, p->kind->array) == 0 &&
	    json_object_set_new(o, "schema",
				json_integer(MESSENGER_ANSWER_SCHEMA)) == 0) {
		rest = text_of_json(NULL, o);
	}
	json_decref(o);
	if (rest != NULL) {
		text = begin(mem_ctx, p);
		pieces_append(&text, told->rows);
		pieces_append(&text, "],");
		pieces_append(&text, rest + 1);
		pieces_append(&text, "\n");
	}
	talloc_free(rest);
	return text;
}

static char *end_text(TALLOC_CTX *mem_ctx, struct pieces *p)
{
	char *text = NULL;
	char *end = p->kind->text(p, &p->about);

	if (p->kind->head == NULL) {
		return talloc_steal(mem_ctx, end);
	}
	text = begin(mem_ctx, p);
	pieces_append(&text, end);
	talloc_free(end);
	return text;
}

char *pieces_end(TALLOC_CTX *mem_ctx, struct pieces *p, const char *events)
{
	p->about.events = events;
	if (is_short_of_memory(p)) {
		return NULL;
	}
	return (p->kind->json != NULL) ? end_json(mem_ctx, p)
				       : end_text(mem_ctx, p);
}

char *pieces_whole(TALLOC_CTX *mem_ctx, const struct pieces_kind *kind,
		   const struct service *service, const struct netbt *netbt,
		   const char *events)
{
	struct pieces *p = pieces_begin(mem_ctx, kind, service, netbt);
	char *text = NULL;

	if (p == NULL) {
		return NULL;
	}
	while (pieces_go_on(p, SIZE_MAX)) {
	}
	text = pieces_end(mem_ctx, p, events);
	talloc_free(p);
	return text;
}

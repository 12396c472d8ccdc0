/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * An answer about all aliases, made piece by piece.  The rows of JSON are text
 * as soon as they are made: a tree of thousands takes long to write and to
 * free.  Pure.
 */

#include "pieces.h"

#include <string.h>

#include "messenger.h"
#include "text.h"

struct pieces {
	const struct pieces_kind *kind;
	struct pieces_about about;
	struct listing *listing;
	bool failed; /* without memory */
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

bool pieces_go_on(struct pieces *p, size_t num)
{
	const struct alias **list =
		listing_next(p, p->listing, p->about.service, num);

	if (list == NULL) {
		p->failed = true;
		return false;
	}
	listing_count(&p->about.told.counts, list);
	p->kind->more(&p->about, list);
	talloc_free(list);
	return !listing_is_over(p->listing);
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

static void append_json(char **text, json_t *value)
{
	char *dump = text_of_json(NULL, value);

	pieces_append(text, dump);
	talloc_free(dump);
}

void pieces_add_json(char **rows, json_t *value)
{
	append_json(rows, value);
	pieces_append(rows, ",");
	json_decref(value);
}

/*
 * What stands before the rows goes in front of them, where they are: a second
 * copy of thousands would be new memory, which the kernel hands out page by
 * page.  Becomes the text.
 */
static void put_before_rows(char **text, char **rows)
{
	size_t before = (*text != NULL) ? strlen(*text) : 0;
	size_t len = (*rows != NULL) ? strlen(*rows) : 0;
	char *grown = NULL;

	if (*text != NULL && *rows != NULL) {
		grown = talloc_realloc(NULL, *rows, char, before + len + 1);
	}
	if (grown != NULL) {
		*rows = NULL;
		memmove(grown + before, grown, len + 1);
		memcpy(grown, *text, before);
		grown = talloc_steal(talloc_parent(*text), grown);
	}
	talloc_free(*text);
	*text = grown;
}

static void append_rows(char **text, struct told *told, json_t *more)
{
	json_t *value = NULL;
	size_t i;

	json_array_foreach(more, i, value) {
		json_incref(value);
		pieces_add_json(&told->rows, value);
	}
	if (told->rows != NULL && told->rows[0] != '\0') {
		told->rows[strlen(told->rows) - 1] = '\0'; /* a comma */
	}
	pieces_append(text, "[");
	put_before_rows(text, &told->rows);
	pieces_append(text, "]");
}

/* The object on one line, its keys in the order they were set in. */
static char *with_rows(TALLOC_CTX *mem_ctx, json_t *o, const char *array,
		       struct told *told)
{
	char *text = talloc_strdup(mem_ctx, "{");
	const char *separator = "";
	const char *key = NULL;
	json_t *value = NULL;

	json_object_foreach(o, key, value) {
		/* keys are our own, and ASCII */
		text_add(&text, "%s\"%s\":", separator, key);
		separator = ",";
		if (strcmp(key, array) == 0) {
			append_rows(&text, told, value);
		} else {
			append_json(&text, value);
		}
	}
	pieces_append(&text, "}\n");
	return text;
}

static char *end_json(TALLOC_CTX *mem_ctx, struct pieces *p)
{
	json_t *o = p->kind->json(&p->about);
	char *text = NULL;

	if (json_object_set_new(o, "schema",
				json_integer(MESSENGER_ANSWER_SCHEMA)) == 0) {
		text = with_rows(mem_ctx, o, p->kind->array,
				 &p->about.told);
	}
	json_decref(o);
	return text;
}

char *pieces_end(TALLOC_CTX *mem_ctx, struct pieces *p, const char *events)
{
	const struct told *told = &p->about.told;

	p->about.events = events;
	if (p->failed || told->rows == NULL || told->troubles == NULL ||
	    told->unsettled == NULL || told->in_wins == NULL ||
	    told->waiting.text == NULL) {
		return NULL;
	}
	return (p->kind->json != NULL) ? end_json(mem_ctx, p)
				       : p->kind->text(mem_ctx, &p->about);
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

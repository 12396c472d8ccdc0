/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The last ones of what is numbered, as text and as JSON.  Pure.
 */

#include "ring_report.h"

#include <ctype.h>
#include <string.h>

#include "text.h"

/* Bytes of a step: one of them may be as long as a hundred others. */
#define STEP_MAX 8192

struct ring_report {
	const struct ring_kind *kind;
	const void *owner;
	bool json;
	bool any;
	bool begun; /* something was taken */
	struct ring_walk walk;
	char *rows; /* that were not taken so far; NULL without memory */
};

struct ring_report *ring_report_begin(TALLOC_CTX *mem_ctx,
				      const struct ring_kind *kind,
				      const void *owner, bool json,
				      unsigned count, uint64_t after)
{
	struct ring_report *r = talloc_zero(mem_ctx, struct ring_report);

	if (r == NULL) {
		return NULL;
	}
	r->kind = kind;
	r->owner = owner;
	r->json = json;
	r->walk = ring_walk_begin(kind->newest(owner), count, after);
	r->rows = talloc_strdup(r, "");
	return r;
}

static void add_json(struct ring_report *r, uint64_t seq)
{
	json_t *json = r->kind->json(r->owner, seq);
	char *row = text_of_json(NULL, json);

	if (row == NULL) {
		TALLOC_FREE(r->rows);
	}
	text_add(&r->rows, "%s%s", r->any ? "," : "", row);
	talloc_free(row);
	json_decref(json);
}

bool ring_report_go_on(struct ring_report *r, size_t num)
{
	const size_t enough = talloc_get_size(r->rows) + STEP_MAX;
	uint64_t seq = 1;

	for (; num > 0 && r->rows != NULL && seq != 0 &&
	       talloc_get_size(r->rows) < enough;
	     num--) {
		seq = ring_walk_next(&r->walk, r->kind->newest(r->owner));
		if (seq != 0 && r->json) {
			add_json(r, seq);
		} else if (seq != 0) {
			text_add(&r->rows, "%s",
				 (r->kind->apart || !r->any) ? "\n" : "");
			r->kind->add(r->owner, &r->rows, seq);
		}
		r->any = r->any || seq != 0;
	}
	return r->rows != NULL && seq != 0;
}

/* What is before the first row. */
static char *begin(TALLOC_CTX *mem_ctx, struct ring_report *r)
{
	const char *what = r->kind->what;

	if (r->begun) {
		return talloc_strdup(mem_ctx, "");
	}
	r->begun = true;
	if (r->json) {
		return talloc_asprintf(mem_ctx, "{\"%s\":[", what);
	}
	return r->any ? talloc_asprintf(mem_ctx, "%c%s, the oldest first\n",
					toupper((unsigned char)what[0]),
					what + 1)
		      : talloc_asprintf(mem_ctx, "There are no such %s.\n",
					what);
}

char *ring_report_take(TALLOC_CTX *mem_ctx, struct ring_report *r)
{
	char *text = NULL;

	if (r->rows == NULL || !r->any) {
		return (r->rows != NULL) ? talloc_strdup(mem_ctx, "") : NULL;
	}
	text = begin(mem_ctx, r);
	text_add(&text, "%s", r->rows);
	talloc_free(r->rows);
	r->rows = talloc_strdup(r, "");
	return text;
}

/* The rows are text already: what is of the object besides goes behind them. */
static char *rest_of_json(TALLOC_CTX *mem_ctx, const struct ring_report *r)
{
	json_t *o = r->kind->frame(r->owner);
	char *rest = NULL;

	if (json_object_set_new(o, "first",
				json_integer((json_int_t)r->walk.first)) == 0 &&
	    json_object_set_new(o, "last",
				json_integer((json_int_t)r->walk.last)) == 0 &&
	    json_object_set_new(o, "schema",
				json_integer(MESSENGER_ANSWER_SCHEMA)) == 0) {
		rest = text_of_json(mem_ctx, o);
	}
	json_decref(o);
	return rest;
}

char *ring_report_end(TALLOC_CTX *mem_ctx, struct ring_report *r)
{
	char *rest = NULL;
	char *text = NULL;

	if (r->rows == NULL) {
		return NULL;
	}
	if (r->json) {
		rest = rest_of_json(NULL, r);
		if (rest == NULL) {
			return NULL;
		}
	}
	text = begin(mem_ctx, r);
	text_add(&text, "%s", r->rows);
	if (r->json) {
		text_add(&text, "],%s\n", rest + 1);
	} else if (r->kind->end != NULL) {
		r->kind->end(r->owner, &text);
	}
	talloc_free(rest);
	return text;
}

char *ring_report_whole(TALLOC_CTX *mem_ctx, const struct ring_kind *kind,
			const void *owner, bool json, unsigned count,
			uint64_t after)
{
	struct ring_report *r = ring_report_begin(mem_ctx, kind, owner, json,
						  count, after);
	char *text = NULL;

	if (r == NULL) {
		return NULL;
	}
	while (ring_report_go_on(r, RING_SIZE)) {
	}
	text = ring_report_end(mem_ctx, r);
	talloc_free(r);
	return text;
}

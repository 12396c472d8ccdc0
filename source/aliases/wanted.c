/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Which aliases this computer is to hold, and on whose word.  Pure.
 */

#include "wanted.h"

#include <stdlib.h>
#include <string.h>

enum alias_kind wanted_kind(enum wanted_source source)
{
	switch (source) {
	case WANTED_COMPUTER:
		return ALIAS_COMPUTER;
	case WANTED_LOGON:
		return ALIAS_USER;
	case WANTED_CONFIG:
		return ALIAS_CONFIGURED;
	case WANTED_REQUEST:
		break;
	}
	return ALIAS_ADDED;
}

static int free_entries(struct wanted_list *list)
{
	struct wanted *w = NULL;

	while ((w = TAILQ_FIRST(&list->head)) != NULL) {
		TAILQ_REMOVE(&list->head, w, entry);
		free(w);
	}
	return 0;
}

struct wanted_list *wanted_list_init(TALLOC_CTX *mem_ctx)
{
	struct wanted_list *list = talloc_zero(mem_ctx, struct wanted_list);

	if (list != NULL) {
		TAILQ_INIT(&list->head);
		TAILQ_INIT(&list->queue);
		name_index_init(&list->index, list, struct wanted, link, wire);
		talloc_set_destructor(list, free_entries);
	}
	return list;
}

static void insert(struct wanted_list *list, struct wanted *w)
{
	struct wanted *after = NULL;
	int source = (int)w->source;

	list->changes++;
	for (; source >= 0 && after == NULL; source--) {
		after = list->last[source];
	}
	if (after != NULL) {
		TAILQ_INSERT_AFTER(&list->head, after, w, entry);
	} else {
		TAILQ_INSERT_HEAD(&list->head, w, entry);
	}
	list->last[w->source] = w;
}

static void take_out(struct wanted_list *list, struct wanted *w)
{
	struct wanted *before = TAILQ_PREV(w, wanted_head, entry);

	list->changes++;
	if (list->last[w->source] == w) {
		list->last[w->source] =
			(before != NULL && before->source == w->source) ? before
									: NULL;
	}
	TAILQ_REMOVE(&list->head, w, entry);
}

struct wanted *wanted_add(struct wanted_list *list, enum wanted_source source,
			  const char *name, const struct wire_name *wire)
{
	struct wanted *w = wanted_find(list, source, wire);

	if (w != NULL) {
		return w;
	}
	w = calloc(1, offsetof(struct wanted, name) + strlen(name) + 1);
	if (w == NULL) {
		return NULL;
	}
	w->source = source;
	w->wire = *wire;
	strcpy(w->name, name);
	insert(list, w);
	name_index_add(&list->index, w);
	return w;
}

void wanted_leave_out(struct wanted_list *list, struct wanted *w, bool left_out)
{
	if (w->left_out != left_out) {
		w->left_out = left_out;
		list->num_left_out = left_out ? list->num_left_out + 1
					      : list->num_left_out - 1;
	}
}

void wanted_queue_up(struct wanted_list *list, struct wanted *w)
{
	if (!w->queued) {
		w->queued = true;
		TAILQ_INSERT_TAIL(&list->queue, w, queue_entry);
	}
}

static void take_out_of_queue(struct wanted_list *list, struct wanted *w)
{
	if (w->queued) {
		w->queued = false;
		TAILQ_REMOVE(&list->queue, w, queue_entry);
	}
}

struct wanted *wanted_take_queued(struct wanted_list *list)
{
	struct wanted *w = TAILQ_FIRST(&list->queue);

	if (w != NULL) {
		take_out_of_queue(list, w);
	}
	return w;
}

void wanted_remove(struct wanted_list *list, struct wanted *w)
{
	wanted_leave_out(list, w, false);
	take_out_of_queue(list, w);
	name_index_remove(&list->index, w);
	take_out(list, w);
	free(w);
}

struct wanted *wanted_find(const struct wanted_list *list,
			   enum wanted_source source,
			   const struct wire_name *wire)
{
	struct wanted *w = name_index_find(&list->index, wire);

	for (; w != NULL; w = name_index_next(&list->index, w)) {
		if (w->source == source) {
			return w;
		}
	}
	return NULL;
}

struct wanted *wanted_any(const struct wanted_list *list,
			  const struct wire_name *wire)
{
	struct wanted *w = name_index_find(&list->index, wire);
	struct wanted *first = w;

	for (; w != NULL; w = name_index_next(&list->index, w)) {
		if (w->source < first->source) {
			first = w;
		}
	}
	return first;
}

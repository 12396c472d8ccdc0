/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Which aliases this computer is to hold, and on whose word.  Pure.
 */

#include "wanted.h"

enum alias_kind wanted_kind(enum wanted_source source)
{
	switch (source) {
	case WANTED_COMPUTER:
		return ALIAS_COMPUTER;
	case WANTED_LOGON:
		return ALIAS_USER;
	case WANTED_CONFIG:
	case WANTED_REQUEST:
		break;
	}
	return ALIAS_ADDED;
}

struct wanted *wanted_add(TALLOC_CTX *mem_ctx, struct wanted_list *list,
			  enum wanted_source source, const char *name,
			  const struct wire_name *wire)
{
	struct wanted *w = wanted_find(list, source, wire);
	struct wanted *after = NULL;

	if (w != NULL) {
		return w;
	}
	w = talloc_zero(mem_ctx, struct wanted);
	if (w == NULL) {
		return NULL;
	}
	w->source = source;
	w->wire = *wire;
	w->name = talloc_strdup(w, name);
	if (w->name == NULL) {
		talloc_free(w);
		return NULL;
	}
	/* by source, so that the first entry of a name gives its kind */
	TAILQ_FOREACH_REVERSE(after, list, wanted_list, entry) {
		if (after->source <= source) {
			TAILQ_INSERT_AFTER(list, after, w, entry);
			return w;
		}
	}
	TAILQ_INSERT_HEAD(list, w, entry);
	return w;
}

void wanted_remove(struct wanted_list *list, struct wanted *w)
{
	TAILQ_REMOVE(list, w, entry);
	talloc_free(w);
}

struct wanted *wanted_find(const struct wanted_list *list,
			   enum wanted_source source,
			   const struct wire_name *wire)
{
	struct wanted *w = NULL;

	TAILQ_FOREACH(w, list, entry) {
		if (w->source == source && wire_name_equal(&w->wire, wire)) {
			return w;
		}
	}
	return NULL;
}

struct wanted *wanted_any(const struct wanted_list *list,
			  const struct wire_name *wire)
{
	struct wanted *w = NULL;

	TAILQ_FOREACH(w, list, entry) {
		if (wire_name_equal(&w->wire, wire)) {
			return w;
		}
	}
	return NULL;
}

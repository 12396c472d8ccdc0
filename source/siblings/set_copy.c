/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "set_copy.h"

struct set_copy *set_copy_create(TALLOC_CTX *mem_ctx)
{
	struct set_copy *c = talloc_zero(mem_ctx, struct set_copy);

	if (c != NULL) {
		TAILQ_INIT(&c->list);
		name_index_init(&c->index, c, struct set_entry, link, wire);
	}
	return c;
}

void set_copy_enter(struct set_copy *c, const char *name,
		    const struct wire_name *wire, bool there, uint64_t rsn)
{
	struct set_entry *e = name_index_find(&c->index, wire);

	if (e == NULL) {
		e = talloc_zero(c, struct set_entry);
		if (e != NULL) {
			e->name = talloc_strdup(e, name);
		}
		if (e == NULL || e->name == NULL) {
			c->short_of = true;
			talloc_free(e);
			return;
		}
		e->wire = *wire;
		TAILQ_INSERT_TAIL(&c->list, e, entry);
		name_index_add(&c->index, e);
	}
	e->there = there;
	e->rsn = rsn;
}

const struct set_entry *set_copy_find(const struct set_copy *c,
				      const struct wire_name *wire)
{
	return name_index_find(&c->index, wire);
}

/* Its index goes with the whole of it: nobody searches any more. */
bool set_copy_free_some(struct set_copy *c, unsigned num)
{
	struct set_entry *e = NULL;

	while (num-- > 0 && (e = TAILQ_FIRST(&c->list)) != NULL) {
		TAILQ_REMOVE(&c->list, e, entry);
		talloc_free(e);
	}
	return !TAILQ_EMPTY(&c->list);
}

void set_copy_rewind(struct set_copy *c)
{
	c->cursor = TAILQ_FIRST(&c->list);
}

const struct set_entry *set_copy_next(struct set_copy *c)
{
	const struct set_entry *e = c->cursor;

	if (e != NULL) {
		c->cursor = TAILQ_NEXT(e, entry);
	}
	return e;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "revoked.h"

static struct revoked *find(const struct revoked_list *list,
			    const struct wire_name *wire)
{
	struct revoked *r = NULL;

	TAILQ_FOREACH(r, list, entry) {
		if (wire_name_equal(&r->wire, wire)) {
			return r;
		}
	}
	return NULL;
}

void revoked_add(TALLOC_CTX *mem_ctx, struct revoked_list *list,
		 const char *name, const struct wire_name *wire)
{
	struct revoked *r = NULL;

	if (find(list, wire) != NULL) {
		return;
	}
	r = talloc_zero(mem_ctx, struct revoked);
	if (r != NULL) {
		r->name = talloc_strdup(r, name);
		r->wire = *wire;
	}
	if (r == NULL || r->name == NULL) {
		talloc_free(r);
		return;
	}
	TAILQ_INSERT_TAIL(list, r, entry);
}

bool revoked_has(const struct revoked_list *list, const struct wire_name *wire)
{
	return find(list, wire) != NULL;
}

void revoked_remove(struct revoked_list *list, const struct wire_name *wire)
{
	struct revoked *r = find(list, wire);

	if (r != NULL) {
		TAILQ_REMOVE(list, r, entry);
		talloc_free(r);
	}
}

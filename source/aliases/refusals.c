/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Aliases that were refused and are not in the table.  Pure.
 */

#include "refusals.h"

#include <string.h>

#include "text.h"

/* An alias of its own, that no table has; its entry is of this list. */
struct refusals {
	TAILQ_HEAD(, remembered) list;
	size_t count;
	uint64_t came; /* so many */
};

struct remembered {
	struct alias alias;
	TAILQ_ENTRY(remembered) entry;
	uint64_t when;
	uint64_t number; /* of those that came */
};

struct refusals *refusals_init(TALLOC_CTX *mem_ctx)
{
	struct refusals *rs = talloc_zero(mem_ctx, struct refusals);

	if (rs != NULL) {
		TAILQ_INIT(&rs->list);
	}
	return rs;
}

static struct remembered *find(const struct refusals *rs,
			       const struct wire_name *wire)
{
	struct remembered *r = NULL;

	TAILQ_FOREACH(r, &rs->list, entry) {
		if (wire_name_equal(&r->alias.wire, wire)) {
			return r;
		}
	}
	return NULL;
}

static void forget(struct refusals *rs, struct remembered *r)
{
	TAILQ_REMOVE(&rs->list, r, entry);
	rs->count--;
	talloc_free(r);
}

/* Returns NULL without memory. */
static struct remembered *copy(TALLOC_CTX *mem_ctx, const struct alias *a,
			       const struct alias_subnet *where)
{
	struct remembered *r = talloc_zero(mem_ctx, struct remembered);
	struct alias_subnet *there = NULL;

	if (r == NULL) {
		return NULL;
	}
	r->alias.wire = a->wire;
	r->alias.kind = a->kind;
	r->alias.since = a->since;
	r->alias.state = ALIAS_REFUSED;
	r->alias.name = talloc_strdup(r, a->name);
	if (r->alias.name == NULL ||
	    !alias_subnet_set(&r->alias, where->subnet, ALIAS_REFUSED,
			      where->rcode, where->holder)) {
		talloc_free(r);
		return NULL;
	}
	there = &r->alias.subnets[0];
	there->server = where->server;
	there->record = where->record;
	there->cause = where->cause;
	return r;
}

static void enter(struct refusals *rs, struct remembered *r, uint64_t now)
{
	r->when = now;
	r->number = rs->came++;
	TAILQ_INSERT_TAIL(&rs->list, r, entry);
	rs->count++;
	if (rs->count > REFUSALS_MAX) {
		forget(rs, TAILQ_FIRST(&rs->list));
	}
}

void refusals_add(struct refusals *rs, const struct alias *a,
		  const struct alias_subnet *where, uint64_t now)
{
	struct remembered *r = copy(rs, a, where);

	refusals_forget(rs, &a->wire);
	if (r == NULL) {
		return;
	}
	enter(rs, r, now);
}

void refusals_add_request(struct refusals *rs,
			  const struct refused_request *request, uint64_t now)
{
	struct remembered *r = talloc_zero(rs, struct remembered);

	refusals_forget_name(rs, request->name);
	if (r == NULL) {
		return;
	}
	if (request->wire != NULL) {
		r->alias.wire = *request->wire;
	}
	r->alias.kind = ALIAS_ADDED;
	r->alias.since = request->time;
	r->alias.code = request->code;
	r->alias.state = (request->wire != NULL) ? ALIAS_REFUSED
						 : ALIAS_INVALID;
	/* what is no name may be anything */
	r->alias.name = text_printable(r, request->name);
	r->alias.note = talloc_strdup(r, request->reason);
	if (r->alias.name == NULL ||
	    (request->reason != NULL && r->alias.note == NULL)) {
		talloc_free(r);
		return;
	}
	enter(rs, r, now);
}

void refusals_forget_name(struct refusals *rs, const char *name)
{
	struct remembered *r = NULL;
	struct remembered *next = NULL;

	for (r = TAILQ_FIRST(&rs->list); r != NULL; r = next) {
		next = TAILQ_NEXT(r, entry);
		if (strcmp(r->alias.name, name) == 0) {
			forget(rs, r);
		}
	}
}

void refusals_forget(struct refusals *rs, const struct wire_name *wire)
{
	struct remembered *r = find(rs, wire);

	if (r != NULL) {
		forget(rs, r);
	}
}

void refusals_diagnosed(struct refusals *rs, const struct wire_name *wire,
			struct in_addr holder, const struct holder *details)
{
	struct remembered *r = find(rs, wire);

	if (r != NULL && r->alias.num_subnets > 0 &&
	    r->alias.subnets[0].holder.s_addr == holder.s_addr) {
		talloc_free(r->alias.subnets[0].details);
		r->alias.subnets[0].details = holder_copy(r, details);
	}
}

const struct alias *refusals_find(const struct refusals *rs,
				  const struct wire_name *wire)
{
	const struct remembered *r = find(rs, wire);

	return (r != NULL) ? &r->alias : NULL;
}

const struct alias *refusals_next(const struct refusals *rs, uint64_t now,
				  uint64_t *number)
{
	const struct remembered *r = TAILQ_FIRST(&rs->list);

	while (r != NULL &&
	       (r->number < *number || now - r->when > REFUSAL_SECONDS)) {
		r = TAILQ_NEXT(r, entry);
	}
	if (r == NULL) {
		return NULL;
	}
	*number = r->number + 1;
	return &r->alias;
}

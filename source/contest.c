/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Other hosts that want our aliases.  Pure.
 *
 * The table has a fixed size: whoever sends from thousands of addresses fills
 * it, and from then on is counted in one entry for all, without an address.
 */

#include "contest.h"

#define ENTRIES_MAX	64

struct entry {
	bool used;
	struct contest contest;	/* the last one */
	uint64_t last;		/* when it was counted */
	uint64_t told;		/* when */
	uint32_t count;		/* since then */
};

struct contests {
	struct entry entries[ENTRIES_MAX];
	struct entry others;
	uint64_t totals[2];
};

struct contests *contests_init(TALLOC_CTX *mem_ctx)
{
	return talloc_zero(mem_ctx, struct contests);
}

static bool is_of(const struct entry *e, const struct contest *c)
{
	return e->used && e->contest.kind == c->kind &&
	       e->contest.from.s_addr == c->from.s_addr &&
	       wire_name_equal(&e->contest.wire, &c->wire);
}

static struct entry *find_entry(struct contests *contests,
				const struct contest *c)
{
	struct entry *empty = NULL;
	size_t i;

	for (i = 0; i < ENTRIES_MAX; i++) {
		struct entry *e = &contests->entries[i];

		if (is_of(e, c)) {
			return e;
		}
		if (!e->used && empty == NULL) {
			empty = e;
		}
	}
	return (empty != NULL) ? empty : &contests->others;
}

static void tell(struct entry *e, uint64_t now, struct contest_report *report)
{
	report->contest = e->contest;
	report->count = e->count;
	e->told = now;
	e->count = 0;
}

bool contests_count(struct contests *contests, const struct contest *c,
		    uint64_t now, struct contest_report *report)
{
	struct entry *e = find_entry(contests, c);
	bool others = (e == &contests->others);
	bool first = !e->used;

	if (!first && e->contest.id == c->id && e->last == now) {
		return false;	/* the same request, on another socket */
	}
	if (first) {
		*e = (struct entry){ .used = true };
	}
	e->contest = *c;
	e->last = now;
	if (others) {
		e->contest.from.s_addr = 0;
	}
	e->count++;
	contests->totals[c->kind]++;
	if (!first && now < e->told + CONTEST_QUIET_SECONDS) {
		return false;
	}
	tell(e, now, report);
	return true;
}

static bool is_due(struct entry *e, uint64_t now,
		   struct contest_report *report)
{
	if (!e->used || now < e->told + CONTEST_QUIET_SECONDS) {
		return false;
	}
	if (e->count == 0) {
		e->used = false;
		return false;
	}
	tell(e, now, report);
	return true;
}

bool contests_due(struct contests *contests, uint64_t now,
		  struct contest_report *report)
{
	size_t i;

	for (i = 0; i < ENTRIES_MAX; i++) {
		if (is_due(&contests->entries[i], now, report)) {
			return true;
		}
	}
	return is_due(&contests->others, now, report);
}

bool contests_pending(const struct contests *contests)
{
	size_t i;

	for (i = 0; i < ENTRIES_MAX; i++) {
		if (contests->entries[i].used) {
			return true;
		}
	}
	return contests->others.used;
}

uint64_t contests_total(const struct contests *contests,
			enum contest_kind kind)
{
	return contests->totals[kind];
}

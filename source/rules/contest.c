/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Other hosts that want our aliases.  Pure.
 *
 * The table has a fixed size: whoever sends from thousands of addresses fills
 * it, and from then on is counted in one entry for all, without an address.
 */

#include "contest.h"

#define ENTRIES_MAX 64

/*
 * nmbd hears a broadcast on two sockets, and empties one of them before it
 * looks at the other: in between there may be as many others as its buffer
 * has room for.  What is pushed out of the table too early counts twice.
 */
#define HEARD_MAX     4096
#define HEARD_SECONDS 2

struct heard {
	uint32_t mark;	/* of a packet */
	uint32_t until; /* a repetition is none of its own */
};

struct entry {
	bool used;
	struct contest contest; /* the last one */
	bool told;
	uint64_t next;		/* when it is told, or again */
	uint32_t count;		/* since it was told */
};

struct contests {
	struct entry entries[ENTRIES_MAX];
	struct entry others;
	struct heard heard[HEARD_MAX]; /* at mark % its length */
	uint64_t totals[CONTEST_KINDS];
	unsigned patience; /* seconds */
};

struct contests *contests_init(TALLOC_CTX *mem_ctx)
{
	return talloc_zero(mem_ctx, struct contests);
}

void contests_set_patience(struct contests *contests, unsigned seconds)
{
	contests->patience = seconds;
}

/* FNV-1a */
static uint32_t add_mark(uint32_t mark, const void *bytes, size_t len)
{
	const uint8_t *p = bytes;
	size_t i;

	for (i = 0; i < len; i++) {
		mark = (mark ^ p[i]) * 16777619U;
	}
	return mark;
}

/* Heard already, on another socket or sent again. */
static bool is_repetition(struct contests *contests, const struct contest *c,
			  uint64_t now)
{
	uint8_t kind = (uint8_t)c->kind;
	uint32_t mark = 2166136261U;
	struct heard *h = NULL;

	mark = add_mark(mark, &kind, sizeof(kind));
	mark = add_mark(mark, &c->wire, sizeof(c->wire));
	mark = add_mark(mark, &c->type, sizeof(c->type));
	mark = add_mark(mark, &c->from, sizeof(c->from));
	mark = add_mark(mark, &c->id, sizeof(c->id));
	h = &contests->heard[mark % HEARD_MAX];
	if (h->mark == mark && (uint32_t)now < h->until) {
		return true;
	}
	*h = (struct heard){ .mark = mark,
			     .until = (uint32_t)now + HEARD_SECONDS };
	return false;
}

static bool is_of(const struct entry *e, const struct contest *c)
{
	return e->used && e->contest.kind == c->kind &&
	       e->contest.from.s_addr == c->from.s_addr &&
	       e->contest.type == c->type &&
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
	e->told = true;
	e->next = now + CONTEST_QUIET_SECONDS;
	e->count = 0;
}

bool contests_count(struct contests *contests, const struct contest *c,
		    uint64_t now, struct contest_report *report)
{
	struct entry *e = NULL;

	if (is_repetition(contests, c, now)) {
		return false;
	}
	e = find_entry(contests, c);
	if (!e->used) {
		*e = (struct entry){ .used = true,
				     .next = now + contests->patience };
	}
	e->contest = *c;
	if (e == &contests->others) {
		e->contest.from.s_addr = 0;
	}
	e->count++;
	contests->totals[c->kind]++;
	if (now < e->next) {
		return false;
	}
	tell(e, now, report);
	return true;
}

static bool is_due(struct entry *e, uint64_t now, struct contest_report *report)
{
	if (!e->used || now < e->next) {
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

/* What is told again is told with others, once a minute. */
static unsigned seconds_of(const struct entry *e, uint64_t now)
{
	if (!e->used) {
		return 0;
	}
	if (e->told) {
		return CONTEST_QUIET_SECONDS;
	}
	return (e->next > now) ? (unsigned)(e->next - now) : 1;
}

unsigned contests_wait(const struct contests *contests, uint64_t now)
{
	unsigned wait = seconds_of(&contests->others, now);
	size_t i;

	for (i = 0; i < ENTRIES_MAX; i++) {
		unsigned s = seconds_of(&contests->entries[i], now);

		wait = (s > 0 && (wait == 0 || s < wait)) ? s : wait;
	}
	return wait;
}

uint64_t contests_total(const struct contests *contests, enum contest_kind kind)
{
	return contests->totals[kind];
}

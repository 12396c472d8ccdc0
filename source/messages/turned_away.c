/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Messages that are refused.  Pure.
 *
 * The table has a fixed size: whoever sends from thousands of addresses, which
 * is easy for a datagram, fills it, and is counted in one entry for all.
 */

#include "turned_away.h"

#include <string.h>

#define ADDRESS_SIZE 48

struct entry {
	bool used;
	char address[ADDRESS_SIZE];
	struct message *message; /* the first since it was told; owned */
	const char *reason;	 /* of that one */
	bool told_once;
	uint64_t told; /* when */
	uint32_t count;
};

struct turned_away {
	/* the last one is for all others */
	struct entry entries[TURNED_AWAY_ADDRESSES + 1];
	struct entry *current; /* what was counted just now */
	struct message *shown; /* in the report that was handed out */
	uint64_t total;
};

struct turned_away *turned_away_init(TALLOC_CTX *mem_ctx)
{
	return talloc_zero(mem_ctx, struct turned_away);
}

static struct entry *find_entry(struct turned_away *table, const char *address)
{
	struct entry *empty = NULL;
	size_t i;

	for (i = 0; i < TURNED_AWAY_ADDRESSES; i++) {
		struct entry *e = &table->entries[i];

		if (e->used && strncmp(e->address, address,
				       ADDRESS_SIZE - 1) == 0) {
			return e;
		}
		if (!e->used && empty == NULL) {
			empty = e;
		}
	}
	if (empty == NULL) {
		return &table->entries[TURNED_AWAY_ADDRESSES];
	}
	strncpy(empty->address, address, ADDRESS_SIZE - 1);
	return empty;
}

static bool is_quiet(const struct entry *e, uint64_t now)
{
	return e->told_once && now < e->told + TURNED_AWAY_QUIET_SECONDS;
}

void turned_away_count(struct turned_away *table, const char *address,
		       uint64_t now, bool *wanted)
{
	struct entry *e = find_entry(table, address);

	e->used = true;
	e->count++;
	table->total++;
	table->current = e;
	*wanted = (e->message == NULL);
}

static void tell(struct turned_away *table, struct entry *e, uint64_t now,
		 struct turned_away_report *report)
{
	TALLOC_FREE(table->shown);
	table->shown = e->message;
	e->message = NULL;
	report->message = table->shown;
	report->reason = e->reason;
	report->count = e->count;
	e->count = 0;
	e->told = now;
	e->told_once = true;
}

bool turned_away_show(struct turned_away *table, const struct message *m,
		      const char *reason, uint64_t now,
		      struct turned_away_report *report)
{
	struct entry *e = table->current;

	if (e == NULL || e->message != NULL) {
		return false;
	}
	e->message = message_copy(table, m);
	e->reason = reason;
	if (e->message == NULL || is_quiet(e, now)) {
		return false;
	}
	if (e == &table->entries[TURNED_AWAY_ADDRESSES]) {
		e->message->from[0] = '\0';
		e->message->machine[0] = '\0';
		e->message->address[0] = '\0';
	}
	tell(table, e, now, report);
	return true;
}

bool turned_away_due(struct turned_away *table, uint64_t now,
		     struct turned_away_report *report)
{
	size_t i;

	for (i = 0; i <= TURNED_AWAY_ADDRESSES; i++) {
		struct entry *e = &table->entries[i];

		if (!e->used || is_quiet(e, now)) {
			continue;
		}
		if (e->message != NULL) {
			tell(table, e, now, report);
			return true;
		}
		memset(e, 0, sizeof(*e)); /* quiet for a minute */
	}
	table->current = NULL;
	return false;
}

bool turned_away_pending(const struct turned_away *table)
{
	size_t i;

	for (i = 0; i <= TURNED_AWAY_ADDRESSES; i++) {
		if (table->entries[i].used) {
			return true;
		}
	}
	return false;
}

uint64_t turned_away_total(const struct turned_away *table)
{
	return table->total;
}

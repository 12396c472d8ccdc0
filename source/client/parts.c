/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "parts.h"

#include <string.h>
#include <sys/queue.h>

#include "messenger.h"

/* An answer that is on its way. */
struct partial {
	TAILQ_ENTRY(partial) entry;
	uint32_t number;
	char *text; /* so far; NULL without memory */
};

struct parts {
	TAILQ_HEAD(, partial) list;
};

struct parts *parts_create(TALLOC_CTX *mem_ctx)
{
	struct parts *parts = talloc_zero(mem_ctx, struct parts);

	if (parts != NULL) {
		TAILQ_INIT(&parts->list);
	}
	return parts;
}

/* The one that this is a part of; NULL without memory. */
static struct partial *find(struct parts *parts, uint32_t number)
{
	struct partial *p = NULL;

	TAILQ_FOREACH(p, &parts->list, entry) {
		if (p->number == number) {
			return p;
		}
	}
	p = talloc_zero(parts, struct partial);
	if (p != NULL) {
		p->number = number;
		p->text = talloc_strdup(p, "");
		TAILQ_INSERT_TAIL(&parts->list, p, entry);
	}
	return p;
}

char *parts_take(TALLOC_CTX *mem_ctx, struct parts *parts, const uint8_t *data,
		 size_t len)
{
	struct messenger_part part;
	struct partial *p = NULL;
	char *whole = NULL;

	if (len < sizeof(part)) {
		return NULL;
	}
	memcpy(&part, data, sizeof(part));
	p = find(parts, part.answer);
	if (p != NULL && p->text != NULL) {
		p->text = talloc_strndup_append_buffer(
			p->text, (const char *)data + sizeof(part),
			len - sizeof(part));
	}
	if (p != NULL && part.more == 0) {
		TAILQ_REMOVE(&parts->list, p, entry);
		whole = talloc_steal(mem_ctx, p->text);
		talloc_free(p);
	}
	return whole;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How many messages are let in.  Pure.
 *
 * Of each address, and of all, there is a bucket: a message takes one out, and
 * time fills it up again.
 */

#include "limits.h"

#include <stddef.h>
#include <string.h>

#define ADDRESSES_MAX 64
#define ADDRESS_SIZE  48

struct bucket {
	uint64_t filled; /* when; 0: never used, and full */
	unsigned left;
};

struct sender {
	bool used;
	char address[ADDRESS_SIZE]; /* "": of all that are local */
	struct bucket bucket;
};

struct limits {
	struct sender senders[ADDRESSES_MAX];
	struct bucket all;
};

struct limits *limits_init(TALLOC_CTX *mem_ctx)
{
	struct limits *limits = talloc_zero(mem_ctx, struct limits);

	if (limits != NULL) {
		limits->all.left = LIMIT_ALL_BURST;
	}
	return limits;
}

static void fill(struct bucket *b, uint64_t now, unsigned burst,
		 unsigned second)
{
	uint64_t passed = (now > b->filled) ? now - b->filled : 0;

	b->filled = now;
	if (passed >= burst) {
		b->left = burst;
		return;
	}
	b->left += (unsigned)passed * second;
	b->left = (b->left < burst) ? b->left : burst;
}

/* Of this address; else the one that was silent for longest is forgotten. */
static struct sender *find_sender(struct limits *limits, const char *address)
{
	struct sender *oldest = &limits->senders[0];
	size_t i;

	for (i = 0; i < ADDRESSES_MAX; i++) {
		struct sender *s = &limits->senders[i];

		if (s->used &&
		    strncmp(s->address, address, ADDRESS_SIZE - 1) == 0) {
			return s;
		}
		if (s->bucket.filled < oldest->bucket.filled) {
			oldest = s;
		}
	}
	memset(oldest, 0, sizeof(*oldest));
	oldest->used = true;
	strncpy(oldest->address, address, ADDRESS_SIZE - 1);
	oldest->bucket.left = LIMIT_ADDRESS_BURST;
	return oldest;
}

bool limits_let_in(struct limits *limits, const char *address, uint64_t now)
{
	struct sender *s = find_sender(limits, address);

	fill(&s->bucket, now, LIMIT_ADDRESS_BURST, LIMIT_ADDRESS_SECOND);
	fill(&limits->all, now, LIMIT_ALL_BURST, LIMIT_ALL_SECOND);
	if (s->bucket.left == 0 || limits->all.left == 0) {
		return false;
	}
	s->bucket.left--;
	limits->all.left--;
	return true;
}

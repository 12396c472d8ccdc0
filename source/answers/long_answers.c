/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Answers that are long.  Between two steps nmbd goes through its loop, and a
 * socket with something in it has its turn.
 *
 * Samba's messaging takes a message apart in one go, a kilobyte at a time: an
 * answer of hundreds of them would hold nmbd for milliseconds.
 */

#include "long_answers.h"

#include <string.h>

#include "messenger.h"
#include "pieces.h"
#include "reply.h"
#include "steady.h"

/*
 * Bytes of a part, and the time to the next one: as many datagrams as the
 * socket of somebody who reads has room for.  What has no room is handed to a
 * thread, and what that is done with comes back one by one, in front of all
 * sockets.
 */
#define PART_MAX   8192
#define PAUSE_USEC 250

/* Steps of a short one: they are done at once. */
#define AT_FIRST 2

struct answer {
	const struct answers *answers;
	struct asker asker;
	const struct long_kind *kind;
	void *source; /* NULL: all is in the text */
	char *text;   /* NULL without memory */
	size_t len;
	size_t sent; /* so much of it is */
	uint32_t number;
	struct steady *turn;
};

/* Takes it; NULL: there was no memory for it. */
static void add(struct answer *a, char *more)
{
	size_t len = (more != NULL) ? strlen(more) : 0;

	if (a->sent > 0) {
		/* a smaller array is the same array */
		a->len -= a->sent;
		memmove(a->text, a->text + a->sent, a->len + 1);
		a->text = talloc_realloc(a, a->text, char, a->len + 1);
		a->sent = 0;
	}
	if (a->len == 0 || more == NULL) {
		talloc_free(a->text);
		a->text = more;
	} else {
		pieces_append(&a->text, more);
		talloc_free(more);
	}
	a->len += len;
}

static char *take(struct answer *a)
{
	return (a->kind->take != NULL) ? a->kind->take(a, a->source)
				       : talloc_strdup(a, "");
}

static void make_more(struct answer *a)
{
	bool more = a->kind->go_on(a->source);

	add(a, more ? take(a) : a->kind->end(a, a->answers, a->source));
	if (!more || a->text == NULL) {
		TALLOC_FREE(a->source);
	}
}

static bool has_part(const struct answer *a)
{
	return a->asker.in_parts && a->text != NULL &&
	       (a->source == NULL || a->len - a->sent >= PART_MAX);
}

/* Returns whether there are more; not if nobody is there for them. */
static bool send_part(struct answer *a)
{
	struct messaging_context *msg = a->answers->msg;
	size_t left = a->len - a->sent;
	size_t len = (left > PART_MAX) ? PART_MAX : left;
	struct messenger_part part = {
		.answer = a->number,
		.more = (a->source != NULL || left > len),
	};
	struct iovec iov[2] = {
		{ .iov_base = &part, .iov_len = sizeof(part) },
		{ .iov_base = a->text + a->sent, .iov_len = len },
	};

	a->sent += len;
	return messaging_send_iov_from(msg, messaging_server_id(msg),
				       a->asker.from, MESSENGER_MSG_PARTS, iov,
				       2, NULL, 0) == 0 &&
	       part.more != 0;
}

static void hand_over(struct answer *a)
{
	if (a->asker.take != NULL) {
		a->asker.take(a->asker.private_data, a->text);
	} else {
		reply_text(a->answers->msg, a->asker.from, a->text);
	}
}

/* Returns whether there is more to do. */
static bool step(struct answer *a)
{
	if (has_part(a)) {
		return send_part(a);
	}
	if (a->source != NULL) {
		make_more(a);
		return true;
	}
	hand_over(a);
	return false;
}

static void go_on(void *private_data)
{
	struct answer *a = talloc_get_type_abort(private_data, struct answer);
	bool sends = has_part(a);

	if (step(a)) {
		steady_set(a->turn, sends ? PAUSE_USEC : 0);
	} else {
		talloc_free(a);
	}
}

static uint32_t next_number(void)
{
	static uint32_t number;

	return ++number;
}

void long_answer(TALLOC_CTX *mem_ctx, const struct answers *as,
		 const struct asker *asker, const struct long_kind *kind,
		 void *source)
{
	struct answer *a = (source != NULL) ? talloc_zero(mem_ctx, struct answer)
					    : NULL;
	unsigned i;

	if (a == NULL) {
		if (asker->take != NULL) {
			asker->take(asker->private_data, NULL);
		} else {
			reply_text(as->msg, asker->from, NULL);
		}
		talloc_free(asker->private_data);
		talloc_free(source);
		return;
	}
	a->answers = as;
	a->asker = *asker;
	a->asker.private_data = talloc_steal(a, asker->private_data);
	a->kind = kind;
	a->source = talloc_steal(a, source);
	a->number = next_number();
	a->text = talloc_strdup(a, "");
	a->turn = steady_create(a, as->ev, go_on, a);
	for (i = 0; i < AT_FIRST && a->source != NULL; i++) {
		make_more(a);
	}
	if (a->turn != NULL && (a->source != NULL || a->len > PART_MAX)) {
		steady_set(a->turn, 0);
		return;
	}
	/* it is short, or there is no timer for it */
	while (step(a)) {
	}
	talloc_free(a);
}

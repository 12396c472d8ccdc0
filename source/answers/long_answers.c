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

struct answer {
	const struct answers *answers;
	struct asker asker;
	const struct long_kind *kind;
	void *source; /* NULL: the text is whole */
	char *text;   /* NULL without memory */
	size_t len;
	struct messenger_part part; /* the next one */
	struct steady *turn;
};

static void finish(struct answer *a)
{
	a->text = a->kind->end(a, a->answers, a->source);
	TALLOC_FREE(a->source);
	a->len = (a->text != NULL) ? strlen(a->text) : 0;
	a->part.left = (uint32_t)a->len;
}

static bool is_long(const struct answer *a)
{
	return a->asker.in_parts && a->part.left > PART_MAX;
}

/* Returns whether there are more; not if nobody is there for them. */
static bool send_part(struct answer *a)
{
	struct messaging_context *msg = a->answers->msg;
	size_t len = (a->part.left > PART_MAX) ? PART_MAX : a->part.left;
	char *begin = a->text + a->len - a->part.left;
	struct iovec iov[2] = {
		{ .iov_base = &a->part, .iov_len = sizeof(a->part) },
		{ .iov_base = begin, .iov_len = len },
	};

	a->part.left -= (uint32_t)len;
	return messaging_send_iov_from(msg, messaging_server_id(msg),
				       a->asker.from, MESSENGER_MSG_PARTS, iov,
				       2, NULL, 0) == 0 &&
	       a->part.left > 0;
}

static bool hand_over(struct answer *a)
{
	if (a->asker.take != NULL) {
		a->asker.take(a->asker.private_data, a->text);
		return false;
	}
	if (a->asker.in_parts && a->text != NULL) {
		return send_part(a);
	}
	reply_text(a->answers->msg, a->asker.from, a->text);
	return false;
}

/* Returns whether there is more to do. */
static bool step(struct answer *a)
{
	if (a->source == NULL) {
		return hand_over(a);
	}
	if (!a->kind->go_on(a->source)) {
		finish(a);
	}
	return true;
}

static void go_on(void *private_data)
{
	struct answer *a = talloc_get_type_abort(private_data, struct answer);

	if (step(a)) {
		steady_set(a->turn, (a->source == NULL) ? PAUSE_USEC : 0);
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
	a->part.answer = next_number();
	a->turn = steady_create(a, as->ev, go_on, a);
	(void)step(a);
	if (a->turn != NULL && (a->source != NULL || is_long(a))) {
		steady_set(a->turn, 0);
		return;
	}
	/* there is little left, or no timer for it */
	while (step(a)) {
	}
	talloc_free(a);
}

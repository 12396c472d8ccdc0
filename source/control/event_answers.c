/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The last events as JSON.
 */

#include "event_answers.h"

#include <string.h>

#include "messenger.h"
#include "reply.h"
#include "steady.h"
#include "text.h"

/* Events in a turn: well below a millisecond. */
#define AT_ONCE 32

struct answer {
	const struct answers *answers;
	struct server_id to;
	struct ring_walk walk;
	char *rows; /* NULL without memory */
	struct steady *turn;
};

static void send_whole(struct answer *a)
{
	json_t *json = event_sinks_walk_end(a->answers->sinks, &a->walk);
	char *frame = NULL;
	char *text = NULL;

	if (json_object_set_new(json, "schema",
				json_integer(MESSENGER_ANSWER_SCHEMA)) == 0) {
		frame = text_of_json(a, json);
	}
	if (frame != NULL && a->rows != NULL) {
		int begin = (int)strcspn(frame, "]"); /* of the empty list */

		text = talloc_asprintf(a, "%.*s%s%s\n", begin, frame, a->rows,
				       frame + begin);
	}
	reply_text(a->answers->msg, a->to, text);
	json_decref(json);
	talloc_free(a);
}

static void go_on(void *private_data)
{
	struct answer *a = talloc_get_type_abort(private_data, struct answer);

	if (event_sinks_walk_on(a->answers->sinks, &a->walk, &a->rows,
				AT_ONCE)) {
		steady_set(a->turn, 0);
	} else {
		send_whole(a);
	}
}

void event_answers_begin(TALLOC_CTX *mem_ctx, const struct answers *as,
			 struct server_id to, unsigned count, uint64_t after)
{
	struct answer *a = talloc_zero(mem_ctx, struct answer);

	if (a == NULL) {
		reply_text(as->msg, to, NULL);
		return;
	}
	a->answers = as;
	a->to = to;
	a->walk = event_sinks_walk_begin(as->sinks, count, after);
	a->rows = talloc_strdup(a, "");
	a->turn = steady_create(a, as->ev, go_on, a);
	if (a->turn != NULL) {
		go_on(a);
		return;
	}
	/* there is no timer for the others */
	while (event_sinks_walk_on(as->sinks, &a->walk, &a->rows, AT_ONCE)) {
	}
	send_whole(a);
}

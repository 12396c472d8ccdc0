/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The messages that are kept, as text for people and as JSON.  Pure.
 */

#include "post_private.h"
#include "text.h"

/* The first of the last so many messages after a certain one. */
static uint64_t first_of(const struct post *post, unsigned count,
			 uint64_t after)
{
	uint64_t first = 1;

	if (count > POST_RING) {
		count = POST_RING;
	}
	if (post->seq > count) {
		first = post->seq - count + 1;
	}
	return (after >= first) ? after + 1 : first;
}

char *post_text(TALLOC_CTX *mem_ctx, const struct post *post, unsigned count,
		uint64_t after)
{
	uint64_t seq = first_of(post, count, after);
	char *text = NULL;

	if (seq > post->seq) {
		text = talloc_strdup(mem_ctx, "There are no such messages.\n");
	} else {
		text = talloc_strdup(mem_ctx, "Messages, the oldest first\n");
	}
	for (; seq <= post->seq; seq++) {
		text_add(&text, "\n");
		message_add(&text, post->ring[seq % POST_RING]);
	}
	text_add(&text, "\nSince nmbd was started: %llu received, %llu "
		 "refused.\n",
		 (unsigned long long)post->seq,
		 (unsigned long long)turned_away_total(post->turned_away));
	return text;
}

static json_t *one_json(const struct message *m)
{
	char *time = text_moment(NULL, m->time);
	json_t *json = (time != NULL) ? message_json(m, time) : NULL;

	talloc_free(time);
	return json;
}

json_t *post_json(const struct post *post, unsigned count, uint64_t after)
{
	json_t *list = json_array();
	uint64_t first = (post->seq > POST_RING) ? post->seq - POST_RING + 1
						 : 1;
	uint64_t seq;

	for (seq = first_of(post, count, after); seq <= post->seq; seq++) {
		if (json_array_append_new(
			    list, one_json(post->ring[seq % POST_RING])) !=
		    0) {
			json_decref(list);
			return NULL;
		}
	}
	return json_pack(
		"{s:o, s:s, s:I, s:I, s:I, s:I}", "messages", list,
		"instance", post->instance, "first", (json_int_t)first, "last",
		(json_int_t)post->seq, "received", (json_int_t)post->seq,
		"refused",
		(json_int_t)turned_away_total(post->turned_away));
}

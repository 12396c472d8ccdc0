/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The messages that are kept, as text for people and as JSON.  Pure.
 */

#include "post_private.h"
#include "ring_report.h"
#include "text.h"

static uint64_t newest(const void *owner)
{
	const struct post *post = owner;

	return post->seq;
}

static const struct message *message_at(const void *owner, uint64_t seq)
{
	const struct post *post = owner;

	return post->ring[seq % RING_SIZE];
}

static json_t *json_at(const void *owner, uint64_t seq)
{
	const struct message *m = message_at(owner, seq);
	char *time = text_moment(NULL, m->time);
	json_t *json = (time != NULL) ? message_json(m, time) : NULL;

	talloc_free(time);
	return json;
}

static void add_at(const void *owner, char **text, uint64_t seq)
{
	message_add(text, message_at(owner, seq));
}

static json_t *frame(const void *owner)
{
	const struct post *post = owner;

	return json_pack("{s:s, s:I, s:I}", "instance", post->instance,
			 "received", (json_int_t)post->seq, "refused",
			 (json_int_t)turned_away_total(post->turned_away));
}

static void end(const void *owner, char **text)
{
	const struct post *post = owner;

	text_add(text, "\nSince nmbd was started: %llu received, %llu "
		 "refused.\n",
		 (unsigned long long)post->seq,
		 (unsigned long long)turned_away_total(post->turned_away));
}

const struct ring_kind post_ring = {
	.what = "messages",
	.apart = true,
	.newest = newest,
	.json = json_at,
	.add = add_at,
	.frame = frame,
	.end = end,
};

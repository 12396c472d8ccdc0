/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The ring of the last events, and the way from there to the sinks.
 */

#include "event_sinks.h"

#include <string.h>
#include <time.h>

#include "ring_report.h"
#include "sinks.h"
#include "text.h"

struct event_sinks {
	uint64_t seq;				  /* of the last event */
	struct event *ring[RING_SIZE]; /* at seq % its length */
	/* of this run of nmbd: seq starts again with the next one */
	char *instance;

	struct sink_json *json;
	struct sink_journal *journal;
	struct sink_eventlog *eventlog;
};

struct event_sinks *event_sinks_init(TALLOC_CTX *mem_ctx,
				     struct tevent_context *ev)
{
	struct event_sinks *sinks = talloc_zero(mem_ctx, struct event_sinks);
	struct timespec now = { .tv_sec = 0 };

	if (sinks == NULL) {
		return NULL;
	}
	talloc_set_name_const(sinks, "messenger: events");
	(void)clock_gettime(CLOCK_REALTIME, &now);
	sinks->instance = talloc_asprintf(sinks, "%lld.%09ld",
					  (long long)now.tv_sec, now.tv_nsec);
	sinks->json = sink_json_init(sinks);
	sinks->journal = sink_journal_init(sinks);
	sinks->eventlog = sink_eventlog_init(sinks, ev);
	if (sinks->instance == NULL || sinks->json == NULL ||
	    sinks->journal == NULL || sinks->eventlog == NULL) {
		talloc_free(sinks);
		return NULL;
	}
	sink_log_init();
	sink_journal_configure(sinks->journal, CONFIG_JOURNAL_NO);
	return sinks;
}

void event_sinks_configure(struct event_sinks *sinks,
			   const struct messenger_config *config)
{
	event_sinks_complain(config);
	sink_json_configure(sinks->json, config->json_log);
	sink_journal_configure(sinks->journal, config->journal);
	sink_eventlog_configure(sinks->eventlog, config->event_log,
				(config->computers != NULL)
					? config->computers[0].name
					: "");
}

static struct event **slot_of(struct event_sinks *sinks, uint64_t seq)
{
	return &sinks->ring[seq % RING_SIZE];
}

static void write_all(struct event_sinks *sinks, const struct event *ev,
		      bool completed)
{
	sink_log_write(ev, completed);
	sink_json_write(sinks->json, ev, completed);
	sink_journal_write(sinks->journal, ev, completed);
}

void event_sinks_write(struct event_sinks *sinks, struct event *ev)
{
	struct event **slot = NULL;

	ev->seq = ++sinks->seq;
	slot = slot_of(sinks, ev->seq);
	talloc_free(*slot);
	*slot = talloc_steal(sinks, ev);

	write_all(sinks, ev, false);
	sink_eventlog_write(sinks->eventlog, ev);
}

void event_sinks_tell(struct event_sinks *sinks, struct event *ev)
{
	write_all(sinks, ev, false);
	talloc_free(ev);
}

const char *event_sinks_instance(const struct event_sinks *sinks)
{
	return sinks->instance;
}

void event_sinks_complete(struct event_sinks *sinks, uint64_t seq,
			  const struct holder *details)
{
	struct event *ev = *slot_of(sinks, seq);

	if (ev == NULL || ev->seq != seq || ev->details != NULL) {
		return;
	}
	ev->details = holder_copy(ev, details);
	if (ev->details != NULL) {
		write_all(sinks, ev, true);
	}
}

static const struct event *event_at(const void *owner, uint64_t seq)
{
	const struct event_sinks *sinks = owner;

	return sinks->ring[seq % RING_SIZE];
}

static void add_indented(char **text, const char *lines)
{
	while (*lines != '\0') {
		int len = (int)strcspn(lines, "\n");

		text_add(text, "  %.*s\n", len, lines);
		lines += len;
		lines += (*lines == '\n') ? 1 : 0;
	}
}

/* What is added is not the text's: see text.h. */
static void add_event_parts(char **text, TALLOC_CTX *frame,
			    const struct event *ev)
{
	char *event = event_log_text(frame, ev);
	char *details = (ev->details != NULL) ? event_details_text(frame, ev)
					      : talloc_strdup(frame, "");

	if (event == NULL || details == NULL) {
		TALLOC_FREE(*text);
		return;
	}
	text_add_time(text, ev->time);
	text_add(text, "  %s", event_type_str(ev->type));
	if (event_id(ev) != 0) {
		text_add(text, " (event %u)", event_id(ev));
	}
	text_add(text, "\n");
	add_indented(text, event);
	add_indented(text, details);
}

static void add_event(char **text, const struct event *ev)
{
	TALLOC_CTX *frame = talloc_new(NULL);

	if (frame == NULL) {
		TALLOC_FREE(*text);
		return;
	}
	add_event_parts(text, frame, ev);
	talloc_free(frame);
}

static uint64_t newest(const void *owner)
{
	const struct event_sinks *sinks = owner;

	return sinks->seq;
}

static json_t *json_at(const void *owner, uint64_t seq)
{
	return event_json(event_at(owner, seq));
}

static void add_at(const void *owner, char **text, uint64_t seq)
{
	add_event(text, event_at(owner, seq));
}

static json_t *frame(const void *owner)
{
	return json_pack("{s:s}", "instance", event_sinks_instance(owner));
}

const struct ring_kind event_sinks_ring = {
	.what = "events",
	.newest = newest,
	.json = json_at,
	.add = add_at,
	.frame = frame,
};

/* Frees the sentence. */
static void add_last(char **text, const struct event *ev, char *sentence)
{
	char *line = talloc_strdup(NULL, "");

	if (sentence == NULL) {
		TALLOC_FREE(line);
	}
	text_add_time(&line, ev->time);
	text_add(&line, "  %s", sentence);
	if (line == NULL) {
		TALLOC_FREE(*text);
	} else {
		text_add_wrapped(text, 2, TEXT_COLUMNS, line);
	}
	talloc_free(line);
	talloc_free(sentence);
}

char *event_sinks_last_text(TALLOC_CTX *mem_ctx,
			    const struct event_sinks *sinks, unsigned count)
{
	struct ring_walk walk = ring_walk_begin(sinks->seq, count, 0);
	char *text = talloc_strdup(mem_ctx, "");
	uint64_t seq = 0;

	while (text != NULL &&
	       (seq = ring_walk_next(&walk, sinks->seq)) != 0) {
		const struct event *ev = event_at(sinks, seq);

		add_last(&text, ev, event_message(NULL, ev));
	}
	return text;
}

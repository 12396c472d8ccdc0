/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * smbmessenger events --follow, and messages likewise: asks for what came after
 * the last one it has printed.  nmbd numbers them from 1 in each of its runs,
 * so a number means something only together with the run ("instance").
 */

#include "follow.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "messenger.h"
#include "say.h"
#include "text.h"

#define INTERVAL_MSEC  250
#define RECONNECT_MSEC 500

struct follow {
	const struct follow_options *options;
	char *instance; /* NULL: none seen yet */
	json_int_t seq; /* of the last one printed */
	bool again;	/* asked in vain: ask at once */
	bool closed;	/* nobody reads any more */
	bool failed;	/* an answer that was none */
};

/* Or until nobody reads any more: a pipe is closed. */
static void wait_msec(struct follow *f, int msec)
{
	struct pollfd p = { .fd = STDOUT_FILENO };

	if (f->options->idle != NULL) {
		f->closed = !f->options->idle(f->options->private_data,
					      f->instance, f->seq, msec);
	} else if (poll(&p, 1, msec) > 0) {
		f->closed = true;
	}
}

static const char *string_of(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return (s != NULL) ? s : "";
}

/* In the form of all that people read; as it came, if it is no time. */
static void add_time(char **line, const char *time)
{
	struct timespec t;

	if (text_parse_moment(time, &t)) {
		text_add_time(line, t);
	} else {
		text_add(line, "%s", time);
	}
}

/* What it is about: an alias, or a name with its type; the caller's. */
static char *subject_of(const json_t *ev)
{
	if (json_object_get(ev, "alias") != NULL) {
		return talloc_strdup(NULL, string_of(ev, "alias"));
	}
	return talloc_asprintf(NULL, "%s<%s>", string_of(ev, "name"),
			       string_of(ev, "type"));
}

static void add_others(char **line, const json_t *ev)
{
	const json_t *holder = json_object_get(ev, "holder");
	const json_t *claimant = json_object_get(ev, "claimant");
	char *subject = subject_of(ev);

	if (subject == NULL) {
		TALLOC_FREE(*line);
		return;
	}
	if (holder != NULL) {
		text_add(line, " %s is held by %s", subject,
			 string_of(holder, "address"));
		if (json_object_get(holder, "computer") != NULL) {
			text_add(line, " (%s)", string_of(holder, "computer"));
		}
		text_add(line, ".");
	}
	if (claimant != NULL && json_object_get(ev, "alias") != NULL) {
		text_add(line, " %s wants it.", string_of(claimant, "address"));
	} else if (claimant != NULL && holder == NULL) {
		/* a claim, a demand or a release */
		text_add(line, " The name is %s, the other computer %s.",
			 subject, string_of(claimant, "address"));
	}
	talloc_free(subject);
}

static void print_line(void *private_data, const json_t *ev)
{
	char *line = talloc_strdup(NULL, "");

	add_time(&line, string_of(ev, "time"));
	text_add(&line, "  %-16s  %s", string_of(ev, "event"),
		 string_of(ev, "message"));
	add_others(&line, ev);
	text_add(&line, "\n");
	print_text(stdout, (line != NULL) ? line : "out of memory\n");
	talloc_free(line);
}

static void print_object(void *private_data, const json_t *ev)
{
	char *dump = json_dumps(ev, JSON_COMPACT);

	printf("%s\n", (dump != NULL) ? dump : "{}");
	free(dump);
}

static void print_one(struct follow *f, const json_t *one)
{
	const struct follow_options *o = f->options;

	if (o->wanted == NULL || o->wanted(o->private_data, one)) {
		o->print(o->private_data, one);
	}
	f->seq = json_integer_value(json_object_get(one, "seq"));
}

/*
 * Another run of nmbd: its numbers begin anew, and what it was asked for, the
 * events after a number of the old run, is not what is wanted.
 */
static void see_instance(struct follow *f, const char *instance)
{
	if (f->instance != NULL && strcmp(f->instance, instance) == 0) {
		return;
	}
	if (f->instance != NULL) {
		say("nmbd was restarted; its %s are numbered from 1 again",
		    f->options->what);
		f->seq = 0;
		f->again = true;
		if (f->options->new_run != NULL) {
			f->options->new_run(f->options->private_data, instance);
		}
	}
	talloc_free(f->instance);
	f->instance = talloc_strdup(f, instance);
}

/* Of a list to begin with, the first of the last so many that are wanted. */
static size_t begin_at(const struct follow *f, const json_t *list)
{
	const struct follow_options *o = f->options;
	size_t at = json_array_size(list);
	unsigned left = o->count;

	while (at > 0 && left > 0) {
		at--;
		if (o->wanted == NULL ||
		    o->wanted(o->private_data, json_array_get(list, at))) {
			left--;
		}
	}
	return at;
}

static void got_some(void *private_data, const char *text)
{
	struct follow *f = private_data;
	json_t *answer = json_loads(text, 0, NULL);
	const json_t *list = json_object_get(answer, f->options->what);
	json_int_t first = json_integer_value(json_object_get(answer, "first"));
	json_int_t last = json_integer_value(json_object_get(answer, "last"));
	bool begun = (f->instance != NULL);
	size_t num = json_array_size(list);
	size_t i;

	if (!json_is_array(list)) {
		f->failed = true;
		json_decref(answer);
		return;
	}
	see_instance(f, string_of(answer, "instance"));
	if (f->again) {
		json_decref(answer);
		return;
	}
	if (begun && first > f->seq + 1) {
		say("%lld %s are missing: nmbd keeps the last %d",
		    (long long)(first - f->seq - 1), f->options->what,
		    MESSENGER_EVENT_RING);
	}
	for (i = begun ? 0 : begin_at(f, list); i < num; i++) {
		print_one(f, json_array_get(list, i));
	}
	if (!begun || last < f->seq) {
		/* what came before is not asked for; and whoever began behind
		 * the last one, by mistake, would wait for long */
		f->seq = last;
	}
	if (fflush(stdout) != 0) {
		f->closed = true;
	}
	json_decref(answer);
}

static enum client_error ask(struct follow *f, struct client *client)
{
	/* what is wanted may be few of many */
	bool all = f->instance != NULL || f->options->wanted != NULL;
	unsigned count = all ? MESSENGER_EVENT_RING : f->options->count;
	char *request =
		talloc_asprintf(f, "json %s %u after %lld", f->options->what,
				count, (long long)f->seq);
	enum client_error error;

	if (request == NULL) {
		return CLIENT_NO_MESSAGING;
	}
	f->again = false;
	error = client_ask(client, &request, 1, got_some, f);
	talloc_free(request);
	return error;
}

static void follow_nmbd(struct follow *f, struct client *client)
{
	while (ask(f, client) == CLIENT_OK && !f->closed && !f->failed) {
		if (!f->again) {
			wait_msec(f, INTERVAL_MSEC);
		}
	}
}

enum client_error follow(TALLOC_CTX *mem_ctx, struct client *client,
			 const struct follow_options *options)
{
	struct follow *f = talloc_zero(mem_ctx, struct follow);
	enum client_error error;
	bool begun = false;
	bool waiting = false;

	if (f == NULL) {
		return CLIENT_NO_MESSAGING;
	}
	f->options = options;
	f->seq = options->seq;
	if (options->instance != NULL) {
		f->instance = talloc_strdup(f, options->instance);
	}
	while (!f->closed) {
		error = client_connect(client);
		if (error == CLIENT_OK) {
			begun = true;
			waiting = false;
			f->failed = false;
			follow_nmbd(f, client);
			if (f->failed) {
				/* it knows no such request: not too often */
				wait_msec(f, RECONNECT_MSEC);
			}
			continue;
		}
		if (!begun) {
			return error;
		}
		if (!waiting) {
			say("nmbd is away; waiting for it");
		}
		waiting = true;
		wait_msec(f, RECONNECT_MSEC);
	}
	return CLIENT_OK;
}

enum client_error follow_events(TALLOC_CTX *mem_ctx, struct client *client,
				bool json, unsigned count)
{
	const struct follow_options options = {
		.what = "events",
		.count = count,
		.print = json ? print_object : print_line,
	};

	return follow(mem_ctx, client, &options);
}

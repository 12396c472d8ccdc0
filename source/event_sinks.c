/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Where events go.  A sink knows neither rules nor nmbd; none may block, and
 * each fails alone.
 */

#include "event_sinks.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "nmbd_host.h"
#include "text.h"

struct event_sinks {
	uint64_t seq;			/* of the last event */
	struct event *ring[MESSENGER_EVENT_RING]; /* at seq % its length */

	char *json_path;		/* NULL: none */
	int json_fd;			/* -1: not open */
	bool json_failed;		/* and it was said */
};

static int close_json(struct event_sinks *sinks)
{
	if (sinks->json_fd != -1) {
		close(sinks->json_fd);
		sinks->json_fd = -1;
	}
	return 0;
}

struct event_sinks *event_sinks_init(TALLOC_CTX *mem_ctx)
{
	struct event_sinks *sinks = talloc_zero(mem_ctx, struct event_sinks);

	if (sinks == NULL) {
		return NULL;
	}
	talloc_set_name_const(sinks, "messenger: events");
	sinks->json_fd = -1;
	talloc_set_destructor(sinks, close_json);
	return sinks;
}

static void json_failed(struct event_sinks *sinks, const char *what, int err)
{
	if (!sinks->json_failed) {
		DBG_ERR("messenger:json log: cannot %s %s: %s. Events go on "
			"to the other logs; it is tried again at each event\n",
			what, sinks->json_path, strerror(err));
	}
	sinks->json_failed = true;
}

/* Moved away or removed since it was opened? */
static bool is_current(const struct event_sinks *sinks)
{
	struct stat open_file;
	struct stat path;

	return sinks->json_fd != -1 &&
	       fstat(sinks->json_fd, &open_file) == 0 &&
	       stat(sinks->json_path, &path) == 0 &&
	       open_file.st_dev == path.st_dev &&
	       open_file.st_ino == path.st_ino;
}

static bool open_json(struct event_sinks *sinks)
{
	struct stat st;

	close_json(sinks);
	/* O_NONBLOCK: a FIFO without a reader would stop nmbd */
	sinks->json_fd = open(sinks->json_path,
			      O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC |
				      O_NOFOLLOW | O_NONBLOCK | O_NOCTTY,
			      0640);
	if (sinks->json_fd == -1) {
		json_failed(sinks, "open", errno);
		return false;
	}
	if (fstat(sinks->json_fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		close_json(sinks);
		json_failed(sinks, "use what is no regular file,", EINVAL);
		return false;
	}
	return true;
}

/* A line that does not fit on the disk is taken back, not left in halves. */
static void write_line(struct event_sinks *sinks, const char *line, size_t len)
{
	off_t end = lseek(sinks->json_fd, 0, SEEK_END);
	ssize_t n = write(sinks->json_fd, line, len);
	int err = (n < 0) ? errno : ENOSPC;

	if (n == (ssize_t)len) {
		if (sinks->json_failed) {
			DBG_ERR("messenger:json log: %s works again\n",
				sinks->json_path);
		}
		sinks->json_failed = false;
		return;
	}
	if (n > 0 && end >= 0 && ftruncate(sinks->json_fd, end) != 0) {
		err = errno;
	}
	json_failed(sinks, "write to", err);
}

static void to_json_log(struct event_sinks *sinks, const struct event *ev)
{
	json_t *json = NULL;
	char *dump = NULL;
	char *line = NULL;

	if (sinks->json_path == NULL ||
	    (!is_current(sinks) && !open_json(sinks))) {
		return;
	}
	json = event_json(ev);
	if (json != NULL) {
		dump = json_dumps(json, JSON_COMPACT);
	}
	if (dump != NULL) {
		line = talloc_asprintf(sinks, "%s\n", dump);
	}
	if (line != NULL) {
		write_line(sinks, line, strlen(line));
	} else {
		json_failed(sinks, "write to", ENOMEM);
	}
	talloc_free(line);
	free(dump);
	json_decref(json);
}

static void to_samba_log(const struct event *ev)
{
	char *text = event_log_text(NULL, ev);

	if (text != NULL) {
		DEBUG((event_severity(ev) == SEVERITY_ERROR) ? 0 : 1,
		      ("%s", text));
	}
	talloc_free(text);
}

void event_sinks_configure(struct event_sinks *sinks,
			   const struct messenger_config *config)
{
	close_json(sinks);
	sinks->json_failed = false;
	TALLOC_FREE(sinks->json_path);
	if (config->json_log != NULL) {
		sinks->json_path = talloc_strdup(sinks, config->json_log);
	}
	if (sinks->json_path != NULL) {
		(void)open_json(sinks);
	}
}

void event_sinks_write(struct event_sinks *sinks, struct event *ev)
{
	struct event **slot = NULL;

	ev->seq = ++sinks->seq;
	slot = &sinks->ring[ev->seq % MESSENGER_EVENT_RING];
	talloc_free(*slot);
	*slot = talloc_steal(sinks, ev);

	to_samba_log(ev);
	to_json_log(sinks, ev);
}

/* The first of the last so many events; 0: there are none. */
static uint64_t first_of(const struct event_sinks *sinks, unsigned count)
{
	if (count > MESSENGER_EVENT_RING) {
		count = MESSENGER_EVENT_RING;
	}
	return (sinks->seq > count) ? sinks->seq - count + 1 : 1;
}

char *event_sinks_ring_text(TALLOC_CTX *mem_ctx,
			    const struct event_sinks *sinks, unsigned count)
{
	char *text = NULL;
	uint64_t seq;

	if (sinks->seq == 0) {
		return talloc_strdup(mem_ctx, "There are no events yet.\n");
	}
	text = talloc_strdup(mem_ctx, "Events, the oldest first\n\n");
	for (seq = first_of(sinks, count); seq <= sinks->seq; seq++) {
		const struct event *ev =
			sinks->ring[seq % MESSENGER_EVENT_RING];
		char *time = event_time_str(mem_ctx, ev->time);
		char *event = event_log_text(mem_ctx, ev);

		if (time == NULL || event == NULL) {
			TALLOC_FREE(text);
		}
		text_add(&text, "%s  %s", time, event_type_str(ev->type));
		if (event_id(ev) != 0) {
			text_add(&text, " (event %u)", event_id(ev));
		}
		text_add(&text, "\n%s", event);
		talloc_free(time);
		talloc_free(event);
	}
	return text;
}

json_t *event_sinks_ring_json(const struct event_sinks *sinks, unsigned count)
{
	json_t *list = json_array();
	uint64_t seq;

	for (seq = first_of(sinks, count); seq <= sinks->seq; seq++) {
		if (json_array_append_new(
			    list, event_json(sinks->ring[seq %
						MESSENGER_EVENT_RING])) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return json_pack("{s:o}", "events", list);
}

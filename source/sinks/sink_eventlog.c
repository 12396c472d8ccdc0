/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Events with a number to Samba's event log, as soon as nobody else has it
 * locked.
 */

#include "sinks.h"

#include <errno.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/stat.h>

#include "eventlog_words.h"
#include "samba_private.h"

#define SINK "messenger:event log"

#define AGAIN_USEC  20000
#define AGAIN_MAX   250 /* five seconds in all */
#define PENDING_MAX 64

static const char locked[] = "another program keeps it locked";

struct pending {
	STAILQ_ENTRY(pending) entry;
	struct eventlog_record record; /* owns what it points to */
};

struct sink_eventlog {
	struct tevent_context *ev;
	char *path; /* NULL: none */
	char *computer;
	STAILQ_HEAD(, pending) pending;
	size_t num_pending;
	unsigned again;
	struct tevent_timer *timer; /* while something is pending */
	struct sink_trouble trouble;
};

struct sink_eventlog *sink_eventlog_init(TALLOC_CTX *mem_ctx,
					 struct tevent_context *ev)
{
	struct sink_eventlog *sink = talloc_zero(mem_ctx, struct sink_eventlog);

	if (sink != NULL) {
		sink->ev = ev;
		STAILQ_INIT(&sink->pending);
	}
	return sink;
}

static void failed(struct sink_eventlog *sink, const char *why)
{
	char *what = talloc_asprintf(sink, "write to %s", sink->path);

	sink_failed(&sink->trouble, SINK, (what != NULL) ? what : "write", why);
	talloc_free(what);
}

/* "System" -> STATE/eventlog/system.tdb, in a directory that exists. */
static char *path_of(TALLOC_CTX *mem_ctx, const char *log)
{
	char *dir = state_path(mem_ctx, "eventlog");
	char *path = NULL;
	char *lower = talloc_strdup(dir, log);
	char *p = NULL;

	for (p = lower; p != NULL && *p != '\0'; p++) {
		*p = (*p >= 'A' && *p <= 'Z') ? (char)(*p + 32) : *p;
	}
	if (lower != NULL) {
		(void)mkdir(dir, 0755);
		path = talloc_asprintf(mem_ctx, "%s/%s.tdb", dir, lower);
	}
	talloc_free(dir);
	return path;
}

void sink_eventlog_configure(struct sink_eventlog *sink, const char *log,
			     const char *computer)
{
	sink->trouble.told = false;
	TALLOC_FREE(sink->path);
	TALLOC_FREE(sink->computer);
	if (log == NULL) {
		return;
	}
	sink->computer = talloc_strdup(sink, computer);
	if (strchr(log, '/') != NULL || log[0] == '.') {
		DBG_ERR(SINK " = %s: not the name of an event log; none is "
			     "written\n",
			log);
	} else if (sink->computer != NULL) {
		sink->path = path_of(sink, log);
	}
}

/* False: somebody else has it locked. */
static bool write_pending(struct sink_eventlog *sink)
{
	struct eventlog *log = NULL;
	const char *why = NULL;
	struct pending *p = NULL;

	if (eventlog_open(sink, sink->path, &log, &why) == EVENTLOG_BUSY) {
		return false;
	}
	STAILQ_FOREACH(p, &sink->pending, entry) {
		p->record.computer = sink->computer;
		if (log != NULL && why == NULL) {
			why = eventlog_append(log, &p->record);
		}
	}
	if (why == NULL) {
		sink_works(&sink->trouble, SINK);
	} else {
		failed(sink, why);
	}
	talloc_free(log);
	return true;
}

static void forget_pending(struct sink_eventlog *sink)
{
	struct pending *p = NULL;

	while ((p = STAILQ_FIRST(&sink->pending)) != NULL) {
		STAILQ_REMOVE_HEAD(&sink->pending, entry);
		talloc_free(p);
	}
	sink->num_pending = 0;
}

static void again(struct tevent_context *ev, struct tevent_timer *te,
		  struct timeval now, void *private_data);

static void try_to_write(struct sink_eventlog *sink)
{
	TALLOC_FREE(sink->timer);
	if (sink->path == NULL || write_pending(sink)) {
		forget_pending(sink);
		sink->again = 0;
		return;
	}
	if (sink->again < AGAIN_MAX) {
		sink->again++;
		sink->timer =
			tevent_add_timer(sink->ev, sink,
					 tevent_timeval_current_ofs(0,
								    AGAIN_USEC),
					 again, sink);
	}
	if (sink->timer == NULL) {
		failed(sink, locked);
		forget_pending(sink);
		sink->again = 0;
	}
}

static void again(struct tevent_context *ev, struct tevent_timer *te,
		  struct timeval now, void *private_data)
{
	struct sink_eventlog *sink =
		talloc_get_type_abort(private_data, struct sink_eventlog);

	try_to_write(sink);
}

void sink_eventlog_write(struct sink_eventlog *sink, const struct event *ev)
{
	struct pending *p = NULL;

	if (sink->path == NULL || event_id(ev) == 0) {
		return;
	}
	if (sink->num_pending >= PENDING_MAX) {
		failed(sink, locked);
		return;
	}
	p = talloc_zero(sink, struct pending);
	if (p == NULL) {
		failed(sink, strerror(ENOMEM));
		return;
	}
	if (!eventlog_words(p, ev, &p->record)) {
		talloc_free(p);
		failed(sink, strerror(ENOMEM));
		return;
	}
	STAILQ_INSERT_TAIL(&sink->pending, p, entry);
	sink->num_pending++;
	if (sink->timer == NULL) {
		try_to_write(sink);
	}
}

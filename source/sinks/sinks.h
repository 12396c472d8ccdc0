/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The places an event goes to, one file each.  A sink knows neither rules nor
 * nmbd; none may block, and each fails alone: one line in Samba's log, and one
 * when it works again.
 */

#ifndef MESSENGER_SOURCE_SINKS_H
#define MESSENGER_SOURCE_SINKS_H

#include <talloc.h>
#include <tevent.h>

#include "event.h"
#include "settings.h"

/** A failure that is told once until it is over. */
struct sink_trouble {
	bool told;
};

/** @brief Say that a sink failed, unless that was said. */
void sink_failed(struct sink_trouble *trouble, const char *sink,
		 const char *what, const char *why);

/** @brief Say that it works again, if it was said to have failed. */
void sink_works(struct sink_trouble *trouble, const char *sink);

/*
 * Each sink: make it (NULL without memory), take over a configuration (the
 * first one opens it), write an event.  completed: the event was written
 * before, and has the holder's details now.
 */

struct sink_json;
struct sink_json *sink_json_init(TALLOC_CTX *mem_ctx);
void sink_json_configure(struct sink_json *sink, const char *path);
void sink_json_write(struct sink_json *sink, const struct event *ev,
		     bool completed);

struct sink_journal;
struct sink_journal *sink_journal_init(TALLOC_CTX *mem_ctx);
void sink_journal_configure(struct sink_journal *sink,
			    enum config_journal mode);
void sink_journal_write(struct sink_journal *sink, const struct event *ev,
			bool completed);

/** Writes what Windows has a number for, 7024 and 4321 and their kind. */
struct sink_eventlog;
struct sink_eventlog *sink_eventlog_init(TALLOC_CTX *mem_ctx,
					 struct tevent_context *ev);
void sink_eventlog_configure(struct sink_eventlog *sink, const char *log,
			     const char *computer);
void sink_eventlog_write(struct sink_eventlog *sink, const struct event *ev);

void sink_log_init(void);
void sink_log_write(const struct event *ev, bool completed);

#endif /* MESSENGER_SOURCE_SINKS_H */

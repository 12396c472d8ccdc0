/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Samba's own log: events, what is wrong in smb.conf, the trouble of a sink.
 */

#include "sinks.h"

#include "event_sinks.h"
#include "log.h"

#define CHATTER_LEVEL 3

int messenger_debug_class;

void sink_log_init(void)
{
	int class = debug_add_class("messenger");

	messenger_debug_class = (class >= 0) ? class : DBGC_ALL;
}

static int level_of(const struct event *ev)
{
	if (event_is_chatter(ev)) {
		return CHATTER_LEVEL;
	}
	return event_is_loud(ev) ? 0 : 1;
}

bool event_sinks_want_chatter(void)
{
	return CHECK_DEBUGLVL(CHATTER_LEVEL);
}

void sink_log_write(const struct event *ev, bool completed)
{
	char *text = NULL;

	if (!CHECK_DEBUGLVL(level_of(ev))) {
		return;
	}
	text = completed ? event_details_text(NULL, ev)
			 : event_log_text(NULL, ev);
	if (text != NULL) {
		DEBUG(level_of(ev), ("%s", text));
	}
	talloc_free(text);
}

void event_sinks_complain(const struct messenger_config *config)
{
	size_t i;

	for (i = 0; i < talloc_array_length(config->complaints); i++) {
		DBG_ERR("%s\n", config->complaints[i]);
	}
}

void sink_failed(struct sink_trouble *trouble, const char *sink,
		 const char *what, const char *why)
{
	if (!trouble->told) {
		DBG_ERR("%s: cannot %s: %s. Events go on to the other logs; "
			"this one is tried again at each event\n",
			sink, what, why);
	}
	trouble->told = true;
}

void sink_works(struct sink_trouble *trouble, const char *sink)
{
	if (trouble->told) {
		DBG_ERR("%s: works again; what came meanwhile is missing "
			"there\n",
			sink);
	}
	trouble->told = false;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Where events go: Samba's log, a ring in memory, a file of JSON lines.
 */

#ifndef MESSENGER_SOURCE_EVENT_SINKS_H
#define MESSENGER_SOURCE_EVENT_SINKS_H

#include <talloc.h>

#include "config.h"
#include "event.h"

struct event_sinks;

/**
 * @brief Make the sinks; those that smb.conf switches are closed.
 *
 * @param[in] mem_ctx  Their owner.
 *
 * @return The sinks; NULL without memory.
 */
struct event_sinks *event_sinks_init(TALLOC_CTX *mem_ctx);

/** @brief Open, close or reopen what smb.conf switches. */
void event_sinks_configure(struct event_sinks *sinks,
			   const struct messenger_config *config);

/**
 * @brief Number an event and send it to each sink.
 *
 * A sink that fails says so in Samba's log, once until it works again, and
 * does not keep the others from working.
 *
 * @param[in] ev  Belongs to the sinks from here on.
 */
void event_sinks_write(struct event_sinks *sinks, struct event *ev);

/**
 * @brief The last events, oldest first, as text or JSON.
 *
 * @param[in] count  How many at most.
 *
 * @return As in report.h.
 */
char *event_sinks_ring_text(TALLOC_CTX *mem_ctx,
			    const struct event_sinks *sinks, unsigned count);
json_t *event_sinks_ring_json(const struct event_sinks *sinks, unsigned count);

#endif /* MESSENGER_SOURCE_EVENT_SINKS_H */

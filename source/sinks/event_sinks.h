/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Where events go: each is numbered, kept in a ring in memory, and handed to
 * the sinks.
 */

#ifndef MESSENGER_SOURCE_EVENT_SINKS_H
#define MESSENGER_SOURCE_EVENT_SINKS_H

#include <talloc.h>
#include <tevent.h>

#include "event.h"
#include "settings.h"

struct event_sinks;
struct ring_kind;

/**
 * @brief Make the ring and the sinks; those that smb.conf switches are off.
 *
 * @param[in] mem_ctx  Their owner.
 *
 * @return NULL without memory.
 */
struct event_sinks *event_sinks_init(TALLOC_CTX *mem_ctx,
				     struct tevent_context *ev);

/** @brief Say in Samba's log what is wrong in smb.conf. */
void event_sinks_complain(const struct messenger_config *config);

/** @brief Open, close or reopen what smb.conf switches; and complain. */
void event_sinks_configure(struct event_sinks *sinks,
			   const struct messenger_config *config);

/** @brief Is what event_is_chatter() wanted, by "log level = 3"? */
bool event_sinks_want_chatter(void);

/**
 * @brief Number an event and send it to each sink.
 *
 * @param[in] ev  Belongs to the sinks from here on; valid for as long as the
 *                ring has it.
 */
void event_sinks_write(struct event_sinks *sinks, struct event *ev);

/**
 * @brief Send an event to each sink that writes, and not into the ring: what
 *        anybody can cause at will must not push the others out.
 *
 * @param[in] ev  Freed.
 */
void event_sinks_tell(struct event_sinks *sinks, struct event *ev);

/** @brief What tells this run of nmbd from others. */
const char *event_sinks_instance(const struct event_sinks *sinks);

/**
 * @brief Enter what was learnt of the holder into an event that was written.
 *
 * An event that has left the ring since is left alone.
 */
void event_sinks_complete(struct event_sinks *sinks, uint64_t seq,
			  const struct holder *details);

/**
 * @brief The last few: when, and what happened.
 *
 * @return Lines that each end in '\n', owned by mem_ctx; NULL without memory.
 */
char *event_sinks_last_text(TALLOC_CTX *mem_ctx,
			    const struct event_sinks *sinks, unsigned count);

/** The last events, told by ring_report.h; their owner is the sinks. */
extern const struct ring_kind event_sinks_ring;

#endif /* MESSENGER_SOURCE_EVENT_SINKS_H */

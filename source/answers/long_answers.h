/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Answers that are long: made some in a turn of nmbd's loop, and sent when they
 * are whole; or in parts, as they are made, to those who put them together.
 */

#ifndef MESSENGER_SOURCE_ANSWERS_LONG_ANSWERS_H
#define MESSENGER_SOURCE_ANSWERS_LONG_ANSWERS_H

#include <talloc.h>
#include <tevent.h>

#include "event_sinks.h"
#include "netbt.h"
#include "post.h"
#include "samba_private.h"
#include "service.h"

/** What they are made of and how they are sent; all of it outlives them. */
struct answers {
	struct tevent_context *ev;
	struct messaging_context *msg;
	const struct service *service;
	const struct netbt *netbt;
	const struct event_sinks *sinks;
	const struct post *post;
};

/** Who is to have one. */
struct asker {
	struct server_id from;
	bool in_parts;
	/** Somebody in this process instead; NULL without memory. */
	void (*take)(void *private_data, const char *text);
	void *private_data; /* talloc; becomes the answer's */
};

/** How one is made of what `source` holds. */
struct long_kind {
	/** Some more, well below a millisecond; are there more? */
	bool (*go_on)(void *source);

	/**
	 * What is ready, and was not taken so far: owned by mem_ctx, "" if
	 * nothing is, NULL without memory.  NULL: it is whole at the end.
	 */
	char *(*take)(TALLOC_CTX *mem_ctx, void *source);

	/** The rest, when there are no more; likewise. */
	char *(*end)(TALLOC_CTX *mem_ctx, const struct answers *answers,
		     void *source);
};

/**
 * @brief Answer now, if it is short, or before long.
 *
 * @param[in] source  Becomes the answer's; NULL: there was no memory for it.
 */
void long_answer(TALLOC_CTX *mem_ctx, const struct answers *answers,
		 const struct asker *asker, const struct long_kind *kind,
		 void *source);

#endif /* MESSENGER_SOURCE_ANSWERS_LONG_ANSWERS_H */

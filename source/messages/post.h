/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The rule of messages: one to a registered alias is received, any other is
 * refused; and the last ones that were received.  Pure: it learns of messages
 * by calls, and acts by the functions it is given.
 */

#ifndef MESSENGER_SOURCE_POST_H
#define MESSENGER_SOURCE_POST_H

#include <netinet/in.h>

#include "clean.h"
#include "span.h"
#include "message.h"
#include "name.h"
#include "turned_away.h"

/** A message as it arrives; nothing of it is owned. */
struct mail {
	enum message_via via;
	enum clean_charset charset;
	struct span from;
	struct span to; /* the name that was called */
	struct span machine;
	struct span text;
	size_t cut; /* of its text, on the way here */
	char address[INET6_ADDRSTRLEN];
	const struct wire_name *wire; /* that name; NULL: only as in to */
	bool to_all; /* our workgroup, or everybody */
};

struct post_ops {
	/** As service_ops.clock. */
	struct timespec (*clock)(void *private_data, clockid_t clock);

	/** Does the service run? */
	bool (*running)(void *private_data);

	/** The registered alias of this name; NULL: there is none. */
	const char *(*find)(void *private_data, const struct wire_name *wire);

	/** The next registered alias after this one (NULL: the first). */
	const char *(*next)(void *private_data, const char *name);

	/** One was received; m is the ring's. */
	void (*received)(void *private_data, const struct message *m);

	/** Some were refused. */
	void (*refused)(void *private_data,
			const struct turned_away_report *report);

	/** Call post_review() after so many seconds. */
	void (*alarm)(void *private_data, unsigned seconds);
};

struct post;
struct ring_kind;

/**
 * @brief Nothing has come so far.
 *
 * @param[in] ops       Not copied.
 * @param[in] instance  Of this run of nmbd, see docs/json.md; copied.
 *
 * @return NULL without memory.
 */
struct post *post_init(TALLOC_CTX *mem_ctx, const struct post_ops *ops,
		       void *private_data, const char *instance);

/** @brief messenger:broadcast messages */
void post_configure(struct post *post, bool broadcasts);

/**
 * @brief A message has come.
 *
 * @return NULL: it was received; else why it is refused, a constant sentence
 *         without its end.
 */
const char *post_take(struct post *post, const struct mail *mail);

/** @brief One has come that is refused, whomever it is to. */
void post_refuse(struct post *post, const struct mail *mail,
		 const char *reason);

/** @brief Tell what was counted. */
void post_review(struct post *post);

/**
 * The last messages, told by ring_report.h; their owner is the post.  In JSON
 * with "received" and "refused", see docs/json.md.
 */
extern const struct ring_kind post_ring;

#endif /* MESSENGER_SOURCE_POST_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * smbmessenger events --follow.
 */

#ifndef MESSENGER_SOURCE_FOLLOW_H
#define MESSENGER_SOURCE_FOLLOW_H

#include <stdbool.h>

#include <talloc.h>

#include "client.h"

/** What to follow, and how to show it. */
struct follow_options {
	bool json;	/* one object a line, as nmbd gives it */
	unsigned count; /* of past events to begin with */
};

/**
 * @brief Print events as they happen, until the output is closed.
 *
 * Each is printed once, in order; where some are missing a line on stderr says
 * how many.  When nmbd goes away it is waited for.
 *
 * @return Why it did not even begin, or CLIENT_OK when the output is closed.
 */
enum client_error follow_events(TALLOC_CTX *mem_ctx, struct client *client,
				const struct follow_options *options);

#endif /* MESSENGER_SOURCE_FOLLOW_H */

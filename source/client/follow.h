/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * smbmessenger events --follow, and messages likewise.
 */

#ifndef MESSENGER_SOURCE_FOLLOW_H
#define MESSENGER_SOURCE_FOLLOW_H

#include <stdbool.h>

#include <jansson.h>
#include <talloc.h>

#include "client.h"

/** What to follow, where to begin, and who is told. */
struct follow_options {
	const char *what; /* the request, the key, and what they are called */
	unsigned count;	  /* of past ones to begin with */
	/* begin behind this one instead; instance NULL: nothing is known */
	const char *instance;
	json_int_t seq;
	/* NULL: all of them */
	bool (*wanted)(void *private_data, const json_t *one);
	void (*print)(void *private_data, const json_t *one);
	/* NULL, or: nmbd was restarted, before the first of its new run */
	void (*new_run)(void *private_data, const char *instance);
	/*
	 * Between two looks, at least every quarter of a second; instance and
	 * seq as above.  NULL: the output is watched, and its end is ours.
	 *
	 * Returns whether to go on.
	 */
	bool (*idle)(void *private_data, const char *instance, json_int_t seq,
		     int msec);
	void *private_data;
};

/**
 * @brief Print what happens as it happens, until the output is closed.
 *
 * Each is printed once, in order; where some are missing a line on stderr says
 * how many.  When nmbd goes away it is waited for.
 *
 * @return Why it did not even begin, or CLIENT_OK when the output is closed.
 */
enum client_error follow(TALLOC_CTX *mem_ctx, struct client *client,
			 const struct follow_options *options);

/**
 * @brief Follow events.
 *
 * @param[in] json   One object a line, as nmbd gives it.
 * @param[in] count  Of past events to begin with.
 */
enum client_error follow_events(TALLOC_CTX *mem_ctx, struct client *client,
				bool json, unsigned count);

#endif /* MESSENGER_SOURCE_FOLLOW_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Who has a session on this machine, by systemd-logind.
 */

#ifndef MESSENGER_SOURCE_LOGONS_H
#define MESSENGER_SOURCE_LOGONS_H

#include <talloc.h>
#include <tevent.h>

#include "settings.h"

struct logons;

/**
 * @brief Watch the sessions, for as long as the result lives.
 *
 * Without logind a line in the log says so, and it is looked for again every
 * few seconds.
 *
 * @param[in] mem_ctx  Owner of the result; freeing it ends the watch.
 * @param[in] ignore   Users to leave out, ended by NULL; copied.
 * @param[in] changed  Called with the whole list, each name once, ended by
 *                     NULL; the first time from the event loop.
 *
 * @return NULL without memory.
 */
struct logons *logons_watch(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
			    char **ignore,
			    void (*changed)(void *private_data,
					    const char *const *users),
			    void *private_data);

/**
 * @brief Follow messenger:user aliases: watch anew, or end the watch.
 *
 * @param[in,out] logons  NULL: nobody is watched; changed() is called with an
 *                        empty list when the watch ends.
 */
void logons_configure(TALLOC_CTX *mem_ctx, struct logons **logons,
		      struct tevent_context *ev,
		      const struct messenger_config *config,
		      void (*changed)(void *private_data,
				      const char *const *users),
		      void *private_data);

#endif /* MESSENGER_SOURCE_LOGONS_H */

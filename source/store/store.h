/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Aliases added by request, kept over a restart of nmbd.
 */

#ifndef MESSENGER_SOURCE_STORE_H
#define MESSENGER_SOURCE_STORE_H

#include <stdbool.h>

#include <talloc.h>
#include <tevent.h>

struct store;

/**
 * @brief A store in a file, which is opened for each use.
 *
 * A damaged file is set aside then, and one that is not there is made.  No
 * function here waits for another process that has the file locked.  What goes
 * wrong is said in Samba's log, in one line.
 *
 * @param[in] mem_ctx  Owner of the result.
 * @param[in] ev       To try again to read what is locked.
 * @param[in] path     The file; a damaged one becomes PATH.damaged.
 *
 * @return The store; NULL without memory.
 */
struct store *store_open(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
			 const char *path);

/**
 * @brief Follow messenger:store: use messenger.tdb in Samba's state directory,
 *        or do not.
 *
 * @param[in,out] store  NULL: nothing is kept, which store_add() and
 *                       store_delete() take for done.
 */
void store_configure(TALLOC_CTX *mem_ctx, struct store **store,
		     struct tevent_context *ev, bool wanted);

/**
 * @brief Keep a name.  On return it survives the end of this process.
 *
 * @return 0, or the errno of why it is not kept; a line in the log says so.
 *         EBUSY: somebody else has the file locked, and it is to be tried
 *         again.
 */
int store_add(struct store *store, const char *name);

/**
 * @brief Forget a name.  On return it does not come back.
 *
 * @return 0, or the errno of why it is still kept, likewise.
 */
int store_delete(struct store *store, const char *name);

/**
 * @brief Call fn for each name that is kept, in no order.
 *
 * Before it returns; or, if somebody else has the file locked, from the event
 * loop as soon as nobody has.
 *
 * @param[in] fn  Returns whether it could use the name; one it cannot use is
 *                left in the store and said in the log.
 */
void store_traverse(struct store *store,
		    bool (*fn)(void *private_data, const char *name),
		    void *private_data);

#endif /* MESSENGER_SOURCE_STORE_H */

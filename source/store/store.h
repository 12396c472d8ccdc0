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
 * @brief A store in a file, which stays open.
 *
 * A damaged file is set aside when it is opened, and one that is not there is
 * made.  One that is another file at its next use is opened anew.  No function
 * here waits for another process that has the file locked.  What goes
 * wrong is said in Samba's log, in one line.
 *
 * @param[in] mem_ctx  Owner of the result.
 * @param[in] ev       To try again to read what is locked, and to hear of what
 *                     is written.
 * @param[in] path     The file; a damaged one becomes PATH.damaged.
 * @param[in] written  See store_change().
 *
 * @return The store; NULL without memory.
 */
struct store *store_open(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
			 const char *path, void (*written)(void *private_data),
			 void *private_data);

/**
 * @brief Follow messenger:store: use messenger.tdb in Samba's state directory,
 *        or do not.
 *
 * @param[in,out] store  NULL: nothing is kept, which store_change() takes for
 *                       done.
 */
void store_configure(TALLOC_CTX *mem_ctx, struct store **store,
		     struct tevent_context *ev, bool wanted,
		     void (*written)(void *private_data), void *private_data);

/**
 * @brief Keep a name, or forget it.
 *
 * It is written by a thread.  Changes are made in the order in which they were
 * asked for first.
 *
 * @return EINPROGRESS: written() is called when it is done; ask again then.  0:
 *         so it is, and survives the end of this process.  Else the errno of
 *         why not, and a line in the log says so; EBUSY: somebody else has the
 *         file locked, and to ask again is another try.
 */
int store_change(struct store *store, const char *name, bool kept);

/** @brief The same, for who does not ask again. */
void store_note(struct store *store, const char *name, bool kept);

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

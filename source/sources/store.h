/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Aliases added by request, kept over a restart of nmbd.
 */

#ifndef MESSENGER_SOURCE_STORE_H
#define MESSENGER_SOURCE_STORE_H

#include <stdbool.h>

#include <talloc.h>

struct store;

/**
 * @brief Open the store, or make one; set a damaged one aside.
 *
 * What goes wrong is said in Samba's log, in one line.
 *
 * @param[in] mem_ctx  Owner of the result.
 * @param[in] path     The file; a damaged one becomes PATH.damaged.
 *
 * @return The store; NULL without memory. One that cannot be opened is opened
 *         again when it is to be changed.
 */
struct store *store_open(TALLOC_CTX *mem_ctx, const char *path);

/**
 * @brief Follow messenger:store: open messenger.tdb in Samba's state
 *        directory, or close it.
 *
 * @param[in,out] store  NULL: nothing is kept, which store_add() and
 *                       store_delete() take for done.
 */
void store_configure(TALLOC_CTX *mem_ctx, struct store **store, bool wanted);

/**
 * @brief Keep a name.  On return it survives the end of this process.
 *
 * @return 0, or the errno of why it is not kept; a line in the log says so.
 *         EBUSY: somebody else has the file locked.
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
 * @param[in] fn  Returns whether it could use the name; one it cannot use is
 *                left in the store and said in the log.
 */
void store_traverse(struct store *store,
		    bool (*fn)(void *private_data, const char *name),
		    void *private_data);

#endif /* MESSENGER_SOURCE_STORE_H */

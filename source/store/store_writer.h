/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Changes of the store, written by a thread: nmbd does not wait for a disk.
 */

#ifndef MESSENGER_SOURCE_STORE_WRITER_H
#define MESSENGER_SOURCE_STORE_WRITER_H

#include <stdbool.h>

#include <talloc.h>
#include <tevent.h>

struct store_file;
struct store_writer;

/**
 * @brief A writer that has nothing to do.
 *
 * There is a thread only while it has.  Freed, it leaves what is under way to
 * the thread, which has the file locked until it is through.
 *
 * @param[in] mem_ctx  Its owner.
 * @param[in] file     Whose path it is, and what is known of it: used between
 *                     its uses by others, and lives as long.
 * @param[in] written  Called from the event loop when changes are done.
 *
 * @return NULL without memory.
 */
struct store_writer *store_writer_create(TALLOC_CTX *mem_ctx,
					 struct tevent_context *ev,
					 struct store_file *file,
					 void (*written)(void *private_data),
					 void *private_data);

/**
 * @brief Keep a name, or forget it, after all that was asked before.
 *
 * @return EINPROGRESS: it is on its way, and written() comes; ask again then,
 *         for the same, to learn: 0, or the errno of why not.  EBUSY: another
 *         process had the file locked, and to ask again is another try.
 */
int store_writer_change(struct store_writer *writer, const char *name,
			bool kept);

#endif /* MESSENGER_SOURCE_STORE_WRITER_H */

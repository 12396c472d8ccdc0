/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Changes of the store, written by a thread: nmbd does not wait for a disk.
 * The file is the writer's, which lends it to the thread.
 */

#ifndef MESSENGER_SOURCE_STORE_WRITER_H
#define MESSENGER_SOURCE_STORE_WRITER_H

#include <stdbool.h>

#include <talloc.h>
#include <tevent.h>

struct store_file;
struct store_writer;

/**
 * @brief A writer that has nothing to do; its file is not open.
 *
 * There is a thread only while it has.  Freed, it leaves what is under way to
 * the thread, and the file with it, until a writer uses one again.
 *
 * @param[in] mem_ctx  Its owner.
 * @param[in] path     Its file.
 * @param[in] written  Called from the event loop when changes are done.
 *
 * @return NULL without memory.
 */
struct store_writer *store_writer_create(TALLOC_CTX *mem_ctx,
					 struct tevent_context *ev,
					 const char *path,
					 void (*written)(void *private_data),
					 void *private_data);

/**
 * @brief Use the file; changes wait as long.
 *
 * @return The file, to be given back before the event loop goes on.  NULL: a
 *         thread has it.
 */
struct store_file *store_writer_borrow(struct store_writer *writer);

/** @brief Leave the file, and write what it has said into Samba's log. */
void store_writer_give_back(struct store_writer *writer);

/**
 * @brief Keep a name, or forget it, after all that was asked before.
 *
 * @return EINPROGRESS: it is on its way, and written() comes; ask again then,
 *         for the same, to learn: 0, or the errno of why not.  EBUSY: another
 *         process had the file locked, and to ask again is another try.
 */
int store_writer_change(struct store_writer *writer, const char *name,
			bool kept);

/**
 * @brief The same, and nobody asks what has become of it: what goes wrong is
 *        said in the log.
 */
void store_writer_note(struct store_writer *writer, const char *name,
		       bool kept);

#endif /* MESSENGER_SOURCE_STORE_WRITER_H */

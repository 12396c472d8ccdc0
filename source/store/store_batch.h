/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Changes of the store that a thread works through, without nmbd's waiting.
 */

#ifndef MESSENGER_SOURCE_STORE_BATCH_H
#define MESSENGER_SOURCE_STORE_BATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "store_records.h"

struct store_file;

/** Changes in a batch: the file is locked for that long. */
#define STORE_BATCH_MAX 64

/** The caller's, until store_batch_run() and from when it is over. */
struct store_batch {
	int fd; /* can be read when it is over: see store_batch_is_over() */
	struct store_file *file;
	size_t num;
	struct {
		bool kept;
		int err;
		char name[STORE_NAME_MAX + 1];
	} changes[STORE_BATCH_MAX];
};

/** @brief A batch without changes, for this file; NULL without memory. */
struct store_batch *store_batch_create(struct store_file *file);

/** @brief Let a thread make the changes, in their order. */
void store_batch_run(struct store_batch *batch);

/**
 * @brief What to do when its descriptor can be read.
 *
 * If the file has to be opened for the changes that is done here, and they are
 * begun again.
 *
 * @return Whether each change has its err: 0, or the errno of why it was not
 *         made.
 */
bool store_batch_is_over(struct store_batch *batch);

/** @brief Free one that a thread has not, and nothing of its file. */
void store_batch_free(struct store_batch *batch);

/** @brief Leave it to its thread, and its file with it. */
void store_batch_leave(struct store_batch *batch);

/**
 * @brief Close the files of those that were left to their threads and are over.
 *
 * @return Whether no thread has one any more.
 */
bool store_batch_clear_up(void);

#endif /* MESSENGER_SOURCE_STORE_BATCH_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The file of the store: a tdb that is had or not had, without waiting for
 * whoever has it.  All of it but the log may be done by a thread: nothing here is
 * talloc's or tevent's.
 */

#ifndef MESSENGER_SOURCE_STORE_FILE_H
#define MESSENGER_SOURCE_STORE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "messenger.h"

struct tdb_context;

/** 15 bytes in the DOS charset may be more in the UNIX charset. */
#define STORE_NAME_MAX (4 * MESSENGER_NAME_LEN)

/** Bytes of a path, its NUL included. */
#define STORE_PATH_MAX 4096

struct store_file {
	const char *path; /* the caller's */
	bool checked;	  /* what is in it, once */
	bool locked;	  /* by somebody else, which was said */
	/* while it is in use */
	struct tdb_context *tdb;
	int lock; /* a descriptor of it, which has the lock; -1: none */
	/* lines for Samba's log, each ended: see store_file_log() */
	char said[1024];
};

/**
 * @brief Open it for reading and changing; set a damaged one aside, and make
 *        one if there is none.
 *
 * What goes wrong is said in one line.  To be ended by store_file_close(),
 * whatever it returns.
 *
 * @return 0, or the errno of why not; EBUSY: another process has it locked,
 *         which is said once until it was not.
 */
int store_file_open(struct store_file *file);

/**
 * @brief Keep a name, or forget it, in the file that is open.
 *
 * @return 0, or the errno of why it is as it was; a line says so.
 */
int store_file_change(struct store_file *file, const char *name, bool kept);

/**
 * @brief Call fn for each name, in no order.
 *
 * @param[in] fn  Returns whether it could use the name; one that it cannot use
 *                is left in the file, and a line says so.
 */
void store_file_traverse(struct store_file *file,
			 bool (*fn)(void *private_data, const char *name),
			 void *private_data);

/** @brief Let others have it. */
void store_file_close(struct store_file *file);

/** @brief Write what was said into Samba's log; not from a thread. */
void store_file_log(struct store_file *file);

#endif /* MESSENGER_SOURCE_STORE_FILE_H */

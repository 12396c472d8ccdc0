/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The file of the store: a tdb that is had or not had, without waiting.
 */

#ifndef MESSENGER_SOURCE_STORE_FILE_H
#define MESSENGER_SOURCE_STORE_FILE_H

#include <stdbool.h>

struct tdb_context;

struct store_file {
	const char *path; /* talloced */
	bool checked;	  /* what is in it, once */
	bool locked;	  /* by somebody else, which was said */
	/* while it is in use */
	struct tdb_context *tdb;
	int lock; /* a descriptor of it, which has the lock; -1: none */
};

/**
 * @brief Open it for reading and changing; set a damaged one aside, and make
 *        one if there is none.
 *
 * What goes wrong is said in Samba's log, in one line.  To be ended by
 * store_file_close(), whatever it returns.
 *
 * @return 0, or the errno of why not; EBUSY: another process has it locked,
 *         which is said once until it was not.
 */
int store_file_open(struct store_file *file);

/** @brief Let others have it. */
void store_file_close(struct store_file *file);

#endif /* MESSENGER_SOURCE_STORE_FILE_H */

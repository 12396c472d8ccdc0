/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The file of the store: a tdb that is had or not had, without waiting for
 * whoever has it.
 *
 * nmbd's own thread opens and closes it.  Whoever has taken it uses it, which
 * may be another thread: nothing there is talloc's, tevent's or of Samba's log.
 */

#ifndef MESSENGER_SOURCE_STORE_FILE_H
#define MESSENGER_SOURCE_STORE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct tdb_context;

/** Bytes of a path, its NUL included. */
#define STORE_PATH_MAX 4096

/** Bytes of a tdb's header that tdb reads when it opens one, and not again. */
#define STORE_HEAD_LEN 68

struct store_file {
	char path[STORE_PATH_MAX];
	bool locked; /* by somebody else, which was said */
	bool taken;  /* locked by us */
	/* while it is open */
	struct tdb_context *tdb;
	int lock;   /* another descriptor of it, for our lock; -1: none */
	off_t size; /* as it was when it was last taken */
	uint8_t head[STORE_HEAD_LEN];
	/* lines for Samba's log, each ended: see store_file_log() */
	char said[1024];
};

/** @brief A file, not open, from malloc(); NULL without memory. */
struct store_file *store_file_create(const char *path);

/** @brief Close it, and free it.  Of nmbd's own thread. */
void store_file_free(struct store_file *file);

/**
 * @brief Open it, as it is at its path now, and take it; set a damaged one
 *        aside, and make one if there is none.  Of nmbd's own thread.
 *
 * What goes wrong is said in one line.
 *
 * @return 0, to be ended by store_file_leave(), or the errno of why not;
 *         EBUSY: another process has it locked, which is said once until it
 *         was not.
 */
int store_file_open(struct store_file *file);

/**
 * @brief Take it, for reading and changing, if nobody else has it.
 *
 * @return 0, also if it is taken already, to be ended by store_file_leave().
 *         EBUSY: as store_file_open().  ESTALE: it is to be opened first, or
 *         anew, as another file is at its path or another tdb in it.
 */
int store_file_take(struct store_file *file);

/** @brief Let others have it. */
void store_file_leave(struct store_file *file);

/** @brief Say a line; one that there is no room for is left out. */
__attribute__((format(printf, 2, 3))) void store_file_say(
	struct store_file *file, const char *fmt, ...);

/** @brief Write what was said into Samba's log.  Of nmbd's own thread. */
void store_file_log(struct store_file *file);

#endif /* MESSENGER_SOURCE_STORE_FILE_H */

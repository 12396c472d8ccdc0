/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The file of the store, open from its first use on.
 *
 * Somebody who reads or changes it with a tool has parts of it locked, and tdb
 * waits for locks: when it opens a file, when it checks or traverses one, and
 * when it commits.  nmbd must not.  So one lock of our own, which excludes all
 * of tdb's, is taken or not taken; only under it the file is used, without
 * tdb's own.
 *
 * tdb has a list of the files that a process has open, without a lock: so only
 * nmbd's own thread, which opens others, opens and closes it.  What tdb knows
 * of a file that it has open is its header and how long it is, no more: what
 * another process has changed in the meantime is read, and what one that was
 * killed has left half done is undone, when a transaction or a traverse begins.
 * A file that is no longer the one at its path, that became shorter, or that
 * has another header, is opened anew.
 */

#include "store_file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <tdb.h>

#include "samba_private.h"

/* Of a tdb's header (lib/tdb/common/tdb_private.h) */
#define RECOVERY_START 44
#define MAGIC1_HASH    52

void store_file_say(struct store_file *file, const char *fmt, ...)
{
	size_t len = strlen(file->said);
	va_list ap;
	int more;

	va_start(ap, fmt);
	more = vsnprintf(file->said + len, sizeof(file->said) - len, fmt, ap);
	va_end(ap);
	if (more < 0 || (size_t)more >= sizeof(file->said) - len) {
		file->said[len] = '\0';
	}
}

struct store_file *store_file_create(const char *path)
{
	struct store_file *file = NULL;

	if (strlen(path) >= sizeof(file->path)) {
		return NULL;
	}
	file = calloc(1, sizeof(*file));
	if (file != NULL) {
		memcpy(file->path, path, strlen(path));
		file->lock = -1;
	}
	return file;
}

/*
 * Whole, and at once or not at all.  It is of the open file and not of the
 * process: tdb's descriptors of the same file may be closed under it.
 */
static int set_lock(struct store_file *file, short type)
{
	struct flock whole = { .l_type = type, .l_whence = SEEK_SET };

	if (fcntl(file->lock, F_OFD_SETLK, &whole) == 0) {
		file->taken = (type == F_WRLCK);
		return 0;
	}
	return (errno == EAGAIN || errno == EACCES) ? EBUSY : errno;
}

/* A child that nmbd has forked may have the descriptor: it is not enough to
 * close it. */
static void unlock(struct store_file *file)
{
	if (file->taken) {
		(void)set_lock(file, F_UNLCK);
	}
	file->taken = false;
}

static void close_file(struct store_file *file)
{
	if (file->tdb != NULL) {
		tdb_close(file->tdb);
		file->tdb = NULL;
	}
	unlock(file);
	if (file->lock != -1) {
		close(file->lock);
		file->lock = -1;
	}
}

void store_file_free(struct store_file *file)
{
	close_file(file);
	free(file);
}

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Is what is open still what is there by this name? */
static bool is_there(const char *path, const struct stat *open_file)
{
	struct stat st;

	return stat(path, &st) == 0 && is_same(&st, open_file);
}

/* What tdb remembers of it; the rest of the header changes as it is used. */
static bool read_head(const struct store_file *file, uint8_t *head)
{
	if (pread(file->lock, head, STORE_HEAD_LEN, 0) != STORE_HEAD_LEN) {
		return false;
	}
	memset(head + RECOVERY_START, 0, MAGIC1_HASH - RECOVERY_START);
	return true;
}

/*
 * Is it as tdb has it open?  It may be longer.  With a shorter one to touch
 * what tdb has mapped of it could be the end of nmbd.
 */
static bool is_as_opened(const struct store_file *file)
{
	uint8_t head[STORE_HEAD_LEN];
	struct stat st;

	return fstat(file->lock, &st) == 0 && is_there(file->path, &st) &&
	       st.st_size >= file->size && read_head(file, head) &&
	       memcmp(head, file->head, sizeof(head)) == 0;
}

/*
 * The file as it is, or a new one, locked and open.  Returns 0, or the errno
 * of why not: EBUSY if another process has it locked.  *bad: we have it, and
 * what is in it cannot be used.
 */
static int open_locked(struct store_file *file, bool *bad)
{
	struct stat st;
	struct stat opened;
	int err;

	/* nothing that opens is waited for: it may be a pipe */
	file->lock = open(file->path,
			  O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
			  0640);
	if (file->lock == -1 || fstat(file->lock, &st) != 0) {
		return errno;
	}
	if (!S_ISREG(st.st_mode)) {
		return EINVAL;
	}
	err = set_lock(file, F_WRLCK);
	if (err != 0) {
		return err;
	}
	if (fstat(file->lock, &st) != 0 || !is_there(file->path, &st)) {
		return EBUSY; /* it was replaced meanwhile */
	}
	*bad = true;
	/* with O_CREAT, tdb would make a new file of one that is none */
	errno = 0;
	file->tdb = tdb_open(file->path, 0, TDB_NOLOCK | TDB_NOSYNC,
			     O_RDWR | ((st.st_size == 0) ? O_CREAT : 0), 0640);
	if (file->tdb == NULL) {
		/* a file that is too short is no error of the system's */
		return (errno != 0) ? errno : EIO;
	}
	if (tdb_check(file->tdb, NULL, NULL) != 0 ||
	    !read_head(file, file->head)) {
		return EIO;
	}
	*bad = false;
	/* it has no lock of its own: it must be the file that we have locked */
	if (fstat(tdb_fd(file->tdb), &opened) != 0 || !is_same(&st, &opened)) {
		return EBUSY;
	}
	file->size = opened.st_size;
	return 0;
}

/* Out of the way, but not away: it may be of use to somebody. */
static bool set_aside(struct store_file *file, int why)
{
	char aside[STORE_PATH_MAX];
	char buf[128];
	char reason[128];
	int len = snprintf(aside, sizeof(aside), "%s.damaged", file->path);

	(void)snprintf(reason, sizeof(reason), "%s",
		       strerror_r(why, buf, sizeof(buf)));
	if (len < 0 || (size_t)len >= sizeof(aside) ||
	    rename(file->path, aside) != 0) {
		store_file_say(
			file,
			"messenger:store: %s is damaged (%s) and cannot be set "
			"aside: %s. Aliases added by request do not survive a "
			"restart\n",
			file->path, reason,
			strerror_r(errno, buf, sizeof(buf)));
		return false;
	}
	store_file_say(
		file,
		"messenger:store: %s was damaged (%s): it is now %s; aliases "
		"added by request have to be added again\n",
		file->path, reason, aside);
	return true;
}

/* An error of the file's contents, not of the machine? */
static bool is_damage(int err)
{
	return err != EACCES && err != EPERM && err != EROFS && err != ENOSPC &&
	       err != EMFILE && err != ENFILE && err != ENOMEM;
}

static void say_locked(struct store_file *file)
{
	if (!file->locked) {
		store_file_say(
			file,
			"messenger:store: another process has %s locked: it is "
			"tried again\n",
			file->path);
	}
	file->locked = true;
}

int store_file_open(struct store_file *file)
{
	char buf[128];
	bool bad = false;
	bool aside;
	int err;

	close_file(file);
	err = open_locked(file, &bad);
	if (err != 0 && err != EBUSY && bad && is_damage(err)) {
		aside = set_aside(file, err);
		close_file(file);
		if (!aside) {
			return err;
		}
		err = open_locked(file, &bad);
	}
	if (err == EBUSY) {
		say_locked(file);
	} else if (err != 0) {
		store_file_say(
			file,
			"messenger:store: cannot open %s: %s. Aliases added by "
			"request do not survive a restart\n",
			file->path, strerror_r(err, buf, sizeof(buf)));
	}
	file->locked = (err == EBUSY);
	if (err != 0) {
		close_file(file);
	}
	return err;
}

int store_file_take(struct store_file *file)
{
	int err;

	if (file->taken) {
		return 0;
	}
	/* who has a file locked that is there no more is nobody's business */
	if (file->tdb == NULL || !is_as_opened(file)) {
		return ESTALE;
	}
	err = set_lock(file, F_WRLCK);
	if (err == EBUSY) {
		say_locked(file);
		return err;
	}
	if (err != 0 || !is_as_opened(file)) {
		unlock(file);
		return ESTALE;
	}
	file->locked = false;
	return 0;
}

void store_file_leave(struct store_file *file)
{
	struct stat st;

	if (file->taken && fstat(file->lock, &st) == 0) {
		file->size = st.st_size;
	}
	unlock(file);
}

void store_file_log(struct store_file *file)
{
	const char *line = file->said;

	while (*line != '\0') {
		int len = (int)strcspn(line, "\n");

		DBG_ERR("%.*s\n", len, line);
		line += len + 1;
	}
	file->said[0] = '\0';
}

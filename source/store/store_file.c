/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The file of the store, opened for each use.
 *
 * Somebody who reads or changes it with a tool has parts of it locked, and tdb
 * waits for locks: when it opens a file, when it checks or traverses one, and
 * when it commits.  nmbd must not.  So one lock of our own, which excludes all
 * of tdb's, is taken or not taken; under it the file is opened, used and closed
 * without tdb's own.
 */

#include "store_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <talloc.h>
#include <tdb.h>

#include "messenger.h"
#include "samba_private.h"

void store_file_close(struct store_file *file)
{
	if (file->tdb != NULL) {
		tdb_close(file->tdb);
		file->tdb = NULL;
	}
	if (file->lock != -1) {
		close(file->lock);
		file->lock = -1;
	}
}

/*
 * Whole, and at once or not at all.  It is of the open file and not of the
 * process: tdb's descriptors of the same file may be closed under it.
 */
static int lock_file(int fd)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	if (fcntl(fd, F_OFD_SETLK, &whole) == 0) {
		return 0;
	}
	return (errno == EAGAIN || errno == EACCES) ? EBUSY : errno;
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
	err = lock_file(file->lock);
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
	if (!file->checked && tdb_check(file->tdb, NULL, NULL) != 0) {
		return EIO;
	}
	*bad = false;
	/* it has no lock of its own: it must be the file that we have locked */
	return (fstat(tdb_fd(file->tdb), &opened) == 0 && is_same(&st, &opened))
		       ? 0
		       : EBUSY;
}

/* Out of the way, but not away: it may be of use to somebody. */
static bool set_aside(struct store_file *file, const char *why)
{
	char *aside = talloc_asprintf(file->path, "%s.damaged", file->path);

	if (aside == NULL || rename(file->path, aside) != 0) {
		DBG_ERR("messenger:store: %s is damaged (%s) and cannot be "
			"set aside: %s. Aliases added by request do not "
			"survive a restart\n",
			file->path, why, strerror(errno));
		return false;
	}
	DBG_ERR("messenger:store: %s was damaged (%s): it is now %s; aliases "
		"added by request have to be added again\n",
		file->path, why, aside);
	talloc_free(aside);
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
		DBG_ERR("messenger:store: another process has %s locked: it "
			"is tried again\n",
			file->path);
	}
	file->locked = true;
}

int store_file_open(struct store_file *file)
{
	bool bad = false;
	int err = open_locked(file, &bad);

	if (err == EBUSY) {
		say_locked(file);
		return err;
	}
	file->locked = false;
	if (err != 0 && bad && is_damage(err)) {
		if (!set_aside(file, strerror(err))) {
			return err;
		}
		store_file_close(file);
		err = open_locked(file, &bad);
	}
	if (err != 0) {
		DBG_ERR("messenger:store: cannot open %s: %s. Aliases added "
			"by request do not survive a restart\n",
			file->path, strerror(err));
		return err;
	}
	file->checked = true;
	return 0;
}

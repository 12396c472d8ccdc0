/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The file of the store, opened for each use.
 *
 * A record is a name and nothing else: key "alias/NAME" in the UNIX charset,
 * value one byte, the version of the record.  Each change is a transaction:
 * a process that dies in the middle of one leaves the state before it.  The
 * file is not synced to the disk: after a loss of power the last changes may be
 * missing.
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
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <tdb.h>

#include "samba_private.h"

static const char prefix[] = "alias/";
#define PREFIX_LEN (sizeof(prefix) - 1)

/* What a tdb of this size grows by, and a transaction's copy of it. */
#define GROWTH 65536

#define RECORD_VERSION 1

/* A line; one that there is no room for is left out. */
__attribute__((format(printf, 2, 3))) static void
say(struct store_file *file, const char *fmt, ...)
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

static const char *words_of(int err, char *buf, size_t size)
{
	return strerror_r(err, buf, size);
}

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
static bool set_aside(struct store_file *file, int why)
{
	char aside[STORE_PATH_MAX];
	char buf[128];
	char reason[128];
	int len = snprintf(aside, sizeof(aside), "%s.damaged", file->path);

	(void)snprintf(reason, sizeof(reason), "%s",
		       words_of(why, buf, sizeof(buf)));
	if (len < 0 || (size_t)len >= sizeof(aside) ||
	    rename(file->path, aside) != 0) {
		say(file,
		    "messenger:store: %s is damaged (%s) and cannot be set "
		    "aside: %s. Aliases added by request do not survive a "
		    "restart\n",
		    file->path, reason, words_of(errno, buf, sizeof(buf)));
		return false;
	}
	say(file,
	    "messenger:store: %s was damaged (%s): it is now %s; aliases added "
	    "by request have to be added again\n",
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
		say(file,
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
	int err = open_locked(file, &bad);

	if (err == EBUSY) {
		say_locked(file);
		return err;
	}
	file->locked = false;
	if (err != 0 && bad && is_damage(err)) {
		if (!set_aside(file, err)) {
			return err;
		}
		store_file_close(file);
		err = open_locked(file, &bad);
	}
	if (err != 0) {
		say(file,
		    "messenger:store: cannot open %s: %s. Aliases added by "
		    "request do not survive a restart\n",
		    file->path, words_of(err, buf, sizeof(buf)));
		return err;
	}
	file->checked = true;
	return 0;
}

/* The key for a name, in *buf; false: it is too long to be one. */
static bool make_key(TDB_DATA *key, char *buf, size_t size, const char *name)
{
	int len = snprintf(buf, size, "%s%s", prefix, name);

	key->dptr = (unsigned char *)buf;
	key->dsize = (size_t)len;
	return len > 0 && (size_t)len < size;
}

/* The errno of what tdb could not do. */
static int errno_of(struct store_file *file, int err)
{
	struct statvfs fs;

	switch (tdb_error(file->tdb)) {
	case TDB_ERR_RDONLY:
		return EROFS;
	case TDB_ERR_OOM:
		return ENOMEM;
	case TDB_ERR_LOCK:
	case TDB_ERR_LOCK_TIMEOUT:
		return EBUSY;
	default:
		break;
	}
	/* what tdb says in its log comes between the failure and here */
	/* tdb says no more than "IO Error" when it finds no room to grow */
	if (err == 0 && statvfs(file->path, &fs) == 0 &&
	    fs.f_bavail * fs.f_frsize < GROWTH) {
		return ENOSPC;
	}
	return (err != 0) ? err : EIO;
}

int store_file_change(struct store_file *file, const char *name, bool kept)
{
	unsigned char version = RECORD_VERSION;
	TDB_DATA value = { .dptr = &version, .dsize = sizeof(version) };
	char key_buf[PREFIX_LEN + STORE_NAME_MAX + 1];
	char buf[128];
	TDB_DATA key;
	int ret;
	int err;

	errno = 0;
	if (!make_key(&key, key_buf, sizeof(key_buf), name) ||
	    tdb_transaction_start(file->tdb) != 0) {
		goto failed;
	}
	ret = kept ? tdb_store(file->tdb, key, value, TDB_REPLACE)
		   : tdb_delete(file->tdb, key);
	if (ret != 0 && tdb_error(file->tdb) != TDB_ERR_NOEXIST) {
		err = errno;
		(void)tdb_transaction_cancel(file->tdb);
		errno = err;
		goto failed;
	}
	/* a failed commit has cancelled itself */
	if (tdb_transaction_commit(file->tdb) == 0) {
		return 0;
	}
failed:
	err = errno_of(file, errno);
	say(file, "messenger:store: cannot %s %s in %s: %s\n",
	    kept ? "keep" : "forget", name, file->path,
	    words_of(err, buf, sizeof(buf)));
	return err;
}

static bool read_record(TDB_DATA key, TDB_DATA value, char *name, size_t size)
{
	size_t len;

	if (key.dsize <= PREFIX_LEN || key.dsize - PREFIX_LEN >= size ||
	    memcmp(key.dptr, prefix, PREFIX_LEN) != 0 || value.dsize != 1 ||
	    value.dptr[0] != RECORD_VERSION) {
		return false;
	}
	len = key.dsize - PREFIX_LEN;
	if (memchr(key.dptr + PREFIX_LEN, '\0', len) != NULL) {
		return false;
	}
	memcpy(name, key.dptr + PREFIX_LEN, len);
	name[len] = '\0';
	return true;
}

struct traversal {
	bool (*fn)(void *private_data, const char *name);
	void *private_data;
	unsigned left_out;
};

static int traverse_one(struct tdb_context *tdb, TDB_DATA key, TDB_DATA value,
			void *private_data)
{
	struct traversal *t = private_data;
	char name[STORE_NAME_MAX + 1];

	if (!read_record(key, value, name, sizeof(name)) ||
	    !t->fn(t->private_data, name)) {
		t->left_out++;
	}
	return 0;
}

void store_file_traverse(struct store_file *file,
			 bool (*fn)(void *private_data, const char *name),
			 void *private_data)
{
	struct traversal t = { .fn = fn, .private_data = private_data };

	(void)tdb_traverse_read(file->tdb, traverse_one, &t);
	if (t.left_out > 0) {
		say(file,
		    "messenger:store: %u record%s of %s %s no alias: left "
		    "out\n",
		    t.left_out, (t.left_out == 1) ? "" : "s", file->path,
		    (t.left_out == 1) ? "is" : "are");
	}
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

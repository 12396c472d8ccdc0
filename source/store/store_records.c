/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The records of the store.
 *
 * A record is a name and nothing else: key "alias/NAME" in the UNIX charset,
 * value one byte, the version of the record.  Each change is a transaction:
 * a process that dies in the middle of one leaves the state before it.  The
 * file is not synced to the disk: after a loss of power the last changes may be
 * missing.
 */

#include "store_records.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <tdb.h>

#include "store_file.h"

static const char prefix[] = "alias/";
#define PREFIX_LEN (sizeof(prefix) - 1)

/* What a tdb of this size grows by, and a transaction's copy of it. */
#define GROWTH 65536

#define RECORD_VERSION 1

/* The key for a name, in *buf; false: it is too long to be one. */
static bool make_key(TDB_DATA *key, char *buf, size_t size, const char *name)
{
	int len = snprintf(buf, size, "%s%s", prefix, name);

	key->dptr = (unsigned char *)buf;
	key->dsize = (size_t)len;
	return len > 0 && (size_t)len < size;
}

/*
 * The errno of what tdb could not do.  Its own numbers are left: one may be of
 * an earlier failure.
 */
static int errno_of(struct store_file *file, int err)
{
	struct statvfs fs;

	/* tdb says no more than "IO Error" when it finds no room to grow */
	if (err == 0 && statvfs(file->path, &fs) == 0 &&
	    fs.f_bavail * fs.f_frsize < GROWTH) {
		return ENOSPC;
	}
	return (err != 0) ? err : EIO;
}

static int commit_one(struct tdb_context *tdb, TDB_DATA key, TDB_DATA value,
		      void *private_data)
{
	int *ret = private_data;

	*ret = tdb_transaction_commit(tdb);
	return 1;
}

/*
 * After a change that made the file grow, tdb packs the records anew if many
 * small pieces are free, and opens a tdb in memory for that, which only nmbd's
 * own thread may.  It does not when it is in the middle of a traverse.
 */
static int commit_grown(struct tdb_context *tdb)
{
	int ret = -1;

	(void)tdb_traverse(tdb, commit_one, &ret);
	if (tdb_transaction_active(tdb)) {
		(void)tdb_transaction_cancel(tdb);
	}
	return ret;
}

int store_records_change(struct store_file *file, const char *name, bool kept)
{
	unsigned char version = RECORD_VERSION;
	TDB_DATA value = { .dptr = &version, .dsize = sizeof(version) };
	char key_buf[PREFIX_LEN + STORE_NAME_MAX + 1];
	char buf[128];
	TDB_DATA key;
	size_t size;
	int ret;
	int err;

	errno = 0;
	if (!make_key(&key, key_buf, sizeof(key_buf), name) ||
	    tdb_transaction_start(file->tdb) != 0) {
		goto failed;
	}
	size = tdb_map_size(file->tdb);
	ret = kept ? tdb_store(file->tdb, key, value, TDB_REPLACE)
		   : tdb_delete(file->tdb, key);
	if (ret != 0 && (kept || tdb_error(file->tdb) != TDB_ERR_NOEXIST)) {
		err = errno;
		(void)tdb_transaction_cancel(file->tdb);
		errno = err;
		goto failed;
	}
	/* a failed commit has cancelled itself */
	ret = (tdb_map_size(file->tdb) == size)
		      ? tdb_transaction_commit(file->tdb)
		      : commit_grown(file->tdb);
	if (ret == 0) {
		return 0;
	}
failed:
	err = errno_of(file, errno);
	store_file_say(file, "messenger:store: cannot %s %s in %s: %s\n",
		       kept ? "keep" : "forget", name, file->path,
		       strerror_r(err, buf, sizeof(buf)));
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

void store_records_traverse(struct store_file *file,
			    bool (*fn)(void *private_data, const char *name),
			    void *private_data)
{
	struct traversal t = { .fn = fn, .private_data = private_data };

	/* not tdb_traverse_read(): it would not undo what is left half done */
	(void)tdb_traverse(file->tdb, traverse_one, &t);
	if (t.left_out > 0) {
		store_file_say(
			file,
			"messenger:store: %u record%s of %s %s no alias: left "
			"out\n",
			t.left_out, (t.left_out == 1) ? "" : "s", file->path,
			(t.left_out == 1) ? "is" : "are");
	}
}

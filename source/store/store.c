/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Aliases added by request, in a tdb in Samba's state directory.
 *
 * A record is a name and nothing else: key "alias/NAME" in the UNIX charset,
 * value one byte, the version of the record.  Each change is a transaction:
 * a process that dies in the middle of one leaves the state before it.  The
 * file is not synced to the disk, which would stop nmbd for as long as the
 * disk takes: after a loss of power the last changes may be missing.
 */

#include "store.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <tdb.h>

#include "messenger.h"
#include "samba_private.h"
#include "steady.h"
#include "store_file.h"

#define STORE_NAME "messenger.tdb"

static const char prefix[] = "alias/";
#define PREFIX_LEN (sizeof(prefix) - 1)

/* 15 bytes in the DOS charset may be more in the UNIX charset. */
#define NAME_MAX_LEN (4 * MESSENGER_NAME_LEN)

/* What a tdb of this size grows by, and a transaction's copy of it. */
#define GROWTH 65536

#define RECORD_VERSION 1

/* A file that is locked at the start is tried again: from the one to the other */
#define PAUSE_FIRST_USEC 50000
#define PAUSE_LAST_USEC	 2000000

struct store {
	struct store_file file;
	int err; /* of the last time it was opened */
	/* as long as its names have not been read */
	struct tevent_context *ev;
	struct steady *again;
	uint64_t pause;
	bool (*fn)(void *private_data, const char *name);
	void *private_data;
};

/* To be ended by store_file_close(), whatever it returns. */
static int open_file(struct store *store)
{
	store->err = store_file_open(&store->file);
	return store->err;
}

struct store *store_open(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
			 const char *path)
{
	struct store *store = talloc_zero(mem_ctx, struct store);

	if (store == NULL) {
		return NULL;
	}
	store->file.lock = -1;
	store->ev = ev;
	store->file.path = talloc_strdup(store, path);
	if (store->file.path == NULL) {
		talloc_free(store);
		return NULL;
	}
	/* whether it can be used is said now, and not when it is too late */
	(void)open_file(store);
	store_file_close(&store->file);
	return store;
}

void store_configure(TALLOC_CTX *mem_ctx, struct store **store,
		     struct tevent_context *ev, bool wanted)
{
	char *path = NULL;

	if (!wanted) {
		TALLOC_FREE(*store);
		return;
	}
	path = (*store == NULL) ? state_path(mem_ctx, STORE_NAME) : NULL;
	if (path == NULL) {
		return;
	}
	*store = store_open(mem_ctx, ev, path);
	talloc_free(path);
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
static int errno_of(struct store *store, int err)
{
	struct statvfs fs;

	switch (tdb_error(store->file.tdb)) {
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
	if (err == 0 && statvfs(store->file.path, &fs) == 0 &&
	    fs.f_bavail * fs.f_frsize < GROWTH) {
		return ENOSPC;
	}
	return (err != 0) ? err : EIO;
}

/* In the file that is open. */
static int change(struct store *store, const char *name, bool kept)
{
	unsigned char version = RECORD_VERSION;
	TDB_DATA value = { .dptr = &version, .dsize = sizeof(version) };
	char buf[PREFIX_LEN + NAME_MAX_LEN + 1];
	TDB_DATA key;
	int ret;
	int err;

	errno = 0;
	if (!make_key(&key, buf, sizeof(buf), name) ||
	    tdb_transaction_start(store->file.tdb) != 0) {
		goto failed;
	}
	ret = kept ? tdb_store(store->file.tdb, key, value, TDB_REPLACE)
		   : tdb_delete(store->file.tdb, key);
	if (ret != 0 && tdb_error(store->file.tdb) != TDB_ERR_NOEXIST) {
		err = errno;
		(void)tdb_transaction_cancel(store->file.tdb);
		errno = err;
		goto failed;
	}
	/* a failed commit has cancelled itself */
	if (tdb_transaction_commit(store->file.tdb) == 0) {
		return 0;
	}
failed:
	err = errno_of(store, errno);
	DBG_ERR("messenger:store: cannot %s %s in %s: %s\n",
		kept ? "keep" : "forget", name, store->file.path,
		strerror(err));
	return err;
}

static int open_and_change(struct store *store, const char *name, bool kept)
{
	int err;

	if (store == NULL) {
		return 0;
	}
	err = open_file(store);
	if (err == 0) {
		err = change(store, name, kept);
	}
	store_file_close(&store->file);
	return err;
}

int store_add(struct store *store, const char *name)
{
	return open_and_change(store, name, true);
}

int store_delete(struct store *store, const char *name)
{
	return open_and_change(store, name, false);
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

static int traverse_one(struct tdb_context *tdb, TDB_DATA key, TDB_DATA value,
			void *private_data)
{
	const struct store *store = private_data;
	char name[NAME_MAX_LEN + 1];

	if (!read_record(key, value, name, sizeof(name)) ||
	    !store->fn(store->private_data, name)) {
		DBG_ERR("messenger:store: a record of %s is not an alias: "
			"left out\n",
			store->file.path);
	}
	return 0;
}

static void traverse(void *private_data)
{
	struct store *store = talloc_get_type_abort(private_data, struct store);
	int err = open_file(store);

	if (err == 0) {
		(void)tdb_traverse_read(store->file.tdb, traverse_one, store);
	}
	store_file_close(&store->file);
	if (err != EBUSY) {
		TALLOC_FREE(store->again);
		return;
	}
	if (store->again == NULL) {
		store->again = steady_create(store, store->ev, traverse, store);
		store->pause = PAUSE_FIRST_USEC;
	}
	if (store->again != NULL) {
		steady_set(store->again, store->pause);
	}
	store->pause = (2 * store->pause < PAUSE_LAST_USEC) ? 2 * store->pause
							    : PAUSE_LAST_USEC;
}

void store_traverse(struct store *store,
		    bool (*fn)(void *private_data, const char *name),
		    void *private_data)
{
	/* of a file that cannot be had, that was said */
	if (store != NULL && (store->err == 0 || store->err == EBUSY)) {
		store->fn = fn;
		store->private_data = private_data;
		traverse(store);
	}
}

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
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <tdb.h>

#include "messenger.h"
#include "samba_private.h"

#define STORE_NAME "messenger.tdb"

static const char prefix[] = "alias/";
#define PREFIX_LEN (sizeof(prefix) - 1)

/* 15 bytes in the DOS charset may be more in the UNIX charset. */
#define NAME_MAX_LEN (4 * MESSENGER_NAME_LEN)

/* What a tdb of this size grows by, and a transaction's copy of it. */
#define GROWTH 65536

#define RECORD_VERSION 1

struct store {
	struct tdb_context *tdb; /* NULL: it cannot be opened */
	int err;		 /* why */
	const char *path;
};

static int close_store(struct store *store)
{
	if (store->tdb != NULL) {
		tdb_close(store->tdb);
	}
	return 0;
}

static struct tdb_context *open_tdb(const char *path, int flags)
{
	return tdb_open(path, 0, TDB_NOSYNC, O_RDWR | flags, 0640);
}

/* As a crash between creation and the first write leaves it. */
static bool is_empty(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_size == 0;
}

/* Out of the way, but not away: it may be of use to somebody. */
static bool set_aside(struct store *store, const char *why)
{
	char *aside = talloc_asprintf(store, "%s.damaged", store->path);

	if (aside == NULL || rename(store->path, aside) != 0) {
		DBG_ERR("messenger:store: %s is damaged (%s) and cannot be "
			"set aside: %s. Aliases added by request do not "
			"survive a restart\n",
			store->path, why, strerror(errno));
		return false;
	}
	DBG_ERR("messenger:store: %s was damaged (%s): it is now %s; aliases "
		"added by request have to be added again\n",
		store->path, why, aside);
	talloc_free(aside);
	return true;
}

/* An error of the file's contents, not of its place? */
static bool is_damage(const char *path, int err)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && err != EACCES &&
	       err != EPERM && err != EROFS && err != ENOSPC && err != EMFILE &&
	       err != ENFILE && err != ENOMEM;
}

static bool open_store(struct store *store)
{
	int err;

	/* with O_CREAT, tdb would make a new file of one that is none */
	store->tdb = open_tdb(store->path, 0);
	err = errno;
	if (store->tdb == NULL && (err == ENOENT || is_empty(store->path))) {
		store->tdb = open_tdb(store->path, O_CREAT);
		err = errno;
	}
	if (store->tdb != NULL) {
		if (tdb_check(store->tdb, NULL, NULL) == 0) {
			return true;
		}
		tdb_close(store->tdb);
		store->tdb = NULL;
		err = EIO;
	}
	/* a file that is too short is no error of the system's */
	err = (err != 0) ? err : EIO;
	if (!is_damage(store->path, err)) {
		DBG_ERR("messenger:store: cannot open %s: %s. Aliases added "
			"by request do not survive a restart\n",
			store->path, strerror(err));
		store->err = err;
		return false;
	}
	store->err = err;
	if (!set_aside(store, strerror(err))) {
		return false;
	}
	store->tdb = open_tdb(store->path, O_CREAT | O_EXCL);
	return store->tdb != NULL;
}

struct store *store_open(TALLOC_CTX *mem_ctx, const char *path)
{
	struct store *store = talloc_zero(mem_ctx, struct store);

	if (store == NULL) {
		return NULL;
	}
	talloc_set_name_const(store, "messenger: store");
	talloc_set_destructor(store, close_store);
	store->path = talloc_strdup(store, path);
	if (store->path == NULL) {
		talloc_free(store);
		return NULL;
	}
	(void)open_store(store);
	return store;
}

void store_configure(TALLOC_CTX *mem_ctx, struct store **store, bool wanted)
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
	*store = store_open(mem_ctx, path);
	if (*store != NULL && lp_clustering()) {
		DBG_ERR("messenger:store: clustering = yes, and %s is of this "
			"node alone: the other nodes do not get aliases that "
			"are added here\n",
			path);
	}
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

	switch (tdb_error(store->tdb)) {
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
	if (err == 0 && statvfs(store->path, &fs) == 0 &&
	    fs.f_bavail * fs.f_frsize < GROWTH) {
		return ENOSPC;
	}
	return (err != 0) ? err : EIO;
}

/*
 * Somebody who reads or changes the file with a tool may have it locked: then
 * nmbd is not to wait.
 */
static bool begin(struct tdb_context *tdb)
{
	if (tdb_lockall_nonblock(tdb) != 0) {
		return false;
	}
	(void)tdb_unlockall(tdb);
	return tdb_transaction_start_nonblock(tdb) == 0;
}

static int change(struct store *store, const char *name, bool kept)
{
	unsigned char version = RECORD_VERSION;
	TDB_DATA value = { .dptr = &version, .dsize = sizeof(version) };
	char buf[PREFIX_LEN + NAME_MAX_LEN + 1];
	TDB_DATA key;
	int ret;
	int err;

	if (store->tdb == NULL && !open_store(store)) {
		return store->err; /* it was said why */
	}
	errno = 0;
	if (!make_key(&key, buf, sizeof(buf), name) || !begin(store->tdb)) {
		goto failed;
	}
	ret = kept ? tdb_store(store->tdb, key, value, TDB_REPLACE)
		   : tdb_delete(store->tdb, key);
	if (ret != 0 && tdb_error(store->tdb) != TDB_ERR_NOEXIST) {
		err = errno;
		(void)tdb_transaction_cancel(store->tdb);
		errno = err;
		goto failed;
	}
	/* a failed commit has cancelled itself */
	if (tdb_transaction_commit(store->tdb) == 0) {
		return 0;
	}
failed:
	err = errno_of(store, errno);
	DBG_ERR("messenger:store: cannot %s %s in %s: %s\n",
		kept ? "keep" : "forget", name, store->path, strerror(err));
	return err;
}

int store_add(struct store *store, const char *name)
{
	return (store != NULL) ? change(store, name, true) : 0;
}

int store_delete(struct store *store, const char *name)
{
	return (store != NULL) ? change(store, name, false) : 0;
}

struct traverse {
	bool (*fn)(void *private_data, const char *name);
	void *private_data;
	const char *path;
};

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
	struct traverse *t = private_data;
	char name[NAME_MAX_LEN + 1];

	if (!read_record(key, value, name, sizeof(name)) ||
	    !t->fn(t->private_data, name)) {
		DBG_ERR("messenger:store: a record of %s is not an alias: "
			"left out\n",
			t->path);
	}
	return 0;
}

void store_traverse(struct store *store,
		    bool (*fn)(void *private_data, const char *name),
		    void *private_data)
{
	struct traverse t = {
		.fn = fn,
		.private_data = private_data,
	};

	if (store == NULL || store->tdb == NULL) {
		return;
	}
	t.path = store->path;
	(void)tdb_traverse_read(store->tdb, traverse_one, &t);
}

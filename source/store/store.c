/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Aliases added by request, in a tdb in Samba's state directory: read at the
 * start, by nmbd itself; changed by a thread.
 */

#include "store.h"

#include <errno.h>

#include "samba_private.h"
#include "steady.h"
#include "store_file.h"
#include "store_records.h"
#include "store_writer.h"

#define STORE_NAME "messenger.tdb"

/* A file that is locked at the start is tried again: from the one to the other */
#define PAUSE_FIRST_USEC 50000
#define PAUSE_LAST_USEC	 2000000

struct store {
	struct store_writer *writer;
	int err; /* of the last time it was opened */
	/* as long as its names have not been read */
	struct tevent_context *ev;
	struct steady *again;
	uint64_t pause;
	bool (*fn)(void *private_data, const char *name);
	void *private_data;
};

/*
 * The file, to read it; to be given back, whatever comes of it.  A thread that
 * has it, maybe still for a store before this one, is as another process that
 * has it locked.
 */
static int take_file(struct store *store, struct store_file **file)
{
	*file = store_writer_borrow(store->writer);
	if (*file == NULL) {
		return EBUSY;
	}
	store->err = store_file_take(*file);
	if (store->err == ESTALE) {
		store->err = store_file_open(*file);
	}
	return store->err;
}

struct store *store_open(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
			 const char *path, void (*written)(void *private_data),
			 void *private_data)
{
	struct store *store = talloc_zero(mem_ctx, struct store);
	struct store_file *file = NULL;

	if (store == NULL) {
		return NULL;
	}
	store->ev = ev;
	store->writer =
		store_writer_create(store, ev, path, written, private_data);
	if (store->writer == NULL) {
		talloc_free(store);
		return NULL;
	}
	/* whether it can be used is said now, and not when it is too late */
	(void)take_file(store, &file);
	store_writer_give_back(store->writer);
	return store;
}

void store_configure(TALLOC_CTX *mem_ctx, struct store **store,
		     struct tevent_context *ev, bool wanted,
		     void (*written)(void *private_data), void *private_data)
{
	char *path = NULL;

	if (!wanted && *store != NULL) {
		/* nothing is kept any more, and nobody is to wait for it */
		TALLOC_FREE(*store);
		written(private_data);
	}
	if (!wanted) {
		return;
	}
	path = (*store == NULL) ? state_path(mem_ctx, STORE_NAME) : NULL;
	if (path == NULL) {
		return;
	}
	*store = store_open(mem_ctx, ev, path, written, private_data);
	talloc_free(path);
}

int store_change(struct store *store, const char *name, bool kept)
{
	return (store != NULL) ? store_writer_change(store->writer, name, kept)
			       : 0;
}

void store_note(struct store *store, const char *name, bool kept)
{
	if (store != NULL) {
		store_writer_note(store->writer, name, kept);
	}
}

static void traverse(void *private_data)
{
	struct store *store = talloc_get_type_abort(private_data, struct store);
	struct store_file *file = NULL;
	int err = take_file(store, &file);

	if (err == 0) {
		store_records_traverse(file, store->fn, store->private_data);
	}
	store_writer_give_back(store->writer);
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

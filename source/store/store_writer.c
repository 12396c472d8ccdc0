/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Changes of the store, written by a thread.
 *
 * Into the page cache a change takes a quarter of a millisecond of processor
 * time; on a disk that each call waits for, as long as that takes.  So the next
 * changes are copied into a batch, which a thread works through.
 */

#include "store_writer.h"

#include <errno.h>
#include <string.h>
#include <sys/queue.h>

#include "steady.h"
#include "store_batch.h"
#include "store_file.h"

/* Without memory for a batch it is tried again. */
#define PAUSE_USEC 1000000

enum change_state {
	CHANGE_WAITING,
	CHANGE_UNDER_WAY, /* in the batch */
	CHANGE_DONE,
	CHANGE_FORGOTTEN, /* done, and nobody has asked since */
};

struct change {
	TAILQ_ENTRY(change) entry;
	enum change_state state;
	bool kept;
	bool asked; /* somebody asks what has become of it */
	int err;
	char name[STORE_NAME_MAX + 1];
};

struct store_writer {
	struct tevent_context *ev;
	struct store_file *file; /* the thread's, while a batch is under way */
	bool borrowed;		 /* it is in use here */
	void (*written)(void *private_data);
	void *private_data;
	TAILQ_HEAD(change_list, change) changes; /* as they were asked for */
	struct store_batch *batch;		 /* NULL: none is under way */
	struct tevent_fd *done;
	struct steady *again;
};

static struct store_batch *new_batch(struct store_writer *w)
{
	struct store_batch *b = store_batch_create(w->file);
	struct change *c = NULL;

	if (b == NULL) {
		return NULL;
	}
	TAILQ_FOREACH(c, &w->changes, entry) {
		if (c->state != CHANGE_WAITING) {
			continue;
		}
		if (b->num == STORE_BATCH_MAX) {
			break;
		}
		b->changes[b->num].kept = c->kept;
		memcpy(b->changes[b->num].name, c->name, sizeof(c->name));
		b->num++;
	}
	return b;
}

static void on_done(struct tevent_context *ev, struct tevent_fd *fde,
		    uint16_t flags, void *private_data);

static bool is_any_waiting(const struct store_writer *w)
{
	const struct change *c = NULL;

	TAILQ_FOREACH(c, &w->changes, entry) {
		if (c->state == CHANGE_WAITING) {
			return true;
		}
	}
	return false;
}

/* The first ones that wait become those that are under way. */
static void mark_batch(struct store_writer *w)
{
	struct change *c = NULL;
	size_t left = w->batch->num;

	TAILQ_FOREACH(c, &w->changes, entry) {
		if (left > 0 && c->state == CHANGE_WAITING) {
			c->state = CHANGE_UNDER_WAY;
			left--;
		}
	}
}

static void begin_batch(struct store_writer *w)
{
	if (w->batch != NULL || w->borrowed || !is_any_waiting(w)) {
		return;
	}
	w->batch = store_batch_clear_up() ? new_batch(w) : NULL;
	if (w->batch != NULL) {
		w->done = tevent_add_fd(w->ev, w, w->batch->fd, TEVENT_FD_READ,
					on_done, w);
		if (w->done == NULL) {
			store_batch_free(w->batch);
			w->batch = NULL;
		}
	}
	if (w->batch == NULL) {
		steady_set(w->again, PAUSE_USEC);
		return;
	}
	mark_batch(w);
	store_batch_run(w->batch);
}

static void forget(struct store_writer *w, struct change *c)
{
	TAILQ_REMOVE(&w->changes, c, entry);
	talloc_free(c);
}

static void begin_again(void *private_data)
{
	begin_batch(talloc_get_type_abort(private_data, struct store_writer));
}

/* What nobody has asked for again since the last time is not kept longer. */
static void enter_results(struct store_writer *w)
{
	const struct store_batch *b = w->batch;
	struct change *next = NULL;
	struct change *c = NULL;
	size_t at = 0;

	for (c = TAILQ_FIRST(&w->changes); c != NULL; c = next) {
		next = TAILQ_NEXT(c, entry);
		if (c->state == CHANGE_UNDER_WAY && at < b->num) {
			c->err = b->changes[at++].err;
			c->state = CHANGE_DONE;
			if (!c->asked) {
				forget(w, c);
			}
		} else if (c->state == CHANGE_DONE) {
			c->state = CHANGE_FORGOTTEN;
		} else if (c->state == CHANGE_FORGOTTEN) {
			forget(w, c);
		}
	}
}

static void on_done(struct tevent_context *ev, struct tevent_fd *fde,
		    uint16_t flags, void *private_data)
{
	struct store_writer *w =
		talloc_get_type_abort(private_data, struct store_writer);
	struct store_batch *b = w->batch;

	if (!store_batch_is_over(b)) {
		return;
	}
	TALLOC_FREE(w->done);
	enter_results(w);
	w->batch = NULL;
	store_file_log(b->file);
	store_batch_free(b);
	begin_batch(w);
	w->written(w->private_data);
}

static int abandon(struct store_writer *w)
{
	TALLOC_FREE(w->done);
	if (w->batch != NULL) {
		store_batch_leave(w->batch);
	} else if (w->file != NULL) {
		store_file_free(w->file);
	}
	return 0;
}

struct store_writer *store_writer_create(TALLOC_CTX *mem_ctx,
					 struct tevent_context *ev,
					 const char *path,
					 void (*written)(void *private_data),
					 void *private_data)
{
	struct store_writer *w = talloc_zero(mem_ctx, struct store_writer);

	if (w == NULL) {
		return NULL;
	}
	w->ev = ev;
	w->file = store_file_create(path);
	w->written = written;
	w->private_data = private_data;
	TAILQ_INIT(&w->changes);
	w->again = steady_create(w, ev, begin_again, w);
	talloc_set_destructor(w, abandon);
	if (w->file == NULL || w->again == NULL) {
		talloc_free(w);
		return NULL;
	}
	return w;
}

struct store_file *store_writer_borrow(struct store_writer *w)
{
	w->borrowed = store_batch_clear_up() && w->batch == NULL;
	return w->borrowed ? w->file : NULL;
}

void store_writer_give_back(struct store_writer *w)
{
	if (w->borrowed) {
		store_file_leave(w->file);
		store_file_log(w->file);
		w->borrowed = false;
		begin_batch(w);
	}
}

/* The last one of this name decides. */
static struct change *find(const struct store_writer *w, const char *name)
{
	struct change *c = NULL;

	TAILQ_FOREACH_REVERSE(c, &w->changes, change_list, entry) {
		if (strcmp(c->name, name) == 0) {
			return c;
		}
	}
	return NULL;
}

static int add(struct store_writer *w, const char *name, bool kept, bool asked)
{
	struct change *c = NULL;

	if (strlen(name) > STORE_NAME_MAX) {
		return ENAMETOOLONG;
	}
	c = talloc_zero(w, struct change);
	if (c == NULL) {
		return ENOMEM;
	}
	c->kept = kept;
	c->asked = asked;
	memcpy(c->name, name, strlen(name));
	TAILQ_INSERT_TAIL(&w->changes, c, entry);
	begin_batch(w);
	return EINPROGRESS;
}

int store_writer_change(struct store_writer *w, const char *name, bool kept)
{
	struct change *c = find(w, name);
	int err;

	if (c == NULL || c->kept != kept) {
		return add(w, name, kept, true);
	}
	if (c->state < CHANGE_DONE) {
		c->asked = true;
		return EINPROGRESS;
	}
	err = c->err;
	forget(w, c);
	return err;
}

void store_writer_note(struct store_writer *w, const char *name, bool kept)
{
	const struct change *c = find(w, name);

	if (c == NULL || c->kept != kept || c->state >= CHANGE_DONE) {
		(void)add(w, name, kept, false);
	}
}

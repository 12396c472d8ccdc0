/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Changes of the store, written by a thread.
 *
 * Into the page cache a change takes a quarter of a millisecond of processor
 * time; on a disk that each call waits for, as long as that takes.  So the next
 * changes are copied into a batch, which a thread works through; it tells by an
 * eventfd that it is done.  The batch is all that the thread knows: nothing of
 * talloc, of tevent, of Samba's log.
 */

#include "store_writer.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/queue.h>
#include <unistd.h>

#include "steady.h"
#include "store_file.h"

/* Changes in a batch: the file is open, and locked, for that long. */
#define BATCH_MAX 64

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
	int err;
	char name[STORE_NAME_MAX + 1];
};

/* From malloc(), and the thread's from its start to its end. */
struct batch {
	pthread_mutex_t mutex; /* of these two */
	bool over;
	bool abandoned; /* nobody waits for it */

	int fd; /* an eventfd, written to when it is over */
	char path[STORE_PATH_MAX];
	struct store_file file;
	size_t num;
	struct {
		bool kept;
		int err;
		char name[STORE_NAME_MAX + 1];
	} changes[BATCH_MAX];
};

struct store_writer {
	struct tevent_context *ev;
	struct store_file *file; /* the thread has a copy */
	void (*written)(void *private_data);
	void *private_data;
	TAILQ_HEAD(change_list, change) changes; /* as they were asked for */
	struct batch *batch; /* NULL: none is under way */
	struct tevent_fd *done;
	struct steady *again;
};

static void free_batch(struct batch *b)
{
	close(b->fd);
	(void)pthread_mutex_destroy(&b->mutex);
	free(b);
}

static void write_batch(struct batch *b)
{
	int err = store_file_open(&b->file);
	size_t i;

	for (i = 0; i < b->num; i++) {
		b->changes[i].err =
			(err != 0) ? err
				   : store_file_change(&b->file,
						       b->changes[i].name,
						       b->changes[i].kept);
	}
	store_file_close(&b->file);
}

static void *thread(void *arg)
{
	struct batch *b = arg;
	const uint64_t one = 1;
	bool abandoned;

	write_batch(b);
	(void)pthread_mutex_lock(&b->mutex);
	b->over = true;
	abandoned = b->abandoned;
	if (!abandoned && write(b->fd, &one, sizeof(one)) != sizeof(one)) {
		/* an eventfd with nothing in it takes that */
	}
	(void)pthread_mutex_unlock(&b->mutex);
	if (abandoned) {
		free_batch(b);
	}
	return NULL;
}

/* Without signals: they are for nmbd itself. */
static bool start_thread(struct batch *b)
{
	pthread_attr_t attr;
	pthread_t started;
	sigset_t all;
	sigset_t before;
	int err;

	if (pthread_attr_init(&attr) != 0) {
		return false;
	}
	(void)sigfillset(&all);
	(void)pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	err = pthread_create(&started, &attr, thread, b);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	(void)pthread_attr_destroy(&attr);
	return err == 0;
}

static struct batch *new_batch(struct store_writer *w)
{
	struct batch *b = calloc(1, sizeof(*b));
	struct change *c = NULL;

	if (b == NULL) {
		return NULL;
	}
	b->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (b->fd == -1 || pthread_mutex_init(&b->mutex, NULL) != 0) {
		if (b->fd != -1) {
			close(b->fd);
		}
		free(b);
		return NULL;
	}
	(void)snprintf(b->path, sizeof(b->path), "%s", w->file->path);
	b->file.path = b->path;
	b->file.lock = -1;
	b->file.checked = w->file->checked;
	b->file.locked = w->file->locked;
	TAILQ_FOREACH(c, &w->changes, entry) {
		if (c->state != CHANGE_WAITING) {
			continue;
		}
		if (b->num == BATCH_MAX) {
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
	if (w->batch != NULL || !is_any_waiting(w)) {
		return;
	}
	w->batch = new_batch(w);
	if (w->batch != NULL) {
		w->done = tevent_add_fd(w->ev, w, w->batch->fd, TEVENT_FD_READ,
					on_done, w);
		if (w->done == NULL) {
			free_batch(w->batch);
			w->batch = NULL;
		}
	}
	if (w->batch == NULL) {
		steady_set(w->again, PAUSE_USEC);
		return;
	}
	mark_batch(w);
	if (!start_thread(w->batch)) {
		/* there can be none: as it is done without */
		(void)thread(w->batch);
	}
}

static void begin_again(void *private_data)
{
	begin_batch(talloc_get_type_abort(private_data, struct store_writer));
}

/* What nobody has asked for again since the last time is not kept longer. */
static void enter_results(struct store_writer *w)
{
	const struct batch *b = w->batch;
	struct change *next = NULL;
	struct change *c = NULL;
	size_t at = 0;

	for (c = TAILQ_FIRST(&w->changes); c != NULL; c = next) {
		next = TAILQ_NEXT(c, entry);
		if (c->state == CHANGE_UNDER_WAY && at < b->num) {
			c->err = b->changes[at++].err;
			c->state = CHANGE_DONE;
		} else if (c->state == CHANGE_DONE) {
			c->state = CHANGE_FORGOTTEN;
		} else if (c->state == CHANGE_FORGOTTEN) {
			TAILQ_REMOVE(&w->changes, c, entry);
			talloc_free(c);
		}
	}
}

static void on_done(struct tevent_context *ev, struct tevent_fd *fde,
		    uint16_t flags, void *private_data)
{
	struct store_writer *w =
		talloc_get_type_abort(private_data, struct store_writer);
	struct batch *b = w->batch;

	/* the thread lets go of it before it ends */
	(void)pthread_mutex_lock(&b->mutex);
	(void)pthread_mutex_unlock(&b->mutex);
	TALLOC_FREE(w->done);
	enter_results(w);
	w->file->checked = b->file.checked;
	w->file->locked = b->file.locked;
	w->batch = NULL;
	store_file_log(&b->file);
	free_batch(b);
	begin_batch(w);
	w->written(w->private_data);
}

static int abandon(struct store_writer *w)
{
	struct batch *b = w->batch;
	bool over;

	TALLOC_FREE(w->done);
	if (b == NULL) {
		return 0;
	}
	(void)pthread_mutex_lock(&b->mutex);
	over = b->over;
	b->abandoned = true;
	(void)pthread_mutex_unlock(&b->mutex);
	if (over) {
		free_batch(b);
	}
	return 0;
}

struct store_writer *store_writer_create(TALLOC_CTX *mem_ctx,
					 struct tevent_context *ev,
					 struct store_file *file,
					 void (*written)(void *private_data),
					 void *private_data)
{
	struct store_writer *w = talloc_zero(mem_ctx, struct store_writer);

	if (w == NULL) {
		return NULL;
	}
	w->ev = ev;
	w->file = file;
	w->written = written;
	w->private_data = private_data;
	TAILQ_INIT(&w->changes);
	w->again = steady_create(w, ev, begin_again, w);
	if (w->again == NULL) {
		talloc_free(w);
		return NULL;
	}
	talloc_set_destructor(w, abandon);
	return w;
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

int store_writer_change(struct store_writer *w, const char *name, bool kept)
{
	struct change *c = find(w, name);
	int err;

	if (c != NULL && c->kept == kept && c->state >= CHANGE_DONE) {
		err = c->err;
		TAILQ_REMOVE(&w->changes, c, entry);
		talloc_free(c);
		return err;
	}
	if (c != NULL && c->kept == kept) {
		return EINPROGRESS;
	}
	if (strlen(name) > STORE_NAME_MAX) {
		return ENAMETOOLONG;
	}
	c = talloc_zero(w, struct change);
	if (c == NULL) {
		return ENOMEM;
	}
	c->kept = kept;
	memcpy(c->name, name, strlen(name));
	TAILQ_INSERT_TAIL(&w->changes, c, entry);
	begin_batch(w);
	return EINPROGRESS;
}

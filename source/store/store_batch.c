/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Changes of the store, made by a thread.
 *
 * It tells by an eventfd that it is through.  The batch and the file are all
 * that it knows: nothing of talloc, of tevent, of Samba's log.
 *
 * Nor does it open or close the file (store_file.c).  If it finds that this is
 * to be done, the batch comes back for it, and is begun again.
 */

#include "store_batch.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "store_file.h"

/* From malloc(), and the thread's from its start until it is over. */
struct running {
	struct store_batch batch; /* the first */
	pthread_mutex_t mutex;	  /* of this one */
	bool over;
	int err;	      /* why the file could not be taken */
	struct running *next; /* left behind */
};

/*
 * Those that nobody waits for.  A thread may have a file for as long as its disk
 * takes, and then tdb would not open it a second time.
 */
static struct running *left_behind;

static struct running *running_of(struct store_batch *batch)
{
	return (struct running *)batch;
}

struct store_batch *store_batch_create(struct store_file *file)
{
	struct running *r = calloc(1, sizeof(*r));

	if (r == NULL) {
		return NULL;
	}
	r->batch.file = file;
	r->batch.fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (r->batch.fd != -1 && pthread_mutex_init(&r->mutex, NULL) == 0) {
		return &r->batch;
	}
	if (r->batch.fd != -1) {
		close(r->batch.fd);
	}
	free(r);
	return NULL;
}

void store_batch_free(struct store_batch *batch)
{
	struct running *r = running_of(batch);

	close(batch->fd);
	(void)pthread_mutex_destroy(&r->mutex);
	free(r);
}

static void make_changes(struct running *r)
{
	struct store_batch *b = &r->batch;
	size_t i;

	r->err = store_file_take(b->file);
	for (i = 0; i < b->num; i++) {
		b->changes[i].err =
			(r->err != 0)
				? r->err
				: store_records_change(b->file,
						       b->changes[i].name,
						       b->changes[i].kept);
	}
	store_file_leave(b->file);
}

static void *thread(void *arg)
{
	struct running *r = arg;
	const uint64_t one = 1;

	make_changes(r);
	(void)pthread_mutex_lock(&r->mutex);
	r->over = true;
	if (write(r->batch.fd, &one, sizeof(one)) != sizeof(one)) {
		/* an eventfd with nothing in it takes that */
	}
	(void)pthread_mutex_unlock(&r->mutex);
	return NULL;
}

/* Without signals: they are for nmbd itself. */
static bool start_thread(struct running *r)
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
	err = pthread_create(&started, &attr, thread, r);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	(void)pthread_attr_destroy(&attr);
	return err == 0;
}

void store_batch_run(struct store_batch *batch)
{
	struct running *r = running_of(batch);

	r->over = false;
	if (!start_thread(r)) {
		/* there can be none: as it is done without */
		(void)thread(r);
	}
}

static bool is_through(struct running *r)
{
	bool over;

	/* the thread lets go of it before it ends */
	(void)pthread_mutex_lock(&r->mutex);
	over = r->over;
	(void)pthread_mutex_unlock(&r->mutex);
	return over;
}

bool store_batch_is_over(struct store_batch *batch)
{
	struct running *r = running_of(batch);
	uint64_t times;
	size_t i;

	if (read(batch->fd, &times, sizeof(times)) != sizeof(times) ||
	    !is_through(r)) {
		return false;
	}
	if (r->err != ESTALE) {
		return true;
	}
	r->err = store_file_open(batch->file);
	store_file_log(batch->file);
	if (r->err == 0) {
		store_batch_run(batch);
		return false;
	}
	for (i = 0; i < batch->num; i++) {
		batch->changes[i].err = r->err;
	}
	return true;
}

void store_batch_leave(struct store_batch *batch)
{
	struct running *r = running_of(batch);

	r->next = left_behind;
	left_behind = r;
}

bool store_batch_clear_up(void)
{
	struct running **at = &left_behind;

	while (*at != NULL) {
		struct running *r = *at;

		if (!is_through(r)) {
			at = &r->next;
			continue;
		}
		*at = r->next;
		store_file_log(r->batch.file);
		store_file_free(r->batch.file);
		store_batch_free(&r->batch);
	}
	return left_behind == NULL;
}

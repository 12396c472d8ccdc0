/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "store_world.h"

#include <dlfcn.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <tdb.h>
#include <tevent.h>

#include "samba_private.h"
#include "unit.h"

/* Whoever is not through by then hangs. */
#define DEADLINE_SEC 20

/* That are compared by name */
#define NAMES_MAX 16

struct store_world world;

static TALLOC_CTX *frame;
static struct tevent_context *ev;
static char folder[64];
static pthread_t own;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

/* The first transaction of another thread stops, if told to. */
static bool stops;
static sem_t stopped;
static sem_t goes_on;

/*
 * libtdb
 */

static bool is_own(void)
{
	return pthread_equal(pthread_self(), own) != 0;
}

static void note(const struct tdb_context *before, struct tdb_context *after)
{
	size_t i;

	(void)pthread_mutex_lock(&mutex);
	world.by_others += is_own() ? 0 : 1;
	for (i = 0; i < OPENED_MAX; i++) {
		if (world.opened[i] == before) {
			world.opened[i] = after;
			break;
		}
	}
	(void)pthread_mutex_unlock(&mutex);
}

static void *real(const char *name)
{
	void *found = dlsym(RTLD_NEXT, name);

	if (found == NULL) {
		abort();
	}
	return found;
}

struct tdb_context *tdb_open_ex(const char *name, int hash_size, int tdb_flags,
				int open_flags, mode_t mode,
				const struct tdb_logging_context *log_ctx,
				tdb_hash_func hash_fn)
{
	struct tdb_context *(*fn)(const char *, int, int, int, mode_t,
				  const struct tdb_logging_context *,
				  tdb_hash_func) =
		(struct tdb_context * (*)(const char *, int, int, int, mode_t,
					  const struct tdb_logging_context *,
					  tdb_hash_func)) real("tdb_open_ex");
	struct tdb_context *tdb = fn(name, hash_size, tdb_flags, open_flags,
				     mode, log_ctx, hash_fn);

	if (tdb != NULL) {
		note(NULL, tdb);
	}
	return tdb;
}

struct tdb_context *tdb_open(const char *name, int hash_size, int tdb_flags,
			     int open_flags, mode_t mode)
{
	return tdb_open_ex(name, hash_size, tdb_flags, open_flags, mode, NULL,
			   NULL);
}

int tdb_close(struct tdb_context *tdb)
{
	int (*fn)(struct tdb_context *) =
		(int (*)(struct tdb_context *))real("tdb_close");

	note(tdb, NULL);
	return fn(tdb);
}

int tdb_transaction_start(struct tdb_context *tdb)
{
	int (*fn)(struct tdb_context *) =
		(int (*)(struct tdb_context *))real("tdb_transaction_start");

	if (!is_own() && stops) {
		stops = false;
		(void)sem_post(&stopped);
		(void)sem_wait(&goes_on);
	}
	return fn(tdb);
}

/*
 * What the store finds in nmbd
 */

int debuglevel_get_class(size_t idx)
{
	return 0;
}

bool dbghdrclass(int level, int cls, const char *location, const char *func)
{
	return true;
}

bool dbgtext(const char *fmt, ...)
{
	size_t len = strlen(world.said);
	va_list ap;

	/* not from a thread */
	assert_true(is_own());
	va_start(ap, fmt);
	(void)vsnprintf(world.said + len, sizeof(world.said) - len, fmt, ap);
	va_end(ap);
	return true;
}

char *state_path(TALLOC_CTX *mem_ctx, const char *name)
{
	return talloc_strdup(mem_ctx, world.path);
}

/*
 * The store
 */

static void written(void *private_data)
{
}

void begin_store(void)
{
	world.store = store_open(frame, ev, world.path, written, NULL);
	assert_non_null(world.store);
}

void end_store(void)
{
	TALLOC_FREE(world.store);
}

int world_setup(void **state)
{
	memset(&world, 0, sizeof(world));
	own = pthread_self();
	snprintf(folder, sizeof(folder), "/tmp/store.XXXXXX");
	frame = talloc_new(NULL);
	ev = tevent_context_init(frame);
	if (mkdtemp(folder) == NULL || ev == NULL ||
	    sem_init(&stopped, 0, 0) != 0 || sem_init(&goes_on, 0, 0) != 0) {
		return -1;
	}
	snprintf(world.path, sizeof(world.path), "%s/names.tdb", folder);
	begin_store();
	return 0;
}

const char *beside(const char *suffix)
{
	static char buf[128];

	snprintf(buf, sizeof(buf), "%s%s", world.path, suffix);
	return buf;
}

int world_teardown(void **state)
{
	TALLOC_FREE(frame);
	(void)unlink(world.path);
	(void)unlink(beside(".damaged"));
	(void)unlink(beside(".new"));
	assert_int_equal(rmdir(folder), 0);
	assert_int_equal(world.by_others, 0);
	return 0;
}

static void overdue(struct tevent_context *e, struct tevent_timer *te,
		    struct timeval now, void *private_data)
{
	bool *over = private_data;

	*over = true;
}

int change(const char *name, bool kept)
{
	bool over = false;
	struct tevent_timer *te =
		tevent_add_timer(ev, frame,
				 tevent_timeval_current_ofs(DEADLINE_SEC, 0),
				 overdue, &over);
	int err = store_change(world.store, name, kept);

	assert_non_null(te);
	while (err == EINPROGRESS && !over) {
		assert_int_equal(tevent_loop_once(ev), 0);
		err = store_change(world.store, name, kept);
	}
	talloc_free(te);
	assert_int_not_equal(err, EINPROGRESS);
	return err;
}

void add(const char *name)
{
	assert_int_equal(change(name, true), 0);
}

void add_and_stop(const char *name)
{
	stops = true;
	assert_int_equal(store_change(world.store, name, true), EINPROGRESS);
	while (sem_wait(&stopped) != 0) {
		assert_int_equal(errno, EINTR);
	}
}

void go_on(void)
{
	(void)sem_post(&goes_on);
}

struct names {
	char name[NAMES_MAX][64];
	unsigned num;
};

static bool one(void *private_data, const char *name)
{
	struct names *names = private_data;

	if (names->num < NAMES_MAX) {
		snprintf(names->name[names->num], sizeof(names->name[0]), "%s",
			 name);
	}
	names->num++;
	return true;
}

static const struct names *read_names(void)
{
	static struct names names;

	names.num = 0;
	store_traverse(world.store, one, &names);
	return &names;
}

unsigned count_names(void)
{
	return read_names()->num;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void assert_names(const char *expected)
{
	const struct names *names = NULL;
	const char *sorted[NAMES_MAX] = { NULL };
	char all[1024] = "";
	unsigned i;

	end_store();
	begin_store();
	names = read_names();
	assert_true(names->num <= NAMES_MAX);
	for (i = 0; i < names->num; i++) {
		sorted[i] = names->name[i];
	}
	qsort(sorted, names->num, sizeof(sorted[0]), compare);
	for (i = 0; i < names->num; i++) {
		size_t len = strlen(all);

		snprintf(all + len, sizeof(all) - len, "%s%s",
			 (i > 0) ? " " : "", sorted[i]);
	}
	assert_string_equal(all, expected);
}

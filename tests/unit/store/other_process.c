/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "other_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <tdb.h>

#include "store_world.h"
#include "unit.h"

/* Of a tdb: where its hash chains begin, and how many there are */
#define CHAINS	   172
#define CHAINS_NUM 131

static pid_t begin_process(void)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	return pid;
}

static void end_of(pid_t pid)
{
	int status = 0;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true((WIFEXITED(status) && WEXITSTATUS(status) == 0) ||
		    (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL));
}

void other(void (*fn)(const char *file), const char *file)
{
	pid_t pid = begin_process();
	size_t i;

	if (pid != 0) {
		end_of(pid);
		return;
	}
	/* tdb opens no file twice */
	for (i = 0; i < OPENED_MAX; i++) {
		if (world.opened[i] != NULL) {
			tdb_close(world.opened[i]);
		}
	}
	fn(file);
	_exit(0);
}

/* Of the other process; its status is looked at. */
static void must(bool ok)
{
	if (!ok) {
		_exit(1);
	}
}

static struct tdb_context *open_tdb(const char *file, int hash_size, int flags)
{
	struct tdb_context *tdb = tdb_open(file, hash_size, TDB_NOSYNC,
					   O_RDWR | O_CREAT | flags, 0640);

	must(tdb != NULL);
	return tdb;
}

static TDB_DATA key_of(char *buf, size_t size, const char *name)
{
	TDB_DATA key = { .dptr = (unsigned char *)buf };

	key.dsize = (size_t)snprintf(buf, size, "alias/%s", name);
	return key;
}

static void put(struct tdb_context *tdb, const char *name)
{
	unsigned char one = 1;
	TDB_DATA value = { .dptr = &one, .dsize = 1 };
	char buf[80];

	must(tdb_store(tdb, key_of(buf, sizeof(buf), name), value,
		       TDB_REPLACE) == 0);
}

void put_other(const char *file)
{
	struct tdb_context *tdb = open_tdb(file, 0, 0);

	put(tdb, "OTHER");
	tdb_close(tdb);
}

void put_many(const char *file)
{
	struct tdb_context *tdb = open_tdb(file, 0, 0);
	char name[16];
	unsigned i;

	for (i = 0; i < 900; i++) {
		snprintf(name, sizeof(name), "MANY%u", i);
		put(tdb, name);
	}
	tdb_close(tdb);
}

void put_pieces(const char *file)
{
	struct tdb_context *tdb = open_tdb(file, 0, 0);
	char name[64];
	char buf[80];
	unsigned i;

	for (i = 0; i < PIECES; i++) {
		snprintf(name, sizeof(name), "%x", i);
		put(tdb, name);
		snprintf(name, sizeof(name), "%056u", i);
		put(tdb, name);
	}
	for (i = 0; i < PIECES; i++) {
		snprintf(name, sizeof(name), "%056u", i);
		must(tdb_delete(tdb, key_of(buf, sizeof(buf), name)) == 0);
	}
	tdb_close(tdb);
}

void put_other_tdb(const char *file)
{
	struct tdb_context *tdb = open_tdb(file, 7, O_TRUNC);
	static unsigned char big[100000];
	TDB_DATA key = { .dptr = big, .dsize = sizeof(big) };

	must(tdb_store(tdb, key, key, TDB_INSERT) == 0 &&
	     tdb_delete(tdb, key) == 0);
	put(tdb, "OTHER");
	put(tdb, "SECOND");
	tdb_close(tdb);
}

void put_garbage(const char *file)
{
	int fd = open(file, O_WRONLY | O_CREAT, 0640);
	char buf[5000];

	memset(buf, 'x', sizeof(buf));
	must(pwrite(fd, buf, sizeof(buf), 0) == sizeof(buf) &&
	     ftruncate(fd, sizeof(buf)) == 0);
}

void put_and_die(const char *file)
{
	struct tdb_context *tdb = open_tdb(file, 0, 0);
	const uint32_t chains[CHAINS_NUM] = { 0 };

	must(tdb_transaction_start(tdb) == 0);
	put(tdb, "OTHER");
	must(tdb_transaction_prepare_commit(tdb) == 0 &&
	     pwrite(tdb_fd(tdb), chains, sizeof(chains), CHAINS) ==
		     sizeof(chains));
	(void)kill(getpid(), SIGKILL);
}

static pid_t stay(const char *file, int *to)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int ours[2];
	int its[2];
	char c = 0;
	pid_t pid;

	assert_int_equal(pipe(ours), 0);
	assert_int_equal(pipe(its), 0);
	pid = begin_process();
	if (pid == 0) {
		int fd = (file != NULL) ? open(file, O_RDWR) : -1;

		close(ours[1]);
		must(file == NULL || fcntl(fd, F_SETLK, &lock) == 0);
		must(write(its[1], "", 1) == 1);
		must(read(ours[0], &c, 1) == 0);
		_exit(0);
	}
	close(ours[0]);
	close(its[1]);
	assert_int_equal(read(its[0], &c, 1), 1);
	close(its[0]);
	*to = ours[1];
	return pid;
}

pid_t lock_it(const char *file, int *to)
{
	return stay(file, to);
}

pid_t live_on(int *to)
{
	return stay(NULL, to);
}

void let_end(pid_t pid, int to)
{
	close(to);
	end_of(pid);
}

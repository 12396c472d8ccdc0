/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * smbcontrol nmbd rpc-dump-status (Samba 4.16): the sender hands over its
 * stdout, and nobody waits for an answer.
 */

#include "dump_status.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "samba_private.h"

struct dump_status {
	struct tevent_context *ev;
	struct messaging_context *msg;
	void (*ask)(void *private_data,
		    void (*take)(void *private_data, const char *text),
		    void *asking);
	void *private_data;
};

/* Somebody who waits for it. */
struct asking {
	int fd; /* the stdout of it; ours */
};

static bool is_dump_status(struct messaging_rec *rec, void *private_data)
{
	return rec->msg_type == MSG_RPC_DUMP_STATUS && rec->num_fds == 1;
}

/*
 * Its stdout may be a pipe that nobody reads or a terminal that is held: never
 * wait for it.  The description is the sender's, so it is not made one that
 * does not block, but opened anew as such.  A file takes what comes, at the
 * place where the sender is in it.
 */
static int open_anew(int fd)
{
	char path[sizeof("/proc/self/fd/") + 11];
	struct stat st;

	if (fstat(fd, &st) != 0) {
		return -1;
	}
	if (S_ISREG(st.st_mode) || S_ISSOCK(st.st_mode)) {
		return dup(fd);
	}
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

static ssize_t write_some(int fd, const char *text, size_t len)
{
	ssize_t n = send(fd, text, len, MSG_DONTWAIT | MSG_NOSIGNAL);

	return (n == -1 && errno == ENOTSOCK) ? write(fd, text, len) : n;
}

static void write_without_waiting(int fd, const char *text)
{
	size_t left = strlen(text);
	int out = open_anew(fd);
	ssize_t n = 0;

	while (out != -1 && left > 0 && (n = write_some(out, text, left)) > 0) {
		text += n;
		left -= (size_t)n;
	}
	if (out != -1) {
		close(out);
	}
}

static int asking_destructor(struct asking *a)
{
	close(a->fd);
	return 0;
}

static void got_text(void *private_data, const char *text)
{
	const struct asking *a =
		talloc_get_type_abort(private_data, struct asking);

	if (text != NULL) {
		write_without_waiting(a->fd, text);
	}
}

/* Takes the descriptor. */
static void ask_for(struct dump_status *d, int fd)
{
	struct asking *a = talloc(d, struct asking);

	if (a == NULL) {
		close(fd);
		return;
	}
	a->fd = fd;
	talloc_set_destructor(a, asking_destructor);
	d->ask(d->private_data, got_text, a);
}

static void wait_for_next(struct dump_status *d);

static void got_dump_status(struct tevent_req *subreq)
{
	struct dump_status *d =
		tevent_req_callback_data(subreq, struct dump_status);
	struct messaging_rec *rec = NULL;
	int err = messaging_filtered_read_recv(subreq, d, &rec);

	talloc_free(subreq);
	if (err == 0 && rec->num_fds == 1) {
		ask_for(d, (int)rec->fds[0]);
	}
	talloc_free(rec);
	wait_for_next(d);
}

static void wait_for_next(struct dump_status *d)
{
	struct tevent_req *subreq =
		messaging_filtered_read_send(d, d->ev, d->msg, is_dump_status,
					     d);

	if (subreq == NULL) {
		DBG_ERR("messenger: out of memory: smbcontrol nmbd "
			"rpc-dump-status is not answered any more\n");
		return;
	}
	tevent_req_set_callback(subreq, got_dump_status, d);
}

void dump_status_answer(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
			struct messaging_context *msg,
			void (*ask)(void *private_data,
				    void (*take)(void *private_data,
						 const char *text),
				    void *asking),
			void *private_data)
{
	struct dump_status *d = talloc_zero(mem_ctx, struct dump_status);

	if (d == NULL) {
		return;
	}
	d->ev = ev;
	d->msg = msg;
	d->ask = ask;
	d->private_data = private_data;
	wait_for_next(d);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * smbcontrol nmbd rpc-dump-status (Samba 4.16): the sender hands over its
 * stdout, and nobody waits for an answer.
 */

#include "dump_status.h"

#include <limits.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "samba_private.h"

struct dump_status {
	struct tevent_context *ev;
	struct messaging_context *msg;
	char *(*text)(TALLOC_CTX *mem_ctx, void *private_data);
	void *private_data;
};

static bool is_dump_status(struct messaging_rec *rec, void *private_data)
{
	return rec->msg_type == MSG_RPC_DUMP_STATUS && rec->num_fds == 1;
}

/* Its stdout may be a pipe that nobody reads: never wait for it. */
static void write_without_waiting(int fd, const char *text)
{
	size_t left = strlen(text);

	while (left > 0) {
		struct pollfd p = { .fd = fd, .events = POLLOUT };
		size_t len = (left < PIPE_BUF) ? left : PIPE_BUF;
		ssize_t n;

		if (poll(&p, 1, 0) != 1 || (p.revents & POLLOUT) == 0) {
			return;
		}
		n = write(fd, text, len);
		if (n <= 0) {
			return;
		}
		text += n;
		left -= (size_t)n;
	}
}

static void wait_for_next(struct dump_status *d);

static void got_dump_status(struct tevent_req *subreq)
{
	struct dump_status *d =
		tevent_req_callback_data(subreq, struct dump_status);
	struct messaging_rec *rec = NULL;
	int err = messaging_filtered_read_recv(subreq, d, &rec);
	char *text = NULL;

	talloc_free(subreq);
	if (err == 0 && rec->num_fds == 1) {
		text = d->text(rec, d->private_data);
		if (text != NULL) {
			write_without_waiting((int)rec->fds[0], text);
		}
		close((int)rec->fds[0]);
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
			char *(*text)(TALLOC_CTX *mem_ctx, void *private_data),
			void *private_data)
{
	struct dump_status *d = talloc_zero(mem_ctx, struct dump_status);

	if (d == NULL) {
		return;
	}
	d->ev = ev;
	d->msg = msg;
	d->text = text;
	d->private_data = private_data;
	wait_for_next(d);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A connection of our own to this machine's ctdbd.
 */

#include "ctdb_link.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* What ctdbd has not taken so far.  One that hangs gets no more. */
#define OUT_MAX CTDB_PACKET_MAX

/*
 * Read in one turn: a hundred records of the set of aliases, which come in
 * thousands.
 */
#define IN_A_TURN 12288

struct ctdb_link {
	struct tevent_context *ev;
	char *path;
	void (*came)(void *private_data, const struct ctdb_packet *p);
	void *private_data;
	int fd;		       /* -1: not connected */
	struct tevent_fd *fde; /* closes it */
	uint8_t *in;
	size_t in_len;
	uint8_t *out;
	size_t out_len;
};

static void hang_up(struct ctdb_link *l)
{
	TALLOC_FREE(l->fde);
	l->fd = -1;
	l->in_len = 0;
	l->out_len = 0;
}

static void flush(struct ctdb_link *l)
{
	ssize_t n = 0;

	while (l->out_len > 0 &&
	       (n = send(l->fd, l->out, l->out_len,
			 MSG_DONTWAIT | MSG_NOSIGNAL)) > 0) {
		l->out_len -= (size_t)n;
		memmove(l->out, l->out + n, l->out_len);
	}
	if (n == -1 && errno != EAGAIN && errno != EINTR) {
		hang_up(l);
		return;
	}
	if (l->out_len > 0) {
		TEVENT_FD_WRITEABLE(l->fde);
	} else {
		TEVENT_FD_NOT_WRITEABLE(l->fde);
	}
}

/* Returns false if nothing more can be read. */
static bool take_packets(struct ctdb_link *l)
{
	struct ctdb_packet p;
	size_t done = 0;
	size_t len;
	bool bad = false;

	while ((len = ctdb_packet_length(l->in + done, l->in_len - done,
					 &bad)) > 0) {
		if (ctdb_read(l->in + done, len, &p)) {
			l->came(l->private_data, &p);
		}
		if (l->fd == -1) {
			return false;
		}
		done += len;
	}
	l->in_len -= done;
	memmove(l->in, l->in + done, l->in_len);
	return !bad;
}

static void receive(struct ctdb_link *l)
{
	size_t room = CTDB_PACKET_MAX - l->in_len;
	ssize_t n = recv(l->fd, l->in + l->in_len,
			 (room < IN_A_TURN) ? room : IN_A_TURN, MSG_DONTWAIT);

	if (n == -1 && (errno == EAGAIN || errno == EINTR)) {
		return;
	}
	if (n <= 0) {
		hang_up(l);
		return;
	}
	l->in_len += (size_t)n;
	if (!take_packets(l)) {
		hang_up(l);
	}
}

static void ready(struct tevent_context *ev, struct tevent_fd *fde,
		  uint16_t flags, void *private_data)
{
	struct ctdb_link *l =
		talloc_get_type_abort(private_data, struct ctdb_link);

	if ((flags & TEVENT_FD_WRITE) != 0) {
		flush(l);
	}
	if (l->fd != -1 && (flags & TEVENT_FD_READ) != 0) {
		receive(l);
	}
}

int ctdb_link_open(struct ctdb_link *l, bool *fresh)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int err = 0;

	*fresh = false;
	if (l->fd != -1) {
		return 0;
	}
	if (strlen(l->path) >= sizeof(to.sun_path)) {
		return ENAMETOOLONG;
	}
	strcpy(to.sun_path, l->path);
	l->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (l->fd == -1) {
		return errno;
	}
	if (connect(l->fd, (struct sockaddr *)&to, sizeof(to)) == -1) {
		err = errno;
	} else {
		l->fde = tevent_add_fd(l->ev, l, l->fd, TEVENT_FD_READ, ready,
				       l);
		err = (l->fde == NULL) ? ENOMEM : 0;
	}
	if (err != 0) {
		close(l->fd);
		l->fd = -1;
		return err;
	}
	tevent_fd_set_auto_close(l->fde);
	*fresh = true;
	return 0;
}

void ctdb_link_send(struct ctdb_link *l, const uint8_t *packet, size_t len)
{
	if (l->fd == -1 || len == 0 || len > OUT_MAX - l->out_len) {
		return;
	}
	memcpy(l->out + l->out_len, packet, len);
	l->out_len += len;
	flush(l);
}

struct ctdb_link *ctdb_link_init(TALLOC_CTX *mem_ctx,
				 struct tevent_context *ev, const char *path,
				 void (*came)(void *private_data,
					      const struct ctdb_packet *p),
				 void *private_data)
{
	struct ctdb_link *l = talloc_zero(mem_ctx, struct ctdb_link);

	if (l == NULL) {
		return NULL;
	}
	l->ev = ev;
	l->came = came;
	l->private_data = private_data;
	l->fd = -1;
	l->path = talloc_strdup(l, path);
	l->in = talloc_array(l, uint8_t, CTDB_PACKET_MAX);
	l->out = talloc_array(l, uint8_t, OUT_MAX);
	if (l->path == NULL || l->in == NULL || l->out == NULL) {
		TALLOC_FREE(l);
	}
	return l;
}

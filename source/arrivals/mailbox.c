/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The socket for messages.  Nothing here waits: who connects and is silent is
 * sent away after a while, and so is the one who has been there for longest
 * when there are too many.  Those who may not be here are heard as well, so that
 * it can be told what they wanted, but take no place from those who may.
 */

#include "mailbox.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "samba_private.h"
#include "steady.h"

#define BACKLOG	      128
#define VISITORS_MAX  32
#define INTRUDERS_MAX 8
#define PATIENCE_USEC 5000000
/* Is the socket still there?  Something that tidies up may have removed it. */
#define WATCH_USEC 5000000
/* When nobody can be let in, for want of descriptors. */
#define PAUSE_USEC 1000000

struct visitor {
	TAILQ_ENTRY(visitor) entry;
	struct mailbox *mailbox;
	int fd;
	uid_t uid;
	bool welcome;
	struct steady *patience;
	struct tevent_fd *fde;
};

struct mailbox {
	struct tevent_context *ev;
	const struct mailbox_ops *ops;
	void *private_data;
	char *path;
	int fd; /* -1: there is no socket */
	dev_t dev;
	ino_t ino;
	struct tevent_fd *fde;
	struct steady *watch;
	bool failed; /* and it was told */
	bool paused; /* likewise */
	uid_t guest;
	unsigned visitors_num;
	unsigned intruders_num;
	TAILQ_HEAD(, visitor) visitors; /* the oldest first */
};

static unsigned *count_of(struct visitor *v)
{
	return v->welcome ? &v->mailbox->visitors_num
			  : &v->mailbox->intruders_num;
}

static int leave(struct visitor *v)
{
	TAILQ_REMOVE(&v->mailbox->visitors, v, entry);
	(*count_of(v))--;
	TALLOC_FREE(v->fde); /* before its descriptor */
	close(v->fd);
	return 0;
}

static void out_of_patience(void *private_data)
{
	talloc_free(private_data);
}

static bool may_hand_in(const struct mailbox *box, uid_t uid)
{
	return uid == 0 || (box->guest != 0 && uid == box->guest);
}

static void answer(int fd, const char *why)
{
	char packet[LETTER_ANSWER_MAX] = { (why != NULL) ? 1 : 0 };
	size_t len = 1;

	if (why != NULL) {
		len += strlen(why);
		len = (len < sizeof(packet)) ? len : sizeof(packet);
		memcpy(packet + 1, why, len - 1);
	}
	(void)send(fd, packet, len, MSG_DONTWAIT | MSG_NOSIGNAL);
}

/* It has told that nobody took the message: so nobody takes it. */
static bool has_given_up(int fd)
{
	struct pollfd p = { .fd = fd };

	return poll(&p, 1, 0) == 1 && (p.revents & POLLHUP) != 0;
}

static void got_letter(struct tevent_context *ev, struct tevent_fd *fde,
		       uint16_t flags, void *private_data)
{
	struct visitor *v = talloc_get_type_abort(private_data, struct visitor);
	struct mailbox *box = v->mailbox;
	uint8_t packet[LETTER_MAX + 1];
	struct letter letter;
	bool is_letter = false;
	ssize_t len = recv(v->fd, packet, sizeof(packet), MSG_DONTWAIT);

	if (len < 0 && (errno == EAGAIN || errno == EINTR)) {
		return;
	}
	if (len > 0 && !(v->welcome && has_given_up(v->fd))) {
		is_letter = letter_read(packet, (size_t)len, &letter);
		answer(v->fd, (is_letter && v->welcome)
				      ? box->ops->letter(box->private_data,
							 &letter, v->uid)
				      : box->ops->forged(
						box->private_data,
						is_letter ? &letter : NULL,
						v->uid));
	}
	talloc_free(v);
}

/* The one of his kind who has been here for longest leaves. */
static void make_room(struct mailbox *box, bool welcome)
{
	struct visitor *v = TAILQ_FIRST(&box->visitors);

	if (box->visitors_num <= VISITORS_MAX &&
	    box->intruders_num <= INTRUDERS_MAX) {
		return;
	}
	while (v->welcome != welcome) {
		v = TAILQ_NEXT(v, entry);
	}
	talloc_free(v);
}

/* Takes the descriptor. */
static void receive(struct mailbox *box, int fd, uid_t uid)
{
	struct visitor *v = talloc_zero(box, struct visitor);

	if (v == NULL) {
		close(fd);
		return;
	}
	v->mailbox = box;
	v->fd = fd;
	v->uid = uid;
	v->welcome = may_hand_in(box, uid);
	TAILQ_INSERT_TAIL(&box->visitors, v, entry);
	(*count_of(v))++;
	talloc_set_destructor(v, leave);
	v->patience = steady_create(v, box->ev, out_of_patience, v);
	v->fde = tevent_add_fd(box->ev, v, fd, TEVENT_FD_READ, got_letter, v);
	if (v->patience == NULL || v->fde == NULL) {
		talloc_free(v);
		return;
	}
	steady_set(v->patience, PATIENCE_USEC);
	make_room(box, v->welcome);
}

/* Whoever waits would be told of again at once. */
static void take_a_pause(struct mailbox *box, int err)
{
	if (!box->paused) {
		DBG_ERR("messenger: messages from smbd wait: %s; it is tried "
			"again each second\n",
			strerror(err));
	}
	box->paused = true;
	tevent_fd_set_flags(box->fde, 0);
	steady_set(box->watch, PAUSE_USEC);
}

static void somebody_came(struct tevent_context *ev, struct tevent_fd *fde,
			  uint16_t flags, void *private_data)
{
	struct mailbox *box =
		talloc_get_type_abort(private_data, struct mailbox);
	struct ucred peer = { .uid = (uid_t)-1 };
	socklen_t len = sizeof(peer);
	struct sockaddr_un from;
	socklen_t from_len = sizeof(from);
	int fd = accept4(box->fd, (struct sockaddr *)&from, &from_len,
			 SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd == -1) {
		if (errno != EAGAIN && errno != EINTR &&
		    errno != ECONNABORTED) {
			take_a_pause(box, errno);
		}
		return;
	}
	box->paused = false;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) != 0) {
		close(fd);
		return;
	}
	receive(box, fd, peer.uid);
}

static bool is_ours(const struct mailbox *box)
{
	struct stat st;

	return box->fd != -1 && lstat(box->path, &st) == 0 &&
	       st.st_dev == box->dev && st.st_ino == box->ino;
}

static void stop_listening(struct mailbox *box)
{
	TALLOC_FREE(box->fde);
	if (box->fd != -1) {
		if (is_ours(box)) {
			(void)unlink(box->path);
		}
		close(box->fd);
		box->fd = -1;
	}
}

static int close_mailbox(struct mailbox *box)
{
	while (!TAILQ_EMPTY(&box->visitors)) {
		talloc_free(TAILQ_FIRST(&box->visitors));
	}
	stop_listening(box);
	return 0;
}

/* Returns 0 or an errno. */
static int bind_to(struct mailbox *box)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	struct stat st;

	if (strlen(box->path) >= sizeof(at.sun_path)) {
		return ENAMETOOLONG;
	}
	memcpy(at.sun_path, box->path, strlen(box->path) + 1);
	if (lstat(box->path, &st) == 0 && S_ISSOCK(st.st_mode)) {
		(void)unlink(box->path);
	}
	if (bind(box->fd, (struct sockaddr *)&at, sizeof(at)) != 0 ||
	    lstat(box->path, &st) != 0) {
		return errno;
	}
	box->dev = st.st_dev;
	box->ino = st.st_ino;
	/* who may is looked at, and told, when he comes */
	if (chmod(box->path, 0666) != 0 || listen(box->fd, BACKLOG) != 0) {
		return errno;
	}
	return 0;
}

/* What fails is told once, and tried again. */
static void open_socket(struct mailbox *box)
{
	int err = 0;

	stop_listening(box);
	box->fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC,
			 0);
	err = (box->fd != -1) ? bind_to(box) : errno;
	if (err == 0) {
		box->fde = tevent_add_fd(box->ev, box, box->fd, TEVENT_FD_READ,
					 somebody_came, box);
		err = (box->fde != NULL) ? 0 : ENOMEM;
	}
	if (err != 0) {
		stop_listening(box);
	}
	if (err != 0 && !box->failed) {
		DBG_ERR("messenger: no messages are taken from smbd: the "
			"socket %s: %s\n",
			box->path, strerror(err));
	}
	box->failed = err != 0;
}

static void look_after(void *private_data)
{
	struct mailbox *box =
		talloc_get_type_abort(private_data, struct mailbox);
	struct stat st;

	/* another one in its place may be of another nmbd */
	if (box->fd == -1 || lstat(box->path, &st) != 0) {
		if (box->fd != -1) {
			DBG_ERR("messenger: the socket %s was removed; it is "
				"made anew\n",
				box->path);
		}
		open_socket(box);
	} else if (box->fde != NULL) {
		tevent_fd_set_flags(box->fde, TEVENT_FD_READ);
	}
	steady_set(box->watch, WATCH_USEC);
}

struct mailbox *mailbox_open(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
			     const char *path, uid_t guest,
			     const struct mailbox_ops *ops, void *private_data)
{
	struct mailbox *box = talloc_zero(mem_ctx, struct mailbox);

	if (box != NULL) {
		TAILQ_INIT(&box->visitors);
		box->ev = ev;
		box->ops = ops;
		box->private_data = private_data;
		box->guest = guest;
		box->fd = -1;
		talloc_set_destructor(box, close_mailbox);
		box->path = talloc_strdup(box, path);
		box->watch = steady_create(box, ev, look_after, box);
	}
	if (box == NULL || box->path == NULL || box->watch == NULL) {
		DBG_ERR("messenger: no messages are taken from smbd: the "
			"socket %s: %s\n",
			path, strerror(ENOMEM));
		talloc_free(box);
		return NULL;
	}
	open_socket(box);
	steady_set(box->watch, WATCH_USEC);
	return box;
}

void mailbox_allow(struct mailbox *box, uid_t guest)
{
	box->guest = guest;
	if (!is_ours(box)) {
		box->failed = false;
		open_socket(box);
	}
}

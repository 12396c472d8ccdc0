/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * One question to one host.  The socket is connected: the kernel drops what
 * comes from anybody else, and tells when nobody is there.
 */

#include "probe.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include <util/tevent_unix.h>

#include "steady.h"

struct probe_state {
	struct tevent_context *ev;
	int fd; /* closed with its tevent_fd */
	uint16_t id;
	enum nbns_question question;
	unsigned tries;
	unsigned interval_ms;
	struct steady *timer;
	int err; /* of the last send */
	size_t len;
	uint8_t packet[NBNS_REQUEST_MAX];
	struct nbns_answer answer;
};

static void ask(void *private_data)
{
	struct tevent_req *req =
		talloc_get_type_abort(private_data, struct tevent_req);
	struct probe_state *state = tevent_req_data(req, struct probe_state);

	if (state->tries == 0) {
		tevent_req_error(req, (state->err != 0) ? state->err
							: ETIMEDOUT);
		return;
	}
	state->tries--;
	if (send(state->fd, state->packet, state->len, MSG_DONTWAIT) != -1) {
		state->err = 0;
	} else if (errno == ECONNREFUSED) {
		tevent_req_error(req, ECONNREFUSED);
		return;
	} else {
		/* one that cannot be sent now may be at the next try */
		state->err = errno;
	}
	steady_set(state->timer, (uint64_t)state->interval_ms * 1000);
}

static void answered(struct tevent_context *ev, struct tevent_fd *fde,
		     uint16_t flags, void *private_data)
{
	struct tevent_req *req =
		talloc_get_type_abort(private_data, struct tevent_req);
	struct probe_state *state = tevent_req_data(req, struct probe_state);
	uint8_t buf[NBNS_ANSWER_MAX];
	ssize_t len = recv(state->fd, buf, sizeof(buf), MSG_DONTWAIT);

	if (len == -1) {
		if (errno == ECONNREFUSED) {
			tevent_req_error(req, ECONNREFUSED);
		}
		return;
	}
	if (nbns_read_answer(buf, (size_t)len, state->id, state->question,
			     &state->answer) &&
	    !state->answer.wait) {
		tevent_req_done(req);
	}
}

static int open_socket(struct in_addr to)
{
	struct sockaddr_in sin = {
		.sin_family = AF_INET,
		.sin_port = htons(NBNS_PORT),
		.sin_addr = to,
	};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd != -1 &&
	    connect(fd, (struct sockaddr *)&sin, sizeof(sin)) == -1) {
		int err = errno;

		close(fd);
		errno = err;
		fd = -1;
	}
	return fd;
}

struct tevent_req *probe_send(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
			      const struct probe_question *q)
{
	struct probe_state *state = NULL;
	struct tevent_req *req =
		tevent_req_create(mem_ctx, &state, struct probe_state);
	struct tevent_fd *fde = NULL;

	if (req == NULL) {
		return NULL;
	}
	state->ev = ev;
	state->question = q->question;
	state->tries = q->tries;
	state->interval_ms = q->interval_ms;
	/* not to be guessed by a third host */
	if (getrandom(&state->id, sizeof(state->id), GRND_NONBLOCK) !=
	    sizeof(state->id)) {
		state->id = (uint16_t)random();
	}
	state->len = nbns_request(state->packet, state->id, q->question,
				  q->wire, q->type, q->scope, q->recursion);
	if (state->len == 0) {
		tevent_req_error(req, EINVAL);
		return tevent_req_post(req, ev);
	}
	state->fd = open_socket(q->to);
	if (state->fd == -1) {
		tevent_req_error(req, errno);
		return tevent_req_post(req, ev);
	}
	fde = tevent_add_fd(ev, state, state->fd, TEVENT_FD_READ, answered,
			    req);
	if (fde == NULL) {
		close(state->fd);
		tevent_req_error(req, ENOMEM);
		return tevent_req_post(req, ev);
	}
	tevent_fd_set_auto_close(fde);
	state->timer = steady_create(state, ev, ask, req);
	if (state->timer == NULL) {
		tevent_req_error(req, ENOMEM);
		return tevent_req_post(req, ev);
	}
	ask(req);
	if (!tevent_req_is_in_progress(req)) {
		return tevent_req_post(req, ev);
	}
	return req;
}

int probe_recv(struct tevent_req *req, struct nbns_answer *answer)
{
	struct probe_state *state = tevent_req_data(req, struct probe_state);
	int err = 0;

	if (!tevent_req_is_unix_error(req, &err)) {
		*answer = state->answer;
	}
	tevent_req_received(req);
	return err;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A broadcast query.  The socket is bound to our address on that net, so that
 * the kernel sends on it, and whoever answers is taken for what it is.
 */

#include "name_query.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include <util/tevent_unix.h>

#include "nbns.h"
#include "steady.h"

/* RFC 1002 6: BCAST_REQ_RETRY_COUNT, BCAST_REQ_RETRY_TIMEOUT */
#define TRIES	      3
#define INTERVAL_USEC 250000

struct name_query_state {
	int fd; /* closed with its tevent_fd */
	uint16_t id;
	unsigned tries;
	struct steady *timer;
	struct sockaddr_in to;
	int err; /* of the last send */
	bool sent;
	size_t len;
	uint8_t packet[NBNS_REQUEST_MAX];
	struct name_query_answer answer;
};

static void ask(void *private_data)
{
	struct tevent_req *req =
		talloc_get_type_abort(private_data, struct tevent_req);
	struct name_query_state *state =
		tevent_req_data(req, struct name_query_state);

	if (state->tries == 0 || state->answer.num_hosts > 0) {
		if (state->sent) {
			tevent_req_done(req);
		} else {
			tevent_req_error(req, state->err);
		}
		return;
	}
	state->tries--;
	if (sendto(state->fd, state->packet, state->len, MSG_DONTWAIT,
		   (struct sockaddr *)&state->to, sizeof(state->to)) != -1) {
		state->sent = true;
	} else {
		state->err = errno;
	}
	steady_set(state->timer, INTERVAL_USEC);
}

/* Once for each host. */
static void enter(struct name_query_answer *a, struct in_addr host)
{
	size_t i;

	for (i = 0; i < a->num_hosts; i++) {
		if (a->hosts[i].s_addr == host.s_addr) {
			return;
		}
	}
	if (a->num_hosts < NAME_QUERY_HOSTS_MAX) {
		a->hosts[a->num_hosts++] = host;
	}
}

static void answered(struct tevent_context *ev, struct tevent_fd *fde,
		     uint16_t flags, void *private_data)
{
	struct tevent_req *req =
		talloc_get_type_abort(private_data, struct tevent_req);
	struct name_query_state *state =
		tevent_req_data(req, struct name_query_state);
	struct sockaddr_in from = { .sin_family = AF_UNSPEC };
	socklen_t from_len = sizeof(from);
	uint8_t buf[NBNS_ANSWER_MAX];
	struct nbns_answer answer;
	ssize_t len = recvfrom(state->fd, buf, sizeof(buf), MSG_DONTWAIT,
			       (struct sockaddr *)&from, &from_len);

	if (len != -1 && from.sin_family == AF_INET &&
	    ntohs(from.sin_port) == NBNS_PORT &&
	    nbns_read_answer(buf, (size_t)len, state->id, NBNS_QUERY,
			     &answer) &&
	    !answer.wait && answer.rcode == 0) {
		enter(&state->answer, from.sin_addr);
		state->answer.group = state->answer.group || answer.group;
	}
}

static int open_socket(struct in_addr from)
{
	struct sockaddr_in sin = {
		.sin_family = AF_INET,
		.sin_addr = from,
	};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int yes = 1;

	if (fd != -1 &&
	    (setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &yes, sizeof(yes)) ==
		     -1 ||
	     bind(fd, (struct sockaddr *)&sin, sizeof(sin)) == -1)) {
		int err = errno;

		close(fd);
		errno = err;
		fd = -1;
	}
	return fd;
}

struct tevent_req *name_query_send(TALLOC_CTX *mem_ctx,
				   struct tevent_context *ev,
				   struct in_addr from,
				   struct in_addr broadcast,
				   const struct netbios_name *name,
				   const char *scope)
{
	struct name_query_state *state = NULL;
	struct tevent_req *req =
		tevent_req_create(mem_ctx, &state, struct name_query_state);
	struct tevent_fd *fde = NULL;

	if (req == NULL) {
		return NULL;
	}
	state->tries = TRIES;
	state->to.sin_family = AF_INET;
	state->to.sin_port = htons(NBNS_PORT);
	state->to.sin_addr = broadcast;
	/* not to be guessed by a third host */
	if (getrandom(&state->id, sizeof(state->id), GRND_NONBLOCK) !=
	    sizeof(state->id)) {
		state->id = (uint16_t)random();
	}
	state->len = nbns_broadcast_query(state->packet, state->id, &name->wire,
					  name->type, scope);
	state->fd = (state->len > 0) ? open_socket(from) : -1;
	if (state->fd == -1) {
		tevent_req_error(req, (state->len > 0) ? errno : EINVAL);
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
	return req;
}

int name_query_recv(struct tevent_req *req, struct name_query_answer *answer)
{
	struct name_query_state *state =
		tevent_req_data(req, struct name_query_state);
	int err = 0;

	if (!tevent_req_is_unix_error(req, &err)) {
		*answer = state->answer;
	}
	tevent_req_received(req);
	return err;
}

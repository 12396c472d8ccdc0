/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Each request goes out under a task of its own in this process, and nmbd
 * answers to that: so the answers, which come in any order, find their
 * request.
 *
 * An nmbd without the module drops a request without a word, but tells of its
 * ring buffer log when asked, and reads messages in order: if that comes
 * first, nobody answers requests.
 */

#include "ask.h"

#include <string.h>

#include "messenger.h"
#include "samba_private.h"

struct ask_state {
	struct server_id nmbd;
	uint32_t task;
	uint32_t code; /* why there is no answer */
	char *answer;
};

static bool is_for_us(struct messaging_rec *rec, void *private_data)
{
	const struct ask_state *state = private_data;

	/* on a cluster another node's nmbd may answer in its stead */
	return (rec->src.pid == state->nmbd.pid ||
		rec->src.vnn != state->nmbd.vnn) &&
	       rec->dest.task_id == state->task &&
	       (rec->msg_type == MESSENGER_MSG_REQUEST ||
		rec->msg_type == MSG_RINGBUF_LOG);
}

static void fail(struct tevent_req *req, uint32_t code)
{
	struct ask_state *state = tevent_req_data(req, struct ask_state);

	state->code = code;
	tevent_req_error(req, 1);
}

static void got_answer(struct tevent_req *subreq)
{
	struct tevent_req *req =
		tevent_req_callback_data(subreq, struct tevent_req);
	struct ask_state *state = tevent_req_data(req, struct ask_state);
	struct messaging_rec *rec = NULL;
	int error = messaging_filtered_read_recv(subreq, state, &rec);

	talloc_free(subreq);
	if (error != 0) {
		fail(req, NERR_NetworkError);
		return;
	}
	if (rec->msg_type != MESSENGER_MSG_REQUEST) {
		fail(req, NERR_MsgNotStarted);
		return;
	}
	state->answer = talloc_strndup(state, (const char *)rec->buf.data,
				       rec->buf.length);
	talloc_free(rec);
	if (!tevent_req_nomem(state->answer, req)) {
		tevent_req_done(req);
	}
}

static bool send_as(struct messaging_context *msg,
		    const struct ask_state *state, uint32_t type,
		    const char *text)
{
	struct server_id self = messaging_server_id(msg);
	struct iovec iov = {
		.iov_base = (void *)(uintptr_t)text,
		.iov_len = (text != NULL) ? strlen(text) + 1 : 0,
	};

	self.task_id = state->task;
	return messaging_send_iov_from(msg, self, state->nmbd, type, &iov, 1,
				       NULL, 0) == 0;
}

struct tevent_req *ask_send(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
			    struct messaging_context *msg, const char *request,
			    bool probe, unsigned seconds)
{
	static uint32_t last_task;
	struct ask_state *state = NULL;
	struct tevent_req *req =
		tevent_req_create(mem_ctx, &state, struct ask_state);
	struct tevent_req *subreq = NULL;
	pid_t pid = pidfile_pid(lp_pid_directory(), "nmbd");

	if (req == NULL) {
		return NULL;
	}
	state->code = NERR_NetworkError;
	if (pid == 0) {
		fail(req, NERR_NetworkError);
		return tevent_req_post(req, ev);
	}
	state->nmbd = pid_to_procid(pid);
	state->task = ++last_task;
	if (state->task == 0) { /* the process itself */
		state->task = ++last_task;
	}
	subreq = messaging_filtered_read_send(state, ev, msg, is_for_us, state);
	if (tevent_req_nomem(subreq, req)) {
		return tevent_req_post(req, ev);
	}
	tevent_req_set_callback(subreq, got_answer, req);
	if (!send_as(msg, state, MESSENGER_MSG_REQUEST, request) ||
	    (probe && !send_as(msg, state, MSG_REQ_RINGBUF_LOG, NULL))) {
		fail(req, NERR_NetworkError);
		return tevent_req_post(req, ev);
	}
	if (!tevent_req_set_endtime(req, ev,
				    tevent_timeval_current_ofs(seconds, 0))) {
		return tevent_req_post(req, ev);
	}
	return req;
}

uint32_t ask_recv(struct tevent_req *req, TALLOC_CTX *mem_ctx, char **answer)
{
	struct ask_state *state = tevent_req_data(req, struct ask_state);
	enum tevent_req_state how;
	uint64_t error = 0;
	uint32_t code = NERR_Success;

	if (tevent_req_is_error(req, &how, &error)) {
		code = state->code;
	} else {
		*answer = talloc_move(mem_ctx, &state->answer);
	}
	tevent_req_received(req);
	return code;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Requests to the nmbd of this machine, over Samba's messaging.
 *
 * An nmbd without the module drops a request without a word.  It does tell of
 * its ring buffer log when asked, and messages are read in order: if that comes
 * before the answer to a request that was sent earlier, nobody answers
 * requests.  (A ping, or its debug level, would do as well, but nmbd logs each
 * at level 1.)
 */

#include "client.h"

#include <string.h>
#include <unistd.h>

#include "messenger.h"
#include "samba_private.h"

struct client {
	struct tevent_context *ev;
	struct messaging_context *msg;
	struct server_id nmbd;

	/* of the question that is under way */
	size_t pending;
	bool heard;		    /* nmbd told of its ring buffer */
	struct tevent_timer *timer; /* NULL: time is over */
	void (*answered)(void *private_data, const char *text);
	void *private_data;
};

const char *client_error_text(enum client_error error)
{
	switch (error) {
	case CLIENT_OK:
		break;
	case CLIENT_NO_CONFIG:
		return "smb.conf cannot be read; name it with -s FILE";
	case CLIENT_NOT_PERMITTED:
		return "not permitted: only root may speak to nmbd; use sudo";
	case CLIENT_NO_NMBD:
		return "nmbd is not running; start it: systemctl start nmbd";
	case CLIENT_NO_MODULE:
		return "nmbd runs without the module: set \"nmbd:modules = "
		       "messenger\" in smb.conf,\nsee that nmbd.service has "
		       "its LD_PRELOAD line, and restart nmbd";
	case CLIENT_TIMEOUT:
		return "nmbd did not answer in time; wait longer with "
		       "-t SECONDS";
	}
	return "done";
}

static void got_answer(struct messaging_context *msg, void *private_data,
		       uint32_t msg_type, struct server_id from,
		       DATA_BLOB *data)
{
	struct client *c = talloc_get_type_abort(private_data, struct client);
	char *text = NULL;

	if (from.pid != c->nmbd.pid || c->pending == 0) {
		return;
	}
	text = talloc_strndup(c, (const char *)data->data, data->length);
	if (text == NULL) {
		return;
	}
	c->pending--;
	if (c->answered != NULL) {
		c->answered(c->private_data, text);
	}
	talloc_free(text);
}

static void got_ringbuf(struct messaging_context *msg, void *private_data,
			uint32_t msg_type, struct server_id from,
			DATA_BLOB *data)
{
	struct client *c = talloc_get_type_abort(private_data, struct client);

	c->heard = true;
}

static void out_of_time(struct tevent_context *ev, struct tevent_timer *te,
			struct timeval now, void *private_data)
{
	struct client *c = talloc_get_type_abort(private_data, struct client);

	c->timer = NULL; /* tevent frees it */
}

static bool send_message(struct client *c, uint32_t type, const char *text)
{
	return NT_STATUS_IS_OK(
		messaging_send_buf(c->msg, c->nmbd, type, (const uint8_t *)text,
				   (text != NULL) ? strlen(text) + 1 : 0));
}

/* Until all is answered, or nmbd was heard and that is enough. */
static enum client_error wait_for_answers(struct client *c, unsigned seconds,
					  bool until_heard)
{
	c->timer = tevent_add_timer(c->ev, c,
				    tevent_timeval_current_ofs(seconds, 0),
				    out_of_time, c);
	while (c->timer != NULL && c->pending > 0 &&
	       !(until_heard && c->heard)) {
		if (tevent_loop_once(c->ev) != 0) {
			break;
		}
	}
	TALLOC_FREE(c->timer);
	if (c->pending == 0) {
		return CLIENT_OK;
	}
	c->pending = 0;
	return (until_heard && c->heard) ? CLIENT_NO_MODULE : CLIENT_TIMEOUT;
}

static enum client_error look_for_module(struct client *c, unsigned seconds)
{
	c->pending = 1;
	c->answered = NULL;
	c->heard = false;
	if (!send_message(c, MESSENGER_MSG_REQUEST, "json help") ||
	    !send_message(c, MSG_REQ_RINGBUF_LOG, NULL)) {
		return CLIENT_NO_NMBD;
	}
	return wait_for_answers(c, seconds, true);
}

enum client_error client_connect(TALLOC_CTX *mem_ctx, const char *config,
				 unsigned seconds, struct client **client)
{
	struct client *c = NULL;
	enum client_error error;
	pid_t pid;

	if (geteuid() != 0) {
		return CLIENT_NOT_PERMITTED;
	}
	if (!lp_load_global((config != NULL) ? config : lp_default_path())) {
		return CLIENT_NO_CONFIG;
	}
	pid = pidfile_pid(lp_pid_directory(), "nmbd");
	if (pid == 0) {
		return CLIENT_NO_NMBD;
	}
	c = talloc_zero(mem_ctx, struct client);
	if (c == NULL) {
		return CLIENT_NOT_PERMITTED;
	}
	c->ev = tevent_context_init(c);
	c->msg = (c->ev != NULL) ? messaging_init(c, c->ev) : NULL;
	if (c->msg == NULL ||
	    !NT_STATUS_IS_OK(messaging_register(c->msg, c,
						MESSENGER_MSG_REQUEST,
						got_answer)) ||
	    !NT_STATUS_IS_OK(messaging_register(c->msg, c, MSG_RINGBUF_LOG,
						got_ringbuf))) {
		talloc_free(c);
		return CLIENT_NOT_PERMITTED;
	}
	c->nmbd = pid_to_procid(pid);
	error = look_for_module(c, seconds);
	if (error != CLIENT_OK) {
		talloc_free(c);
		return error;
	}
	*client = c;
	return CLIENT_OK;
}

enum client_error client_ask(struct client *c, char **requests, size_t num,
			     unsigned seconds,
			     void (*answered)(void *private_data,
					      const char *text),
			     void *private_data)
{
	size_t i;

	c->pending = num;
	c->answered = answered;
	c->private_data = private_data;
	for (i = 0; i < num; i++) {
		if (!send_message(c, MESSENGER_MSG_REQUEST, requests[i])) {
			c->pending = 0;
			return CLIENT_NO_NMBD;
		}
	}
	return wait_for_answers(c, seconds, false);
}

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

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "messenger.h"
#include "parts.h"
#include "samba_private.h"
#include "silence.h"

/* How long an nmbd that has begun may have no ear for messages. */
#define BEGINNING_SECONDS 5
#define AGAIN_USEC	  50000

/* How often it is looked whether nmbd is there, and for what it said before. */
#define LOOK_USEC 200000
#define LAST_USEC 100000

struct client {
	const char *config;
	unsigned seconds;

	/* one connection; gone with the next */
	TALLOC_CTX *connection;
	struct tevent_context *ev;
	struct messaging_context *msg;
	struct server_id nmbd;
	char *said; /* by a module that has no service; NULL: nothing */
	uint32_t here; /* the node that this machine is */
	bool in_parts; /* its module knows to send long answers so */

	/* of the question that is under way */
	size_t pending;
	bool heard;		    /* nmbd told of its ring buffer */
	struct tevent_timer *timer; /* NULL: time is over */
	struct tevent_timer *look;
	bool ended;		    /* nmbd has, meanwhile */
	void (*answered)(void *private_data, const char *text);
	void *private_data;
	struct parts *parts;
};

struct client *client_create(TALLOC_CTX *mem_ctx, const char *config,
			     unsigned seconds)
{
	struct client *c = talloc_zero(mem_ctx, struct client);

	if (c != NULL) {
		c->config = config;
		c->seconds = seconds;
	}
	return c;
}

/* On a cluster another node's nmbd may answer in its stead. */
static bool is_awaited(const struct client *c, struct server_id from)
{
	return c->pending > 0 &&
	       (from.pid == c->nmbd.pid || from.vnn != c->nmbd.vnn);
}

static void got_whole(struct client *c, const char *text)
{
	c->pending--;
	c->answered(c->private_data, text);
}

static void got_answer(struct messaging_context *msg, void *private_data,
		       uint32_t msg_type, struct server_id from,
		       DATA_BLOB *data)
{
	struct client *c = talloc_get_type_abort(private_data, struct client);
	char *text = NULL;

	if (!is_awaited(c, from)) {
		return;
	}
	text = talloc_strndup(c, (const char *)data->data, data->length);
	if (text != NULL) {
		got_whole(c, text);
	}
	talloc_free(text);
}

static void got_part(struct messaging_context *msg, void *private_data,
		     uint32_t msg_type, struct server_id from, DATA_BLOB *data)
{
	struct client *c = talloc_get_type_abort(private_data, struct client);
	char *text = NULL;

	if (is_awaited(c, from)) {
		text = parts_take(c, c->parts, data->data, data->length);
	}
	if (text != NULL) {
		got_whole(c, text);
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

static void set_timer(struct client *c, struct tevent_timer **timer,
		      uint32_t seconds, uint32_t usec, tevent_timer_handler_t fn)
{
	talloc_free(*timer);
	*timer = tevent_add_timer(c->ev, c,
				  tevent_timeval_current_ofs(seconds, usec), fn,
				  c);
}

/*
 * Of the nmbd of another node it is not known.  Samba's pidfile_pid() is not for
 * who asks often: it removes a file of an nmbd that has ended, which may be that
 * of the next one by then.
 */
static bool has_ended(const struct client *c)
{
	return c->nmbd.vnn == c->here && kill((pid_t)c->nmbd.pid, 0) != 0 &&
	       errno == ESRCH;
}

/* On a cluster another node may be about to answer in its stead. */
static void look(struct tevent_context *ev, struct tevent_timer *te,
		 struct timeval now, void *private_data)
{
	struct client *c = talloc_get_type_abort(private_data, struct client);

	c->look = NULL; /* tevent frees it */
	c->ended = has_ended(c);
	if (!c->ended) {
		set_timer(c, &c->look, 0, LOOK_USEC, look);
	} else if (!lp_clustering()) {
		set_timer(c, &c->timer, 0, LAST_USEC, out_of_time);
	}
}

static bool send_message(struct client *c, uint32_t type, const char *text)
{
	return NT_STATUS_IS_OK(
		messaging_send_buf(c->msg, c->nmbd, type, (const uint8_t *)text,
				   (text != NULL) ? strlen(text) + 1 : 0));
}

/*
 * Until nmbd told of its ring buffer, or until all is answered.  What it tells
 * must not be left behind: the next connection would take it for its own.
 */
static void wait_for_answers(struct client *c, bool until_heard)
{
	c->ended = false;
	set_timer(c, &c->timer, c->seconds, 0, out_of_time);
	set_timer(c, &c->look, 0, LOOK_USEC, look);
	while (c->timer != NULL &&
	       (until_heard ? !c->heard : c->pending > 0)) {
		if (tevent_loop_once(c->ev) != 0) {
			break;
		}
	}
	TALLOC_FREE(c->timer);
	TALLOC_FREE(c->look);
}

/* A module without a service says so to whatever it is asked. */
static void got_help(void *private_data, const char *text)
{
	struct client *c = private_data;

	if (text[0] != '{') {
		c->said = talloc_strndup(c->connection, text,
					 strcspn(text, "\n"));
	}
	c->in_parts = (strstr(text, "\"parts\":true") != NULL);
}

/* An nmbd that has only just begun is not there for messages yet. */
static bool ask_for_module(struct client *c)
{
	unsigned left = BEGINNING_SECONDS * 1000000 / AGAIN_USEC;

	while (!send_message(c, MESSENGER_MSG_REQUEST, "json help") ||
	       !send_message(c, MSG_REQ_RINGBUF_LOG, NULL)) {
		if (left-- == 0 || usleep(AGAIN_USEC) != 0 ||
		    pidfile_pid(lp_pid_directory(), "nmbd") !=
			    (pid_t)c->nmbd.pid) {
			return false;
		}
	}
	return true;
}

static enum client_error look_for_module(struct client *c)
{
	c->pending = 1;
	c->answered = got_help;
	c->private_data = c;
	c->heard = false;
	if (!ask_for_module(c)) {
		return CLIENT_NO_NMBD;
	}
	wait_for_answers(c, true);
	if (c->pending == 0) {
		return (c->said != NULL) ? CLIENT_NO_SERVICE : CLIENT_OK;
	}
	c->pending = 0;
	if (c->ended) {
		return CLIENT_ENDED;
	}
	return c->heard ? CLIENT_NO_MODULE : CLIENT_SILENT;
}

/* Samba takes a folder for an empty smb.conf. */
static bool load_config(const char *path)
{
	struct stat st;

	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
		return false;
	}
	return lp_load_global(path);
}

static bool open_connection(struct client *c)
{
	c->connection = talloc_new(c);
	c->ev = (c->connection != NULL) ? tevent_context_init(c->connection)
					: NULL;
	c->msg = (c->ev != NULL) ? messaging_init(c->connection, c->ev) : NULL;
	c->parts = (c->msg != NULL) ? parts_create(c->connection) : NULL;
	return c->parts != NULL &&
	       NT_STATUS_IS_OK(messaging_register(c->msg, c,
						  MESSENGER_MSG_REQUEST,
						  got_answer)) &&
	       NT_STATUS_IS_OK(messaging_register(c->msg, c,
						  MESSENGER_MSG_PARTS,
						  got_part)) &&
	       NT_STATUS_IS_OK(messaging_register(c->msg, c, MSG_RINGBUF_LOG,
						  got_ringbuf));
}

enum client_error client_connect(struct client *c)
{
	pid_t pid;

	c->said = NULL;
	c->in_parts = false;
	TALLOC_FREE(c->connection);
	if (geteuid() != 0) {
		return CLIENT_NOT_PERMITTED;
	}
	if (!load_config((c->config != NULL) ? c->config : lp_default_path())) {
		return CLIENT_NO_CONFIG;
	}
	pid = pidfile_pid(lp_pid_directory(), "nmbd");
	if (pid == 0) {
		return CLIENT_NO_NMBD;
	}
	if (!open_connection(c)) {
		return CLIENT_NO_MESSAGING;
	}
	/* now: before, on a cluster, it is not known which node this is */
	c->nmbd = pid_to_procid(pid);
	c->here = c->nmbd.vnn;
	return look_for_module(c);
}

enum client_error client_ask(struct client *c, char *const *requests,
			     size_t num,
			     void (*answered)(void *private_data,
					      const char *text),
			     void *private_data)
{
	size_t i;

	c->pending = num;
	c->answered = answered;
	c->private_data = private_data;
	for (i = 0; i < num; i++) {
		if (!send_message(c,
				  (c->in_parts && c->nmbd.vnn == c->here)
					  ? MESSENGER_MSG_PARTS
					  : MESSENGER_MSG_REQUEST,
				  requests[i])) {
			c->pending = 0;
			return CLIENT_NO_NMBD;
		}
	}
	wait_for_answers(c, false);
	if (c->pending != 0) {
		c->pending = 0;
		return c->ended ? CLIENT_ENDED : CLIENT_TIMEOUT;
	}
	return CLIENT_OK;
}

void client_turn_to(struct client *c, uint32_t node, uint32_t pid)
{
	c->nmbd.vnn = node;
	c->nmbd.pid = pid;
}

enum client_error client_ask_in_parts(struct client *c, char *const *requests,
				      size_t num, size_t most,
				      void (*answered)(void *private_data,
						       const char *text),
				      void *private_data)
{
	enum client_error error = CLIENT_OK;
	size_t at = 0;

	while (at < num && error == CLIENT_OK) {
		size_t part = (num - at < most) ? num - at : most;

		error = client_ask(c, requests + at, part, answered,
				   private_data);
		at += part;
	}
	return error;
}

char *client_error_text(TALLOC_CTX *mem_ctx, const struct client *c,
			enum client_error error)
{
	const char *config =
		(c->config != NULL) ? c->config : lp_default_path();

	switch (error) {
	case CLIENT_NO_CONFIG:
		return talloc_asprintf(mem_ctx,
				       "%s cannot be read as smb.conf; name "
				       "the one of nmbd with -s FILE",
				       config);
	case CLIENT_NOT_PERMITTED:
		return talloc_strdup(mem_ctx, "not permitted: only root may "
					      "speak to nmbd; use sudo");
	case CLIENT_NO_MESSAGING:
		return talloc_strdup(mem_ctx,
				     "Samba's messages cannot be used: its "
				     "lock directory or private directory "
				     "cannot be written, or there is no "
				     "memory");
	case CLIENT_NO_NMBD:
		return talloc_strdup(mem_ctx, "nmbd is not running; start it: "
					      "systemctl start nmbd");
	case CLIENT_NO_MODULE:
		return silence_without_module(mem_ctx, (pid_t)c->nmbd.pid);
	case CLIENT_NO_SERVICE:
		return talloc_strdup(mem_ctx, c->said);
	case CLIENT_SILENT:
		return silence_of_nmbd(mem_ctx, (pid_t)c->nmbd.pid, c->seconds);
	case CLIENT_TIMEOUT:
		return talloc_asprintf(mem_ctx,
				       "nmbd did not answer in time (%u s); "
				       "what it was told may still be done, "
				       "and smbmessenger list shows what "
				       "becomes of it; wait longer with -t "
				       "SECONDS",
				       c->seconds);
	case CLIENT_ENDED:
		return talloc_asprintf(mem_ctx,
				       "nmbd (process %d) has ended before it "
				       "answered; when it runs again "
				       "smbmessenger list shows what has "
				       "become of what it was told",
				       (int)c->nmbd.pid);
	case CLIENT_OK:
		break;
	}
	return talloc_strdup(mem_ctx, "done");
}

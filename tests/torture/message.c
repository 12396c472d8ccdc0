/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Sends nmbd messages that nobody should send: any bytes of any size at the
 * type of our requests, requests that are mutated, and dump-status with what
 * is not a file descriptor to write to.
 *
 *	message SMB.CONF SEED MESSAGES [stock]
 *
 * After each fifty nmbd has to answer a request.  Prints one line: messages
 * sent, answers.  Exit code 1: it does not answer any more.
 *
 * Stock nmbd knows none of these requests: it is asked for its log lines in
 * place of a long answer, and of the one that it has to answer.
 */

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "random.h"

#include "messenger.h"
#include "samba_private.h"

#define SIZE_MAX_SMALL	300
#define SIZE_MAX_LARGE	(300 * 1024)
#define BARRIER_EVERY	50
#define BARRIER_SECONDS 20
#define FDS_MAX		4
#define UNREAD		64

/* Samba's, source3/include/messages.h */
NTSTATUS messaging_send_iov(struct messaging_context *msg_ctx,
			    struct server_id server, uint32_t msg_type,
			    const struct iovec *iov, int iovlen, const int *fds,
			    size_t num_fds);

static const char *const requests[] = {
	"",
	"list",
	"status",
	"help",
	"explain",
	"events 256",
	"events after 7",
	"json list",
	"json status",
	"json events 256",
	"json explain",
	"add OPERATOR",
	"add FRONT DESK",
	"json add HELPDESK",
	"add A",
	"delete OPERATOR",
	"delete FRONT DESK",
	"json delete HELPDESK",
	"delete A",
	"delete ALPHA",
	"json add ALPHA",
	"start",
};

#define NUM_REQUESTS (sizeof(requests) / sizeof(requests[0]))

static struct sender {
	struct tevent_context *ev;
	struct messaging_context *msg;
	struct server_id nmbd;
	unsigned long sent;
	unsigned long answers;
	bool helped;
	bool stock;
	unsigned long logs; /* stock: asked for, and not answered */
	int unread[UNREAD]; /* ends that nobody reads */
	size_t next_unread;
} s;

static void send_data(const void *data, size_t len)
{
	s.sent++;
	(void)messaging_send_buf(s.msg, s.nmbd, MESSENGER_MSG_REQUEST, data,
				 len);
}

static void send_anything(void)
{
	static uint8_t data[SIZE_MAX_LARGE];
	size_t len = below(below(100) == 0 ? SIZE_MAX_LARGE : SIZE_MAX_SMALL);

	fill(data, len);
	send_data(data, len);
}

static void ask_for_log(void)
{
	s.sent++;
	s.logs++;
	(void)messaging_send_buf(s.msg, s.nmbd, MSG_REQ_RINGBUF_LOG, NULL, 0);
}

static void send_request(bool mutated)
{
	char text[64];
	size_t len;

	snprintf(text, sizeof(text), "%s", requests[below(NUM_REQUESTS)]);
	if (s.stock && !mutated && strstr(text, "256") != NULL) {
		ask_for_log();
		return;
	}
	len = strlen(text) + 1;
	if (mutated) {
		text[below((uint32_t)len)] = (char)below(256);
		len = below(4) == 0 ? below((uint32_t)len) : len;
	}
	send_data(text, len);
}

static void keep_unread(int fd)
{
	close(s.unread[s.next_unread]);
	s.unread[s.next_unread] = fd;
	s.next_unread = (s.next_unread + 1) % UNREAD;
}

/* A socket that takes less than what is to be written, and is not read. */
static int narrow_socket(void)
{
	int size = 1;
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0) {
		return -1;
	}
	(void)setsockopt(fds[1], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	keep_unread(fds[0]);
	return fds[1];
}

/* A pipe that is full, or without a reader. */
static int bad_pipe(bool full)
{
	char fill[4096] = "";
	int fds[2];

	if (pipe2(fds, O_CLOEXEC | O_NONBLOCK) != 0) {
		return -1;
	}
	while (full && write(fds[1], fill, sizeof(fill)) > 0) {
		;
	}
	(void)fcntl(fds[1], F_SETFL, 0);
	if (full) {
		keep_unread(fds[0]);
	} else {
		close(fds[0]);
	}
	return fds[1];
}

static int strange_fd(void)
{
	switch (below(5)) {
	case 0:
		return open("/dev/null", O_RDWR | O_CLOEXEC);
	case 1:
		return open("/dev/zero", O_RDONLY | O_CLOEXEC);
	case 2:
		return narrow_socket();
	case 3:
		return bad_pipe(true);
	default:
		return bad_pipe(false);
	}
}

static void send_dump_status(void)
{
	char text[16] = "rubbish";
	struct iovec iov = { .iov_base = text, .iov_len = below(16) };
	int fds[FDS_MAX];
	size_t num = (below(2) == 0) ? 1 : below(FDS_MAX + 1);
	size_t i;

	for (i = 0; i < num; i++) {
		fds[i] = strange_fd();
		if (fds[i] == -1) {
			num = i;
			break;
		}
	}
	s.sent++;
	(void)messaging_send_iov(s.msg, s.nmbd, MSG_RPC_DUMP_STATUS, &iov, 1,
				 fds, num);
	for (i = 0; i < num; i++) {
		close(fds[i]);
	}
}

static void send_one(void)
{
	switch (below(8)) {
	case 0:
	case 1:
		send_anything();
		break;
	case 2:
		send_dump_status();
		break;
	case 3:
	case 4:
		send_request(false);
		break;
	default:
		send_request(true);
		break;
	}
}

static void answered(struct messaging_context *msg, void *private_data,
		     uint32_t msg_type, struct server_id from, DATA_BLOB *data)
{
	/* of "json help": nothing else that is sent is answered so */
	static const char help[] = "{\"requests\":";

	s.answers++;
	if (data->length >= strlen(help) &&
	    memcmp(data->data, help, strlen(help)) == 0) {
		s.helped = true;
	}
}

static void got_log(struct messaging_context *msg, void *private_data,
		    uint32_t msg_type, struct server_id from, DATA_BLOB *data)
{
	s.answers++;
	s.logs -= (s.logs > 0) ? 1 : 0;
	s.helped = (s.logs == 0);
}

static void out_of_time(struct tevent_context *ev, struct tevent_timer *te,
			struct timeval now, void *private_data)
{
	bool *over = private_data;

	*over = true;
}

static bool barrier(void)
{
	bool over = false;
	struct tevent_timer *timer =
		tevent_add_timer(s.ev, s.ev,
				 tevent_timeval_current_ofs(BARRIER_SECONDS, 0),
				 out_of_time, &over);
	static const char request[] = "json help";

	s.helped = false;
	if (s.stock) {
		ask_for_log();
	} else {
		send_data(request, sizeof(request));
	}
	while (!s.helped && !over && tevent_loop_once(s.ev) == 0) {
		;
	}
	if (!over) {
		talloc_free(timer);
	}
	return s.helped;
}

static bool connect_to(const char *conf)
{
	pid_t pid;

	if (!lp_load_global(conf)) {
		return false;
	}
	pid = pidfile_pid(lp_pid_directory(), "nmbd");
	s.ev = tevent_context_init(NULL);
	s.msg = (s.ev != NULL && pid != 0) ? messaging_init(s.ev, s.ev) : NULL;
	if (s.msg == NULL) {
		return false;
	}
	s.nmbd = pid_to_procid(pid);
	return NT_STATUS_IS_OK(messaging_register(s.msg, NULL,
						  MESSENGER_MSG_REQUEST,
						  answered)) &&
	       NT_STATUS_IS_OK(messaging_register(s.msg, NULL, MSG_RINGBUF_LOG,
						  got_log));
}

int main(int argc, char **argv)
{
	TALLOC_CTX *frame = _talloc_stackframe(__location__);
	unsigned long messages;
	bool alive = true;

	if (argc != 4 && argc != 5) {
		fprintf(stderr, "message SMB.CONF SEED MESSAGES [stock]\n");
		return 2;
	}
	s.stock = (argc == 5);
	signal(SIGPIPE, SIG_IGN);
	memset(s.unread, 0xff, sizeof(s.unread)); /* -1 */
	random_seed(argv[2]);
	messages = strtoul(argv[3], NULL, 0);
	if (!connect_to(argv[1])) {
		fprintf(stderr, "message: nmbd is not there\n");
		return 2;
	}
	while (alive && s.sent < messages) {
		send_one();
		if (s.sent % BARRIER_EVERY == 0) {
			alive = barrier();
		}
	}
	alive = alive && barrier();
	printf("%lu %lu\n", s.sent, s.answers);
	talloc_free(s.ev);
	talloc_free(frame);
	return alive ? 0 : 1;
}

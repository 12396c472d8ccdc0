/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * smbmessenger send.  The protocol is smbclient's matter; here is what it
 * says.
 */

#include "send.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PROGRAM	   "smbclient"
#define OUTPUT_MAX 8192
/* What a shell says of a program that is not there. */
#define STATUS_NOT_FOUND 127
/* It had to be ended; and before it had a session. */
#define STATUS_SILENT (-1)
#define STATUS_WAITS  (-2)

struct run {
	int in;	 /* it reads from */
	int unread; /* the other end, to see whether it does */
	int out; /* it writes to, both streams */
	pid_t pid;
	char output[OUTPUT_MAX];
	size_t len;
};

static void become_smbclient(const struct send_order *order, TALLOC_CTX *frame)
{
	const char *argv[20];
	size_t n = 0;

	argv[n++] = PROGRAM;
	if (order->config != NULL) {
		argv[n++] = "-s";
		argv[n++] = order->config;
	}
	argv[n++] = "-M";
	argv[n++] = order->name;
	argv[n++] = "-I";
	argv[n++] = order->address;
	argv[n++] = "-U";
	/* a message needs no password, and smbclient would ask for one */
	argv[n++] = talloc_asprintf(frame, "%s%%", order->sender);
	/* for each step of it; it has 20 s otherwise, and would be first */
	argv[n++] = "-t";
	argv[n++] = talloc_asprintf(frame, "%u", order->seconds + 1);
	argv[n++] = "-d";
	argv[n++] = "0";
	/*
	 * It has nothing to convert, and sends what it reads; but it takes
	 * smb.conf for text of that charset, too.
	 */
	argv[n++] = "-n";
	argv[n++] = order->machine;
	argv[n++] = talloc_asprintf(frame, "--option=unix charset=%s",
				    order->charset);
	argv[n] = NULL;
	if (setenv("LC_ALL", "C.UTF-8", 1) == 0) {
		(void)execvp(PROGRAM, (char *const *)argv);
	}
	_exit(STATUS_NOT_FOUND);
}

/* Returns 0 or an errno. */
static int start(struct run *run, const struct send_order *order,
		 TALLOC_CTX *frame)
{
	int in[2];
	int out[2];

	if (pipe2(in, O_CLOEXEC) != 0) {
		return errno;
	}
	if (pipe2(out, O_CLOEXEC) != 0) {
		int err = errno;

		close(in[0]);
		close(in[1]);
		return err;
	}
	run->pid = fork();
	if (run->pid == 0) {
		if (dup2(in[0], STDIN_FILENO) != -1 &&
		    dup2(out[1], STDOUT_FILENO) != -1 &&
		    dup2(out[1], STDERR_FILENO) != -1) {
			become_smbclient(order, frame);
		}
		_exit(STATUS_NOT_FOUND);
	}
	close(out[1]);
	run->unread = in[0];
	run->in = in[1];
	run->out = out[0];
	return (run->pid == -1) ? errno : 0;
}

static long msec_left(const struct timespec *until)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (until->tv_sec - now.tv_sec) * 1000 +
	       (until->tv_nsec - now.tv_nsec) / 1000000;
}

/* Returns whether it ended in time. */
static bool gather(struct run *run, const struct timespec *until)
{
	struct pollfd p = { .fd = run->out, .events = POLLIN };
	char rest[512];
	long left = 0;
	ssize_t n = 1;

	while (n > 0 && (left = msec_left(until)) > 0) {
		if (poll(&p, 1, (int)left) != 1) {
			continue;
		}
		if (run->len < OUTPUT_MAX - 1) {
			n = read(run->out, run->output + run->len,
				 OUTPUT_MAX - 1 - run->len);
			run->len += (n > 0) ? (size_t)n : 0;
		} else {
			n = read(run->out, rest, sizeof(rest));
		}
	}
	run->output[run->len] = '\0';
	return n <= 0;
}

/* It reads the text when it has a session, and not before. */
static bool has_read(const struct run *run, size_t len)
{
	int left = 0;

	return len == 0 || ioctl(run->unread, FIONREAD, &left) != 0 ||
	       (size_t)left < len;
}

/* Its exit status, or one of ours. */
static int run_smbclient(struct run *run, const struct send_order *order)
{
	struct timespec until;
	int status = 0;
	bool ended;

	(void)clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += order->seconds;
	/* shorter than a pipe is deep */
	(void)signal(SIGPIPE, SIG_IGN);
	if (write(run->in, order->text, strlen(order->text)) == -1) {
		run->len = 0; /* it says itself what is wrong */
	}
	close(run->in);
	ended = gather(run, &until);
	if (!ended) {
		kill(run->pid, SIGKILL);
	}
	close(run->out);
	while (waitpid(run->pid, &status, 0) == -1 && errno == EINTR) {
		;
	}
	if (ended && WIFEXITED(status)) {
		status = WEXITSTATUS(status);
	} else {
		status = has_read(run, strlen(order->text)) ? STATUS_SILENT
							    : STATUS_WAITS;
	}
	close(run->unread);
	return status;
}

/* The NT_STATUS_... in a line, or the line. */
static char *status_in(TALLOC_CTX *mem_ctx, const char *line)
{
	const char *name = strstr(line, "NT_STATUS_");

	name = (name != NULL) ? name : line;
	return talloc_strndup(mem_ctx, name, strcspn(name, " \r\n"));
}

static char *last_line(TALLOC_CTX *mem_ctx, char *text)
{
	size_t len = strlen(text);
	char *line = NULL;

	while (len > 0 && text[len - 1] == '\n') {
		text[--len] = '\0';
	}
	line = strrchr(text, '\n');
	return talloc_strdup(mem_ctx, (line != NULL) ? line + 1 : text);
}

/* The ways in which Samba says that a connection has ended. */
static bool is_end(const char *status)
{
	static const char *const ends[] = {
		"NT_STATUS_CONNECTION_",
		"NT_STATUS_INVALID_NETWORK_RESPONSE",
		"NT_STATUS_IO_DEVICE_ERROR",
		"NT_STATUS_LOCAL_DISCONNECT",
		"NT_STATUS_REMOTE_DISCONNECT",
		"NT_STATUS_PIPE_",
		"NT_STATUS_END_OF_FILE",
	};
	size_t i;

	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		if (strncmp(status, ends[i], strlen(ends[i])) == 0) {
			return true;
		}
	}
	return false;
}

/*
 * Of what stopped smbclient when there was a session: an answer of the host's,
 * or that there was none.  It does not say how far it was.
 */
static enum send_verdict kind_of(const char *status)
{
	if (strcmp(status, "NT_STATUS_IO_TIMEOUT") == 0) {
		return SEND_SILENT;
	}
	return is_end(status) ? SEND_ENDED : SEND_REFUSED;
}

static enum send_verdict judge(TALLOC_CTX *mem_ctx, struct run *run,
			       int status, char **why)
{
	static const char refused[] = "cli_message returned ";
	const char *line = strstr(run->output, refused);

	if (line != NULL) {
		*why = status_in(mem_ctx, line + sizeof(refused) - 1);
		return (*why != NULL) ? kind_of(*why) : SEND_REFUSED;
	}
	line = strstr(run->output, "Connection to ");
	if (line != NULL && strstr(line, " failed") != NULL) {
		*why = status_in(mem_ctx, line);
		return SEND_UNREACHABLE;
	}
	if (status == 0) {
		return SEND_TAKEN;
	}
	if (status == STATUS_NOT_FOUND) {
		*why = talloc_strdup(mem_ctx, "smbclient is not there; it is "
					      "Samba's, in Debian the package "
					      "smbclient");
	} else if (status == STATUS_WAITS) {
		*why = talloc_strdup(mem_ctx, "no answer in time");
		return SEND_UNREACHABLE;
	} else if (status == STATUS_SILENT) {
		*why = talloc_strdup(mem_ctx, "no answer in time");
		return SEND_SILENT;
	} else {
		*why = last_line(mem_ctx, run->output);
	}
	return SEND_NOT_TRIED;
}

enum send_verdict send_message(TALLOC_CTX *mem_ctx,
			       const struct send_order *order, char **why)
{
	struct run *run = talloc_zero(mem_ctx, struct run);
	enum send_verdict verdict = SEND_NOT_TRIED;
	int err = (run != NULL) ? start(run, order, run) : ENOMEM;

	*why = NULL;
	if (err != 0) {
		*why = talloc_strdup(mem_ctx, strerror(err));
	} else {
		verdict = judge(mem_ctx, run, run_smbclient(run, order), why);
	}
	talloc_free(run);
	return verdict;
}

const char *send_meaning(const char *why)
{
	if (strcmp(why, "NT_STATUS_REQUEST_NOT_ACCEPTED") == 0) {
		return ": it takes no messages";
	}
	if (strcmp(why, "NT_STATUS_CONNECTION_REFUSED") == 0) {
		return ": nothing listens there (of Samba it is smbd, with 139 "
		       "among its \"smb ports\")";
	}
	if (strcmp(why, "NT_STATUS_RESOURCE_NAME_NOT_FOUND") == 0) {
		return ": it answers, and refuses the name or this machine "
		       "(Samba by \"hosts allow\" and \"hosts deny\")";
	}
	/*
	 * By "hosts deny" smbd says no and is gone: its word and the end come
	 * as one, and which is read is chance.
	 */
	return is_end(why) ? ": the connection ended before there was a "
			     "session (Samba by \"hosts allow\" and \"hosts "
			     "deny\")"
			   : "";
}

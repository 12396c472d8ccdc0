/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * As wall(1) does it, for some.  Who is on a terminal is in utmp, and logind
 * knows it: a system may have only one of them.
 */

#include "notify_people.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utmpx.h>

#include <systemd/sd-login.h>
#include <talloc.h>

#include "notify_words.h"

/* Of terminals that have been stopped, all of them together. */
#define PATIENCE_MSEC 1000

/* One that does not take it all at once. */
struct slow {
	int fd;
	const char *rest; /* of the banner */
	char *path;
	char *user;
};

struct terminals {
	const struct notify_entry *entry;
	const struct message *message;
	char *banner;
	char **seen;	   /* a talloc array */
	struct slow *slow; /* likewise */
	unsigned num;	   /* of people that were meant */
	bool failed;
};

static bool is_seen(struct terminals *t, const char *line)
{
	size_t num = talloc_array_length(t->seen);
	size_t i;

	for (i = 0; i < num; i++) {
		if (strcmp(t->seen[i], line) == 0) {
			return true;
		}
	}
	t->seen = talloc_realloc(t, t->seen, char *, num + 1);
	if (t->seen == NULL) {
		return true;
	}
	t->seen[num] = talloc_strdup(t->seen, line);
	return t->seen[num] == NULL;
}

/* Moves *text behind what was written; returns 0, EAGAIN or another errno. */
static int write_some(int fd, const char **text)
{
	while (**text != '\0') {
		ssize_t done = write(fd, *text, strlen(*text));

		if (done <= 0) {
			return (done == 0) ? EAGAIN : errno;
		}
		*text += done;
	}
	return 0;
}

static void complain(struct terminals *t, const char *path, const char *user,
		     const char *why)
{
	t->failed = true;
	notify_say(t->entry, "%s, where %s is: %s", path, user, why);
}

/* Later, when all others have it; the path becomes its own. */
static bool put_off(struct terminals *t, int fd, const char *rest, char *path,
		    const char *user)
{
	size_t num = talloc_array_length(t->slow);
	struct slow *more = talloc_realloc(t, t->slow, struct slow, num + 1);

	if (more == NULL) {
		return false;
	}
	t->slow = more;
	more[num] = (struct slow){
		.fd = fd,
		.rest = rest,
		.path = path,
		.user = talloc_strdup(t, user),
	};
	return true;
}

/* Returns whether it is over. */
static bool go_on(struct terminals *t, struct slow *slow)
{
	int err = write_some(slow->fd, &slow->rest);

	if (err == EAGAIN) {
		return false;
	}
	if (err != 0) {
		complain(t, slow->path, slow->user, strerror(err));
	}
	return true;
}

static void finish(struct terminals *t)
{
	size_t num = talloc_array_length(t->slow);
	struct pollfd *p = talloc_zero_array(t, struct pollfd, num);
	size_t left = (p != NULL) ? num : 0;
	size_t i;

	for (i = 0; i < left; i++) {
		p[i].fd = t->slow[i].fd;
		p[i].events = POLLOUT;
	}
	while (left > 0 && poll(p, num, PATIENCE_MSEC) > 0) {
		for (i = 0; i < num; i++) {
			if (p[i].revents != 0 && go_on(t, &t->slow[i])) {
				p[i].fd = -1;
				p[i].revents = 0;
				left--;
			}
		}
	}
	for (i = 0; i < num; i++) {
		if (p == NULL || p[i].fd != -1) {
			complain(t, t->slow[i].path, t->slow[i].user,
				 "it takes nothing");
		}
		close(t->slow[i].fd);
	}
}

/* A terminal that is not its user's any more is none of ours. */
static bool takes_messages(int fd, uid_t uid)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISCHR(st.st_mode) && st.st_uid == uid &&
	       (st.st_mode & S_IWGRP) != 0 && isatty(fd);
}

static void write_on(struct terminals *t, const char *line,
		     const struct passwd *pw)
{
	char *path = talloc_asprintf(t, "/dev/%s", line);
	const char *rest = t->banner;
	int fd = -1;
	int err = 0;

	if (path != NULL && strstr(line, "..") == NULL) {
		fd = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC |
					O_NOFOLLOW);
	}
	if (fd == -1) {
		return; /* of somebody who has left */
	}
	if (takes_messages(fd, pw->pw_uid)) {
		err = write_some(fd, &rest);
	}
	if (err == EAGAIN && put_off(t, fd, rest, path, pw->pw_name)) {
		return;
	}
	if (err != 0) {
		complain(t, path, pw->pw_name, strerror(err));
	}
	close(fd);
}

static void see(struct terminals *t, const char *line, const struct passwd *pw)
{
	if (pw != NULL &&
	    notify_is_meant(t->entry->target, t->message->to, pw) &&
	    !is_seen(t, line)) {
		t->num++;
		write_on(t, line, pw);
	}
}

static void look_into_utmp(struct terminals *t)
{
	const struct utmpx *u = NULL;

	setutxent();
	while ((u = getutxent()) != NULL) {
		char user[sizeof(u->ut_user) + 1] = "";
		char line[sizeof(u->ut_line) + 1] = "";

		if (u->ut_type == USER_PROCESS) {
			memcpy(user, u->ut_user, sizeof(u->ut_user));
			memcpy(line, u->ut_line, sizeof(u->ut_line));
			see(t, line, getpwnam(user));
		}
	}
	endutxent();
}

static void ask_logind(struct terminals *t)
{
	char **sessions = NULL;
	int num = sd_get_sessions(&sessions);
	int i;

	for (i = 0; i < num; i++) {
		char *tty = NULL;
		uid_t uid;

		if (sd_session_get_uid(sessions[i], &uid) >= 0 &&
		    sd_session_get_tty(sessions[i], &tty) >= 0) {
			see(t, tty, getpwuid(uid));
		}
		free(tty);
		free(sessions[i]);
	}
	free(sessions);
}

bool notify_terminals(const struct notify_entry *e, const struct message *m)
{
	struct terminals *t = talloc_zero(NULL, struct terminals);
	bool failed = true;

	if (t != NULL) {
		t->entry = e;
		t->message = m;
		t->banner = notify_banner(t, m);
	}
	if (t == NULL || t->banner == NULL) {
		notify_say(e, "out of memory");
	} else {
		look_into_utmp(t);
		ask_logind(t);
		finish(t);
		failed = t->failed;
		if (t->num == 0) {
			notify_say(e,
				   "message %llu to %s: nobody of them is "
				   "on a terminal",
				   (unsigned long long)m->seq, m->to);
		}
	}
	talloc_free(t);
	return !failed;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * No shell is between: what a stranger has sent is on standard input and in
 * the environment, and nowhere else.
 */

#include "notify_program.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "notify_people.h"
#include "notify_words.h"

/* Standard input has this text: it fits a pipe, a message is short. */
static bool give(const char *text)
{
	int fds[2];
	size_t len = strlen(text);
	bool done = false;

	if (pipe2(fds, O_CLOEXEC) == 0) {
		done = fcntl(fds[1], F_SETFL, O_NONBLOCK) == 0 &&
		       write(fds[1], text, len) == (ssize_t)len &&
		       dup2(fds[0], STDIN_FILENO) != -1 &&
		       /* what it prints is for the journal */
		       dup2(STDERR_FILENO, STDOUT_FILENO) != -1;
		close(fds[0]);
		close(fds[1]);
	}
	return done;
}

static void become(const struct notify_entry *e, const char *path,
		   char *const *argv, const char *input,
		   const struct message *m)
{
	char **env = notify_environment(NULL, m);

	if (env == NULL || input == NULL) {
		notify_say(e, "out of memory");
		return;
	}
	if (give(input)) {
		(void)execve(path, argv, env);
	}
	notify_say(e, "%s: %s", path, strerror(errno));
	talloc_free(env);
}

/* It runs as root: so nobody else may have written it. */
static bool is_ours(const struct notify_entry *e)
{
	struct stat st;

	if (stat(e->target, &st) != 0) {
		notify_say(e, "%s", strerror(errno));
		return false;
	}
	if (st.st_uid != geteuid() || (st.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
		notify_say(e, "it is not run, since others than root can "
			      "write to it: chown root and chmod go-w it");
		return false;
	}
	return true;
}

void notify_become_program(const struct notify_entry *e,
			   const struct message *m)
{
	char *argv[] = { e->target, NULL };
	char *input = notify_input(NULL, m);

	if (is_ours(e)) {
		become(e, e->target, argv, input, m);
	}
	talloc_free(input);
}

void notify_become_mail(const struct notify_entry *e, const struct message *m)
{
	char program[] = NOTIFY_SENDMAIL;
	char dots_are_text[] = "-i";
	char no_more_options[] = "--";
	char *argv[] = { program, dots_are_text, no_more_options, e->target,
			 NULL };
	char *input = notify_mail(NULL, m, e->target, time(NULL));

	become(e, NOTIFY_SENDMAIL, argv, input, m);
	talloc_free(input);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * rpcd_msgsvc, which samba-dcerpcd starts: to hear what it serves
 * (--list-interfaces), and as a worker.
 *
 * samba-dcerpcd waits for all of its helpers before it serves anyone: one that
 * hangs there, or answers last and with nonsense, takes every RPC service of
 * the host down.  One that prints nothing and ends is passed over.  So this
 * program is linked with nothing but libc: on any doubt it prints nothing,
 * leaves a line in the log and ends; whatever Samba has to do with is in
 * msgsvc.so, which is loaded after that.
 */

#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "worker.h"

#define NAME   "rpcd_msgsvc"
#define PARENT "samba-dcerpcd"
#define LOG    LOGDIR "/log." NAME

/* For --list-interfaces; it takes a twentieth of a second. */
#define PATIENCE_SECONDS 5

static bool started_by_samba(void)
{
	char path[64];
	char name[sizeof(PARENT)] = "";
	FILE *file = NULL;
	bool ok = false;

	snprintf(path, sizeof(path), "/proc/%d/comm", (int)getppid());
	file = fopen(path, "re");
	if (file == NULL) {
		return false;
	}
	ok = (fgets(name, sizeof(name), file) != NULL &&
	      strcmp(name, PARENT) == 0);
	fclose(file);
	return ok;
}

/* The value of --configfile=, which samba-dcerpcd always gives. */
static const char *config_file(int argc, char *argv[])
{
	static const char option[] = "--configfile=";
	int i;

	for (i = 1; i < argc; i++) {
		if (strncmp(argv[i], option, strlen(option)) == 0) {
			return argv[i] + strlen(option);
		}
	}
	return NULL;
}

static bool has_option(int argc, char *argv[], const char *option)
{
	int i;

	for (i = 1; i < argc; i++) {
		if (strcmp(argv[i], option) == 0) {
			return true;
		}
	}
	return false;
}

/*
 * The log: that of a worker.  Also from a signal handler, so the time is asked
 * for beforehand, and a pipe in the file's place cannot hold us up.
 */

static char log_head[64];

static void prepare_log(void)
{
	time_t now = time(NULL);
	struct tm tm;

	if (localtime_r(&now, &tm) != NULL) {
		strftime(log_head, sizeof(log_head),
			 "[%Y/%m/%d %H:%M:%S,  0] " NAME, &tm);
	}
}

static struct iovec piece(const char *text)
{
	return (struct iovec){
		.iov_base = (void *)(uintptr_t)text,
		.iov_len = strlen(text),
	};
}

static void log_line(const char *why)
{
	const struct iovec line[] = {
		piece(log_head),
		piece(": msgsvc is not served: "),
		piece(why),
		piece("\n"),
	};
	int fd = open(LOG,
		      O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_NOFOLLOW |
			      O_CLOEXEC,
		      0640);

	if (fd == -1) {
		return;
	}
	if (writev(fd, line, sizeof(line) / sizeof(line[0])) == -1) {
		/* then not */
	}
	close(fd);
}

/*
 * What goes wrong on Samba's side of dlopen(): a truncated library is mapped
 * beyond its end, and anything there may take its time.
 */

static void got_signal(int number)
{
	log_line((number == SIGALRM) ? "it was not ready in time"
				     : "a library is damaged");
	_exit(EXIT_FAILURE);
}

static void be_ready_for(int number)
{
	struct sigaction action = { .sa_handler = got_signal };

	sigemptyset(&action.sa_mask);
	sigaction(number, &action, NULL);
	sigaddset(&action.sa_mask, number);
	sigprocmask(SIG_UNBLOCK, &action.sa_mask, NULL);
}

/* Why not to be a helper; NULL at the end of one that was. */
static const char *serve(int argc, char *argv[])
{
	const char *slash = strrchr(argv[0], '/');
	const char *config = config_file(argc, argv);
	msgsvc_worker_fn *worker = NULL;
	static void *library; /* for good */

	/* Samba runs all of rpcd_*, and with it what dpkg leaves beside it */
	if (strcmp((slash != NULL) ? slash + 1 : argv[0], NAME) != 0) {
		return "this is a copy under another name";
	}
	if (config == NULL || access(config, R_OK) != 0) {
		return "smb.conf cannot be read";
	}
	be_ready_for(SIGBUS);
	be_ready_for(SIGSEGV);
	if (has_option(argc, argv, "--list-interfaces")) {
		be_ready_for(SIGALRM);
		alarm(PATIENCE_SECONDS);
	}
	library = dlopen(MSGSVC_SO, RTLD_NOW);
	if (library == NULL) {
		return dlerror();
	}
	/* ISO C has no other way to get a function out of a void * */
	*(void **)&worker = dlsym(library, MSGSVC_WORKER);
	if (worker == NULL) {
		return dlerror();
	}
	return worker(argc, (const char **)argv);
}

int main(int argc, char *argv[])
{
	const char *why = NULL;

	if (argc < 1) {
		return EXIT_FAILURE;
	}
	if (!started_by_samba()) {
		fprintf(stderr,
			NAME ": this is for samba-dcerpcd to start; see " NAME
			     "(8)\n");
		return EXIT_FAILURE;
	}
	prepare_log();
	why = serve(argc, argv);
	if (why != NULL) {
		log_line(why);
		return EXIT_FAILURE;
	}
	return EXIT_SUCCESS;
}

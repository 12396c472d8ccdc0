/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Clears up behind a lab, also when the lab's process was killed.
 *
 * It runs in a session of its own, with pipes as standard input and output.  The
 * lab writes one line per thing it owns and waits for the answer; the end of the
 * pipe means that the lab has ended, in good order or by a signal.  What is then
 * left is removed: processes in the lab's namespaces (those that got away from
 * their parent: the others had a death signal set) and its directories.
 *
 * Lines: "net PATH" a network namespace, "dir PATH" a directory tree.
 *
 * A program, since a Python that starts costs more than all else that a small
 * lab needs.
 */

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS	   500 /* of 10 ms */
#define THINGS_MAX 4096

/*
 * The namespaces stay open: so their inode numbers are not given to others while
 * they serve here to find processes.
 */
static int open_namespaces[THINGS_MAX];
static ino_t namespaces[THINGS_MAX];
static size_t num_namespaces;
static char *folders[THINGS_MAX];
static size_t num_folders;

static bool is_ours(pid_t pid)
{
	char path[64];
	struct stat st;
	size_t i;

	snprintf(path, sizeof(path), "/proc/%d/ns/net", (int)pid);
	if (stat(path, &st) != 0) {
		return false;
	}
	for (i = 0; i < num_namespaces; i++) {
		if (namespaces[i] == st.st_ino) {
			return true;
		}
	}
	return false;
}

/* Returns whether there were any. */
static bool kill_processes(void)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry = NULL;
	bool any = false;

	while (proc != NULL && (entry = readdir(proc)) != NULL) {
		pid_t pid = isdigit((unsigned char)entry->d_name[0])
				    ? (pid_t)atoi(entry->d_name)
				    : 0;

		if (pid > 0 && pid != getpid() && is_ours(pid)) {
			any = true;
			kill(pid, SIGKILL);
		}
	}
	if (proc != NULL) {
		closedir(proc);
	}
	return any;
}

static int take_away(const char *path, const struct stat *st, int type,
		     struct FTW *ftw)
{
	(void)remove(path);
	return 0;
}

static void own(char *line)
{
	struct stat st;
	int fd;

	if (strncmp(line, "dir ", 4) == 0 && num_folders < THINGS_MAX) {
		folders[num_folders] = strdup(line + 4);
		num_folders += (folders[num_folders] != NULL);
	}
	if (strncmp(line, "net ", 4) == 0 && num_namespaces < THINGS_MAX) {
		fd = open(line + 4, O_RDONLY | O_CLOEXEC);
		if (fd == -1) {
			return;
		}
		if (fstat(fd, &st) != 0) {
			close(fd);
			return;
		}
		open_namespaces[num_namespaces] = fd;
		namespaces[num_namespaces++] = st.st_ino;
	}
}

int main(void)
{
	const struct timespec moment = { .tv_nsec = 10000000 };
	char *line = NULL;
	size_t size = 0;
	ssize_t len;
	int round;
	size_t i;

	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	while ((len = getline(&line, &size, stdin)) > 0) {
		line[strcspn(line, "\n")] = '\0';
		own(line);
		if (write(STDOUT_FILENO, "ok\n", 3) != 3) {
			break;
		}
	}
	/* until none is left: a fork may slip through one round */
	for (round = 0; round < ROUNDS && num_namespaces > 0; round++) {
		if (!kill_processes()) {
			break;
		}
		nanosleep(&moment, NULL);
	}
	for (i = 0; i < num_folders; i++) {
		nftw(folders[i], take_away, 16, FTW_DEPTH | FTW_PHYS);
		free(folders[i]);
	}
	free(line);
	return 0;
}

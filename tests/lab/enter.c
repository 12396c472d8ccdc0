/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * enter NAMESPACE COMMAND...: runs a command in a network namespace, and lets it
 * die with the thread that has started it.  As nsenter and setpriv would one
 * after the other, but the tests start many thousand commands.
 */

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int fd;

	if (argc < 3) {
		fprintf(stderr, "usage: enter NAMESPACE COMMAND...\n");
		return 2;
	}
	fd = open(argv[1], O_RDONLY | O_CLOEXEC);
	if (fd == -1 || setns(fd, CLONE_NEWNET) != 0) {
		perror(argv[1]);
		return 126;
	}
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) {
		perror("prctl");
		return 126;
	}
	execvp(argv[2], argv + 2);
	perror(argv[2]);
	return 127;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Name service packets that the kernel does not take, as with a firewall on the
 * host or a queue that is full: while the file that the environment variable
 * FAILING_SEND names exists, sendto() to port 137 fails.  The file says with
 * which errno and, behind a blank, to which address alone; without one, to any.
 */

#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The errno for a packet to this address, 0: it may go. */
static int failure(const struct sockaddr *to, socklen_t len)
{
	const struct sockaddr_in *in = (const struct sockaddr_in *)to;
	const char *path = getenv("FAILING_SEND");
	char text[64] = "", only[INET_ADDRSTRLEN] = "", dest[INET_ADDRSTRLEN];
	int fd = -1, code = 0;

	if (path == NULL || to == NULL || len < (socklen_t)sizeof(*in) ||
	    to->sa_family != AF_INET || ntohs(in->sin_port) != 137) {
		return 0;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd == -1) {
		return 0;
	}
	if (read(fd, text, sizeof(text) - 1) <= 0) {
		text[0] = '\0';
	}
	close(fd);
	if (sscanf(text, "%d %15s", &code, only) == 2 &&
	    inet_ntop(AF_INET, &in->sin_addr, dest, sizeof(dest)) != NULL &&
	    strcmp(only, dest) != 0) {
		return 0;
	}
	return code;
}

ssize_t sendto(int fd, const void *data, size_t len, int flags,
	       const struct sockaddr *to, socklen_t to_len)
{
	static ssize_t (*real)(int, const void *, size_t, int,
			       const struct sockaddr *, socklen_t);
	int kept = errno, code = failure(to, to_len);

	if (code != 0) {
		errno = code;
		return -1;
	}
	errno = kept;
	if (real == NULL) {
		real = (ssize_t(*)(int, const void *, size_t, int,
				   const struct sockaddr *,
				   socklen_t))dlsym(RTLD_NEXT, "sendto");
	}
	return real(fd, data, len, flags, to, to_len);
}

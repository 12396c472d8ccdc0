/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A module of another version: what it tells the other nodes of a cluster has
 * another number of the version, and what they tell it has, too.
 */

#include <dlfcn.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

/* See source/cluster/hello.c: "NMSG", and the version. */
static const uint8_t ours[] = { 'N', 'M', 'S', 'G', 0, 0, 0, 1 };
#define OTHER 2

static void change(uint8_t *data, size_t len)
{
	uint8_t *at = data;

	while ((at = memmem(at, len - (size_t)(at - data), ours,
			    sizeof(ours))) != NULL) {
		at[sizeof(ours) - 1] = OTHER;
	}
}

ssize_t send(int fd, const void *data, size_t len, int flags)
{
	static ssize_t (*real)(int, const void *, size_t, int);
	uint8_t copy[4096];

	if (real == NULL) {
		real = (ssize_t(*)(int, const void *, size_t, int))dlsym(
			RTLD_NEXT, "send");
	}
	if (len > sizeof(copy)) {
		return real(fd, data, len, flags);
	}
	memcpy(copy, data, len);
	change(copy, len);
	return real(fd, copy, len, flags);
}

ssize_t recv(int fd, void *data, size_t len, int flags)
{
	static ssize_t (*real)(int, void *, size_t, int);
	ssize_t n;

	if (real == NULL) {
		real = (ssize_t(*)(int, void *, size_t, int))dlsym(RTLD_NEXT,
								   "recv");
	}
	n = real(fd, data, len, flags);
	if (n > 0) {
		change(data, (size_t)n);
	}
	return n;
}

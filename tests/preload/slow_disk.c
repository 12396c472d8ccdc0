/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A disk that takes 10 ms for whatever is opened, written or cut there: the
 * folder that the environment variable SLOW_DISK names.
 */

#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void take_long(void)
{
	const struct timespec t = { .tv_nsec = 10000000 };

	(void)nanosleep(&t, NULL);
}

static bool is_there(const char *path)
{
	const char *folder = getenv("SLOW_DISK");

	return folder != NULL && strncmp(path, folder, strlen(folder)) == 0;
}

static bool is_of_disk(int fd)
{
	char link[sizeof("/proc/self/fd/") + 11];
	char path[4096];
	ssize_t len;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	len = readlink(link, path, sizeof(path) - 1);
	path[(len > 0) ? len : 0] = '\0';
	return is_there(path);
}

#define OPEN(name)                                                             \
	int name(const char *path, int flags, ...)                             \
	{                                                                      \
		int (*real)(const char *, int, ...) =                          \
			(int (*)(const char *, int, ...))dlsym(RTLD_NEXT,      \
							       #name);         \
		mode_t mode = 0;                                               \
		va_list ap;                                                    \
									       \
		if ((flags & O_CREAT) != 0) {                                  \
			va_start(ap, flags);                                   \
			mode = va_arg(ap, mode_t);                             \
			va_end(ap);                                            \
		}                                                              \
		if (is_there(path)) {                                          \
			take_long();                                           \
		}                                                              \
		return real(path, flags, mode);                                \
	}

#define PWRITE(name)                                                           \
	ssize_t name(int fd, const void *data, size_t len, off_t at)           \
	{                                                                      \
		ssize_t (*real)(int, const void *, size_t, off_t) =            \
			(ssize_t(*)(int, const void *, size_t, off_t))dlsym(   \
				RTLD_NEXT, #name);                             \
									       \
		if (is_of_disk(fd)) {                                          \
			take_long();                                           \
		}                                                              \
		return real(fd, data, len, at);                                \
	}

#define FTRUNCATE(name)                                                        \
	int name(int fd, off_t len)                                            \
	{                                                                      \
		int (*real)(int, off_t) =                                      \
			(int (*)(int, off_t))dlsym(RTLD_NEXT, #name);          \
									       \
		if (is_of_disk(fd)) {                                          \
			take_long();                                           \
		}                                                              \
		return real(fd, len);                                          \
	}

OPEN(open)
OPEN(open64)
PWRITE(pwrite)
PWRITE(pwrite64)
FTRUNCATE(ftruncate)
FTRUNCATE(ftruncate64)

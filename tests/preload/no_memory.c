/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Memory that runs short for the module alone: while the file that the
 * environment variable NO_MEMORY names exists, one in so many of messenger.so's
 * calls for memory, timers and watched descriptors gets none.  How many, the
 * file says.  nmbd and its libraries get theirs.
 */

#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <talloc.h>
#include <tevent.h>

/* 0: none is refused */
static unsigned one_in(void)
{
	const char *path = getenv("NO_MEMORY");
	char text[16] = "";
	int fd = (path != NULL) ? open(path, O_RDONLY | O_CLOEXEC) : -1;

	if (fd == -1) {
		return 0;
	}
	if (read(fd, text, sizeof(text) - 1) <= 0) {
		text[0] = '\0';
	}
	close(fd);
	return (unsigned)strtoul(text, NULL, 10);
}

static bool refused(const void *caller)
{
	/* xorshift, so that a run can be repeated */
	static uint32_t state = 2463534242U;
	Dl_info info;
	unsigned n;

	if (dladdr(caller, &info) == 0 ||
	    strstr(info.dli_fname, "/messenger.so") == NULL) {
		return false;
	}
	n = one_in();
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return n != 0 && state % n == 0;
}

/* The function that this one stands in front of, called unless refused. */
#define IN_PLACE_OF(type, name, parameters, arguments)                         \
	type name parameters;                                                  \
	type name parameters                                                   \
	{                                                                      \
		static type(*real) parameters;                                 \
                                                                               \
		if (real == NULL) {                                            \
			real = (type(*) parameters)dlsym(RTLD_NEXT, #name);    \
		}                                                              \
		return refused(__builtin_return_address(0)) ? NULL             \
							    : real arguments;  \
	}

IN_PLACE_OF(void *, _talloc_zero,
	    (const void *ctx, size_t size, const char *name), (ctx, size, name))
IN_PLACE_OF(void *, _talloc_array,
	    (const void *ctx, size_t size, unsigned count, const char *name),
	    (ctx, size, count, name))
IN_PLACE_OF(void *, _talloc_zero_array,
	    (const void *ctx, size_t size, unsigned count, const char *name),
	    (ctx, size, count, name))
IN_PLACE_OF(void *, _talloc_realloc_array,
	    (const void *ctx, void *ptr, size_t size, unsigned count,
	     const char *name),
	    (ctx, ptr, size, count, name))
IN_PLACE_OF(void *, talloc_named_const,
	    (const void *ctx, size_t size, const char *name), (ctx, size, name))
IN_PLACE_OF(char *, talloc_strdup, (const void *ctx, const char *text),
	    (ctx, text))
IN_PLACE_OF(char *, talloc_strndup,
	    (const void *ctx, const char *text, size_t len), (ctx, text, len))
IN_PLACE_OF(char *, talloc_vasprintf,
	    (const void *ctx, const char *fmt, va_list ap), (ctx, fmt, ap))
IN_PLACE_OF(char *, talloc_vasprintf_append_buffer,
	    (char *text, const char *fmt, va_list ap), (text, fmt, ap))
IN_PLACE_OF(struct tevent_timer *, _tevent_add_timer,
	    (struct tevent_context * ev, TALLOC_CTX *ctx, struct timeval at,
	     tevent_timer_handler_t handler, void *data, const char *name,
	     const char *location),
	    (ev, ctx, at, handler, data, name, location))
IN_PLACE_OF(struct tevent_fd *, _tevent_add_fd,
	    (struct tevent_context * ev, TALLOC_CTX *ctx, int fd,
	     uint16_t flags, tevent_fd_handler_t handler, void *data,
	     const char *name, const char *location),
	    (ev, ctx, fd, flags, handler, data, name, location))
IN_PLACE_OF(struct tevent_req *, _tevent_req_create,
	    (TALLOC_CTX * ctx, void *state, size_t size, const char *type,
	     const char *location),
	    (ctx, state, size, type, location))

char *talloc_asprintf(const void *ctx, const char *fmt, ...)
{
	char *(*real)(const void *, const char *, va_list) =
		(char *(*)(const void *, const char *,
			   va_list))dlsym(RTLD_NEXT, "talloc_vasprintf");
	char *text = NULL;
	va_list ap;

	if (refused(__builtin_return_address(0))) {
		return NULL;
	}
	va_start(ap, fmt);
	text = real(ctx, fmt, ap);
	va_end(ap);
	return text;
}

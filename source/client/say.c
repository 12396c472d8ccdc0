/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Answers and complaints: on standard output and error, or as an object.
 */

#include "say.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <jansson.h>
#include <talloc.h>

#include "messenger.h"
#include "text.h"

static const char program[] = "smbmessenger";

#define COLUMNS_UNKNOWN 80

/* Of the terminal; 0: it is none. */
static size_t columns_of(FILE *stream)
{
	struct winsize size = { .ws_col = 0 };
	int fd = fileno(stream);

	if (!isatty(fd)) {
		return 0;
	}
	if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
		return COLUMNS_UNKNOWN;
	}
	return size.ws_col;
}

void print_text(FILE *stream, const char *text)
{
	char *folded = text_fold(NULL, text, columns_of(stream));

	fputs((folded != NULL) ? folded : text, stream);
	talloc_free(folded);
}

/* Frees the message. */
static void print(char *message)
{
	char *line = talloc_asprintf(NULL, "%s: %s\n", program,
				     (message != NULL) ? message
						       : "out of memory");

	print_text(stderr, (line != NULL) ? line : "out of memory\n");
	talloc_free(line);
	talloc_free(message);
}

void say(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print(talloc_vasprintf(NULL, fmt, ap));
	va_end(ap);
}

void say_end(bool json, int status, const char *fmt, ...)
{
	char *message = NULL;
	json_t *o = NULL;
	char *dump = NULL;
	va_list ap;

	va_start(ap, fmt);
	message = talloc_vasprintf(NULL, fmt, ap);
	va_end(ap);
	if (!json || message == NULL) {
		print(message);
		return;
	}
	o = json_pack("{s:b, s:i, s:o, s:i}", "ok", false, "exit_status",
		      status, "message", text_json(message), "schema",
		      MESSENGER_ANSWER_SCHEMA);
	dump = json_dumps(o, JSON_COMPACT);
	printf("%s\n", (dump != NULL) ? dump : "{}");
	free(dump);
	json_decref(o);
	talloc_free(message);
}

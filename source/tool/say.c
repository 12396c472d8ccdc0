/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Complaints, on standard error or as an object.
 */

#include "say.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <jansson.h>
#include <talloc.h>

#include "text.h"

static const char program[] = "smbmessenger";

/* Frees the message. */
static void print(char *message)
{
	char *line = NULL;
	char *folded = talloc_strdup(NULL, "");

	if (message != NULL) {
		line = talloc_asprintf(NULL, "%s: %s", program, message);
	}
	if (line == NULL || !isatty(STDERR_FILENO)) {
		fprintf(stderr, "%s\n", (line != NULL) ? line : program);
	} else {
		text_add_wrapped(&folded, 0, TEXT_COLUMNS, line);
		fputs((folded != NULL) ? folded : line, stderr);
	}
	talloc_free(folded);
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
	o = json_pack("{s:b, s:i, s:o}", "ok", false, "exit_status", status,
		      "message", text_json(message));
	dump = json_dumps(o, JSON_COMPACT);
	printf("%s\n", (dump != NULL) ? dump : "{}");
	free(dump);
	json_decref(o);
	talloc_free(message);
}

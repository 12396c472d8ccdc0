/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A text that grows piece by piece.
 */

#include "text.h"

#include <stdarg.h>
#include <string.h>

void text_add(char **text, const char *fmt, ...)
{
	char *longer = NULL;
	va_list ap;

	if (*text == NULL) {
		return;
	}
	va_start(ap, fmt);
	longer = talloc_vasprintf_append_buffer(*text, fmt, ap);
	va_end(ap);
	if (longer == NULL) {
		talloc_free(*text);
	}
	*text = longer;
}

void text_add_wrapped(char **text, int indent, int columns,
		      const char *sentence)
{
	const int room = columns - indent;

	while (*sentence != '\0') {
		int len = (int)strlen(sentence);
		int end = len;

		if (len > room) {
			for (end = room; end > 0 && sentence[end] != ' ';) {
				end--;
			}
			end = (end > 0) ? end : room;
		}
		text_add(text, "%*s%.*s\n", indent, "", end, sentence);
		sentence += end;
		sentence += strspn(sentence, " ");
	}
}

void text_add_time(char **text, struct timespec t)
{
	char buf[64];
	struct tm tm;

	if (localtime_r(&t.tv_sec, &tm) != NULL &&
	    strftime(buf, sizeof(buf), "%Y-%m-%d %H:%M:%S %Z", &tm) != 0) {
		text_add(text, "%s", buf);
	}
}

void bytes_add(uint8_t **bytes, const void *more, size_t len)
{
	size_t old = talloc_array_length(*bytes);
	uint8_t *longer = NULL;

	if (*bytes == NULL) {
		return;
	}
	longer = talloc_realloc(NULL, *bytes, uint8_t, old + len);
	if (longer == NULL) {
		talloc_free(*bytes);
	} else {
		memcpy(longer + old, more, len);
	}
	*bytes = longer;
}

bool text_has_control(const char *text)
{
	const unsigned char *p = (const unsigned char *)text;

	for (; *p != '\0'; p++) {
		if (*p < ' ' || *p == 0x7f ||
		    (p[0] == 0xc2 && p[1] >= 0x80 && p[1] <= 0x9f)) {
			return true;
		}
	}
	return false;
}

json_t *text_json(const char *text)
{
	json_t *json = json_string(text);
	char *ascii = NULL;
	char *p = NULL;

	if (json != NULL) {
		return json;
	}
	ascii = talloc_strdup(NULL, text);
	for (p = ascii; p != NULL && *p != '\0'; p++) {
		*p = ((unsigned char)*p < 0x80) ? *p : '?';
	}
	json = (ascii != NULL) ? json_string(ascii) : NULL;
	talloc_free(ascii);
	return json;
}

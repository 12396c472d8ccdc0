/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A text that grows piece by piece.
 */

#include "text.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "claim.h"

/* Enough for an address and a word beside it. */
#define ROOM_COLUMNS 20

/* Most values have room in this; others are written twice. */
#define JSON_ROOM 1024

/*
 * What takes no column in a terminal, and what takes two, as of Unicode 15:
 * whole blocks.  wcwidth() would have to know the locale, and nmbd has none.
 */
struct range {
	uint32_t first;
	uint32_t last;
};

static const struct range narrow[] = {
	{ 0x0300, 0x036f }, { 0x0483, 0x0489 }, { 0x0591, 0x05bd },
	{ 0x064b, 0x065f }, { 0x0e34, 0x0e3a }, { 0x0e47, 0x0e4e },
	{ 0x1ab0, 0x1aff }, { 0x1dc0, 0x1dff }, { 0x200b, 0x200f },
	{ 0x20d0, 0x20ff }, { 0xfe00, 0xfe0f }, { 0xfe20, 0xfe2f },
};

static const struct range wide[] = {
	{ 0x1100, 0x115f },   { 0x2e80, 0x303e },   { 0x3041, 0x4dbf },
	{ 0x4e00, 0xa4cf },   { 0xa960, 0xa97f },   { 0xac00, 0xd7a3 },
	{ 0xf900, 0xfaff },   { 0xfe30, 0xfe6f },   { 0xff01, 0xff60 },
	{ 0xffe0, 0xffe6 },   { 0x1f300, 0x1f64f }, { 0x1f900, 0x1f9ff },
	{ 0x20000, 0x3fffd },
};

#define IS_IN(ranges, c) is_in(ranges, sizeof(ranges) / sizeof((ranges)[0]), c)

static bool is_in(const struct range *ranges, size_t num, uint32_t c)
{
	size_t i = 0;

	while (i < num && c > ranges[i].last) {
		i++;
	}
	return i < num && c >= ranges[i].first;
}

/* The columns of the character at *p, which becomes what is behind it. */
static size_t next_width(const char **p, const char *end)
{
	uint8_t first = (uint8_t)*(*p)++;
	uint32_t c = first;

	if (first >= 0xc0) {
		c = first & ((first < 0xe0) ? 0x1fU
			     : (first < 0xf0) ? 0x0fU
					      : 0x07U);
	}
	while (*p < end && ((uint8_t)**p & 0xc0) == 0x80) {
		c = c << 6 | ((uint8_t)*(*p)++ & 0x3f);
	}
	if (first < 0xc0 || IS_IN(narrow, c)) {
		return (first < 0xc0) ? 1 : 0;
	}
	return IS_IN(wide, c) ? 2 : 1;
}

/* The bytes that fit into so many columns. */
static size_t bytes_of(const char *text, size_t len, size_t columns)
{
	const char *p = text;
	size_t used = 0;

	while (p < text + len) {
		const char *next = p;

		used += next_width(&next, text + len);
		if (used > columns) {
			break;
		}
		p = next;
	}
	return (size_t)(p - text);
}

static size_t columns_of(const char *text, size_t len)
{
	const char *p = text;
	size_t n = 0;

	while (p < text + len) {
		n += next_width(&p, text + len);
	}
	return n;
}

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
	const size_t room = (size_t)(columns - indent);

	while (*sentence != '\0') {
		size_t len = strlen(sentence);
		/* one character at least */
		size_t fits = bytes_of(sentence, len, (room > 2) ? room : 2);
		size_t end = fits;

		if (fits < len) {
			/* a blank right behind what fits is a place, too */
			while (end > 0 && sentence[end] != ' ') {
				end--;
			}
			end = (end > 0) ? end : fits;
		}
		text_add(text, "%*s%.*s\n", indent, "", (int)end, sentence);
		sentence += end;
		sentence += strspn(sentence, " ");
	}
}

char *text_moment(TALLOC_CTX *mem_ctx, struct timespec t)
{
	char day[sizeof("2026-11-22T12:00:00")];
	struct tm tm;

	if (gmtime_r(&t.tv_sec, &tm) == NULL ||
	    strftime(day, sizeof(day), "%Y-%m-%dT%H:%M:%S", &tm) == 0) {
		return talloc_strdup(mem_ctx, "1970-01-01T00:00:00.000000Z");
	}
	return talloc_asprintf(mem_ctx, "%s.%06ldZ", day, t.tv_nsec / 1000);
}

bool text_parse_moment(const char *text, struct timespec *t)
{
	struct tm tm = { .tm_isdst = 0 };
	const char *end = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
	char *z = NULL;
	long usec;

	/* a dot, six digits and a Z */
	if (end == NULL || *end != '.' || strspn(end + 1, "0123456789") != 6) {
		return false;
	}
	usec = strtol(end + 1, &z, 10);
	if (strcmp(z, "Z") != 0) {
		return false;
	}
	t->tv_sec = timegm(&tm);
	t->tv_nsec = usec * 1000;
	return true;
}

void text_add_time(char **text, struct timespec t)
{
	char buf[64];
	struct tm tm;

	if (localtime_r(&t.tv_sec, &tm) == NULL ||
	    strftime(buf, sizeof(buf), "%Y-%m-%d %H:%M:%S %Z", &tm) == 0) {
		text_add(text, "an unknown time");
		return;
	}
	text_add(text, "%s", buf);
}

char *text_shell_word(TALLOC_CTX *mem_ctx, const char *word)
{
	static const char safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "abcdefghijklmnopqrstuvwxyz"
				   "0123456789_-.";
	char *text = NULL;

	if (word[0] != '\0' && word[0] != '-' &&
	    word[strspn(word, safe)] == '\0') {
		return talloc_strdup(mem_ctx, word);
	}
	text = talloc_strdup(mem_ctx, "'");
	for (; *word != '\0'; word++) {
		if (*word == '\'') {
			text_add(&text, "'\\''");
		} else {
			text_add(&text, "%c", *word);
		}
	}
	text_add(&text, "'");
	return text;
}

const char *text_subnet(const char *subnet)
{
	return (strcmp(subnet, SUBNET_WINS) == 0) ? "WINS" : subnet;
}

size_t text_columns(const char *text)
{
	return columns_of(text, strlen(text));
}

/* What is left beside an indent must be worth a line. */
static bool leaves_room(size_t indent, size_t columns)
{
	return indent <= columns / 2 || indent + ROOM_COLUMNS <= columns;
}

/* Where a line that is folded goes on. */
static size_t hanging_indent(const char *line, size_t len, size_t columns)
{
	size_t leading = strspn(line, " ");
	size_t last = leading;
	size_t i;

	for (i = leading + 2; i < len; i++) {
		if (line[i - 2] == ' ' && line[i - 1] == ' ' &&
		    line[i] != ' ' &&
		    leaves_room(columns_of(line, i), columns)) {
			last = i;
		}
	}
	last = columns_of(line, last);
	return leaves_room(last, columns) ? last : 0;
}

static void add_folded(char **folded, const char *line, size_t len,
		       size_t columns)
{
	const size_t indent = hanging_indent(line, len, columns);
	size_t begun = bytes_of(line, len, indent);
	size_t room = columns;

	while (columns_of(line, len) > room) {
		size_t end = bytes_of(line, len, room);

		/* a blank right behind what fits is a place, too */
		while (end > begun && line[end] != ' ') {
			end--;
		}
		if (end == begun) {
			/* a word that is longer than the line stays whole */
			end += strcspn(line + end, " \n");
		}
		if (end >= len) {
			break;
		}
		text_add(folded, "%.*s\n%*s", (int)end, line, (int)indent, "");
		end += strspn(line + end, " ");
		line += end;
		len -= end;
		begun = 0;
		room = columns - indent;
	}
	text_add(folded, "%.*s", (int)len, line);
}

char *text_fold(TALLOC_CTX *mem_ctx, const char *text, size_t columns)
{
	char *folded = NULL;

	if (columns == 0) {
		return talloc_strdup(mem_ctx, text);
	}
	folded = talloc_strdup(mem_ctx, "");
	while (*text != '\0') {
		size_t len = strcspn(text, "\n");

		add_folded(&folded, text, len, columns);
		text += len;
		if (*text == '\n') {
			text_add(&folded, "\n");
			text++;
		}
	}
	return folded;
}

char *text_printable(TALLOC_CTX *mem_ctx, const char *text)
{
	char *copy = talloc_strdup(mem_ctx, text);
	char *p = NULL;

	for (p = copy; p != NULL && *p != '\0'; p++) {
		if ((unsigned char)*p < ' ' || *p == 0x7f) {
			*p = '.';
		}
	}
	return copy;
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

char *text_of_json(TALLOC_CTX *mem_ctx, const json_t *value)
{
	const size_t flags = JSON_COMPACT | JSON_ENCODE_ANY;
	size_t room = JSON_ROOM;
	size_t len = 0;
	char *text = NULL;
	char *exact = NULL;

	while (value != NULL) {
		text = talloc_array(mem_ctx, char, room);
		len = (text != NULL)
			      ? json_dumpb(value, text, room - 1, flags)
			      : 0;
		if (len > 0 && len < room) {
			text[len] = '\0';
			/* text_add() goes on at the end of what is owned */
			exact = talloc_realloc(mem_ctx, text, char, len + 1);
			if (exact == NULL) {
				talloc_free(text);
			}
			return exact;
		}
		TALLOC_FREE(text);
		if (len == 0) {
			break;
		}
		room = len + 1;
	}
	return NULL;
}

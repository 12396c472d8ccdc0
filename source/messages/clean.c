/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Bytes made fit to be shown.  Pure; the charsets are those of smb.conf, by
 * way of Samba's own conversion functions.
 */

#include "clean.h"

#include <string.h>

#include <charset.h>

#include "message.h"

/* What [MS-MSRP] has instead of an end of line. */
#define SENT_LINE_END 0x14

/* What is no character. */
#define NOT_UTF8 UINT32_MAX

/* The bytes of a sequence that begins with this one, RFC 3629; 0: none does */
static size_t length_of(uint8_t first)
{
	if (first < 0x80) {
		return 1;
	}
	if (first >= 0xc2 && first <= 0xdf) {
		return 2;
	}
	if (first >= 0xe0 && first <= 0xef) {
		return 3;
	}
	return (first >= 0xf0 && first <= 0xf4) ? 4 : 0;
}

/* One character; *used is how many bytes it takes, 1 if it is none. */
static uint32_t next_character(const uint8_t *p, size_t left, size_t *used)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t len = length_of(p[0]);
	uint32_t c = p[0];
	size_t i;

	*used = 1;
	if (len == 0 || len > left) {
		return NOT_UTF8;
	}
	if (len > 1) {
		c = p[0] & (0x7fU >> len);
	}
	for (i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80) {
			return NOT_UTF8;
		}
		c = c << 6 | (p[i] & 0x3f);
	}
	if (c < least[len] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff)) {
		return NOT_UTF8;
	}
	*used = len;
	return c;
}

/* Beside ASCII's: C1, and what turns a line around or ends it. */
static bool is_control(uint32_t c)
{
	return c < ' ' || (c >= 0x7f && c <= 0x9f) ||
	       (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
	       (c >= 0x2060 && c <= 0x206f) || c == 0x061c || c == 0xfeff;
}

struct cleaning {
	char *out; /* never longer than what comes in */
	size_t len;
	size_t characters;
	size_t max;
	size_t cut;
};

static void put(struct cleaning *w, const void *bytes, size_t len)
{
	if (w->characters == w->max) {
		w->cut++;
		return;
	}
	memcpy(w->out + w->len, bytes, len);
	w->len += len;
	w->characters++;
}

/* CR LF and LF CR are one. */
static size_t line_end(const uint8_t *p, size_t left)
{
	if (p[0] == SENT_LINE_END) {
		return 1;
	}
	if (p[0] != '\r' && p[0] != '\n') {
		return 0;
	}
	return (left > 1 && p[0] + p[1] == '\r' + '\n') ? 2 : 1;
}

static void clean(struct cleaning *w, const uint8_t *p, size_t left,
		  bool one_line)
{
	size_t used = 0;

	for (; left > 0; p += used, left -= used) {
		uint32_t c;

		used = one_line ? 0 : line_end(p, left);
		if (used > 0) {
			put(w, "\n", 1);
			continue;
		}
		c = next_character(p, left, &used);
		if (c == NOT_UTF8) {
			put(w, "?", 1);
		} else if (c == '\t') {
			put(w, " ", 1);
		} else if (is_control(c)) {
			put(w, ".", 1);
		} else {
			put(w, p, used);
		}
	}
}

/* What is in a text, without what only ends or fills it. */
static size_t trimmed(const uint8_t *bytes, size_t len, const char *what)
{
	while (len > 0 && (bytes[len - 1] == '\0' ||
			   strchr(what, bytes[len - 1]) != NULL)) {
		len--;
	}
	return len;
}

/* Returns NULL if it cannot be converted. */
static uint8_t *convert(TALLOC_CTX *mem_ctx, enum clean_charset charset,
			const uint8_t *bytes, size_t len, size_t *new_len)
{
	char *utf8 = NULL;
	size_t utf8_len = 0;

	if (convert_string_talloc(mem_ctx,
				  (charset == CLEAN_DOS) ? CH_DOS : CH_UNIX,
				  CH_UTF8, bytes, len, &utf8, &utf8_len)) {
		*new_len = utf8_len;
		return (uint8_t *)utf8;
	}
	return NULL;
}

static char *cleaned(TALLOC_CTX *mem_ctx, enum clean_charset charset,
		     const uint8_t *bytes, size_t len, struct cleaning *w,
		     const char *fill, bool one_line)
{
	uint8_t *utf8 = NULL;
	const uint8_t *from = bytes;
	size_t from_len = len;

	if (len > 0) {
		utf8 = convert(mem_ctx, charset, bytes, len, &from_len);
		if (utf8 == NULL && charset == CLEAN_UNIX) {
			utf8 = convert(mem_ctx, CLEAN_DOS, bytes, len,
				       &from_len);
		}
	}
	if (utf8 != NULL) {
		from = utf8;
	} else {
		from_len = len;
	}
	/* only here: Samba 4.13 reads "\xc0\x8a" as a line feed */
	from_len = trimmed(from, from_len, fill);
	w->out = talloc_array(mem_ctx, char, from_len + 1);
	if (w->out != NULL) {
		clean(w, from, from_len, one_line);
		w->out[w->len] = '\0';
	}
	talloc_free(utf8);
	return w->out;
}

char *clean_text(TALLOC_CTX *mem_ctx, enum clean_charset charset,
		 const uint8_t *bytes, size_t len, size_t *cut)
{
	struct cleaning w = { .max = MESSAGE_TEXT_MAX };
	char *text = cleaned(mem_ctx, charset, bytes, len, &w, "\r\n\x14",
			     false);

	*cut = w.cut;
	return text;
}

char *clean_name(TALLOC_CTX *mem_ctx, enum clean_charset charset,
		 const uint8_t *bytes, size_t len)
{
	struct cleaning w = { .max = MESSAGE_NAME_MAX };

	return cleaned(mem_ctx, charset, bytes, len, &w, " ", true);
}

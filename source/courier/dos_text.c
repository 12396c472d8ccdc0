/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "dos_text.h"

#include <stdint.h>
#include <string.h>

#include <charset.h>

/* Of one character, in any charset. */
#define CHARACTER_MAX 8

const char *dos_charset(void)
{
	return charset_name(get_iconv_handle(), CH_DOS);
}

/* As it is, if it is not in the charset that it should be in. */
static char *to_utf8(TALLOC_CTX *mem_ctx, const char *text)
{
	char *utf8 = NULL;
	size_t len = 0;

	if (convert_string_talloc(mem_ctx, CH_UNIX, CH_UTF8, text,
				  strlen(text) + 1, &utf8, &len)) {
		return utf8;
	}
	return talloc_strdup(mem_ctx, text);
}

/* How many bytes the first character has. */
static size_t length_of(const char *p)
{
	size_t len = 1;

	if (((uint8_t)p[0] & 0xc0) != 0xc0) {
		return 1;
	}
	while (len < 4 && ((uint8_t)p[len] & 0xc0) == 0x80) {
		len++;
	}
	return len;
}

/* Returns how many bytes it takes on the wire; 0: it cannot be there. */
static size_t convert(TALLOC_CTX *mem_ctx, const char *character, size_t len,
		      char *out)
{
	char *dos = NULL;
	size_t dos_len = 0;

	if ((uint8_t)character[0] < 0x80) {
		out[0] = character[0];
		return 1;
	}
	if (!convert_string_talloc(mem_ctx, CH_UTF8, CH_DOS, character, len,
				   &dos, &dos_len)) {
		return 0;
	}
	dos_len = (dos_len <= CHARACTER_MAX) ? dos_len : 0;
	memcpy(out, dos, dos_len);
	talloc_free(dos);
	return dos_len;
}

static void fill(struct dos_text *t, const char *p, size_t characters,
		 size_t bytes)
{
	size_t left = strlen(p);
	size_t used = 0; /* of bytes */
	char *out = t->bytes;

	while (left > 0 && (p[left - 1] == '\n' || p[left - 1] == '\r')) {
		left--;
	}
	while (left > 0) {
		char one[CHARACTER_MAX] = "?";
		size_t len = length_of(p);
		size_t dos_len;
		bool lost;

		/* CR LF is one, and so is CR alone */
		len = (p[0] == '\r' && p[1] == '\n') ? 2 : len;
		dos_len = (p[0] == '\r') ? convert(t, "\n", 1, one)
					 : convert(t, p, len, one);
		lost = dos_len == 0;
		dos_len = lost ? 1 : dos_len;
		used += dos_len + ((one[0] == '\n') ? 1 : 0);
		if (t->characters == characters || used > bytes) {
			t->cut = true;
			break;
		}
		memcpy(out, one, dos_len);
		out += dos_len;
		t->characters++;
		t->lost += lost ? 1 : 0;
		p += len;
		left -= len;
	}
	*out = '\0';
}

struct dos_text *dos_text(TALLOC_CTX *mem_ctx, const char *text,
			  size_t characters, size_t bytes)
{
	struct dos_text *t = talloc_zero(mem_ctx, struct dos_text);
	char *utf8 = (t != NULL) ? to_utf8(t, text) : NULL;

	if (utf8 != NULL) {
		t->bytes = talloc_array(t, char, bytes + 1);
	}
	if (utf8 == NULL || t->bytes == NULL) {
		talloc_free(t);
		return NULL;
	}
	fill(t, utf8, characters, bytes);
	talloc_free(utf8);
	return t;
}

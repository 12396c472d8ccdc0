/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What is a legal message alias, and how nmbd writes it.  The charsets are
 * those of smb.conf, by way of Samba's own conversion functions.
 */

#include "name.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <sys/types.h>

#include <charset.h>

#include "text.h"

/* Not in a NetBIOS name that a person gives; a leading '*' is among them. */
static const char forbidden[] = "\"*/:<>?\\|";

/*
 * Eight bytes at a time, since it is done for each claim that anybody on the
 * net broadcasts.  The high bit of a byte says that it is a letter; a quarter
 * of that bit is what a small letter has more than a capital one.
 */
static uint64_t upper_eight(uint64_t bytes)
{
	const uint64_t each = 0x0101010101010101u;
	const uint64_t high = each * 0x80;
	uint64_t low = bytes & ~high;
	uint64_t from_a = low + each * (0x80 - 'a');
	uint64_t after_z = low + each * (0x80 - 'z' - 1);
	uint64_t letters = from_a & ~after_z & ~bytes & high;

	return bytes - (letters >> 2);
}

void wire_name_upper(struct wire_name *wire)
{
	uint64_t half[2];

	_Static_assert(sizeof(half) == sizeof(wire->bytes), "two halves");
	memcpy(half, wire->bytes, sizeof(half));
	half[0] = upper_eight(half[0]);
	half[1] = upper_eight(half[1]);
	memcpy(wire->bytes, half, sizeof(half));
}

static bool legal_characters(const char *text)
{
	size_t len = strlen(text);

	/* on the wire blanks fill a name up: they cannot end one */
	return len > 0 && text[len - 1] != ' ' && !text_has_control(text) &&
	       strpbrk(text, forbidden) == NULL;
}

static int hex_value(char digit)
{
	static const char digits[] = "0123456789abcdef";
	const char *p = (digit != '\0')
				? strchr(digits, tolower((unsigned char)digit))
				: NULL;

	return (p != NULL) ? (int)(p - digits) : -1;
}

/* "XX", and after it end; else MESSENGER_NAME_NO_TYPE */
static int type_of(const char *text, const char *end)
{
	int high = hex_value(text[0]);
	int low = (high != -1) ? hex_value(text[1]) : -1;

	return (low != -1 && strcmp(text + 2, end) == 0)
		       ? 16 * high + low
		       : MESSENGER_NAME_NO_TYPE;
}

int messenger_name_cut_type(char *text)
{
	char *mark = strrchr(text, '#');
	char *bracket = strrchr(text, '<');
	int type = MESSENGER_NAME_NO_TYPE;

	if (bracket != NULL) {
		mark = bracket;
		type = type_of(bracket + 1, ">");
	} else if (mark != NULL) {
		type = type_of(mark + 1, "");
	}
	if (type != MESSENGER_NAME_NO_TYPE) {
		*mark = '\0';
	}
	return type;
}

enum messenger_code messenger_name_parse(TALLOC_CTX *mem_ctx, const char *text,
					 char **name, struct wire_name *wire)
{
	TALLOC_CTX *frame = talloc_new(mem_ctx);
	enum messenger_code code = NERR_InternalError;
	struct wire_name w = { { 0 } };
	char *upper = NULL;
	char *dos = NULL;
	size_t len = 0; /* with the NUL */

	if (frame == NULL) {
		return NERR_InternalError;
	}
	if (!legal_characters(text)) {
		code = ERROR_INVALID_NAME_;
		goto done;
	}
	/* first as it is: this one tells bad bytes from no memory */
	errno = 0;
	if (!convert_string_talloc(frame, CH_UNIX, CH_DOS, text,
				   strlen(text) + 1, &dos, &len)) {
		code = (errno == ENOMEM) ? NERR_InternalError
					 : ERROR_INVALID_NAME_;
		goto done;
	}
	/* older Sambas decode overlong UTF-8: a NUL may be there only now, */
	if (strlen(dos) != len - 1) {
		code = ERROR_INVALID_NAME_;
		goto done;
	}
	upper = talloc_strdup_upper(frame, text);
	if (upper == NULL) {
		goto done;
	}
	/* and a '/' */
	if (!legal_characters(upper)) {
		code = ERROR_INVALID_NAME_;
		goto done;
	}
	errno = 0;
	if (!convert_string_talloc(frame, CH_UNIX, CH_DOS, upper,
				   strlen(upper) + 1, &dos, &len)) {
		code = (errno == ENOMEM) ? NERR_InternalError
					 : ERROR_INVALID_NAME_;
		goto done;
	}
	if (len - 1 > MESSENGER_NAME_LEN) {
		code = ERROR_INVALID_PARAMETER_;
		goto done;
	}
	memcpy(w.bytes, dos, len - 1);
	*wire = w;
	*name = talloc_steal(mem_ctx, upper);
	code = NERR_Success;
done:
	talloc_free(frame);
	return code;
}

char *messenger_name_print(TALLOC_CTX *mem_ctx, const uint8_t *bytes,
			   size_t len)
{
	char clean[MESSENGER_NAME_LEN];
	char *converted = NULL;
	char *name = NULL;
	size_t converted_len = 0;
	size_t i;

	while (len > 0 && (bytes[len - 1] == ' ' || bytes[len - 1] == '\0')) {
		len--;
	}
	len = (len < sizeof(clean)) ? len : sizeof(clean);
	for (i = 0; i < len; i++) {
		clean[i] = (bytes[i] < ' ' || bytes[i] == 0x7f)
				   ? '.'
				   : (char)bytes[i];
	}
	if (len > 0 && convert_string_talloc(mem_ctx, CH_DOS, CH_UNIX, clean,
					     len, &converted, &converted_len)) {
		/* what is converted has no NUL of its own */
		name = talloc_strndup(mem_ctx, converted, converted_len);
		talloc_free(converted);
		if (name == NULL || !text_has_control(name)) {
			return name;
		}
		talloc_free(name);
	}
	/* not of this charset, or ISO 8859's control characters: keep what is
	   ASCII */
	for (i = 0; i < len; i++) {
		clean[i] = ((unsigned char)clean[i] < 0x80) ? clean[i] : '.';
	}
	return talloc_strndup(mem_ctx, clean, len);
}

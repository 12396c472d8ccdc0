/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What is a legal message alias, and how nmbd writes it.  The charsets are
 * those of smb.conf, by way of Samba's own conversion functions.
 */

#include "name.h"

#include <stdio.h>
#include <string.h>
#include <sys/types.h>

#include <charset.h>

/* Not in a NetBIOS name that a person gives; a leading '*' is among them. */
static const char forbidden[] = "\"*/:<>?\\|";

bool wire_name_equal(const struct wire_name *a, const struct wire_name *b)
{
	return memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

static bool legal_characters(const char *text)
{
	const unsigned char *p = NULL;

	for (p = (const unsigned char *)text; *p != '\0'; p++) {
		if (*p < ' ' || *p == 0x7f || strchr(forbidden, *p) != NULL) {
			return false;
		}
	}
	return true;
}

enum messenger_code messenger_name_parse(TALLOC_CTX *mem_ctx, const char *text,
					 char **name, struct wire_name *wire)
{
	char *upper = NULL;
	char *dos = NULL;
	size_t dos_len = 0;

	if (text[0] == '\0' || !legal_characters(text)) {
		return ERROR_INVALID_NAME_;
	}
	upper = talloc_strdup_upper(mem_ctx, text);
	if (upper == NULL) {
		return NERR_InternalError;
	}
	/* dos_len counts the NUL */
	if (!convert_string_talloc(upper, CH_UNIX, CH_DOS, upper,
				   strlen(upper) + 1, &dos, &dos_len) ||
	    dos_len < 2) {
		talloc_free(upper);
		return ERROR_INVALID_NAME_;
	}
	if (dos_len - 1 > MESSENGER_NAME_LEN) {
		talloc_free(upper);
		return ERROR_INVALID_PARAMETER_;
	}
	*wire = (struct wire_name){ { 0 } };
	memcpy(wire->bytes, dos, dos_len - 1);
	talloc_free(dos);
	*name = upper;
	return NERR_Success;
}

char *messenger_name_print(TALLOC_CTX *mem_ctx, const uint8_t *bytes,
			   size_t len)
{
	char *name = NULL;
	char *p = NULL;
	size_t name_len = 0;

	while (len > 0 && (bytes[len - 1] == ' ' || bytes[len - 1] == '\0')) {
		len--;
	}
	if (len == 0) {
		return talloc_strdup(mem_ctx, "");
	}
	if (!convert_string_talloc(mem_ctx, CH_DOS, CH_UNIX, bytes, len, &name,
				   &name_len)) {
		/* not of this charset: keep what is ASCII */
		name = talloc_strndup(mem_ctx, (const char *)bytes, len);
		for (p = name; p != NULL && *p != '\0'; p++) {
			*p = ((unsigned char)*p < 0x80) ? *p : '.';
		}
	} else {
		/* what is converted has no NUL of its own */
		char *ended = talloc_strndup(mem_ctx, name, name_len);

		talloc_free(name);
		name = ended;
	}
	for (p = name; p != NULL && *p != '\0'; p++) {
		if ((unsigned char)*p < ' ' || *p == 0x7f) {
			*p = '.';
		}
	}
	return name;
}

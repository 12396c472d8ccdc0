/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "msgsvc_name.h"

#include <errno.h>
#include <string.h>

enum messenger_code msgsvc_name_to_unix(TALLOC_CTX *mem_ctx,
					const struct msgsvc_name *name,
					char **text)
{
	uint8_t little[2 * MSGSVC_NAME_KEPT];
	char *converted = NULL;
	size_t len = 0;
	size_t i;

	if (name->num == 0 || name->num > MSGSVC_NAME_KEPT) {
		return ERROR_INVALID_NAME_;
	}
	for (i = 0; i < name->num; i++) {
		little[2 * i] = name->units[i] & 0xff;
		little[2 * i + 1] = name->units[i] >> 8;
	}
	errno = 0;
	if (!convert_string_talloc(mem_ctx, CH_UTF16LE, CH_UNIX, little,
				   2 * name->num, &converted, &len)) {
		return (errno == ENOMEM) ? NERR_InternalError
					 : ERROR_INVALID_NAME_;
	}
	/* what is converted has no NUL of its own */
	*text = talloc_strndup(mem_ctx, converted, len);
	talloc_free(converted);
	return (*text != NULL) ? NERR_Success : NERR_InternalError;
}

bool msgsvc_name_from(TALLOC_CTX *mem_ctx, charset_t charset, const char *text,
		      struct msgsvc_name *name)
{
	uint8_t *little = NULL;
	size_t len = 0;
	size_t i;

	if (!convert_string_talloc(mem_ctx, charset, CH_UTF16LE, text,
				   strlen(text), &little, &len)) {
		return false;
	}
	name->num = len / 2;
	name->units = talloc_array(mem_ctx, uint16_t, name->num + 1);
	for (i = 0; name->units != NULL && i < name->num; i++) {
		name->units[i] =
			(uint16_t)(little[2 * i] | little[2 * i + 1] << 8);
	}
	talloc_free(little);
	return name->units != NULL;
}

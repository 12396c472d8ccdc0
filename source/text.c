/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A text that grows piece by piece.
 */

#include "text.h"

#include <stdarg.h>

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

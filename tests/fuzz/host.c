/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Stand-ins for what the module finds in nmbd: a log that nobody reads, and
 * one path.
 */

#include "fuzz.h"
#include "samba_private.h"
#include "sinks.h"

int debuglevel_get_class(size_t idx)
{
	return 0; /* level 0 is formatted, and thrown away */
}

bool dbghdrclass(int level, int cls, const char *location, const char *func)
{
	return true;
}

bool dbgtext(const char *fmt, ...)
{
	char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = talloc_vasprintf(NULL, fmt, ap);
	va_end(ap);
	FUZZ_MUST(text != NULL);
	talloc_free(text);
	return true;
}

char *state_path(TALLOC_CTX *mem_ctx, const char *name)
{
	return talloc_strdup(mem_ctx, fuzz_file());
}

void sink_failed(struct sink_trouble *trouble, const char *sink,
		 const char *what, const char *why)
{
	trouble->told = true;
}

void sink_works(struct sink_trouble *trouble, const char *sink)
{
	trouble->told = false;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "unknown.h"

#include <ctype.h>
#include <regex.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "config.h"
#include "samba_private.h"

/* Of an option that is compared; what is longer is like none. */
#define NAME_MAX_BYTES 64

/* More wrong letters than one in three is another word. */
#define LETTERS_FOR_ONE 3

struct scan {
	char **names;
	size_t section; /* bytes before the name */
};

/* As Samba compares options: blanks and case are nothing. */
static void squeeze(char squeezed[NAME_MAX_BYTES], const char *name)
{
	size_t num = 0;

	for (; *name != '\0' && num < NAME_MAX_BYTES - 1; name++) {
		if (!isspace((unsigned char)*name)) {
			squeezed[num++] = (char)tolower((unsigned char)*name);
		}
	}
	squeezed[num] = '\0';
}

static bool is_known(const char *name)
{
	const struct config_option *o = NULL;
	char squeezed[NAME_MAX_BYTES];

	for (o = config_options; o->name != NULL; o++) {
		squeeze(squeezed, o->name);
		if (strcasecmp(squeezed, name) == 0) {
			return true;
		}
	}
	return false;
}

/* For each that matches; blanks are taken out. Returns false to go on. */
static bool see(const char *key, regmatch_t matches[], void *private_data)
{
	struct scan *s = private_data;
	size_t num = talloc_array_length(s->names);
	char **more = NULL;
	char *name = NULL;

	if (is_known(key + s->section)) {
		return false;
	}
	name = talloc_strdup(NULL, key + s->section);
	more = (name != NULL) ? talloc_realloc(NULL, s->names, char *, num + 1)
			      : NULL;
	if (more == NULL) {
		talloc_free(name);
		return true;
	}
	more[num] = talloc_steal(more, name);
	s->names = more;
	return false;
}

char **unknown_options(TALLOC_CTX *mem_ctx, const char *section)
{
	struct scan s = { .section = strlen(section) + 1 };
	char *pattern = talloc_asprintf(mem_ctx, "^%s:", section);

	if (pattern != NULL) {
		/* one match and no parts of it */
		(void)lp_wi_scan_global_parametrics(pattern, 1, see, &s);
	}
	talloc_free(pattern);
	return talloc_steal(mem_ctx, s.names);
}

static size_t least(size_t a, size_t b, size_t c)
{
	size_t ab = (a < b) ? a : b;

	return (ab < c) ? ab : c;
}

/* Letters to put in, to take out and to change, to make one of the other. */
static size_t distance(const char *a, const char *b)
{
	size_t row[NAME_MAX_BYTES] = { 0 };
	size_t len = strlen(b);
	size_t i;
	size_t j;

	for (j = 0; j <= len; j++) {
		row[j] = j;
	}
	for (i = 0; a[i] != '\0'; i++) {
		size_t before = row[0];

		row[0] = i + 1;
		for (j = 1; j <= len; j++) {
			size_t above = row[j];

			row[j] = least(above + 1, row[j - 1] + 1,
				       before + (a[i] != b[j - 1]));
			before = above;
		}
	}
	return row[len];
}

const char *unknown_nearest(const char *name)
{
	const struct config_option *o = NULL;
	const char *nearest = NULL;
	char wanted[NAME_MAX_BYTES] = { 0 };
	char known[NAME_MAX_BYTES] = { 0 };
	size_t best;

	squeeze(wanted, name);
	best = strlen(wanted) / LETTERS_FOR_ONE + 1;
	for (o = config_options; o->name != NULL; o++) {
		size_t letters;

		squeeze(known, o->name);
		letters = distance(wanted, known);
		if (letters < best) {
			best = letters;
			nearest = o->name;
		}
	}
	return nearest;
}

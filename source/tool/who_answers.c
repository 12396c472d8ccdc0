/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Answers to "who": one table, or one object, of all names.
 */

#include "who_answers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "say.h"

/* The head of a table is its first line. */
static void print_table(struct who_answers *w, const char *text)
{
	if (w->begun) {
		text += strcspn(text, "\n");
		text += (*text == '\n') ? 1 : 0;
	}
	w->begun = true;
	print_text(stdout, text);
}

bool who_answers_take(struct who_answers *w, const char *text, bool json,
		      json_t **outcome)
{
	json_t *o = NULL;

	if (!json) {
		print_table(w, text);
		return true;
	}
	o = json_loads(text, 0, NULL);
	if (json_object_get(o, "names") == NULL) {
		*outcome = o;
		return false;
	}
	if (w->names == NULL) {
		w->names = o;
	} else {
		(void)json_array_extend(json_object_get(w->names, "names"),
					json_object_get(o, "names"));
		json_decref(o);
	}
	return true;
}

void who_answers_print(struct who_answers *w)
{
	char *dump = NULL;

	if (w->names == NULL) {
		return;
	}
	dump = json_dumps(w->names, JSON_COMPACT);
	printf("%s\n", (dump != NULL) ? dump : "{}");
	free(dump);
	json_decref(w->names);
	w->names = NULL;
}

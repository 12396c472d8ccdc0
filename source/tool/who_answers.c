/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "who_answers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "name.h"
#include "say.h"

struct who_answers {
	const char **names;
	bool json;
	size_t num; /* of names */
	/* of each name, and behind them one for answers about none of them */
	char **texts;
	json_t *list; /* of lists of entries; NULL as text */
	json_t *frame; /* an answer, for what stands beside the entries */
	bool *known;
};

static int free_json(struct who_answers *w)
{
	json_decref(w->list);
	json_decref(w->frame);
	return 0;
}

struct who_answers *who_answers_create(TALLOC_CTX *mem_ctx, const char **names,
				       bool json)
{
	struct who_answers *w = talloc_zero(mem_ctx, struct who_answers);
	size_t i;

	if (w == NULL) {
		return NULL;
	}
	w->names = names;
	w->json = json;
	while (names[w->num] != NULL) {
		w->num++;
	}
	w->texts = talloc_zero_array(w, char *, w->num + 1);
	w->known = talloc_zero_array(w, bool, w->num + 1);
	w->list = json_array();
	talloc_set_destructor(w, free_json);
	for (i = 0; i <= w->num; i++) {
		if (json_array_append_new(w->list, json_array()) != 0) {
			break;
		}
	}
	if (w->texts == NULL || w->known == NULL || i <= w->num) {
		talloc_free(w);
		return NULL;
	}
	return w;
}

/* NAME<03>, as an answer has it; NULL: no name, or no memory. */
static char *key_of(TALLOC_CTX *mem_ctx, const char *typed)
{
	char *text = talloc_strdup(mem_ctx, typed);
	struct wire_name wire;
	char *name = NULL;
	int type;

	if (text == NULL) {
		return NULL;
	}
	type = messenger_name_cut_type(text);
	if (type == MESSENGER_NAME_NO_TYPE) {
		type = MESSENGER_NAME_TYPE;
	}
	if (messenger_name_parse(text, text, &name, &wire) != NERR_Success) {
		return NULL;
	}
	return talloc_asprintf(mem_ctx, "%s<%02x>", name, (unsigned)type);
}

/*
 * Which of the names an answer is about: it begins with its key and a blank.
 * The same one may have been typed in two forms.
 */
static size_t place_of(struct who_answers *w, const char *answer)
{
	TALLOC_CTX *frame = talloc_new(w);
	size_t i;

	for (i = 0; i < w->num; i++) {
		char *key = w->known[i] ? NULL : key_of(frame, w->names[i]);

		if (key != NULL && strncmp(answer, key, strlen(key)) == 0 &&
		    answer[strlen(key)] == ' ') {
			w->known[i] = true;
			break;
		}
	}
	talloc_free(frame);
	return i;
}

/* The head of a table is its first line. */
static bool take_text(struct who_answers *w, const char *text)
{
	static const char head[] = "HELD BY";
	size_t len = strcspn(text, "\n");
	size_t place;

	if (len < strlen(head) || text[len] == '\0' ||
	    memcmp(text + len - strlen(head), head, strlen(head)) != 0) {
		say("%.*s", (int)len, text);
		return false;
	}
	place = place_of(w, text + len + 1);
	talloc_free(w->texts[place]);
	w->texts[place] = talloc_strdup(w->texts, text);
	return true;
}

static void take_entry(struct who_answers *w, json_t *entry)
{
	const char *name = json_string_value(json_object_get(entry, "name"));
	const char *type = json_string_value(json_object_get(entry, "type"));
	char *key = talloc_asprintf(w, "%s<%s> ", (name != NULL) ? name : "",
				    (type != NULL) ? type : "");
	size_t place = (key != NULL) ? place_of(w, key) : w->num;

	(void)json_array_append(json_array_get(w->list, place), entry);
	talloc_free(key);
}

bool who_answers_take(struct who_answers *w, const char *text,
		      json_t **outcome)
{
	json_t *o = NULL;
	json_t *entry = NULL;
	size_t i;

	if (!w->json) {
		return take_text(w, text);
	}
	o = json_loads(text, 0, NULL);
	if (json_object_get(o, "names") == NULL) {
		*outcome = o;
		return false;
	}
	json_array_foreach(json_object_get(o, "names"), i, entry) {
		take_entry(w, entry);
	}
	json_decref(w->frame);
	w->frame = o;
	return true;
}

static void print_texts(const struct who_answers *w)
{
	bool begun = false;
	size_t i;

	for (i = 0; i <= w->num; i++) {
		const char *text = w->texts[i];

		if (text == NULL) {
			continue;
		}
		print_text(stdout,
			   begun ? text + strcspn(text, "\n") + 1 : text);
		begun = true;
	}
}

void who_answers_print(struct who_answers *w)
{
	json_t *names = json_array();
	json_t *part = NULL;
	char *dump = NULL;
	size_t i;

	print_texts(w);
	json_array_foreach(w->list, i, part) {
		(void)json_array_extend(names, part);
	}
	if (w->frame != NULL) {
		(void)json_object_set(w->frame, "names", names);
		dump = json_dumps(w->frame, JSON_COMPACT);
		printf("%s\n", (dump != NULL) ? dump : "{}");
		free(dump);
	}
	json_decref(names);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "outcome.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "messenger.h"
#include "say.h"
#include "text.h"

/* Many times what a name may have, and within what a request may. */
#define NAME_MAX_BYTES 200

static const char *string_of(const json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

/* Names come as they were typed: nothing in them is for the terminal. */
static char *printable(const char *name)
{
	char *copy = talloc_strdup(NULL, name);
	char *p = NULL;

	if (copy != NULL && text_has_control(copy)) {
		for (p = copy; *p != '\0'; p++) {
			*p = (*p >= ' ' && *p <= '~') ? *p : '?';
		}
	}
	return copy;
}

static void print_json(const json_t *o)
{
	char *dump = json_dumps(o, JSON_COMPACT);

	printf("%s\n", (dump != NULL) ? dump : "{\"ok\":false}");
	free(dump);
}

/* " It is held by 10.88.0.9, the computer PLANT1." */
static void add_holder(char **text, const json_t *holder)
{
	const char *computer = string_of(holder, "computer");

	if (string_of(holder, "address") == NULL) {
		return;
	}
	text_add(text, " It is held by %s", string_of(holder, "address"));
	if (computer != NULL) {
		text_add(text, ", the computer %s", computer);
	}
	text_add(text, ".");
}

static void show_refusal(const json_t *o, const char *name,
			 const char *message)
{
	const char *code_name = string_of(o, "code_name");
	char *text = NULL;

	if (name == NULL) {
		/* nmbd does not know what it was asked */
		say("nmbd has the module of another version than this tool: "
		    "restart nmbd");
		return;
	}
	text = talloc_asprintf(NULL, "%s: error %d (%s): %s",
			       (name[0] != '\0') ? name : "\"\"",
			       (int)json_integer_value(
				       json_object_get(o, "code")),
			       (code_name != NULL) ? code_name : "?", message);
	add_holder(&text, json_object_get(o, "holder"));
	say("%s", (text != NULL) ? text : "out of memory");
	talloc_free(text);
}

static void show_success(const char *name, const char *message)
{
	char *line = talloc_asprintf(NULL, "%s: %s\n", name, message);

	print_text(stdout, (line != NULL) ? line : "out of memory\n");
	talloc_free(line);
}

bool outcome_print(const json_t *o, bool json)
{
	bool ok = json_is_true(json_object_get(o, "ok"));
	const char *message = string_of(o, "message");
	char *name = NULL;

	if (json) {
		print_json(o);
		return ok;
	}
	message = (message != NULL) ? message : "?";
	if (string_of(o, "name") != NULL) {
		name = printable(string_of(o, "name"));
	}
	if (ok) {
		show_success((name != NULL) ? name : "?", message);
	} else {
		show_refusal(o, name, message);
	}
	talloc_free(name);
	return ok;
}

bool outcome_possible(const char *name, bool json)
{
	enum messenger_code code = NERR_Success;
	json_t *o = NULL;

	if (name[strspn(name, " ")] == '\0' || text_has_control(name)) {
		code = ERROR_INVALID_NAME_;
	} else if (strlen(name) > NAME_MAX_BYTES) {
		code = ERROR_INVALID_PARAMETER_;
	} else {
		return true;
	}
	o = json_pack("{s:b, s:o, s:i, s:s, s:s, s:i}", "ok", false, "name",
		      text_json(name), "code", code, "code_name",
		      messenger_code_name(code), "message",
		      messenger_code_text(code), "schema",
		      MESSENGER_ANSWER_SCHEMA);
	(void)outcome_print(o, json);
	json_decref(o);
	return false;
}

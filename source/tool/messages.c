/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * smbmessenger messages: asks for all that is kept, and shows what is wanted
 * of it.
 */

#include "messages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <jansson.h>

#include "follow.h"
#include "message.h"
#include "name.h"
#include "say.h"
#include "text.h"

/* To begin with when following, as with events. */
#define FOLLOW_FROM   10
#define COUNT_DEFAULT 20

struct shown {
	const struct options *options;
	const char **names;
	bool failed;
};

static char *string_of(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return (char *)((s != NULL) ? s : "");
}

static bool of_all(const struct shown *s)
{
	return s->names == NULL || *s->names == NULL;
}

#define TYPE_ALIAS 0x03

/* As it is typed, or as "add" takes it: in any case, with its type or without */
static bool is_name(const char *name, const char *to)
{
	TALLOC_CTX *frame = talloc_new(NULL);
	char *text = talloc_strdup(frame, name);
	int type = (text != NULL) ? messenger_name_cut_type(text) : 0;
	struct wire_name wire;
	char *alias = NULL;
	bool same = strcasecmp(name, to) == 0;

	if (!same && text != NULL &&
	    (type == TYPE_ALIAS || type == MESSENGER_NAME_NO_TYPE) &&
	    messenger_name_parse(frame, text, &alias, &wire) == NERR_Success) {
		same = strcmp(alias, to) == 0;
	}
	talloc_free(frame);
	return same;
}

static bool is_wanted(void *private_data, const json_t *m)
{
	const struct shown *s = private_data;
	const char **name = s->names;

	if (of_all(s)) {
		return true;
	}
	while (*name != NULL && !is_name(*name, string_of(m, "to"))) {
		name++;
	}
	return *name != NULL;
}

static void print_message(void *private_data, const json_t *o)
{
	const struct shown *s = private_data;
	struct message m = {
		.from = string_of(o, "from"),
		.to = string_of(o, "to"),
		.machine = string_of(o, "machine"),
		.address = string_of(o, "address"),
		.text = string_of(o, "text"),
		.cut = (size_t)json_integer_value(json_object_get(o, "cut")),
	};
	char *text = NULL;
	char *dump = NULL;

	(void)text_parse_moment(string_of(o, "time"), &m.time);
	if (s->options->json) {
		dump = json_dumps(o, JSON_COMPACT);
		printf("%s\n", (dump != NULL) ? dump : "{}");
		free(dump);
		return;
	}
	text = talloc_strdup(NULL, "");
	message_add(&text, &m);
	print_text(stdout, (text != NULL) ? text : "out of memory\n");
	talloc_free(text);
}

/* The last so many of those that are wanted stay. */
static void choose(struct shown *s, json_t *messages)
{
	size_t most = (s->options->number != NUMBER_UNSET)
			      ? (size_t)s->options->number
			      : COUNT_DEFAULT;
	size_t i = json_array_size(messages);
	size_t kept = 0;

	while (i-- > 0) {
		if (kept < most && is_wanted(s, json_array_get(messages, i))) {
			kept++;
		} else {
			(void)json_array_remove(messages, i);
		}
	}
}

static void got_messages(void *private_data, const char *text)
{
	struct shown *s = private_data;
	json_t *answer = json_loads(text, 0, NULL);
	json_t *messages = json_object_get(answer, "messages");
	const json_t *m = NULL;
	char *dump = NULL;
	size_t i;

	if (!json_is_array(messages)) {
		s->failed = true;
		json_decref(answer);
		return;
	}
	choose(s, messages);
	if (s->options->json) {
		dump = json_dumps(answer, JSON_COMPACT);
		printf("%s\n", (dump != NULL) ? dump : "{}");
		free(dump);
	} else if (json_array_size(messages) == 0) {
		printf("There are no %smessages.\n",
		       of_all(s) ? "" : "such ");
	} else {
		json_array_foreach(messages, i, m) {
			if (i > 0) {
				printf("\n");
			}
			print_message(s, m);
		}
	}
	json_decref(answer);
}

enum client_error messages_print(TALLOC_CTX *mem_ctx, struct client *client,
				 const struct options *options,
				 const char **names)
{
	struct shown s = { .options = options, .names = names };
	const struct follow_options follow_them = {
		.what = "messages",
		.count = (options->number != NUMBER_UNSET)
				 ? (unsigned)options->number
				 : FOLLOW_FROM,
		.wanted = is_wanted,
		.print = print_message,
		.private_data = &s,
	};
	char request[] = "json messages 256";
	char *requests[] = { request };
	enum client_error error;

	if (options->follow) {
		return follow(mem_ctx, client, &follow_them);
	}
	error = client_connect(client);
	if (error == CLIENT_OK) {
		error = client_ask(client, requests, 1, got_messages, &s);
	}
	return s.failed ? CLIENT_NO_SERVICE : error;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The request language.  Pure; its input comes from root's own programs, and
 * is treated as if it did not.
 */

#include "request.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "name.h"
#include "text.h"

#define EVENTS_DEFAULT 20

const struct request_help request_help[] = {
	{ "", "status and list" },
	{ "list", "the message aliases, and who holds refused ones" },
	{ "status", "the Messenger service, and all that is not well" },
	{ "condition", "one word: well, degraded or down" },
	{ "add NAME", "add a message alias" },
	{ "ensure NAME", "add it, or wait until it is registered" },
	{ "delete NAME", "delete a message alias" },
	{ "start", "start the service, or try again after it failed" },
	{ "stop", "release every alias" },
	{ "events [N]", "the last N events (20; at most 256)" },
	{ "events [N] after SEQ", "those of them after event SEQ" },
	{ "explain", "what is wrong, why, and what to do" },
	{ "names", "every name of this server, and who else holds one" },
	{ "who NAME", "who holds a name, on each subnet and in WINS" },
	{ "nodes", "the nodes of the cluster, and which of them holds names" },
	{ "messages [N]", "the last N messages to an alias (20; at most 256)" },
	{ "messages [N] after SEQ", "those of them after message SEQ" },
	{ "help", "this text" },
	{ "json REQUEST", "the answer as one JSON object" },
	{ NULL, NULL },
};

enum argument {
	ARGUMENT_NONE,
	ARGUMENT_NAME,
	ARGUMENT_COUNT, /* may be left out */
};

static const struct verb {
	const char *word;
	enum request_verb verb;
	enum argument argument;
} verbs[] = {
	{ "", REQUEST_OVERVIEW, ARGUMENT_NONE },
	{ "list", REQUEST_LIST, ARGUMENT_NONE },
	{ "status", REQUEST_STATUS, ARGUMENT_NONE },
	{ "condition", REQUEST_CONDITION, ARGUMENT_NONE },
	{ "add", REQUEST_ADD, ARGUMENT_NAME },
	{ "ensure", REQUEST_ENSURE, ARGUMENT_NAME },
	{ "delete", REQUEST_DELETE, ARGUMENT_NAME },
	{ "start", REQUEST_START, ARGUMENT_NONE },
	{ "stop", REQUEST_STOP, ARGUMENT_NONE },
	{ "events", REQUEST_EVENTS, ARGUMENT_COUNT },
	{ "explain", REQUEST_EXPLAIN, ARGUMENT_NONE },
	{ "names", REQUEST_NAMES, ARGUMENT_NONE },
	{ "who", REQUEST_WHO, ARGUMENT_NAME },
	{ "nodes", REQUEST_NODES, ARGUMENT_NONE },
	{ "messages", REQUEST_MESSAGES, ARGUMENT_COUNT },
	{ "help", REQUEST_HELP, ARGUMENT_NONE },
};

/* The next word of *text, ended by a NUL there; *text moves on. */
static char *next_word(char **text)
{
	char *word = *text + strspn(*text, " ");
	char *end = word + strcspn(word, " ");

	*text = end + strspn(end, " ");
	*end = '\0';
	return word;
}

static void trim_end(char *text)
{
	size_t len = strlen(text);

	while (len > 0 && text[len - 1] == ' ') {
		text[--len] = '\0';
	}
}

static const struct verb *find_verb(const char *word)
{
	size_t i;

	for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (strcasecmp(verbs[i].word, word) == 0) {
			return &verbs[i];
		}
	}
	return NULL;
}

/*
 * "<what is wrong>; known are: list, status, ..."; what may be NULL.  Beyond
 * ASCII there are characters that do things to a terminal.
 */
static char *list_requests(TALLOC_CTX *mem_ctx, const char *what)
{
	char *text = (what != NULL) ? talloc_strdup(mem_ctx, what) : NULL;
	const struct request_help *h = NULL;
	char *p = NULL;

	for (p = text; p != NULL && *p != '\0'; p++) {
		*p = ((unsigned char)*p < 0x80) ? *p : '?';
	}
	text_add(&text, "; known are:");
	for (h = &request_help[1]; h->usage != NULL; h++) {
		text_add(&text, " %s%s", h->usage,
			 h[1].usage != NULL ? "," : "");
	}
	return text;
}

static bool parse_number(const char *text, unsigned long long min,
			 unsigned long long max, unsigned long long *number)
{
	unsigned long long value = 0;
	char *end = NULL;

	errno = 0;
	value = strtoull(text, &end, 10);
	if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 ||
	    value < min || value > max) {
		return false;
	}
	*number = value;
	return true;
}

/* "[N] [after SEQ]"; what is in text is taken apart. */
static bool parse_count(char *text, struct request *req)
{
	unsigned long long number = 0;
	char *word = next_word(&text);
	unsigned count = EVENTS_DEFAULT;

	if (word[0] != '\0' && strcasecmp(word, "after") != 0) {
		if (!parse_number(word, 1, MESSENGER_EVENT_RING, &number)) {
			return false;
		}
		count = (unsigned)number;
		word = next_word(&text);
	}
	req->count = count;
	if (word[0] == '\0') {
		return true;
	}
	if (strcasecmp(word, "after") != 0 ||
	    !parse_number(text, 0, UINT64_MAX / 2, &number)) {
		return false;
	}
	req->after = number;
	return true;
}

/* The text without its NUL, or what is wrong with it. */
static const char *check_text(const uint8_t *data, size_t len)
{
	if (len == 0) {
		return NULL;
	}
	if (len > REQUEST_MAX + 1) {
		return "the request is longer than 256 bytes";
	}
	if (memchr(data, '\0', len) != data + len - 1) {
		return "the request does not end in its only NUL";
	}
	if (text_has_control((const char *)data)) {
		return "the request has a control character";
	}
	return NULL;
}

static char *wrong_argument(TALLOC_CTX *mem_ctx, const struct verb *v,
			    const char *argument)
{
	switch (v->argument) {
	case ARGUMENT_NAME:
		return talloc_asprintf(mem_ctx, "%s needs a name", v->word);
	case ARGUMENT_COUNT:
		return talloc_asprintf(mem_ctx,
				       "%s takes a number from 1 to %d, "
				       "and \"after SEQ\"",
				       v->word, MESSENGER_EVENT_RING);
	case ARGUMENT_NONE:
		break;
	}
	return talloc_asprintf(mem_ctx, "'%s' takes nothing after it, not '%s'",
			       v->word, argument);
}

/* Returns false without memory. */
static bool take_name(TALLOC_CTX *mem_ctx, const char *text,
		      struct request *req)
{
	req->subject = talloc_strdup(mem_ctx, text);
	req->name = talloc_strdup(mem_ctx, text);
	if (req->subject == NULL || req->name == NULL) {
		return false;
	}
	req->type = messenger_name_cut_type(req->name);
	if (req->type == MESSENGER_NAME_TYPE) {
		req->subject = req->name;
	}
	return true;
}

static bool parse_argument(const struct verb *v, char *argument,
			   struct request *req)
{
	switch (v->argument) {
	case ARGUMENT_NAME:
		return argument[0] != '\0';
	case ARGUMENT_COUNT:
		return parse_count(argument, req);
	case ARGUMENT_NONE:
		break;
	}
	return argument[0] == '\0';
}

bool request_parse(TALLOC_CTX *mem_ctx, const uint8_t *data, size_t len,
		   struct request *req, char **error)
{
	struct request r = {
		.verb = REQUEST_OVERVIEW,
		.type = MESSENGER_NAME_NO_TYPE,
	};
	bool ok = false;
	const char *wrong = check_text(data, len);
	const struct verb *v = NULL;
	char *text = NULL;
	char *word = NULL;

	req->json =
		(len >= 4 && strncasecmp((const char *)data, "json", 4) == 0);
	if (wrong != NULL) {
		*error = list_requests(mem_ctx, wrong);
		return false;
	}
	text = talloc_strdup(mem_ctx, (len > 0) ? (const char *)data : "");
	if (text == NULL) {
		*error = NULL;
		return false;
	}
	trim_end(text);
	word = next_word(&text);
	r.json = (strcasecmp(word, "json") == 0);
	req->json = r.json;
	if (r.json) {
		word = next_word(&text);
	}
	v = find_verb(word);
	if (v == NULL) {
		wrong = talloc_asprintf(mem_ctx, "unknown request '%s'", word);
		*error = list_requests(mem_ctx, wrong);
		return false;
	}
	if (!parse_argument(v, text, &r)) {
		wrong = wrong_argument(mem_ctx, v, text);
		*error = list_requests(mem_ctx, wrong);
		return false;
	}
	ok = (v->argument != ARGUMENT_NAME || take_name(mem_ctx, text, &r));
	*error = NULL;
	if (ok) {
		r.verb = v->verb;
		*req = r;
	}
	return ok;
}

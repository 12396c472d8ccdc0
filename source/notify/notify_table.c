/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "notify_table.h"

#include <string.h>
#include <strings.h>

#include "name.h"
#include "text.h"

#define EVERY "*"

static const char *const actions[] = {
	[NOTIFY_WALL] = "wall",
	[NOTIFY_DESKTOP] = "desktop",
	[NOTIFY_MAIL] = "mail",
	[NOTIFY_EXEC] = "exec",
};

#define NUM_ACTIONS (sizeof(actions) / sizeof(actions[0]))

/*
 * ":wall" or ":mail=..." in a word: no alias has a colon.  Returns NULL if
 * there is none.
 */
static const char *find_action(const char *word, enum notify_action *action,
			       const char **target)
{
	const char *colon = strchr(word, ':');
	size_t i;

	for (i = 0; colon != NULL && i < NUM_ACTIONS; i++) {
		size_t len = strlen(actions[i]);
		const char *end = colon + 1 + len;

		if (strncasecmp(colon + 1, actions[i], len) == 0 &&
		    (*end == '\0' || *end == '=')) {
			*action = (enum notify_action)i;
			*target = (*end == '=') ? end + 1 : NULL;
			return colon;
		}
	}
	return NULL;
}

/* What is wrong with a target, if anything; NULL as target: none is given. */
static const char *wrong_target(enum notify_action action, const char *target)
{
	if (target != NULL && strchr(target, ',') != NULL) {
		return "behind = stands one; another is an entry of its own";
	}
	switch (action) {
	case NOTIFY_WALL:
	case NOTIFY_DESKTOP:
		if (target != NULL && target[strspn(target, "@")] == '\0') {
			return "behind = stands a user, a @group, or * for "
			       "each user";
		}
		break;
	case NOTIFY_MAIL:
		if (target == NULL || target[0] == '\0' || target[0] == '-' ||
		    text_has_control(target)) {
			return "behind = stands a mail address";
		}
		break;
	case NOTIFY_EXEC:
		if (target == NULL || target[0] != '/') {
			return "behind = stands the path of a program, from "
			       "the root";
		}
		break;
	}
	return NULL;
}

static void complain(struct notify_table *t, const char *word, const char *why)
{
	size_t num = talloc_array_length(t->complaints);
	char **more = talloc_realloc(t, t->complaints, char *, num + 1);

	if (more != NULL) {
		t->complaints = more;
		more[num] = talloc_asprintf(
			more, "messenger:notify: '%s' is left out: %s", word,
			why);
		if (more[num] == NULL) {
			more[num] = (char *)"out of memory";
		}
	}
}

/* Returns what is wrong with the alias, a constant string, or NULL. */
static const char *read_alias(TALLOC_CTX *mem_ctx, const char *word, size_t len,
			      char **alias)
{
	char *text = talloc_strndup(NULL, word, len);
	const char *why = NULL;
	struct wire_name wire;
	enum messenger_code code = NERR_InternalError;

	if (text != NULL && strcmp(text, EVERY) == 0) {
		*alias = talloc_strdup(mem_ctx, EVERY);
		code = (*alias != NULL) ? NERR_Success : NERR_InternalError;
	} else if (text != NULL) {
		code = messenger_name_parse(mem_ctx, text, alias, &wire);
	}
	if (code != NERR_Success) {
		why = messenger_code_text(code);
	}
	talloc_free(text);
	return why;
}

static bool add_entry(struct notify_table *t, const char *word)
{
	size_t num = talloc_array_length(t->entries);
	struct notify_entry *more = NULL;
	struct notify_entry e = { .text = NULL };
	const char *target = NULL;
	const char *colon = find_action(word, &e.action, &target);
	const char *why = NULL;

	if (colon == NULL) {
		why = "an entry is ALIAS:ACTION or ALIAS:ACTION=TARGET, and "
		      "the actions are wall, desktop, mail and exec";
	} else {
		why = wrong_target(e.action, target);
	}
	if (why == NULL) {
		why = read_alias(t, word, (size_t)(colon - word), &e.alias);
	}
	if (why != NULL) {
		complain(t, word, why);
		return true;
	}
	more = talloc_realloc(t, t->entries, struct notify_entry, num + 1);
	if (more == NULL) {
		return false;
	}
	t->entries = more;
	e.text = talloc_strdup(more, word);
	e.target = talloc_strdup(more, (target != NULL) ? target : "");
	more[num] = e;
	return e.text != NULL && e.target != NULL;
}

struct notify_table *notify_table_parse(TALLOC_CTX *mem_ctx,
					const char *const *words)
{
	struct notify_table *t = talloc_zero(mem_ctx, struct notify_table);

	for (; t != NULL && words != NULL && *words != NULL; words++) {
		if (!add_entry(t, *words)) {
			TALLOC_FREE(t);
		}
	}
	return t;
}

bool notify_entry_is_for(const struct notify_entry *e, const char *alias)
{
	return strcmp(e->alias, EVERY) == 0 || strcasecmp(e->alias, alias) == 0;
}

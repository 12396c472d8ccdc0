/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What the service is to hold: by who is logged on.  Pure.
 */

#include "service_private.h"

#include <string.h>

#include "text.h"

/* The list is in the order of the texts; *at: where it is, or is to go. */
static bool is_in(const struct config_invalid *list, const char *user,
		  size_t *at)
{
	size_t from = 0;
	size_t to = talloc_array_length(list);

	while (from < to) {
		size_t middle = from + (to - from) / 2;
		/* talloc_array_length(NULL) is 0 */
		/* NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
		int order = strcmp(list[middle].text, user);

		if (order == 0) {
			*at = middle;
			return true;
		}
		from = (order < 0) ? middle + 1 : from;
		to = (order > 0) ? middle : to;
	}
	*at = from;
	return false;
}

/* Remember, in the new list, a user whose name is no alias; tell it once. */
static void leave_out(struct service *s, struct config_invalid **list,
		      const char *user, enum messenger_code code)
{
	size_t num = talloc_array_length(*list);
	struct config_invalid *more = NULL;
	size_t at = 0;
	size_t told = 0;
	/* no alias has control characters; the name of a user may */
	char *name = text_printable(s, user);

	if (name == NULL || is_in(*list, name, &at)) {
		talloc_free(name);
		return;
	}
	more = talloc_realloc(s, *list, struct config_invalid, num + 1);
	if (more == NULL) {
		talloc_free(name);
		return;
	}
	*list = more;
	memmove(&more[at + 1], &more[at], (num - at) * sizeof(more[0]));
	more[at] = (struct config_invalid){
		.text = talloc_steal(more, name),
		.code = code,
	};
	if (!is_in(s->left_out, name, &told)) {
		struct alias left_out = { .name = name, .kind = ALIAS_USER };

		service_tell(s, EVENT_ALIAS_REFUSED, code, &left_out, NULL);
	}
}

void service_set_users(struct service *s, const char *const *users)
{
	struct config_invalid *left_out = NULL;
	struct wanted *w = NULL;
	struct wire_name wire;
	enum messenger_code code;
	char *name = NULL;

	service_see_none(s);
	for (; *users != NULL; users++) {
		const char *domain_end = strrchr(*users, '\\');
		const char *user =
			(domain_end != NULL) ? domain_end + 1 : *users;

		code = messenger_name_parse(s, user, &name, &wire);
		if (code != NERR_Success) {
			leave_out(s, &left_out, user, code);
			continue;
		}
		w = wanted_add(s->wanted, WANTED_LOGON, name, &wire);
		if (w != NULL) {
			w->seen = true;
		}
		talloc_free(name);
	}
	service_forget_unseen(s, WANTED_LOGON);
	service_set_kinds(s);
	talloc_free(s->left_out);
	s->left_out = left_out;

	if (service_is_up(s)) {
		service_claim_others(s);
	} else {
		service_go_on(s);
	}
}

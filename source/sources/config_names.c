/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Lists of names in smb.conf; what is no name becomes a complaint.
 */

#include "config_names.h"

#include <string.h>

#include "array.h"
#include "name_index.h"
#include "samba_private.h"

/* One list, and what is in it so far, to take each name once. */
struct names {
	const char *option;
	bool tell_invalid; /* those that are no names are listed, too */
	struct config_name *list;
	size_t num;
	struct name_index seen;
};

struct seen {
	struct name_link link;
	struct wire_name wire;
};

static void begin(struct names *names, TALLOC_CTX *frame, const char *option)
{
	*names = (struct names){ .option = option };
	name_index_init(&names->seen, frame, struct seen, link, wire);
}

/* Returns false without memory only. */
static bool see(struct name_index *index, const struct wire_name *wire)
{
	struct seen *seen = talloc_zero(index->mem_ctx, struct seen);

	if (seen == NULL) {
		return false;
	}
	seen->wire = *wire;
	name_index_add(index, seen);
	return true;
}

/* Returns false without memory only. */
static bool add_invalid(struct config_reading *r, const char *text,
			enum messenger_code code)
{
	struct messenger_config *c = r->config;
	struct config_invalid *more =
		array_room(c, c->invalid, struct config_invalid,
			   r->num_invalid);
	char *copy = talloc_strdup(c, text);

	if (more == NULL || copy == NULL) {
		return false;
	}
	c->invalid = more;
	more[r->num_invalid++] = (struct config_invalid){
		.code = code,
		.text = copy,
	};
	return true;
}

/* Returns false without memory only. */
static bool add(struct config_reading *r, struct names *names, const char *text)
{
	struct messenger_config *c = r->config;
	struct config_name n = { .name = NULL };
	struct config_name *more = NULL;
	enum messenger_code code;

	code = messenger_name_parse(c, text, &n.name, &n.wire);
	if (code == NERR_InternalError) {
		return false;
	}
	if (code != NERR_Success) {
		config_complain(r, "%s: '%s' is left out: %s (%d)",
				names->option, text, messenger_code_text(code),
				code);
		return !names->tell_invalid || add_invalid(r, text, code);
	}
	if (name_index_find(&names->seen, &n.wire) != NULL) {
		talloc_free(n.name);
		return true;
	}
	more = array_room(c, names->list, struct config_name, names->num);
	if (more == NULL || !see(&names->seen, &n.wire)) {
		return false;
	}
	more[names->num++] = n;
	names->list = more;
	return true;
}

/* Returns false without memory only. */
static bool end(struct config_reading *r, const struct names *names,
		struct config_name **list)
{
	*list = array_end(r->config, names->list, struct config_name,
			  names->num);
	return *list != NULL || names->num == 0;
}

bool config_read_computers(struct config_reading *r, TALLOC_CTX *frame)
{
	const char **alias = lp_netbios_aliases();
	struct names names;

	begin(&names, frame, "netbios name");
	if (!add(r, &names, lp_netbios_name())) {
		return false;
	}
	/* the first of them decides about the service: none, or the right one */
	names.option = "netbios aliases";
	for (; names.num > 0 && alias != NULL && *alias != NULL; alias++) {
		if (!add(r, &names, *alias)) {
			return false;
		}
	}
	return end(r, &names, &r->config->computers);
}

/*
 * As lp_parm_string_list() has it, which would keep a list of its own, and end
 * it without a word where there is no more memory.
 */
bool config_read_aliases(struct config_reading *r, TALLOC_CTX *frame,
			 const char *text)
{
	static const char separators[] = " \t,;\n\r";
	struct names names;
	char *name = NULL;

	begin(&names, frame, "messenger:aliases");
	names.tell_invalid = true;
	while (next_token_talloc(frame, &text, &name, separators)) {
		if (!add(r, &names, name)) {
			return false;
		}
		talloc_free(name);
	}
	return text[strspn(text, separators)] == '\0' &&
	       end(r, &names, &r->config->aliases);
}

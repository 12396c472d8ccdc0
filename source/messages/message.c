/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A message as JSON and as lines for people.  Pure.
 */

#include "message.h"

#include <string.h>

#include "text.h"

const char *message_via_str(enum message_via via)
{
	return (via == MESSAGE_VIA_MAILSLOT) ? "mailslot" : "smb";
}

struct message *message_copy(TALLOC_CTX *mem_ctx, const struct message *m)
{
	struct message *copy = talloc_zero(mem_ctx, struct message);

	if (copy == NULL) {
		return NULL;
	}
	*copy = *m;
	copy->from = talloc_strdup(copy, m->from);
	copy->to = talloc_strdup(copy, m->to);
	copy->machine = talloc_strdup(copy, m->machine);
	copy->address = talloc_strdup(copy, m->address);
	copy->text = talloc_strdup(copy, m->text);
	if (copy->from == NULL || copy->to == NULL || copy->machine == NULL ||
	    copy->address == NULL || copy->text == NULL) {
		talloc_free(copy);
		return NULL;
	}
	return copy;
}

json_t *message_json(const struct message *m, const char *time)
{
	json_t *o = json_object();
	int err = 0;

	if (m->seq != 0) {
		err |= json_object_set_new(o, "seq",
					   json_integer((json_int_t)m->seq));
	}
	err |= json_object_set_new(o, "time", json_string(time));
	err |= json_object_set_new(o, "from", text_json(m->from));
	err |= json_object_set_new(o, "to", text_json(m->to));
	err |= json_object_set_new(o, "machine", text_json(m->machine));
	err |= json_object_set_new(o, "address", text_json(m->address));
	err |= json_object_set_new(o, "via",
				   json_string(message_via_str(m->via)));
	err |= json_object_set_new(o, "text", text_json(m->text));
	if (m->cut != 0) {
		err |= json_object_set_new(o, "cut",
					   json_integer((json_int_t)m->cut));
	}
	if (err != 0) {
		json_decref(o);
		return NULL;
	}
	return o;
}

void message_add_sender(char **text, const char *from, const char *machine,
			const char *address)
{
	text_add(text, "%s", (from[0] != '\0') ? from : "somebody");
	if (machine[0] != '\0') {
		text_add(text, " on %s", machine);
	}
	if (address[0] != '\0') {
		text_add(text, " (%s)", address);
	}
}

bool message_is_empty(const char *body)
{
	return body[strspn(body, " \n")] == '\0';
}

void message_add_text(char **text, const char *body, size_t cut, int indent)
{
	if (message_is_empty(body) && cut == 0) {
		text_add(text, "%*s" MESSAGE_NO_TEXT "\n", indent, "");
		return;
	}
	while (*body != '\0') {
		size_t len = strcspn(body, "\n");
		char *line = talloc_strndup(NULL, body, len);

		if (line == NULL) {
			TALLOC_FREE(*text);
			return;
		}
		if (len == 0) {
			text_add(text, "\n");
		}
		text_add_wrapped(text, indent, TEXT_COLUMNS, line);
		talloc_free(line);
		body += len;
		body += (*body == '\n') ? 1 : 0;
	}
	if (cut != 0) {
		text_add(text, "%*s(%zu more characters were cut off)\n",
			 indent, "", cut);
	}
}

void message_add(char **text, const struct message *m)
{
	text_add_time(text, m->time);
	text_add(text, "  to %s from ", m->to);
	message_add_sender(text, m->from, m->machine, m->address);
	text_add(text, "\n");
	message_add_text(text, m->text, m->cut, 2);
}

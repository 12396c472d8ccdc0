/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Answers on their way back.
 */

#include "reply.h"

#include <string.h>

#include "messenger.h"
#include "text.h"

void reply_text(struct messaging_context *msg, struct server_id to,
		const char *text)
{
	if (text == NULL) {
		text = "out of memory\n";
	}
	(void)messaging_send_buf(msg, to, MESSENGER_MSG_REQUEST,
				 (const uint8_t *)text, strlen(text));
}

void reply_json(struct messaging_context *msg, struct server_id to,
		json_t *json)
{
	char *line = NULL;

	if (json_object_set_new(json, "schema",
				json_integer(MESSENGER_ANSWER_SCHEMA)) == 0) {
		line = text_of_json(NULL, json);
	}
	text_add(&line, "\n");
	reply_text(msg, to, line);
	talloc_free(line);
	json_decref(json);
}

void reply_outcome(struct messaging_context *msg, struct server_id to,
		   bool json, const struct outcome *o)
{
	char *text = NULL;

	if (json) {
		reply_json(msg, to, report_outcome_json(o));
		return;
	}
	text = report_outcome_text(NULL, o);
	reply_text(msg, to, text);
	talloc_free(text);
}

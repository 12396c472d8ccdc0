/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * An event of a message: received, or refused.  Pure.
 */

#include "event_message.h"

#include "event_text.h"

struct event *event_of_message(TALLOC_CTX *mem_ctx, enum event_type type,
			       const struct message *m, const char *reason,
			       uint32_t count)
{
	struct event *ev = event_create(mem_ctx, type, m->time);

	if (ev == NULL) {
		return NULL;
	}
	ev->mail = message_copy(ev, m);
	ev->count = count;
	if (reason != NULL) {
		ev->reason = talloc_strdup(ev, reason);
	}
	if (ev->mail == NULL || (reason != NULL && ev->reason == NULL)) {
		talloc_free(ev);
		return NULL;
	}
	return ev;
}

char *event_message_sentence(TALLOC_CTX *mem_ctx, const struct event *ev,
			     const char *format)
{
	const struct message *m = ev->mail;

	return talloc_asprintf(mem_ctx, format,
			       (m->from[0] != '\0') ? m->from : "somebody",
			       (m->to[0] != '\0') ? " to " : "", m->to);
}

/* "Sent by Bob on BRAVO (10.88.0.9), smb." */
static void add_sender(char **text, const struct event *ev)
{
	const struct message *m = ev->mail;
	char *sentence = talloc_strdup(NULL, "Sent by ");

	if (m->from[0] == '\0' && m->address[0] == '\0') {
		text_add(&sentence, "several hosts");
	} else {
		message_add_sender(&sentence, m->from, m->machine, m->address);
	}
	text_add(&sentence, ", via %s", message_via_str(m->via));
	if (ev->reason != NULL) {
		text_add(&sentence, ": %s", ev->reason);
	}
	if (ev->count > 1) {
		text_add(&sentence, "; %u messages", ev->count);
	}
	text_add(&sentence, ".");
	if (sentence == NULL) {
		TALLOC_FREE(*text);
		return;
	}
	text_add_wrapped(text, 0, LOG_COLUMNS, sentence);
	talloc_free(sentence);
}

char *event_message_text(TALLOC_CTX *mem_ctx, const struct event *ev)
{
	char *text = event_message(mem_ctx, ev);

	text_add(&text, "\n");
	add_sender(&text, ev);
	return text;
}

char *event_whole_text(TALLOC_CTX *mem_ctx, const struct event *ev)
{
	char *text = event_log_text(mem_ctx, ev);

	if (ev->type == EVENT_MESSAGE_RECEIVED) {
		message_add_text(&text, ev->mail->text, ev->mail->cut, 0);
	}
	return text;
}

int event_message_json(json_t *o, const struct event *ev)
{
	const bool received = (ev->type == EVENT_MESSAGE_RECEIVED);
	json_t *m = message_json(ev->mail, "");
	const char *key = NULL;
	json_t *value = NULL;
	int err = (m != NULL) ? 0 : -1;

	if (received && ev->mail->seq != 0) {
		err |= json_object_set_new(
			o, "message_seq",
			json_integer((json_int_t)ev->mail->seq));
	}
	(void)json_object_del(m, "seq");
	(void)json_object_del(m, "time"); /* the event's */
	if (!received) {
		(void)json_object_del(m, "text");
		(void)json_object_del(m, "cut");
	}
	json_object_foreach(m, key, value) {
		err |= json_object_set(o, key, value);
	}
	json_decref(m);
	return err;
}

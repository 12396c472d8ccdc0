/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * An event as JSON.  Pure.
 */

#include "event.h"

#include <arpa/inet.h>
#include <stdio.h>

#include "event_message.h"
#include "text.h"

static int set_new(json_t *object, const char *key, json_t *value)
{
	/* a NULL value is an error of memory, and stays one */
	return json_object_set_new(object, key, value);
}

json_t *event_time_json(struct timespec t)
{
	char *text = text_moment(NULL, t);
	json_t *json = (text != NULL) ? json_string(text) : NULL;

	talloc_free(text);
	return json;
}

json_t *event_json(const struct event *ev)
{
	char *time = text_moment(NULL, ev->time);
	char *message = event_message(NULL, ev);
	json_t *o = json_object();
	int err = 0;

	if (time == NULL || message == NULL || o == NULL) {
		err = -1;
		goto done;
	}
	if (ev->seq != 0) {
		err |= set_new(o, "seq", json_integer((json_int_t)ev->seq));
	}
	err |= set_new(o, "time", json_string(time));
	err |= set_new(o, "event", json_string(event_type_str(ev->type)));
	if (event_id(ev) != 0) {
		err |= set_new(o, "event_id", json_integer(event_id(ev)));
	}
	err |= set_new(o, "severity",
		       json_string(event_severity_str(event_severity(ev))));
	err |= set_new(o, "source", json_string(event_source(ev)));
	if (ev->code != NERR_Success) {
		err |= set_new(o, "code", json_integer(ev->code));
		err |= set_new(o, "code_name",
			       json_string(messenger_code_name(ev->code)));
	}
	if (ev->alias != NULL) {
		err |= set_new(o, "alias", text_json(ev->alias));
		err |= set_new(o, "kind",
			       json_string(alias_kind_str(ev->kind)));
	}
	if (ev->name != NULL) {
		char type[sizeof("1b")];

		snprintf(type, sizeof(type), "%02x", ev->netbios.type);
		err |= set_new(o, "name", text_json(ev->name));
		err |= set_new(o, "type", json_string(type));
		err |= set_new(o, "group", json_boolean(ev->netbios.group));
		err |= set_new(o, "purpose",
			       json_string(name_type_purpose(&ev->netbios)));
	}
	if (ev->subnet != NULL) {
		err |= set_new(o, "subnet", json_string(ev->subnet));
	}
	if (ev->rcode != 0) {
		err |= set_new(o, "rcode", json_integer(ev->rcode));
		err |= set_new(o, "rcode_name",
			       json_string(rcode_name(ev->rcode)));
	}
	if (ev->server.s_addr != 0) {
		err |= set_new(o, "server", json_string(inet_ntoa(ev->server)));
	}
	if (ev->reason != NULL) {
		err |= set_new(o, "reason", text_json(ev->reason));
	}
	if (ev->holder.s_addr != 0) {
		err |= set_new(o, "holder",
			       holder_json(ev->holder, ev->details));
	}
	if (event_cause(ev) != CAUSE_NONE) {
		err |= set_new(o, "cause",
			       json_string(event_cause_str(event_cause(ev))));
	}
	if (ev->claimant.s_addr != 0) {
		err |= set_new(o, "claimant", holder_json(ev->claimant, NULL));
	}
	if (ev->mail != NULL) {
		err |= event_message_json(o, ev);
	}
	if (ev->count != 0) {
		err |= set_new(o, "count", json_integer(ev->count));
	}
	err |= set_new(o, "message", text_json(message));
done:
	talloc_free(time);
	talloc_free(message);
	if (err != 0) {
		json_decref(o);
		return NULL;
	}
	return o;
}

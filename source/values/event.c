/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Events as a sentence, as lines for a log, as JSON.  Pure.
 *
 * The numbers and the sentences of the service's own events are those that
 * the Service Control Manager writes to Windows' System log.
 */

#include "event.h"

#include <arpa/inet.h>
#include <stdio.h>

#include "advice.h"
#include "claim.h"
#include "text.h"

/* EVENT_SERVICE_EXIT_FAILED_SPECIFIC, EVENT_SERVICE_STATUS_SUCCESS */
#define SCM_EXIT_FAILED_SPECIFIC 7024
#define SCM_STATUS_SUCCESS	 7036

/* Samba's log indents each line by two */
#define LOG_COLUMNS (TEXT_COLUMNS - 2)

static const struct event_class {
	uint32_t id;
	const char *source;
	enum event_severity severity;
} classes[] = {
	[EVENT_SERVICE_STARTED] = { SCM_STATUS_SUCCESS,
				    "Service Control Manager",
				    SEVERITY_INFORMATION },
	[EVENT_SERVICE_FAILED] = { SCM_EXIT_FAILED_SPECIFIC,
				   "Service Control Manager", SEVERITY_ERROR },
	[EVENT_SERVICE_STOPPED] = { SCM_STATUS_SUCCESS,
				    "Service Control Manager",
				    SEVERITY_INFORMATION },
	[EVENT_ALIAS_REGISTERED] = { 0, "Messenger", SEVERITY_INFORMATION },
	[EVENT_ALIAS_REFUSED] = { 0, "Messenger", SEVERITY_WARNING },
	[EVENT_ALIAS_RELEASED] = { 0, "Messenger", SEVERITY_INFORMATION },
	[EVENT_ALIAS_LOST] = { 0, "Messenger", SEVERITY_WARNING },
	[EVENT_ALIAS_DEFENDED] = { 0, "Messenger", SEVERITY_WARNING },
	[EVENT_ALIAS_CONFLICT] = { 0, "Messenger", SEVERITY_WARNING },
};

struct event *event_create(TALLOC_CTX *mem_ctx, enum event_type type,
			   struct timespec now)
{
	struct event *ev = talloc_zero(mem_ctx, struct event);

	if (ev == NULL) {
		return NULL;
	}
	ev->type = type;
	ev->time = now;
	return ev;
}

uint32_t event_id(const struct event *ev)
{
	return classes[ev->type].id;
}

const char *event_source(const struct event *ev)
{
	return classes[ev->type].source;
}

enum event_severity event_severity(const struct event *ev)
{
	/* done, but not all of it */
	if (ev->type == EVENT_ALIAS_REGISTERED && ev->reason != NULL) {
		return SEVERITY_WARNING;
	}
	return classes[ev->type].severity;
}

char *event_time_str(TALLOC_CTX *mem_ctx, struct timespec t)
{
	char day[sizeof("2026-11-22T12:00:00")];
	struct tm tm;

	if (gmtime_r(&t.tv_sec, &tm) == NULL ||
	    strftime(day, sizeof(day), "%Y-%m-%dT%H:%M:%S", &tm) == 0) {
		return talloc_strdup(mem_ctx, "1970-01-01T00:00:00.000000Z");
	}
	return talloc_asprintf(mem_ctx, "%s.%06ldZ", day, t.tv_nsec / 1000);
}

char *event_message(TALLOC_CTX *mem_ctx, const struct event *ev)
{
	switch (ev->type) {
	case EVENT_SERVICE_STARTED:
		return talloc_strdup(mem_ctx, "The Messenger service entered "
					      "the running state.");
	case EVENT_SERVICE_FAILED:
		return talloc_asprintf(mem_ctx,
				       "The Messenger service terminated with "
				       "service-specific error %d (0x%X).",
				       ev->code, ev->code);
	case EVENT_SERVICE_STOPPED:
		return talloc_strdup(mem_ctx, "The Messenger service entered "
					      "the stopped state.");
	case EVENT_ALIAS_REGISTERED:
		return talloc_asprintf(mem_ctx,
				       "The message alias %s was added.",
				       ev->alias);
	case EVENT_ALIAS_REFUSED:
		if (ev->code == NERR_Success) {
			return talloc_asprintf(mem_ctx,
					       "The message alias %s is not "
					       "registered in WINS.",
					       ev->alias);
		}
		return talloc_asprintf(mem_ctx,
				       "The message alias %s could not be "
				       "added: error %d.",
				       ev->alias, ev->code);
	case EVENT_ALIAS_RELEASED:
		return talloc_asprintf(mem_ctx,
				       "The message alias %s was released.",
				       ev->alias);
	case EVENT_ALIAS_LOST:
		return talloc_asprintf(mem_ctx,
				       "The message alias %s was lost: "
				       "error %d.",
				       ev->alias, ev->code);
	case EVENT_ALIAS_DEFENDED:
		return talloc_asprintf(mem_ctx,
				       "The message alias %s was defended.",
				       ev->alias);
	case EVENT_ALIAS_CONFLICT:
		return talloc_asprintf(mem_ctx,
				       "The message alias %s was said to be in "
				       "conflict.",
				       ev->alias);
	}
	return talloc_strdup(mem_ctx, "Unknown event.");
}

/* "ALPHA<03> is held by 10.88.0.1 (subnet 10.88.0.2, rcode 6)." */
static void add_holder(char **text, const struct event *ev)
{
	const struct refusal refusal = {
		.rcode = ev->rcode,
		.server = ev->server,
		.record = ev->record,
	};
	char *sentence = NULL;

	if (ev->server.s_addr != 0 && ev->holder.s_addr == 0) {
		sentence = advice_refusal(NULL, &refusal, ev->alias);
	} else {
		sentence = talloc_asprintf(
			NULL, "%s<%02x> is %s by %s (subnet %s, rcode %d).",
			ev->alias, MESSENGER_NAME_TYPE,
			(ev->rcode == RCODE_RFS_ERR) ? "refused" : "held",
			(ev->holder.s_addr != 0) ? inet_ntoa(ev->holder)
						 : "another computer",
			ev->subnet, ev->rcode);
	}
	if (sentence == NULL) {
		TALLOC_FREE(*text);
		return;
	}
	text_add_wrapped(text, 0, LOG_COLUMNS, sentence);
	talloc_free(sentence);
}

/* "10.88.0.9 tried to take OPERATOR<03>; it was refused, 3 times." */
static void add_claimant(char **text, const struct event *ev)
{
	const char *who = (ev->claimant.s_addr != 0)
				  ? inet_ntoa(ev->claimant)
				  : "More than 64 other hosts";

	if (ev->holder.s_addr != 0) {
		text_add(text,
			 "%s claimed %s<%02x> when this server did; %s",
			 who, ev->alias, MESSENGER_NAME_TYPE,
			 (event_cause(ev) == CAUSE_UNKNOWN)
				 ? "it does not say whether it has it"
				 : "now both hold it");
	} else if (ev->type == EVENT_ALIAS_DEFENDED) {
		text_add(text, "%s tried to take %s<%02x>; nmbd refused it",
			 who, ev->alias, MESSENGER_NAME_TYPE);
	} else {
		text_add(text,
			 "%s demanded that %s<%02x> be given up; nmbd "
			 "keeps it",
			 who, ev->alias, MESSENGER_NAME_TYPE);
	}
	if (ev->count > 1) {
		text_add(text, ", %u times", ev->count);
	}
	text_add(text, ".\n");
}

/* "Cause: duplicate-computer-name. Choose another alias, or ..." */
static void add_cause(char **text, const struct event *ev)
{
	enum event_cause cause = event_cause(ev);
	char *action = advice_action(NULL, cause, ev->kind, ev->alias);
	char *sentence = NULL;

	if (action != NULL) {
		sentence = talloc_asprintf(NULL, "Cause: %s. %s",
					   event_cause_str(cause), action);
	}
	if (sentence != NULL) {
		text_add_wrapped(text, 0, LOG_COLUMNS, sentence);
	} else {
		TALLOC_FREE(*text);
	}
	talloc_free(sentence);
	talloc_free(action);
}

char *event_details_text(TALLOC_CTX *mem_ctx, const struct event *ev)
{
	char *text = talloc_asprintf(mem_ctx, "%s<%02x>: ", ev->alias,
				     MESSENGER_NAME_TYPE);

	if (event_cause(ev) == CAUSE_UNKNOWN) {
		text_add(&text, "the holder %s does not say who it is.\n",
			 inet_ntoa(ev->holder));
	} else {
		text_add(&text, "the holder %s is ", inet_ntoa(ev->holder));
		if (ev->details->computer == NULL) {
			text_add(&text, "a computer without a name");
		}
		holder_add_text(&text, ev->details);
		text_add(&text, ".\n");
	}
	add_cause(&text, ev);
	return text;
}

enum event_cause event_cause(const struct event *ev)
{
	return (ev->details != NULL) ? ev->details->cause : ev->cause;
}

char *event_log_text(TALLOC_CTX *mem_ctx, const struct event *ev)
{
	char *text = event_message(mem_ctx, ev);

	text_add(&text, "\n");
	switch (ev->type) {
	case EVENT_SERVICE_FAILED:
	case EVENT_ALIAS_REFUSED:
	case EVENT_ALIAS_LOST:
		if (ev->subnet != NULL) {
			add_holder(&text, ev);
		} else {
			text_add_wrapped(&text, 0, LOG_COLUMNS,
					 messenger_code_text(ev->code));
		}
		break;
	case EVENT_ALIAS_DEFENDED:
	case EVENT_ALIAS_CONFLICT:
		add_claimant(&text, ev);
		break;
	case EVENT_ALIAS_REGISTERED:
		if (ev->reason != NULL) {
			text_add(&text,
				 "It is not kept over a restart of nmbd: "
				 "%s.\n",
				 ev->reason);
		}
		break;
	default:
		break;
	}
	if (ev->holder.s_addr == 0 && event_cause(ev) != CAUSE_NONE) {
		add_cause(&text, ev); /* nobody is to be asked */
	}
	if (ev->type == EVENT_SERVICE_FAILED &&
	    ev->code == NERR_NoComputerName) {
		text_add(&text,
			 "Rename one of the two computers or release the name "
			 "there; then run:\n"
			 "smbmessenger start\n");
	}
	return text;
}

static int set_new(json_t *object, const char *key, json_t *value)
{
	/* a NULL value is an error of memory, and stays one */
	return json_object_set_new(object, key, value);
}

json_t *event_json(const struct event *ev)
{
	char *time = event_time_str(NULL, ev->time);
	char *message = event_message(NULL, ev);
	json_t *o = json_object();
	int err = 0;

	if (time == NULL || message == NULL || o == NULL) {
		err = -1;
		goto done;
	}
	err |= set_new(o, "seq", json_integer((json_int_t)ev->seq));
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

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Events: their numbers, and what happened as a sentence.  Pure.
 *
 * The numbers and the sentences of the service's own events are those that
 * the Service Control Manager writes to Windows' System log.
 */

#include "event.h"

#include <arpa/inet.h>
#include <stdio.h>

#include "event_message.h"

/* EVENT_SERVICE_EXIT_FAILED_SPECIFIC, EVENT_SERVICE_STATUS_SUCCESS */
#define SCM_EXIT_FAILED_SPECIFIC 7024
#define SCM_STATUS_SUCCESS	 7036

/* EVENT_NBT_DUPLICATE_NAME, ..._ERROR; ..._NAME_RELEASE; the refusal */
#define NBT_DUPLICATE_NAME 4319
#define NBT_NAME_RELEASE   4320
#define NBT_NAME_REFUSED   4321

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
	[EVENT_NAME_REFUSED] = { NBT_NAME_REFUSED, "NetBT", SEVERITY_ERROR },
	[EVENT_NAME_CONFLICT] = { NBT_DUPLICATE_NAME, "NetBT",
				  SEVERITY_ERROR },
	[EVENT_NAME_REGISTERED] = { 0, "NetBT", SEVERITY_INFORMATION },
	[EVENT_NAME_RELEASED] = { 0, "NetBT", SEVERITY_INFORMATION },
	[EVENT_MESSAGE_RECEIVED] = { 0, "Messenger", SEVERITY_INFORMATION },
	[EVENT_MESSAGE_REFUSED] = { 0, "Messenger", SEVERITY_WARNING },
};

struct event *event_create(TALLOC_CTX *mem_ctx, enum event_type type,
			   struct timespec now)
{
	return event_create_about(mem_ctx, type, now, NULL);
}

/* In one piece with the alias: the last ones of them are kept. */
struct event *event_create_about(TALLOC_CTX *mem_ctx, enum event_type type,
				 struct timespec now, const char *alias)
{
	size_t room = (alias != NULL) ? strlen(alias) + 1 : 0;
	struct event *ev = talloc_zero_size(mem_ctx, sizeof(*ev) + room);

	if (ev == NULL) {
		return NULL;
	}
	talloc_set_name_const(ev, "struct event");
	if (alias != NULL) {
		ev->alias = memcpy(ev + 1, alias, room);
	}
	ev->type = type;
	ev->time = now;
	return ev;
}

uint32_t event_id(const struct event *ev)
{
	if (ev->type == EVENT_NAME_CONFLICT && ev->contest == CONTEST_RELEASE) {
		return NBT_NAME_RELEASE;
	}
	return classes[ev->type].id;
}

bool event_netbios_name(const struct event *ev, struct netbios_name *name)
{
	if (ev->alias != NULL) {
		name->wire = ev->wire;
		name->type = MESSENGER_NAME_TYPE;
		name->group = false;
		return true;
	}
	*name = ev->netbios;
	return ev->name != NULL;
}

bool event_is_chatter(const struct event *ev)
{
	return ev->type == EVENT_NAME_REGISTERED ||
	       ev->type == EVENT_NAME_RELEASED ||
	       ev->type == EVENT_MESSAGE_RECEIVED;
}

const char *event_source(const struct event *ev)
{
	return classes[ev->type].source;
}

struct in_addr event_other_host(const struct event *ev)
{
	if (ev->type == EVENT_NAME_CONFLICT) {
		return ev->claimant;
	}
	/* WINS: the server, as long as it is not known for whom */
	return (ev->holder.s_addr != 0) ? ev->holder : ev->server;
}

void event_insertions(const struct event *ev, struct event_insertions *in)
{
	struct in_addr other = event_other_host(ev);

	name_type_padded(in->name, &ev->netbios, ev->name);
	(void)inet_ntop(AF_INET, &ev->interface, in->interface,
			sizeof(in->interface));
	(void)inet_ntop(AF_INET, &other, in->other, sizeof(in->other));
}

enum event_severity event_severity(const struct event *ev)
{
	/* done, but not all of it */
	if (ev->type == EVENT_ALIAS_REGISTERED && ev->reason != NULL) {
		return SEVERITY_WARNING;
	}
	return classes[ev->type].severity;
}

bool event_is_loud(const struct event *ev)
{
	if (event_severity(ev) == SEVERITY_ERROR) {
		return true;
	}
	if (ev->type == EVENT_ALIAS_LOST) {
		return ev->kind != ALIAS_USER;
	}
	/* without a code it is held, and WINS alone has not got it */
	return ev->type == EVENT_ALIAS_REFUSED && ev->code != NERR_Success &&
	       (ev->kind == ALIAS_COMPUTER || ev->kind == ALIAS_CONFIGURED);
}

/*
 * NetBT's sentences: of its two forms the later one, which says "computer"
 * where Windows 2000 and XP say "machine"; and without its advice to run
 * nbtstat, which is not here.
 */
char *event_message(TALLOC_CTX *mem_ctx, const struct event *ev)
{
	struct event_insertions in;

	if (ev->name != NULL) {
		event_insertions(ev, &in);
	}
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
	case EVENT_NAME_REFUSED:
		return talloc_asprintf(mem_ctx,
				       "The name \"%s\" could not be "
				       "registered on the interface with IP "
				       "address %s. The computer with the IP "
				       "address %s did not allow the name to "
				       "be claimed by this computer.",
				       in.name, in.interface, in.other);
	case EVENT_NAME_CONFLICT:
		if (ev->contest != CONTEST_RELEASE) {
			return talloc_strdup(mem_ctx,
					     "A duplicate name has been "
					     "detected on the TCP network.");
		}
		return talloc_strdup(mem_ctx, "Another computer has sent a "
					      "name release message to this "
					      "computer, probably because a "
					      "duplicate name has been "
					      "detected on the TCP network.");
	case EVENT_NAME_REGISTERED:
		return talloc_asprintf(mem_ctx, "The name \"%s\" was registered.",
				       in.name);
	case EVENT_NAME_RELEASED:
		return talloc_asprintf(mem_ctx, "The name \"%s\" was released.",
				       in.name);
	case EVENT_MESSAGE_RECEIVED:
		return event_message_sentence(mem_ctx, ev,
					      "A message from %s%s%s was "
					      "received.");
	case EVENT_MESSAGE_REFUSED:
		return event_message_sentence(mem_ctx, ev,
					      "A message from %s%s%s was "
					      "refused.");
	}
	return talloc_strdup(mem_ctx, "Unknown event.");
}

enum event_cause event_cause(const struct event *ev)
{
	return (ev->details != NULL) ? ev->details->cause : ev->cause;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The rules of the Messenger service.  Pure: no I/O, no nmbd.
 *
 * Started, it needs the computer name on every subnet.  Granted, the service
 * runs and the other aliases follow; refused anywhere, it fails and gives up
 * every other alias.  Any other alias is held on all subnets or on none, and
 * a refused one is never fatal.
 */

#include "service.h"

#include "service_private.h"

static const struct in_addr nobody = { .s_addr = 0 };

struct service *service_init(TALLOC_CTX *mem_ctx, const struct service_ops *ops,
			     void *private_data)
{
	struct service *s = talloc_zero(mem_ctx, struct service);

	if (s == NULL) {
		return NULL;
	}
	talloc_set_name_const(s, "messenger: service");
	s->ops = ops;
	s->private_data = private_data;
	s->aliases = alias_table_init(s, 0);
	s->leaving = alias_table_init(s, 0);
	s->wanted = wanted_list_init(s);
	s->contests = contests_init(s);
	s->refusals = refusals_init(s);
	if (s->aliases == NULL || s->leaving == NULL || s->wanted == NULL ||
	    s->contests == NULL || s->refusals == NULL) {
		talloc_free(s);
		return NULL;
	}
	TAILQ_INIT(&s->visits);
	s->state = SERVICE_STOPPED;
	s->since = service_now(s);
	return s;
}

struct timespec service_now(const struct service *s)
{
	return s->ops->clock(s->private_data, CLOCK_REALTIME);
}

uint64_t service_uptime(const struct service *s)
{
	return (uint64_t)s->ops->clock(s->private_data, CLOCK_BOOTTIME).tv_sec;
}

bool service_is_primary(const struct service *s, const struct alias *a)
{
	return wire_name_equal(&s->computer_wire, &a->wire);
}

void service_set_state(struct service *s, enum service_state state,
		       enum messenger_code exit_code)
{
	s->state = state;
	s->exit_code = exit_code;
	s->since = service_now(s);
}

struct event *service_event(struct service *s, enum event_type type,
			    const struct alias *a)
{
	struct event *ev = event_create_about(s, type, service_now(s),
					      (a != NULL) ? a->name : NULL);

	if (ev != NULL && a != NULL) {
		ev->wire = a->wire;
		ev->kind = a->kind;
	}
	return ev;
}

void service_tell(struct service *s, enum event_type type,
		  enum messenger_code code, const struct alias *a,
		  const struct alias_subnet *where)
{
	struct event *ev = service_event(s, type, a);

	if (ev == NULL) {
		return;
	}
	ev->code = code;
	if (where != NULL) {
		ev->subnet = talloc_strdup(ev, where->subnet);
		ev->rcode = where->rcode;
		ev->holder = where->holder;
		ev->server = where->server;
		ev->record = where->record;
		ev->cause = where->cause;
		if (ev->subnet == NULL) {
			talloc_free(ev);
			return;
		}
	}
	s->ops->event(s->private_data, ev);
}

void service_tell_reason(struct service *s, enum event_type type,
			 const struct alias *a, const char *reason)
{
	struct event *ev = service_event(s, type, a);

	if (ev == NULL) {
		return;
	}
	ev->reason = talloc_strdup(ev, reason);
	s->ops->event(s->private_data, ev);
}

void service_settle(struct service *s, const struct alias *a,
		    enum messenger_code code, const struct alias_subnet *where)
{
	const struct service_outcome outcome = {
		.code = code,
		.holder = (where != NULL) ? where->holder : nobody,
	};

	s->ops->settled(s->private_data, (a != NULL) ? &a->wire : NULL,
			&outcome);
}

enum messenger_code service_claim_wanted(struct service *s,
					 const struct wanted *w)
{
	struct alias *a = alias_find(s->aliases, &w->wire);
	enum messenger_code code;

	if (a != NULL) {
		return NERR_Success;
	}
	service_drop_left(s, &w->wire);
	code = alias_add(s->aliases, wanted_kind(w->source), w->name, &w->wire,
			 service_now(s), &a);
	if (code == NERR_Success) {
		a->kept = w->kept;
		refusals_forget(s->refusals, &a->wire);
		s->ops->claim(s->private_data, a, NULL);
	}
	return code;
}

void service_claim_other(struct service *s, struct wanted *w)
{
	enum messenger_code code = service_claim_wanted(s, w);

	if (code != NERR_Success && !w->left_out) {
		struct alias left_out = {
			.name = w->name,
			.kind = wanted_kind(w->source),
		};
		service_tell(s, EVENT_ALIAS_REFUSED, code, &left_out, NULL);
	}
	wanted_leave_out(s->wanted, w, code != NERR_Success);
}

/* Those that are there already need no turn. */
void service_claim_others(struct service *s)
{
	struct wanted *w = NULL;

	TAILQ_FOREACH(w, &s->wanted->head, entry) {
		if (w->refused) {
			continue;
		}
		if (alias_find(s->aliases, &w->wire) != NULL) {
			wanted_leave_out(s->wanted, w, false);
		} else {
			wanted_queue_up(s->wanted, w);
		}
	}
	service_go_on(s);
}

enum messenger_code service_start(struct service *s)
{
	struct wanted *w =
		wanted_find(s->wanted, WANTED_COMPUTER, &s->computer_wire);
	enum messenger_code code;

	if (service_is_up(s) || s->state == SERVICE_STARTING) {
		return NERR_MsgAlreadyStarted;
	}
	if (w == NULL) {
		return NERR_InternalError;
	}
	s->ops->alarm(s->private_data, SERVICE_ALARM_RETRY, 0);
	service_drop_all(s, NULL);
	service_set_state(s, SERVICE_STARTING, NERR_Success);
	code = service_claim_wanted(s, w);
	if (code != NERR_Success) {
		service_set_state(s, SERVICE_FAILED, code);
		service_tell(s, EVENT_SERVICE_FAILED, code, NULL, NULL);
		s->ops->alarm(s->private_data, SERVICE_ALARM_RETRY, s->restart_interval);
	}
	return code;
}

enum messenger_code service_stop(struct service *s)
{
	bool was_starting = (s->state == SERVICE_STARTING);

	if (s->state == SERVICE_STOPPED) {
		return NERR_MsgNotStarted;
	}
	s->ops->alarm(s->private_data, SERVICE_ALARM_RETRY, 0);
	service_drop_all(s, NULL);
	service_set_state(s, SERVICE_STOPPED, NERR_Success);
	service_tell(s, EVENT_SERVICE_STOPPED, NERR_Success, NULL, NULL);
	if (was_starting) {
		service_settle(s, NULL, NERR_MsgNotStarted, NULL);
	}
	return NERR_Success;
}

void service_alarmed(struct service *s, enum service_alarm which)
{
	switch (which) {
	case SERVICE_ALARM_RETRY:
		service_retry(s);
		break;
	case SERVICE_ALARM_REVIEW:
		service_review(s);
		break;
	case SERVICE_ALARM_WAITING:
		service_claim_waiting(s);
		break;
	case SERVICE_ALARM_RIVALS:
		service_ask_rivals(s);
		break;
	case SERVICE_ALARM_STORE:
		service_store_again(s);
		break;
	case SERVICE_ALARMS:
		break;
	}
}

void service_retry(struct service *s)
{
	if (s->state == SERVICE_FAILED) {
		(void)service_start(s);
	}
}

bool service_is_up(const struct service *s)
{
	return s->state == SERVICE_RUNNING || s->state == SERVICE_STANDBY;
}

enum service_state service_get_state(const struct service *s)
{
	return s->state;
}

static bool is_in_trouble(const struct alias *a)
{
	return a->state == ALIAS_REFUSED || a->state == ALIAS_WAITING;
}

enum service_condition service_condition(const struct service *s)
{
	const struct alias *a = alias_first(s->aliases);

	if (!service_is_up(s)) {
		return SERVICE_DOWN;
	}
	while (a != NULL && !is_in_trouble(a)) {
		a = alias_next(a);
	}
	return (a != NULL || s->wanted->num_left_out > 0 || s->invalid != NULL)
		       ? SERVICE_DEGRADED
		       : SERVICE_WELL;
}

struct timespec service_get_since(const struct service *s)
{
	return s->since;
}

enum messenger_code service_get_win32_exit(const struct service *s)
{
	return (s->exit_code != NERR_Success) ? ERROR_SERVICE_SPECIFIC_ERROR_
					      : NERR_Success;
}

enum messenger_code service_get_exit(const struct service *s)
{
	return s->exit_code;
}

const char *service_get_computer(const struct service *s)
{
	return (s->computer != NULL) ? s->computer : "";
}

struct service_counters service_get_counters(const struct service *s)
{
	struct service_counters counters = s->counters;

	counters.defences = contests_total(s->contests, CONTEST_REGISTRATION);
	counters.demands = contests_total(s->contests, CONTEST_DEMAND);
	return counters;
}

static const char *reason_of_state(const struct service *s)
{
	switch (s->state) {
	case SERVICE_STOPPED:
		return "the Messenger service is stopped";
	case SERVICE_FAILED:
		return "the Messenger service has failed";
	case SERVICE_STARTING:
		return "the computer name comes first";
	case SERVICE_RUNNING:
	case SERVICE_STANDBY:
		break;
	}
	return NULL;
}

const char *service_get_wanted(const struct service *s,
			       const struct wanted_list **wanted)
{
	*wanted = s->wanted;
	return reason_of_state(s);
}

const struct config_invalid *service_get_left_out(const struct service *s)
{
	return s->left_out;
}

const struct refusals *service_get_refusals(const struct service *s,
					    uint64_t *now)
{
	*now = service_uptime(s);
	return s->refusals;
}

const struct config_invalid *service_get_invalid(const struct service *s)
{
	return s->invalid;
}

const struct alias_table *service_get_aliases(const struct service *s)
{
	return s->aliases;
}

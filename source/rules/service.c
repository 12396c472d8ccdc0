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
	s->contests = contests_init(s);
	if (s->aliases == NULL || s->contests == NULL) {
		talloc_free(s);
		return NULL;
	}
	TAILQ_INIT(&s->wanted);
	s->state = SERVICE_STOPPED;
	s->since = ops->now(private_data);
	return s;
}

struct timespec service_now(const struct service *s)
{
	return s->ops->now(s->private_data);
}

bool service_is_primary(const struct service *s, const struct alias *a)
{
	return wire_name_equal(&s->computer_wire, &a->wire);
}

static void set_state(struct service *s, enum service_state state,
		      enum messenger_code exit_code)
{
	s->state = state;
	s->exit_code = exit_code;
	s->since = service_now(s);
}

/*
 * Tell of an event.  Without memory it goes untold: there is nothing better
 * to do with it.
 */
void service_tell(struct service *s, enum event_type type,
		  enum messenger_code code, const struct alias *a,
		  const struct alias_subnet *where)
{
	struct event *ev = event_create(s, type, service_now(s));

	if (ev == NULL) {
		return;
	}
	ev->code = code;
	if (a != NULL) {
		ev->alias = talloc_strdup(ev, a->name);
		ev->kind = a->kind;
	}
	if (where != NULL) {
		ev->subnet = talloc_strdup(ev, where->subnet);
		ev->rcode = where->rcode;
		ev->holder = where->holder;
	}
	if ((a != NULL && ev->alias == NULL) ||
	    (where != NULL && ev->subnet == NULL)) {
		talloc_free(ev);
		return;
	}
	s->ops->event(s->private_data, ev);
}

/* Give an alias up and take it out of the table. */
void service_drop(struct service *s, struct alias *a, enum messenger_code why)
{
	s->ops->release(s->private_data, a);
	if (a->state == ALIAS_REGISTERED) {
		service_tell(s, EVENT_ALIAS_RELEASED, NERR_Success, a, NULL);
	} else if (a->state == ALIAS_REGISTERING) {
		s->ops->settled(s->private_data, &a->wire, why, nobody);
	}
	alias_remove(s->aliases, a);
}

/* Give all of them up but one (NULL: none is spared). */
static void drop_all(struct service *s, const struct alias *spared)
{
	struct alias *a = NULL;
	struct alias *next = NULL;
	struct wanted *w = NULL;
	struct wanted *next_w = NULL;

	for (a = alias_first(s->aliases); a != NULL; a = next) {
		next = alias_next(a);
		if (a != spared) {
			service_drop(s, a, NERR_MsgNotStarted);
		}
	}
	for (w = TAILQ_FIRST(&s->wanted); w != NULL; w = next_w) {
		next_w = TAILQ_NEXT(w, entry);
		w->refused = false;
		/*
		 * Windows' aliases live as long as the service runs; and who
		 * asked for one that had no verdict yet was told no.
		 */
		if (w->source == WANTED_REQUEST &&
		    (!s->store || !w->acknowledged)) {
			wanted_remove(&s->wanted, w);
		}
	}
}

/* Put a wanted name into the table, and claim it if it is not there. */
enum messenger_code service_claim_wanted(struct service *s,
					 const struct wanted *w)
{
	struct alias *a = alias_find(s->aliases, &w->wire);
	enum messenger_code code;

	if (a != NULL) {
		return NERR_Success;
	}
	code = alias_add(s->aliases, wanted_kind(w->source), w->name, &w->wire,
			 service_now(s), &a);
	if (code == NERR_Success) {
		s->ops->claim(s->private_data, a, NULL);
	}
	return code;
}

void service_claim_others(struct service *s)
{
	struct wanted *w = NULL;
	enum messenger_code code;

	TAILQ_FOREACH(w, &s->wanted, entry) {
		if (w->refused) {
			continue;
		}
		code = service_claim_wanted(s, w);
		if (code != NERR_Success && !w->left_out) {
			struct alias left_out = {
				.name = w->name,
				.kind = wanted_kind(w->source),
			};
			service_tell(s, EVENT_ALIAS_REFUSED, code, &left_out,
				     NULL);
		}
		w->left_out = (code != NERR_Success);
	}
}

enum messenger_code service_start(struct service *s)
{
	struct wanted *w =
		wanted_find(&s->wanted, WANTED_COMPUTER, &s->computer_wire);
	enum messenger_code code;

	if (s->state == SERVICE_RUNNING || s->state == SERVICE_STARTING) {
		return NERR_MsgAlreadyStarted;
	}
	if (w == NULL) {
		return NERR_InternalError;
	}
	s->ops->retry(s->private_data, 0);
	drop_all(s, NULL);
	set_state(s, SERVICE_STARTING, NERR_Success);
	code = service_claim_wanted(s, w);
	if (code != NERR_Success) {
		set_state(s, SERVICE_FAILED, code);
		service_tell(s, EVENT_SERVICE_FAILED, code, NULL, NULL);
		s->ops->retry(s->private_data, s->restart_interval);
	}
	return code;
}

enum messenger_code service_stop(struct service *s)
{
	bool was_starting = (s->state == SERVICE_STARTING);

	if (s->state == SERVICE_STOPPED) {
		return NERR_MsgNotStarted;
	}
	s->ops->retry(s->private_data, 0);
	drop_all(s, NULL);
	set_state(s, SERVICE_STOPPED, NERR_Success);
	service_tell(s, EVENT_SERVICE_STOPPED, NERR_Success, NULL, NULL);
	if (was_starting) {
		s->ops->settled(s->private_data, NULL, NERR_MsgNotStarted,
				nobody);
	}
	return NERR_Success;
}

void service_retry(struct service *s)
{
	if (s->state == SERVICE_FAILED) {
		(void)service_start(s);
	}
}

enum claim_decision service_claiming(struct service *s,
				     const struct wire_name *wire,
				     const char *subnet)
{
	struct alias *a = alias_find(s->aliases, wire);
	const struct wanted *w = wanted_any(&s->wanted, wire);
	const struct alias_subnet *known = NULL;

	if (w == NULL && a == NULL) {
		return CLAIM_IGNORE;
	}
	if (s->state != SERVICE_STARTING && s->state != SERVICE_RUNNING) {
		return CLAIM_CANCEL;
	}
	if (a == NULL) {
		/* nmbd claims all of its names at once, at its start */
		if (alias_add(s->aliases, wanted_kind(w->source), w->name, wire,
			      service_now(s), &a) != NERR_Success) {
			return CLAIM_IGNORE;
		}
	}
	if (a->state == ALIAS_REFUSED) {
		return CLAIM_CANCEL;
	}
	known = alias_subnet_find(a, subnet);
	if (known == NULL || known->state != ALIAS_REGISTERED) {
		/* without memory the outcome brings the next chance */
		(void)alias_subnet_set(a, subnet, ALIAS_REGISTERING, 0, nobody);
	}
	return CLAIM_FOLLOW;
}

/*
 * An alias that was added by request is kept before the one who asked is told
 * so.  False: it cannot be.
 */
static bool acknowledge(struct service *s, const struct alias *a)
{
	struct wanted *w = wanted_find(&s->wanted, WANTED_REQUEST, &a->wire);

	if (w == NULL || w->acknowledged) {
		return true;
	}
	w->acknowledged =
		!s->store || s->ops->store(s->private_data, w->name, true);
	return w->acknowledged;
}

/* All of its subnets may have granted it by now. */
static void settle(struct service *s, struct alias *a)
{
	if (a->state != ALIAS_REGISTERING ||
	    alias_verdict(a) != ALIAS_REGISTERED) {
		return;
	}
	if (!acknowledge(s, a)) {
		wanted_remove(&s->wanted,
			      wanted_find(&s->wanted, WANTED_REQUEST,
					  &a->wire));
		service_drop(s, a, NERR_InternalError);
		return;
	}
	alias_set_state(a, ALIAS_REGISTERED, service_now(s));
	service_tell(s, EVENT_ALIAS_REGISTERED, NERR_Success, a, NULL);
	s->ops->settled(s->private_data, &a->wire, NERR_Success, nobody);

	if (service_is_primary(s, a) && s->state == SERVICE_STARTING) {
		set_state(s, SERVICE_RUNNING, NERR_Success);
		service_tell(s, EVENT_SERVICE_STARTED, NERR_Success, NULL,
			     NULL);
		s->ops->settled(s->private_data, NULL, NERR_Success, nobody);
		service_claim_others(s);
	}
}

void service_granted(struct service *s, const struct wire_name *wire,
		     const char *subnet)
{
	struct alias *a = alias_find(s->aliases, wire);

	if (a == NULL || a->state == ALIAS_REFUSED) {
		return;
	}
	(void)alias_subnet_set(a, subnet, ALIAS_REGISTERED, 0, nobody);
	settle(s, a);
}

/* Rule 1: without its computer name the service cannot be. */
static void fail(struct service *s, struct alias *primary,
		 const struct alias_subnet *where)
{
	bool was_starting = (s->state == SERVICE_STARTING);
	struct in_addr holder = where->holder;

	s->counters.failures++;
	drop_all(s, primary);
	set_state(s, SERVICE_FAILED, NERR_NoComputerName);
	service_tell(s, EVENT_SERVICE_FAILED, NERR_NoComputerName, primary,
		     where);
	if (was_starting) {
		s->ops->settled(s->private_data, NULL, NERR_NoComputerName,
				holder);
	}
	s->ops->retry(s->private_data, s->restart_interval);
}

/*
 * A refused name stays in the table if smb.conf asks for it, or if a request
 * added it earlier and lost it now; else it goes.
 */
static void forget_refused(struct service *s, struct alias *a)
{
	struct wanted *w = NULL;
	struct wanted *next = NULL;
	bool stays = false;

	for (w = TAILQ_FIRST(&s->wanted); w != NULL; w = next) {
		next = TAILQ_NEXT(w, entry);
		if (!wire_name_equal(&w->wire, &a->wire)) {
			continue;
		}
		w->refused = true;
		if (w->source == WANTED_REQUEST && !w->acknowledged) {
			wanted_remove(&s->wanted, w);
		} else if (w->source != WANTED_LOGON) {
			stays = true;
		}
	}
	if (!stays) {
		alias_remove(s->aliases, a);
	}
}

void service_refused(struct service *s, const struct wire_name *wire,
		     const char *subnet, enum messenger_code code, int rcode,
		     struct in_addr holder)
{
	struct alias *a = alias_find(s->aliases, wire);
	enum alias_state was;
	struct alias_subnet where;

	if (a == NULL || a->state == ALIAS_REFUSED) {
		return;
	}
	s->counters.refusals++;
	was = a->state;
	where = (struct alias_subnet){
		.subnet = talloc_strdup(a, subnet),
		.state = ALIAS_REFUSED,
		.rcode = rcode,
		.holder = holder,
	};
	(void)alias_subnet_set(a, subnet, ALIAS_REFUSED, rcode, holder);
	alias_set_state(a, ALIAS_REFUSED, service_now(s));
	s->ops->release(s->private_data, a);
	alias_subnet_keep_refused(a);

	if (was == ALIAS_REGISTERED) {
		service_tell(s, EVENT_ALIAS_LOST, code, a, &where);
	} else if (!service_is_primary(s, a)) {
		service_tell(s, EVENT_ALIAS_REFUSED, code, a, &where);
	}
	if (was == ALIAS_REGISTERING) {
		s->ops->settled(s->private_data, wire, code, holder);
	}
	if (service_is_primary(s, a)) {
		fail(s, a, &where);
	} else {
		forget_refused(s, a);
	}
}

void service_diagnosed(struct service *s, const struct wire_name *wire,
		       struct in_addr holder, const struct holder *details)
{
	struct alias *a = alias_find(s->aliases, wire);
	size_t i;

	for (i = 0; a != NULL && i < talloc_array_length(a->subnets); i++) {
		struct alias_subnet *where = &a->subnets[i];

		if (where->state == ALIAS_REFUSED &&
		    where->holder.s_addr == holder.s_addr) {
			talloc_free(where->details);
			where->details = holder_copy(a, details);
		}
	}
}

void service_subnet_new(struct service *s, const char *subnet)
{
	struct alias *a = NULL;

	if (s->state != SERVICE_STARTING && s->state != SERVICE_RUNNING) {
		return;
	}
	for (a = alias_first(s->aliases); a != NULL; a = alias_next(a)) {
		if (a->state != ALIAS_REFUSED) {
			s->ops->claim(s->private_data, a, subnet);
		}
	}
}

void service_subnet_gone(struct service *s, const char *subnet)
{
	struct alias *a = NULL;
	struct alias *next = NULL;

	for (a = alias_first(s->aliases); a != NULL; a = alias_next(a)) {
		alias_subnet_remove(a, subnet);
	}
	for (a = alias_first(s->aliases); a != NULL; a = next) {
		next = alias_next(a);
		settle(s, a);
	}
}

enum service_state service_get_state(const struct service *s)
{
	return s->state;
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

const struct alias_table *service_get_aliases(const struct service *s)
{
	return s->aliases;
}

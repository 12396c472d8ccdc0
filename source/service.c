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

#include <string.h>

struct service {
	const struct service_ops *ops;
	void *private_data;

	enum service_state state;
	struct timespec since;
	enum messenger_code exit_code;
	struct service_counters counters;
	struct contests *contests;
	bool reviewing;			/* ops->review() is under way */

	struct alias_table *aliases;
	struct wanted_list wanted;
	char *computer;			/* NULL before the configuration */
	struct wire_name computer_wire;
	unsigned restart_interval;
	bool store;
	/* users whose names cannot be aliases, and it was told; a talloc
	 * array */
	char **left_out;
};

static const struct in_addr nobody = { .s_addr = 0 };

struct service *service_init(TALLOC_CTX *mem_ctx,
			     const struct service_ops *ops,
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

static struct timespec now(const struct service *s)
{
	return s->ops->now(s->private_data);
}

static bool is_primary(const struct service *s, const struct alias *a)
{
	return wire_name_equal(&s->computer_wire, &a->wire);
}

static void set_state(struct service *s, enum service_state state,
		      enum messenger_code exit_code)
{
	s->state = state;
	s->exit_code = exit_code;
	s->since = now(s);
}

/*
 * Tell of an event.  Without memory it goes untold: there is nothing better
 * to do with it.
 */
static void tell(struct service *s, enum event_type type,
		 enum messenger_code code, const struct alias *a,
		 const struct alias_subnet *where)
{
	struct event *ev = event_create(s, type, now(s));

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
static void drop(struct service *s, struct alias *a, enum messenger_code why)
{
	s->ops->release(s->private_data, a);
	if (a->state == ALIAS_REGISTERED) {
		tell(s, EVENT_ALIAS_RELEASED, NERR_Success, a, NULL);
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
			drop(s, a, NERR_MsgNotStarted);
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
static enum messenger_code claim(struct service *s, const struct wanted *w)
{
	struct alias *a = alias_find(s->aliases, &w->wire);
	enum messenger_code code;

	if (a != NULL) {
		return NERR_Success;
	}
	code = alias_add(s->aliases, wanted_kind(w->source), w->name, &w->wire,
			 now(s), &a);
	if (code == NERR_Success) {
		s->ops->claim(s->private_data, a, NULL);
	}
	return code;
}

static void claim_others(struct service *s)
{
	struct wanted *w = NULL;
	enum messenger_code code;

	TAILQ_FOREACH(w, &s->wanted, entry) {
		if (w->refused) {
			continue;
		}
		code = claim(s, w);
		if (code != NERR_Success && !w->left_out) {
			struct alias left_out = {
				.name = w->name,
				.kind = wanted_kind(w->source),
			};
			tell(s, EVENT_ALIAS_REFUSED, code, &left_out, NULL);
		}
		w->left_out = (code != NERR_Success);
	}
}

enum messenger_code service_start(struct service *s)
{
	struct wanted *w = wanted_find(&s->wanted, WANTED_COMPUTER,
				       &s->computer_wire);
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
	code = claim(s, w);
	if (code != NERR_Success) {
		set_state(s, SERVICE_FAILED, code);
		tell(s, EVENT_SERVICE_FAILED, code, NULL, NULL);
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
	tell(s, EVENT_SERVICE_STOPPED, NERR_Success, NULL, NULL);
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
		if (alias_add(s->aliases, wanted_kind(w->source), w->name,
			      wire, now(s), &a) != NERR_Success) {
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
	w->acknowledged = !s->store ||
			  s->ops->store(s->private_data, w->name, true);
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
		wanted_remove(&s->wanted, wanted_find(&s->wanted,
						      WANTED_REQUEST,
						      &a->wire));
		drop(s, a, NERR_InternalError);
		return;
	}
	alias_set_state(a, ALIAS_REGISTERED, now(s));
	tell(s, EVENT_ALIAS_REGISTERED, NERR_Success, a, NULL);
	s->ops->settled(s->private_data, &a->wire, NERR_Success, nobody);

	if (is_primary(s, a) && s->state == SERVICE_STARTING) {
		set_state(s, SERVICE_RUNNING, NERR_Success);
		tell(s, EVENT_SERVICE_STARTED, NERR_Success, NULL, NULL);
		s->ops->settled(s->private_data, NULL, NERR_Success, nobody);
		claim_others(s);
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
	tell(s, EVENT_SERVICE_FAILED, NERR_NoComputerName, primary, where);
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
	alias_set_state(a, ALIAS_REFUSED, now(s));
	s->ops->release(s->private_data, a);
	alias_subnet_keep_refused(a);

	if (was == ALIAS_REGISTERED) {
		tell(s, EVENT_ALIAS_LOST, code, a, &where);
	} else if (!is_primary(s, a)) {
		tell(s, EVENT_ALIAS_REFUSED, code, a, &where);
	}
	if (was == ALIAS_REGISTERING) {
		s->ops->settled(s->private_data, wire, code, holder);
	}
	if (is_primary(s, a)) {
		fail(s, a, &where);
	} else {
		forget_refused(s, a);
	}
}

enum messenger_code service_add(struct service *s, const char *text,
				struct wire_name *wire)
{
	TALLOC_CTX *frame = talloc_new(s);
	struct alias *a = NULL;
	struct wanted *w = NULL;
	struct wire_name parsed;
	enum messenger_code code;
	char *name = NULL;

	if (frame == NULL) {
		return NERR_InternalError;
	}
	code = messenger_name_parse(frame, text, &name, &parsed);
	if (code != NERR_Success) {
		goto done;
	}
	if (s->state != SERVICE_RUNNING) {
		code = NERR_MsgNotStarted;
		goto done;
	}
	a = alias_find(s->aliases, &parsed);
	if (a != NULL && a->state == ALIAS_REFUSED && !is_primary(s, a)) {
		/* of smb.conf, and refused: this is another try */
		alias_remove(s->aliases, a);
		a = NULL;
	}
	if (a != NULL) {
		code = (a->state == ALIAS_REGISTERED) ? NERR_AlreadyExists
						      : NERR_NameInUse;
		goto done;
	}
	w = wanted_any(&s->wanted, &parsed);
	if (w == NULL || w->source == WANTED_LOGON) {
		/* it is to outlive the session */
		w = wanted_add(s, &s->wanted, WANTED_REQUEST, name, &parsed);
	}
	if (w == NULL) {
		code = NERR_InternalError;
		goto done;
	}
	w->refused = false;
	code = claim(s, w);
	if (code == NERR_Success) {
		*wire = parsed;
	} else if (w->source == WANTED_REQUEST) {
		wanted_remove(&s->wanted, w);
	}
done:
	talloc_free(frame);
	return code;
}

enum messenger_code service_delete(struct service *s, const char *text)
{
	struct wanted *w = NULL;
	struct wire_name wire;
	struct alias *a = NULL;
	enum messenger_code code;
	char *name = NULL;

	code = messenger_name_parse(s, text, &name, &wire);
	if (code != NERR_Success) {
		return code;
	}
	talloc_free(name);
	if (s->state != SERVICE_RUNNING) {
		return NERR_MsgNotStarted;
	}
	a = alias_find(s->aliases, &wire);
	if (a == NULL) {
		return NERR_NotLocalName;
	}
	if (a->kind == ALIAS_COMPUTER) {
		return NERR_DelComputerName;
	}
	if (a->state == ALIAS_REGISTERING) {
		return NERR_NameInUse;
	}
	w = wanted_find(&s->wanted, WANTED_REQUEST, &wire);
	if (w != NULL && s->store &&
	    !s->ops->store(s->private_data, w->name, false)) {
		return NERR_InternalError;
	}
	if (w != NULL) {
		wanted_remove(&s->wanted, w);
	}
	/* smb.conf has its say again when it is read again */
	w = wanted_find(&s->wanted, WANTED_CONFIG, &wire);
	if (w != NULL) {
		wanted_remove(&s->wanted, w);
	}
	/* the user is still logged on: not again in this session */
	w = wanted_find(&s->wanted, WANTED_LOGON, &wire);
	if (w != NULL) {
		w->refused = true;
	}
	drop(s, a, NERR_Success);
	/* there may be room for one that was left out */
	claim_others(s);
	return NERR_Success;
}

bool service_restore(struct service *s, const char *text)
{
	struct wire_name wire;
	struct wanted *w = NULL;
	char *name = NULL;

	if (messenger_name_parse(s, text, &name, &wire) != NERR_Success) {
		return false;
	}
	w = wanted_add(s, &s->wanted, WANTED_REQUEST, name, &wire);
	if (w != NULL) {
		w->acknowledged = true;
	}
	talloc_free(name);
	return w != NULL;
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

static void tell_contest(struct service *s, const struct contest_report *r)
{
	const struct alias *a = alias_find(s->aliases, &r->contest.wire);
	struct event *ev = NULL;

	if (a == NULL) {
		return;		/* given up since */
	}
	ev = event_create(s,
			  (r->contest.kind == CONTEST_REGISTRATION)
				  ? EVENT_ALIAS_DEFENDED
				  : EVENT_ALIAS_CONFLICT,
			  now(s));
	if (ev == NULL) {
		return;
	}
	ev->alias = talloc_strdup(ev, a->name);
	ev->kind = a->kind;
	ev->claimant = r->contest.from;
	ev->count = r->count;
	if (ev->alias == NULL) {
		talloc_free(ev);
		return;
	}
	s->ops->event(s->private_data, ev);
}

static void plan_review(struct service *s)
{
	if (!s->reviewing && contests_pending(s->contests)) {
		s->reviewing = true;
		s->ops->review(s->private_data, CONTEST_QUIET_SECONDS);
	}
}

void service_contested(struct service *s, const struct contest *contest)
{
	const struct alias *a = alias_find(s->aliases, &contest->wire);
	struct contest_report report;

	if (a == NULL || a->state != ALIAS_REGISTERED) {
		return;
	}
	if (contests_count(s->contests, contest, s->ops->uptime(s->private_data),
			   &report)) {
		tell_contest(s, &report);
	}
	plan_review(s);
}

void service_review(struct service *s)
{
	uint64_t uptime = s->ops->uptime(s->private_data);
	struct contest_report report;

	s->reviewing = false;
	while (contests_due(s->contests, uptime, &report)) {
		tell_contest(s, &report);
	}
	plan_review(s);
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

static void configure_computers(struct service *s,
				const struct messenger_config *config)
{
	size_t i;

	for (i = 0; i < talloc_array_length(config->computers); i++) {
		const struct config_name *n = &config->computers[i];

		if (wanted_add(s, &s->wanted, WANTED_COMPUTER, n->name,
			       &n->wire) == NULL) {
			return;		/* the next configuration tries again */
		}
	}
	if (i > 0) {
		s->computer_wire = config->computers[0].wire;
		s->computer = talloc_strdup(s, config->computers[0].name);
	}
}

/* Nobody asks for this name any more. */
static void release_unwanted(struct service *s, const struct wire_name *wire)
{
	struct alias *a = alias_find(s->aliases, wire);

	if (a != NULL && wanted_any(&s->wanted, wire) == NULL) {
		drop(s, a, NERR_NotLocalName);
	}
}

/* What is wanted by this source and was not seen again is not wanted. */
static void forget_unseen(struct service *s, enum wanted_source source)
{
	struct wanted *w = NULL;
	struct wanted *next = NULL;

	for (w = TAILQ_FIRST(&s->wanted); w != NULL; w = next) {
		struct wire_name wire = w->wire;

		next = TAILQ_NEXT(w, entry);
		if (w->source == source && !w->seen) {
			wanted_remove(&s->wanted, w);
			release_unwanted(s, &wire);
		}
	}
}

static void see_none(struct service *s)
{
	struct wanted *w = NULL;

	TAILQ_FOREACH(w, &s->wanted, entry) {
		w->seen = false;
	}
}

static void configure_aliases(struct service *s,
			      const struct messenger_config *config)
{
	struct wanted *w = NULL;
	size_t i;

	see_none(s);
	for (i = 0; i < talloc_array_length(config->aliases); i++) {
		const struct config_name *n = &config->aliases[i];

		w = wanted_add(s, &s->wanted, WANTED_CONFIG, n->name,
			       &n->wire);
		if (w != NULL) {
			w->seen = true;
		}
	}
	forget_unseen(s, WANTED_CONFIG);
}

static bool is_in(char *const *list, const char *user)
{
	size_t i;

	for (i = 0; i < talloc_array_length(list); i++) {
		if (strcmp(list[i], user) == 0) {
			return true;
		}
	}
	return false;
}

/* Remember, in the new list, a user whose name is no alias; tell it once. */
static void leave_out(struct service *s, char ***list, const char *user,
		      enum messenger_code code)
{
	size_t num = talloc_array_length(*list);
	char **more = NULL;
	char *name = NULL;

	if (is_in(*list, user)) {
		return;
	}
	more = talloc_realloc(s, *list, char *, num + 1);
	if (more == NULL) {
		return;
	}
	*list = more;
	name = talloc_strdup(more, user);
	if (name == NULL) {
		*list = talloc_realloc(s, more, char *, num);
		return;
	}
	more[num] = name;
	if (!is_in(s->left_out, user)) {
		struct alias left_out = { .name = name, .kind = ALIAS_USER };

		tell(s, EVENT_ALIAS_REFUSED, code, &left_out, NULL);
	}
}

void service_set_users(struct service *s, const char *const *users)
{
	char **left_out = NULL;
	struct wanted *w = NULL;
	struct wire_name wire;
	enum messenger_code code;
	char *name = NULL;

	see_none(s);
	for (; *users != NULL; users++) {
		const char *domain_end = strrchr(*users, '\\');
		const char *user = (domain_end != NULL) ? domain_end + 1
							: *users;

		code = messenger_name_parse(s, user, &name, &wire);
		if (code != NERR_Success) {
			leave_out(s, &left_out, user, code);
			continue;
		}
		w = wanted_add(s, &s->wanted, WANTED_LOGON, name, &wire);
		if (w != NULL) {
			w->seen = true;
		}
		talloc_free(name);
	}
	forget_unseen(s, WANTED_LOGON);
	talloc_free(s->left_out);
	s->left_out = left_out;

	if (s->state == SERVICE_RUNNING) {
		claim_others(s);
	}
}

/* With another configuration it is worth telling anew. */
static void forget_left_out(struct service *s)
{
	struct wanted *w = NULL;

	TAILQ_FOREACH(w, &s->wanted, entry) {
		w->left_out = false;
	}
}

void service_configure(struct service *s,
		       const struct messenger_config *config)
{
	s->restart_interval = config->restart_interval;
	s->store = config->store;
	alias_table_set_max(s->aliases, config->max_aliases);
	if (s->computer == NULL) {
		configure_computers(s, config);
	}
	configure_aliases(s, config);
	forget_left_out(s);

	if (s->state == SERVICE_RUNNING) {
		claim_others(s);
	} else if (s->state == SERVICE_FAILED) {
		(void)service_start(s);
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

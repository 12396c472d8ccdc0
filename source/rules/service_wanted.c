/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What the service is to hold: by smb.conf, by request.  Pure.
 */

#include "service_private.h"

void service_remember(struct service *s, const char *name,
		      const struct wire_name *wire, enum messenger_code code,
		      const char *reason)
{
	const struct refused_request request = {
		.name = name,
		.wire = wire,
		.code = code,
		.reason = reason,
		.time = service_now(s),
	};

	refusals_add_request(s->refusals, &request, service_uptime(s));
}

/* Of no memory there is nothing to tell later. */
static bool is_to_remember(enum messenger_code code)
{
	return code != NERR_Success && code != NERR_InternalError;
}

enum messenger_code service_add(struct service *s, const char *text,
				struct wire_name *wire)
{
	TALLOC_CTX *frame = talloc_new(s);
	struct alias *a = NULL;
	struct wanted *w = NULL;
	struct wanted *requested = NULL;
	struct wire_name parsed;
	enum messenger_code code;
	char *name = NULL;

	if (frame == NULL) {
		return NERR_InternalError;
	}
	code = messenger_name_parse(frame, text, &name, &parsed);
	if (code != NERR_Success) {
		if (is_to_remember(code)) {
			service_remember(s, text, NULL, code, NULL);
		}
		goto done;
	}
	if (!service_is_up(s)) {
		code = NERR_MsgNotStarted;
		goto done;
	}
	a = alias_find(s->aliases, &parsed);
	if (a != NULL && !service_is_primary(s, a) &&
	    (a->state == ALIAS_REFUSED ||
	     (a->state == ALIAS_WAITING && !a->granted))) {
		/* of smb.conf, and not to be had: this is another try */
		alias_remove(s->aliases, a);
		a = NULL;
	}
	if (a != NULL) {
		code = (a->granted || a->state == ALIAS_STANDBY)
			       ? NERR_AlreadyExists
			       : NERR_NameInUse;
		*wire = parsed;
		goto done;
	}
	w = wanted_any(s->wanted, &parsed);
	if (w == NULL || w->source == WANTED_LOGON) {
		/* it is to outlive the session */
		requested = wanted_add(s->wanted, WANTED_REQUEST, name,
				       &parsed);
		if (requested == NULL) {
			code = NERR_InternalError;
			goto done;
		}
		requested->refused = false;
	}
	/* the first who wants it gives its kind */
	w = wanted_any(s->wanted, &parsed);
	w->refused = false;
	code = service_claim_wanted(s, w);
	if (code == NERR_Success) {
		*wire = parsed;
	} else if (requested != NULL && !requested->acknowledged) {
		service_unwant(s, requested);
	}
	/* what is wanted for another reason is in sight as left out */
	w = wanted_any(s->wanted, &parsed);
	if (is_to_remember(code) && w == NULL) {
		service_remember(s, name, &parsed, code, NULL);
	} else if (w != NULL) {
		wanted_leave_out(s->wanted, w, is_to_remember(code));
	}
done:
	talloc_free(frame);
	return code;
}

static bool is_wanted_as(const struct service *s, const struct alias *a,
			 enum alias_kind kind)
{
	enum wanted_source source;

	for (source = WANTED_COMPUTER; source <= WANTED_REQUEST; source++) {
		if (wanted_kind(source) == kind &&
		    wanted_find(s->wanted, source, &a->wire) != NULL) {
			return true;
		}
	}
	return false;
}

/*
 * An alias has the kind that it came with for as long as somebody wants it as
 * that; one that was added is configured when smb.conf has it, too.
 */
void service_set_kind(struct service *s, struct alias *a)
{
	const struct wanted *w = wanted_any(s->wanted, &a->wire);

	if (a->kind == ALIAS_ADDED && is_wanted_as(s, a, ALIAS_CONFIGURED)) {
		alias_set_kind(s->aliases, a, ALIAS_CONFIGURED);
	} else if (w != NULL && !is_wanted_as(s, a, a->kind)) {
		a->kept = w->kept;
		alias_set_kind(s->aliases, a, wanted_kind(w->source));
	}
}

void service_set_kinds(struct service *s)
{
	struct alias *a = NULL;
	struct alias *next = NULL;

	for (a = alias_first(s->aliases); a != NULL; a = next) {
		next = alias_next(a);
		service_set_kind(s, a);
	}
}

/* There may be room for one that was left out. */
static void claim_left_out(struct service *s)
{
	if (s->wanted->num_left_out > 0) {
		service_claim_others(s);
	}
}

void service_forget(struct service *s, const struct wire_name *wire)
{
	struct alias *a = alias_find(s->aliases, wire);
	struct wanted *w = wanted_find(s->wanted, WANTED_REQUEST, wire);

	if (w != NULL) {
		service_unwant(s, w);
	}
	/* smb.conf has its say again when it is read again */
	w = wanted_find(s->wanted, WANTED_CONFIG, wire);
	if (w != NULL) {
		service_unwant(s, w);
	}
	/* the user is still logged on: not again in this session */
	w = wanted_find(s->wanted, WANTED_LOGON, wire);
	if (w != NULL) {
		w->refused = true;
	}
	if (a != NULL) {
		service_drop(s, a, NERR_NotLocalName);
		claim_left_out(s);
	}
}

/* In the table, or about to be. */
static struct alias *find_queued(struct service *s,
				 const struct wire_name *wire)
{
	struct wanted *w = wanted_any(s->wanted, wire);

	if (w != NULL && w->queued) {
		service_claim_other(s, w);
	}
	return alias_find(s->aliases, wire);
}

enum messenger_code service_delete(struct service *s, const char *text,
				   bool *returns)
{
	struct wanted *w = NULL;
	struct wire_name wire;
	struct alias *a = NULL;
	enum messenger_code code;
	char *name = NULL;
	bool gone;
	int err;

	code = messenger_name_parse(s, text, &name, &wire);
	if (code != NERR_Success) {
		refusals_forget_name(s->refusals, text);
		return code;
	}
	talloc_free(name);
	if (!service_is_up(s)) {
		return NERR_MsgNotStarted;
	}
	refusals_forget(s->refusals, &wire);
	a = find_queued(s, &wire);
	if (a == NULL) {
		return NERR_NotLocalName;
	}
	if (a->kind == ALIAS_COMPUTER) {
		return NERR_DelComputerName;
	}
	w = wanted_find(s->wanted, WANTED_REQUEST, &wire);
	gone = service_unkeep(s, w, &err);
	if (err != 0) {
		return NERR_InternalError;
	}
	if (returns != NULL) {
		*returns =
			wanted_find(s->wanted, WANTED_CONFIG, &wire) != NULL;
	}
	if (gone) {
		service_forget(s, &wire);
	}
	return NERR_Success;
}

bool service_is_leaving(struct service *s, const char *text,
			struct wire_name *wire)
{
	const struct wanted *w = NULL;
	struct wire_name parsed;
	char *name = NULL;

	if (messenger_name_parse(s, text, &name, &parsed) != NERR_Success) {
		return false;
	}
	talloc_free(name);
	w = wanted_find(s->wanted, WANTED_REQUEST, &parsed);
	if (w == NULL || !w->leaving) {
		return false;
	}
	*wire = parsed;
	return true;
}

bool service_restore(struct service *s, const char *text)
{
	struct wire_name wire;
	struct wanted *w = NULL;
	struct alias *a = NULL;
	char *name = NULL;

	if (messenger_name_parse(s, text, &name, &wire) != NERR_Success) {
		return false;
	}
	w = wanted_add(s->wanted, WANTED_REQUEST, name, &wire);
	talloc_free(name);
	if (w == NULL) {
		return false;
	}
	w->acknowledged = true;
	w->kept = true;
	if (service_is_up(s)) {
		service_claim_other(s, w);
	}
	a = alias_find(s->aliases, &wire);
	if (a != NULL) {
		a->kept = true;
	}
	return true;
}

static void configure_computers(struct service *s,
				const struct messenger_config *config)
{
	size_t i;

	for (i = 0; i < talloc_array_length(config->computers); i++) {
		const struct config_name *n = &config->computers[i];

		if (wanted_add(s->wanted, WANTED_COMPUTER, n->name,
			       &n->wire) == NULL) {
			return; /* the next configuration tries again */
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

	if (a != NULL && wanted_any(s->wanted, wire) == NULL) {
		service_drop_later(s, a, NERR_NotLocalName);
	}
}

void service_forget_unseen(struct service *s, enum wanted_source source)
{
	struct wanted *w = NULL;
	struct wanted *next = NULL;

	for (w = TAILQ_FIRST(&s->wanted->head); w != NULL; w = next) {
		struct wire_name wire = w->wire;

		next = TAILQ_NEXT(w, entry);
		if (w->source == source && !w->seen) {
			refusals_forget(s->refusals, &wire);
			service_unwant(s, w);
			release_unwanted(s, &wire);
		}
	}
}

void service_see_none(struct service *s)
{
	struct wanted *w = NULL;

	TAILQ_FOREACH(w, &s->wanted->head, entry) {
		w->seen = false;
	}
}

static void configure_aliases(struct service *s,
			      const struct messenger_config *config)
{
	struct wanted *w = NULL;
	size_t i;

	service_see_none(s);
	for (i = 0; i < talloc_array_length(config->aliases); i++) {
		const struct config_name *n = &config->aliases[i];

		w = wanted_add(s->wanted, WANTED_CONFIG, n->name, &n->wire);
		if (w != NULL) {
			w->seen = true;
		}
	}
	service_forget_unseen(s, WANTED_CONFIG);
}

/* With another configuration it is worth telling anew. */
static void forget_left_out(struct service *s)
{
	struct wanted *w = NULL;

	TAILQ_FOREACH(w, &s->wanted->head, entry) {
		wanted_leave_out(s->wanted, w, false);
	}
}

/* Without memory fewer of them are shown; the log has said all. */
static void configure_invalid(struct service *s,
			      const struct messenger_config *config)
{
	size_t num = talloc_array_length(config->invalid);
	size_t i;

	TALLOC_FREE(s->invalid);
	if (num == 0) {
		return;
	}
	s->invalid = talloc_zero_array(s, struct config_invalid, num);
	for (i = 0; s->invalid != NULL && i < num; i++) {
		s->invalid[i].code = config->invalid[i].code;
		s->invalid[i].text =
			talloc_strdup(s->invalid, config->invalid[i].text);
		if (s->invalid[i].text == NULL) {
			TALLOC_FREE(s->invalid);
		}
	}
}

void service_configure(struct service *s, const struct messenger_config *config)
{
	configure_invalid(s, config);
	s->restart_interval = config->restart_interval;
	s->store = config->store;
	alias_table_set_max(s->aliases, config->max_aliases);
	if (s->computer == NULL) {
		configure_computers(s, config);
	}
	configure_aliases(s, config);
	service_set_kinds(s);
	forget_left_out(s);

	if (service_is_up(s)) {
		service_claim_others(s);
	} else if (s->state == SERVICE_FAILED) {
		(void)service_start(s);
	} else {
		service_go_on(s);
	}
}

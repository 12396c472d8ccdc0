/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A service under test and the world it acts on.
 */

#include "recorder.h"

static void say(struct recorder *r, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void say(struct recorder *r, const char *fmt, ...)
{
	va_list ap;

	/* what does not fit is cut off, and will not be what is expected */
	va_start(ap, fmt);
	vsnprintf(r->lines + r->len, sizeof(r->lines) - r->len, fmt, ap);
	va_end(ap);
	r->len += strlen(r->lines + r->len);
}

static void say_holder(struct recorder *r, struct in_addr holder)
{
	char text[INET_ADDRSTRLEN];

	if (holder.s_addr != 0) {
		inet_ntop(AF_INET, &holder, text, sizeof(text));
		say(r, " holder %s", text);
	}
	say(r, "\n");
}

/* The record of a name, begun when it is first heard of. */
static struct recorder_name *find(struct recorder *r,
				  const struct wire_name *wire)
{
	static const struct wire_name empty;
	struct recorder_name *n = r->names;

	while (!wire_name_equal(&n->wire, &empty) &&
	       !wire_name_equal(&n->wire, wire)) {
		n++;
		assert_ptr_not_equal(n, &r->names[RECORDER_NAMES]);
	}
	n->wire = *wire;
	return n;
}

static struct recorder_name *find_name(struct recorder *r, const char *name)
{
	struct wire_name wire = wire_of(name);

	return find(r, &wire);
}

static size_t subnet_index(const struct recorder *r, const char *subnet)
{
	size_t i;

	for (i = 0; i < RECORDER_SUBNETS; i++) {
		if (r->subnets[i] != NULL &&
		    strcmp(r->subnets[i], subnet) == 0) {
			return i;
		}
	}
	fail_msg("there is no subnet %s", subnet);
	return 0;
}

static struct timespec do_clock(void *private_data, clockid_t clock)
{
	struct recorder *r = private_data;

	return r->now;
}

static void do_claim(void *private_data, const struct alias *alias,
		     const char *subnet)
{
	struct recorder *r = private_data;
	struct wire_name wire = alias->wire;
	struct recorder_name *n = find(r, &wire);
	size_t i;

	say(r, "claim %s%s%s\n", alias->name, (subnet != NULL) ? " on " : "",
	    (subnet != NULL) ? subnet : "");
	for (i = 0; i < RECORDER_SUBNETS; i++) {
		if (r->subnets[i] == NULL ||
		    (subnet != NULL && strcmp(subnet, r->subnets[i]) != 0)) {
			continue;
		}
		n->claimed[i] =
			(service_claiming(r->service, &wire, r->subnets[i]) ==
			 CLAIM_FOLLOW);
	}
}

static void do_release(void *private_data, const struct alias *alias)
{
	struct recorder *r = private_data;
	struct recorder_name *n = find(r, &alias->wire);

	r->releases++;
	say(r, "release %s\n", alias->name);
	memset(n->claimed, 0, sizeof(n->claimed));
}

static void do_event(void *private_data, struct event *ev)
{
	struct recorder *r = private_data;

	assert_int_equal(ev->time.tv_sec, r->now.tv_sec);
	assert_in_range(ev->type, 0, RECORDER_EVENTS - 1);
	r->events[ev->type]++;
	say(r, "event %s", event_type_str(ev->type));
	if (ev->alias != NULL) {
		say(r, " %s", ev->alias);
		r->kind = ev->kind;
	}
	if (ev->subnet != NULL) {
		say(r, " on %s", ev->subnet);
	}
	if (ev->code != NERR_Success) {
		say(r, " code %d", ev->code);
	}
	if (ev->rcode != 0) {
		say(r, " rcode %d", ev->rcode);
	}
	if (ev->server.s_addr != 0) {
		say(r, " server %s", inet_ntoa(ev->server));
	}
	if (ev->record.s_addr != 0) {
		say(r, " record %s", inet_ntoa(ev->record));
	}
	if (ev->claimant.s_addr != 0) {
		say(r, " claimant %s", inet_ntoa(ev->claimant));
	}
	if (ev->reason != NULL) {
		say(r, " (%s)", ev->reason);
	}
	if (event_cause(ev) != CAUSE_NONE) {
		say(r, " cause %s", event_cause_str(event_cause(ev)));
	}
	if (ev->count != 0) {
		say(r, " count %u", ev->count);
	}
	say_holder(r, ev->holder);
	talloc_free(ev);
}

static void do_settled(void *private_data, const struct wire_name *wire,
		       const struct service_outcome *outcome)
{
	struct recorder *r = private_data;

	if (wire != NULL) {
		r->aliases_settled++;
		say(r, "%s %.*s %d", outcome->leaving ? "deleted" : "settled",
		    (int)sizeof(wire->bytes), (const char *)wire->bytes,
		    outcome->code);
	} else {
		r->starts_settled++;
		say(r, "settled service %d", outcome->code);
	}
	if (outcome->reason != NULL) {
		say(r, " (%s)", outcome->reason);
	}
	say_holder(r, outcome->holder);
}

/* It is done by recorder_written(), whether anybody asks again or not. */
static int store_slowly(struct recorder_name *n, bool kept)
{
	bool same = (n->asked == kept);

	if (n->written && same) {
		n->written = false;
		return 0;
	}
	if (!n->writing || !same) {
		n->asked = kept;
		n->written = false;
		n->writing = true;
	}
	return EINPROGRESS;
}

static int do_store(void *private_data, const char *name, bool kept)
{
	struct recorder *r = private_data;

	say(r, "%s %s\n", kept ? "store" : "forget", name);
	if (r->store_fails) {
		return EROFS;
	}
	if (r->store_busy) {
		return EBUSY;
	}
	if (r->store_slow) {
		return store_slowly(find_name(r, name), kept);
	}
	find_name(r, name)->stored = kept;
	return 0;
}

static void do_revoke(void *private_data, const char *name)
{
	(void)do_store(private_data, name, false);
}

static void do_retry(struct recorder *r, unsigned seconds)
{
	if (seconds > 0) {
		say(r, "retry %u\n", seconds);
	} else if (r->retry > 0) {
		say(r, "retry off\n");
	}
	r->retry = seconds;
}

/* Few enough names to be done with at once. */
static void do_more(void *private_data)
{
	fail_msg("more to do");
}

static void do_alarm(void *private_data, enum service_alarm which,
		     unsigned seconds)
{
	struct recorder *r = private_data;

	switch (which) {
	case SERVICE_ALARM_RETRY:
		do_retry(r, seconds);
		break;
	case SERVICE_ALARM_REVIEW:
		say(r, "review %u\n", seconds);
		break;
	case SERVICE_ALARM_WAITING:
		if (seconds > 0 || r->waiting > 0) {
			say(r, "waiting %u\n", seconds);
		}
		r->waiting = seconds;
		break;
	case SERVICE_ALARM_RIVALS:
		say(r, "rivals %u\n", seconds);
		r->rivals = seconds;
		break;
	case SERVICE_ALARM_STORE:
		say(r, "store again %u\n", seconds);
		break;
	case SERVICE_ALARMS:
		break;
	}
}

static void do_ask(void *private_data, const struct alias *alias,
		   struct in_addr host)
{
	say(private_data, "ask %s of %s\n", inet_ntoa(host), alias->name);
}

const struct service_ops recorder_ops = {
	.clock = do_clock,
	.claim = do_claim,
	.release = do_release,
	.event = do_event,
	.settled = do_settled,
	.store = do_store,
	.revoke = do_revoke,
	.ask = do_ask,
	.alarm = do_alarm,
	.more = do_more,
};

void recorder_use(struct recorder *r, const struct service_ops *ops)
{
	talloc_free(r->service);
	r->service = service_init(r, ops, r);
	assert_non_null(r->service);
}

struct recorder *recorder_create(void)
{
	struct recorder *r = talloc_zero(NULL, struct recorder);

	assert_non_null(r);
	r->config = talloc_zero(r, struct messenger_config);
	assert_non_null(r->config);
	r->config->max_aliases = 256;
	r->now = at(0);
	recorder_use(r, &recorder_ops);
	return r;
}

void recorder_free(struct recorder *r)
{
	talloc_free(r);
}

void recorder_forget(struct recorder *r)
{
	r->len = 0;
	r->lines[0] = '\0';
}

void recorder_expect(struct recorder *r, const char *lines)
{
	assert_string_equal(r->lines, lines);
	recorder_forget(r);
}

static struct config_name *make_names(TALLOC_CTX *mem_ctx, const char *text)
{
	struct config_name *names = NULL;
	size_t num = 0;
	size_t len;

	for (; *text != '\0'; text += len + (text[len] == ' ' ? 1 : 0)) {
		len = strcspn(text, " ");
		names = talloc_realloc(mem_ctx, names, struct config_name,
				       num + 1);
		assert_non_null(names);
		names[num].name = talloc_strndup(mem_ctx, text, len);
		assert_non_null(names[num].name);
		names[num].wire = wire_of(names[num].name);
		num++;
	}
	return names;
}

void recorder_configure(struct recorder *r, const char *computers,
			const char *aliases)
{
	/* freed here: what the service needs of it, it has to copy */
	struct messenger_config *config =
		talloc_zero(NULL, struct messenger_config);

	assert_non_null(config);
	*config = *r->config;
	config->computers = make_names(config, computers);
	config->aliases = make_names(config, aliases);
	service_configure(r->service, config);
	talloc_free(config);
}

enum claim_decision recorder_claiming(struct recorder *r, const char *name,
				      const char *subnet)
{
	struct recorder_name *n = find_name(r, name);
	enum claim_decision decision;

	decision = service_claiming(r->service, &n->wire, subnet);
	if (decision == CLAIM_FOLLOW) {
		n->claimed[subnet_index(r, subnet)] = true;
	}
	return decision;
}

void recorder_grant(struct recorder *r, const char *name, const char *subnet)
{
	struct wire_name wire = wire_of(name);

	service_granted(r->service, &wire, subnet);
}

void recorder_grant_all(struct recorder *r, const char *name)
{
	size_t i;

	for (i = 0; i < RECORDER_SUBNETS; i++) {
		if (r->subnets[i] != NULL) {
			recorder_grant(r, name, r->subnets[i]);
		}
	}
}

void recorder_run(struct recorder *r)
{
	recorder_configure(r, "ALPHA", "OPERATOR");
	assert_int_equal(service_start(r->service), NERR_Success);
	recorder_grant_all(r, "ALPHA");
	assert_service(r, SERVICE_RUNNING, 0);
	recorder_forget(r);
}

void recorder_run_all(struct recorder *r)
{
	recorder_run(r);
	recorder_grant_all(r, "OPERATOR");
	recorder_forget(r);
}

void assert_service(const struct recorder *r, enum service_state state,
		    int exit_code)
{
	assert_int_equal(service_get_state(r->service), state);
	assert_int_equal(service_get_exit(r->service), exit_code);
	assert_int_equal(service_get_win32_exit(r->service),
			 (exit_code != 0) ? 1066 : 0);
}

void recorder_refuse(struct recorder *r, const char *name, const char *subnet,
		     int rcode, const char *holder)
{
	struct wire_name wire = wire_of(name);

	const struct refusal refusal = { .rcode = rcode,
					 .holder = ip(holder) };

	service_refused(r->service, &wire, subnet, &refusal);
}

void recorder_wait(struct recorder *r, const char *name, const char *subnet,
		   const char *reason)
{
	struct wire_name wire = wire_of(name);

	service_waiting(r->service, &wire, subnet, reason, NULL);
}

void recorder_stale(struct recorder *r, const char *name, const char *record)
{
	struct wire_name wire = wire_of(name);
	const struct refusal refusal = {
		.rcode = RCODE_RFS_ERR,
		.server = ip("10.0.0.5"),
		.record = ip(record),
	};

	service_refused(r->service, &wire, "UNICAST_SUBNET", &refusal);
}

void recorder_contest(struct recorder *r, const char *name, const char *host)
{
	const struct contest contest = {
		.kind = CONTEST_REGISTRATION,
		.wire = wire_of(name),
		.from = ip(host),
		.id = (uint16_t)r->now.tv_sec,
	};

	service_contested(r->service, &contest);
}

static void list_name(struct nbns_answer *answer, const char *name,
		      uint8_t type)
{
	struct nbns_name *n = &answer->names[answer->num_names++];

	memset(n->bytes, ' ', sizeof(n->bytes));
	memcpy(n->bytes, name, strlen(name));
	n->type = type;
}

void recorder_diagnosed(struct recorder *r, const char *name, const char *host,
			const char *computer, const char *lists)
{
	const struct wire_name wire = wire_of(name);
	struct nbns_answer answer = { .num_names = 0 };
	struct holder *h = NULL;

	if (computer != NULL) {
		list_name(&answer, computer, 0x00);
	}
	if (lists != NULL) {
		list_name(&answer, lists, MESSENGER_NAME_TYPE);
	}
	h = holder_create(r, (computer != NULL) ? &answer : NULL, &wire);
	assert_non_null(h);
	service_diagnosed(r->service, &wire, ip(host), h);
	talloc_free(h);
}

void recorder_ring(struct recorder *r, enum service_alarm which)
{
	switch (which) {
	case SERVICE_ALARM_RETRY:
		r->retry = 0;
		break;
	case SERVICE_ALARM_WAITING:
		r->waiting = 0;
		break;
	case SERVICE_ALARM_RIVALS:
		r->rivals = 0;
		break;
	default:
		break;
	}
	service_alarmed(r->service, which);
}

void recorder_subnet_new(struct recorder *r, const char *subnet)
{
	size_t i = 0;

	while (r->subnets[i] != NULL) {
		i++;
		assert_in_range(i, 0, RECORDER_SUBNETS - 1);
	}
	r->subnets[i] = subnet;
	service_subnet_new(r->service, subnet);
}

void recorder_subnet_gone(struct recorder *r, const char *subnet)
{
	size_t i = subnet_index(r, subnet);
	size_t n;

	for (n = 0; n < RECORDER_NAMES; n++) {
		r->names[n].claimed[i] = false;
	}
	r->subnets[i] = NULL;
	service_subnet_gone(r->service, subnet);
}

bool recorder_claimed(struct recorder *r, const char *name, const char *subnet)
{
	return find_name(r, name)->claimed[subnet_index(r, subnet)];
}

void recorder_written(struct recorder *r)
{
	size_t i;

	for (i = 0; i < RECORDER_NAMES; i++) {
		struct recorder_name *n = &r->names[i];

		if (n->writing) {
			n->stored = n->asked;
			n->written = true;
			n->writing = false;
		}
	}
	recorder_ring(r, SERVICE_ALARM_STORE);
}

bool recorder_stored(struct recorder *r, const char *name)
{
	return find_name(r, name)->stored;
}

static char letter(enum alias_state state)
{
	switch (state) {
	case ALIAS_REGISTERING:
		return 'g';
	case ALIAS_REGISTERED:
		return 'd';
	case ALIAS_REFUSED:
		return 'f';
	case ALIAS_WAITING:
		return 'w';
	case ALIAS_STANDBY:
		return 's';
	case ALIAS_INVALID:
		break;
	}
	return '?';
}

void assert_table(const struct recorder *r, const char *want)
{
	const struct alias_table *table = service_get_aliases(r->service);
	const struct alias *a = NULL;
	char got[2048] = "";
	size_t len = 0;
	size_t i;

	for (a = alias_first(table); a != NULL; a = alias_next(a)) {
		len += (size_t)snprintf(got + len, sizeof(got) - len,
					"%s%s=%c(", (len > 0) ? " " : "",
					a->name, letter(a->state));
		for (i = 0; i < a->num_subnets; i++) {
			len += (size_t)snprintf(got + len, sizeof(got) - len,
						"%s%s=%c", (i > 0) ? " " : "",
						a->subnets[i].subnet,
						letter(a->subnets[i].state));
		}
		len += (size_t)snprintf(got + len, sizeof(got) - len, ")");
	}
	assert_string_equal(got, want);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The service on a network that has its troubles: subnets that come and go or
 * cannot be sent on, WINS that is silent or has old records, other hosts that
 * hold names, claim them at the same time or refuse them late.  Whatever
 * happens, in any order:
 *
 * - only a packet of another host refuses: no 2270, no service-failed, no
 *   alias-refused or alias-lost without one;
 * - no local trouble gives up a name that was held;
 * - what the table says is registered the network sees, and the other way
 *   round;
 * - each claim that is registering has an answer to come, and each that waits
 *   has a clock that runs;
 * - when the network is there again, all that waits ends, by the news of it
 *   or by the clock.
 *
 * A failure prints the operations that led to it; UNIT_SEED repeats it.
 */

#include "service.h"
#include "smb_conf.h"
#include "unit.h"

#define ROUNDS	   60
#define OPERATIONS 400
#define NAMES	   5
#define SUBNETS	   3
#define WINS	   2

static const char *const names[NAMES] = { "ALPHA", "BETA", "OPERATOR", "EVE",
					  "NIGHT" };
static const char *const subnets[SUBNETS] = { "A", "B", "UNICAST_SUBNET" };

/* Somebody else, and how he has a name. */
enum other {
	NOBODY,
	LIVES,
	OLD_RECORD, /* in WINS: nobody stands behind it */
};

/* What the service is told just now. */
enum news {
	NEWS_LOCAL,   /* nothing that another host has said */
	NEWS_ORDER,   /* by the administrator */
	NEWS_REFUSAL, /* another host's packet */
	NEWS_OLD_RECORD,
};

static struct world {
	struct service *service;
	enum news news;
	struct timespec now;
	bool up[SUBNETS];
	bool works[SUBNETS];
	bool asked[NAMES][SUBNETS]; /* the answer is to come */
	bool held[NAMES][SUBNETS];  /* as the network sees it */
	enum other other[NAMES][SUBNETS];
	unsigned alarms[SERVICE_ALARMS];
	bool more; /* a turn is asked for */
	bool computer_refused; /* since the start */
} w;

static unsigned happened[EVENT_ALIAS_CONFLICT + 1];
static unsigned waited;
static unsigned healed;

static char story[OPERATIONS * 64];
static size_t story_len;

static void tell(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

static void tell(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(story + story_len, sizeof(story) - story_len, fmt, ap);
	va_end(ap);
	story_len += strlen(story + story_len);
}

static void demand(bool holds, const char *what, const char *of)
{
	if (!holds) {
		/* longer than cmocka's lines can be */
		fputs(story, stderr);
		fail_msg("not so: %s (%s)", what, of);
	}
}

static size_t index_of(const struct wire_name *wire)
{
	size_t i;

	for (i = 0; i < NAMES; i++) {
		const struct wire_name known = wire_of(names[i]);

		if (wire_name_equal(&known, wire)) {
			return i;
		}
	}
	fail_msg("a name that nobody knows");
	return 0;
}

/*
 * What the service does.
 */

static struct timespec do_clock(void *private_data, clockid_t clock)
{
	return w.now;
}

static void do_claim(void *private_data, const struct alias *alias,
		     const char *subnet)
{
	const struct wire_name wire = alias->wire;
	const size_t i = index_of(&wire);
	size_t s;

	for (s = 0; s < SUBNETS; s++) {
		if (w.up[s] &&
		    (subnet == NULL || strcmp(subnet, subnets[s]) == 0) &&
		    service_claiming(w.service, &wire, subnets[s]) ==
			    CLAIM_FOLLOW) {
			w.asked[i][s] = true;
		}
	}
}

static void do_release(void *private_data, const struct alias *alias)
{
	const size_t i = index_of(&alias->wire);

	demand(w.news == NEWS_ORDER || w.news == NEWS_REFUSAL ||
		       !alias->granted,
	       "no local trouble gives up a name", alias->name);
	memset(w.asked[i], 0, sizeof(w.asked[i]));
	memset(w.held[i], 0, sizeof(w.held[i]));
}

static void do_event(void *private_data, struct event *ev)
{
	happened[ev->type]++;
	switch (ev->type) {
	case EVENT_SERVICE_FAILED:
	case EVENT_ALIAS_LOST:
		demand(w.news == NEWS_REFUSAL, "only a packet refuses",
		       event_type_str(ev->type));
		demand(ev->holder.s_addr != 0, "whoever it is is named",
		       event_type_str(ev->type));
		break;
	case EVENT_ALIAS_REFUSED:
		demand((w.news == NEWS_REFUSAL && ev->holder.s_addr != 0) ||
			       (w.news == NEWS_OLD_RECORD &&
				ev->holder.s_addr == 0 &&
				ev->cause == CAUSE_STALE_WINS_RECORD),
		       "only a packet refuses", event_type_str(ev->type));
		break;
	default:
		break;
	}
	talloc_free(ev);
}

static void do_settled(void *private_data, const struct wire_name *wire,
		       const struct service_outcome *outcome)
{
	switch (outcome->code) {
	case NERR_NoComputerName:
	case NERR_DuplicateName:
		demand(w.news == NEWS_REFUSAL, "only a packet refuses",
		       messenger_code_name(outcome->code));
		break;
	case NERR_NetworkError:
		demand(outcome->reason != NULL, "there is a reason", "2136");
		demand(outcome->holder.s_addr == 0, "nobody is blamed", "2136");
		break;
	default:
		break;
	}
}

static int do_store(void *private_data, const char *name, bool kept)
{
	static const int errors[] = { 0, 0, EBUSY, EROFS };

	return errors[next_random(4)];
}

static void do_ask(void *private_data, const struct alias *alias,
		   struct in_addr host)
{
	demand(alias->granted, "who has it is asked after the grant",
	       alias->name);
}

static void do_revoke(void *private_data, const char *name)
{
}

static void do_alarm(void *private_data, enum service_alarm which,
		     unsigned seconds)
{
	demand(which != SERVICE_ALARM_WAITING || seconds <= 300,
	       "five minutes at most", "waiting");
	w.alarms[which] = seconds;
}

static void do_more(void *private_data)
{
	w.more = true;
}

static const struct service_ops ops = {
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

/*
 * What must hold at any time.
 */

static bool is_active(void)
{
	const enum service_state state = service_get_state(w.service);

	return state == SERVICE_STARTING || state == SERVICE_RUNNING;
}

static void check_entry(const struct alias *a, size_t i,
			const struct alias_subnet *e)
{
	size_t s = 0;

	while (strcmp(subnets[s], e->subnet) != 0) {
		s++;
	}
	demand(w.up[s] || e->state == ALIAS_REFUSED, "the subnet is there",
	       a->name);
	switch (e->state) {
	case ALIAS_REGISTERED:
		demand(w.held[i][s], "what is registered is held", a->name);
		break;
	case ALIAS_REGISTERING:
		demand(w.asked[i][s], "an answer is to come", a->name);
		break;
	case ALIAS_WAITING:
		demand(e->reason != NULL, "there is a reason", a->name);
		demand(w.alarms[SERVICE_ALARM_WAITING] > 0 || w.asked[i][s],
		       "the clock runs", a->name);
		waited++;
		break;
	case ALIAS_REFUSED:
		if (a->state != ALIAS_REFUSED) {
			demand(s == WINS && e->record.s_addr != 0,
			       "one refusal is enough", a->name);
			demand(w.alarms[SERVICE_ALARM_WAITING] > 0,
			       "WINS is asked again", a->name);
		}
		break;
	case ALIAS_STANDBY:
		demand(false, "there is no cluster", a->name);
		break;
	case ALIAS_INVALID:
		demand(false, "no alias is invalid", a->name);
		break;
	}
}

static void check_name(size_t i)
{
	const struct wire_name wire = wire_of(names[i]);
	const struct alias *a =
		alias_find(service_get_aliases(w.service), &wire);
	size_t s;

	for (s = 0; s < SUBNETS; s++) {
		if (!w.held[i][s]) {
			continue;
		}
		demand(a != NULL && a->state != ALIAS_REFUSED,
		       "what is held is in the table", names[i]);
		demand(alias_subnet_find(a, subnets[s]) != NULL,
		       "what is held is in the table, there", names[i]);
	}
	for (s = 0; a != NULL && s < a->num_subnets; s++) {
		check_entry(a, i, &a->subnets[s]);
	}
}

static void turns(void)
{
	while (w.more) {
		w.more = false;
		service_turn(w.service);
	}
}

static void check(void)
{
	size_t i;

	turns();

	for (i = 0; i < NAMES; i++) {
		check_name(i);
	}
	demand((service_get_state(w.service) != SERVICE_FAILED &&
		service_get_exit(w.service) == NERR_Success) ||
		       w.computer_refused,
	       "no 2270 without a packet", "service");
	demand(is_active() || w.alarms[SERVICE_ALARM_WAITING] == 0,
	       "no clock runs for nothing", "service");
}

/*
 * The network.
 */

static void refuse(size_t i, size_t s, const char *host)
{
	const struct wire_name wire = wire_of(names[i]);
	const struct refusal refusal = { .rcode = RCODE_ACT_ERR,
					 .holder = ip(host) };

	tell("refused %s %s by %s\n", names[i], subnets[s], host);
	w.news = NEWS_REFUSAL;
	w.asked[i][s] = false;
	if (i == 0) {
		w.computer_refused = true;
	}
	service_refused(w.service, &wire, subnets[s], &refusal);
	w.news = NEWS_LOCAL;
}

static void answer_old_record(size_t i)
{
	const struct wire_name wire = wire_of(names[i]);
	const struct refusal refusal = { .rcode = RCODE_RFS_ERR,
					 .server = ip("10.0.0.5"),
					 .record = ip("10.0.0.7") };

	tell("old record %s\n", names[i]);
	w.news = NEWS_OLD_RECORD;
	w.held[i][WINS] = false;
	service_refused(w.service, &wire, subnets[WINS], &refusal);
	w.news = NEWS_LOCAL;
}

static void answer(size_t i, size_t s)
{
	const struct wire_name wire = wire_of(names[i]);

	w.asked[i][s] = false;
	if (!w.works[s]) {
		tell("waits %s %s\n", names[i], subnets[s]);
		service_waiting(w.service, &wire, subnets[s],
				(s == WINS) ? "WINS server 10.0.0.5 does not "
					      "answer"
					    : "Network is unreachable",
				NULL);
	} else if (w.other[i][s] == LIVES) {
		refuse(i, s, "10.0.0.9");
	} else if (w.other[i][s] == OLD_RECORD) {
		answer_old_record(i);
	} else {
		tell("granted %s %s\n", names[i], subnets[s]);
		w.held[i][s] = true;
		service_granted(w.service, &wire, subnets[s]);
	}
}

/* Any of the claims under way; false: there is none. */
static bool answer_one(void)
{
	const size_t first = next_random(NAMES * SUBNETS);
	size_t n;

	for (n = 0; n < NAMES * SUBNETS; n++) {
		const size_t k = (first + n) % (NAMES * SUBNETS);

		if (w.asked[k / SUBNETS][k % SUBNETS]) {
			answer(k / SUBNETS, k % SUBNETS);
			return true;
		}
	}
	return false;
}

static void subnet_comes(size_t s)
{
	tell("comes %s\n", subnets[s]);
	w.up[s] = true;
	service_subnet_new(w.service, subnets[s]);
}

static void subnet_goes(size_t s)
{
	size_t i;

	tell("goes %s\n", subnets[s]);
	w.up[s] = false;
	for (i = 0; i < NAMES; i++) {
		w.asked[i][s] = false;
		w.held[i][s] = false;
	}
	service_subnet_gone(w.service, subnets[s]);
}

/* It cannot be sent on, or can be again; nmbd may notice at a refresh. */
static void trouble(size_t s)
{
	size_t i;

	w.works[s] = !w.works[s];
	tell("%s %s\n", w.works[s] ? "works" : "fails", subnets[s]);
	for (i = 0; i < NAMES && !w.works[s]; i++) {
		if (w.held[i][s] && next_random(2) == 0) {
			answer(i, s);
		}
	}
	if (next_random(2) == 0) {
		tell("network\n");
		service_network_changed(w.service);
	}
}

static void ring(enum service_alarm which)
{
	if (w.alarms[which] > 0) {
		tell("alarm %d\n", which);
		w.now.tv_sec += w.alarms[which];
		w.alarms[which] = 0;
		w.news = (which == SERVICE_ALARM_RETRY) ? NEWS_ORDER
							: NEWS_LOCAL;
		w.computer_refused =
			w.computer_refused && which != SERVICE_ALARM_RETRY;
		service_alarmed(w.service, which);
		w.news = NEWS_LOCAL;
	}
}

/* Another host has a name, or has it no longer. */
static void somebody(size_t i, size_t s)
{
	const enum other other = next_random(4);

	if (other == OLD_RECORD) {
		w.other[i][WINS] = OLD_RECORD;
	} else if (other != LIVES || next_random(4) == 0) {
		w.other[i][s] = (other == LIVES) ? LIVES : NOBODY;
	}
}

/* It claims the name when we do, or later, and may say that it has it. */
static void rival(size_t i)
{
	const struct contest contest = {
		.kind = CONTEST_REGISTRATION,
		.wire = wire_of(names[i]),
		.from = ip("10.0.0.8"),
		.id = (uint16_t)next_random(3),
	};
	const struct holder holder = {
		.cause = next_random(2) == 0 ? CAUSE_NOT_THE_HOLDER
					     : CAUSE_DUPLICATE_COMPUTER_NAME,
	};

	if (next_random(2) == 0) {
		tell("contested %s\n", names[i]);
		service_contested(w.service, &contest);
	} else {
		tell("diagnosed %s\n", names[i]);
		service_diagnosed(w.service, &contest.wire, contest.from,
				  &holder);
	}
}

static void network(void)
{
	const size_t i = next_random(NAMES);
	const size_t s = next_random(SUBNETS);

	switch (next_random(8)) {
	case 0:
		if (w.up[s]) {
			subnet_goes(s);
		} else {
			subnet_comes(s);
		}
		break;
	case 1:
		trouble(s);
		break;
	case 2:
		ring(next_random(SERVICE_ALARMS));
		break;
	case 3:
		somebody(i, s);
		break;
	case 4:
		/* late, by one who is slow */
		if (w.held[i][s] && next_random(4) == 0) {
			refuse(i, s,
			       next_random(2) == 0 ? "10.0.0.8" : "10.0.0.9");
		}
		break;
	case 5:
	case 6:
		rival(i);
		break;
	default:
		w.now.tv_sec += next_random(20);
		break;
	}
}

/*
 * The administrator.
 */

static void configure(const char *alias)
{
	struct messenger_config *config =
		talloc_zero(NULL, struct messenger_config);
	size_t i;

	config->max_aliases = 256;
	config->store = true;
	config->restart_interval = 30;
	config->computers = talloc_zero_array(config, struct config_name, 2);
	for (i = 0; i < 2; i++) {
		config->computers[i].name = talloc_strdup(config, names[i]);
		config->computers[i].wire = wire_of(names[i]);
	}
	if (alias != NULL) {
		config->aliases =
			talloc_zero_array(config, struct config_name, 1);
		config->aliases[0].name = talloc_strdup(config, alias);
		config->aliases[0].wire = wire_of(alias);
	}
	w.computer_refused = w.computer_refused &&
			     service_get_state(w.service) != SERVICE_FAILED;
	service_configure(w.service, config);
	talloc_free(config);
}

static void start(void)
{
	if (!is_active()) {
		w.computer_refused = false;
	}
	(void)service_start(w.service);
}

static void order(void)
{
	const char *name = names[2 + next_random(NAMES - 2)];
	const unsigned what = next_random(8);
	struct wire_name wire;

	tell("order %u %s\n", what, name);
	w.news = NEWS_ORDER;
	switch (what) {
	case 0:
		configure((next_random(3) == 0) ? NULL : name);
		break;
	case 1:
		service_set_users(w.service,
				  (const char *const[]){ name, NULL });
		break;
	case 2:
		if (next_random(4) == 0) {
			(void)service_stop(w.service);
		}
		break;
	case 3:
		(void)service_delete(w.service, name, NULL);
		break;
	case 4:
	case 5:
		(void)service_add(w.service, name, &wire);
		break;
	default:
		start();
		break;
	}
	w.news = NEWS_LOCAL;
}

/*
 * The network is there: nothing is in the way of any name, but for those who
 * hold it.
 */
static void heal(void)
{
	const bool by_clock = next_random(2) == 0;
	const struct alias *a = NULL;
	size_t i;
	size_t s;

	tell("all is well%s\n", by_clock ? ", as the clock finds" : "");
	for (i = 0; i < NAMES; i++) {
		w.other[i][WINS] = (w.other[i][WINS] == LIVES) ? LIVES : NOBODY;
	}
	for (s = 0; s < SUBNETS; s++) {
		w.works[s] = true;
		if (!w.up[s]) {
			subnet_comes(s);
		}
	}
	turns();
	while (answer_one()) {
		check();
	}
	if (by_clock) {
		ring(SERVICE_ALARM_WAITING);
	} else {
		service_network_changed(w.service);
	}
	turns();
	while (answer_one()) {
		check();
	}
	demand(service_get_state(w.service) != SERVICE_STARTING,
	       "the start has an end", "service");
	demand(w.alarms[SERVICE_ALARM_WAITING] == 0, "nothing waits", "clock");
	for (a = alias_first(service_get_aliases(w.service)); a != NULL;
	     a = alias_next(a)) {
		demand(a->state == ALIAS_REGISTERED ||
			       a->state == ALIAS_REFUSED,
		       "nothing waits", a->name);
		for (s = 0; a->state == ALIAS_REGISTERED && s < SUBNETS; s++) {
			demand(w.held[index_of(&a->wire)][s],
			       "it is held on all subnets", a->name);
		}
	}
	healed += (service_get_state(w.service) == SERVICE_RUNNING) ? 1 : 0;
}

static void play(TALLOC_CTX *frame)
{
	int i;

	memset(&w, 0, sizeof(w));
	story_len = 0;
	w.now = at(0);
	w.service = service_init(frame, &ops, NULL);
	assert_non_null(w.service);
	w.up[0] = true;
	w.up[WINS] = true;
	for (i = 0; i < SUBNETS; i++) {
		w.works[i] = next_random(2) == 0;
	}
	w.news = NEWS_ORDER;
	configure("OPERATOR");
	start();
	w.news = NEWS_LOCAL;
	for (i = 0; i < OPERATIONS; i++) {
		const unsigned what = next_random(10);

		if (what == 0) {
			order();
		} else if (what < 5) {
			network();
		} else {
			(void)answer_one();
		}
		check();
	}
	heal();
	talloc_free(w.service);
}

static void any_order(void **state)
{
	TALLOC_CTX *frame = talloc_new(NULL);
	size_t i;
	int round;

	seed_random(20261126);
	for (round = 0; round < ROUNDS; round++) {
		play(frame);
	}
	/* the operations reach the rules */
	for (i = 0; i < ARRAY_LEN(happened); i++) {
		print_message("%s: %u\n", event_type_str(i), happened[i]);
		assert_in_range(happened[i], ROUNDS / 10, 1000000);
	}
	print_message("waited: %u, healed: %u\n", waited, healed);
	assert_in_range(waited, ROUNDS, 1000000);
	assert_in_range(healed, ROUNDS / 4, ROUNDS);
	talloc_free(frame);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_order),
	};

	return cmocka_run_group_tests(tests, setup_smb_conf, teardown_smb_conf);
}

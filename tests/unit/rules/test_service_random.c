/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The rules of the service against a small model of them that was written
 * from the contract, not from the code: random operations, and after each the
 * same table, the same states, the same network, the same store and the same
 * number of events on both sides.
 *
 * A failure prints the operations that led to it; UNIT_SEED repeats it.
 */

#include "recorder.h"
#include "smb_conf.h"

#define OPERATIONS	1000
#define ROUNDS		8
#define NAMES		8
#define SUBNETS		3
#define INTERVAL	30

/* ALPHA decides about the service; BETA is its second name. */
static const char *const names[NAMES] = {
	"ALPHA", "BETA", "OPERATOR", "PRINT", "NIGHT", "DAY", "EVE", "ADAM",
};
static const char *const subnets[SUBNETS] = { "A", "B", "UNICAST_SUBNET" };

/* The one that stands for the WINS servers. */
#define WINS 2

enum reason {
	COMPUTER,
	LOGON,
	CONFIG,
	REQUEST,
	REASONS
};

static const enum alias_kind kind_of[REASONS] = {
	[COMPUTER] = ALIAS_COMPUTER,
	[LOGON] = ALIAS_USER,
	[CONFIG] = ALIAS_ADDED,
	[REQUEST] = ALIAS_ADDED,
};

/* How a name stands on a subnet. */
enum standing {
	ABSENT,
	ASKED,
	OURS,
	THEIRS,
	WAITS,
	STALE, /* refused by WINS for a record that nobody stands behind */
};

static struct model {
	enum service_state service;
	bool store;
	bool up[SUBNETS];
	struct {
		bool wanted[REASONS];
		bool given_up[REASONS]; /* refused since it was last tried */
		bool told;   /* a request: "added" */
		bool stored; /* and it will be after a restart */
		/* in the table */
		bool listed;
		enum alias_kind kind;
		enum alias_state state;
		bool granted;
		bool stale; /* it was told */
		enum standing on[SUBNETS];
	} n[NAMES];
	unsigned events[EVENT_ALIAS_LOST + 1];	/* those the rules tell */
	unsigned claims;	 /* of one name on all subnets */
	unsigned starts;
	unsigned claims_settled; /* outcomes told: one that waits has two */
	unsigned starts_settled;
} m;

static struct recorder *r;

/* What was done, for people. */
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

/*
 * The model.
 */

static bool is_wanted(size_t i)
{
	return m.n[i].wanted[COMPUTER] || m.n[i].wanted[LOGON] ||
	       m.n[i].wanted[CONFIG] || m.n[i].wanted[REQUEST];
}

static enum reason first_reason(size_t i)
{
	enum reason why = COMPUTER;

	while (!m.n[i].wanted[why]) {
		why++;
	}
	return why;
}

static void put(size_t i, enum reason why)
{
	size_t s;

	if (m.n[i].listed) {
		return;
	}
	m.n[i].listed = true;
	m.n[i].kind = kind_of[why];
	m.n[i].state = ALIAS_REGISTERING;
	m.n[i].granted = false;
	m.n[i].stale = false;
	m.claims++;
	for (s = 0; s < SUBNETS; s++) {
		m.n[i].on[s] = m.up[s] ? ASKED : ABSENT;
	}
}

static void unlist(size_t i)
{
	m.n[i].listed = false;
	memset(m.n[i].on, 0, sizeof(m.n[i].on));
}

static void take_out(size_t i)
{
	if (m.n[i].listed && m.n[i].state != ALIAS_REFUSED) {
		if (m.n[i].granted) {
			m.events[EVENT_ALIAS_RELEASED]++;
		} else {
			m.claims_settled++;
		}
	}
	unlist(i);
}

static void take_all_out(size_t spared)
{
	size_t i;

	for (i = 0; i < NAMES; i++) {
		if (i != spared) {
			take_out(i);
		}
		memset(m.n[i].given_up, 0, sizeof(m.n[i].given_up));
		if (!m.store || !m.n[i].told) {
			m.n[i].wanted[REQUEST] = false;
			m.n[i].told = false;
		}
	}
}

/* Each reason asks for its name until it is refused. */
static void put_wanted(void)
{
	enum reason why;
	size_t i;

	for (why = COMPUTER; why < REASONS; why++) {
		for (i = 0; i < NAMES; i++) {
			if (m.n[i].wanted[why] && !m.n[i].given_up[why]) {
				put(i, why);
			}
		}
	}
}

static int model_start(void)
{
	if (m.service == SERVICE_RUNNING || m.service == SERVICE_STARTING) {
		return NERR_MsgAlreadyStarted;
	}
	take_all_out(NAMES);
	m.service = SERVICE_STARTING;
	m.starts++;
	put(0, COMPUTER);
	return NERR_Success;
}

static int model_stop(void)
{
	if (m.service == SERVICE_STOPPED) {
		return NERR_MsgNotStarted;
	}
	take_all_out(NAMES);
	m.starts_settled += (m.service == SERVICE_STARTING) ? 1 : 0;
	m.service = SERVICE_STOPPED;
	m.events[EVENT_SERVICE_STOPPED]++;
	return NERR_Success;
}

/*
 * One that is asked is waited for, one that waits is not, and WINS follows
 * behind, where there is anything before it.
 */
static enum alias_state model_verdict(size_t i)
{
	unsigned num[STALE + 1] = { 0 };
	size_t s;

	for (s = 0; s < WINS; s++) {
		num[m.n[i].on[s]]++;
	}
	if (num[ASKED] > 0) {
		return ALIAS_REGISTERING;
	}
	if (num[OURS] > 0 || m.n[i].on[WINS] == OURS) {
		return ALIAS_REGISTERED;
	}
	if (m.n[i].on[WINS] == ASKED) {
		return ALIAS_REGISTERING;
	}
	return (num[WAITS] > 0 || m.n[i].on[WINS] == WAITS)
		       ? ALIAS_WAITING
		       : ALIAS_REGISTERING;
}

static bool is_nowhere(size_t i)
{
	size_t s = 0;

	while (s < SUBNETS && m.n[i].on[s] == ABSENT) {
		s++;
	}
	return s == SUBNETS;
}

static void model_granted(size_t i)
{
	if (m.n[i].wanted[REQUEST] && !m.n[i].told) {
		m.n[i].told = true;
		m.n[i].stored = m.store && !r->store_fails;
	}
	m.n[i].granted = true;
	m.n[i].state = ALIAS_REGISTERED;
	m.claims_settled++;
	m.events[EVENT_ALIAS_REGISTERED]++;
	if (i == 0 && m.service == SERVICE_STARTING) {
		m.service = SERVICE_RUNNING;
		m.starts_settled++;
		m.events[EVENT_SERVICE_STARTED]++;
		put_wanted();
	}
}

/* Who waits for it is told so, once; who asked for it asks again. */
static void model_give_up(size_t i)
{
	m.n[i].state = ALIAS_WAITING;
	m.claims_settled++;
	if (i == 0 && m.service == SERVICE_STARTING) {
		m.starts_settled++;
	}
	if (m.n[i].wanted[REQUEST] && !m.n[i].told) {
		m.n[i].wanted[REQUEST] = false;
		if (!is_wanted(i)) {
			unlist(i);
		}
	}
}

static void model_settle(size_t i)
{
	enum alias_state verdict = model_verdict(i);

	if (!m.n[i].listed || m.n[i].state == ALIAS_REFUSED) {
		return;
	}
	if (m.n[i].granted) {
		m.n[i].state = is_nowhere(i) ? ALIAS_WAITING : verdict;
	} else if (verdict == ALIAS_REGISTERED) {
		model_granted(i);
	} else if (verdict == ALIAS_WAITING &&
		   m.n[i].state != ALIAS_WAITING) {
		model_give_up(i);
	}
}

static void model_grant(size_t i, size_t s)
{
	if (m.n[i].listed && m.n[i].state != ALIAS_REFUSED) {
		m.n[i].on[s] = OURS;
		model_settle(i);
	}
}

static void model_wait(size_t i, size_t s)
{
	if (m.n[i].listed && m.n[i].state != ALIAS_REFUSED) {
		m.n[i].on[s] = WAITS;
		model_settle(i);
	}
}

static void model_stale(size_t i)
{
	if (!m.n[i].listed || m.n[i].state == ALIAS_REFUSED) {
		return;
	}
	m.n[i].on[WINS] = STALE;
	m.events[EVENT_ALIAS_REFUSED] += m.n[i].stale ? 0 : 1;
	m.n[i].stale = true;
	model_settle(i);
}

static bool is_under_way(size_t i)
{
	return m.n[i].listed && m.n[i].state != ALIAS_REFUSED &&
	       (m.service == SERVICE_STARTING || m.service == SERVICE_RUNNING);
}

static void model_claim_waiting(void)
{
	size_t i;
	size_t s;

	for (i = 0; i < NAMES; i++) {
		for (s = 0; is_under_way(i) && s < SUBNETS; s++) {
			if (m.n[i].on[s] == WAITS || m.n[i].on[s] == STALE) {
				m.n[i].on[s] = ASKED;
			}
		}
	}
}

static void model_refuse(size_t i, size_t s)
{
	enum reason why;

	if (!m.n[i].listed || m.n[i].state == ALIAS_REFUSED) {
		return;
	}
	if (m.n[i].granted) {
		m.events[EVENT_ALIAS_LOST]++;
	} else {
		m.events[EVENT_ALIAS_REFUSED] += (i != 0) ? 1 : 0;
		m.claims_settled++;
	}
	m.n[i].state = ALIAS_REFUSED;
	memset(m.n[i].on, 0, sizeof(m.n[i].on));
	m.n[i].on[s] = THEIRS;
	if (i == 0) {
		take_all_out(0);
		m.starts_settled += (m.service == SERVICE_STARTING) ? 1 : 0;
		m.service = SERVICE_FAILED;
		m.events[EVENT_SERVICE_FAILED]++;
		return;
	}
	for (why = COMPUTER; why < REASONS; why++) {
		m.n[i].given_up[why] = m.n[i].wanted[why];
	}
	if (!m.n[i].told) {
		m.n[i].wanted[REQUEST] = false;
	}
	/* of smb.conf, or told to be added: it stays in sight */
	if (!m.n[i].wanted[COMPUTER] && !m.n[i].wanted[CONFIG] &&
	    !m.n[i].wanted[REQUEST]) {
		take_out(i);
	}
}

static int model_add(size_t i)
{
	if (m.service != SERVICE_RUNNING) {
		return NERR_MsgNotStarted;
	}
	if (i != 0 && (m.n[i].state == ALIAS_REFUSED ||
		       (m.n[i].state == ALIAS_WAITING && !m.n[i].granted))) {
		unlist(i); /* another try */
	}
	if (m.n[i].listed) {
		return m.n[i].granted ? NERR_AlreadyExists : NERR_NameInUse;
	}
	if (!is_wanted(i) || first_reason(i) == LOGON) {
		/* it is to outlive the session */
		m.n[i].told = m.n[i].told && m.n[i].wanted[REQUEST];
		m.n[i].wanted[REQUEST] = true;
		m.n[i].given_up[REQUEST] = false;
	}
	m.n[i].given_up[first_reason(i)] = false;
	put(i, first_reason(i));
	return NERR_Success;
}

static int model_delete(size_t i)
{
	if (m.service != SERVICE_RUNNING) {
		return NERR_MsgNotStarted;
	}
	if (!m.n[i].listed) {
		return NERR_NotLocalName;
	}
	if (m.n[i].kind == ALIAS_COMPUTER) {
		return NERR_DelComputerName;
	}
	if (m.n[i].stored && r->store_fails) {
		return NERR_InternalError;
	}
	m.n[i].wanted[CONFIG] = false;
	m.n[i].wanted[REQUEST] = false;
	/* the user is still there: not again in this session */
	m.n[i].given_up[LOGON] = m.n[i].wanted[LOGON];
	m.n[i].told = false;
	m.n[i].stored = false;
	take_out(i);
	put_wanted();
	return NERR_Success;
}

/* A reason for these names now, for no others. */
static void model_want(enum reason why, const bool *now)
{
	size_t i;

	for (i = 0; i < NAMES; i++) {
		if (m.n[i].wanted[why] == now[i]) {
			continue;
		}
		m.n[i].wanted[why] = now[i];
		m.n[i].given_up[why] = false;
		if (!is_wanted(i)) {
			take_out(i);
		}
	}
	if (m.service == SERVICE_RUNNING) {
		put_wanted();
	}
}

static void model_subnet_new(size_t s)
{
	size_t i;

	m.up[s] = true;
	for (i = 0; i < NAMES; i++) {
		if (is_under_way(i)) {
			m.n[i].on[s] = ASKED;
		}
	}
}

static void model_subnet_gone(size_t s)
{
	size_t i;

	m.up[s] = false;
	for (i = 0; i < NAMES; i++) {
		m.n[i].on[s] = ABSENT;
	}
	for (i = 0; i < NAMES; i++) {
		if (m.n[i].listed) {
			model_settle(i);
		}
	}
}

static enum claim_decision model_claiming(size_t i, size_t s)
{
	size_t t;

	if (!m.n[i].listed && !is_wanted(i)) {
		return CLAIM_IGNORE;
	}
	if (m.service != SERVICE_STARTING && m.service != SERVICE_RUNNING) {
		return CLAIM_CANCEL;
	}
	if (!m.n[i].listed) {
		put(i, first_reason(i));
		/* on one subnet only, so far */
		for (t = 0; t < SUBNETS; t++) {
			m.n[i].on[t] = ABSENT;
		}
	}
	if (m.n[i].state == ALIAS_REFUSED) {
		return CLAIM_CANCEL;
	}
	if (m.n[i].on[s] != OURS) {
		m.n[i].on[s] = ASKED;
	}
	return CLAIM_FOLLOW;
}

/*
 * Both sides are the same.
 */

static void same(const char *what, long got, long want)
{
	if (got != want) {
		/* longer than cmocka's lines can be */
		fputs(story, stderr);
		fail_msg("%s: %ld, by the model %ld", what, got, want);
	}
}

static const enum alias_state state_of[] = {
	[ASKED] = ALIAS_REGISTERING,
	[OURS] = ALIAS_REGISTERED,
	[THEIRS] = ALIAS_REFUSED,
	[WAITS] = ALIAS_WAITING,
	[STALE] = ALIAS_REFUSED,
};

static void compare_name(size_t i)
{
	const struct alias_table *table = service_get_aliases(r->service);
	const struct wire_name wire = wire_of(names[i]);
	const struct alias *a = alias_find(table, &wire);
	size_t on = 0;
	size_t s;

	same(names[i], a != NULL, m.n[i].listed);
	same("in the store", recorder_stored(r, names[i]), m.n[i].stored);
	for (s = 0; s < SUBNETS; s++) {
		enum standing want = m.n[i].on[s];

		if (m.up[s] && want != WAITS && want != STALE) {
			/* what the table says is what the network sees */
			same("on the network",
			     recorder_claimed(r, names[i], subnets[s]),
			     want == ASKED || want == OURS);
		}
		if (a == NULL) {
			continue;
		}
		same("on a subnet", alias_subnet_find(a, subnets[s]) != NULL,
		     want != ABSENT);
		if (want != ABSENT) {
			same("state on a subnet",
			     alias_subnet_find(a, subnets[s])->state,
			     state_of[want]);
			on++;
		}
	}
	if (a != NULL) {
		same("state", a->state, m.n[i].state);
		same("kind", a->kind, m.n[i].kind);
		same("subnets", talloc_array_length(a->subnets), on);
	}
}

static void compare(void)
{
	const struct alias_table *table = service_get_aliases(r->service);
	const struct alias *a = NULL;
	enum alias_kind last = ALIAS_COMPUTER;
	size_t listed = 0;
	size_t open = 0;
	bool waits = false;
	size_t i;
	size_t s;

	same("service", service_get_state(r->service), m.service);
	same("exit code", service_get_exit(r->service),
	     (m.service == SERVICE_FAILED) ? NERR_NoComputerName : 0);
	for (i = 0; i < NAMES; i++) {
		compare_name(i);
		listed += m.n[i].listed ? 1 : 0;
		open += (m.n[i].listed && !m.n[i].granted &&
			 m.n[i].state == ALIAS_REGISTERING)
				? 1
				: 0;
		for (s = 0; is_under_way(i) && s < SUBNETS; s++) {
			waits = waits || m.n[i].on[s] == WAITS ||
				m.n[i].on[s] == STALE;
		}
	}
	same("length of the table", alias_table_count(table), listed);
	for (a = alias_first(table); a != NULL; a = alias_next(a)) {
		same("order", a->kind >= last, true);
		last = a->kind;
	}
	for (i = 0; i < ARRAY_LEN(m.events); i++) {
		same(event_type_str(i), r->events[i], m.events[i]);
	}
	/* every claim and every start has an outcome */
	same("claims settled", r->aliases_settled, m.claims_settled);
	same("a claim at least", r->aliases_settled >= m.claims - open, true);
	same("starts settled", r->starts_settled, m.starts_settled);
	/* what waits is tried again, and no timer runs for nothing */
	if (waits) {
		same("waits, without a timer", r->waiting > 0, true);
	}
	if (m.service == SERVICE_STOPPED || m.service == SERVICE_FAILED) {
		same("a timer for nothing", r->waiting, 0);
	}
	same("timer", r->retry, (m.service == SERVICE_FAILED) ? INTERVAL : 0);
}

/*
 * Operations.
 */

static size_t some_name(void)
{
	return next_random(NAMES);
}

/* A subnet that is up (or down); SUBNETS if there is none. */
static size_t some_subnet(bool up)
{
	size_t s = next_random(SUBNETS);
	size_t tries;

	for (tries = 0; tries < SUBNETS; tries++) {
		if (m.up[s] == up) {
			return s;
		}
		s = (s + 1) % SUBNETS;
	}
	return SUBNETS;
}

/* Some of the names that are not the computer's. */
static void some_names(bool *chosen, char *text, size_t size)
{
	size_t i;

	text[0] = '\0';
	for (i = 0; i < NAMES; i++) {
		chosen[i] = i >= 2 && next_random(3) == 0;
		if (chosen[i]) {
			snprintf(text + strlen(text), size - strlen(text),
				 "%s%s", (text[0] != '\0') ? " " : "",
				 names[i]);
		}
	}
}

static void operate_config(void)
{
	bool chosen[NAMES];
	char text[128];

	some_names(chosen, text, sizeof(text));
	tell("smb.conf %s\n", text);
	recorder_configure(r, "ALPHA BETA", text);
	model_want(CONFIG, chosen);
	if (m.service == SERVICE_FAILED) {
		model_start();
	}
}

static void operate_users(void)
{
	const char *users[NAMES + 1] = { NULL };
	bool chosen[NAMES];
	char text[128];
	size_t num = 0;
	size_t i;

	some_names(chosen, text, sizeof(text));
	tell("users %s\n", text);
	for (i = 0; i < NAMES; i++) {
		if (chosen[i]) {
			users[num++] = names[i];
		}
	}
	service_set_users(r->service, users);
	model_want(LOGON, chosen);
}

static void operate_add(size_t i)
{
	struct wire_name wire;

	tell("add %s\n", names[i]);
	same("add", service_add(r->service, names[i], &wire), model_add(i));
}

static void operate_waiting(size_t i, size_t s)
{
	const struct wire_name wire = wire_of(names[i]);
	const struct refusal stale = {
		.rcode = 5,
		.server = ip("10.0.0.5"),
		.record = ip("10.0.0.7"),
	};

	if (s == WINS && next_random(2) == 0) {
		tell("stale %s\n", names[i]);
		service_refused(r->service, &wire, subnets[s], &stale);
		model_stale(i);
	} else {
		tell("waiting %s %s\n", names[i], subnets[s]);
		service_waiting(r->service, &wire, subnets[s], "No route");
		model_wait(i, s);
	}
}

static void operate_clock(void)
{
	if (next_random(3) == 0) {
		tell("network\n");
		service_network_changed(r->service);
		model_claim_waiting();
	} else if (r->waiting > 0) {
		tell("alarm\n");
		r->waiting = 0;
		service_alarmed(r->service, SERVICE_ALARM_WAITING);
		model_claim_waiting();
	}
}

static void operate_name(unsigned what, size_t i, size_t s)
{
	switch (what) {
	case 0:
		tell("refuse %s %s\n", names[i], subnets[s]);
		recorder_refuse(r, names[i], subnets[s], 6, "10.0.0.9");
		model_refuse(i, s);
		break;
	case 1:
		tell("nmbd claims %s %s\n", names[i], subnets[s]);
		same("claiming", recorder_claiming(r, names[i], subnets[s]),
		     model_claiming(i, s));
		break;
	case 2:
		operate_waiting(i, s);
		break;
	default:
		if (!m.n[i].listed || m.n[i].on[s] == ABSENT) {
			/* a late answer, to what was given up since */
			s = (m.n[i].listed && m.n[i].state != ALIAS_REFUSED)
				    ? SUBNETS
				    : s;
		}
		if (s < SUBNETS) {
			tell("grant %s %s\n", names[i], subnets[s]);
			recorder_grant(r, names[i], subnets[s]);
			model_grant(i, s);
		}
		break;
	}
}

static void operate_subnet(void)
{
	bool up = next_random(2) == 0;
	size_t s = some_subnet(!up);

	if (s == SUBNETS) {
		return;
	}
	tell("%s %s\n", up ? "up" : "down", subnets[s]);
	if (up) {
		recorder_subnet_new(r, subnets[s]);
		model_subnet_new(s);
	} else {
		recorder_subnet_gone(r, subnets[s]);
		model_subnet_gone(s);
	}
}

static void operate_service(unsigned what)
{
	switch (what) {
	case 0:
		tell("stop\n");
		same("stop", service_stop(r->service), model_stop());
		break;
	case 1:
		tell("retry\n");
		r->retry = 0;
		service_retry(r->service);
		if (m.service == SERVICE_FAILED) {
			model_start();
		}
		break;
	default:
		tell("start\n");
		same("start", service_start(r->service), model_start());
		break;
	}
}

static void operate(void)
{
	const unsigned what = next_random(40);
	const size_t s = some_subnet(true);
	size_t i = some_name();

	r->store_fails = next_random(10) == 0;
	if (r->store_fails) {
		tell("(no store) ");
	}
	if (what < 2) {
		operate_config();
	} else if (what < 4) {
		operate_users();
	} else if (what < 7) {
		operate_subnet();
	} else if (what < 10) {
		operate_service(what - 7 + (next_random(3) > 0 ? 1 : 0));
	} else if (what < 15) {
		operate_add(i);
	} else if (what < 17) {
		tell("delete %s\n", names[i]);
		same("delete", service_delete(r->service, names[i]),
		     model_delete(i));
	} else if (what < 19) {
		operate_clock();
	} else if (s < SUBNETS) {
		/* a failed service has little to show */
		i = (m.service == SERVICE_STARTING) ? 0 : i;
		operate_name(next_random(8), i, s);
	}
}

static void play(bool store)
{
	int i;

	memset(&m, 0, sizeof(m));
	m.store = store;
	m.n[0].wanted[COMPUTER] = true;
	m.n[1].wanted[COMPUTER] = true;
	story_len = 0;
	story[0] = '\0';
	r = recorder_create();
	r->config->store = store;
	r->config->restart_interval = INTERVAL;
	recorder_configure(r, "ALPHA BETA", "");
	for (i = 0; i < OPERATIONS; i++) {
		operate();
		recorder_forget(r);
		compare();
	}
	recorder_free(r);
}

/* Each kind of event has happened: the operations reach the rules. */
static void add_up(unsigned *sum)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(m.events); i++) {
		sum[i] += m.events[i];
	}
}

static void against_the_model(void **state)
{
	unsigned sum[ARRAY_LEN(m.events)] = { 0 };
	size_t i;
	int round;

	seed_random(20261122);
	for (round = 0; round < ROUNDS; round++) {
		play(round % 2 == 1);
		add_up(sum);
	}
	for (i = 0; i < ARRAY_LEN(sum); i++) {
		print_message("%s: %u\n", event_type_str(i), sum[i]);
		assert_in_range(sum[i], ROUNDS, 1000000);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(against_the_model),
	};

	return cmocka_run_group_tests(tests, setup_smb_conf, teardown_smb_conf);
}

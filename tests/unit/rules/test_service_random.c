/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The rules of the service against a small model of them that was written
 * from the contract, not from the code: random operations, and after each the
 * same table, the same states, the same network, the same store and the same
 * number of events on both sides.
 *
 * A failure prints the operations that led to it; UNIT_SEED repeats it.
 */

#include "model.h"
#include "recorder.h"
#include "smb_conf.h"

#define OPERATIONS 1000
#define ROUNDS	   8
#define INTERVAL   30

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
	[ASKED] = ALIAS_REGISTERING, [OURS] = ALIAS_REGISTERED,
	[THEIRS] = ALIAS_REFUSED,    [WAITS] = ALIAS_WAITING,
	[STALE] = ALIAS_REFUSED,
};

static void compare_name(size_t i)
{
	const struct alias_table *table = service_get_aliases(r->service);
	const struct wire_name wire = wire_of(model_names[i]);
	const struct alias *a = alias_find(table, &wire);
	size_t on = 0;
	size_t s;

	same(model_names[i], a != NULL, model.n[i].listed);
	same("in the store", recorder_stored(r, model_names[i]),
	     model.n[i].stored);
	for (s = 0; s < SUBNETS; s++) {
		enum standing want = model.n[i].on[s];

		if (model.up[s] && want != WAITS && want != STALE) {
			/* what the table says is what the network sees */
			same("on the network",
			     recorder_claimed(r, model_names[i],
					      model_subnets[s]),
			     want == ASKED || want == OURS);
		}
		if (a == NULL) {
			continue;
		}
		same("on a subnet",
		     alias_subnet_find(a, model_subnets[s]) != NULL,
		     want != ABSENT);
		if (want != ABSENT) {
			same("state on a subnet",
			     alias_subnet_find(a, model_subnets[s])->state,
			     state_of[want]);
			on++;
		}
	}
	if (a != NULL) {
		same("state", a->state, model.n[i].state);
		same("kind", a->kind, model.n[i].kind);
		same("subnets", a->num_subnets, on);
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

	same("service", service_get_state(r->service), model.service);
	same("exit code", service_get_exit(r->service),
	     (model.service == SERVICE_FAILED) ? NERR_NoComputerName : 0);
	for (i = 0; i < NAMES; i++) {
		compare_name(i);
		listed += model.n[i].listed ? 1 : 0;
		open += (model.n[i].listed && !model.n[i].granted &&
			 model.n[i].state == ALIAS_REGISTERING)
				? 1
				: 0;
		for (s = 0; model_is_under_way(i) && s < SUBNETS; s++) {
			waits = waits || model.n[i].on[s] == WAITS ||
				model.n[i].on[s] == STALE;
		}
	}
	same("length of the table", alias_table_count(table), listed);
	for (a = alias_first(table); a != NULL; a = alias_next(a)) {
		same("order", a->kind >= last, true);
		last = a->kind;
	}
	for (i = 0; i < ARRAY_LEN(model.events); i++) {
		same(event_type_str(i), r->events[i], model.events[i]);
	}
	/* every claim and every start has an outcome */
	same("claims settled", r->aliases_settled, model.claims_settled);
	same("a claim at least", r->aliases_settled >= model.claims - open,
	     true);
	same("starts settled", r->starts_settled, model.starts_settled);
	/* what waits is tried again, and no timer runs for nothing */
	if (waits) {
		same("waits, without a timer", r->waiting > 0, true);
	}
	if (model.service == SERVICE_STOPPED ||
	    model.service == SERVICE_FAILED) {
		same("a timer for nothing", r->waiting, 0);
	}
	same("timer", r->retry,
	     (model.service == SERVICE_FAILED) ? INTERVAL : 0);
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
		if (model.up[s] == up) {
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
				 model_names[i]);
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
	if (model.service == SERVICE_FAILED) {
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
			users[num++] = model_names[i];
		}
	}
	service_set_users(r->service, users);
	model_want(LOGON, chosen);
}

static void operate_add(size_t i)
{
	struct wire_name wire;

	tell("add %s\n", model_names[i]);
	same("add", service_add(r->service, model_names[i], &wire),
	     model_add(i));
}

static void operate_waiting(size_t i, size_t s)
{
	const struct wire_name wire = wire_of(model_names[i]);
	const struct refusal stale = {
		.rcode = 5,
		.server = ip("10.0.0.5"),
		.record = ip("10.0.0.7"),
	};

	if (s == WINS && next_random(2) == 0) {
		tell("stale %s\n", model_names[i]);
		service_refused(r->service, &wire, model_subnets[s], &stale);
		model_stale(i);
	} else {
		tell("waiting %s %s\n", model_names[i], model_subnets[s]);
		service_waiting(r->service, &wire, model_subnets[s], "No route",
				NULL);
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
		tell("refuse %s %s\n", model_names[i], model_subnets[s]);
		recorder_refuse(r, model_names[i], model_subnets[s], 6,
				"10.0.0.9");
		model_refuse(i, s);
		break;
	case 1:
		tell("nmbd claims %s %s\n", model_names[i], model_subnets[s]);
		same("claiming",
		     recorder_claiming(r, model_names[i], model_subnets[s]),
		     model_claiming(i, s));
		break;
	case 2:
		/* a claim that was made, or a late word of one given up */
		if (!model_is_under_way(i) || model.n[i].on[s] != ABSENT) {
			operate_waiting(i, s);
		}
		break;
	default:
		if (!model.n[i].listed || model.n[i].on[s] == ABSENT) {
			/* a late answer, to what was given up since */
			s = (model.n[i].listed &&
			     model.n[i].state != ALIAS_REFUSED)
				    ? SUBNETS
				    : s;
		}
		if (s < SUBNETS) {
			tell("grant %s %s\n", model_names[i], model_subnets[s]);
			recorder_grant(r, model_names[i], model_subnets[s]);
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
	tell("%s %s\n", up ? "up" : "down", model_subnets[s]);
	if (up) {
		recorder_subnet_new(r, model_subnets[s]);
		model_subnet_new(s);
	} else {
		recorder_subnet_gone(r, model_subnets[s]);
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
		if (model.service == SERVICE_FAILED) {
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
	model.store_fails = r->store_fails;
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
		tell("delete %s\n", model_names[i]);
		same("delete", service_delete(r->service, model_names[i], NULL),
		     model_delete(i));
	} else if (what < 19) {
		operate_clock();
	} else if (s < SUBNETS) {
		/* a failed service has little to show */
		i = (model.service == SERVICE_STARTING) ? 0 : i;
		operate_name(next_random(8), i, s);
	}
}

static void play(bool store)
{
	int i;

	memset(&model, 0, sizeof(model));
	model.store = store;
	model.n[0].wanted[COMPUTER] = true;
	model.n[1].wanted[COMPUTER] = true;
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

	for (i = 0; i < ARRAY_LEN(model.events); i++) {
		sum[i] += model.events[i];
	}
}

static void against_the_model(void **state)
{
	unsigned sum[ARRAY_LEN(model.events)] = { 0 };
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

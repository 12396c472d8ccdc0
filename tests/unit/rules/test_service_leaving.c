/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Hundreds of aliases are claimed, and given up: some in a turn, each once, and
 * given up before it is claimed again.
 */

#include "listing.h"
#include "recorder.h"

#define ALIASES 200
#define SUBNET	"10.88.0.2"

static struct world {
	struct service *service;
	struct messenger_config *config;
	unsigned claimed; /* by the network's word: held, or asked for */
	unsigned released;
	unsigned told; /* of a release */
	unsigned in_a_turn;
	unsigned longest; /* claims and releases in a turn */
	bool more;
	bool held[ALIASES];
	enum messenger_code outcome; /* the last one of an alias */
} w;

/* -1: the computer's */
static int number_of(const struct wire_name *wire)
{
	return (wire->bytes[0] == 'N') ? atoi((const char *)wire->bytes + 1)
				       : -1;
}

static struct timespec do_clock(void *private_data, clockid_t clock)
{
	return at(0);
}

static void count_in_turn(void)
{
	w.in_a_turn++;
	if (w.in_a_turn > w.longest) {
		w.longest = w.in_a_turn;
	}
}

static void do_claim(void *private_data, const struct alias *alias,
		     const char *subnet)
{
	int i = number_of(&alias->wire);

	count_in_turn();

	if (i >= 0) {
		assert_false(w.held[i]);
		w.held[i] = true;
		w.claimed++;
	}
	assert_int_equal(service_claiming(w.service, &alias->wire, SUBNET),
			 CLAIM_FOLLOW);
}

static void do_release(void *private_data, const struct alias *alias)
{
	int i = number_of(&alias->wire);

	if (i >= 0) {
		assert_true(w.held[i]);
		w.held[i] = false;
		w.released++;
	}
	count_in_turn();
}

static void do_event(void *private_data, struct event *ev)
{
	if (ev->type == EVENT_ALIAS_RELEASED) {
		w.told++;
	}
	talloc_free(ev);
}

static void do_settled(void *private_data, const struct wire_name *wire,
		       const struct service_outcome *outcome)
{
	if (wire != NULL) {
		w.outcome = outcome->code;
	}
}

static int do_store(void *private_data, const char *name, bool kept)
{
	return 0;
}

static void do_ask(void *private_data, const struct alias *alias,
		   struct in_addr host)
{
}

static void do_revoke(void *private_data, const char *name)
{
}

static void do_alarm(void *private_data, enum service_alarm which,
		     unsigned seconds)
{
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

static void configure(unsigned num)
{
	struct config_name *names = NULL;
	unsigned i;

	talloc_free(w.config->aliases);
	names = talloc_zero_array(w.config, struct config_name, num);
	for (i = 0; i < num; i++) {
		names[i].name = talloc_asprintf(names, "N%03u", i);
		names[i].wire = wire_of(names[i].name);
	}
	w.config->aliases = names;
	service_configure(w.service, w.config);
}

/* The next turn; returns whether there was one. */
static bool turn(void)
{
	w.in_a_turn = 0;
	if (!w.more) {
		return false;
	}
	w.more = false;
	service_turn(w.service);
	return true;
}

static void grant_all(void)
{
	const struct alias *a = alias_first(service_get_aliases(w.service));
	struct wire_name wire;

	for (; a != NULL; a = alias_next(a)) {
		wire = a->wire;
		service_granted(w.service, &wire, SUBNET);
	}
}

static int setup(void **state)
{
	struct config_name *computer = NULL;

	memset(&w, 0, sizeof(w));
	w.service = service_init(NULL, &ops, NULL);
	w.config = talloc_zero(w.service, struct messenger_config);
	computer = talloc_zero_array(w.config, struct config_name, 1);
	computer[0].name = talloc_strdup(computer, "ALPHA");
	computer[0].wire = wire_of("ALPHA");
	w.config->computers = computer;
	w.config->max_aliases = ALIASES;
	w.config->store = true;
	configure(ALIASES);
	assert_int_equal(service_start(w.service), NERR_Success);
	grant_all();
	while (turn()) {
	}
	assert_int_equal(w.claimed, ALIASES);
	grant_all();
	w.longest = w.in_a_turn = 0;
	return 0;
}

static int teardown(void **state)
{
	talloc_free(w.service);
	return 0;
}

static void in_turns(void **state)
{
	unsigned turns = 0;

	assert_int_equal(service_stop(w.service), NERR_Success);
	assert_int_equal(service_get_state(w.service), SERVICE_STOPPED);
	assert_null(alias_first(service_get_aliases(w.service)));
	assert_in_range(w.released, 1, ALIASES / 2);
	while (turn()) {
		turns++;
	}
	assert_in_range(turns, 2, ALIASES);
	assert_in_range(w.longest, 1, ALIASES / 4);
	assert_int_equal(w.released, ALIASES);
	assert_int_equal(w.told, ALIASES + 1);
}

static void all_at_once_at_the_end(void **state)
{
	assert_int_equal(service_stop(w.service), NERR_Success);
	service_finish(w.service);
	assert_int_equal(w.released, ALIASES);
	/* a turn that was asked for has nothing to do */
	(void)turn();
	assert_false(w.more);
	assert_int_equal(w.released, ALIASES);
}

/* What is claimed again was released before; do_claim() looks. */
static void start_meanwhile(void **state)
{
	assert_int_equal(service_stop(w.service), NERR_Success);
	assert_int_equal(service_start(w.service), NERR_Success);
	(void)turn();
	grant_all();
	while (turn()) {
	}
	grant_all();
	assert_int_equal(w.claimed, 2 * ALIASES);
	assert_int_equal(w.released, ALIASES);
	assert_int_equal(w.told, ALIASES + 1);
	assert_int_equal(alias_table_count(service_get_aliases(w.service)),
			 ALIASES + 1);
}

static void one_of_them_again(void **state)
{
	struct wire_name wire;

	configure(0);
	assert_true(w.more);
	assert_int_equal(service_add(w.service, "N199", &wire), NERR_Success);
	while (turn()) {
	}
	assert_int_equal(w.released, ALIASES);
	assert_int_equal(w.claimed, ALIASES + 1);
	assert_true(w.held[199]);
	assert_in_range(w.longest, 1, ALIASES / 4);
}

/* Of what leaves, the network says nothing any more. */
static void news_meanwhile(void **state)
{
	const struct wire_name wire = wire_of("N199");
	const struct refusal refusal = { .rcode = 6, .holder = ip("10.88.0.9") };

	configure(0);
	assert_true(w.held[199]);
	service_granted(w.service, &wire, SUBNET);
	service_refused(w.service, &wire, SUBNET, &refusal);
	service_subnet_gone(w.service, SUBNET);
	service_subnet_new(w.service, SUBNET);
	while (turn()) {
	}
	assert_int_equal(w.released, ALIASES);
	assert_int_equal(w.told, ALIASES);
}

/* Who waits for an alias is told of its end, later or not. */
static void told_who_waits(void **state)
{
	struct wire_name wire;

	configure(ALIASES - 1);
	assert_int_equal(service_add(w.service, "Z", &wire), NERR_Success);
	assert_int_equal(service_stop(w.service), NERR_Success);
	while (turn()) {
	}
	assert_int_equal(w.outcome, NERR_MsgNotStarted);
}

/*
 * Claims.
 */

static void stop_and_start(void)
{
	assert_int_equal(service_stop(w.service), NERR_Success);
	while (turn()) {
	}
	w.claimed = w.released = w.longest = 0;
	assert_int_equal(service_start(w.service), NERR_Success);
	w.in_a_turn = 0;
	grant_all();
	assert_in_range(w.claimed, 1, ALIASES / 4);
	assert_true(w.more);
}

static void claimed_in_turns(void **state)
{
	stop_and_start();
	while (turn()) {
	}
	assert_int_equal(w.claimed, ALIASES);
	assert_in_range(w.longest, 1, ALIASES / 4);
}

/* What has yet to be claimed is there for whoever asks. */
static void changed_meanwhile(void **state)
{
	struct wire_name wire;

	stop_and_start();
	assert_int_equal(service_add(w.service, "N150", &wire), NERR_Success);
	assert_true(w.held[150]);
	assert_int_equal(service_delete(w.service, "N199", NULL), NERR_Success);
	assert_false(w.held[199]);
	while (turn()) {
	}
	assert_int_equal(w.claimed, ALIASES);
	assert_int_equal(w.released, 1);
	assert_false(w.held[199]);
}

static void ended_meanwhile(void **state)
{
	unsigned claimed;

	stop_and_start();
	claimed = w.claimed;
	assert_int_equal(service_stop(w.service), NERR_Success);
	while (turn()) {
	}
	assert_int_equal(w.claimed, claimed);
	assert_int_equal(w.released, claimed);
}

static void not_wanted_meanwhile(void **state)
{
	unsigned i;

	stop_and_start();
	configure(100);
	while (turn()) {
	}
	for (i = 0; i < ALIASES; i++) {
		assert_int_equal(w.held[i], i < 100);
	}
	assert_int_equal(w.claimed, 100);
}

/* They are on their way, whatever asks. */
static void listed_meanwhile(void **state)
{
	const struct wanted_list *wanted = NULL;
	const struct wanted *last = NULL;
	const struct alias **list = NULL;
	struct listing *listing = NULL;

	stop_and_start();
	assert_null(service_get_wanted(w.service, &wanted));
	last = TAILQ_LAST(&wanted->head, wanted_head);
	assert_null(alias_find(service_get_aliases(w.service), &last->wire));
	listing = listing_begin(w.service, w.service);
	while (listing_gather(listing, w.service) == LISTING_GATHERING) {
	}
	list = listing_next(w.service, listing, w.service, SIZE_MAX);
	assert_int_equal(talloc_array_length(list), ALIASES + 1);
	assert_string_equal(list[ALIASES]->name, last->name);
	assert_int_equal(list[ALIASES]->state, ALIAS_REGISTERING);
	assert_true(listing_is_well(list[ALIASES]));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(in_turns),		 TEST(all_at_once_at_the_end),
		TEST(start_meanwhile),	 TEST(one_of_them_again),
		TEST(news_meanwhile),	 TEST(told_who_waits),
		TEST(claimed_in_turns),	 TEST(changed_meanwhile),
		TEST(ended_meanwhile),	 TEST(not_wanted_meanwhile),
		TEST(listed_meanwhile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What is done to all aliases when the network changes, if there are many: to
 * some of them in a turn, in the order in which it happened, and to each once.
 */

#include "recorder.h"
#include "smb_conf.h"

#define ALIASES 30
#define A_TURN	12 /* claims in a turn */

static struct recorder *r;
static struct service_ops ops;
static bool more;
static unsigned claims; /* since it was set to 0 */
static unsigned lefts;	/* likewise */
static unsigned on[RECORDER_NAMES]; /* of these for an alias */

static void do_claim(void *private_data, const struct alias *alias,
		     const char *subnet)
{
	claims++;
	on[atoi(alias->name + 1)]++;
	recorder_ops.claim(private_data, alias, subnet);
}

static void do_left(void *private_data, const struct alias *alias,
		    const char *subnet)
{
	assert_string_equal(subnet, "B");
	lefts++;
}

static void do_more(void *private_data)
{
	more = true;
}

static bool turn(void)
{
	if (!more) {
		return false;
	}
	more = false;
	service_turn(r->service);
	return true;
}

static void turns(void)
{
	while (turn()) {
	}
}

static const char *name_of(unsigned i)
{
	static char name[8];

	(void)snprintf(name, sizeof(name), "N%02u", i);
	return name;
}

static const struct alias *find(unsigned i)
{
	const struct wire_name wire = wire_of(name_of(i));

	return alias_find(service_get_aliases(r->service), &wire);
}

static void grant_all(void)
{
	unsigned i;

	for (i = 0; i <= ALIASES; i++) {
		recorder_grant_all(r, name_of(i));
	}
}

static void begin_counting(void)
{
	claims = lefts = 0;
	memset(on, 0, sizeof(on));
}

static int setup(void **state)
{
	char text[1024] = "";
	size_t len = 0;
	unsigned i;

	r = recorder_create();
	ops = recorder_ops;
	ops.claim = do_claim;
	ops.more = do_more;
	ops.left = do_left;
	recorder_use(r, &ops);
	r->subnets[0] = "A";
	for (i = 1; i <= ALIASES; i++) {
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s",
					(i > 1) ? " " : "", name_of(i));
	}
	more = false;
	/* the computer is N00 */
	recorder_configure(r, name_of(0), text);
	assert_int_equal(service_start(r->service), NERR_Success);
	recorder_grant(r, name_of(0), "A");
	turns();
	grant_all();
	turns();
	begin_counting();
	recorder_forget(r);
	return 0;
}

static int teardown(void **state)
{
	recorder_free(r);
	return 0;
}

static unsigned num_in_state(enum alias_state state)
{
	unsigned num = 0;
	unsigned i;

	for (i = 0; i <= ALIASES; i++) {
		num += (find(i) != NULL && find(i)->state == state) ? 1 : 0;
	}
	return num;
}

static void assert_each_claimed_once(void)
{
	unsigned i;

	for (i = 0; i <= ALIASES; i++) {
		assert_int_equal(on[i], 1);
	}
}

static void interface_comes(void **state)
{
	recorder_subnet_new(r, "B");
	assert_int_equal(claims, A_TURN);
	assert_true(recorder_claimed(r, name_of(0), "B"));
	assert_true(turn());
	assert_int_equal(claims, 2 * A_TURN);
	turns();
	assert_each_claimed_once();
	grant_all();
	assert_int_equal(num_in_state(ALIAS_REGISTERED), ALIASES + 1);
	assert_false(more);
}

static void interface_goes(void **state)
{
	recorder_subnet_new(r, "B");
	turns();
	grant_all();
	begin_counting();
	recorder_subnet_gone(r, "B");
	assert_int_equal(lefts, A_TURN);
	turns();
	assert_int_equal(lefts, ALIASES + 1);
	assert_int_equal(claims, 0);
	assert_int_equal(num_in_state(ALIAS_REGISTERED), ALIASES + 1);
}

/* It went before they were all claimed on it: nothing is left of it. */
static void interface_comes_and_goes(void **state)
{
	unsigned i;

	recorder_subnet_new(r, "B");
	recorder_subnet_gone(r, "B");
	turns();
	for (i = 0; i <= ALIASES; i++) {
		assert_int_equal(find(i)->num_subnets, 1);
		assert_int_equal(find(i)->state, ALIAS_REGISTERED);
	}
	assert_service(r, SERVICE_RUNNING, 0);
}

/* As when a cable is pulled and put back. */
static void last_interface_goes_and_comes(void **state)
{
	ops.left = NULL;
	recorder_subnet_gone(r, "A");
	recorder_subnet_new(r, "A");
	recorder_subnet_gone(r, "A");
	recorder_subnet_new(r, "A");
	turns();
	grant_all();
	turns();
	assert_int_equal(num_in_state(ALIAS_REGISTERED), ALIASES + 1);
	assert_service(r, SERVICE_RUNNING, 0);
}

static void lost_and_found(void **state)
{
	service_subnet_lost(r->service, "A", "no network");
	assert_in_range(num_in_state(ALIAS_WAITING), 1, A_TURN);
	/* the first ones are claimed when the last ones are known to wait */
	service_network_changed(r->service);
	turns();
	assert_each_claimed_once();
	grant_all();
	assert_int_equal(num_in_state(ALIAS_REGISTERED), ALIASES + 1);
	assert_int_equal(r->waiting, 0);
}

/* Twice the same is once; and once more, if it has begun. */
static void network_changes_often(void **state)
{
	service_subnet_lost(r->service, "A", "no network");
	service_network_changed(r->service);
	service_network_changed(r->service);
	service_network_changed(r->service);
	turns();
	assert_each_claimed_once();
}

/* There is nothing to do with any of them: that is no reason for turns. */
static void network_changes_for_nobody(void **state)
{
	service_network_changed(r->service);
	assert_false(more);
	assert_int_equal(claims, 0);
}

static void others_come_and_go_meanwhile(void **state)
{
	struct wire_name wire;

	recorder_subnet_new(r, "B");
	assert_int_equal(service_delete(r->service, "N30", NULL), NERR_Success);
	assert_int_equal(service_add(r->service, "N31", &wire), NERR_Success);
	turns();
	assert_int_equal(on[30], 0);
	assert_int_equal(on[31], 1);
	assert_true(recorder_claimed(r, "N31", "B"));
	assert_int_equal(on[29], 1);
}

static void stopped_meanwhile(void **state)
{
	recorder_subnet_new(r, "B");
	assert_int_equal(service_stop(r->service), NERR_Success);
	turns();
	assert_int_equal(claims, A_TURN);
	assert_null(alias_first(service_get_aliases(r->service)));
	begin_counting();
	assert_int_equal(service_start(r->service), NERR_Success);
	turns();
	recorder_grant_all(r, name_of(0));
	turns();
	assert_each_claimed_once();
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(interface_comes),
		TEST(interface_goes),
		TEST(interface_comes_and_goes),
		TEST(last_interface_goes_and_comes),
		TEST(lost_and_found),
		TEST(network_changes_often),
		TEST(network_changes_for_nobody),
		TEST(others_come_and_go_meanwhile),
		TEST(stopped_meanwhile),
	};

	return cmocka_run_group_tests(tests, setup_smb_conf, teardown_smb_conf);
}

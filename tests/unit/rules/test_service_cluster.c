/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A node of a cluster: what it leaves to another one, and takes over.
 */

#include <errno.h>

#include "recorder.h"

#define NODE_0	"10.0.0.1"
#define OUTSIDE "10.0.0.9"

static struct recorder *r;
static struct service_ops ops;
static enum service_place place;
static unsigned stood_by;
static const char *sibling;
static bool more;

static enum service_place do_place(void *private_data, const char *subnet,
				   struct service_node *holder)
{
	holder->node = 0;
	holder->address = ip(NODE_0);
	return place;
}

static bool do_is_sibling(void *private_data, struct in_addr address)
{
	return address.s_addr == ip(sibling).s_addr;
}

static void do_stand_by(void *private_data, const struct alias *alias,
			const char *subnet)
{
	size_t i;
	size_t j;

	stood_by++;
	for (i = 0; i < RECORDER_NAMES; i++) {
		if (!wire_name_equal(&r->names[i].wire, &alias->wire)) {
			continue;
		}
		for (j = 0; j < RECORDER_SUBNETS; j++) {
			if (r->subnets[j] != NULL &&
			    strcmp(r->subnets[j], subnet) == 0) {
				r->names[i].claimed[j] = false;
			}
		}
	}
}

static void do_more(void *private_data)
{
	more = true;
}

static int setup(void **state)
{
	r = recorder_create();
	ops = recorder_ops;
	ops.place = do_place;
	ops.is_sibling = do_is_sibling;
	ops.stand_by = do_stand_by;
	ops.more = do_more;
	recorder_use(r, &ops);
	r->subnets[0] = "A";
	recorder_configure(r, "CLUST", "OPERATOR");
	place = SERVICE_HOLDS;
	stood_by = 0;
	sibling = NODE_0;
	more = false;
	return 0;
}

static int teardown(void **state)
{
	recorder_free(r);
	return 0;
}

static void turns(void)
{
	while (more) {
		more = false;
		service_turn(r->service);
	}
}

static void become(enum service_place new_place)
{
	place = new_place;
	service_cluster_changed(r->service);
	turns();
}

static const struct alias *find(const char *name)
{
	const struct wire_name wire = wire_of(name);

	return alias_find(service_get_aliases(r->service), &wire);
}

static void start(enum service_place first)
{
	place = first;
	assert_int_equal(service_start(r->service), NERR_Success);
	turns();
}

/* Another node has the names: this is no failure, and nothing is claimed. */
static void stands_by(void **state)
{
	const struct alias_subnet *where = NULL;

	start(SERVICE_STANDS_BY);
	assert_service(r, SERVICE_STANDBY, 0);
	assert_int_equal(service_condition(r->service), SERVICE_WELL);
	assert_int_equal(find("OPERATOR")->state, ALIAS_STANDBY);
	assert_false(recorder_claimed(r, "CLUST", "A"));
	assert_false(recorder_claimed(r, "OPERATOR", "A"));
	where = service_get_node(r->service);
	assert_non_null(where);
	assert_int_equal(where->node, 1);
	assert_int_equal(r->events[EVENT_SERVICE_FAILED], 0);
	assert_int_equal(r->starts_settled, 1);
	assert_int_equal(service_start(r->service), NERR_MsgAlreadyStarted);
}

static void undecided_at_first(void **state)
{
	start(SERVICE_UNDECIDED);
	assert_service(r, SERVICE_STARTING, 0);
	assert_false(recorder_claimed(r, "CLUST", "A"));
	become(SERVICE_UNDECIDED);
	assert_service(r, SERVICE_STARTING, 0);
	become(SERVICE_HOLDS);
	assert_true(recorder_claimed(r, "CLUST", "A"));
	recorder_grant(r, "CLUST", "A");
	assert_service(r, SERVICE_RUNNING, 0);
}

static void takes_over(void **state)
{
	start(SERVICE_STANDS_BY);
	become(SERVICE_HOLDS);
	assert_true(recorder_claimed(r, "CLUST", "A"));
	assert_true(recorder_claimed(r, "OPERATOR", "A"));
	assert_service(r, SERVICE_STANDBY, 0);
	recorder_grant(r, "CLUST", "A");
	recorder_grant(r, "OPERATOR", "A");
	assert_service(r, SERVICE_RUNNING, 0);
	assert_int_equal(r->events[EVENT_SERVICE_STARTED], 1);
	assert_null(service_get_node(r->service));
}

static void hands_over(void **state)
{
	start(SERVICE_HOLDS);
	recorder_grant(r, "CLUST", "A");
	recorder_grant(r, "OPERATOR", "A");
	become(SERVICE_STANDS_BY);
	assert_int_equal(stood_by, 2);
	assert_service(r, SERVICE_STANDBY, 0);
	assert_int_equal(find("OPERATOR")->state, ALIAS_STANDBY);
	/* and back */
	become(SERVICE_HOLDS);
	recorder_grant(r, "CLUST", "A");
	assert_service(r, SERVICE_RUNNING, 0);
}

/* So many that they are given up in several turns. */
static void hands_over_many(void **state)
{
	char text[1024] = "";
	size_t len = 0;
	unsigned i;

	for (i = 0; i < RECORDER_NAMES - 2; i++) {
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%sN%u",
					(i > 0) ? " " : "", i);
	}
	r->subnets[1] = "B";
	recorder_configure(r, "CLUST", text);
	start(SERVICE_HOLDS);
	recorder_grant_all(r, "CLUST");
	turns();
	recorder_grant_all(r, "CLUST");
	place = SERVICE_STANDS_BY;
	service_cluster_changed(r->service);
	service_turn(r->service);
	assert_in_range(stood_by, 12, 32);
	assert_true(more);
	turns();
	assert_int_equal(stood_by, 2 * (RECORDER_NAMES - 1));
	assert_service(r, SERVICE_STANDBY, 0);
	/* and back, in turns as well */
	recorder_forget(r);
	place = SERVICE_HOLDS;
	service_cluster_changed(r->service);
	assert_true(recorder_claimed(r, "N0", "B"));
	assert_false(recorder_claimed(r, "N29", "B"));
	turns();
	assert_true(recorder_claimed(r, "N29", "B"));
}

/* It has not given it up yet, or CTDB thinks it dead: no 2270, no event. */
static void refused_by_a_node(void **state)
{
	start(SERVICE_HOLDS);
	recorder_forget(r);
	recorder_refuse(r, "CLUST", "A", 6, NODE_0);
	turns();
	assert_service(r, SERVICE_STANDBY, 0);
	assert_int_equal(r->events[EVENT_SERVICE_FAILED], 0);
	assert_int_equal(r->events[EVENT_ALIAS_REFUSED], 0);
	/* it is tried again by itself */
	assert_int_not_equal(r->waiting, 0);
	recorder_forget(r);
	recorder_ring(r, SERVICE_ALARM_WAITING);
	assert_true(recorder_claimed(r, "CLUST", "A"));
}

static void refused_by_another(void **state)
{
	start(SERVICE_HOLDS);
	recorder_refuse(r, "CLUST", "A", 6, OUTSIDE);
	assert_service(r, SERVICE_FAILED, NERR_NoComputerName);
}

static void lost_to_a_node(void **state)
{
	start(SERVICE_HOLDS);
	recorder_grant(r, "CLUST", "A");
	recorder_refuse(r, "CLUST", "A", 6, NODE_0);
	turns();
	assert_int_equal(stood_by, 1);
	assert_int_equal(r->events[EVENT_ALIAS_LOST], 0);
	assert_service(r, SERVICE_STANDBY, 0);
}

static void contested_by_a_node(void **state)
{
	start(SERVICE_HOLDS);
	recorder_contest(r, "CLUST", NODE_0);
	recorder_grant(r, "CLUST", "A");
	recorder_contest(r, "CLUST", NODE_0);
	assert_int_equal(r->events[EVENT_ALIAS_DEFENDED], 0);
	assert_int_equal(r->rivals, 0);
	recorder_contest(r, "CLUST", OUTSIDE);
	assert_int_equal(r->events[EVENT_ALIAS_DEFENDED], 1);
}

/* What was added is of this node. */
static void added_on_standby(void **state)
{
	struct wire_name wire;

	start(SERVICE_STANDS_BY);
	assert_int_equal(service_add(r->service, "PRINT", &wire),
			 NERR_Success);
	assert_true(recorder_claimed(r, "PRINT", "A"));
	recorder_grant(r, "PRINT", "A");
	assert_int_equal(find("PRINT")->state, ALIAS_REGISTERED);
	assert_int_equal(service_add(r->service, "OPERATOR", &wire),
			 NERR_AlreadyExists);
}

/* A sibling has added it, too: for who asked that is as good. */
static void added_on_both(void **state)
{
	struct wire_name wire;

	start(SERVICE_STANDS_BY);
	assert_int_equal(service_add(r->service, "PRINT", &wire),
			 NERR_Success);
	recorder_forget(r);
	recorder_refuse(r, "PRINT", "A", 6, NODE_0);
	turns();
	recorder_expect(r, "waiting 5\nsettled PRINT 0\n");
	assert_int_equal(find("PRINT")->state, ALIAS_STANDBY);
	assert_int_equal(service_delete(r->service, "PRINT", NULL),
			 NERR_Success);
	assert_null(find("PRINT"));
}

/* What was added is the cluster's: another node may hold it. */
static void added_in_a_cluster(void **state)
{
	const struct wire_name wire = wire_of("PRINT");

	service_share(r->service, true);
	start(SERVICE_STANDS_BY);
	assert_true(service_restore(r->service, "PRINT"));
	turns();
	assert_int_equal(find("PRINT")->state, ALIAS_STANDBY);
	assert_false(recorder_claimed(r, "PRINT", "A"));
	become(SERVICE_HOLDS);
	assert_true(recorder_claimed(r, "PRINT", "A"));
	recorder_grant(r, "PRINT", "A");
	/* and another node deletes it */
	service_unrestore(r->service, &wire);
	assert_null(find("PRINT"));
	service_unrestore(r->service, &wire);
}

/* It is in smb.conf as well. */
static void deleted_in_a_cluster(void **state)
{
	const struct wire_name wire = wire_of("OPERATOR");

	service_share(r->service, true);
	assert_true(service_restore(r->service, "OPERATOR"));
	start(SERVICE_STANDS_BY);
	service_unrestore(r->service, &wire);
	turns();
	assert_int_equal(find("OPERATOR")->state, ALIAS_STANDBY);
	assert_int_equal(find("OPERATOR")->kind, ALIAS_CONFIGURED);
}

/* Whoever is after a name is told of when it might have become known. */
static void contested_in_a_cluster(void **state)
{
	service_join(r->service);
	start(SERVICE_HOLDS);
	recorder_grant(r, "CLUST", "A");
	recorder_contest(r, "CLUST", "10.0.0.2");
	assert_int_equal(r->events[EVENT_ALIAS_DEFENDED], 0);
	/* it is a node */
	sibling = "10.0.0.2";
	r->now.tv_sec += CONTEST_PATIENCE_SECONDS;
	recorder_ring(r, SERVICE_ALARM_REVIEW);
	assert_int_equal(r->events[EVENT_ALIAS_DEFENDED], 0);
	recorder_contest(r, "CLUST", OUTSIDE);
	r->now.tv_sec += CONTEST_PATIENCE_SECONDS;
	recorder_ring(r, SERVICE_ALARM_REVIEW);
	assert_int_equal(r->events[EVENT_ALIAS_DEFENDED], 1);
}

/* This node has the names, and the set of the cluster is kept. */
static void hold_with_set(void)
{
	r->config->store = true;
	recorder_configure(r, "CLUST", "OPERATOR");
	service_share(r->service, true);
	start(SERVICE_HOLDS);
	recorder_grant(r, "CLUST", "A");
}

/* A recovery of CTDB's may take its time; who asked hears of it by then. */
static void kept_late(void **state)
{
	struct wire_name wire;
	unsigned i;

	hold_with_set();
	r->store_busy = true;
	assert_int_equal(service_add(r->service, "PRINT", &wire),
			 NERR_Success);
	recorder_grant(r, "PRINT", "A");
	for (i = 0; i < 59; i++) {
		r->now.tv_sec++;
		recorder_ring(r, SERVICE_ALARM_STORE);
		assert_int_equal(find("PRINT")->state, ALIAS_REGISTERING);
	}
	r->store_busy = false;
	recorder_ring(r, SERVICE_ALARM_STORE);
	assert_int_equal(find("PRINT")->state, ALIAS_REGISTERED);
	assert_true(find("PRINT")->kept);
}

/* PRINT is about to be in the set, or is; the set is busy with another one. */
static void begin_to_keep(void)
{
	struct wire_name wire;

	hold_with_set();
	r->store_slow = true;
	assert_int_equal(service_add(r->service, "PRINT", &wire),
			 NERR_Success);
	recorder_grant(r, "PRINT", "A");
	r->store_busy = true;
	recorder_ring(r, SERVICE_ALARM_STORE);
	assert_int_equal(find("PRINT")->state, ALIAS_REGISTERING);
}

static void deleted_while_it_is_kept(void **state)
{
	struct wire_name wire;

	begin_to_keep();
	assert_int_equal(service_delete(r->service, "PRINT", NULL),
			 NERR_Success);
	assert_true(service_is_leaving(r->service, "PRINT", &wire));
	r->store_busy = false;
	r->store_slow = false;
	recorder_ring(r, SERVICE_ALARM_STORE);
	assert_null(find("PRINT"));
	assert_false(recorder_stored(r, "PRINT"));
}

static void stopped_while_it_is_kept(void **state)
{
	begin_to_keep();
	recorder_forget(r);
	assert_int_equal(service_stop(r->service), NERR_Success);
	recorder_expect(r, "release CLUST\n"
			   "event alias-released CLUST\n"
			   "release OPERATOR\n"
			   "settled OPERATOR 2284\n"
			   "release PRINT\n"
			   "settled PRINT 2284\n"
			   "forget PRINT\n"
			   "event service-stopped\n");
}

/* ctdbd has it, and never says what became of it. */
static void never_kept(void **state)
{
	unsigned i;

	begin_to_keep();
	r->store_busy = false;
	for (i = 0; i < 60; i++) {
		assert_int_equal(find("PRINT")->state, ALIAS_REGISTERING);
		r->now.tv_sec++;
		recorder_ring(r, SERVICE_ALARM_STORE);
	}
	assert_int_equal(find("PRINT")->state, ALIAS_REGISTERED);
	assert_false(find("PRINT")->kept);
}

/* What another node was refused is taken back, and in sight. */

static const struct wire_name *add_print(void)
{
	static struct wire_name wire;

	hold_with_set();
	assert_int_equal(service_add(r->service, "PRINT", &wire), NERR_Success);
	recorder_grant(r, "PRINT", "A");
	assert_true(find("PRINT")->kept);
	return &wire;
}

static bool take_back(const struct wire_name *wire, int *err)
{
	char computer[] = "FAR";
	const struct refusal refusal = {
		.rcode = RCODE_ACT_ERR,
		.holder = ip(OUTSIDE),
	};
	const struct holder details = {
		.cause = CAUSE_ALIAS_OF_ANOTHER_COMPUTER,
		.computer = computer,
	};

	return service_take_back(r->service, wire, "B", &refusal, &details,
				 err);
}

static void assert_taken_back(void)
{
	const struct wire_name wire = wire_of("PRINT");
	const struct alias *a = NULL;
	uint64_t now;

	assert_null(find("PRINT"));
	assert_false(recorder_claimed(r, "PRINT", "A"));
	a = refusals_find(service_get_refusals(r->service, &now), &wire);
	assert_non_null(a);
	assert_int_equal(a->state, ALIAS_REFUSED);
	assert_string_equal(a->subnets[0].subnet, "B");
	assert_int_equal(a->subnets[0].rcode, RCODE_ACT_ERR);
	assert_int_equal(a->subnets[0].holder.s_addr, ip(OUTSIDE).s_addr);
	assert_string_equal(a->subnets[0].details->computer, "FAR");
}

static void taken_back(void **state)
{
	const struct wire_name *wire = add_print();
	int err = -1;

	assert_true(take_back(wire, &err));
	assert_int_equal(err, 0);
	assert_taken_back();
	/* nothing is there any more */
	assert_true(take_back(wire, &err));
	assert_int_equal(err, 0);
}

static void taken_back_late(void **state)
{
	const struct wire_name *wire = add_print();
	int err = -1;

	r->store_busy = true;
	assert_false(take_back(wire, &err));
	assert_int_equal(err, 0);
	assert_non_null(find("PRINT"));
	r->store_busy = false;
	recorder_ring(r, SERVICE_ALARM_STORE);
	assert_taken_back();
}

static void not_taken_back(void **state)
{
	const struct wire_name *wire = add_print();
	uint64_t now;
	int err = 0;

	r->store_fails = true;
	assert_true(take_back(wire, &err));
	assert_int_equal(err, EROFS);
	assert_int_equal(find("PRINT")->state, ALIAS_REGISTERED);
	assert_null(
		refusals_find(service_get_refusals(r->service, &now), wire));
}

/* For lack of memory it is not known that it is left to another node. */
static void left_without_memory(void **state)
{
	const struct wire_name wire = wire_of("PRINT");
	struct alias *a = NULL;

	start(SERVICE_STANDS_BY);
	service_share(r->service, true);
	assert_true(service_restore(r->service, "PRINT"));
	turns();
	a = alias_find(service_get_aliases(r->service), &wire);
	/* the second subnet of an alias takes memory */
	alias_subnet_set(a, "B", ALIAS_STANDBY, 0, (struct in_addr){ 0 });
	alias_subnet_remove(a, "A");
	allow_memory(r->service, false);
	assert_true(service_stands_by(r->service, &wire, "A"));
	place = SERVICE_UNDECIDED;
	assert_true(service_stands_by(r->service, &wire, "A"));
	allow_memory(r->service, true);
	assert_null(alias_subnet_find(a, "A"));
	/* it is tried again by itself */
	place = SERVICE_HOLDS;
	recorder_forget(r);
	assert_int_equal(r->waiting, 5);
	recorder_ring(r, SERVICE_ALARM_WAITING);
	assert_true(recorder_claimed(r, "PRINT", "A"));
}

static void stops_on_standby(void **state)
{
	start(SERVICE_STANDS_BY);
	assert_int_equal(service_stop(r->service), NERR_Success);
	assert_service(r, SERVICE_STOPPED, 0);
	become(SERVICE_HOLDS);
	assert_service(r, SERVICE_STOPPED, 0);
	assert_false(recorder_claimed(r, "CLUST", "A"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(stands_by),
		TEST(undecided_at_first),
		TEST(takes_over),
		TEST(hands_over),
		TEST(hands_over_many),
		TEST(refused_by_a_node),
		TEST(refused_by_another),
		TEST(lost_to_a_node),
		TEST(contested_by_a_node),
		TEST(added_on_standby),
		TEST(added_on_both),
		TEST(added_in_a_cluster),
		TEST(deleted_in_a_cluster),
		TEST(kept_late),
		TEST(deleted_while_it_is_kept),
		TEST(stopped_while_it_is_kept),
		TEST(never_kept),
		TEST(taken_back),
		TEST(taken_back_late),
		TEST(not_taken_back),
		TEST(left_without_memory),
		TEST(contested_in_a_cluster),
		TEST(stops_on_standby),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

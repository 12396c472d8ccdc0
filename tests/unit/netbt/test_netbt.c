/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The rules of names that are no aliases: what is registered, refused,
 * contested; what is told of it, and how often.
 */

#include "netbt_world.h"

#define NET  "10.88.0.2"
#define WINS "UNICAST_SUBNET"

static struct netbt *netbt(void)
{
	return netbt_world.netbt;
}

static void assert_state(const char *name, uint8_t type, const char *subnet,
			 const char *state)
{
	assert_string_equal(netbt_state(name, type, subnet), state);
}

static void granted(void **state)
{
	netbt_claim("ALPHA", 0x20, NET);
	assert_state("ALPHA", 0x20, NET, "registering");
	netbt_world_expect("");
	netbt_grant("ALPHA", 0x20, NET);
	assert_state("ALPHA", 0x20, NET, "registered");
	netbt_world_expect("event name-registered ALPHA<20> on " NET "\n");
	/* a refresh is no news */
	netbt_claim("ALPHA", 0x20, NET);
	assert_state("ALPHA", 0x20, NET, "registered");
	netbt_grant("ALPHA", 0x20, NET);
	netbt_world_expect("");
	assert_state("ALPHA", 0x00, NET, "none");
	assert_state("ALPHA", 0x20, "10.88.1.2", "none");
	assert_int_equal(netbt_conflicts(netbt()), 0);
}

static void refused(void **state)
{
	netbt_claim("ALPHA", 0x20, NET);
	netbt_refuse("ALPHA", 0x20, NET, 6, "10.88.0.9");
	assert_state("ALPHA", 0x20, NET, "conflict");
	netbt_world_expect("event name-refused ALPHA<20> on " NET " rcode 6 "
			   "holder 10.88.0.9 interface 10.88.0.2\n");
	assert_int_equal(netbt_conflicts(netbt()), 1);
	/* the same again, as of the second socket */
	netbt_refuse("ALPHA", 0x20, NET, 6, "10.88.0.9");
	netbt_world_expect("");
	/* another host within the minute; after it */
	netbt_world.now = 59;
	netbt_refuse("ALPHA", 0x20, NET, 6, "10.88.0.10");
	netbt_world_expect("");
	netbt_world.now = 60;
	netbt_refuse("ALPHA", 0x20, NET, 5, "10.88.0.10");
	netbt_world_expect("event name-refused ALPHA<20> on " NET " rcode 5 "
			   "holder 10.88.0.10 interface 10.88.0.2\n");
	/* two names of one server */
	netbt_refuse("ALPHA", 0x00, NET, 6, "10.88.0.9");
	netbt_world_expect("event name-refused ALPHA<00> on " NET " rcode 6 "
			   "holder 10.88.0.9 interface 10.88.0.2\n");
	assert_int_equal(netbt_conflicts(netbt()), 2);
	/* it is claimed again, and that alone changes nothing */
	netbt_claim("ALPHA", 0x20, NET);
	assert_state("ALPHA", 0x20, NET, "conflict");
	netbt_grant("ALPHA", 0x20, NET);
	netbt_world_expect("event name-registered ALPHA<20> on " NET "\n");
	assert_int_equal(netbt_conflicts(netbt()), 1);
}

static void given_up_by_nmbd(void **state)
{
	netbt_claim("ALPHA", 0x20, NET);
	netbt_refuse("ALPHA", 0x20, NET, 0, "");
	assert_state("ALPHA", 0x20, NET, "waiting");
	netbt_world_expect("");
	assert_int_equal(netbt_conflicts(netbt()), 0);
}

static void elected(void **state)
{
	netbt_refuse("LAB", 0x1d, NET, 6, "10.88.0.9");
	netbt_refuse("MSB", 0x01, NET, 6, "10.88.0.9");
	assert_state("LAB", 0x1d, NET, "conflict");
	assert_int_equal(netbt_conflicts(netbt()), 0);
	netbt_grant("LAB", 0x1d, NET);
	netbt_world_expect("event name-registered LAB<1d> on " NET "\n");
	netbt_contest("LAB", 0x1d, CONTEST_REGISTRATION, "10.88.0.9", 1);
	netbt_world_expect("");
	netbt_refuse("LAB", 0x1b, NET, 0, "10.88.0.9");
	netbt_world_expect("event name-refused LAB<1b> on " NET
			   " holder 10.88.0.9 interface 10.88.0.2\n");
	assert_int_equal(netbt_conflicts(netbt()), 1);
}

static void released(void **state)
{
	const struct netbios_name lab = netbios("LAB", 0x1d, false);

	netbt_grant("LAB", 0x1d, NET);
	netbt_name_ops.released(netbt(), &lab, NET);
	assert_state("LAB", 0x1d, NET, "released");
	netbt_name_ops.released(netbt(), &lab, NET);
	netbt_name_ops.released(netbt(), &lab, "10.88.1.2");
	netbt_world_expect("event name-registered LAB<1d> on " NET "\n"
			   "event name-released LAB<1d> on " NET "\n");
}

static void diagnosed(void **state)
{
	const struct netbios_name alpha = netbios("ALPHA", 0x20, false);
	const struct name_subnet *where = NULL;

	netbt_refuse("ALPHA", 0x20, NET, 6, "10.88.0.9");
	netbt_refuse("ALPHA", 0x20, "10.88.1.2", 6, "10.88.1.9");
	netbt_diagnose("ALPHA", 0x20, "10.88.0.9", "ALPHA");
	netbt_diagnose("BETA", 0x20, "10.88.0.9", "BETA");
	where = name_entry_find(name_table_find(netbt_table(netbt()), &alpha),
				NET);
	assert_int_equal(where->details->cause, CAUSE_DUPLICATE_COMPUTER_NAME);
	where = name_entry_find(name_table_find(netbt_table(netbt()), &alpha),
				"10.88.1.2");
	assert_null(where->details);
	/* of a holder that is none any more */
	netbt_refuse("ALPHA", 0x20, "10.88.1.2", 5, "10.88.1.10");
	netbt_diagnose("ALPHA", 0x20, "10.88.1.9", "ALPHA");
	assert_null(where->details);
}

/*
 * WINS
 */

static void refused_in_wins(void **state)
{
	const struct netbios_name alpha = netbios("ALPHA", 0x20, false);

	netbt_refuse_in_wins("ALPHA", 0x20, 6, "10.88.0.1");
	assert_state("ALPHA", 0x20, WINS, "conflict");
	netbt_world_expect("wins 10.88.0.1 of ALPHA<20>\n");
	netbt_owner(netbt(), &alpha, ip("10.88.0.77"), ip("10.88.0.9"));
	netbt_world_expect("");
	netbt_owner(netbt(), &alpha, ip("10.88.0.1"), ip("10.88.0.9"));
	netbt_world_expect("ask 10.88.0.9 of ALPHA<20>\n");
	netbt_diagnose("ALPHA", 0x20, "10.88.0.9", "ALPHA");
	netbt_world_expect("event name-refused ALPHA<20> on " WINS " rcode 6 "
			   "holder 10.88.0.9 server 10.88.0.1 interface "
			   "10.88.0.2\n");
	/* what it says later is no refusal anew */
	netbt_world.now = 100;
	netbt_diagnose("ALPHA", 0x20, "10.88.0.9", "ALPHA");
	netbt_world_expect("");
}

static void stale_record(void **state)
{
	const struct netbios_name alpha = netbios("ALPHA", 0x20, false);

	netbt_refuse_in_wins("ALPHA", 0x20, 5, "10.88.0.1");
	netbt_owner(netbt(), &alpha, ip("10.88.0.1"), ip("10.88.0.77"));
	netbt_diagnose("ALPHA", 0x20, "10.88.0.77", NULL);
	netbt_world_expect("wins 10.88.0.1 of ALPHA<20>\n"
			   "ask 10.88.0.77 of ALPHA<20>\n"
			   "event name-refused ALPHA<20> on " WINS " rcode 5 "
			   "server 10.88.0.1 record 10.88.0.77 cause "
			   "stale-wins-record interface 10.88.0.2\n");
}

static void owner_unknown(void **state)
{
	const struct netbios_name alpha = netbios("ALPHA", 0x20, false);

	netbt_refuse_in_wins("ALPHA", 0x20, 5, "10.88.0.1");
	netbt_owner(netbt(), &alpha, ip("10.88.0.1"), ip(""));
	netbt_world_expect("wins 10.88.0.1 of ALPHA<20>\n"
			   "event name-refused ALPHA<20> on " WINS " rcode 5 "
			   "server 10.88.0.1 interface 10.88.0.2\n");
	/* granted meanwhile: nothing to tell */
	netbt_refuse_in_wins("ALPHA", 0x00, 5, "10.88.0.1");
	netbt_grant("ALPHA", 0x00, WINS);
	netbt_world_expect("wins 10.88.0.1 of ALPHA<00>\n"
			   "event name-registered ALPHA<00> on " WINS "\n");
	netbt_owner(netbt(), &(struct netbios_name){ .wire = alpha.wire },
		    ip("10.88.0.1"), ip("10.88.0.9"));
	netbt_world_expect("");
}

static void silent(void **state)
{
	const struct netbios_name alpha = netbios("ALPHA", 0x20, false);

	netbt_claim("ALPHA", 0x20, WINS);
	netbt_name_ops.silent(netbt(), &alpha, WINS, ip("10.88.0.1"));
	assert_state("ALPHA", 0x20, WINS, "waiting");
	netbt_refuse_in_wins("ALPHA", 0x20, 5, "10.88.0.1");
	netbt_name_ops.silent(netbt(), &alpha, WINS, ip("10.88.0.1"));
	assert_state("ALPHA", 0x20, WINS, "conflict");
}

/*
 * Others
 */

static void contested(void **state)
{
	uint16_t id;

	/* neither known nor registered */
	netbt_contest("ALPHA", 0x20, CONTEST_REGISTRATION, "10.88.0.9", 1);
	netbt_refuse("ALPHA", 0x00, NET, 6, "10.88.0.9");
	netbt_contest("ALPHA", 0x00, CONTEST_DEMAND, "10.88.0.9", 1);
	netbt_world_expect("event name-refused ALPHA<00> on " NET " rcode 6 "
			   "holder 10.88.0.9 interface 10.88.0.2\n");
	netbt_grant("ALPHA", 0x20, NET);
	netbt_world_expect("event name-registered ALPHA<20> on " NET "\n");
	for (id = 10; id < 20; id++) {
		netbt_contest("ALPHA", 0x20, CONTEST_REGISTRATION, "10.88.0.9",
			      id);
		/* on the other socket */
		netbt_contest("ALPHA", 0x20, CONTEST_REGISTRATION, "10.88.0.9",
			      id);
	}
	netbt_world_expect("event name-conflict ALPHA<20> claimant 10.88.0.9 "
			   "count 1\nalarm 60\n");
	netbt_contest("ALPHA", 0x20, CONTEST_DEMAND, "10.88.0.9", 30);
	netbt_contest("ALPHA", 0x20, CONTEST_RELEASE, "10.88.0.9", 31);
	netbt_world_expect("event name-conflict ALPHA<20> claimant 10.88.0.9 "
			   "demand count 1\n"
			   "event name-conflict ALPHA<20> claimant 10.88.0.9 "
			   "release count 1\n");
	netbt_world.now = 60;
	netbt_review(netbt());
	netbt_world_expect("event name-conflict ALPHA<20> claimant 10.88.0.9 "
			   "count 9\nalarm 60\n");
	netbt_world.now = 120;
	netbt_review(netbt());
	netbt_world_expect("");
}

static void types_are_apart(void **state)
{
	netbt_grant("ALPHA", 0x20, NET);
	netbt_grant("ALPHA", 0x00, NET);
	netbt_world_expect("event name-registered ALPHA<20> on " NET "\n"
			   "event name-registered ALPHA<00> on " NET "\n");
	/* one host, one transaction number, two names */
	netbt_contest("ALPHA", 0x20, CONTEST_REGISTRATION, "10.88.0.9", 1);
	netbt_contest("ALPHA", 0x00, CONTEST_REGISTRATION, "10.88.0.9", 1);
	netbt_world_expect("event name-conflict ALPHA<20> claimant 10.88.0.9 "
			   "count 1\nalarm 60\n"
			   "event name-conflict ALPHA<00> claimant 10.88.0.9 "
			   "count 1\n");
}

/* Members of a group come and go; that it be given up is another matter. */
static void of_a_group(void **state)
{
	const struct netbios_name lab = netbios("LAB", 0x00, true);

	netbt_name_ops.granted(netbt(), &lab, NET);
	netbt_contest("LAB", 0x00, CONTEST_REGISTRATION, "10.88.0.9", 1);
	netbt_contest("LAB", 0x00, CONTEST_RELEASE, "10.88.0.9", 2);
	netbt_world_expect("event name-registered LAB<00> on " NET "\n");
	netbt_contest("LAB", 0x00, CONTEST_DEMAND, "10.88.0.9", 3);
	netbt_world_expect("event name-conflict LAB<00> claimant 10.88.0.9 "
			   "demand count 1\nalarm 60\n");
}

static void rival(void **state)
{
	netbt_claim("ALPHA", 0x20, NET);
	netbt_contest("ALPHA", 0x20, CONTEST_REGISTRATION, "10.88.0.9", 1);
	netbt_world_expect("");
	netbt_grant("ALPHA", 0x20, NET);
	netbt_world_expect("event name-registered ALPHA<20> on " NET "\n"
			   "event name-conflict ALPHA<20> on " NET
			   " holder 10.88.0.9 claimant 10.88.0.9 count 1\n");
	netbt_grant("ALPHA", 0x20, NET);
	netbt_world_expect("");
	/* one that refuses it is a holder */
	netbt_claim("ALPHA", 0x00, NET);
	netbt_contest("ALPHA", 0x00, CONTEST_REGISTRATION, "10.88.0.9", 2);
	netbt_refuse("ALPHA", 0x00, NET, 6, "10.88.0.9");
	netbt_world_expect("event name-refused ALPHA<00> on " NET " rcode 6 "
			   "holder 10.88.0.9 interface 10.88.0.2\n");
	/* a demand is no claim */
	netbt_claim("BETA", 0x00, NET);
	netbt_contest("BETA", 0x00, CONTEST_DEMAND, "10.88.0.9", 3);
	netbt_grant("BETA", 0x00, NET);
	netbt_world_expect("event name-registered BETA<00> on " NET "\n");
}

static void storm(void **state)
{
	char from[INET_ADDRSTRLEN];
	unsigned i;

	netbt_grant("ALPHA", 0x20, NET);
	for (i = 0; i < 100; i++) {
		snprintf(from, sizeof(from), "10.9.0.%u", i + 1);
		netbt_contest("ALPHA", 0x20, CONTEST_REGISTRATION, from,
			      (uint16_t)i);
	}
	/* 64 and one for all others */
	assert_int_equal(netbt_world.event->claimant.s_addr, 0);
	netbt_world.len = 0;
	netbt_world.lines[0] = '\0';
	netbt_contest("ALPHA", 0x20, CONTEST_REGISTRATION, "10.9.1.1", 999);
	netbt_world_expect("");
}

/*
 * nmbd's lists
 */

static void list(size_t at, const char *name, uint8_t type, const char *subnet)
{
	netbt_world.listed[at].name = name;
	netbt_world.listed[at].type = type;
	netbt_world.listed[at].subnet = subnet;
}

static void lists(void **state)
{
	const struct netbios_name alpha = netbios("ALPHA", 0x20, false);
	const struct name_table *table = NULL;

	list(0, "ALPHA", 0x20, WINS);
	list(1, "ALPHA", 0x00, WINS);
	list(2, "LAB", 0x1b, WINS);
	list(3, NULL, 0, NET);
	list(4, "ALPHA", 0x20, NET);
	table = netbt_look(netbt());
	assert_state("ALPHA", 0x20, NET, "registered");
	/* its claim was not sent, or nobody was looking */
	assert_state("ALPHA", 0x00, NET, "waiting");
	assert_true(name_table_find(table, &alpha)->unicast);
	/* a role is not claimed everywhere */
	assert_state("LAB", 0x1b, NET, "none");
	assert_state("ALPHA", 0x20, WINS, "none");
	/* and now it is registered after all, and the other one gone */
	list(4, "ALPHA", 0x00, NET);
	(void)netbt_look(netbt());
	assert_state("ALPHA", 0x20, NET, "released");
	assert_state("ALPHA", 0x00, NET, "registered");
	(void)netbt_look(netbt());
	assert_state("ALPHA", 0x20, NET, "released");
	/* in WINS nmbd has it in that list until it is refused or gone */
	netbt_grant("ALPHA", 0x20, WINS);
	(void)netbt_look(netbt());
	assert_state("ALPHA", 0x20, WINS, "registered");
	list(0, "BETA", 0x20, WINS);
	(void)netbt_look(netbt());
	assert_state("ALPHA", 0x20, WINS, "released");
	/* what is under way, or refused, is not what a list says */
	netbt_claim("ALPHA", 0x20, NET);
	netbt_refuse("ALPHA", 0x00, NET, 6, "10.88.0.9");
	(void)netbt_look(netbt());
	assert_state("ALPHA", 0x20, NET, "registering");
	assert_state("ALPHA", 0x00, NET, "conflict");
}

static void subnet_gone(void **state)
{
	size_t blocks;

	netbt_grant("ALPHA", 0x20, NET);
	blocks = talloc_total_blocks(netbt());
	netbt_refuse("ALPHA", 0x20, "10.88.1.2", 6, "10.88.1.9");
	netbt_name_ops.subnet_gone(netbt(), "10.88.1.2");
	assert_int_equal(talloc_total_blocks(netbt()), blocks);
	netbt_name_ops.subnet_gone(netbt(), "10.88.2.2");
	assert_state("ALPHA", 0x20, "10.88.1.2", "none");
	assert_state("ALPHA", 0x20, NET, "registered");
	assert_int_equal(netbt_conflicts(netbt()), 0);
}

static void switched_off(void **state)
{
	const struct netbios_name alpha = netbios("ALPHA", 0x20, false);
	const struct wire_name lower = wire_of("alpha");
	const struct wire_name other = wire_of("ALPHB");

	netbt_refuse("ALPHA", 0x20, NET, 6, "10.88.0.9");
	assert_true(netbt_is_on(netbt()));
	assert_true(netbt_name_ops.is_ours(netbt(), &alpha));
	assert_true(netbt_name_ops.may_be_ours(netbt(), &alpha.wire));
	assert_true(netbt_name_ops.may_be_ours(netbt(), &lower));
	assert_false(netbt_name_ops.may_be_ours(netbt(), &other));
	netbt_enable(netbt(), false);
	assert_false(netbt_is_on(netbt()));
	assert_false(netbt_name_ops.is_ours(netbt(), &alpha));
	assert_int_equal(netbt_conflicts(netbt()), 0);
	assert_state("ALPHA", 0x20, NET, "none");
	netbt_diagnose("ALPHA", 0x20, "10.88.0.9", "ALPHA");
}

/* nmbd has its own <1c> in the unicast list as if it were unique. */
static void group_once_a_group(void **state)
{
	const struct netbios_name unique = netbios("LAB", 0x1c, false);
	const struct netbios_name group = netbios("LAB", 0x1c, true);

	netbt_name_ops.listed(netbt(), &unique, WINS);
	netbt_name_ops.claiming(netbt(), &group, NET);
	netbt_name_ops.listed(netbt(), &unique, WINS);
	assert_true(
		name_table_find(netbt_table(netbt()), &unique)->name.group);
}

#define TEST(fn)                                                               \
	cmocka_unit_test_setup_teardown(fn, netbt_world_setup,                 \
					netbt_world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(granted),	       TEST(refused),
		TEST(given_up_by_nmbd), TEST(elected),
		TEST(released),	       TEST(diagnosed),
		TEST(refused_in_wins), TEST(stale_record),
		TEST(owner_unknown),   TEST(silent),
		TEST(contested),       TEST(types_are_apart),
		TEST(of_a_group),      TEST(rival),
		TEST(storm),	       TEST(lists),
		TEST(subnet_gone),     TEST(switched_off),
		TEST(group_once_a_group),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The table of names as text and JSON, and what is wrong in it.
 */

#include "answer.h"
#include "names_report.h"

#include "netbt_world.h"
#include "recorder.h"

#define NET  "10.88.0.2"
#define WINS "UNICAST_SUBNET"

static struct recorder *r;

static int setup(void **state)
{
	r = recorder_create();
	recorder_configure(r, "ALPHA", "");
	r->subnets[0] = NET;
	service_start(r->service);
	recorder_grant(r, "ALPHA", NET);
	return netbt_world_setup(state);
}

static int teardown(void **state)
{
	recorder_free(r);
	return netbt_world_teardown(state);
}

static void list(size_t at, const char *name, uint8_t type, bool group,
		 const char *subnet)
{
	netbt_world.listed[at].name = name;
	netbt_world.listed[at].type = type;
	netbt_world.listed[at].group = group;
	netbt_world.listed[at].subnet = subnet;
}

/* <20> is held by another one, <00> by nmbd, the group as well. */
static void one_in_conflict(void)
{
	list(0, "ALPHA", 0x20, false, WINS);
	list(1, "ALPHA", 0x00, false, WINS);
	list(2, NULL, 0, false, NET);
	list(3, "ALPHA", 0x00, false, NET);
	list(4, "LAB", 0x00, true, NET);
	netbt_claim("ALPHA", 0x20, NET);
	netbt_refuse("ALPHA", 0x20, NET, 6, "10.88.0.9");
	netbt_diagnose("ALPHA", 0x20, "10.88.0.9", "ALPHA");
}

static void look(void)
{
	if (netbt_is_on(netbt_world.netbt)) {
		(void)netbt_look(netbt_world.netbt);
	}
}

static char *text(void)
{
	look();
	return answer_text(r, &names_text, r->service, netbt_world.netbt);
}

static json_t *json(void)
{
	look();
	return answer_json(&names_json, r->service, netbt_world.netbt);
}

static void assert_has(const char *all, const char *part)
{
	if (strstr(all, part) == NULL) {
		assert_string_equal(all, part);
	}
}

static void table(void **state)
{
	one_in_conflict();
	assert_string_equal(
		text(),
		"Names of ALPHA\n\n"
		"NAME                KIND   PURPOSE               STATE       "
		"SUBNET\n"
		"ALPHA<20>           unique File server           conflict    "
		"10.88.0.2\n"
		"  held by 10.88.0.9, the computer ALPHA\n"
		"  nmbd still answers unicast queries and node status with "
		"it\n"
		"ALPHA<00>           unique Workstation           registered  "
		"10.88.0.2\n"
		"LAB<00>             group  Workgroup             registered  "
		"10.88.0.2\n"
		"ALPHA<03>           unique Messenger             registered  "
		"10.88.0.2\n");
}

/* Held on one of two nets: that node status has it is right. */
static void two_subnets(void **state)
{
	one_in_conflict();
	netbt_claim("ALPHA", 0x20, "10.88.1.2");
	assert_null(strstr(text(), "nmbd still answers"));
	netbt_grant("ALPHA", 0x20, "10.88.1.2");
	list(5, "ALPHA", 0x20, false, "10.88.1.2");
	assert_has(text(),
		   "ALPHA<20>           unique File server           conflict "
		   "   10.88.0.2\n"
		   "  held by 10.88.0.9, the computer ALPHA\n"
		   "                                                 "
		   "registered  10.88.1.2\n"
		   "ALPHA<00>");
}

static void in_wins(void **state)
{
	const struct netbios_name alpha = netbios("ALPHA", 0x00, false);
	const struct netbios_name beta = netbios("BETA", 0x00, false);

	netbt_refuse_in_wins("ALPHA", 0x00, 5, "10.88.0.1");
	assert_has(text(), "WINS\n  refused by WINS server 10.88.0.1\n");
	netbt_owner(netbt_world.netbt, &alpha, ip("10.88.0.1"),
		    ip("10.88.0.77"));
	netbt_diagnose("ALPHA", 0x00, "10.88.0.77", NULL);
	assert_has(text(), "  refused by WINS server 10.88.0.1, which has a "
			   "record for 10.88.0.77\n");
	netbt_name_ops.silent(netbt_world.netbt, &beta, WINS, ip("10.88.0.1"));
	assert_has(text(),
		   "BETA<00>            unique Workstation           waiting  "
		   "   WINS\n  no WINS server answers\n");
	assert_columns(text(), 80);
}

static void aliases(void **state)
{
	recorder_refuse(r, "ALPHA", NET, 6, "10.88.0.9");
	assert_has(text(),
		   "ALPHA<03>           unique Messenger             conflict "
		   "   10.88.0.2\n  held by 10.88.0.9\n");
}

static void aliases_that_wait(void **state)
{
	recorder_configure(r, "ALPHA", "NIGHT DAY");
	recorder_wait(r, "NIGHT", NET, "Network is unreachable");
	recorder_refuse(r, "DAY", NET, 6, "");
	assert_has(text(),
		   "NIGHT<03>           unique Messenger             waiting  "
		   "   10.88.0.2\n  Network is unreachable\n");
	assert_has(text(),
		   "DAY<03>             unique Messenger             conflict "
		   "   10.88.0.2\n  holder unknown\n");
}

/* One name in a step, taken as it becomes ready. */
static char *in_steps(const struct pieces_kind *kind, unsigned *steps)
{
	struct pieces *p =
		pieces_begin(r, kind, r->service, netbt_world.netbt);
	char *all = talloc_strdup(r, "");

	for (*steps = 0; pieces_go_on(p, 1); (*steps)++) {
		pieces_append(&all, pieces_take(r, p));
	}
	pieces_append(&all, pieces_end(r, p, ""));
	return all;
}

/* However many they are, some of them are told in a turn. */
static void some_in_a_turn(void **state)
{
	static const struct pieces_kind *const kinds[] = { &names_text,
							   &names_json };
	unsigned steps = 0;
	size_t i;

	one_in_conflict();
	recorder_configure(r, "ALPHA", "NIGHT DAY");
	look();
	for (i = 0; i < 2; i++) {
		assert_string_equal(in_steps(kinds[i], &steps),
				    answer_text(r, kinds[i], r->service,
						netbt_world.netbt));
		/* three of the server's and three aliases, one in each */
		assert_in_range(steps, 6, 9);
	}
}

/* What is wrong with a name is told one name in a step, too. */
static void troubles_some_in_a_turn(void **state)
{
	static const struct pieces_kind *const kinds[] = { &explain_text,
							   &explain_json };
	unsigned steps = 0;
	char name[sizeof("N00")];
	unsigned i;

	for (i = 0; i < 20; i++) {
		snprintf(name, sizeof(name), "N%02u", i);
		netbt_claim(name, 0x20, NET);
		netbt_refuse(name, 0x20, NET, 6, "10.88.0.9");
		netbt_claim(name, 0x00, NET);
		netbt_refuse(name, 0x00, NET, 6, "10.88.0.9");
	}
	for (i = 0; i < 2; i++) {
		assert_string_equal(in_steps(kinds[i], &steps),
				    answer_text(r, kinds[i], r->service,
						netbt_world.netbt));
		assert_in_range(steps, 40, 46);
	}
}

static void off(void **state)
{
	one_in_conflict();
	netbt_enable(netbt_world.netbt, false);
	assert_has(text(), "\nNames of other types are not looked at: "
			   "messenger:own names = no.\n");
	assert_null(strstr(text(), "<20>"));
	assert_json(json(),
		    "{'names': [{'name': 'ALPHA', 'type': '03', "
		    "'group': false, 'purpose': 'Messenger', "
		    "'in_node_status': true, 'subnets': "
		    "[{'subnet': '10.88.0.2', 'state': 'registered'}]}]}");
}

static void as_json(void **state)
{
	one_in_conflict();
	assert_json(
		json(),
		"{'names': [{'name': 'ALPHA', 'type': '20', 'group': false, "
		"'purpose': 'File server', 'in_node_status': true, "
		"'subnets': [{'subnet': '10.88.0.2', 'state': 'conflict', "
		"'rcode': 6, 'rcode_name': 'ACT_ERR', 'holder': "
		"{'address': '10.88.0.9', 'computer': 'ALPHA', 'names': "
		"['ALPHA<00>', 'ALPHA<20>']}}]}, "
		"{'name': 'ALPHA', 'type': '00', 'group': false, "
		"'purpose': 'Workstation', 'in_node_status': true, "
		"'subnets': [{'subnet': '10.88.0.2', "
		"'state': 'registered'}]}, "
		"{'name': 'LAB', 'type': '00', 'group': true, "
		"'purpose': 'Workgroup', 'in_node_status': false, "
		"'subnets': [{'subnet': '10.88.0.2', "
		"'state': 'registered'}]}, "
		"{'name': 'ALPHA', 'type': '03', 'group': false, "
		"'purpose': 'Messenger', 'in_node_status': true, "
		"'subnets': [{'subnet': '10.88.0.2', "
		"'state': 'registered'}]}]}");
}

static void status(void **state)
{
	const char *well =
		answer_text(r, &report_status_text, r->service, netbt_world.netbt);

	assert_null(strstr(well, "conflict"));
	one_in_conflict();
	assert_has(answer_text(r, &report_status_text, r->service, netbt_world.netbt),
		   "  1 other name of this server in conflict: smbmessenger "
		   "names\n");
	assert_int_equal(names_condition(r->service, netbt_world.netbt),
			 SERVICE_DEGRADED);
	assert_int_equal(names_condition(r->service, NULL), SERVICE_WELL);
	netbt_refuse("ALPHA", 0x00, NET, 6, "10.88.0.9");
	assert_has(answer_text(r, &report_status_text, r->service, netbt_world.netbt),
		   "  2 other names of this server in conflict");
}

static void explained(void **state)
{
	one_in_conflict();
	assert_has(
		answer_text(r, &explain_text, r->service, netbt_world.netbt),
		"\n"
		"ALPHA<20>, File server, is held on subnet 10.88.0.2 by "
		"10.88.0.9, the computer\n"
		"ALPHA.\n"
		"Clients that look up \\\\ALPHA by NetBIOS are sent to the "
		"other computer.\n"
		"That computer has the name ALPHA as its own: two computers "
		"on this network have\n"
		"the same name.\n"
		"Give one of the two another name: there, or here by "
		"\"netbios name\" in smb.conf;\n"
		"then restart nmbd. A clone or a container has the host name "
		"of what it was made\n"
		"from (/etc/hostname, cloud-init, the container's settings), "
		"and nmbd takes its\n"
		"name from there.\n"
		"Then: systemctl restart nmbd\n");
	assert_null(strstr(answer_text(r, &explain_text, r->service, netbt_world.netbt),
			   "nothing to do"));
	assert_has(answer_text(r, &explain_text, r->service, NULL), "nothing to do");
}

/* One computer has both: what to do is said once. */
static void explained_together(void **state)
{
	one_in_conflict();
	netbt_refuse("ALPHA", 0x00, NET, 6, "10.88.0.9");
	netbt_diagnose("ALPHA", 0x00, "10.88.0.9", "ALPHA");
	netbt_refuse("BETA", 0x00, NET, 6, "10.88.0.9");
	netbt_diagnose("BETA", 0x00, "10.88.0.9", "ALPHA");
	assert_has(
		answer_text(r, &explain_text, r->service, netbt_world.netbt),
		"ALPHA<20>, File server, is held on subnet 10.88.0.2 by "
		"10.88.0.9, the computer\n"
		"ALPHA.\n"
		"Clients that look up \\\\ALPHA by NetBIOS are sent to the "
		"other computer.\n"
		"ALPHA<00>, Workstation, is held there as well.\n"
		"Computers that look up the workstation ALPHA by NetBIOS, as "
		"the browser and\n"
		"logon services do, find the other computer.\n"
		"That computer has");
	assert_has(answer_text(r, &explain_text, r->service, netbt_world.netbt),
		   "Then: systemctl restart nmbd\n\nBETA<00>, Workstation, is "
		   "held");
	/* by another one each has its own paragraph */
	netbt_world.now = 100;
	netbt_refuse("ALPHA", 0x00, NET, 6, "10.88.0.10");
	assert_null(strstr(answer_text(r, &explain_text, r->service, netbt_world.netbt),
			   "as well"));
}

/* A role that is elected is no trouble, and a question has another command. */
static void explained_differently(void **state)
{
	netbt_refuse("LAB", 0x1d, NET, 6, "10.88.0.9");
	assert_has(answer_text(r, &explain_text, r->service, netbt_world.netbt),
		   "nothing to do");
	netbt_refuse("LAB", 0x1b, NET, 0, "10.88.0.9");
	assert_has(answer_text(r, &explain_text, r->service, netbt_world.netbt),
		   "First: nmblookup -A 10.88.0.9\n");
	netbt_diagnose("LAB", 0x1b, "10.88.0.9", "PDC");
	assert_has(answer_text(r, &explain_text, r->service, netbt_world.netbt),
		   "Then: smbmessenger names\n");
	netbt_refuse_in_wins("ALPHA", 0x20, 5, "10.88.0.1");
	assert_has(answer_text(r, &explain_text, r->service, netbt_world.netbt),
		   "ALPHA<20>, File server, is refused by WINS server "
		   "10.88.0.1.\n");
	netbt_refuse("BETA", 0x20, NET, 5, "10.88.0.9");
	assert_has(answer_text(r, &explain_text, r->service, netbt_world.netbt),
		   "BETA<20>, File server, is refused on subnet 10.88.0.2 by "
		   "10.88.0.9.\n");
}

static void findings(void **state)
{
	json_t *json = NULL;

	one_in_conflict();
	json = answer_json(&explain_json, r->service, netbt_world.netbt);
	assert_int_equal(json_array_size(json_object_get(json, "findings")), 1);
	assert_json(
		json_incref(
			json_array_get(json_object_get(json, "findings"), 0)),
		"{'name': 'ALPHA', 'type': '20', 'subnet': '10.88.0.2', "
		"'state': 'conflict', 'consequence': 'Clients that look up "
		"\\\\\\\\ALPHA by NetBIOS are sent to the other computer.', "
		"'reason': 'That computer has the name ALPHA as its own: two "
		"computers on this network have the same name.', "
		"'advice': 'Give one of the two another name: there, or here "
		"by \\\"netbios name\\\" in smb.conf; then restart nmbd. A "
		"clone or a container has the host name of what it was made "
		"from (/etc/hostname, cloud-init, the container\\u0027s "
		"settings), and nmbd takes its name from there.', "
		"'next': 'systemctl restart nmbd', 'rcode': 6, "
		"'rcode_name': 'ACT_ERR', 'holder': {'address': '10.88.0.9', "
		"'computer': 'ALPHA', 'names': ['ALPHA<00>', 'ALPHA<20>']}, "
		"'cause': 'duplicate-computer-name'}");
	json_decref(json);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(table),
		TEST(two_subnets),
		TEST(in_wins),
		TEST(aliases),
		TEST(aliases_that_wait),
		TEST(some_in_a_turn),
		TEST(troubles_some_in_a_turn),
		TEST(off),
		TEST(as_json),
		TEST(status),
		TEST(explained),
		TEST(findings),
		TEST(explained_differently),
		TEST(explained_together),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What is wrong, why, and what to do about it: each state of the service and
 * each cause, for the computer name and for an added alias.
 */


#include "answer.h"
#include "recorder.h"
#include "smb_conf.h"

#define SUBNET "10.88.0.2"
#define HOLDER "10.88.0.9"

#define RUNNING                                                                  \
	"The Messenger service on ALPHA has been running since " AT_0_FOR_PEOPLE \
	".\n"

static struct recorder *r;

static int setup(void **state)
{
	r = recorder_create();
	r->subnets[0] = SUBNET;
	recorder_configure(r, "ALPHA", "OPERATOR");
	return 0;
}

static int teardown(void **state)
{
	recorder_free(r);
	return 0;
}

static void assert_text(const char *want)
{
	char *text = answer_text(r, &explain_text, r->service, NULL);

	assert_non_null(text);
	assert_string_equal(text, want);
	assert_ptr_equal(talloc_parent(text), r);
	assert_columns(text, 80);
	talloc_free(text);
}

/* The text without its line ends has this part. */
static void assert_says(const char *part)
{
	char *text = answer_text(r, &explain_text, r->service, NULL);
	char *p = NULL;

	assert_non_null(text);
	assert_columns(text, 80);
	for (p = text; *p != '\0'; p++) {
		*p = (*p == '\n') ? ' ' : *p;
	}
	if (strstr(text, part) == NULL) {
		fail_msg("no '%s' in: %s", part, text);
	}
	talloc_free(text);
}

static void assert_next(const char *want)
{
	json_t *json = answer_json(&explain_json, r->service, NULL);
	json_t *finding = NULL;

	assert_non_null(json);
	finding = json_array_get(json_object_get(json, "findings"), 0);
	assert_non_null(finding);
	assert_string_equal(json_string_value(json_object_get(finding, "next")),
			    want);
	json_decref(json);
	assert_says(want);
}

/* The holder said that it is this computer, and lists that <03>; NULL: it said
 * nothing. */
static void diagnosed_list(const char *alias, const char *computer,
			   const char *lists)
{
	const struct wire_name wire = wire_of(alias);
	struct nbns_answer answer = { .num_names = 3 };
	struct holder *h = NULL;

	if (computer != NULL) {
		memset(answer.names, ' ', 3 * sizeof(answer.names[0]));
		memcpy(answer.names[0].bytes, computer, strlen(computer));
		answer.names[0].type = 0;
		answer.names[0].flags = 0x0400;
		memcpy(answer.names[1].bytes, "LAB", 3);
		answer.names[1].type = 0;
		answer.names[1].flags = 0x8400;
		memcpy(answer.names[2].bytes, lists, strlen(lists));
		answer.names[2].type = 3;
		answer.names[2].flags = 0x0400;
	}
	h = holder_create(r, (computer != NULL) ? &answer : NULL, &wire);
	assert_non_null(h);
	service_diagnosed(r->service, &wire, ip(HOLDER), h);
	talloc_free(h);
}

static void diagnosed(const char *alias, const char *computer)
{
	diagnosed_list(alias, computer, alias);
}

static void fail_start(void)
{
	assert_int_equal(service_start(r->service), NERR_Success);
	recorder_refuse(r, "ALPHA", SUBNET, 6, HOLDER);
}

static void run_with_refusal(void)
{
	assert_int_equal(service_start(r->service), NERR_Success);
	recorder_grant(r, "ALPHA", SUBNET);
	recorder_refuse(r, "OPERATOR", SUBNET, 6, HOLDER);
}

#define WAITS_FOR_SERVICE(name, kind)                                          \
	"{'alias': '" name "', 'kind': '" kind "', 'state': 'waiting',"        \
	" 'reason': 'the Messenger service is stopped',"                       \
	" 'advice': 'It is claimed when the service runs.',"                   \
	" 'next': 'smbmessenger start'}"

static void stopped(void **state)
{
	assert_text(
		"The Messenger service on ALPHA has been stopped since " AT_0_FOR_PEOPLE
		".\n"
		"To start it: smbmessenger start\n"
		"\n"
		"These aliases wait, as the Messenger service is stopped: "
		"ALPHA, OPERATOR.\n");
	assert_json(
		answer_json(&explain_json, r->service, NULL),
		"{'state': 'stopped', 'service_exit_code': 0,"
		" 'since': '" AT_0 "', 'findings': [" WAITS_FOR_SERVICE(
			"ALPHA",
			"computer") ", " WAITS_FOR_SERVICE("OPERATOR",
							   "configured") "]}");
}

static void starting(void **state)
{
	assert_int_equal(service_start(r->service), NERR_Success);
	assert_text("The Messenger service on ALPHA has been starting since "
		    AT_0_FOR_PEOPLE ".\n"
		    "It is claiming its computer name.\n"
		    "\n"
		    "These aliases wait, as the computer name comes first: "
		    "OPERATOR.\n");
}

static void running(void **state)
{
	assert_int_equal(service_start(r->service), NERR_Success);
	recorder_grant(r, "ALPHA", SUBNET);
	recorder_grant(r, "OPERATOR", SUBNET);
	assert_text(RUNNING
		    "Every alias is registered: there is nothing to do.\n");
}

/* WINS has not answered yet, nor been given up. */
static void running_before_wins_has_answered(void **state)
{
	r->subnets[1] = SUBNET_WINS;
	assert_int_equal(service_start(r->service), NERR_Success);
	recorder_grant(r, "ALPHA", SUBNET);
	recorder_grant(r, "OPERATOR", SUBNET);
	assert_says("Every alias is registered by broadcast, ALPHA<03> not yet "
		    "in WINS");
	recorder_grant(r, "ALPHA", SUBNET_WINS);
	assert_says("OPERATOR<03> not yet in WINS");
	recorder_grant(r, "OPERATOR", SUBNET_WINS);
	assert_says("Every alias is registered: there is nothing to do.");
}

/* There is no trouble, and yet not all is well. */
static void running_without_all(void **state)
{
	assert_int_equal(service_start(r->service), NERR_Success);
	recorder_grant(r, "ALPHA", SUBNET);
	assert_text(RUNNING
		    "OPERATOR<03> is still being claimed: look again in a few "
		    "seconds.\n");
	recorder_grant(r, "OPERATOR", SUBNET);
	recorder_subnet_gone(r, SUBNET);
	assert_text(RUNNING
		    "There is no subnet to claim aliases on: they are claimed "
		    "as soon as an\n"
		    "interface has an address.\n");
}

/* The end of `starting`, and what it hangs on. */
static void starting_waits(void **state)
{
	const struct wire_name wire = wire_of("ALPHA");

	assert_int_equal(service_start(r->service), NERR_Success);
	service_waiting(r->service, &wire, SUBNET, "Network is unreachable",
			NULL);
	assert_says("It waits for the network: Network is unreachable.");
	assert_says("ALPHA<03> could not be claimed on subnet " SUBNET
		    ": Network is unreachable.");
	assert_next("smbmessenger list");
}

static void failed_not_asked(void **state)
{
	fail_start();
	assert_says("failed at " AT_0_FOR_PEOPLE ", error 2270.");
	assert_says("ALPHA<03> is held on subnet " SUBNET " by " HOLDER ".");
	assert_says("It has not been asked who it is.");
	assert_says("First: nmblookup -A " HOLDER " Then: smbmessenger start");
	assert_next("smbmessenger start");
}

static void failed_unknown(void **state)
{
	fail_start();
	diagnosed("ALPHA", NULL);
	assert_says("It did not say who it is");
	assert_says("UDP port 137");
	assert_says("give one of the two computers another name");
	/* it has just not answered: another way */
	assert_says("First: ip neigh show " HOLDER " Then: smbmessenger start");
	assert_next("smbmessenger start");
}

static void failed_duplicate(void **state)
{
	fail_start();
	diagnosed("ALPHA", "ALPHA");
	assert_text(
		"The Messenger service on ALPHA failed at " AT_0_FOR_PEOPLE
		", error 2270.\n"
		"The computer name could not be added as a message alias. "
		"The name may already\n"
		"exist on the network.\n"
		"\n"
		"ALPHA<03> is held on subnet 10.88.0.2 by 10.88.0.9, the "
		"computer ALPHA (group\n"
		"LAB).\n"
		"That computer has the name ALPHA as its own: two computers "
		"on this network have\n"
		"the same name.\n"
		"Give one of the two another name: there, or here by "
		"\"netbios name\" in smb.conf\n"
		"and a restart of nmbd.\n"
		"Then: smbmessenger start\n"
		"\n"
		"These aliases wait, as the Messenger service has failed: "
		"OPERATOR.\n");
	assert_next("smbmessenger start");
}

static void failed_alias(void **state)
{
	fail_start();
	diagnosed("ALPHA", "PLANT1");
	assert_says("the computer PLANT1 (group LAB)");
	assert_says("It holds ALPHA as a message alias");
	assert_says("(Windows: net name ALPHA /delete); or give this server "
		    "another name");
	assert_next("smbmessenger start");
}

static void refused_duplicate(void **state)
{
	run_with_refusal();
	diagnosed("OPERATOR", "OPERATOR");
	assert_says("The Messenger service on ALPHA has been running since");
	/* our own name is another one */
	assert_says("That computer has the name OPERATOR as its own. Choose "
		    "another alias, or rename that computer.");
	assert_next("smbmessenger add OPERATOR");
}

static void refused_alias(void **state)
{
	run_with_refusal();
	diagnosed("OPERATOR", "PLANT1");
	assert_says("(Windows: net name OPERATOR /delete); or choose another "
		    "alias here");
	assert_next("smbmessenger add OPERATOR");
}

static void refused_unknown(void **state)
{
	run_with_refusal();
	diagnosed("OPERATOR", NULL);
	assert_says("Find the holder, or choose another alias. First: ip "
		    "neigh show " HOLDER);
	assert_next("smbmessenger add OPERATOR");
}

/* A claim that could not be sent: nobody holds it, nobody can be asked. */
static void could_not_be_sent(void **state)
{
	const struct wire_name wire = wire_of("OPERATOR");

	assert_int_equal(service_start(r->service), NERR_Success);
	recorder_grant(r, "ALPHA", SUBNET);
	service_waiting(r->service, &wire, SUBNET, "Network is unreachable",
			NULL);
	assert_says("OPERATOR<03> could not be claimed on subnet 10.88.0.2: "
		    "Network is unreachable.");
	assert_says("It is claimed there by itself as soon as that changes.");
	assert_next("smbmessenger list");
}

static void not_in_wins(void **state)
{
	const struct wire_name wire = wire_of("OPERATOR");

	assert_int_equal(service_start(r->service), NERR_Success);
	recorder_grant(r, "ALPHA", SUBNET);
	recorder_grant(r, "OPERATOR", SUBNET);
	service_waiting(r->service, &wire, "UNICAST_SUBNET",
			"WINS server 10.88.0.5 does not answer", NULL);
	assert_says("OPERATOR<03> is not registered in WINS: WINS server "
		    "10.88.0.5 does not answer.");
	assert_next("smbmessenger list");
}

/* A record that nobody stands behind names no holder. */
static void stale_in_wins(void **state)
{
	const struct wire_name wire = wire_of("OPERATOR");
	const struct refusal refusal = {
		.rcode = 5,
		.server = ip("10.88.0.5"),
		.record = ip("10.88.0.77"),
	};
	json_t *json = NULL;
	json_t *o = NULL;

	assert_int_equal(service_start(r->service), NERR_Success);
	recorder_grant(r, "ALPHA", SUBNET);
	recorder_grant(r, "OPERATOR", SUBNET);
	service_refused(r->service, &wire, "UNICAST_SUBNET", &refusal);
	assert_says("WINS server 10.88.0.5 refuses OPERATOR<03> (rcode 5): it "
		    "has a record for 10.88.0.77, where no computer holds the "
		    "name.");
	assert_says("it may be of an earlier address of this server");
	assert_says("Delete the record of OPERATOR on the WINS server");
	assert_next("smbmessenger list");
	json = answer_json(&explain_json, r->service, NULL);
	o = json_array_get(json_object_get(json, "findings"), 0);
	assert_json_key(o, "cause", "'stale-wins-record'");
	assert_json_key(o, "server", "'10.88.0.5'");
	assert_json_key(o, "rcode_name", "'RFS_ERR'");
	assert_null(json_object_get(o, "holder"));
	json_decref(json);
}

/* WINS says no, and not whose it is. */
static void refused_in_wins(void **state)
{
	const struct wire_name wire = wire_of("OPERATOR");
	const struct refusal refusal = {
		.rcode = 5,
		.server = ip("10.88.0.5"),
	};

	assert_int_equal(service_start(r->service), NERR_Success);
	recorder_grant(r, "ALPHA", SUBNET);
	service_refused(r->service, &wire, "UNICAST_SUBNET", &refusal);
	assert_says("WINS server 10.88.0.5 refuses OPERATOR<03> (rcode 5, "
		    "refused by policy).");
	assert_next("smbmessenger add OPERATOR");
}

/* It refuses a name that it does not list. */
static void not_the_holder(void **state)
{
	run_with_refusal();
	diagnosed_list("OPERATOR", "PLANT1", "ANOTHER");
	assert_says("It refuses the name, and does not list OPERATOR among "
		    "its own names");
	assert_says("Find the holder, or choose another alias.");
}

/* nmbd did not tell who refused it. */
static void nobody_known(void **state)
{
	assert_int_equal(service_start(r->service), NERR_Success);
	recorder_grant(r, "ALPHA", SUBNET);
	recorder_refuse(r, "OPERATOR", SUBNET, 6, "");
	assert_says("OPERATOR<03> is held on subnet 10.88.0.2 by another "
		    "computer.");
	assert_next("smbmessenger add OPERATOR");
}

/* What another holder, or one of another name, is said to be is not mixed
 * up. */
static void of_another_holder(void **state)
{
	const struct wire_name wire = wire_of("OPERATOR");
	struct holder *h = NULL;

	run_with_refusal();
	h = holder_create(r, NULL, &wire);
	service_diagnosed(r->service, &wire, ip("10.88.0.77"), h);
	assert_says("It has not been asked who it is.");
	diagnosed("ALPHA", "ALPHA");
	diagnosed("NOBODY", "ALPHA");
	assert_says("It has not been asked who it is.");
}

/* Taken since: the verdict of an older question changes nothing. */
static void held_since(void **state)
{
	fail_start();
	assert_int_equal(service_start(r->service), NERR_Success);
	recorder_grant(r, "ALPHA", SUBNET);
	recorder_grant(r, "OPERATOR", SUBNET);
	diagnosed("ALPHA", "PLANT1");
	assert_says("there is nothing to do");
}

static void finding(void **state)
{
	json_t *json = NULL;
	json_t *o = NULL;

	run_with_refusal();
	diagnosed("OPERATOR", "PLANT1");
	json = answer_json(&explain_json, r->service, NULL);
	assert_non_null(json);
	assert_json_key(json, "state", "'running'");
	assert_json_key(json, "service_exit_code", "0");
	assert_json_key(json, "since", "'" AT_0 "'");
	assert_int_equal(json_array_size(json_object_get(json, "findings")), 1);
	o = json_array_get(json_object_get(json, "findings"), 0);
	assert_json_key(o, "alias", "'OPERATOR'");
	assert_json_key(o, "kind", "'configured'");
	assert_json_key(o, "subnet", "'" SUBNET "'");
	assert_json_key(o, "rcode", "6");
	assert_json_key(o, "cause", "'alias-of-another-computer'");
	assert_json_key(o, "holder",
			"{'address': '" HOLDER "', 'computer': 'PLANT1',"
			" 'group': 'LAB', 'names': ['PLANT1<00>', "
			"'LAB<00>', 'OPERATOR<03>']}");
	assert_json_key(o, "rcode_name", "'ACT_ERR'");
	json_decref(json);
}

static void several(void **state)
{
	json_t *json = NULL;

	recorder_configure(r, "ALPHA", "OPERATOR HELPDESK");
	run_with_refusal();
	recorder_refuse(r, "HELPDESK", SUBNET, 6, "10.88.0.10");
	json = answer_json(&explain_json, r->service, NULL);
	assert_int_equal(json_array_size(json_object_get(json, "findings")), 2);
	json_decref(json);
	assert_says("OPERATOR<03> is held on subnet " SUBNET " by " HOLDER);
	assert_says("HELPDESK<03> is held on subnet " SUBNET " by 10.88.0.10");
}

#define RUNS RUNNING "\n"

static void assert_finding(const char *want)
{
	json_t *json = answer_json(&explain_json, r->service, NULL);

	assert_non_null(json);
	assert_json_key(json, "findings", want);
	json_decref(json);
}

/* Every word, and no key that does not apply. */
static void all_of_what_was_not_sent(void **state)
{
	could_not_be_sent(state);
	assert_text(RUNS
		    "OPERATOR<03> could not be claimed on subnet 10.88.0.2: "
		    "Network is unreachable.\n"
		    "It is claimed there by itself as soon as that changes.\n"
		    "Then: smbmessenger list\n");
	assert_finding("[{'alias': 'OPERATOR', 'kind': 'configured',"
		       " 'subnet': '10.88.0.2', 'state': 'waiting',"
		       " 'reason': 'Network is unreachable',"
		       " 'advice': 'It is claimed there by itself as soon as "
		       "that changes.',"
		       " 'next': 'smbmessenger list'}]");
}

static void all_of_nobody_known(void **state)
{
	nobody_known(state);
	assert_text(RUNS "OPERATOR<03> is held on subnet 10.88.0.2 by another "
			 "computer.\n"
			 "Find the holder, or choose another alias.\n"
			 "Then: smbmessenger add OPERATOR\n");
	assert_finding("[{'alias': 'OPERATOR', 'kind': 'configured',"
		       " 'subnet': '10.88.0.2', 'state': 'refused',"
		       " 'rcode': 6, 'rcode_name': 'ACT_ERR',"
		       " 'reason': 'It has not been asked who it is.',"
		       " 'advice': 'Find the holder, or choose another alias.',"
		       " 'next': 'smbmessenger add OPERATOR'}]");
}

/* Somebody answered, without a code. */
static void holder_without_rcode(void **state)
{
	assert_int_equal(service_start(r->service), NERR_Success);
	recorder_grant(r, "ALPHA", SUBNET);
	recorder_refuse(r, "OPERATOR", SUBNET, 0, HOLDER);
	assert_says("OPERATOR<03> is held on subnet " SUBNET " by " HOLDER
		    ". It");
}

/* It answered, but not with a name of its own. */
static void holder_without_computer_name(void **state)
{
	run_with_refusal();
	diagnosed("OPERATOR", NULL);
	assert_says("OPERATOR<03> is held on subnet " SUBNET " by " HOLDER
		    ". It");
}

/* The subnet went away, and with it whoever refused the alias there. */
static void refused_where_no_subnet_is(void **state)
{
	run_with_refusal();
	recorder_subnet_gone(r, SUBNET);
	assert_text(RUNNING "There is no subnet to claim aliases on: they are "
			    "claimed as soon as an\n"
			    "interface has an address.\n"
			    "\n"
			    "OPERATOR<03> was refused by another computer.\n"
			    "Find out who holds it.\n"
			    "Then: smbmessenger add OPERATOR\n");
	assert_finding("[{'alias': 'ALPHA', 'kind': 'computer',"
		       " 'state': 'waiting',"
		       " 'reason': 'there is no network to hold it on',"
		       " 'advice': 'It is claimed as soon as an interface has "
		       "an address.',"
		       " 'next': 'smbmessenger list'},"
		       " {'alias': 'OPERATOR', 'kind': 'configured',"
		       " 'state': 'refused',"
		       " 'reason': 'another computer refused it',"
		       " 'advice': 'Find out who holds it.',"
		       " 'next': 'smbmessenger add OPERATOR'}]");
}

/* A request that was refused is remembered: for an hour, with its holder. */
static void refused_request(void **state)
{
	struct wire_name wire;

	assert_int_equal(service_start(r->service), NERR_Success);
	recorder_grant(r, "ALPHA", SUBNET);
	recorder_grant(r, "OPERATOR", SUBNET);
	assert_int_equal(service_add(r->service, "HELP DESK", &wire),
			 NERR_Success);
	recorder_refuse(r, "HELP DESK", SUBNET, 6, HOLDER);
	diagnosed("HELP DESK", "PLANT1");
	assert_says("HELP DESK<03> is held on subnet " SUBNET " by " HOLDER
		    ", the computer PLANT1 (group LAB).");
	assert_says("HELP DESK was asked for at " AT_0_FOR_PEOPLE ", and was "
		    "not added. HELP DESK<03> is held");
	assert_next("smbmessenger add 'HELP DESK'");
	r->now = at(3600);
	assert_says("HELP DESK<03> is held");
	/* a start does not bring what was not added */
	assert_int_equal(service_stop(r->service), NERR_Success);
	assert_says("Then: smbmessenger start && smbmessenger add 'HELP DESK'");
	r->now = at(3601);
	assert_int_equal(service_start(r->service), NERR_Success);
	recorder_grant(r, "ALPHA", SUBNET);
	recorder_grant(r, "OPERATOR", SUBNET);
	assert_says("there is nothing to do");
}

/* Held after all, or asked for no more: nothing is wrong with it. */
static void refused_request_is_settled(void **state)
{
	struct wire_name wire;

	assert_int_equal(service_start(r->service), NERR_Success);
	recorder_grant(r, "ALPHA", SUBNET);
	recorder_grant(r, "OPERATOR", SUBNET);
	(void)service_add(r->service, "HELPDESK", &wire);
	recorder_refuse(r, "HELPDESK", SUBNET, 6, HOLDER);
	(void)service_add(r->service, "HELPDESK", &wire);
	recorder_grant(r, "HELPDESK", SUBNET);
	assert_says("there is nothing to do");
	(void)service_add(r->service, "PRINT", &wire);
	recorder_refuse(r, "PRINT", SUBNET, 6, HOLDER);
	assert_says("PRINT<03> is held");
	(void)service_delete(r->service, "PRINT", NULL);
	assert_says("there is nothing to do");
}

/* A user's name that is held by somebody else, and one that is no alias. */
static void refused_users(void **state)
{
	assert_int_equal(service_start(r->service), NERR_Success);
	recorder_grant(r, "ALPHA", SUBNET);
	recorder_grant(r, "OPERATOR", SUBNET);
	service_set_users(r->service,
			  (const char *const[]){ "erin", "a*b", NULL });
	recorder_refuse(r, "ERIN", SUBNET, 6, HOLDER);
	assert_says("ERIN<03> is held on subnet " SUBNET " by " HOLDER ".");
	assert_says("The user a*b has no alias, error 123: ");
	r->now = at(2 * 3600);
	assert_says("ERIN<03> is held on subnet " SUBNET " by " HOLDER ".");
	/* logged out */
	service_set_users(r->service, (const char *const[]){ NULL });
	assert_says("there is nothing to do");
}

static enum messenger_code request(const char *name)
{
	struct wire_name wire;

	return service_add(r->service, name, &wire);
}

static void run_well(void)
{
	assert_int_equal(service_start(r->service), NERR_Success);
	recorder_grant(r, "ALPHA", SUBNET);
	recorder_grant(r, "OPERATOR", SUBNET);
}

static void assert_lacks(const char *part)
{
	char *text = answer_text(r, &explain_text, r->service, NULL);

	assert_non_null(text);
	if (strstr(text, part) != NULL) {
		fail_msg("'%s' in: %s", part, text);
	}
	talloc_free(text);
}

/* Nobody on the network is the reason; it is remembered all the same. */
static void request_of_no_name(void **state)
{
	run_well();
	assert_int_equal(request("*NIGHT"), ERROR_INVALID_NAME_);
	assert_int_equal(request("LONGER THAN FIFTEEN"),
			 ERROR_INVALID_PARAMETER_);
	assert_says("*NIGHT was asked for at " AT_0_FOR_PEOPLE ", and was not "
		    "added. Error 123: This is not a NetBIOS name");
	assert_says("LONGER THAN FIFTEEN was asked for at " AT_0_FOR_PEOPLE
		    ", and was not added. Error 87: ");
	assert_says("Choose another name. ");
	assert_lacks("Then:");
	assert_int_equal(request("A\033[2J"), ERROR_INVALID_NAME_);
	assert_says("A.[2J was asked for at ");
	/* the same one again is one */
	assert_int_equal(request("*NIGHT"), ERROR_INVALID_NAME_);
	assert_int_equal(service_delete(r->service, "*NIGHT", NULL),
			 ERROR_INVALID_NAME_);
	assert_lacks("*NIGHT");
	r->now = at(3601);
	assert_says("there is nothing to do");
}

static void request_without_room(void **state)
{
	json_t *json = NULL;

	r->config->max_aliases = 1;
	recorder_configure(r, "ALPHA", "OPERATOR");
	run_well();
	r->now = at(5);
	assert_int_equal(request("DAY"), NERR_TooManyNames);
	assert_says("DAY was asked for at 2026-11-22 12:00:05 UTC, and was not "
		    "added. Error 2277: The table of message aliases is full");
	assert_says("First: smbmessenger list Then: smbmessenger add DAY ");
	json = answer_json(&explain_json, r->service, NULL);
	assert_json_key(json_array_get(json_object_get(json, "findings"), 0),
			"requested", "'2026-11-22T12:00:05.000000Z'");
	assert_json_key(json_array_get(json_object_get(json, "findings"), 0),
			"code_name", "'NERR_TooManyNames'");
	json_decref(json);
	r->config->max_aliases = 2;
	recorder_configure(r, "ALPHA", "OPERATOR");
	assert_int_equal(request("DAY"), NERR_Success);
	recorder_grant(r, "DAY", SUBNET);
	assert_says("there is nothing to do");
}

static void request_without_network(void **state)
{
	run_well();
	assert_int_equal(request("NIGHT"), NERR_Success);
	recorder_wait(r, "NIGHT", SUBNET, "Network is unreachable");
	assert_says("and was not added. Error 2136: ");
	assert_says("Network is unreachable. Ask for it again when there is a "
		    "network. Then: smbmessenger add NIGHT ");
}

/* Asked for once more: what was before is over. */
static void request_under_way_again(void **state)
{
	run_well();
	assert_int_equal(request("NIGHT"), NERR_Success);
	recorder_refuse(r, "NIGHT", SUBNET, 6, HOLDER);
	assert_int_equal(request("NIGHT"), NERR_Success);
	assert_lacks("is held");
	assert_says("NIGHT<03> is still being claimed");
}

/* What root types is not what a user is called. */
static void command_is_quoted(void **state)
{
	recorder_configure(r, "ALPHA", "$(REBOOT) A'B");
	assert_int_equal(service_start(r->service), NERR_Success);
	recorder_grant(r, "ALPHA", SUBNET);
	recorder_refuse(r, "$(REBOOT)", SUBNET, 6, "");
	recorder_refuse(r, "A'B", SUBNET, 6, "");
	assert_says("Then: smbmessenger add '$(REBOOT)' ");
	assert_says("Then: smbmessenger add 'A'\\''B' ");
}

/* Each by its own number: a name that is too long has no wrong character. */
static void users_left_out(void **state)
{
	run_well();
	service_set_users(r->service,
			  (const char *const[]){ "a*b", "longer-than-fifteen",
						 NULL });
	assert_says("The user a*b has no alias, error 123: This is not a "
		    "NetBIOS name");
	assert_says("The user longer-than-fifteen has no alias, error 87: A "
		    "message alias has at most 15 bytes");
}

static void held_by_the_word_of_wins(void **state)
{
	run_with_refusal();
	assert_int_equal(request("NIGHT"), NERR_Success);
	recorder_refuse(r, "NIGHT", "UNICAST_SUBNET", 6, "10.9.9.9");
	assert_says("NIGHT<03> is held in WINS by 10.9.9.9.");
	assert_lacks("UNICAST_SUBNET");
	recorder_diagnosed(r, "NIGHT", "10.9.9.9", NULL, NULL);
	assert_says("First: ping -c 3 10.9.9.9 Then: smbmessenger add NIGHT");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(request_of_no_name),
		TEST(request_without_room),
		TEST(request_without_network),
		TEST(request_under_way_again),
		TEST(command_is_quoted),
		TEST(users_left_out),
		TEST(held_by_the_word_of_wins),
		TEST(stopped),
		TEST(starting),
		TEST(running),
		TEST(failed_not_asked),
		TEST(failed_unknown),
		TEST(failed_duplicate),
		TEST(failed_alias),
		TEST(refused_duplicate),
		TEST(refused_alias),
		TEST(refused_unknown),
		TEST(could_not_be_sent),
		TEST(nobody_known),
		TEST(of_another_holder),
		TEST(held_since),
		TEST(finding),
		TEST(several),
		TEST(running_without_all),
		TEST(running_before_wins_has_answered),
		TEST(starting_waits),
		TEST(not_in_wins),
		TEST(stale_in_wins),
		TEST(refused_in_wins),
		TEST(not_the_holder),
		TEST(all_of_what_was_not_sent),
		TEST(all_of_nobody_known),
		TEST(holder_without_rcode),
		TEST(holder_without_computer_name),
		TEST(refused_where_no_subnet_is),
		TEST(refused_request),
		TEST(refused_request_is_settled),
		TEST(refused_users),
	};

	return cmocka_run_group_tests(tests, setup_smb_conf, teardown_smb_conf);
}

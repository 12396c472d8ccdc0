/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What requests are answered with, as text and as JSON, in every state of the
 * service.
 */


#include "answer.h"
#include "recorder.h"
#include "request.h"
#include "smb_conf.h"

static struct recorder *r;

static int setup(void **state)
{
	r = recorder_create();
	r->subnets[0] = "10.88.0.2";
	return 0;
}

static int teardown(void **state)
{
	recorder_free(r);
	return 0;
}

static void assert_text(char *text, const char *want)
{
	assert_non_null(text);
	assert_string_equal(text, want);
	assert_ptr_equal(talloc_parent(text), r);
	assert_columns(text, 80);
	talloc_free(text);
}

/* {"service", "computer", "aliases"}; takes over the reference. */
static void assert_status(json_t *json, const char *service,
			  const char *computer, const char *aliases)
{
	assert_non_null(json);
	assert_json_key(json, "service", service);
	assert_json_key(json, "computer", computer);
	assert_json_key(json, "aliases", aliases);
	json_decref(json);
}

static void assert_contains(const char *text, const char *part)
{
	if (strstr(text, part) == NULL) {
		fail_msg("no '%s' in:\n%s", part, text);
	}
}

static void start(const char *computers, const char *aliases)
{
	recorder_configure(r, computers, aliases);
	assert_int_equal(service_start(r->service), NERR_Success);
}

#define HEAD                                                                   \
	"Message aliases of ALPHA\n"                                           \
	"\n"                                                                   \
	"NAME             KIND       STATE       SUBNETS\n"

#define WAITING(name, kind)                                                    \
	"{'name': '" name "', 'kind': '" kind "', 'state': 'waiting',"         \
	" 'since': '" AT_0 "',"                                                \
	" 'reason': 'the Messenger service is stopped', 'subnets': []}"

static void stopped(void **state)
{
	recorder_configure(r, "ALPHA", "OPERATOR");
	assert_text(answer_text(r, &report_status_text, r->service, NULL),
		    "The Messenger service on ALPHA has been stopped since "
		    AT_0_FOR_PEOPLE ".\n"
		    "2 aliases: 0 registered, 0 refused, 2 waiting\n"
		    "  These aliases wait, as the Messenger service is "
		    "stopped: ALPHA, OPERATOR.\n"
		    "What to do: smbmessenger explain\n");
	assert_text(answer_text(r, &report_list_text, r->service, NULL),
		    HEAD "ALPHA            computer   waiting\n"
			 "OPERATOR         configured waiting\n"
			 "\n"
			 "What waits is claimed when it runs again: the "
			 "Messenger service is stopped.\n");
	assert_status(answer_json(&report_status_json, r->service, NULL),
		      "{'state': 'stopped', 'win32_exit_code': 0,"
		      " 'service_exit_code': 0, 'since': '" AT_0 "'}",
		      "'ALPHA'",
		      "[" WAITING("ALPHA",
				  "computer") ", " WAITING("OPERATOR",
							   "configured") "]");
	assert_json(answer_json(&report_list_json, r->service, NULL),
		    "{'aliases': [" WAITING("ALPHA", "computer") ", " WAITING(
			    "OPERATOR", "configured") "]}");
}

static void not_configured(void **state)
{
	assert_status(answer_json(&report_status_json, r->service, NULL),
		      "{'state': 'stopped', 'win32_exit_code': 0,"
		      " 'service_exit_code': 0, 'since': '" AT_0 "'}",
		      "''", "[]");
}

static void starting(void **state)
{
	start("ALPHA", "");
	assert_text(
		answer_text(r, &report_status_text, r->service, NULL),
		"The Messenger service on ALPHA has been starting since "
		AT_0_FOR_PEOPLE ".\n"
		"1 alias: 0 registered, 0 refused, 0 waiting, 1 registering\n"
		"What to do: smbmessenger explain\n");
	assert_text(answer_text(r, &report_list_text, r->service, NULL),
		    HEAD "ALPHA            computer   registering 10.88.0.2\n");
	assert_status(answer_json(&report_status_json, r->service, NULL),
		      "{'state': 'starting', 'win32_exit_code': 0,"
		      " 'service_exit_code': 0, 'since': '" AT_0 "'}",
		      "'ALPHA'",
		      "[{'name': 'ALPHA', 'kind': 'computer',"
		      " 'state': 'registering', 'since': '" AT_0 "',"
		      " 'subnets': [{'subnet': '10.88.0.2',"
		      " 'state': 'registering'}]}]");
}

static void running(void **state)
{
	r->subnets[1] = "10.88.1.2";
	start("ALPHA", "OPERATOR PRINT");
	r->now = at(1);
	recorder_grant(r, "ALPHA", "10.88.0.2");
	recorder_grant(r, "ALPHA", "10.88.1.2");
	recorder_grant(r, "OPERATOR", "10.88.0.2");
	service_set_users(r->service, (const char *const[]){ "eve", NULL });
	recorder_refuse(r, "PRINT", "10.88.1.2", 6, "10.88.1.9");
	assert_text(answer_text(r, &report_status_text, r->service, NULL),
		    "The Messenger service on ALPHA has been running since "
		    "2026-11-22 12:00:01 UTC.\n"
		    "4 aliases: 1 registered, 1 refused, 0 waiting, "
		    "2 registering\n"
		    "  PRINT<03> refused on 10.88.1.2: held by 10.88.1.9\n"
		    "What to do: smbmessenger explain\n");
	/* only what differs from the alias as a whole is said of a subnet */
	assert_text(answer_text(r, &report_list_text, r->service, NULL),
		    HEAD "ALPHA            computer   registered  10.88.0.2 "
			 "10.88.1.2\n"
			 "EVE              user       registering 10.88.0.2 "
			 "10.88.1.2\n"
			 "OPERATOR         configured registering 10.88.0.2 "
			 "(registered) 10.88.1.2\n"
			 "PRINT            configured refused     10.88.1.2 "
			 "(held by 10.88.1.9)\n");
	assert_json(
		answer_json(&report_list_json, r->service, NULL),
		"{'aliases': [{'name': 'ALPHA', 'kind': 'computer',"
		" 'state': 'registered',"
		" 'since': '2026-11-22T12:00:01.000000Z', 'subnets':"
		" [{'subnet': '10.88.0.2', 'state': 'registered'},"
		" {'subnet': '10.88.1.2', 'state': 'registered'}]},"
		" {'name': 'EVE', 'kind': 'user',"
		" 'state': 'registering',"
		" 'since': '2026-11-22T12:00:01.000000Z', 'subnets':"
		" [{'subnet': '10.88.0.2', 'state': 'registering'},"
		" {'subnet': '10.88.1.2', 'state': 'registering'}]},"
		" {'name': 'OPERATOR', 'kind': 'configured',"
		" 'state': 'registering',"
		" 'since': '2026-11-22T12:00:01.000000Z', 'subnets':"
		" [{'subnet': '10.88.0.2', 'state': 'registered'},"
		" {'subnet': '10.88.1.2', 'state': 'registering'}]},"
		" {'name': 'PRINT', 'kind': 'configured', 'state': 'refused',"
		" 'since': '2026-11-22T12:00:01.000000Z', 'subnets':"
		" [{'subnet': '10.88.1.2', 'state': 'refused',"
		" 'rcode': 6, 'rcode_name': 'ACT_ERR',"
		" 'holder': {'address': '10.88.1.9'}}]}]}");
}

static void failed_text(void **state)
{
	char *text = NULL;

	start("ALPHA", "");
	recorder_refuse(r, "ALPHA", "10.88.0.2", 6, "10.88.0.1");
	text = answer_text(r, &report_status_text, r->service, NULL);
	assert_non_null(text);
	assert_contains(
		text,
		"The Messenger service on ALPHA failed at " AT_0_FOR_PEOPLE
		", error 2270.\n");
	assert_contains(text, "win32 1066, service 2270 "
			      "(NERR_NoComputerName)\n");
	assert_contains(text, "ALPHA<03> refused on 10.88.0.2: held by "
			      "10.88.0.1");
	assert_contains(text, "smbmessenger ");
	assert_int_equal(text[strlen(text) - 1], '\n');
	assert_text(answer_text(r, &report_list_text, r->service, NULL),
		    HEAD "ALPHA            computer   refused     10.88.0.2 "
			 "(held by 10.88.0.1)\n"
			 "\n"
			 "What waits is claimed when it runs again: the "
			 "Messenger service has failed.\n");
}

static void failed_width(void **state)
{
	start("ABCDEFGHIJKLMNO", "");
	recorder_refuse(r, "ABCDEFGHIJKLMNO", "10.88.0.2", 6, "10.88.0.1");
	assert_columns(answer_text(r, &report_status_text, r->service, NULL), 80);
}

static void failed_json(void **state)
{
	start("ALPHA", "");
	r->now = at(2);
	recorder_refuse(r, "ALPHA", "10.88.0.2", 6, "10.88.0.1");
	assert_status(answer_json(&report_status_json, r->service, NULL),
		      "{'state': 'failed', 'win32_exit_code': 1066,"
		      " 'service_exit_code': 2270,"
		      " 'since': '2026-11-22T12:00:02.000000Z'}",
		      "'ALPHA'",
		      "[{'name': 'ALPHA', 'kind': 'computer',"
		      " 'state': 'refused',"
		      " 'since': '2026-11-22T12:00:02.000000Z',"
		      " 'subnets': [{'subnet': '10.88.0.2',"
		      " 'state': 'refused', 'rcode': 6,"
		      " 'rcode_name': 'ACT_ERR',"
		      " 'holder': {'address': '10.88.0.1'}}]}]");
}

static void failed_without_evidence(void **state)
{
	char *text = NULL;

	start("ALPHA", "");
	recorder_refuse(r, "ALPHA", "10.88.0.2", 6, "");
	text = answer_text(r, &report_status_text, r->service, NULL);
	assert_contains(text, "ALPHA<03> refused on 10.88.0.2: holder "
			      "unknown\n");
	/* unknown is absent */
	assert_json(answer_json(&report_list_json, r->service, NULL),
		    "{'aliases': [{'name': 'ALPHA', 'kind': 'computer',"
		    " 'state': 'refused', 'since': '" AT_0 "', 'subnets':"
		    " [{'subnet': '10.88.0.2', 'state': 'refused',"
		    " 'rcode': 6, 'rcode_name': 'ACT_ERR'}]}]}");
	/* and its subnet may go as well */
	recorder_subnet_gone(r, "10.88.0.2");
	text = answer_text(r, &report_status_text, r->service, NULL);
	assert_contains(text, "win32 1066, service 2270");
	assert_null(strstr(text, "10.88.0.2"));
	assert_json(answer_json(&report_list_json, r->service, NULL),
		    "{'aliases': [{'name': 'ALPHA', 'kind': 'computer',"
		    " 'state': 'refused', 'since': '" AT_0 "',"
		    " 'subnets': []}]}");
}

/* What could not be sent, and why. */
static void waiting(void **state)
{
	struct wire_name wire = wire_of("ALPHA");

	start("ALPHA", "");
	service_waiting(r->service, &wire, "10.88.0.2",
			"Network is unreachable", NULL);
	assert_text(
		answer_text(r, &report_status_text, r->service, NULL),
		"The Messenger service on ALPHA has been starting since "
		AT_0_FOR_PEOPLE ".\n"
		"  It waits for the network: Network is unreachable.\n"
		"1 alias: 0 registered, 0 refused, 1 waiting\n"
		"  ALPHA<03> waiting on 10.88.0.2: Network is unreachable\n"
		"What to do: smbmessenger explain\n");
	/* what does not fit has a line of its own */
	assert_text(
		answer_text(r, &report_list_text, r->service, NULL), HEAD
		"ALPHA            computer   waiting\n"
		"                 10.88.0.2 (waiting: Network is unreachable)\n");
	assert_json(answer_json(&report_list_json, r->service, NULL),
		    "{'aliases': [{'name': 'ALPHA', 'kind': 'computer',"
		    " 'state': 'waiting', 'since': '" AT_0 "', 'subnets':"
		    " [{'subnet': '10.88.0.2', 'state': 'waiting',"
		    " 'reason': 'Network is unreachable'}],"
		    " 'reason': 'Network is unreachable'}]}");
}

/* A name of smb.conf that is none stands below the aliases, with its number. */
static void invalid_names(void **state)
{
	struct config_invalid *i =
		talloc_zero_array(r->config, struct config_invalid, 1);
	char *text = NULL;

	i[0].text = talloc_strdup(i, "*X");
	i[0].code = ERROR_INVALID_NAME_;
	r->config->invalid = i;
	start("ALPHA", "");
	text = answer_text(r, &report_list_text, r->service, NULL);
	assert_contains(text, "\n*X               configured invalid     "
			      "(error 123)\n");
	text = answer_text(r, &explain_text, r->service, NULL);
	assert_contains(text, "*X in messenger:aliases is left out, error "
			      "123: ");
	assert_contains(text, "Then: smbcontrol nmbd reload-config\n");
	/* gone from smb.conf, gone from here */
	r->config->invalid = NULL;
	recorder_configure(r, "ALPHA", "");
	text = answer_text(r, &report_list_text, r->service, NULL);
	assert_null(strstr(text, "invalid"));
}

static void list_columns(void **state)
{
	char *text = NULL;
	const char *kind = NULL;

	start("ABCDEFGHIJKLMNO", "");
	recorder_grant(r, "ABCDEFGHIJKLMNO", "10.88.0.2");
	service_set_users(r->service,
			  (const char *const[]){ "m\xc3\xbcller", NULL });
	text = answer_text(r, &report_list_text, r->service, NULL);
	assert_non_null(text);
	assert_contains(text, "ABCDEFGHIJKLMNO  computer   registered  "
			      "10.88.0.2\n");
	/* a column is a character, not a byte */
	kind = "M\xc3\x9cLLER           user       registering 10.88.0.2\n";
	assert_contains(text, kind);
	assert_columns(text, 80);
}

/* Each column stands where it does in the other rows. */
static void list_of_a_long_name(void **state)
{
	struct config_invalid *i =
		talloc_zero_array(r->config, struct config_invalid, 1);

	i[0].text = talloc_strdup(i, "SIXTEEN-LETTERS-");
	i[0].code = ERROR_INVALID_PARAMETER_;
	r->config->invalid = i;
	start("ALPHA", "");
	assert_contains(answer_text(r, &report_list_text, r->service, NULL),
			"\nSIXTEEN-LETTERS-\n"
			"                 configured invalid     (error 87)\n");
	r->config->invalid = NULL;
}

/* What people know it by. */
static void list_of_wins(void **state)
{
	r->subnets[1] = "UNICAST_SUBNET";
	start("ALPHA", "");
	recorder_grant(r, "ALPHA", "10.88.0.2");
	recorder_grant(r, "ALPHA", "UNICAST_SUBNET");
	assert_contains(answer_text(r, &report_list_text, r->service, NULL),
			"ALPHA            computer   registered  "
			"10.88.0.2 WINS\n");
}

static void list_columns_of_a_refusal(void **state)
{
	r->subnets[0] = "192.168.100.200";
	start("ALPHA", "OPERATOR");
	recorder_grant(r, "ALPHA", "192.168.100.200");
	recorder_refuse(r, "OPERATOR", "192.168.100.200", 6, "192.168.100.201");
	assert_columns(answer_text(r, &report_list_text, r->service, NULL), 80);
}

static void help(void **state)
{
	const struct request_help *h = NULL;
	char *text = report_help_text(r);
	json_t *json = report_help_json();
	json_t *list = json_object_get(json, "requests");
	size_t num = 0;

	assert_non_null(text);
	assert_columns(text, 80);
	assert_int_equal(text[strlen(text) - 1], '\n');
	for (h = request_help; h->usage != NULL; h++) {
		json_t *entry = json_array_get(list, num++);

		assert_contains(text, h->usage);
		assert_contains(text, h->meaning);
		assert_string_equal(json_string_value(
					    json_object_get(entry, "request")),
				    h->usage);
		assert_string_equal(json_string_value(
					    json_object_get(entry, "meaning")),
				    h->meaning);
		assert_int_equal(json_object_size(entry), 2);
	}
	assert_int_equal(json_array_size(list), num);
	assert_json_key(json, "parts", "true");
	assert_int_equal(json_object_size(json), 2);
	json_decref(json);
}

static void error_of_a_request(void **state)
{
	assert_json(report_error_json("unknown request 'x\""),
		    "{'ok': false, 'code': 87,"
		    " 'code_name': 'ERROR_INVALID_PARAMETER',"
		    " 'message': 'unknown request \\u0027x\\u0022'}");
	/* what cannot be said in JSON is still answered */
	assert_json(report_error_json("unknown request \xff"),
		    "{'ok': false, 'code': 87,"
		    " 'code_name': 'ERROR_INVALID_PARAMETER',"
		    " 'message': 'unknown request ?'}");
}

/* "unix charset" need not be UTF-8. */
static void another_unix_charset(void **state)
{
	load_smb_conf("unix charset = ISO-8859-1");
	start("ALPHA", "");
	recorder_grant(r, "ALPHA", "10.88.0.2");
	service_set_users(r->service,
			  (const char *const[]){ "m\xfcller", NULL });
	assert_json(answer_json(&report_list_json, r->service, NULL),
		    "{'aliases': [{'name': 'ALPHA', 'kind': 'computer',"
		    " 'state': 'registered', 'since': '" AT_0 "',"
		    " 'subnets': [{'subnet': '10.88.0.2',"
		    " 'state': 'registered'}]},"
		    " {'name': 'M?LLER', 'kind': 'user',"
		    " 'state': 'registering', 'since': '" AT_0 "',"
		    " 'subnets': [{'subnet': '10.88.0.2',"
		    " 'state': 'registering'}]}]}");
	load_smb_conf("");
}

static void outcome_of_success(void **state)
{
	const struct outcome o = {
		.done = "added",
		.subject = "OPERATOR",
		.code = NERR_Success,
	};
	json_t *json = report_outcome_json(&o);

	assert_text(report_outcome_text(r, &o), "OPERATOR: added\n");
	assert_string_equal(json_string_value(json_object_get(json, "name")),
			    "OPERATOR");
	assert_true(json_is_true(json_object_get(json, "ok")));
	assert_int_equal(json_integer_value(json_object_get(json, "code")), 0);
	assert_string_equal(json_string_value(
				    json_object_get(json, "code_name")),
			    "NERR_Success");
	assert_string_equal(json_string_value(json_object_get(json, "message")),
			    "added");
	assert_null(json_object_get(json, "holder"));
	json_decref(json);
}

/* What another node of the cluster has to do is not told as done. */
static void outcome_of_two_nodes(void **state)
{
	const struct wire_name wire = wire_of("OPERATOR");
	struct report_node said[] = { { .node = 5, .claimed = true },
				      { .node = 1 } };
	const struct report_nodes nodes = { .nodes = said, .num = 2 };
	struct alias *a = NULL;
	char *text = NULL;

	start("ALPHA", "");
	recorder_grant_all(r, "ALPHA");
	recorder_configure(r, "ALPHA", "OPERATOR");
	recorder_grant_all(r, "OPERATOR");
	assert_null(report_left(r, "added", r->service, &wire, &nodes));
	a = alias_find(service_get_aliases(r->service), &wire);
	assert_true(alias_subnet_set(a, SUBNET_WINS, ALIAS_STANDBY, 0,
				     ip("10.89.0.3")));
	alias_subnet_find(a, SUBNET_WINS)->node = 2;
	/* a node that was not heard of refused it */
	assert_true(alias_subnet_set(a, "10.90.0.2", ALIAS_STANDBY, 0,
				     ip("10.90.0.3")));
	assert_null(report_left(r, "added", r->service, &wire, &nodes));
	assert_true(alias_subnet_set(a, "10.89.0.2", ALIAS_STANDBY, 0,
				     ip("10.89.0.3")));
	alias_subnet_find(a, "10.89.0.2")->node = 2;
	text = report_left(r, "added", r->service, &wire, &nodes);
	assert_non_null(text);
	assert_string_equal(text, "added; on 10.89.0.2 it is left to node 1, "
				  "10.89.0.3, which has not said that it holds "
				  "it");
	talloc_free(text);
	said[1].code = NERR_NetworkError;
	said[1].reason = "there is no network to hold it on";
	text = report_left(r, "added", r->service, &wire, &nodes);
	assert_string_equal(text, "added; on 10.89.0.2 it is left to node 1, "
				  "10.89.0.3, which has not claimed it yet: "
				  "there is no network to hold it on (error "
				  "2136)");
	talloc_free(text);
	said[1].reason = NULL;
	text = report_left(r, "added", r->service, &wire, &nodes);
	assert_string_equal(text, "added; on 10.89.0.2 it is left to node 1, "
				  "10.89.0.3, which has not claimed it yet: "
				  "NERR_NetworkError (error 2136)");
	talloc_free(text);
	said[1].claimed = true;
	assert_null(report_left(r, "added", r->service, &wire, &nodes));
}

static void outcome_that_was_so_already(void **state)
{
	const struct outcome o = {
		.done = "is already there",
		.subject = "OPERATOR",
		.unchanged = true,
	};
	json_t *json = report_outcome_json(&o);

	assert_text(report_outcome_text(r, &o), "OPERATOR: is already there\n");
	assert_json_key(json, "ok", "true");
	assert_json_key(json, "changed", "false");
	json_decref(json);
}

/* Its holder was asked before this is answered. */
static void outcome_with_a_computer(void **state)
{
	struct holder details = { .computer = (char *)"PLANT1",
				  .group = (char *)"LAB" };
	const struct outcome o = {
		.subject = "OPERATOR",
		.code = NERR_DuplicateName,
		.holder = ip("10.88.0.1"),
		.details = &details,
	};

	assert_string_equal(report_outcome_text(r, &o),
		    "OPERATOR: error 2297 (NERR_DuplicateName): This message "
		    "alias is already in use on the network. It is held by "
		    "10.88.0.1, the computer PLANT1.\n");
	assert_json(report_outcome_json(&o),
		    "{'ok': false, 'name': 'OPERATOR', 'code': 2297,"
		    " 'code_name': 'NERR_DuplicateName', 'message': 'This "
		    "message alias is already in use on the network.',"
		    " 'holder': {'address': '10.88.0.1',"
		    " 'computer': 'PLANT1', 'group': 'LAB'}}");
}

static void outcome_in_other_words(void **state)
{
	char *message = report_wrong_type(r, "OPERATOR", 0x20);
	const struct outcome o = {
		.subject = "OPERATOR#20",
		.code = ERROR_INVALID_NAME_,
		.message = message,
	};
	char *text = report_outcome_text(r, &o);

	assert_string_equal(text,
			    "OPERATOR#20: error 123 (ERROR_INVALID_NAME): A "
			    "message alias has the type 03, and 20 is another "
			    "one. What is called OPERATOR#20 is written "
			    "OPERATOR#20<03>.\n");
}

static void outcome_of_failure(void **state)
{
	const struct outcome o = {
		.done = "added",
		.subject = "OPERATOR",
		.code = NERR_DuplicateName,
		.holder = ip("10.88.0.1"),
	};
	json_t *json = report_outcome_json(&o);
	char *text = report_outcome_text(r, &o);

	assert_contains(text, "OPERATOR: error 2297 (NERR_DuplicateName): ");
	assert_contains(text, messenger_code_text(NERR_DuplicateName));
	assert_contains(text, "10.88.0.1");
	assert_int_equal(strcspn(text, "\n"), strlen(text) - 1);
	assert_true(json_is_false(json_object_get(json, "ok")));
	assert_int_equal(json_integer_value(json_object_get(json, "code")),
			 2297);
	assert_string_equal(json_string_value(
				    json_object_get(json, "code_name")),
			    "NERR_DuplicateName");
	assert_string_equal(json_string_value(json_object_get(json, "message")),
			    messenger_code_text(NERR_DuplicateName));
	assert_json_key(json, "holder", "{'address': '10.88.0.1'}");
	assert_null(json_object_get(json, "reason"));
	json_decref(json);
}

/* Done, but not all of it; not done, and why. */
static void outcome_with_a_reason(void **state)
{
	struct outcome o = {
		.done = "added",
		.subject = "OPERATOR",
		.code = NERR_Success,
		.reason = "Read-only file system",
	};
	json_t *json = report_outcome_json(&o);

	assert_text(report_outcome_text(r, &o),
		    "OPERATOR: added, but not kept: Read-only file system\n");
	assert_json_key(json, "ok", "true");
	assert_json_key(json, "message",
			"'added, but not kept: Read-only file system'");
	assert_json_key(json, "reason", "'Read-only file system'");
	json_decref(json);

	o.code = NERR_NetworkError;
	o.reason = "Network is unreachable";
	json = report_outcome_json(&o);
	assert_string_equal(report_outcome_text(r, &o),
			    "OPERATOR: error 2136 (NERR_NetworkError): A "
			    "general network error occurred: the claim could "
			    "not be sent. Network is unreachable.\n");
	assert_json_key(json, "ok", "false");
	assert_json_key(json, "code", "2136");
	assert_json_key(json, "reason", "'Network is unreachable'");
	json_decref(json);
}

static void outcome_without_holder(void **state)
{
	const struct outcome o = {
		.done = "running",
		.subject = "Messenger service",
		.code = NERR_MsgAlreadyStarted,
	};
	json_t *json = report_outcome_json(&o);
	char *text = report_outcome_text(r, &o);

	assert_contains(text, "Messenger service: error 2271 "
			      "(NERR_MsgAlreadyStarted): ");
	assert_null(strstr(text, "held by"));
	assert_null(json_object_get(json, "holder"));
	json_decref(json);
}

/* The holder of a refused computer name was asked. */
static void failed_and_diagnosed(void **state)
{
	const struct wire_name wire = wire_of("ALPHA");
	struct holder *h = NULL;

	start("ALPHA", "");
	recorder_refuse(r, "ALPHA", "10.88.0.2", 6, "10.88.0.1");
	h = holder_create(r, NULL, &wire);
	assert_non_null(h);
	service_diagnosed(r->service, &wire, ip("10.88.0.1"), h);
	assert_text(answer_text(r, &report_status_text, r->service, NULL),
		    "The Messenger service on ALPHA failed at " AT_0_FOR_PEOPLE
		    ", error 2270.\n"
		    "  Exit codes: win32 1066, service 2270 "
		    "(NERR_NoComputerName)\n"
		    "  The computer name could not be added as a message "
		    "alias. The name may already\n"
		    "  exist on the network.\n"
		    "1 alias: 0 registered, 1 refused, 0 waiting\n"
		    "  ALPHA<03> refused on 10.88.0.2: held by 10.88.0.1\n"
		    "What to do: smbmessenger explain\n");
	h->computer = talloc_strdup(h, "PLANT1");
	service_diagnosed(r->service, &wire, ip("10.88.0.1"), h);
	assert_contains(answer_text(r, &report_status_text, r->service, NULL),
			"\n  ALPHA<03> refused on 10.88.0.2: held by "
			"10.88.0.1, the computer PLANT1\n");
}

/* A clock that is out of its mind. */
static void no_such_time(void **state)
{
	r->now.tv_sec = INT64_MAX;
	start("ALPHA", "");
	assert_contains(answer_text(r, &report_status_text, r->service, NULL),
			"has been starting since an unknown time.\n");
}

/* People live where the server is. */
static void local_time(void **state)
{
	assert_int_equal(setenv("TZ", "CET-1", 1), 0);
	tzset();
	start("ALPHA", "");
	assert_contains(answer_text(r, &report_status_text, r->service, NULL),
			"since 2026-11-22 13:00:00 CET.\n");
	assert_int_equal(setenv("TZ", "UTC0", 1), 0);
	tzset();
}

/* Explain has something to say of it, so status does not keep quiet. */
static void status_of_requests(void **state)
{
	struct wire_name wire;

	start("ALPHA", "");
	recorder_grant(r, "ALPHA", "10.88.0.2");
	assert_int_equal(service_add(r->service, "NIGHT", &wire),
			 NERR_Success);
	recorder_refuse(r, "NIGHT", "10.88.0.2", 6, "10.88.0.9");
	recorder_diagnosed(r, "NIGHT", "10.88.0.9", "PLANT1", "NIGHT");
	assert_int_equal(service_add(r->service, "*X", &wire),
			 ERROR_INVALID_NAME_);
	assert_text(answer_text(r, &report_status_text, r->service, NULL),
		    "The Messenger service on ALPHA has been running since "
		    AT_0_FOR_PEOPLE ".\n"
		    "1 alias: 1 registered, 0 refused, 0 waiting\n"
		    "  NIGHT<03>, asked for at 2026-11-22 12:00:00 UTC, refused "
		    "on 10.88.0.2: held\n"
		    "  by 10.88.0.9, the computer PLANT1\n"
		    "  *X, asked for at 2026-11-22 12:00:00 UTC, invalid, error "
		    "123\n"
		    "  (ERROR_INVALID_NAME)\n"
		    "What to do: smbmessenger explain\n");
	r->now = at(3601);
	assert_text(answer_text(r, &report_status_text, r->service, NULL),
		    "The Messenger service on ALPHA has been running since "
		    AT_0_FOR_PEOPLE ".\n"
		    "1 alias: 1 registered, 0 refused, 0 waiting\n");
}

/* Any byte in the middle of a character is none. */
static void columns_of_all_characters(void **state)
{
	start("ALPHA", "");
	recorder_grant(r, "ALPHA", "10.88.0.2");
	service_set_users(r->service,
			  (const char *const[]){ "jos\xc3\xa9", NULL });
	assert_contains(answer_text(r, &report_list_text, r->service, NULL),
			"JOS\xc3\x89             user       registering "
			"10.88.0.2\n");
}

static void help_lines(void **state)
{
	char *text = report_help_text(r);

	assert_non_null(text);
	assert_contains(text, "\n  (nothing)             status and list\n"
			      "  list                  the message aliases, ");
	assert_contains(text, "\n\nExample: smbcontrol nmbd dump-domain-list "
			      "\"json status\"\n");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(stopped),
		TEST(not_configured),
		TEST(starting),
		TEST(running),
		TEST(failed_text),
		TEST(failed_width),
		TEST(failed_json),
		TEST(failed_without_evidence),
		TEST(waiting),
		TEST(list_columns),
		TEST(list_columns_of_a_refusal),
		TEST(list_of_a_long_name),
		TEST(list_of_wins),
		TEST(help),
		TEST(error_of_a_request),
		TEST(another_unix_charset),
		TEST(outcome_of_success),
		TEST(outcome_of_two_nodes),
		TEST(invalid_names),
		TEST(outcome_that_was_so_already),
		TEST(outcome_with_a_computer),
		TEST(outcome_in_other_words),
		TEST(outcome_of_failure),
		TEST(outcome_with_a_reason),
		TEST(outcome_without_holder),
		TEST(failed_and_diagnosed),
		TEST(no_such_time),
		TEST(local_time),
		TEST(status_of_requests),
		TEST(columns_of_all_characters),
		TEST(help_lines),
	};

	return cmocka_run_group_tests(tests, setup_smb_conf, teardown_smb_conf);
}

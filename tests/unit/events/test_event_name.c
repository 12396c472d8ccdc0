/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Events of NetBT: numbers, sentences, lines for a log, JSON.
 */

#include "event.h"

#include "unit.h"

static TALLOC_CTX *frame;

static int setup(void **state)
{
	frame = talloc_new(NULL);
	return (frame != NULL) ? 0 : -1;
}

static int teardown(void **state)
{
	TALLOC_FREE(frame);
	return 0;
}

static struct event *make(enum event_type type)
{
	struct event *ev = event_create(frame, type, at(0));

	assert_non_null(ev);
	ev->name = talloc_strdup(ev, "ALPHA");
	ev->netbios.wire = wire_of("ALPHA");
	ev->netbios.type = 0x20;
	return ev;
}

static struct event *make_refusal(void)
{
	struct event *ev = make(EVENT_NAME_REFUSED);

	ev->seq = 7;
	ev->subnet = talloc_strdup(ev, "10.88.0.2");
	ev->interface = ip("10.88.0.2");
	ev->rcode = 6;
	ev->holder = ip("10.88.0.9");
	return ev;
}

static void numbers(void **state)
{
	struct event *ev = make(EVENT_NAME_CONFLICT);

	assert_int_equal(event_id(make_refusal()), 4321);
	assert_int_equal(event_id(ev), 4319);
	ev->contest = CONTEST_DEMAND;
	assert_int_equal(event_id(ev), 4319);
	ev->contest = CONTEST_RELEASE;
	assert_int_equal(event_id(ev), 4320);
	assert_string_equal(event_source(ev), "NetBT");
	assert_int_equal(event_severity(ev), SEVERITY_ERROR);
	assert_false(event_is_chatter(ev));
	assert_true(event_is_chatter(make(EVENT_NAME_REGISTERED)));
	assert_true(event_is_chatter(make(EVENT_NAME_RELEASED)));
}

static void names(void **state)
{
	struct netbios_name name;
	struct event *ev = event_create(frame, EVENT_ALIAS_LOST, at(0));

	assert_true(event_netbios_name(make_refusal(), &name));
	assert_int_equal(name.type, 0x20);
	assert_false(event_netbios_name(ev, &name));
	ev->alias = talloc_strdup(ev, "BETA");
	ev->wire = wire_of("BETA");
	assert_true(event_netbios_name(ev, &name));
	assert_int_equal(name.type, 0x03);
	assert_true(wire_name_equal(&name.wire, &ev->wire));
}

static void refused(void **state)
{
	struct event *ev = make_refusal();

	assert_string_equal(
		event_message(frame, ev),
		"The name \"ALPHA          :20\" could not be registered on "
		"the interface with IP address 10.88.0.2. The computer with "
		"the IP address 10.88.0.9 did not allow the name to be "
		"claimed by this computer.");
	assert_string_equal(
		event_log_text(frame, ev),
		"The name \"ALPHA          :20\" could not be registered on "
		"the interface with\n"
		"IP address 10.88.0.2. The computer with the IP address "
		"10.88.0.9 did not\n"
		"allow the name to be claimed by this computer.\n"
		"ALPHA<20> is held by 10.88.0.9 (subnet 10.88.0.2, rcode 6).\n"
		"Clients that look up \\\\ALPHA by NetBIOS are sent to the "
		"other computer.\n");
	ev->rcode = RCODE_RFS_ERR;
	assert_non_null(strstr(event_log_text(frame, ev),
			       "ALPHA<20> is refused by 10.88.0.9 (subnet "
			       "10.88.0.2, rcode 5).\n"));
	ev->rcode = 0;
	assert_non_null(strstr(event_log_text(frame, ev),
			       "ALPHA<20> is held by 10.88.0.9 (subnet "
			       "10.88.0.2).\n"));
}

static void refused_in_wins(void **state)
{
	struct event *ev = make_refusal();

	ev->subnet = talloc_strdup(ev, "UNICAST_SUBNET");
	ev->server = ip("10.88.0.1");
	assert_non_null(strstr(event_log_text(frame, ev),
			       "ALPHA<20> is refused by WINS server "
			       "10.88.0.1: it is held by 10.88.0.9\n"
			       "(subnet WINS, rcode 6).\n"));
	ev->holder = ip("");
	assert_int_equal(event_other_host(ev).s_addr,
			 ip("10.88.0.1").s_addr);
	assert_non_null(strstr(event_message(frame, ev),
			       "the IP address 10.88.0.1 did not allow"));
	assert_non_null(strstr(event_log_text(frame, ev),
			       "ALPHA<20> is refused by WINS server "
			       "10.88.0.1 (subnet WINS, rcode 6).\n"));
	ev->record = ip("10.88.0.77");
	ev->cause = CAUSE_STALE_WINS_RECORD;
	assert_non_null(strstr(event_log_text(frame, ev),
			       ": it has a record for"));
	assert_non_null(strstr(event_log_text(frame, ev),
			       "Cause: stale-wins-record. Delete the record"));
}

static void conflicts(void **state)
{
	struct event *ev = make(EVENT_NAME_CONFLICT);

	ev->claimant = ip("10.88.0.9");
	ev->count = 3;
	assert_string_equal(event_log_text(frame, ev),
			    "A duplicate name has been detected on the TCP "
			    "network.\n"
			    "10.88.0.9 tried to take ALPHA<20>; nmbd refused "
			    "it, 3 times.\n");
	ev->contest = CONTEST_DEMAND;
	ev->count = 1;
	assert_non_null(strstr(event_log_text(frame, ev),
			       "10.88.0.9 demanded that ALPHA<20> be given "
			       "up; nmbd keeps it.\n"));
	ev->contest = CONTEST_RELEASE;
	assert_string_equal(event_log_text(frame, ev),
			    "Another computer has sent a name release message "
			    "to this computer, probably\n"
			    "because a duplicate name has been detected on "
			    "the TCP network.\n"
			    "10.88.0.9 released ALPHA<20>; nmbd keeps it.\n");
	ev->contest = CONTEST_REGISTRATION;
	ev->claimant = ip("");
	assert_non_null(strstr(event_log_text(frame, ev),
			       "More than 64 others tried to take"));
	ev->claimant = ip("10.88.0.9");
	ev->holder = ev->claimant;
	assert_non_null(strstr(event_log_text(frame, ev),
			       "10.88.0.9 claimed ALPHA<20> when this server "
			       "did, and neither refused it to\nthe other.\n"));
	assert_int_equal(event_other_host(ev).s_addr, ev->claimant.s_addr);
}

static void chatter(void **state)
{
	assert_string_equal(event_log_text(frame, make(EVENT_NAME_REGISTERED)),
			    "The name \"ALPHA          :20\" was "
			    "registered.\n");
	assert_string_equal(event_log_text(frame, make(EVENT_NAME_RELEASED)),
			    "The name \"ALPHA          :20\" was released.\n");
}

static void details(void **state)
{
	struct event *ev = make_refusal();

	ev->details = talloc_zero(ev, struct holder);
	ev->details->cause = CAUSE_DUPLICATE_COMPUTER_NAME;
	ev->details->computer = talloc_strdup(ev->details, "ALPHA");
	assert_non_null(strstr(event_details_text(frame, ev),
			       "ALPHA<20>: the holder 10.88.0.9 is ALPHA.\n"
			       "Cause: duplicate-computer-name. Give one of "
			       "the two another name: there, or\n"));
	/* which is not said a second time */
	assert_null(strstr(event_log_text(frame, ev), "Cause"));
	assert_columns(event_details_text(frame, ev), 78);
	assert_columns(event_log_text(frame, ev), 78);
}

static void json(void **state)
{
	struct event *ev = make_refusal();

	assert_json(event_json(ev),
		    "{'seq': 7, 'time': '" AT_0 "', 'event': 'name-refused', "
		    "'event_id': 4321, 'severity': 'error', 'source': 'NetBT',"
		    "'name': 'ALPHA', 'type': '20', 'group': false, "
		    "'purpose': 'File server', 'subnet': '10.88.0.2', "
		    "'rcode': 6, 'rcode_name': 'ACT_ERR', "
		    "'holder': {'address': '10.88.0.9'}, "
		    "'message': 'The name \\\"ALPHA          :20\\\" could "
		    "not be registered on the interface with IP address "
		    "10.88.0.2. The computer with the IP address 10.88.0.9 "
		    "did not allow the name to be claimed by this "
		    "computer.'}");
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(numbers),	 TEST(names),	TEST(refused),
		TEST(refused_in_wins), TEST(conflicts), TEST(chatter),
		TEST(details),	 TEST(json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

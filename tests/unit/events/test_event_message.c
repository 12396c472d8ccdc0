/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Events of messages: sentences, lines for a log, JSON.
 */

#include "event_message.h"

#include "allocation.h"
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

static struct message a_message(void)
{
	return (struct message){
		.seq = 5,
		.time = at(0),
		.from = (char *)"Bob",
		.to = (char *)"OPERATOR",
		.machine = (char *)"BRAVO",
		.address = (char *)"10.88.0.9",
		.via = MESSAGE_VIA_MAILSLOT,
		.text = (char *)"secret\nnumber",
	};
}

static void received(void **state)
{
	struct message m = a_message();
	struct event *ev =
		event_of_message(frame, EVENT_MESSAGE_RECEIVED, &m, NULL, 0);
	json_t *json = NULL;

	assert_string_equal(event_message(frame, ev),
			    "A message from Bob to OPERATOR was received.");
	assert_string_equal(event_log_text(frame, ev),
			    "A message from Bob to OPERATOR was received.\n"
			    "Sent by Bob on BRAVO (10.88.0.9), via "
			    "mailslot.\n");
	assert_string_equal(event_whole_text(frame, ev),
			    "A message from Bob to OPERATOR was received.\n"
			    "Sent by Bob on BRAVO (10.88.0.9), via "
			    "mailslot.\nsecret\nnumber\n");
	assert_int_equal(event_severity(ev), SEVERITY_INFORMATION);
	assert_int_equal(event_id(ev), 0);
	assert_true(event_is_chatter(ev));
	assert_json(event_json(ev),
		    "{'time': '" AT_0 "', 'event': 'message-received', "
		    "'severity': 'information', 'source': 'Messenger', "
		    "'message_seq': 5, 'from': 'Bob', 'to': 'OPERATOR', "
		    "'machine': 'BRAVO', 'address': '10.88.0.9', "
		    "'via': 'mailslot', 'text': 'secret\\nnumber', 'message': "
		    "'A message from Bob to OPERATOR was received.'}");
	m.cut = 3;
	ev = event_of_message(frame, EVENT_MESSAGE_RECEIVED, &m, NULL, 0);
	assert_non_null(strstr(event_whole_text(frame, ev),
			       "number\n(3 more characters were cut off)\n"));
	json = event_json(ev);
	assert_json_key(json, "cut", "3");
	json_decref(json);
}

static void refused(void **state)
{
	struct message m = a_message();
	struct event *ev = event_of_message(frame, EVENT_MESSAGE_REFUSED, &m,
					    "it is malformed", 1);

	ev->seq = 7;
	assert_string_equal(event_log_text(frame, ev),
			    "A message from Bob to OPERATOR was refused.\n"
			    "Sent by Bob on BRAVO (10.88.0.9), via mailslot: "
			    "it is malformed.\n");
	assert_string_equal(event_whole_text(frame, ev),
			    event_log_text(frame, ev));
	assert_int_equal(event_severity(ev), SEVERITY_WARNING);
	assert_false(event_is_chatter(ev));
	/* what was written in it is nowhere */
	assert_json(event_json(ev),
		    "{'seq': 7, 'time': '" AT_0 "', "
		    "'event': 'message-refused', 'severity': 'warning', "
		    "'source': 'Messenger', 'reason': 'it is malformed', "
		    "'from': 'Bob', 'to': 'OPERATOR', 'machine': 'BRAVO', "
		    "'address': '10.88.0.9', 'via': 'mailslot', 'count': 1, "
		    "'message': "
		    "'A message from Bob to OPERATOR was refused.'}");
	ev->count = 12;
	assert_non_null(strstr(event_log_text(frame, ev),
			       "it is malformed; 12 messages.\n"));
}

static void of_whom(void **state)
{
	struct message m = a_message();
	struct event *ev = NULL;

	m.from = m.to = m.machine = m.address = (char *)"";
	ev = event_of_message(frame, EVENT_MESSAGE_REFUSED, &m,
			      "too many messages come", 900);
	assert_string_equal(event_log_text(frame, ev),
			    "A message from somebody was refused.\n"
			    "Sent by several hosts, via mailslot: too many "
			    "messages come; 900 messages.\n");
	m.address = (char *)"10.88.0.9";
	ev = event_of_message(frame, EVENT_MESSAGE_REFUSED, &m, "why", 1);
	assert_string_equal(event_log_text(frame, ev),
			    "A message from somebody was refused.\n"
			    "Sent by somebody (10.88.0.9), via mailslot: "
			    "why.\n");
}

/* All of it or nothing. */
static void without_memory(void **state)
{
	struct message m = a_message();
	struct shortage s = { 0 };

	if (!shortage_possible()) {
		skip();
	}
	while (shortage_next(&s)) {
		struct event *ev = NULL;
		char *text = NULL;
		json_t *json = NULL;

		shortage_begin(&s);
		ev = event_of_message(NULL, EVENT_MESSAGE_RECEIVED, &m, "why",
				      2);
		if (ev != NULL) {
			text = event_whole_text(NULL, ev);
			json = event_json(ev);
		}
		shortage_end(&s);
		assert_true(s.happened ||
			    (ev != NULL && text != NULL && json != NULL));
		if (json != NULL) {
			assert_non_null(json_object_get(json, "text"));
			assert_non_null(json_object_get(json, "reason"));
			json_decref(json);
		}
		talloc_free(text);
		talloc_free(ev);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(received, setup, teardown),
		cmocka_unit_test_setup_teardown(refused, setup, teardown),
		cmocka_unit_test_setup_teardown(of_whom, setup, teardown),
		cmocka_unit_test(without_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

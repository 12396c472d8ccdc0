/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Who holds a name, as a table and as JSON.
 */

#include "who_report.h"

#include "text.h"
#include "unit.h"

static TALLOC_CTX *frame;
static struct who_answer answer;

static int setup(void **state)
{
	frame = talloc_new(NULL);
	memset(&answer, 0, sizeof(answer));
	answer.name = talloc_strdup(frame, "OPERATOR");
	answer.key.type = 3;
	return (frame != NULL) ? 0 : -1;
}

static int teardown(void **state)
{
	TALLOC_FREE(frame);
	return 0;
}

/* broadcast "": WINS */
static struct who_place *place(const char *subnet, const char *broadcast)
{
	size_t num = talloc_array_length(answer.places);

	answer.places =
		talloc_realloc(frame, answer.places, struct who_place, num + 1);
	answer.places[num] = (struct who_place){
		.subnet = talloc_strdup(frame, subnet),
		.broadcast = ip(broadcast),
	};
	return &answer.places[num];
}

static struct who_place *net(void)
{
	return place("10.88.0.2", "10.88.0.255");
}

static struct who_place *wins(void)
{
	return place("UNICAST_SUBNET", "");
}

/* computer NULL: it does not say who it is */
static void held(struct who_place *p, const char *address, const char *computer,
		 enum event_cause cause)
{
	size_t num = talloc_array_length(p->holders);
	struct holder *h = talloc_zero(frame, struct holder);

	h->cause = cause;
	if (computer != NULL) {
		h->computer = talloc_strdup(h, computer);
		h->group = talloc_strdup(h, "LAB");
	}
	p->holders =
		talloc_realloc(frame, p->holders, struct who_holder, num + 1);
	p->holders[num] = (struct who_holder){
		.address = ip(address),
		.details = h,
	};
}

static void assert_text(const char *rows)
{
	char *want = talloc_asprintf(
		frame, "NAME                 SUBNET           HELD BY\n%s",
		rows);

	assert_string_equal(who_text(frame, &answer), want);
}

static void assert_place(const char *json)
{
	char *want = talloc_asprintf(frame,
				     "{'names': [{'name': 'OPERATOR', "
				     "'type': '03', 'subnets': [%s]}]}",
				     json);

	assert_json(who_json(&answer), want);
}

static void by_nobody(void **state)
{
	net();
	assert_text("OPERATOR<03>         10.88.0.2        nobody\n");
	assert_place("{'subnet': '10.88.0.2', 'state': 'free', "
		     "'group': false}");
}

static void by_us(void **state)
{
	net()->ours = true;
	assert_text("OPERATOR<03>         10.88.0.2        this server\n");
	assert_place("{'subnet': '10.88.0.2', 'state': 'ours', "
		     "'group': false}");
}

static void by_us_and_another_one(void **state)
{
	struct who_place *p = net();

	p->ours = true;
	held(p, "10.88.0.9", "PLANT1", CAUSE_ALIAS_OF_ANOTHER_COMPUTER);
	assert_int_equal(who_place_state(p), WHO_OURS);
	assert_text("OPERATOR<03>         10.88.0.2        this server\n"
		    "OPERATOR<03>         10.88.0.2        "
		    "PLANT1 (10.88.0.9), group LAB\n");
}

static void by_another_one(void **state)
{
	struct who_place *p = net();

	held(p, "10.88.0.9", "PLANT1", CAUSE_ALIAS_OF_ANOTHER_COMPUTER);
	p->holders[0].details->mac = talloc_strdup(frame, "00:10:5a:4c:1f:2e");
	assert_text("OPERATOR<03>         10.88.0.2        "
		    "PLANT1 (10.88.0.9), group LAB\n"
		    "                                      "
		    "MAC 00:10:5a:4c:1f:2e\n");
	assert_place("{'subnet': '10.88.0.2', 'state': 'held', "
		     "'group': false, 'holder': {'address': '10.88.0.9', "
		     "'computer': 'PLANT1', 'group': 'LAB', "
		     "'mac': '00:10:5a:4c:1f:2e'}, "
		     "'holders': [{'address': '10.88.0.9', "
		     "'computer': 'PLANT1', 'group': 'LAB', "
		     "'mac': '00:10:5a:4c:1f:2e', "
		     "'cause': 'alias-of-another-computer'}]}");
}

static void by_more_than_are_shown(void **state)
{
	struct who_place *p = net();
	json_t *json = NULL;

	p->group = true;
	p->more = 3;
	held(p, "10.88.0.9", "PLANT1", CAUSE_GROUP_OF_THAT_NAME);
	assert_text("OPERATOR<03>         10.88.0.2        "
		    "PLANT1 (10.88.0.9), group LAB\n"
		    "                                      and 3 more\n");
	json = who_json(&answer);
	assert_json_key(
		json_array_get(
			json_object_get(json_array_get(json_object_get(json,
								       "names"),
						       0),
					"subnets"),
			0),
		"more", "3");
	json_decref(json);
}

static void by_one_that_is_silent(void **state)
{
	held(net(), "10.88.0.9", NULL, CAUSE_UNKNOWN);
	assert_text("OPERATOR<03>         10.88.0.2        "
		    "10.88.0.9, which does not say who it is\n");
	assert_place("{'subnet': '10.88.0.2', 'state': 'held', "
		     "'group': false, 'holder': {'address': '10.88.0.9'}, "
		     "'holders': [{'address': '10.88.0.9', "
		     "'cause': 'unknown'}]}");
}

/* The same silence behind a record in WINS is a stale record. */
static void by_a_record(void **state)
{
	struct who_place *p = wins();

	p->server = ip("10.88.0.1");
	held(p, "10.88.0.77", NULL, CAUSE_UNKNOWN);
	assert_text("OPERATOR<03>         WINS             "
		    "a record for 10.88.0.77, which does not have it\n");
	assert_place("{'subnet': 'UNICAST_SUBNET', 'state': 'held', "
		     "'group': false, 'server': '10.88.0.1', "
		     "'holder': {'address': '10.88.0.77'}, "
		     "'holders': [{'address': '10.88.0.77', "
		     "'cause': 'stale-wins-record'}]}");
}

static void by_an_owner_in_wins(void **state)
{
	held(wins(), "10.88.0.9", "PLANT1", CAUSE_DUPLICATE_COMPUTER_NAME);
	assert_text("OPERATOR<03>         WINS             "
		    "PLANT1 (10.88.0.9), group LAB\n");
}

/* WINS does not keep who is in one. */
static void by_a_group_in_wins(void **state)
{
	struct who_place *p = wins();

	p->group = true;
	assert_int_equal(who_place_state(p), WHO_HELD);
	assert_text("OPERATOR<03>         WINS             a group\n");
	/* on a net a group has members, or there is none */
	p->broadcast = ip("10.88.0.255");
	assert_int_equal(who_place_state(p), WHO_FREE);
}

static void by_whoever(void **state)
{
	struct who_place *p = wins();

	p->reason = talloc_strdup(frame, "WINS server 10.88.0.1: it does not "
					 "answer");
	assert_text("OPERATOR<03>         WINS             "
		    "unknown: WINS server 10.88.0.1: it does not answer\n");
	assert_place("{'subnet': 'UNICAST_SUBNET', 'state': 'waiting', "
		     "'group': false, 'reason': "
		     "'WINS server 10.88.0.1: it does not answer'}");
	/* what another server said counts for more */
	held(p, "10.88.0.9", "PLANT1", CAUSE_ALIAS_OF_ANOTHER_COMPUTER);
	assert_int_equal(who_place_state(p), WHO_HELD);
}

static void nowhere_to_ask(void **state)
{
	assert_text("There is no subnet to ask on.\n");
	assert_place("");
}

/* Columns are of characters, and a line too long for a terminal folds below
 * its last one. */
static void wide_and_long(void **state)
{
	struct who_place *p = place("192.168.100.200", "192.168.100.255");
	char *folded = NULL;

	answer.name = talloc_strdup(frame, "MÜLLER");
	assert_text("MÜLLER<03>           192.168.100.200  nobody\n");
	p->reason = talloc_strdup(frame, "WINS server 192.168.100.201: Network "
					 "is unreachable");
	folded = text_fold(frame, who_text(frame, &answer), 80);
	assert_columns(folded, 80);
	assert_non_null(strstr(folded, "\n                                     "
				       " Network is unreachable\n"));
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(by_nobody),
		TEST(by_us),
		TEST(by_us_and_another_one),
		TEST(by_another_one),
		TEST(by_more_than_are_shown),
		TEST(by_one_that_is_silent),
		TEST(by_a_record),
		TEST(by_an_owner_in_wins),
		TEST(by_a_group_in_wins),
		TEST(by_whoever),
		TEST(nowhere_to_ask),
		TEST(wide_and_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

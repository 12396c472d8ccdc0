/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The rule of messages: to whom, how many, what is told and what is kept.
 */

#include "allocation.h"
#include "limits.h"
#include "post.h"
#include "ring_report.h"
#include "smb_conf.h"
#include "unit.h"

static struct world {
	bool stopped;
	const char *aliases[4];
	uint64_t now;
	unsigned received;
	unsigned told; /* refusals */
	char last[128]; /* of either */
	uint32_t count;
	unsigned alarm;
} world;

static struct timespec do_clock(void *private_data, clockid_t clock)
{
	struct timespec now = { .tv_sec = (time_t)world.now };

	return (clock == CLOCK_BOOTTIME) ? now : at(0);
}

static bool do_running(void *private_data)
{
	return !world.stopped;
}

static const char *do_find(void *private_data, const struct wire_name *wire)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(world.aliases); i++) {
		TALLOC_CTX *frame = talloc_new(NULL);
		struct wire_name w;
		char *name = NULL;
		bool same = frame != NULL && world.aliases[i] != NULL &&
			    messenger_name_parse(frame, world.aliases[i],
						 &name, &w) == NERR_Success &&
			    wire_name_equal(&w, wire);

		talloc_free(frame);
		if (same) {
			return world.aliases[i];
		}
	}
	return NULL;
}

static const char *do_next(void *private_data, const char *name)
{
	size_t i = 0;

	while (name != NULL && world.aliases[i++] != name) {
		;
	}
	return (i < ARRAY_LEN(world.aliases)) ? world.aliases[i] : NULL;
}

static void do_received(void *private_data, const struct message *m)
{
	world.received++;
	snprintf(world.last, sizeof(world.last), "%s>%s: %s", m->from, m->to,
		 m->text);
}

static void do_refused(void *private_data, const struct turned_away_report *r)
{
	world.told++;
	world.count = r->count;
	snprintf(world.last, sizeof(world.last), "%s %s>%s: %s",
		 r->message->address, r->message->from, r->message->to,
		 r->reason);
}

static void do_alarm(void *private_data, unsigned seconds)
{
	world.alarm = seconds;
}

static const struct post_ops ops = {
	.clock = do_clock,
	.running = do_running,
	.find = do_find,
	.next = do_next,
	.received = do_received,
	.refused = do_refused,
	.alarm = do_alarm,
};

static struct post *create(void)
{
	world = (struct world){ .aliases = { "ALPHA", "OPERATOR" },
				.now = 1000 };
	return post_init(NULL, &ops, NULL, "1.2");
}

static struct span part_of(const char *text)
{
	return (struct span){ .bytes = (const uint8_t *)text,
				       .len = strlen(text) };
}

static struct mail mail_of(const char *to, const char *address)
{
	struct mail mail = {
		.charset = CLEAN_UNIX,
		.from = part_of("Bob"),
		.to = part_of(to),
		.machine = part_of("bravo"),
		.text = part_of("hello\n"),
	};

	snprintf(mail.address, sizeof(mail.address), "%s", address);
	return mail;
}

/* NULL without memory. */
static json_t *last_json(const struct post *post, unsigned count,
			 uint64_t after)
{
	char *text = ring_report_whole(NULL, &post_ring, post, true, count,
				       after);
	json_t *json = (text != NULL) ? json_loads(text, 0, NULL) : NULL;

	talloc_free(text);
	return json;
}

static const char *take(struct post *post, const char *to)
{
	struct mail mail = mail_of(to, "10.88.0.9");

	return post_take(post, &mail);
}

static void to_an_alias(void **state)
{
	struct post *post = create();

	assert_null(take(post, "operator"));
	assert_string_equal(world.last, "Bob>OPERATOR: hello");
	assert_null(take(post, "Alpha"));
	assert_int_equal(world.received, 2);
	assert_int_equal(world.told, 0);
	assert_json(last_json(post, 20, 0),
		    "{'messages': [{'seq': 1, 'time': '" AT_0 "', "
		    "'from': 'Bob', 'to': 'OPERATOR', 'machine': 'bravo', "
		    "'address': '10.88.0.9', 'via': 'smb', 'text': 'hello'}, "
		    "{'seq': 2, 'time': '" AT_0 "', "
		    "'from': 'Bob', 'to': 'ALPHA', 'machine': 'bravo', "
		    "'address': '10.88.0.9', 'via': 'smb', 'text': 'hello'}], "
		    "'instance': '1.2', 'first': 1, 'last': 2, 'received': 2, "
		    "'refused': 0, 'schema': 1}");
	talloc_free(post);
}

static void to_anything_else(void **state)
{
	json_t *json = NULL;
	struct post *post = create();

	assert_string_equal(take(post, "nobody"),
			    "no such alias is registered here");
	assert_string_equal(world.last, "10.88.0.9 Bob>nobody: no such alias "
					"is registered here");
	assert_int_equal(world.count, 1);
	assert_non_null(take(post, ""));
	assert_non_null(take(post, "10.88.0.2"));
	assert_non_null(take(post, "*SMBSERVER"));
	assert_non_null(take(post, "OPERATOR_"));
	world.stopped = true;
	assert_string_equal(take(post, "operator"),
			    "the Messenger service is not running");
	/* told once in a minute, and then how many */
	assert_int_equal(world.told, 1);
	assert_int_equal(world.alarm, 60);
	world.now += 59;
	post_review(post);
	assert_int_equal(world.told, 1);
	world.now++;
	post_review(post);
	assert_int_equal(world.told, 2);
	assert_int_equal(world.count, 5);
	world.alarm = 0;
	world.now += 60;
	post_review(post);
	assert_int_equal(world.told, 2);
	assert_int_equal(world.alarm, 0);
	assert_int_equal(world.received, 0);
	json = last_json(post, 20, 0);
	assert_json_key(json, "refused", "6");
	json_decref(json);
	talloc_free(post);
}

/* smbd writes '_' for what is not ASCII. */
static void as_smbd_writes_them(void **state)
{
	struct post *post = create();

	world.aliases[2] = "M\xc3\x9cLLER 1";
	world.aliases[3] = "PRINT$";
	assert_null(take(post, "m__ller 1"));
	assert_string_equal(world.last, "Bob>M\xc3\x9cLLER 1: hello");
	assert_null(take(post, "print_"));
	assert_non_null(take(post, "m_ller 1"));
	assert_non_null(take(post, "m__ller 1_"));
	/* not if it may be another one */
	world.aliases[1] = "PRINT&";
	assert_non_null(take(post, "print_"));
	assert_null(take(post, "PRINT&"));
	talloc_free(post);
}

static void to_everybody(void **state)
{
	struct post *post = create();
	struct mail mail = mail_of("HINT", "10.88.0.9");

	mail.via = MESSAGE_VIA_MAILSLOT;
	mail.to_all = true;
	assert_string_equal(post_take(post, &mail),
			    "messages to everybody are not taken "
			    "(messenger:broadcast messages)");
	post_configure(post, true);
	assert_null(post_take(post, &mail));
	assert_string_equal(world.last, "Bob>HINT: hello");
	talloc_free(post);
}

static void by_wire(void **state)
{
	struct post *post = create();
	struct mail mail = mail_of("whoever", "10.88.0.9");
	struct wire_name wire = wire_of("OPERATOR");

	mail.wire = &wire;
	assert_null(post_take(post, &mail));
	assert_string_equal(world.last, "Bob>OPERATOR: hello");
	wire = wire_of("NOBODY");
	assert_non_null(post_take(post, &mail));
	talloc_free(post);
}

static void one_that_sends_many(void **state)
{
	struct post *post = create();
	struct mail mail = mail_of("operator", "10.88.0.9");
	struct mail other = mail_of("operator", "10.88.0.10");
	unsigned i;

	for (i = 0; i < 1000; i++) {
		(void)post_take(post, &mail);
	}
	assert_int_equal(world.received, LIMIT_ADDRESS_BURST);
	assert_string_equal(world.last,
			    "10.88.0.9 Bob>operator: too many messages come");
	assert_int_equal(world.told, 1);
	assert_null(post_take(post, &other));
	world.now++;
	assert_null(post_take(post, &mail));
	assert_non_null(post_take(post, &mail));
	world.now += 1000;
	for (i = 0; i < LIMIT_ADDRESS_BURST; i++) {
		assert_null(post_take(post, &mail));
	}
	assert_non_null(post_take(post, &mail));
	talloc_free(post);
}

/* From any number of addresses: bounded in all, and so is what is told. */
static void many_that_send(void **state)
{
	struct post *post = create();
	unsigned i;

	for (i = 0; i < 5000; i++) {
		char address[32];
		struct mail mail;

		snprintf(address, sizeof(address), "10.0.%u.%u", i / 250,
			 i % 250);
		mail = mail_of("operator", address);
		(void)post_take(post, &mail);
	}
	assert_int_equal(world.received, LIMIT_ALL_BURST);
	assert_int_equal(world.told, TURNED_AWAY_ADDRESSES + 1);
	assert_memory_equal(world.last, " >oper", 6); /* of several addresses */
	world.now += 60;
	post_review(post);
	assert_int_equal(world.told, TURNED_AWAY_ADDRESSES + 2);
	assert_int_equal(world.count, 5000 - LIMIT_ALL_BURST -
					      TURNED_AWAY_ADDRESSES - 1);
	talloc_free(post);
}

static void the_ring(void **state)
{
	struct post *post = create();
	json_t *json = NULL;
	char *text = NULL;
	unsigned i;

	text = ring_report_whole(post, &post_ring, post, false, 20, 0);
	assert_string_equal(text, "There are no such messages.\n\n"
				  "Since nmbd was started: 0 received, 0 "
				  "refused.\n");
	for (i = 0; i < RING_SIZE + 44; i++) {
		world.now++;
		assert_null(take(post, "operator"));
	}
	json = last_json(post, RING_SIZE, 0);
	assert_json_key(json, "first", "45");
	assert_json_key(json, "last", "300");
	assert_int_equal(json_array_size(json_object_get(json, "messages")),
			 RING_SIZE);
	assert_int_equal(
		json_integer_value(json_object_get(
			json_array_get(json_object_get(json, "messages"), 0),
			"seq")),
		45);
	json_decref(json);
	json = last_json(post, 20, 298);
	assert_int_equal(json_array_size(json_object_get(json, "messages")), 2);
	json_decref(json);
	json = last_json(post, 20, 300);
	assert_int_equal(json_array_size(json_object_get(json, "messages")), 0);
	json_decref(json);
	text = ring_report_whole(post, &post_ring, post, false, 1, 0);
	assert_non_null(strstr(text, "  to OPERATOR from Bob on bravo "
				     "(10.88.0.9)\n  hello\n"));
	assert_columns(text, 80);
	talloc_free(post);
}

static void cut(void **state)
{
	struct post *post = create();
	struct mail mail = mail_of("operator", "10.88.0.9");
	json_t *json = NULL;
	char *text = NULL;

	mail.cut = 7;
	assert_null(post_take(post, &mail));
	json = last_json(post, 1, 0);
	assert_json_key(json_array_get(json_object_get(json, "messages"), 0),
			"cut", "7");
	json_decref(json);
	text = ring_report_whole(post, &post_ring, post, false, 1, 0);
	assert_non_null(strstr(text, "  (7 more characters were cut off)\n"));
	talloc_free(post);
}

/* Kept, or refused with a reason; and the answer all of it or nothing. */
static void without_memory(void **state)
{
	struct mail mail = mail_of("operator", "10.88.0.9");
	struct mail other = mail_of("nobody", "10.88.0.10");
	struct shortage s = { 0 };

	if (!shortage_possible()) {
		skip();
	}
	while (shortage_next(&s)) {
		struct post *post = NULL;
		const char *why = "";
		char *text = NULL;
		json_t *json = NULL;

		shortage_begin(&s);
		post = create();
		if (post != NULL) {
			why = post_take(post, &mail);
			(void)post_take(post, &other);
			text = ring_report_whole(NULL, &post_ring, post, false, 20, 0);
			json = last_json(post, 20, 0);
		}
		shortage_end(&s);
		assert_true(s.happened || (why == NULL && text != NULL &&
					   json != NULL && world.told == 1));
		if (json != NULL) {
			assert_int_equal(json_array_size(json_object_get(
						 json, "messages")),
					 (why == NULL) ? 1 : 0);
		}
		json_decref(json);
		talloc_free(text);
		talloc_free(post);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(to_an_alias),
		cmocka_unit_test(to_anything_else),
		cmocka_unit_test(as_smbd_writes_them),
		cmocka_unit_test(to_everybody),
		cmocka_unit_test(by_wire),
		cmocka_unit_test(one_that_sends_many),
		cmocka_unit_test(many_that_send),
		cmocka_unit_test(the_ring),
		cmocka_unit_test(cut),
		cmocka_unit_test(without_memory),
	};

	return cmocka_run_group_tests(tests, setup_smb_conf, teardown_smb_conf);
}

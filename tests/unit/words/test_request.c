/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The request language, and all that is not of it.
 */

#include "request.h"

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

static const struct request untouched = {
	.verb = REQUEST_HELP,
	.count = 0xdead,
	.name = (char *)0x1,
};

/* Parse exactly these bytes, in a block that ends with them. */
static bool parse(const void *data, size_t len, struct request *req,
		  char **error)
{
	uint8_t *copy = malloc(len > 0 ? len : 1);
	const char *p = NULL;
	bool ok;

	assert_non_null(copy);
	if (len > 0) {
		memcpy(copy, data, len);
	}
	*req = untouched;
	*error = (char *)0x2;
	ok = request_parse(frame, copy, len, req, error);
	free(copy); /* nothing of the answer points into it */
	if (ok) {
		assert_true(*error == NULL || *error == (char *)0x2);
	} else {
		assert_int_equal(req->verb, untouched.verb);
		assert_int_equal(req->count, untouched.count);
		assert_ptr_equal(req->name, untouched.name);
		assert_non_null(*error);
		assert_ptr_not_equal(*error, (char *)0x2);
		assert_ptr_equal(talloc_parent(*error), frame);
		/* one line, without its end, that says what is known, and
		 * does nothing to the terminal it is shown on */
		for (p = *error; *p != '\0'; p++) {
			assert_in_range(*p, ' ', '~');
		}
		assert_non_null(strstr(*error, "known are: "));
		assert_non_null(strstr(*error, "list"));
		assert_non_null(strstr(*error, "json REQUEST"));
	}
	return ok;
}

static struct request assert_request(const char *text, enum request_verb verb,
				     bool json)
{
	struct request req;
	char *error = NULL;

	if (!parse(text, strlen(text) + 1, &req, &error)) {
		fail_msg("'%s': %s", text, error);
	}
	assert_int_equal(req.verb, verb);
	assert_int_equal(req.json, json);
	return req;
}

static void assert_bytes_wrong(const void *data, size_t len,
			       const char *complaint)
{
	struct request req;
	char *error = NULL;

	assert_false(parse(data, len, &req, &error));
	if (strncmp(error, complaint, strlen(complaint)) != 0) {
		fail_msg("'%s' instead of '%s'", error, complaint);
	}
}

static void assert_wrong(const char *text, const char *complaint)
{
	assert_bytes_wrong(text, strlen(text) + 1, complaint);
}

static void verbs(void **state)
{
	assert_request("list", REQUEST_LIST, false);
	assert_request("status", REQUEST_STATUS, false);
	assert_request("start", REQUEST_START, false);
	assert_request("stop", REQUEST_STOP, false);
	assert_request("help", REQUEST_HELP, false);
	assert_int_equal(assert_request("events", REQUEST_EVENTS, false).count,
			 20);
	assert_string_equal(
		assert_request("add NIGHT", REQUEST_ADD, false).name, "NIGHT");
	assert_string_equal(
		assert_request("delete NIGHT", REQUEST_DELETE, false).name,
		"NIGHT");
}

static void nothing(void **state)
{
	struct request req;
	char *error = NULL;

	assert_request("", REQUEST_OVERVIEW, false);
	assert_request("     ", REQUEST_OVERVIEW, false);
	/* smbcontrol sends no byte at all for no argument */
	assert_true(parse(NULL, 0, &req, &error));
	assert_int_equal(req.verb, REQUEST_OVERVIEW);
	assert_false(req.json);
	error = (char *)0x2;
	req = untouched;
	assert_true(request_parse(frame, NULL, 0, &req, &error));
	assert_int_equal(req.verb, REQUEST_OVERVIEW);
	assert_null(req.name);
}

static void upper_and_lower_case(void **state)
{
	assert_request("LIST", REQUEST_LIST, false);
	assert_request("StAtUs", REQUEST_STATUS, false);
	assert_request("JSON List", REQUEST_LIST, true);
	/* a name stays as it was given */
	assert_string_equal(
		assert_request("ADD Night", REQUEST_ADD, false).name, "Night");
}

static void blanks(void **state)
{
	assert_request("  list", REQUEST_LIST, false);
	assert_request("list  ", REQUEST_LIST, false);
	assert_request("  json   list ", REQUEST_LIST, true);
	assert_int_equal(
		assert_request("events   7 ", REQUEST_EVENTS, false).count, 7);
	assert_string_equal(assert_request("add   NIGHT  ", REQUEST_ADD, false)
				    .name,
			    "NIGHT");
}

static void json_prefix(void **state)
{
	assert_request("json", REQUEST_OVERVIEW, true);
	assert_request("json list", REQUEST_LIST, true);
	assert_request("json status", REQUEST_STATUS, true);
	assert_request("json start", REQUEST_START, true);
	assert_request("json stop", REQUEST_STOP, true);
	assert_request("json help", REQUEST_HELP, true);
	assert_int_equal(
		assert_request("json events 5", REQUEST_EVENTS, true).count, 5);
	assert_string_equal(assert_request("json add NIGHT", REQUEST_ADD, true)
				    .name,
			    "NIGHT");
	assert_string_equal(
		assert_request("json delete NIGHT", REQUEST_DELETE, true).name,
		"NIGHT");
	assert_wrong("json json", "unknown request 'json'");
	assert_wrong("list json", "'list' takes nothing after it");
	assert_wrong("jsonlist", "unknown request 'jsonlist'");
}

/* Who asks for JSON is told in JSON what is wrong. */
static void json_of_what_is_wrong(void **state)
{
	struct request req;
	char *error = NULL;

	assert_false(parse("json frobnicate", 16, &req, &error));
	assert_true(req.json);
	assert_false(parse("JSON add", 9, &req, &error));
	assert_true(req.json);
	assert_false(parse("json list\n", 11, &req, &error));
	assert_true(req.json);
	assert_false(parse("json list", 9, &req, &error));
	assert_true(req.json);
	assert_false(parse("frobnicate json", 16, &req, &error));
	assert_false(req.json);
	assert_false(parse("jso", 3, &req, &error));
	assert_false(req.json);
}

static void unknown(void **state)
{
	assert_wrong("lists", "unknown request 'lists'");
	assert_wrong("lis", "unknown request 'lis'");
	assert_wrong("json frobnicate", "unknown request 'frobnicate'");
	assert_wrong("?", "unknown request '?'");
	assert_wrong("-1", "unknown request '-1'");
	assert_wrong("%s%n", "unknown request '%s%n'");
	assert_wrong("l\xc3\xafst", "unknown request 'l??st'");
}

static void too_much(void **state)
{
	assert_wrong("list ALPHA", "'list' takes nothing after it, not "
				   "'ALPHA'");
	assert_wrong("status now", "'status' takes nothing after it");
	assert_wrong("start it up", "'start' takes nothing after it, not "
				    "'it up'");
	assert_wrong("stop x", "'stop' takes nothing after it");
	assert_wrong("help add", "'help' takes nothing after it");
}

static void names(void **state)
{
	assert_wrong("add", "add needs a name");
	assert_wrong("add   ", "add needs a name");
	assert_wrong("json delete", "delete needs a name");
	/* names have blanks inside; which are legal is not known here */
	assert_string_equal(
		assert_request("add NIGHT  SHIFT", REQUEST_ADD, false).name,
		"NIGHT  SHIFT");
	assert_string_equal(assert_request("add *", REQUEST_ADD, false).name,
			    "*");
	assert_string_equal(assert_request("add add", REQUEST_ADD, false).name,
			    "add");
	assert_string_equal(assert_request("delete m\xc3\xbcller",
					   REQUEST_DELETE, false)
				    .name,
			    "m\xc3\xbcller");
}

static void counts(void **state)
{
	static const char *const wrong[] = {
		"0",
		"257",
		"-1",
		"+1",
		"1x",
		"x",
		"1 2",
		"0x10",
		"1.5",
		"99999999999999999999999999",
		"18446744073709551617",
		"4294967297",
		"-18446744073709551615",
		"\xc2\xb2",
	};
	char text[64];
	size_t i;

	assert_int_equal(
		assert_request("events 1", REQUEST_EVENTS, false).count, 1);
	assert_int_equal(
		assert_request("events 256", REQUEST_EVENTS, false).count, 256);
	/* decimal, whatever it begins with */
	assert_int_equal(
		assert_request("events 010", REQUEST_EVENTS, false).count, 10);
	for (i = 0; i < ARRAY_LEN(wrong); i++) {
		snprintf(text, sizeof(text), "events %s", wrong[i]);
		assert_wrong(text, "events takes a number from 1 to 256");
	}
}

static void length(void **state)
{
	char text[REQUEST_MAX + 8];
	struct request req;
	char *error = NULL;

	/* 256 bytes and the NUL */
	memset(text, ' ', sizeof(text));
	memcpy(text, "list", 4);
	text[REQUEST_MAX] = '\0';
	assert_true(parse(text, REQUEST_MAX + 1, &req, &error));
	assert_int_equal(req.verb, REQUEST_LIST);

	/* 257 */
	text[REQUEST_MAX] = ' ';
	text[REQUEST_MAX + 1] = '\0';
	assert_bytes_wrong(text, REQUEST_MAX + 2,
			   "the request is longer than 256 bytes");

	memset(text, 'x', sizeof(text));
	memcpy(text, "add ", 4);
	text[REQUEST_MAX] = '\0';
	assert_true(parse(text, REQUEST_MAX + 1, &req, &error));
	assert_int_equal(strlen(req.name), REQUEST_MAX - 4);
}

static void very_long(void **state)
{
	const size_t len = 1 << 20;
	char *text = malloc(len);

	assert_non_null(text);
	memset(text, 'a', len);
	text[len - 1] = '\0';
	assert_bytes_wrong(text, len, "the request is longer than 256 bytes");
	free(text);
}

static void no_nul(void **state)
{
	static const char complaint[] =
		"the request does not end in its only NUL";
	char text[REQUEST_MAX + 1];

	assert_bytes_wrong("list", 4, complaint);
	assert_bytes_wrong("l", 1, complaint);
	memset(text, 'a', sizeof(text));
	assert_bytes_wrong(text, sizeof(text), complaint);
}

static void bytes_after_the_nul(void **state)
{
	static const char complaint[] =
		"the request does not end in its only NUL";

	assert_bytes_wrong("list\0x", 6, complaint);
	assert_bytes_wrong("list\0x", 7, complaint);
	assert_bytes_wrong("list\0", 6, complaint);
	assert_bytes_wrong("\0list", 6, complaint);
	assert_bytes_wrong("\0", 2, complaint);
}

static void control_characters(void **state)
{
	int c;

	for (c = 1; c < 0x80; c++) {
		const char text[] = { 'a', 'd',	    'd', ' ',
				      'A', (char)c, 'B', '\0' };
		struct request req;
		char *error = NULL;

		if (c >= ' ' && c != 0x7f) {
			assert_true(parse(text, sizeof(text), &req, &error));
			continue;
		}
		assert_wrong(text, "the request has a control character");
	}
	assert_wrong("list\n", "the request has a control character");
	assert_wrong("\x1b[2Jlist", "the request has a control character");
	assert_wrong("list\t", "the request has a control character");
	/* Unicode has more of them: a terminal takes U+009B for ESC [ */
	assert_wrong("\xc2\x9b"
		     "2Jlist",
		     "the request has a control character");
}

/* Bytes from anywhere: a request or a complaint, and nothing else. */
static void random_bytes(void **state)
{
	static const char *const words[] = {
		"list",	    "json ",  "events ", "add ",   "delete",
		" ",	    "  ",     "",	 "status", "4294967296",
		"\x80\xff", "stop\n", "help",
	};
	uint8_t data[REQUEST_MAX + 16];
	unsigned good = 0;
	int i;

	seed_random(20261122);
	for (i = 0; i < 10000; i++) {
		size_t len =
			next_random(next_random(4) == 0 ? sizeof(data) : 12);
		struct request req;
		char *error = NULL;
		size_t j;

		for (j = 0; j < len; j++) {
			data[j] = (uint8_t)next_random(256);
		}
		/* half of them near to what is right */
		if (next_random(2) == 0) {
			len = 0;
			for (j = 0; j < 1 + next_random(3); j++) {
				const char *word =
					words[next_random(ARRAY_LEN(words))];

				memcpy(data + len, word, strlen(word));
				len += strlen(word);
			}
			data[len++] = '\0';
			if (next_random(8) == 0) {
				data[next_random((unsigned)len)] =
					(uint8_t)next_random(256);
			}
		}
		good += parse(data, len, &req, &error) ? 1 : 0;
		talloc_free_children(frame);
	}
	/* both kinds were tried */
	assert_in_range(good, 500, 9500);
}

/* Help tells of every verb, and of nothing else. */
static void assert_name(const char *text, const char *name, int type,
			const char *subject)
{
	struct request req = assert_request(text, REQUEST_ENSURE, false);

	assert_string_equal(req.name, name);
	assert_int_equal(req.type, type);
	assert_string_equal(req.subject, subject);
}

/* The answer calls a name as it was given, but for the type it has anyway. */
static void types(void **state)
{
	assert_name("ensure NIGHT", "NIGHT", MESSENGER_NAME_NO_TYPE, "NIGHT");
	assert_name("ensure NIGHT#03", "NIGHT", 3, "NIGHT");
	assert_name("ensure Night Shift<03>", "Night Shift", 3, "Night Shift");
	assert_name("ensure NIGHT#20", "NIGHT", 0x20, "NIGHT#20");
	assert_name("ensure NIGHT<1b>", "NIGHT", 0x1b, "NIGHT<1b>");
	assert_name("ensure ROOM#12<03>", "ROOM#12", 3, "ROOM#12");
	assert_name("ensure GATE#3", "GATE#3", MESSENGER_NAME_NO_TYPE,
		    "GATE#3");
}

static void help_is_complete(void **state)
{
	const struct request_help *h = NULL;
	size_t seen = 0;

	for (h = request_help; h->usage != NULL; h++) {
		char text[64];
		struct request req;
		char *error = NULL;
		char *argument = NULL;

		assert_in_range(strlen(h->meaning), 3, 60);
		snprintf(text, sizeof(text), "%s", h->usage);
		/* "[N]" may be left out; NAME and REQUEST stand for one */
		argument = strchr(text, '[');
		if (argument != NULL) {
			*argument = '\0';
		}
		argument = strstr(text, "REQUEST");
		if (argument != NULL) {
			strcpy(argument, "list");
		}
		assert_true(parse(text, strlen(text) + 1, &req, &error));
		seen |= (size_t)1 << req.verb;
	}
	assert_int_equal(seen & (((size_t)1 << (REQUEST_HELP + 1)) - 1),
			 ((size_t)1 << (REQUEST_HELP + 1)) - 1);
}

static void assert_events(const char *text, unsigned count, uint64_t after)
{
	struct request req = assert_request(text, REQUEST_EVENTS, false);

	assert_int_equal(req.count, count);
	assert_int_equal(req.after, after);
}

/* events [N] [after SEQ] */
static void events_after(void **state)
{
	static const char *const wrong[] = {
		"events after",
		"events after x",
		"events after -1",
		"events after 9223372036854775808",
		"events after 18446744073709551615",
		"events after 99999999999999999999999999",
		"events after 5 7",
		"events 5 before 7",
		"events 5 7",
		"events 5 after",
		"events 0 after 7",
	};
	size_t i;

	assert_events("events", 20, 0);
	assert_events("events 9", 9, 0);
	assert_events("events after 7", 20, 7);
	assert_events("events AFTER 7", 20, 7);
	assert_events("events 5 after 7", 5, 7);
	assert_events("events  5  After  7 ", 5, 7);
	assert_events("events 256 after 0", 256, 0);
	assert_events("events after 9223372036854775807", 20, INT64_MAX);
	for (i = 0; i < ARRAY_LEN(wrong); i++) {
		assert_wrong(wrong[i], "events takes a number from 1 to 256, "
				       "and \"after SEQ\"");
	}
}

/* Whether JSON was asked for is told by a word, as far as words can be told. */
static void json_is_a_word(void **state)
{
	struct request req;
	char *error = NULL;

	assert_false(parse("jsonlist", 9, &req, &error));
	assert_false(req.json);
	assert_false(parse("  json frobnicate", 18, &req, &error));
	assert_true(req.json);
	/* without its NUL there are no words */
	assert_false(parse("json", 4, &req, &error));
	assert_true(req.json);
	assert_false(parse("list", 4, &req, &error));
	assert_false(req.json);
	assert_false(parse("jso\n", 5, &req, &error));
	assert_false(req.json);
}

static void messages(void **state)
{
	struct request req;

	assert_int_equal(assert_request("messages", REQUEST_MESSAGES,
					false).count, 20);
	req = assert_request("json Messages 256 after 7", REQUEST_MESSAGES,
			     true);
	assert_int_equal(req.count, 256);
	assert_int_equal(req.after, 7);
	assert_wrong("messages OPERATOR", "messages takes a number from 1 to "
					  "256, and \"after SEQ\"");
}

static void complaint(void **state)
{
	struct request req;
	char *error = NULL;

	assert_false(parse("lists", 6, &req, &error));
	assert_string_equal(
		error,
		"unknown request 'lists'; known are: list, status, condition, add NAME, "
		"ensure NAME, delete NAME, start, stop, events [N], events [N] after SEQ, "
		"explain, names, who NAME, nodes, messages [N], messages [N] after SEQ, "
		"help, json REQUEST");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(verbs),
		TEST(nothing),
		TEST(upper_and_lower_case),
		TEST(blanks),
		TEST(json_prefix),
		TEST(json_of_what_is_wrong),
		TEST(unknown),
		TEST(too_much),
		TEST(names),
		TEST(counts),
		TEST(length),
		TEST(very_long),
		TEST(no_nul),
		TEST(bytes_after_the_nul),
		TEST(control_characters),
		TEST(random_bytes),
		TEST(types),
		TEST(help_is_complete),
		TEST(events_after),
		TEST(json_is_a_word),
		TEST(messages),
		TEST(complaint),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

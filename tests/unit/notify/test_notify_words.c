/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A message on a terminal, in a notification, in a mail, for a program.
 */

#include "notify_words.h"
#include "unit.h"

static TALLOC_CTX *frame;

static struct message *made(const char *from, const char *text, unsigned cut)
{
	json_t *o = json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:i}",
			      "seq", 7, "time", AT_0, "from", from, "to",
			      "OPERATOR", "machine", "BRAVO", "address",
			      "10.88.0.9", "via", "mailslot", "text", text,
			      "cut", (int)cut);
	struct message *m = notify_message(frame, o);

	json_decref(o);
	assert_non_null(m);
	return m;
}

static int setup(void **state)
{
	frame = talloc_new(NULL);
	setenv("TZ", "UTC", 1);
	return 0;
}

static int teardown(void **state)
{
	TALLOC_FREE(frame);
	return 0;
}

static void read_from_json(void **state)
{
	const struct message *m = made("Bob", "x", 3);
	json_t *o = json_pack("{s:s}", "from", "Bob");

	assert_int_equal(m->seq, 7);
	assert_int_equal(m->time.tv_sec, at(0).tv_sec);
	assert_string_equal(m->machine, "BRAVO");
	assert_int_equal(m->via, MESSAGE_VIA_MAILSLOT);
	assert_int_equal(m->cut, 3);
	/* to nobody */
	assert_null(notify_message(frame, o));
	json_decref(o);
}

static void on_a_terminal(void **state)
{
	assert_string_equal(
		notify_banner(frame, made("Bob", "one\n\ntwo\n", 2)),
		"\r\n"
		"Message from Bob on BRAVO (10.88.0.9) to OPERATOR\r\n"
		AT_0_FOR_PEOPLE "\r\n"
		"  one\r\n"
		"\r\n"
		"  two\r\n"
		"  (2 more characters were cut off)\r\n"
		"\a");
}

/* When it is handed on at once, and when it is not. */
#define SOON (at(0).tv_sec + 60)
#define LATE (at(0).tv_sec + 61)
#define CAME "(this message came on " AT_0_FOR_PEOPLE ")"

static void without_a_text(void **state)
{
	assert_non_null(strstr(notify_banner(frame, made("Bob", "", 0)),
			       AT_0_FOR_PEOPLE "\r\n  (no text)\r\n"));
	assert_non_null(strstr(notify_banner(frame, made("Bob", " \n", 0)),
			       "  (no text)\r\n"));
}

static void in_a_notification(void **state)
{
	assert_string_equal(notify_body(frame, made("Bob", "", 0), SOON),
			    "(no text)");
	assert_string_equal(
		notify_body(frame, made("Bob", "<b>a</b> & b\nc", 0), SOON),
		"&lt;b&gt;a&lt;/b&gt; &amp; b\nc");
	assert_string_equal(notify_body(frame, made("Bob", "a", 7), LATE),
			    "a\n(7 more characters were cut off)\n" CAME);
	assert_string_equal(notify_body(frame, made("Bob", "", 0), LATE),
			    "(no text)\n" CAME);
}

#define REST                                                                   \
	"Auto-Submitted: auto-generated\n"                                     \
	"MIME-Version: 1.0\n"                                                  \
	"Content-Type: text/plain; charset=UTF-8\n"                            \
	"Content-Transfer-Encoding: 8bit\n\n"

static void in_a_mail(void **state)
{
	assert_string_equal(
		notify_mail(frame, made("Bob", "one\n.\ntwo", 0), "a@b",
			    SOON),
		"To: a@b\n"
		"Subject: Message from Bob on BRAVO (10.88.0.9) to OPERATOR\n"
		REST "one\n.\ntwo\n");
	/* words of RFC 2047, none of which ends within a character */
	assert_string_equal(
		notify_mail(frame,
			    made("J\xc3\xb6rg Andr\xc3\xa9 M\xc3\xbcller-"
				 "L\xc3\xbc\xc3\xb6""denscheidt",
				 "x\n", 5),
			    "a@b", SOON),
		"To: a@b\n"
		"Subject: =?UTF-8?B?TWVzc2FnZSBmcm9tIErDtnJnI"
		"EFuZHLDqSBNw7xsbGVyLUzDvMO2?=\n"
		" =?UTF-8?B?ZGVuc2NoZWlkdCBvbiBCUkFWTyAoMTAuO"
		"DguMC45KSB0byBPUEVS?=\n"
		" =?UTF-8?B?QVRPUg==?=\n" REST
		"x\n(5 more characters were cut off)\n");
	assert_non_null(strstr(
		notify_mail(frame, made("Bob", "", 0), "a@b", SOON),
		"8bit\n\n(no text)\n"));
	assert_non_null(strstr(
		notify_mail(frame, made("Bob", "x", 0), "a@b", LATE),
		"8bit\n\nx\n" CAME "\n"));
}

/* Some mail systems refuse a mail with a longer line. */
static void long_lines_of_a_mail(void **state)
{
	static const char *const letters[] = { "\xc3\xa4", "\xe2\x82\xac",
					       "\xf0\x9f\x98\x80", "a" };
	size_t i;

	for (i = 0; i < ARRAY_LEN(letters); i++) {
		char *text = talloc_strdup(frame, "");
		const char *p = NULL;
		size_t letters_left = MESSAGE_TEXT_MAX;

		while (letters_left-- > 0) {
			text = talloc_strdup_append(text, letters[i]);
		}
		p = notify_mail(frame, made("Bob", text, 0), "a@b", SOON);
		p = strstr(p, "8bit\n\n") + 6;
		while (*p != '\0') {
			size_t len = strcspn(p, "\n");

			assert_in_range(len, 1, 998);
			assert_int_equal(len % strlen(letters[i]), 0);
			assert_memory_equal(p, text, len);
			text += len;
			p += len + 1;
		}
		assert_string_equal(text, "");
	}
}

static void at_a_blank_of_a_mail(void **state)
{
	char text[2 * 500 + 2] = "";

	memset(text, 'a', 500);
	text[500] = ' ';
	memset(text + 501, 'b', 500);
	assert_non_null(strstr(notify_mail(frame, made("Bob", text, 0), "a@b",
					   SOON),
			       "aaa\nbbb"));
}

static void for_a_program(void **state)
{
	const struct message *m = made("Bob", "one", 0);
	char **env = notify_environment(frame, m);

	assert_string_equal(notify_input(frame, m), "one\n");
	assert_string_equal(notify_input(frame, made("Bob", "", 0)), "\n");
	assert_string_equal(notify_input(frame, made("Bob", "x\n", 0)), "x\n");
	assert_non_null(env);
	assert_string_equal(env[1], "MESSENGER_SEQ=7");
	assert_string_equal(env[2], "MESSENGER_TIME=" AT_0);
	assert_string_equal(env[3], "MESSENGER_FROM=Bob");
	assert_string_equal(env[7], "MESSENGER_VIA=mailslot");
	assert_string_equal(env[8], "MESSENGER_CUT=0");
	assert_null(env[9]);
	env = notify_environment(frame, made("Bob", "one", 12));
	assert_string_equal(env[8], "MESSENGER_CUT=12");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(read_from_json),    TEST(on_a_terminal),
		TEST(in_a_notification), TEST(in_a_mail),
		TEST(long_lines_of_a_mail), TEST(at_a_blank_of_a_mail),
		TEST(for_a_program),     TEST(without_a_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What others send, made fit to be shown.
 */

#include "clean.h"
#include "message.h"
#include "smb_conf.h"
#include "unit.h"

static void assert_text(enum clean_charset charset, const char *bytes,
			size_t len, const char *want)
{
	size_t cut = 99;
	char *text = clean_text(NULL, charset, (const uint8_t *)bytes, len,
				&cut);

	assert_non_null(text);
	assert_string_equal(text, want);
	assert_int_equal(cut, 0);
	talloc_free(text);
}

#define ASSERT_DOS(bytes, want)                                                \
	assert_text(CLEAN_DOS, bytes, sizeof(bytes) - 1, want)
#define ASSERT_UNIX(bytes, want)                                               \
	assert_text(CLEAN_UNIX, bytes, sizeof(bytes) - 1, want)

static void line_ends(void **state)
{
	ASSERT_DOS("", "");
	ASSERT_DOS("one", "one");
	ASSERT_DOS("one\x14two\x14", "one\ntwo");
	ASSERT_DOS("one\r\ntwo\r\n", "one\ntwo");
	ASSERT_DOS("one\n\rtwo", "one\ntwo");
	ASSERT_DOS("one\rtwo\nthree", "one\ntwo\nthree");
	ASSERT_DOS("one\r\rtwo\n\nthree", "one\n\ntwo\n\nthree");
	ASSERT_DOS("\n one \n\n", "\n one ");
	ASSERT_UNIX("one\ntwo\n", "one\ntwo");
	ASSERT_UNIX("\r\n\x14\r", "");
	ASSERT_UNIX("one\0\0", "one");
}

static void charsets(void **state)
{
	/* CP850 */
	ASSERT_DOS("\x84\x94\x81 \xe1", "\xc3\xa4\xc3\xb6\xc3\xbc \xc3\x9f");
	ASSERT_UNIX("\xc3\xa4\xc3\xb6\xc3\xbc \xe2\x82\xac",
		    "\xc3\xa4\xc3\xb6\xc3\xbc \xe2\x82\xac");
	/* smbd could not convert it, and hands on what was sent */
	ASSERT_UNIX("\x84 is not UTF-8", "\xc3\xa4 is not UTF-8");
}

static void control_characters(void **state)
{
	ASSERT_DOS("\x1b[31mred\x07", ".[31mred.");
	ASSERT_DOS("a\0b\x7f", "a.b.");
	ASSERT_DOS("a\tb", "a b");
	ASSERT_UNIX("a\xc2\x9b" "31mb", "a.31mb");
	ASSERT_UNIX("a\xe2\x80\xae" "b\xe2\x80\xa8", "a.b.");
	ASSERT_UNIX("$(id) `id` \"quoted\" 'quoted' \\ %s %n",
		    "$(id) `id` \"quoted\" 'quoted' \\ %s %n");
}

static void long_text(void **state)
{
	uint8_t bytes[3000];
	size_t cut = 0;
	char *text = NULL;

	memset(bytes, 'x', sizeof(bytes));
	text = clean_text(NULL, CLEAN_DOS, bytes, MESSAGE_TEXT_MAX, &cut);
	assert_int_equal(strlen(text), MESSAGE_TEXT_MAX);
	assert_int_equal(cut, 0);
	talloc_free(text);
	text = clean_text(NULL, CLEAN_DOS, bytes, sizeof(bytes), &cut);
	assert_int_equal(strlen(text), MESSAGE_TEXT_MAX);
	assert_int_equal(cut, sizeof(bytes) - MESSAGE_TEXT_MAX);
	talloc_free(text);
	/* characters, not bytes */
	memset(bytes, 0x84, sizeof(bytes));
	text = clean_text(NULL, CLEAN_DOS, bytes, 700, &cut);
	assert_int_equal(strlen(text), 2 * MESSAGE_TEXT_MAX);
	assert_int_equal(cut, 700 - MESSAGE_TEXT_MAX);
	talloc_free(text);
}

static void assert_name(const char *bytes, size_t len, const char *want)
{
	char *name = clean_name(NULL, CLEAN_DOS, (const uint8_t *)bytes, len);

	assert_non_null(name);
	assert_string_equal(name, want);
	talloc_free(name);
}

#define ASSERT_NAME(bytes, want) assert_name(bytes, sizeof(bytes) - 1, want)

static void names(void **state)
{
	char longer[MESSAGE_NAME_MAX + 10];

	ASSERT_NAME("", "");
	ASSERT_NAME("BOB", "BOB");
	ASSERT_NAME("Bob Smith       ", "Bob Smith");
	ASSERT_NAME("BOB\0\0\0", "BOB");
	ASSERT_NAME("B\nO\x14" "B\r", "B.O.B.");
	ASSERT_NAME("M\x9aLLER", "M\xc3\x9cLLER");
	memset(longer, 'n', sizeof(longer));
	longer[MESSAGE_NAME_MAX] = '\0';
	assert_name(longer, MESSAGE_NAME_MAX, longer);
	longer[MESSAGE_NAME_MAX] = 'n';
	longer[MESSAGE_NAME_MAX + 1] = '\0';
	{
		char *name = clean_name(NULL, CLEAN_DOS, (uint8_t *)longer,
					MESSAGE_NAME_MAX + 1);

		assert_int_equal(strlen(name), MESSAGE_NAME_MAX);
		talloc_free(name);
	}
}

/* What is UTF-8 and nothing that a terminal obeys. */
static void assert_shown(const char *text, bool one_line)
{
	const unsigned char *p = (const unsigned char *)text;
	json_t *json = json_string(text);

	/* jansson takes no overlong form, and no surrogate */
	assert_non_null(json);
	json_decref(json);
	for (; *p != '\0'; p++) {
		assert_true(*p >= ' ' || (*p == '\n' && !one_line));
		assert_int_not_equal(*p, 0x7f);
		assert_false(p[0] == 0xc2 && p[1] >= 0x80 && p[1] <= 0x9f);
	}
}

/* Whatever comes in, what comes out is UTF-8 without control characters. */
static void anything(void **state)
{
	uint8_t bytes[64];
	unsigned round;

	seed_random(14);
	for (round = 0; round < 5000; round++) {
		size_t len = next_random(sizeof(bytes));
		size_t cut = 0;
		char *text = NULL;
		size_t i;

		for (i = 0; i < len; i++) {
			bytes[i] = (uint8_t)next_random(256);
		}
		text = clean_text(NULL, (round % 2) ? CLEAN_DOS : CLEAN_UNIX,
				  bytes, len, &cut);
		assert_non_null(text);
		assert_shown(text, false);
		talloc_free(text);
	}
}

static void assert_text_and_name_shown(const uint8_t *bytes, size_t len)
{
	size_t cut = 0;
	char *text = clean_text(NULL, CLEAN_UNIX, bytes, len, &cut);
	char *name = clean_name(NULL, CLEAN_UNIX, bytes, len);

	assert_non_null(text);
	assert_non_null(name);
	assert_shown(text, false);
	assert_shown(name, true);
	/* what ends a text is not shown, in whatever form it came */
	assert_true(text[0] == '\0' || text[strlen(text) - 1] != '\n');
	talloc_free(text);
	talloc_free(name);
}

/*
 * A character in more bytes than it needs is no UTF-8.  Samba 4.13 reads it
 * nonetheless, later ones refuse, and then it is read in the DOS charset: what
 * is shown differs, but no control character comes through in either.
 */
static void overlong_forms(void **state)
{
	uint8_t bytes[6] = "a";
	unsigned c, len;

	for (c = 0; c <= 0x9f; c++) {
		for (len = (c < 0x80) ? 2 : 3; len <= 4; len++) {
			memset(bytes + 1, 0x80, len);
			bytes[1] = (uint8_t)(0xf00 >> len);
			bytes[len - 1] |= (uint8_t)(c >> 6);
			bytes[len] = 0x80 | (c & 0x3f);
			assert_text_and_name_shown(bytes, len + 1);
			bytes[len + 1] = 'z';
			assert_text_and_name_shown(bytes, len + 2);
		}
	}
	assert_text_and_name_shown((const uint8_t *)"a\xc0\xafz", 4);
}

static void surrogates(void **state)
{
	ASSERT_UNIX("\xed\xa0\x80", "\xc3\x9d\xc3\xa1\xc3\x87");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(line_ends),
		cmocka_unit_test(charsets),
		cmocka_unit_test(control_characters),
		cmocka_unit_test(long_text),
		cmocka_unit_test(names),
		cmocka_unit_test(anything),
		cmocka_unit_test(overlong_forms),
		cmocka_unit_test(surrogates),
	};

	return cmocka_run_group_tests(tests, setup_smb_conf, teardown_smb_conf);
}

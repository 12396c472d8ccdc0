/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Texts that grow, break at blanks, have no control characters, and become
 * JSON whatever they are.
 */

#include "text.h"

#include "unit.h"

static void grows(void **state)
{
	TALLOC_CTX *frame = talloc_new(NULL);
	char *text = talloc_strdup(frame, "");
	char want[5001] = "";
	int i;

	text_add(&text, "%s %d", "one", 1);
	text_add(&text, "%%");
	assert_string_equal(text, "one 1%");
	assert_ptr_equal(talloc_parent(text), frame);
	text[0] = '\0';
	talloc_free(text);

	text = talloc_strdup(frame, "");
	for (i = 0; i < 1000; i++) {
		text_add(&text, "%05d", i);
		snprintf(want + 5 * i, 6, "%05d", i);
	}
	assert_string_equal(text, want);
	assert_int_equal(talloc_total_blocks(frame), 2);
	talloc_free(frame);
}

static void moments(void **state)
{
	static const char *const none[] = {
		"",
		"soon",
		"2026-11-22",
		"2026-11-22T12:00:00Z",
		"2026-11-22T12:00:00.12345Z",
		"2026-11-22T12:00:00.1234567Z",
		"2026-11-22T12:00:00.123456",
		"2026-11-22T12:00:00.123456Zx",
		"2026-11-22T12:00:00.-12345Z",
	};
	struct timespec t = { .tv_sec = 1795348800, .tv_nsec = 123456000 };
	struct timespec same = { .tv_sec = 0 };
	char *text = text_moment(NULL, t);
	size_t i;

	assert_string_equal(text, "2026-11-22T12:00:00.123456Z");
	assert_true(text_parse_moment(text, &same));
	assert_int_equal(same.tv_sec, t.tv_sec);
	assert_int_equal(same.tv_nsec, t.tv_nsec);
	talloc_free(text);
	for (i = 0; i < ARRAY_LEN(none); i++) {
		assert_false(text_parse_moment(none[i], &same));
		assert_int_equal(same.tv_sec, t.tv_sec);
	}
}

static void stays_null(void **state)
{
	char *text = NULL;

	text_add(&text, "%s", "nothing to add it to");
	assert_null(text);
	text_add_wrapped(&text, 2, TEXT_COLUMNS, "nothing to add it to");
	assert_null(text);
}

static void assert_wrapped(int indent, const char *sentence, const char *want)
{
	char *text = talloc_strdup(NULL, "");

	text_add_wrapped(&text, indent, TEXT_COLUMNS, sentence);
	assert_string_equal(text, want);
	assert_columns(text, 80);
	talloc_free(text);
}

static void wraps(void **state)
{
	assert_wrapped(0, "", "");
	assert_wrapped(2, "Short.", "  Short.\n");
	assert_wrapped(2,
		       "The computer name could not be added as a message "
		       "alias. The name may already exist on the network.",
		       "  The computer name could not be added as a message "
		       "alias. The name may already\n"
		       "  exist on the network.\n");
	/* just fits, and does not any more */
	assert_wrapped(0,
		       "1234567890123456789012345678901234567890"
		       "123456789012345678901234567890123456 78",
		       "1234567890123456789012345678901234567890"
		       "123456789012345678901234567890123456 78\n");
	assert_wrapped(0,
		       "1234567890123456789012345678901234567890"
		       "123456789012345678901234567890123456 789",
		       "1234567890123456789012345678901234567890"
		       "123456789012345678901234567890123456\n"
		       "789\n");
	/* no blank to break at */
	assert_wrapped(40, "1234567890123456789012345678901234567890X",
		       "                                        "
		       "123456789012345678901234567890123456789\n"
		       "                                        0X\n");
	/* a character is whole, on one line or on the other */
	assert_wrapped(76,
		       "ab\xc3\xa9"
		       "cd",
		       "                                                       "
		       "                     ab\xc3\xa9\n"
		       "                                                       "
		       "                     cd\n");
	/* columns, not bytes; letters of two columns, and of none */
	assert_wrapped(
		74, "\xc3\xa9\xc3\xa9 \xc3\xa9\xc3\xa9",
		"                                                       "
		"                   \xc3\xa9\xc3\xa9 \xc3\xa9\xc3\xa9\n");
	assert_wrapped(74, "\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2",
		       "                                                       "
		       "                   \xe6\xbc\xa2\xe6\xbc\xa2\n"
		       "                                                       "
		       "                   \xe6\xbc\xa2\n");
	assert_wrapped(74, "e\xcc\x81 e\xcc\x81 e f",
		       "                                                       "
		       "                   e\xcc\x81 e\xcc\x81 e\n"
		       "                                                       "
		       "                   f\n");
}

static void columns(void **state)
{
	assert_int_equal(text_columns(""), 0);
	assert_int_equal(text_columns("K\xc3\x9c"
				      "CHE"),
			 5);
	assert_int_equal(text_columns("\xe6\xbc\xa2\xea\xb0\x80"), 4);
	assert_int_equal(text_columns("\xf0\x9f\x98\x80!"), 3);
	assert_int_equal(text_columns("e\xcc\x81"), 1);
	/* what is no character takes a column */
	assert_int_equal(text_columns("\x80"
				      "a\xe6"),
			 3);
}

static void control_characters(void **state)
{
	assert_false(text_has_control(""));
	assert_false(text_has_control("plain ~"));
	assert_true(text_has_control("\t"));
	assert_true(text_has_control("a\n"));
	assert_true(text_has_control("\x1f"));
	assert_true(text_has_control("a\x7f"));
	/* U+0080 to U+009F, and their neighbours U+00A0 and U+00DF */
	assert_true(text_has_control("\xc2\x80"));
	assert_true(text_has_control("a\xc2\x9f"));
	assert_false(text_has_control("\xc2\xa0"));
	assert_false(text_has_control("\xc3\x9f"));
	/* a beginning of one is none, and nothing beyond it is read */
	assert_false(text_has_control("\xc2"));
}

static void json(void **state)
{
	assert_json(text_json(""), "''");
	assert_json(text_json("ALPHA"), "'ALPHA'");
	assert_json(text_json("\xc3\x9c"), "'\xc3\x9c'");
	assert_json(text_json("\xdc"
			      "BER"),
		    "'?BER'");
	assert_json(text_json("\xc3\x9c\xff"), "'?"
					       "?"
					       "?'");
}

/* A blank after the first letter is a place to break at, too. */
static void wraps_after_one_letter(void **state)
{
	assert_wrapped(40, "A 1234567890123456789012345678901234567890",
		       "                                        A\n"
		       "                                        "
		       "123456789012345678901234567890123456789\n"
		       "                                        0\n");
}

/* What is added to it is a part of it. */
static void json_as_text(void **state)
{
	json_t *value = json_pack("{s:i}", "seq", 1);
	char *text = text_of_json(NULL, value);

	assert_string_equal(text, "{\"seq\":1}");
	text_add(&text, "\n");
	assert_string_equal(text, "{\"seq\":1}\n");
	talloc_free(text);
	json_decref(value);
}

static void json_of_other_charsets(void **state)
{
	assert_json(text_json("\x80"), "'?'");
	assert_json(text_json("\x7f\xff"), "'\x7f?'");
}

static void assert_folded(const char *text, size_t columns, const char *want)
{
	TALLOC_CTX *frame = talloc_new(NULL);
	char *folded = text_fold(frame, text, columns);

	assert_string_equal(folded, want);
	assert_ptr_equal(talloc_parent(folded), frame);
	talloc_free(frame);
}

static void folds(void **state)
{
	assert_folded("", 20, "");
	assert_folded("twenty columns wide!", 20, "twenty columns wide!");
	assert_folded("twenty columns wide!\n\nA\n", 20,
		      "twenty columns wide!\n\nA\n");
	assert_folded("twenty-one columns wd\n", 20,
		      "twenty-one columns\nwd\n");
	assert_folded("exactly twenty-two col\nnext", 19,
		      "exactly twenty-two\ncol\nnext");
	/* a blank behind the last column that fits */
	assert_folded("twenty columns wide! x", 20, "twenty columns wide!\nx");
	assert_folded("one two three four five six", 9,
		      "one two\nthree\nfour five\nsix");
	assert_folded("not on a terminal: nothing is folded", 0,
		      "not on a terminal: nothing is folded");
}

/* What goes on hangs below the last column, or the indent. */
static void folds_and_hangs(void **state)
{
	assert_folded("  indented by two\n", 12, "  indented\n  by two\n");
	assert_folded("KEY  a value of three\n", 14,
		      "KEY  a value\n     of three\n");
	/* that leaves no room */
	assert_folded("LONG-KEY  is it so?\n", 14, "LONG-KEY  is\nit so?\n");
}

static void folds_no_word(void **state)
{
	assert_folded("a-very-long-word", 8, "a-very-long-word");
	assert_folded("a a-very-long-word b", 8, "a\na-very-long-word\nb");
	assert_folded("  a-very-long-word b", 8, "  a-very-long-word\n  b");
	/* characters, not bytes */
	assert_folded("\xc3\x9c\xc3\x9c\xc3\x9c \xc3\x9c", 5,
		      "\xc3\x9c\xc3\x9c\xc3\x9c \xc3\x9c");
	assert_folded("\xc3\x9c\xc3\x9c\xc3\x9c \xc3\x9c", 4,
		      "\xc3\x9c\xc3\x9c\xc3\x9c\n\xc3\x9c");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grows),
		cmocka_unit_test(moments),
		cmocka_unit_test(columns),
		cmocka_unit_test(stays_null),
		cmocka_unit_test(wraps),
		cmocka_unit_test(control_characters),
		cmocka_unit_test(json),
		cmocka_unit_test(wraps_after_one_letter),
		cmocka_unit_test(json_as_text),
		cmocka_unit_test(json_of_other_charsets),
		cmocka_unit_test(folds),
		cmocka_unit_test(folds_and_hangs),
		cmocka_unit_test(folds_no_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What somebody has typed, in the charset of the wire.
 */

#include "dos_text.h"
#include "smb_conf.h"
#include "unit.h"

#define AE   "\xc3\xa4"
#define EURO "\xe2\x82\xac"

/* Of four characters and eight bytes at most. */
static void assert_wire(const char *text, const char *want, size_t characters,
			size_t lost, bool cut)
{
	struct dos_text *t = dos_text(NULL, text, 4, 8);

	assert_non_null(t);
	assert_string_equal(t->bytes, want);
	assert_int_equal(t->characters, characters);
	assert_int_equal(t->lost, lost);
	assert_int_equal(t->cut, cut);
	talloc_free(t);
}

static void characters(void **state)
{
	assert_wire("", "", 0, 0, false);
	assert_wire("abcd", "abcd", 4, 0, false);
	assert_wire(AE "a" AE, "\x84" "a\x84", 3, 0, false);
	/* CP850 does not have it */
	assert_wire(EURO "1", "?1", 2, 1, false);
	/* nor is this a character */
	assert_wire("a\xff" "b\x84", "a?b?", 4, 2, false);
	assert_wire("a\xe2\x82", "a?", 2, 1, false);
}

static void cut(void **state)
{
	assert_wire("abcde", "abcd", 4, 0, true);
	assert_wire("abc" EURO EURO, "abc?", 4, 1, true);
	assert_wire("abc\n\nd", "abc\n", 4, 0, true);
	assert_wire("\n\n\n\nd", "\n\n\n\n", 4, 0, true);
}

static void line_ends(void **state)
{
	assert_wire("a\nb", "a\nb", 3, 0, false);
	assert_wire("a\r\nb", "a\nb", 3, 0, false);
	assert_wire("a\rb", "a\nb", 3, 0, false);
	assert_wire("abcd\r\n\n", "abcd", 4, 0, false);
	assert_wire("\n\r\n", "", 0, 0, false);
}

static void charset(void **state)
{
	struct dos_text *t = NULL;

	assert_string_equal(dos_charset(), "CP850");
	load_smb_conf("dos charset = CP932\n");
	assert_string_equal(dos_charset(), "CP932");
	t = dos_text(NULL, "\xe3\x81\x82\xe3\x81\x84\xe3\x81\x86", 9, 5);
	assert_non_null(t);
	assert_string_equal(t->bytes, "\x82\xa0\x82\xa2");
	assert_int_equal(t->characters, 2);
	assert_true(t->cut);
	talloc_free(t);
	/* what is typed is in that of smb.conf */
	load_smb_conf("unix charset = ISO-8859-1\n");
	assert_wire("\xe4", "\x84", 1, 0, false);
	load_smb_conf("");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(characters),
		cmocka_unit_test(cut),
		cmocka_unit_test(line_ends),
		cmocka_unit_test(charset),
	};

	return cmocka_run_group_tests(tests, setup_smb_conf, teardown_smb_conf);
}

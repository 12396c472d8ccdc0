/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Which names are message aliases, and their bytes on the wire; with Samba's
 * own charset functions.  The DOS charset is CP850, smb.conf's default.
 */

#include "name.h"

#include <errno.h>

#include "smb_conf.h"
#include "unit.h"

/* What NetBIOS does not allow in a name that a person gives. */
static const char forbidden[] = "\"*/:<>?\\|";

static enum messenger_code parse(const char *text)
{
	TALLOC_CTX *frame = talloc_new(NULL);
	struct wire_name wire = { { 0xee } };
	const struct wire_name before = wire;
	char *name = NULL;
	enum messenger_code code;

	code = messenger_name_parse(frame, text, &name, &wire);
	if (code == NERR_Success) {
		assert_non_null(name);
		assert_ptr_equal(talloc_parent(name), frame);
	} else {
		/* outputs are written only on success */
		assert_null(name);
		assert_memory_equal(&wire, &before, sizeof(wire));
		/* and nothing stays behind but the frame itself */
		assert_int_equal(talloc_total_blocks(frame), 1);
	}
	talloc_free(frame);
	return code;
}

static void assert_parsed(const char *text, const char *name, const char *bytes)
{
	TALLOC_CTX *frame = talloc_new(NULL);
	struct wire_name wire = { { 0xee } };
	struct wire_name want = { { 0 } };
	char *got = NULL;

	memcpy(want.bytes, bytes, strlen(bytes));
	assert_int_equal(messenger_name_parse(frame, text, &got, &wire),
			 NERR_Success);
	assert_string_equal(got, name);
	assert_memory_equal(&wire, &want, sizeof(wire));
	talloc_free(frame);
}

static void legal_names(void **state)
{
	assert_parsed("ALPHA", "ALPHA", "ALPHA");
	assert_parsed("A", "A", "A");
	assert_parsed("7", "7", "7");
	assert_parsed("NIGHT SHIFT", "NIGHT SHIFT", "NIGHT SHIFT");
	assert_parsed("HALL_3-B", "HALL_3-B", "HALL_3-B");
	assert_parsed("FS1.PLANT", "FS1.PLANT", "FS1.PLANT");
	assert_parsed("!#$%&'()+,;=@~", "!#$%&'()+,;=@~", "!#$%&'()+,;=@~");
	assert_parsed("[^`{}]", "[^`{}]", "[^`{}]");
}

/* Off the wire: every byte that is no small letter of ASCII stays. */
static void upper_case_of_a_wire(void **state)
{
	unsigned byte, at;

	for (byte = 0; byte < 256; byte++) {
		for (at = 0; at < sizeof(struct wire_name); at++) {
			struct wire_name wire = wire_of("aZ{`@[zA");
			struct wire_name want = wire_of("AZ{`@[ZA");

			wire.bytes[at] = (uint8_t)byte;
			want.bytes[at] = (byte >= 'a' && byte <= 'z')
						 ? (uint8_t)(byte - 32)
						 : (uint8_t)byte;
			wire_name_upper(&wire);
			assert_true(wire_name_equal(&wire, &want));
		}
	}
}

static void upper_case(void **state)
{
	assert_parsed("alpha", "ALPHA", "ALPHA");
	assert_parsed("Night Shift", "NIGHT SHIFT", "NIGHT SHIFT");
	/* u and o with diaeresis, e with acute: beyond ASCII as well */
	assert_parsed("\xc3\xbc\xc3\xb6\xc3\xa9", "\xc3\x9c\xc3\x96\xc3\x89",
		      "\x9a\x99\x90");
}

static void empty_name(void **state)
{
	assert_int_equal(parse(""), ERROR_INVALID_NAME_);
}

/* Every byte that ASCII has: either a legal name or not a name. */
static void every_ascii_character(void **state)
{
	int c;

	for (c = 1; c < 0x80; c++) {
		const char text[] = { 'A', (char)c, 'Z', '\0' };
		bool legal =
			c >= ' ' && c != 0x7f && strchr(forbidden, c) == NULL;
		enum messenger_code code = parse(text);

		if (code != (legal ? NERR_Success : ERROR_INVALID_NAME_)) {
			fail_msg("character 0x%02x gave %d", c, code);
		}
	}
}

static void forbidden_anywhere(void **state)
{
	assert_int_equal(parse("*"), ERROR_INVALID_NAME_);
	assert_int_equal(parse("*SMBSERVER"), ERROR_INVALID_NAME_);
	assert_int_equal(parse("ALPHA*"), ERROR_INVALID_NAME_);
	assert_int_equal(parse(":ALPHA"), ERROR_INVALID_NAME_);
	assert_int_equal(parse("ALPHA\n"), ERROR_INVALID_NAME_);
	/* what is wrong with the characters comes before the length */
	assert_int_equal(parse("AAAAAAAAAAAAAAAAAAAAAAA*"),
			 ERROR_INVALID_NAME_);
}

static void fifteen_bytes(void **state)
{
	assert_parsed("ABCDEFGHIJKLMNO", "ABCDEFGHIJKLMNO", "ABCDEFGHIJKLMNO");
	assert_int_equal(parse("ABCDEFGHIJKLMNOP"), ERROR_INVALID_PARAMETER_);
	assert_int_equal(parse("a name that is much longer than a name can be"),
			 ERROR_INVALID_PARAMETER_);
}

/* It is the DOS charset that counts: 30 bytes of UTF-8 are 15 in CP850. */
static void fifteen_bytes_of_dos(void **state)
{
	char utf8[33] = "";
	int i;

	for (i = 0; i < 15; i++) {
		strcat(utf8, "\xc3\xbc");
	}
	assert_int_equal(strlen(utf8), 30);
	assert_int_equal(parse(utf8), NERR_Success);
	strcat(utf8, "\xc3\xbc");
	assert_int_equal(parse(utf8), ERROR_INVALID_PARAMETER_);
}

static void not_in_the_dos_charset(void **state)
{
	/* Cyrillic A; the euro sign; a kanji */
	assert_int_equal(parse("\xd0\x90"), ERROR_INVALID_NAME_);
	assert_int_equal(parse("5\xe2\x82\xac"), ERROR_INVALID_NAME_);
	assert_int_equal(parse("\xe6\xbc\xa2"), ERROR_INVALID_NAME_);
}

static void another_dos_charset(void **state)
{
	load_smb_conf("dos charset = CP866");
	assert_parsed("\xd0\xb0", "\xd0\x90", "\x80");
	assert_int_equal(parse("\xc3\xbc"), ERROR_INVALID_NAME_);
	load_smb_conf("");
}

static void not_in_the_unix_charset(void **state)
{
	assert_int_equal(parse("A\xff"), ERROR_INVALID_NAME_);
	assert_int_equal(parse("\xc3"), ERROR_INVALID_NAME_);
	assert_int_equal(parse("\xc3("), ERROR_INVALID_NAME_);
	/* a surrogate; an overlong '/' */
	assert_int_equal(parse("\xed\xa0\x80"), ERROR_INVALID_NAME_);
	assert_int_equal(parse("\xc0\xaf"), ERROR_INVALID_NAME_);
	/* likewise NUL, which would end it, line feed, DEL, and C1's CSI */
	assert_int_equal(parse("A\xc0\x80Z"), ERROR_INVALID_NAME_);
	assert_int_equal(parse("A\xc0\x80"), ERROR_INVALID_NAME_);
	assert_int_equal(parse("A\xc0\x8aZ"), ERROR_INVALID_NAME_);
	assert_int_equal(parse("A\xc1\xbfZ"), ERROR_INVALID_NAME_);
	assert_int_equal(parse("A\xe0\x82\x9bZ"), ERROR_INVALID_NAME_);
}

/* On the wire a name is padded with blanks: these would be nameless, twice. */
static void blanks_at_the_end(void **state)
{
	assert_int_equal(parse(" "), ERROR_INVALID_NAME_);
	assert_int_equal(parse("               "), ERROR_INVALID_NAME_);
	assert_int_equal(parse("ALPHA "), ERROR_INVALID_NAME_);
}

static void same_wire_same_alias(void **state)
{
	struct wire_name a = wire_of("ALPHA");
	struct wire_name b = wire_of("ALPHA");

	assert_true(wire_name_equal(&a, &b));
	b.bytes[4] = 'B';
	assert_false(wire_name_equal(&a, &b));
	b = wire_of("ALPH");
	assert_false(wire_name_equal(&a, &b));
	b = wire_of("ALPHAB");
	assert_false(wire_name_equal(&a, &b));
}

static void assert_printed(const char *bytes, size_t len, const char *text)
{
	TALLOC_CTX *frame = talloc_new(NULL);
	char *got = messenger_name_print(frame, (const uint8_t *)bytes, len);

	assert_non_null(got);
	assert_string_equal(got, text);
	/* the result and the frame, nothing in between */
	assert_int_equal(talloc_total_blocks(frame), 2);
	talloc_free(frame);
}

static void print_names(void **state)
{
	assert_printed("ALPHA          ", 15, "ALPHA");
	assert_printed("ALPHA\0\0\0\0\0\0\0\0\0\0", 15, "ALPHA");
	assert_printed("ALPHA \0 \0", 9, "ALPHA");
	assert_printed("NIGHT SHIFT", 11, "NIGHT SHIFT");
	assert_printed("ABCDEFGHIJKLMNO", 15, "ABCDEFGHIJKLMNO");
	/* not a byte beyond its length is read */
	assert_printed("ALPHABETA", 5, "ALPHA");
	assert_printed("\x9aSER", 4, "\xc3\x9cSER");
}

static void print_nothing(void **state)
{
	assert_printed("", 0, "");
	assert_printed("               ", 15, "");
	assert_printed("\0\0\0", 3, "");
}

static void print_control_characters(void **state)
{
	assert_printed("A\x01\x02__MSBROWSE__\x02", 15, "A..__MSBROWSE__");
	assert_printed("\x01\x02__MSBROWSE__\x02", 15, "..__MSBROWSE__.");
	assert_printed("A\nB\x1b[1m\x7f", 8, "A.B.[1m.");
	assert_printed("A\0B", 3, "A.B");
}

/* Whatever came off the wire, what is printed is one line of UTF-8. */
static void print_every_byte(void **state)
{
	int c;

	for (c = 0; c < 0x100; c++) {
		const uint8_t bytes[] = { 'A', (uint8_t)c, 'Z' };
		char *text = messenger_name_print(NULL, bytes, sizeof(bytes));
		json_t *json = NULL;

		assert_non_null(text);
		assert_in_range(strlen(text), 3, 6);
		assert_int_equal(strcspn(text, "\n\r\t\x1b\x7f"), strlen(text));
		/* jansson takes valid UTF-8 only */
		json = json_string(text);
		assert_non_null(json);
		json_decref(json);
		talloc_free(text);
	}
}

/* Bytes that are letters in CP850 and do things to a terminal in this one. */
static void print_control_characters_of_iso(void **state)
{
	load_smb_conf("dos charset = ISO-8859-1");
	assert_printed("A\x9b"
		       "2J",
		       4, "A.2J");
	assert_printed("\xdc\x85", 2, "..");
	assert_printed("\xdc", 1, "\xc3\x9c");
	load_smb_conf("");
}

/* What another charset has at a byte that this one lacks. */
static void print_undefined_bytes(void **state)
{
	load_smb_conf("dos charset = ASCII");
	assert_printed("A\x9aZ", 3, "A.Z");
	assert_printed("\x9a\x9b\x01", 3, "...");
	load_smb_conf("");
}

/* What went wrong before is not held against a name. */
static void errno_of_others(void **state)
{
	errno = ENOMEM;
	assert_int_equal(parse("A\xff"), ERROR_INVALID_NAME_);
	errno = ENOMEM;
	assert_int_equal(parse("\xd0\x90"), ERROR_INVALID_NAME_);
}

static void print_short_and_long(void **state)
{
	assert_printed("\x9a", 1, "\xc3\x9c");
	assert_printed("A\x1f\x20\x21", 4, "A. !");
	/* never more than fifteen bytes, whatever it was given */
	assert_printed("ABCDEFGHIJKLMNOP", 16, "ABCDEFGHIJKLMNO");
	load_smb_conf("dos charset = ASCII");
	assert_printed("\x80", 1, ".");
	assert_printed("\x80"
		       "BCDEFGHIJKLMNO",
		       15, ".BCDEFGHIJKLMNO");
	load_smb_conf("");
}

static void assert_type(const char *text, const char *name, int type)
{
	char *copy = talloc_strdup(NULL, text);

	assert_int_equal(messenger_name_cut_type(copy), type);
	assert_string_equal(copy, name);
	talloc_free(copy);
}

static void types_of_names(void **state)
{
	assert_type("ALPHA#03", "ALPHA", 0x03);
	assert_type("ALPHA<03>", "ALPHA", 0x03);
	assert_type("alpha#1b", "alpha", 0x1b);
	assert_type("alpha<1B>", "alpha", 0x1b);
	assert_type("A#ff", "A", 0xff);
	assert_type("NIGHT SHIFT#03", "NIGHT SHIFT", 3);
	assert_type("#03", "", 3);
	assert_type("<03>", "", 3);
	/* the last one is the type */
	assert_type("ROOM#12#03", "ROOM#12", 3);
	assert_type("ROOM#12<03>", "ROOM#12", 3);
}

static void no_types(void **state)
{
	static const char *const names[] = {
		"",	   "ALPHA",    "#",	   "GATE#3",  "A#003",
		"A#0g",	   "A#g0",     "A#03 ",	   "A# 3",    "A<",
		"A<>",	   "A<3>",     "A<003>",   "A<0g>",   "A<03",
		"A<03> ",  "A<03>B",   "A#",	   "A#0",     "A>",
		"A#03<",   "A#\xc3\x9c",
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(names); i++) {
		assert_type(names[i], names[i], MESSENGER_NAME_NO_TYPE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(legal_names),
		cmocka_unit_test(upper_case),
		cmocka_unit_test(upper_case_of_a_wire),
		cmocka_unit_test(empty_name),
		cmocka_unit_test(every_ascii_character),
		cmocka_unit_test(forbidden_anywhere),
		cmocka_unit_test(fifteen_bytes),
		cmocka_unit_test(fifteen_bytes_of_dos),
		cmocka_unit_test(not_in_the_dos_charset),
		cmocka_unit_test(another_dos_charset),
		cmocka_unit_test(not_in_the_unix_charset),
		cmocka_unit_test(blanks_at_the_end),
		cmocka_unit_test(same_wire_same_alias),
		cmocka_unit_test(print_names),
		cmocka_unit_test(print_nothing),
		cmocka_unit_test(print_control_characters),
		cmocka_unit_test(print_control_characters_of_iso),
		cmocka_unit_test(print_every_byte),
		cmocka_unit_test(print_undefined_bytes),
		cmocka_unit_test(errno_of_others),
		cmocka_unit_test(print_short_and_long),
		cmocka_unit_test(types_of_names),
		cmocka_unit_test(no_types),
	};

	return cmocka_run_group_tests(tests, setup_smb_conf, teardown_smb_conf);
}

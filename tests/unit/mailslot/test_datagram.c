/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Messages in datagrams, and letters from smbd's command.
 */

#include "datagram.h"
#include "letter.h"
#include "text.h"
#include "unit.h"

#define NAME_AT 69

/* A write to a mailslot; returns its length. */
static size_t make(uint8_t *buf, const char *slot, const char *data,
		   size_t len)
{
	size_t name = strlen(slot) + 1;
	size_t offset = NAME_AT + name;

	memset(buf, 0, NAME_AT);
	memcpy(buf, "\xffSMB\x25", 5);
	buf[32] = 17;
	buf[33 + 2 * 1] = (uint8_t)len;
	buf[33 + 2 * 11] = (uint8_t)len;
	buf[33 + 2 * 11 + 1] = (uint8_t)(len >> 8);
	buf[33 + 2 * 12] = (uint8_t)offset;
	buf[33 + 2 * 13] = 3;
	buf[33 + 2 * 14] = 1;
	buf[33 + 2 * 16] = 2;
	buf[67] = (uint8_t)(name + len);
	memcpy(buf + NAME_AT, slot, name);
	memcpy(buf + offset, data, len);
	return offset + len;
}

#define SLOT "\\MAILSLOT\\MESSNGR"
#define DATA "BOB\0ALICE\0Hello\x14there"

static void assert_part(const struct span *part, const char *want)
{
	assert_int_equal(part->len, strlen(want));
	assert_memory_equal(part->bytes, want, part->len);
}

static void message(void **state)
{
	struct datagram_message m;
	uint8_t buf[600];
	size_t len = make(buf, SLOT, DATA, sizeof(DATA));

	assert_int_equal(datagram_parse(buf, len, &m), DATAGRAM_MESSAGE);
	assert_part(&m.from, "BOB");
	assert_part(&m.to, "ALICE");
	assert_part(&m.text, "Hello\x14there");
	/* without the last NUL, with more of them, and in another case */
	len = make(buf, "\\mailslot\\Messngr", DATA, sizeof(DATA) - 1);
	assert_int_equal(datagram_parse(buf, len, &m), DATAGRAM_MESSAGE);
	assert_part(&m.text, "Hello\x14there");
	len = make(buf, SLOT, DATA "\0\0\0", sizeof(DATA) + 3);
	assert_int_equal(datagram_parse(buf, len, &m), DATAGRAM_MESSAGE);
	assert_part(&m.text, "Hello\x14there");
	len = make(buf, SLOT, "\0\0", 3);
	assert_int_equal(datagram_parse(buf, len, &m), DATAGRAM_MESSAGE);
	assert_part(&m.from, "");
	assert_part(&m.text, "");
}

static void malformed(void **state)
{
	struct datagram_message m;
	uint8_t buf[600];
	size_t len = make(buf, SLOT, DATA "\0x", sizeof(DATA) + 2);

	assert_int_equal(datagram_parse(buf, len, &m), DATAGRAM_MALFORMED);
	len = make(buf, SLOT, "BOB", 3);
	assert_int_equal(datagram_parse(buf, len, &m), DATAGRAM_MALFORMED);
	len = make(buf, SLOT, "BOB\0ALICE", 9);
	assert_int_equal(datagram_parse(buf, len, &m), DATAGRAM_MALFORMED);
	len = make(buf, SLOT, "", 0);
	assert_int_equal(datagram_parse(buf, len, &m), DATAGRAM_MALFORMED);
	/* more data than there is; data before the name's end */
	len = make(buf, SLOT, DATA, sizeof(DATA));
	assert_int_equal(datagram_parse(buf, len - 1, &m), DATAGRAM_MALFORMED);
	buf[33 + 2 * 12] = NAME_AT;
	assert_int_equal(datagram_parse(buf, len, &m), DATAGRAM_MALFORMED);
	buf[33 + 2 * 12 + 1] = 0xff;
	assert_int_equal(datagram_parse(buf, len, &m), DATAGRAM_MALFORMED);
	/* no write */
	len = make(buf, SLOT, DATA, sizeof(DATA));
	buf[33 + 2 * 14] = 2;
	assert_int_equal(datagram_parse(buf, len, &m), DATAGRAM_MALFORMED);
	buf[33 + 2 * 14] = 1;
	buf[33 + 2 * 13] = 2;
	assert_int_equal(datagram_parse(buf, len, &m), DATAGRAM_MALFORMED);
}

static void other(void **state)
{
	struct datagram_message m;
	uint8_t buf[600];
	size_t len = make(buf, "\\MAILSLOT\\BROWSE", DATA, sizeof(DATA));
	size_t i;

	assert_int_equal(datagram_parse(buf, len, &m), DATAGRAM_OTHER);
	len = make(buf, "\\MAILSLOT\\MESSNGRS", DATA, sizeof(DATA));
	assert_int_equal(datagram_parse(buf, len, &m), DATAGRAM_OTHER);
	len = make(buf, SLOT, DATA, sizeof(DATA));
	buf[4] = 0x26;
	assert_int_equal(datagram_parse(buf, len, &m), DATAGRAM_OTHER);
	buf[4] = 0x25;
	buf[32] = 16;
	assert_int_equal(datagram_parse(buf, len, &m), DATAGRAM_OTHER);
	buf[32] = 17;
	/* any beginning of one; on the heap, as long as it is */
	for (i = 0; i < len; i++) {
		uint8_t *part = malloc((i > 0) ? i : 1);

		memcpy(part, buf, i);
		assert_int_not_equal(datagram_parse(part, i, &m),
				     DATAGRAM_MESSAGE);
		free(part);
	}
}

static struct span part_of(const char *text)
{
	return (struct span){ .bytes = (const uint8_t *)text,
				       .len = strlen(text) };
}

static void letters(void **state)
{
	const struct letter sent = {
		.from = part_of("Bob"),
		.to = part_of("operator"),
		.machine = part_of("bravo"),
		.address = part_of("10.88.0.9"),
		.text = part_of("one\ntwo\n"),
	};
	struct letter got;
	uint8_t *bytes = letter_write(NULL, &sent);
	size_t len = talloc_array_length(bytes);
	size_t i;

	assert_true(letter_read(bytes, len, &got));
	assert_part(&got.from, "Bob");
	assert_part(&got.to, "operator");
	assert_part(&got.machine, "bravo");
	assert_part(&got.address, "10.88.0.9");
	assert_part(&got.text, "one\ntwo\n");
	assert_int_equal(got.whole, 8);
	/* no part of it is one, nor is more of it */
	for (i = 0; i < len; i++) {
		uint8_t *part = malloc((i > 0) ? i : 1);

		memcpy(part, bytes, i);
		assert_false(letter_read(part, i, &got));
		free(part);
	}
	bytes = talloc_realloc(NULL, bytes, uint8_t, len + 1);
	bytes[len] = 'x';
	assert_false(letter_read(bytes, len + 1, &got));
	bytes[17] = 7;
	assert_false(letter_read(bytes, len, &got)); /* whole is shorter */
	bytes[17] = 8;
	assert_true(letter_read(bytes, len, &got));
	bytes[0] = 'X';
	assert_false(letter_read(bytes, len, &got));
	talloc_free(bytes);
}

static void long_letters(void **state)
{
	char name[LETTER_NAME_MAX + 10];
	char text[LETTER_TEXT_MAX + 10];
	struct letter sent = { .whole = 100000 };
	struct letter got;
	uint8_t *bytes = NULL;

	memset(name, 'n', sizeof(name));
	memset(text, 't', sizeof(text));
	sent.from = (struct span){ (uint8_t *)name, sizeof(name) };
	sent.to = sent.machine = sent.address = sent.from;
	sent.text = (struct span){ (uint8_t *)text, sizeof(text) };
	bytes = letter_write(NULL, &sent);
	assert_int_equal(talloc_array_length(bytes), LETTER_MAX);
	assert_true(letter_read(bytes, LETTER_MAX, &got));
	assert_int_equal(got.from.len, LETTER_NAME_MAX);
	assert_int_equal(got.text.len, LETTER_TEXT_MAX);
	assert_int_equal(got.whole, 100000);
	talloc_free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(message),
		cmocka_unit_test(malformed),
		cmocka_unit_test(other),
		cmocka_unit_test(letters),
		cmocka_unit_test(long_letters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

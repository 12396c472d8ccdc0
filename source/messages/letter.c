/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Letters, written and read.  Pure.
 */

#include "letter.h"

#include <string.h>

#include "bytes.h"

#define PARTS 5
#define HEAD  18

static const uint8_t magic[] = { 'M', 'S', 'G', '1' };

static const size_t most[PARTS] = { LETTER_NAME_MAX, LETTER_NAME_MAX,
				    LETTER_NAME_MAX, LETTER_NAME_MAX,
				    LETTER_TEXT_MAX };

static void put_number(struct bytes *bytes, size_t number, unsigned width)
{
	while (width-- > 0) {
		uint8_t byte = (uint8_t)(number >> (8 * width));

		bytes_add(bytes, &byte, 1);
	}
}

static size_t take_number(const uint8_t *p, unsigned width)
{
	size_t number = 0;

	while (width-- > 0) {
		number = number << 8 | *p++;
	}
	return number;
}

uint8_t *letter_write(TALLOC_CTX *mem_ctx, const struct letter *letter)
{
	const struct span parts[PARTS] = { letter->from, letter->to,
					   letter->machine, letter->address,
					   letter->text };
	struct bytes bytes = bytes_begin(mem_ctx);
	size_t len[PARTS];
	size_t i;

	bytes_add(&bytes, magic, sizeof(magic));
	for (i = 0; i < PARTS; i++) {
		len[i] = (parts[i].len < most[i]) ? parts[i].len : most[i];
		put_number(&bytes, len[i], 2);
	}
	put_number(&bytes,
		   (letter->whole > letter->text.len) ? letter->whole
						      : letter->text.len,
		   4);
	for (i = 0; i < PARTS; i++) {
		if (len[i] > 0) {
			bytes_add(&bytes, parts[i].bytes, len[i]);
		}
	}
	return bytes_end(&bytes);
}

bool letter_read(const uint8_t *buf, size_t len, struct letter *letter)
{
	struct letter l = { .whole = 0 };
	struct span *parts[PARTS] = { &l.from, &l.to, &l.machine, &l.address,
				      &l.text };
	size_t at = HEAD;
	size_t i;

	if (len < HEAD || memcmp(buf, magic, sizeof(magic)) != 0) {
		return false;
	}
	for (i = 0; i < PARTS; i++) {
		size_t part = take_number(buf + sizeof(magic) + 2 * i, 2);

		if (part > most[i] || part > len - at) {
			return false;
		}
		parts[i]->bytes = buf + at;
		parts[i]->len = part;
		at += part;
	}
	l.whole = take_number(buf + HEAD - 4, 4);
	if (at != len || l.whole < l.text.len) {
		return false;
	}
	*letter = l;
	return true;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Datagrams to \MAILSLOT\MESSNGR, [MS-MAIL] 2.2.1 and [MS-CIFS] 2.2.4.33.
 * Pure.
 */

#include "datagram.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

/* Offsets in an SMB_COM_TRANSACTION with the three setup words of a write. */
#define SMB_COMMAND	 4
#define SMB_WORD_COUNT	 32
#define SMB_WORDS	 33
#define SMB_BYTE_COUNT	 (SMB_WORDS + 2 * WORDS)
#define SMB_BYTES	 (SMB_BYTE_COUNT + 2)
#define WORDS		 17
#define WORD_DATA_COUNT	 11
#define WORD_DATA_OFFSET 12
#define WORD_SETUP_COUNT 13
#define WORD_OPCODE	 14

#define COM_TRANSACTION	    0x25
#define SETUP_COUNT	    3
#define OPCODE_WRITE_MAILSLOT 1

static const char slot[] = "\\MAILSLOT\\MESSNGR";

static uint16_t word(const uint8_t *smb, size_t number)
{
	const uint8_t *p = smb + SMB_WORDS + 2 * number;

	return (uint16_t)(p[0] | p[1] << 8);
}

/* To our mailslot?  Its name is compared without case, [MS-MAIL] 2.2.1. */
static bool is_ours(const uint8_t *smb, size_t len)
{
	return len >= SMB_BYTES + sizeof(slot) &&
	       memcmp(smb, "\xffSMB", 4) == 0 &&
	       smb[SMB_COMMAND] == COM_TRANSACTION &&
	       smb[SMB_WORD_COUNT] == WORDS &&
	       memchr(smb + SMB_BYTES, '\0', sizeof(slot)) ==
		       smb + SMB_BYTES + sizeof(slot) - 1 &&
	       strcasecmp((const char *)smb + SMB_BYTES, slot) == 0;
}

/* The next text, which moves *rest on behind its NUL. */
static bool take_text(struct span *rest, struct span *text)
{
	const uint8_t *end =
		(rest->len > 0) ? memchr(rest->bytes, '\0', rest->len) : NULL;

	if (end == NULL) {
		return false;
	}
	text->bytes = rest->bytes;
	text->len = (size_t)(end - rest->bytes);
	rest->bytes = end + 1;
	rest->len -= text->len + 1;
	return true;
}

static bool is_padding(const struct span *rest)
{
	size_t i;

	for (i = 0; i < rest->len; i++) {
		if (rest->bytes[i] != 0) {
			return false;
		}
	}
	return true;
}

enum datagram_kind datagram_parse(const uint8_t *smb, size_t len,
				  struct datagram_message *message)
{
	struct datagram_message m = { .from = { .len = 0 } };
	struct span rest;
	size_t offset;

	if (!is_ours(smb, len)) {
		return DATAGRAM_OTHER;
	}
	rest.len = word(smb, WORD_DATA_COUNT);
	offset = word(smb, WORD_DATA_OFFSET);
	if ((word(smb, WORD_SETUP_COUNT) & 0xff) != SETUP_COUNT ||
	    word(smb, WORD_OPCODE) != OPCODE_WRITE_MAILSLOT ||
	    offset < SMB_BYTES + sizeof(slot) || offset > len ||
	    rest.len > len - offset) {
		return DATAGRAM_MALFORMED;
	}
	rest.bytes = smb + offset;
	if (!take_text(&rest, &m.from) || !take_text(&rest, &m.to)) {
		return DATAGRAM_MALFORMED;
	}
	if (!take_text(&rest, &m.text)) {
		m.text = rest;
		rest.len = 0;
	}
	if (!is_padding(&rest)) {
		return DATAGRAM_MALFORMED;
	}
	*message = m;
	return DATAGRAM_MESSAGE;
}

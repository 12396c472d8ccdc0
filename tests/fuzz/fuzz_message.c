/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Messages off the network and from a local socket.  The first byte chooses:
 * the SMB of a datagram, or a letter.  What is read is made fit to be shown.
 */

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "clean.h"
#include "datagram.h"
#include "letter.h"
#include "message.h"

static void check_clean(const char *text, bool one_line)
{
	const unsigned char *p = (const unsigned char *)text;
	json_t *json = json_string(text); /* NULL if it is not UTF-8 */

	FUZZ_MUST(json != NULL);
	json_decref(json);
	for (; *p != '\0'; p++) {
		FUZZ_MUST((*p >= ' ' || (*p == '\n' && !one_line)) &&
			  *p != 0x7f);
		FUZZ_MUST(p[0] != 0xc2 || p[1] > 0x9f);
	}
}

static void check_parts(enum clean_charset charset,
			const struct span *from,
			const struct span *to,
			const struct span *text)
{
	TALLOC_CTX *frame = talloc_new(NULL);
	struct message m = { .seq = 1, .machine = (char *)"",
			     .address = (char *)"10.88.0.9" };
	char *lines = talloc_strdup(frame, "");
	json_t *json = NULL;

	m.from = clean_name(frame, charset, from->bytes, from->len);
	m.to = clean_name(frame, charset, to->bytes, to->len);
	m.text = clean_text(frame, charset, text->bytes, text->len, &m.cut);
	FUZZ_MUST(m.from != NULL && m.to != NULL && m.text != NULL);
	FUZZ_MUST(strlen(m.from) <= 4 * MESSAGE_NAME_MAX);
	FUZZ_MUST(strlen(m.text) <= 4 * MESSAGE_TEXT_MAX);
	check_clean(m.from, true);
	check_clean(m.to, true);
	check_clean(m.text, false);
	message_add(&lines, &m);
	FUZZ_MUST(lines != NULL);
	json = message_json(&m, "now");
	FUZZ_MUST(json != NULL);
	json_decref(json);
	talloc_free(frame);
}

void fuzz_message(const uint8_t *data, size_t len)
{
	struct datagram_message m;
	struct letter letter;
	uint8_t *packet = NULL;

	if (len == 0) {
		return;
	}
	/* a buffer of its own, so that nothing is read beyond its end */
	packet = malloc((len > 1) ? len - 1 : 1);
	FUZZ_MUST(packet != NULL);
	memcpy(packet, data + 1, len - 1);
	if ((data[0] & 1) == 0) {
		if (datagram_parse(packet, len - 1, &m) == DATAGRAM_MESSAGE) {
			check_parts(CLEAN_DOS, &m.from, &m.to, &m.text);
		}
	} else if (letter_read(packet, len - 1, &letter)) {
		FUZZ_MUST(letter.whole >= letter.text.len);
		check_parts(CLEAN_UNIX, &letter.from, &letter.to,
			    &letter.text);
	}
	free(packet);
}

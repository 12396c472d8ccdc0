/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What nodes ask and tell each other of a claim, as bytes.  Numbers are in the
 * order of the network; behind them stand texts, each with a NUL at its end: the
 * reason, and of the holder its computer, group, MAC address and names.  Pure.
 */

#include "claim_words.h"

#include <string.h>

#include "net_order.h"
#include "text.h"

/* "NMCQ", "NMCS" */
#define MAGIC_ASK  0x4e4d4351u
#define MAGIC_SAID 0x4e4d4353u

#define AT_WIRE	  4
#define AT_CODE	  20
#define AT_RCODE  24
#define AT_HOLDER 28
#define AT_CAUSE  32
#define AT_TEXTS  36

/* As many as a node status has room for, and more. */
#define NAMES_MAX 32

size_t claim_ask_write(uint8_t buf[CLAIM_QUESTION_LEN],
		       const struct wire_name *wire)
{
	put32(buf, MAGIC_ASK);
	memcpy(buf + AT_WIRE, wire->bytes, sizeof(wire->bytes));
	return CLAIM_QUESTION_LEN;
}

bool claim_ask_read(const uint8_t *buf, size_t len, struct wire_name *wire)
{
	if (len != CLAIM_QUESTION_LEN || get32(buf) != MAGIC_ASK) {
		return false;
	}
	memcpy(wire->bytes, buf + AT_WIRE, sizeof(wire->bytes));
	return true;
}

/* Returns the length with the text, or without it if there is no room. */
static size_t put_text(uint8_t buf[CLAIM_SAID_MAX], size_t len,
		       const char *text)
{
	size_t size = strlen(text) + 1;

	if (size > CLAIM_SAID_MAX - len) {
		return len;
	}
	memcpy(buf + len, text, size);
	return len + size;
}

/* Always there: others stand behind it. */
static size_t put_first(uint8_t buf[CLAIM_SAID_MAX], size_t len,
			const char *text)
{
	bool fits = (text != NULL && strlen(text) < CLAIM_SAID_MAX / 5);

	return put_text(buf, len, fits ? text : "");
}

size_t claim_said_write(uint8_t buf[CLAIM_SAID_MAX],
			const struct claim_said *said)
{
	const struct holder none = { .cause = CAUSE_NONE };
	const struct holder *h =
		(said->details != NULL) ? said->details : &none;
	size_t num = talloc_array_length(h->names);
	size_t len = AT_TEXTS;
	size_t i;

	put32(buf, MAGIC_SAID);
	memcpy(buf + AT_WIRE, said->wire.bytes, sizeof(said->wire.bytes));
	put32(buf + AT_CODE, (uint32_t)said->code);
	put32(buf + AT_RCODE, (uint32_t)said->rcode);
	memcpy(buf + AT_HOLDER, &said->holder, sizeof(said->holder));
	put32(buf + AT_CAUSE, (uint32_t)h->cause);
	len = put_first(buf, len, said->reason);
	len = put_first(buf, len, h->computer);
	len = put_first(buf, len, h->group);
	len = put_first(buf, len, h->mac);
	for (i = 0; h->names != NULL && i < num && i < NAMES_MAX; i++) {
		len = put_text(buf, len, h->names[i]);
	}
	return len;
}

/* The next text; "" if there is none. */
static const char *next_text(const uint8_t **at, size_t *left)
{
	const char *text = (const char *)*at;
	size_t size;

	if (*left == 0) {
		return "";
	}
	size = strlen(text) + 1; /* there is a NUL at the end */
	*at += size;
	*left -= size;
	return text;
}

/* NULL: there is none, or no memory for it. */
static char *copy_text(TALLOC_CTX *mem_ctx, const char *text)
{
	return (*text != '\0') ? text_printable(mem_ctx, text) : NULL;
}

static struct holder *read_holder(TALLOC_CTX *mem_ctx, uint32_t cause,
				  const uint8_t *at, size_t left)
{
	struct holder *h = talloc_zero(mem_ctx, struct holder);
	size_t num = 0;

	if (h == NULL) {
		return NULL;
	}
	h->cause = (enum event_cause)cause;
	h->computer = copy_text(h, next_text(&at, &left));
	h->group = copy_text(h, next_text(&at, &left));
	h->mac = copy_text(h, next_text(&at, &left));
	while (left > 0 && num < NAMES_MAX) {
		const char *text = next_text(&at, &left);
		char **more = talloc_realloc(h, h->names, char *, num + 1);

		if (more == NULL) {
			break; /* fewer of them */
		}
		h->names = more;
		more[num] = text_printable(more, text);
		if (more[num] == NULL) {
			TALLOC_FREE(h->names);
			break;
		}
		num++;
	}
	return h;
}

bool claim_said_read(TALLOC_CTX *mem_ctx, const uint8_t *buf, size_t len,
		     struct claim_said *said)
{
	const uint8_t *at = buf + AT_TEXTS;
	size_t left = len - AT_TEXTS;
	uint32_t cause;

	if (len <= AT_TEXTS || len > CLAIM_SAID_MAX ||
	    get32(buf) != MAGIC_SAID || buf[len - 1] != '\0') {
		return false;
	}
	cause = get32(buf + AT_CAUSE);
	if (cause > CAUSE_ANOTHER_DOMAIN_MASTER) {
		return false;
	}
	*said = (struct claim_said){
		.code = (enum messenger_code)get32(buf + AT_CODE),
		.rcode = (int)(get32(buf + AT_RCODE) & 0xf),
	};
	memcpy(said->wire.bytes, buf + AT_WIRE, sizeof(said->wire.bytes));
	memcpy(&said->holder, buf + AT_HOLDER, sizeof(said->holder));
	said->reason = copy_text(mem_ctx, next_text(&at, &left));
	if (cause != CAUSE_NONE) {
		said->details = read_holder(mem_ctx, cause, at, left);
	}
	return true;
}

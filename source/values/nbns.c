/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Name service packets.  Pure.  Reading goes by a cursor that never passes
 * the end of the packet; a read that would makes the packet malformed.
 */

#include "nbns.h"

#include <string.h>

#define HEADER_LEN  12
#define LABEL_MAX   63
#define ENCODED_LEN 32 /* RFC 1001 14.1: two bytes for one */

#define FLAG_RESPONSE 0x8000
#define FLAG_RD	      0x0100
#define FLAG_B	      0x0010
#define OPCODE(flags) (((flags) >> 11) & 0x0f)
#define RCODE(flags)  ((flags)&0x0f)
#define OPCODE_QUERY  0
#define OPCODE_WACK   7

#define OPCODE_REGISTRATION (5 << 11)

#define CLASS_IN	1
#define NB_GROUP_FLAG	0x8000
#define NB_RECORD_LEN	6  /* flags, address */
#define STATUS_NAME_LEN 18 /* name, type, flags */

static void put16(uint8_t *p, unsigned v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static size_t put_name(uint8_t *p, const struct wire_name *wire, uint8_t type)
{
	uint8_t name[MESSENGER_NAME_LEN + 1];
	size_t i;

	if (wire == NULL) {
		memset(name, 0, sizeof(name));
		name[0] = '*';
	} else {
		memset(name, ' ', sizeof(name));
		memcpy(name, wire->bytes,
		       strnlen((const char *)wire->bytes, MESSENGER_NAME_LEN));
		name[MESSENGER_NAME_LEN] = type;
	}
	p[0] = ENCODED_LEN;
	for (i = 0; i < sizeof(name); i++) {
		p[1 + 2 * i] = (uint8_t)('A' + (name[i] >> 4));
		p[2 + 2 * i] = (uint8_t)('A' + (name[i] & 0x0f));
	}
	return 1 + ENCODED_LEN;
}

/* "SALES.EXAMPLE" -> 5SALES7EXAMPLE0; 0: it is no scope. */
static size_t put_scope(uint8_t *p, const char *scope)
{
	size_t len = 0;

	if (strlen(scope) > LABEL_MAX) {
		return 0; /* nmbd keeps no longer one either */
	}
	while (*scope != '\0') {
		size_t label = strcspn(scope, ".");

		if (label == 0) {
			return 0;
		}
		p[len++] = (uint8_t)label;
		memcpy(p + len, scope, label);
		len += label;
		scope += label;
		scope += (*scope == '.') ? 1 : 0;
	}
	p[len++] = 0;
	return len;
}

size_t nbns_request(uint8_t *buf, uint16_t id, enum nbns_question question,
		    const struct wire_name *wire, uint8_t type,
		    const char *scope, bool recursion)
{
	size_t len = HEADER_LEN;
	size_t scope_len = 0;

	memset(buf, 0, HEADER_LEN);
	put16(buf, id);
	put16(buf + 2, recursion ? FLAG_RD : 0);
	put16(buf + 4, 1);
	len += put_name(buf + len, wire, type);
	scope_len = put_scope(buf + len, scope);
	if (scope_len == 0) {
		return 0;
	}
	len += scope_len;
	put16(buf + len, question);
	put16(buf + len + 2, CLASS_IN);
	return len + 4;
}

size_t nbns_broadcast_query(uint8_t *buf, uint16_t id,
			    const struct wire_name *wire, uint8_t type,
			    const char *scope)
{
	size_t len =
		nbns_request(buf, id, NBNS_QUERY, wire, type, scope, true);

	put16(buf + 2, FLAG_RD | FLAG_B);
	return len;
}

size_t nbns_overwrite_demand(uint8_t *buf, uint16_t id,
			     const struct nbns_claim *claim)
{
	size_t len = nbns_request(buf, id, NBNS_QUERY, claim->wire,
				  claim->type, claim->scope, false);

	if (len == 0) {
		return 0;
	}
	put16(buf + 2, OPCODE_REGISTRATION | FLAG_B);
	put16(buf + 10, 1); /* one additional record, of the same name: */
	put16(buf + len, 0xc000 | HEADER_LEN);
	put16(buf + len + 2, NBNS_QUERY);
	put16(buf + len + 4, CLASS_IN);
	put16(buf + len + 6, claim->ttl >> 16);
	put16(buf + len + 8, claim->ttl & 0xffff);
	put16(buf + len + 10, 6);
	put16(buf + len + 12, (unsigned)claim->flags << 8);
	memcpy(buf + len + 14, &claim->address, 4);
	return len + 18;
}

struct cursor {
	const uint8_t *p;
	size_t left;
	bool bad;
};

static const uint8_t *take(struct cursor *c, size_t len)
{
	const uint8_t *p = c->p;

	if (c->bad || len > c->left) {
		c->bad = true;
		return NULL;
	}
	c->p += len;
	c->left -= len;
	return p;
}

static unsigned take16(struct cursor *c)
{
	const uint8_t *p = take(c, 2);

	return (p != NULL) ? (unsigned)(p[0] << 8 | p[1]) : 0;
}

/*
 * Past a name: labels to the empty one, or a pointer, which ends it.  Where
 * the pointer leads is not looked at, so none can lead in a circle.
 */
static void skip_name(struct cursor *c)
{
	const uint8_t *p = NULL;

	while ((p = take(c, 1)) != NULL && *p != 0) {
		if ((*p & 0xc0) == 0xc0) {
			(void)take(c, 1);
			return;
		}
		if (*p > LABEL_MAX) {
			c->bad = true;
			return;
		}
		(void)take(c, *p);
	}
}

static void read_addresses(struct cursor *c, size_t len, struct nbns_answer *a)
{
	size_t i;

	if (len == 0 || len % NB_RECORD_LEN != 0) {
		c->bad = true;
		return;
	}
	for (i = 0; i < len / NB_RECORD_LEN; i++) {
		unsigned flags = take16(c);
		const uint8_t *p = take(c, 4);

		if (p == NULL || i >= NBNS_ADDRESSES_MAX) {
			c->bad = true;
			return;
		}
		a->group = a->group || (flags & NB_GROUP_FLAG) != 0;
		memcpy(&a->addresses[i], p, sizeof(a->addresses[i]));
		a->num_addresses = i + 1;
	}
}

static void read_names(struct cursor *c, struct nbns_answer *a)
{
	const uint8_t *count = take(c, 1);
	const uint8_t *p = NULL;
	size_t i;

	if (count == NULL) {
		return;
	}
	for (i = 0; i < *count; i++) {
		p = take(c, STATUS_NAME_LEN);
		if (p == NULL) {
			return;
		}
		memcpy(a->names[i].bytes, p, MESSENGER_NAME_LEN);
		a->names[i].type = p[MESSENGER_NAME_LEN];
		a->names[i].flags = (uint16_t)(p[16] << 8 | p[17]);
		a->num_names = i + 1;
	}
	p = take(c, sizeof(a->mac));
	if (p != NULL) {
		memcpy(a->mac, p, sizeof(a->mac));
	}
}

bool nbns_read_answer(const uint8_t *buf, size_t len, uint16_t id,
		      enum nbns_question question, struct nbns_answer *answer)
{
	struct cursor c = { .p = buf, .left = len };
	struct nbns_answer a = { .rcode = 0 };
	unsigned got_id = take16(&c);
	unsigned flags = take16(&c);
	unsigned questions = take16(&c);
	unsigned answers = take16(&c);
	unsigned type;
	unsigned rdlength;

	(void)take(&c, 4);
	if (c.bad || got_id != id || (flags & FLAG_RESPONSE) == 0) {
		return false;
	}
	a.rcode = (int)RCODE(flags);
	a.wait = (OPCODE(flags) == OPCODE_WACK);
	if (!a.wait && OPCODE(flags) != OPCODE_QUERY) {
		return false;
	}
	if (a.rcode != 0 || a.wait) {
		/* the rest of a negative answer says nothing more */
		*answer = a;
		return true;
	}
	if (questions != 0 || answers != 1) {
		return false;
	}
	skip_name(&c);
	type = take16(&c);
	(void)take16(&c);  /* class */
	(void)take(&c, 4); /* TTL */
	rdlength = take16(&c);
	if (c.bad || type != question || rdlength > c.left) {
		return false;
	}
	c.left = rdlength;
	if (question == NBNS_STATUS) {
		read_names(&c, &a);
	} else {
		read_addresses(&c, rdlength, &a);
	}
	if (c.bad) {
		return false;
	}
	*answer = a;
	return true;
}

bool nbns_is_name(const struct nbns_name *n, const struct wire_name *wire)
{
	size_t len = strnlen((const char *)wire->bytes, MESSENGER_NAME_LEN);
	size_t i;

	for (i = len; i < MESSENGER_NAME_LEN; i++) {
		if (n->bytes[i] != ' ' && n->bytes[i] != '\0') {
			return false;
		}
	}
	return memcmp(n->bytes, wire->bytes, len) == 0;
}

bool nbns_lists(const struct nbns_answer *answer, const struct wire_name *wire,
		uint8_t type)
{
	size_t i;

	for (i = 0; i < answer->num_names; i++) {
		if (answer->names[i].type == type &&
		    nbns_is_name(&answer->names[i], wire)) {
			return true;
		}
	}
	return false;
}

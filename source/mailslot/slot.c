/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Which datagrams are messages for this server.  Pure.
 */

#include "slot.h"

#include <arpa/inet.h>
#include <string.h>

#include "datagram.h"

/* Told apart from what was heard a moment ago; more are forgotten early. */
#define HEARD_MAX     256
#define HEARD_SECONDS 2

struct heard {
	uint64_t mark;
	uint64_t until; /* a repetition is none of its own */
};

struct slot {
	struct heard heard[HEARD_MAX]; /* at mark % its length */
	struct wire_name upper;	       /* of mail->wire */
};

struct slot *slot_init(TALLOC_CTX *mem_ctx)
{
	return talloc_zero(mem_ctx, struct slot);
}

/* FNV-1a */
static uint64_t add_mark(uint64_t mark, const void *bytes, size_t len)
{
	const uint8_t *p = bytes;
	size_t i;

	for (i = 0; i < len; i++) {
		mark = (mark ^ p[i]) * 1099511628211ULL;
	}
	return mark;
}

static bool is_repetition(struct slot *slot, const struct slot_datagram *d,
			  uint64_t now)
{
	uint64_t mark = 14695981039346656037ULL;
	struct heard *h = NULL;

	mark = add_mark(mark, &d->from, sizeof(d->from));
	mark = add_mark(mark, &d->id, sizeof(d->id));
	mark = add_mark(mark, &d->dest, sizeof(d->dest));
	mark = add_mark(mark, d->smb.bytes, d->smb.len);
	h = &slot->heard[mark % HEARD_MAX];
	if (h->mark == mark && now < h->until) {
		return true;
	}
	*h = (struct heard){ .mark = mark, .until = now + HEARD_SECONDS };
	return false;
}

/* What every host of a workgroup hears, [MS-BRWS] 2.1.1.1. */
static bool is_to_all(const struct slot_datagram *d,
		      const struct wire_name *upper,
		      const struct wire_name *workgroup)
{
	return d->kind == SLOT_BROADCAST ||
	       (wire_name_equal(upper, workgroup) &&
		(d->dest_type == 0x00 || d->dest_type == MESSENGER_NAME_TYPE));
}

static struct span name_span(const struct wire_name *wire)
{
	size_t len = 0;

	while (len < MESSENGER_NAME_LEN && wire->bytes[len] != '\0') {
		len++;
	}
	return (struct span){ .bytes = wire->bytes, .len = len };
}

enum slot_verdict slot_read(struct slot *slot, const struct slot_datagram *d,
			    const struct wire_name *workgroup, uint64_t now,
			    struct mail *mail)
{
	struct datagram_message m = { .from = { .len = 0 } };
	enum datagram_kind kind = datagram_parse(d->smb.bytes, d->smb.len, &m);
	struct wire_name upper = d->dest;
	bool to_all;

	if (kind == DATAGRAM_OTHER) {
		return SLOT_OTHER;
	}
	wire_name_upper(&upper);
	to_all = is_to_all(d, &upper, workgroup);
	/* a group that is none of ours is heard by everybody */
	if (!to_all && (d->kind != SLOT_UNIQUE ||
			d->dest_type != MESSENGER_NAME_TYPE)) {
		return SLOT_OTHER;
	}
	if (is_repetition(slot, d, now)) {
		return SLOT_OTHER;
	}
	slot->upper = upper;
	*mail = (struct mail){
		.via = MESSAGE_VIA_MAILSLOT,
		.charset = CLEAN_DOS,
		.from = m.from,
		.to = name_span(&d->dest),
		.machine = name_span(&d->source),
		.text = m.text,
		.wire = &slot->upper,
		.to_all = to_all,
	};
	(void)inet_ntop(AF_INET, &d->from, mail->address,
			sizeof(mail->address));
	return (kind == DATAGRAM_MESSAGE) ? SLOT_MAIL : SLOT_MALFORMED;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Datagrams on port 138, and which of them are messages for this server.
 * Pure.
 */

#ifndef MESSENGER_SOURCE_SLOT_H
#define MESSENGER_SOURCE_SLOT_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include <talloc.h>

#include "name.h"
#include "post.h"

/** RFC 1002 4.4.1: to one name, to a group, to everybody. */
enum slot_kind {
	SLOT_UNIQUE = 0x10,
	SLOT_GROUP = 0x11,
	SLOT_BROADCAST = 0x12,
};

/** A datagram, as nmbd has parsed it; nothing of it is owned. */
struct slot_datagram {
	enum slot_kind kind;
	struct in_addr from;
	uint16_t id;
	struct wire_name source;
	struct wire_name dest; /* its letters as they were sent */
	uint8_t dest_type;
	struct span smb; /* behind the names */
};

enum slot_verdict {
	SLOT_OTHER,	/* nothing for us, or told already */
	SLOT_MALFORMED, /* to us, and wrong; mail has no text */
	SLOT_MAIL,
};

struct slot;

/** @brief NULL without memory. */
struct slot *slot_init(TALLOC_CTX *mem_ctx);

/**
 * @brief Is it a message, and for whom?
 *
 * A datagram that was broadcast is read from two sockets of nmbd's: the second
 * time it is nothing.
 *
 * @param[in]  workgroup  Ours.
 * @param[in]  now        Seconds of a clock that is never set back.
 * @param[out] mail       Points into d; written unless it is nothing.
 */
enum slot_verdict slot_read(struct slot *slot, const struct slot_datagram *d,
			    const struct wire_name *workgroup, uint64_t now,
			    struct mail *mail);

#endif /* MESSENGER_SOURCE_SLOT_H */

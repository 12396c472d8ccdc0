/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What is in a datagram to a mailslot: an SMB_COM_TRANSACTION, [MS-MAIL]
 * 2.2.1, and in one to \MAILSLOT\MESSNGR a message.  Pure; the bytes come from
 * anybody.
 */

#ifndef MESSENGER_SOURCE_DATAGRAM_H
#define MESSENGER_SOURCE_DATAGRAM_H

#include "span.h"

/** In the DOS charset. */
struct datagram_message {
	struct span from;
	struct span to; /* as its sender calls whom it is for */
	struct span text;
};

enum datagram_kind {
	DATAGRAM_OTHER,	    /* to another mailslot, or no write to one */
	DATAGRAM_MALFORMED, /* to ours, and wrong */
	DATAGRAM_MESSAGE,
};

/**
 * @brief Read the SMB of a datagram, what comes behind its NetBIOS names.
 *
 * Three texts, each ended by a NUL; the last one by the end of the data if
 * there is none.  Nothing but NULs may follow.
 *
 * @param[out] message  Written if there is one.
 */
enum datagram_kind datagram_parse(const uint8_t *smb, size_t len,
				  struct datagram_message *message);

#endif /* MESSENGER_SOURCE_DATAGRAM_H */

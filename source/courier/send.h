/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * smbmessenger send: a message on its way, by Samba's smbclient.
 */

#ifndef MESSENGER_SOURCE_SEND_H
#define MESSENGER_SOURCE_SEND_H

#include <talloc.h>

/** What became of it. */
enum send_verdict {
	SEND_TAKEN,	  /* the host took it */
	SEND_REFUSED,	  /* the host is there, and did not take it */
	SEND_ENDED,	  /* the session, before there was an answer */
	SEND_UNREACHABLE, /* there was no session with it */
	SEND_SILENT,	  /* nobody knows */
	SEND_NOT_TRIED,	  /* there is no smbclient, or it could not be run */
};

struct send_order {
	const char *config; /* smb.conf; NULL: Samba's own */
	const char *name;   /* to whom */
	const char *address;
	const char *sender;
	const char *machine; /* from which; in ASCII */
	const char *text;
	const char *charset; /* of the others: that of the wire */
	unsigned seconds; /* how long it may take */
};

/**
 * @brief Send a message to a host.
 *
 * smbclient ends with 0 when it was refused, too: its words are read.
 *
 * @param[out] why  Of all but SEND_TAKEN: the system's or Samba's words,
 *                  without an end; owned by mem_ctx.  NULL: no memory.
 */
enum send_verdict send_message(TALLOC_CTX *mem_ctx,
			       const struct send_order *order, char **why);

/**
 * @brief What it means that somebody who was asked to take it did not.
 *
 * @return Words to be put behind; "": nothing is known.
 */
const char *send_meaning(const char *why);

#endif /* MESSENGER_SOURCE_SEND_H */

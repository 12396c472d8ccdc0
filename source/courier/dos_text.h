/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What is sent, in the charset of the wire.  smbclient would convert it block
 * by block, and garble each character that stands in two of them.  Pure; the
 * charsets are those of smb.conf, which is loaded.
 */

#ifndef MESSENGER_SOURCE_DOS_TEXT_H
#define MESSENGER_SOURCE_DOS_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include <talloc.h>

struct dos_text {
	char *bytes;	   /* in "dos charset" */
	size_t characters; /* in it */
	size_t lost;	   /* of these, '?': the charset does not have them */
	bool cut;
};

/** @brief "dos charset", or what Samba has instead. */
const char *dos_charset(void);

/**
 * @brief Convert a text as somebody has typed it.
 *
 * Line ends become '\n'; those at the end are left out.
 *
 * @param[in] text        In "unix charset".
 * @param[in] characters  So many are taken at most.
 * @param[in] bytes       Likewise; a '\n' is two.
 *
 * @return NULL without memory.
 */
struct dos_text *dos_text(TALLOC_CTX *mem_ctx, const char *text,
			  size_t characters, size_t bytes);

#endif /* MESSENGER_SOURCE_DOS_TEXT_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Bytes that somebody sent, made fit to be shown: UTF-8, with line ends as
 * they are here, and nothing that does things to a terminal.  Pure.
 */

#ifndef MESSENGER_SOURCE_CLEAN_H
#define MESSENGER_SOURCE_CLEAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

/** In what charset they are. */
enum clean_charset {
	CLEAN_DOS,  /* as they are sent */
	CLEAN_UNIX, /* as smbd hands them on; the other one if it could not */
};

/**
 * @brief The text of a message.
 *
 * A carriage return, a line feed, both, or 0x14, which [MS-MSRP] 2.2.3 puts in
 * their place, becomes a line feed, and those at the end are left out.  Of any
 * other control character, Unicode's included (line and paragraph separators,
 * changes of direction), '.' is left; of a tabulator a blank; of bytes that
 * are not of the charset '?'.
 *
 * @param[out] cut  Characters beyond MESSAGE_TEXT_MAX, which are left out.
 *
 * @return Owned by mem_ctx; NULL without memory.
 */
char *clean_text(TALLOC_CTX *mem_ctx, enum clean_charset charset,
		 const uint8_t *bytes, size_t len, size_t *cut);

/**
 * @brief A name: likewise, on one line, without blanks at its end, and with
 *        MESSAGE_NAME_MAX characters at most.
 */
char *clean_name(TALLOC_CTX *mem_ctx, enum clean_charset charset,
		 const uint8_t *bytes, size_t len);

#endif /* MESSENGER_SOURCE_CLEAN_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What is a legal message alias, and how nmbd writes it.
 */

#ifndef MESSENGER_SOURCE_NAME_H
#define MESSENGER_SOURCE_NAME_H

#include <string.h>

#include <talloc.h>

#include "messenger.h"

/**
 * The bytes of a name as nmbd keeps them: DOS charset, upper case, padded
 * with NULs.  Two aliases are the same if and only if these are.
 */
struct wire_name {
	uint8_t bytes[MESSENGER_NAME_LEN + 1];
};

/** @brief A name where it is, for who only looks: each packet comes by. */
static inline const struct wire_name *
wire_name_in(const char (*bytes)[sizeof(struct wire_name)])
{
	return (const struct wire_name *)bytes;
}

/* Types of names: [MS-NBTE] 2.2.1, and for the browser service [MS-BRWS] 2.1.1 */
/* MESSENGER_NAME_TYPE: a message alias */
#define TYPE_WORKSTATION	0x00
#define TYPE_MASTER_BROWSERS	0x01
#define TYPE_DOMAIN_MASTER	0x1b
#define TYPE_DOMAIN_CONTROLLERS 0x1c
#define TYPE_LOCAL_MASTER	0x1d
#define TYPE_ELECTIONS		0x1e
#define TYPE_SERVER		0x20

/** A name with its type: what nmbd registers. */
struct netbios_name {
	struct wire_name wire;
	uint8_t type; /* [MS-NBTE] 2.2.1 */
	bool group;   /* many may have it */
};

static inline bool wire_name_equal(const struct wire_name *a,
				   const struct wire_name *b)
{
	/* here, since each packet of a busy network comes by */
	return memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

/** @brief Upper case, of ASCII's letters: what is parsed is as it was sent. */
void wire_name_upper(struct wire_name *wire);

/**
 * @brief Check a name and bring it into the form nmbd uses.
 *
 * @param[in]  mem_ctx  Owner of *name.
 * @param[in]  text     The name in the UNIX charset, any case.
 * @param[out] name     Its upper case in the UNIX charset.
 * @param[out] wire     Its bytes on the wire.
 *
 * @return NERR_Success; ERROR_INVALID_NAME_ for an empty name, a forbidden
 *         character or one the DOS charset lacks; ERROR_INVALID_PARAMETER_
 *         for more than 15 bytes; NERR_InternalError without memory.  The
 *         outputs are written only on success.  [MS-MSRP] 3.1.4.6.
 */
enum messenger_code messenger_name_parse(TALLOC_CTX *mem_ctx, const char *text,
					 char **name, struct wire_name *wire);

/** No type stands behind a name. */
#define MESSENGER_NAME_NO_TYPE (-1)

/**
 * @brief Take the type off a name as people write it: NAME#20, NAME<20>.
 *
 * Two hexadecimal digits behind the last # or in angle brackets, at the end.
 * Trap: # may be part of a name.  What is called ROOM#12 is written
 * ROOM#12<03>.
 *
 * @param[in,out] text  Ends before its type, if it had one.
 *
 * @return The type, 0 to 255; MESSENGER_NAME_NO_TYPE if there is none.
 */
int messenger_name_cut_type(char *text);

/**
 * @brief The UNIX form of a name off the wire, for people to read.
 *
 * @param[in] mem_ctx  Owner of the result.
 * @param[in] bytes    Up to 15 bytes in the DOS charset.
 * @param[in] len      How many; trailing blanks and NULs are left out.
 *
 * @return The name, control characters shown as '.'; NULL without memory.
 */
char *messenger_name_print(TALLOC_CTX *mem_ctx, const uint8_t *bytes,
			   size_t len);

#endif /* MESSENGER_SOURCE_NAME_H */

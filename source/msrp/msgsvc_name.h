/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Names of the protocol, in UTF-16, from and into other charsets: by Samba's
 * own conversion functions.
 */

#ifndef MESSENGER_SOURCE_MSGSVC_NAME_H
#define MESSENGER_SOURCE_MSGSVC_NAME_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <talloc.h>

#include <charset.h>

#include "messenger.h"
#include "msgsvc_ndr.h"

/**
 * @brief A name in the UNIX charset.
 *
 * @param[in]  mem_ctx  Owner of *text.
 * @param[out] text     On success.
 *
 * @return NERR_Success; ERROR_INVALID_NAME_ for an empty one, or if the charset
 *         has it not; NERR_InternalError without memory.
 */
enum messenger_code msgsvc_name_to_unix(TALLOC_CTX *mem_ctx,
					const struct msgsvc_name *name,
					char **text);

/**
 * @brief A name from the UNIX charset, or from UTF-8.
 *
 * @param[in]  mem_ctx  Owner of its units.
 * @param[out] name     On success.
 *
 * @return false if it is none of this charset, or without memory.
 */
bool msgsvc_name_from(TALLOC_CTX *mem_ctx, charset_t charset, const char *text,
		      struct msgsvc_name *name);

#endif /* MESSENGER_SOURCE_MSGSVC_NAME_H */

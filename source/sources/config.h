/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * smb.conf -> struct messenger_config.  The option table is here and nowhere
 * else; what is wrong in smb.conf becomes a complaint, never a failure.
 */

#ifndef MESSENGER_SOURCE_CONFIG_H
#define MESSENGER_SOURCE_CONFIG_H

#include <talloc.h>

#include "settings.h"

/** One line of the option table, for documents and tests. */
struct config_option {
	const char *name;     /* after "messenger:" */
	const char *fallback; /* the default, as it would be written */
	const char *meaning;
};

/** The options, ended by one whose name is NULL. */
extern const struct config_option config_options[];

/**
 * @brief Read [global] of the smb.conf that Samba has loaded.
 *
 * @param[in] mem_ctx   Owner of the result.
 * @param[in] computer  The name that nmbd keeps until it is restarted; another
 *                      one in smb.conf is a complaint. NULL: not known yet.
 *
 * @return The configuration; NULL without memory.
 */
struct messenger_config *messenger_config_load(TALLOC_CTX *mem_ctx,
					       const char *computer);

#endif /* MESSENGER_SOURCE_CONFIG_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Options of smb.conf that bear the module's name and are none of it: misspelt
 * ones, which Samba takes without a word.
 */

#ifndef MESSENGER_SOURCE_UNKNOWN_H
#define MESSENGER_SOURCE_UNKNOWN_H

#include <talloc.h>

/**
 * @brief Which options of a section there are that have no line in the table.
 *
 * @param[in] mem_ctx  Owner of the result.
 * @param[in] section  What stands before the colon, without blanks.
 *
 * @return Their names after the colon, without blanks, in no order; NULL: none,
 *         or no memory.
 */
char **unknown_options(TALLOC_CTX *mem_ctx, const char *section);

/**
 * @brief The option that a misspelt one is most like.
 *
 * @param[in] name  Without blanks, in whatever case.
 *
 * @return Its name in the table; NULL: it is like none.
 */
const char *unknown_nearest(const char *name);

#endif /* MESSENGER_SOURCE_UNKNOWN_H */

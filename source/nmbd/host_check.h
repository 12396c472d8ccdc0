/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Is this nmbd the one whose structures we were built with?
 */

#ifndef MESSENGER_SOURCE_HOST_CHECK_H
#define MESSENGER_SOURCE_HOST_CHECK_H

#include <stdbool.h>

#include <talloc.h>

#include "name.h"

struct response_record;
struct subnet_record;

/**
 * @brief Is this a Samba release whose structures nmbd_host.h mirrors?
 *
 * @param[in] mem_ctx  Owner of the result.
 * @param[in] unknown  messenger:unknown samba = check: another one may do; the
 *                     log says so.
 *
 * @return NULL, or why not.
 */
const char *host_check_samba(TALLOC_CTX *mem_ctx, bool unknown);

/**
 * @brief Compare the live subnets, name lists and registrations with the
 *        mirror.
 *
 * @param[in] computer  nmbd's first name, type <03>.
 *
 * @return NULL if they agree; else what does not, a constant string.
 */
const char *host_check_subnets(const struct wire_name *computer);

/**
 * @brief Compare a registration that waits for answers with the mirror.
 *
 * @return NULL if they agree; else what does not, a constant string.
 */
const char *host_check_record(const struct subnet_record *subrec,
			      const struct response_record *rrec);

#endif /* MESSENGER_SOURCE_HOST_CHECK_H */

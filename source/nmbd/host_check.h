/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Is this nmbd the one whose structures we were built with?
 */

#ifndef MESSENGER_SOURCE_HOST_CHECK_H
#define MESSENGER_SOURCE_HOST_CHECK_H

#include "name.h"

/** The releases it knows, for people; the numbers are in nmbd_host.h. */
#define HOST_CHECK_VERSIONS "4.13 to 4.25"

struct response_record;
struct subnet_record;

/**
 * @brief Is this a Samba release whose structures nmbd_host.h mirrors?
 *
 * @param[in] version  As samba_version_string() gives it.
 */
bool host_check_version(const char *version);

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

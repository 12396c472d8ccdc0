/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * smbmessenger notify.
 */

#ifndef MESSENGER_SOURCE_NOTIFY_H
#define MESSENGER_SOURCE_NOTIFY_H

#include <talloc.h>

#include "client.h"
#include "messenger.h"

/**
 * @brief Hand messages on, as smb.conf says, until it is told to stop.
 *
 * SIGTERM and SIGINT end it; SIGHUP reads smb.conf again.
 *
 * @param[in]  config  smb.conf; NULL: Samba's own.
 * @param[out] error   Why nmbd is of no help; CLIENT_OK: it is not that.
 *
 * @return The exit status; what is not of *error is said.
 */
enum exit_status notify_run(TALLOC_CTX *mem_ctx, struct client *client,
			    const char *config, enum client_error *error);

#endif /* MESSENGER_SOURCE_NOTIFY_H */

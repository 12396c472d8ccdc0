/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * smbmessenger deliver: made for smbd's "message command".
 */

#ifndef MESSENGER_SOURCE_DELIVER_H
#define MESSENGER_SOURCE_DELIVER_H

#include <stddef.h>

#include <talloc.h>

#include "messenger.h"

/** What the command is given: FILE SENDER ALIAS MACHINE ADDRESS. */
#define DELIVER_WORDS 5

/**
 * @brief Hand a message to nmbd's module; smbd's client waits for this.
 *
 * The file is removed, whatever becomes of the message.  What cannot be handed
 * over is in the journal, or in syslog, as undelivered.
 *
 * @param[in]  config  smb.conf; NULL: Samba's own.
 * @param[in]  words   Of these an empty machine may be missing.
 * @param[out] why     What is said if it is not EXIT_DONE; owned by mem_ctx.
 */
enum exit_status deliver(TALLOC_CTX *mem_ctx, const char *config,
			 const char **words, const char **why);

#endif /* MESSENGER_SOURCE_DELIVER_H */

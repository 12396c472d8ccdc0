/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Where the socket for messages is, for those at either end of it.
 */

#ifndef MESSENGER_SOURCE_MAILBOX_PATH_H
#define MESSENGER_SOURCE_MAILBOX_PATH_H

#include <sys/types.h>

#include <talloc.h>

/** @brief Beside nmbd's own "unexpected"; NULL without memory. */
char *mailbox_path(TALLOC_CTX *mem_ctx);

/**
 * @brief Samba's guest account, as which smbd runs its message command.
 *
 * Only /etc/passwd is looked at: the name service switch may wait for a
 * directory server.
 *
 * @param[out] name  Its name, Samba's own string.
 *
 * @return Its number; 0 if it is not there.
 */
uid_t mailbox_guest(const char **name);

#endif /* MESSENGER_SOURCE_MAILBOX_PATH_H */

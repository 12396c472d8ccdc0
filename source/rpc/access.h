/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Who may use the methods.
 */

#ifndef MESSENGER_SOURCE_ACCESS_H
#define MESSENGER_SOURCE_ACCESS_H

#include <stdbool.h>

struct auth_session_info;

/**
 * @brief Is it an administrator?  Root, or in BUILTIN\Administrators.
 *
 * By the caller's token alone: the methods run as root, whoever called.
 * Domain Admins are in that group where the machine's group mapping or
 * winbindd says so.
 *
 * @param[in] info  Of the caller; NULL is nobody.
 */
bool access_is_administrator(const struct auth_session_info *info);

#endif /* MESSENGER_SOURCE_ACCESS_H */

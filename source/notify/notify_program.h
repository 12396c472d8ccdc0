/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Programs that are given a message.
 */

#ifndef MESSENGER_SOURCE_NOTIFY_PROGRAM_H
#define MESSENGER_SOURCE_NOTIFY_PROGRAM_H

#include "message.h"
#include "notify_table.h"

/** What every mail server has. */
#define NOTIFY_SENDMAIL "/usr/sbin/sendmail"

/** @brief Become the program of an entry for NOTIFY_EXEC; returns if it cannot
 *         be, and says why. */
void notify_become_program(const struct notify_entry *e,
			   const struct message *m);

/** @brief Become sendmail, likewise. */
void notify_become_mail(const struct notify_entry *e, const struct message *m);

#endif /* MESSENGER_SOURCE_NOTIFY_PROGRAM_H */

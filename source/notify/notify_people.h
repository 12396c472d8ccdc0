/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Telling people who are on this machine.  Each is called in a process of its
 * own, which may wait and may ask for users by name.
 */

#ifndef MESSENGER_SOURCE_NOTIFY_PEOPLE_H
#define MESSENGER_SOURCE_NOTIFY_PEOPLE_H

#include <pwd.h>
#include <stdbool.h>

#include "message.h"
#include "notify_table.h"

/**
 * @brief Is that user meant?
 *
 * @param[in] target  Of an entry.
 * @param[in] alias   To which the message is: the user's, if target is "", and
 *                    everybody's, if that is "*" or the workgroup.
 */
bool notify_is_meant(const char *target, const char *alias,
		     const struct passwd *pw);

/**
 * @brief What cannot work as things are now: there is no such user, group or
 *        program.
 *
 * @return A constant string, without an end; NULL if nothing is known.
 */
const char *notify_doubt(const struct notify_entry *e);

/**
 * @brief Write on each terminal of those who are meant, but where mesg(1) says
 *        no.
 *
 * @return Whether none of them failed; what did is said.
 */
bool notify_terminals(const struct notify_entry *e, const struct message *m);

/**
 * @brief Show it in the graphical sessions of those who are meant.
 *
 * @return As above.
 */
bool notify_desktops(const struct notify_entry *e, const struct message *m);

/** @brief "OPERATOR:wall: ...", a complaint. */
void notify_say(const struct notify_entry *e, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif /* MESSENGER_SOURCE_NOTIFY_PEOPLE_H */

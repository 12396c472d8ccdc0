/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A message that nobody takes: told, so that it is not lost.
 */

#ifndef MESSENGER_SOURCE_UNDELIVERED_H
#define MESSENGER_SOURCE_UNDELIVERED_H

#include "letter.h"

/** Of systemd's journal. */
#define UNDELIVERED_MESSAGE_ID "95c9cdc929514002a8f38a4c2b0ad28e"

/**
 * @brief Tell of it in the journal, or in syslog if there is none.
 *
 * @param[in] why  A sentence without its end.
 */
void undelivered_tell(const struct letter *letter, const char *why);

#endif /* MESSENGER_SOURCE_UNDELIVERED_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What the local name table as text and as JSON have in common.  Pure.
 */

#ifndef MESSENGER_SOURCE_NAMES_PRIVATE_H
#define MESSENGER_SOURCE_NAMES_PRIVATE_H

#include "names_report.h"

/** @brief How a name stands where an alias stands so. */
enum name_state names_state_of(enum alias_state state);

/** @brief Is it in the table?  A listing has others, which are on no subnet. */
bool names_have(const struct service *service, const struct alias *alias);

/**
 * @brief Tell of names that are no aliases, at most so many more, and fewer if
 *        pieces_are_enough().
 *
 * @param[in] tell  Returns for how many of them it counts.
 *
 * @return Whether there are more of them.
 */
bool names_tell_others(struct pieces_about *about, size_t num,
		       size_t (*tell)(struct pieces_about *about,
				      const struct name_entry *e));

#endif /* MESSENGER_SOURCE_NAMES_PRIVATE_H */

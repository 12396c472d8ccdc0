/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What the local name table as text and as JSON have in common.  Pure.
 */

#ifndef MESSENGER_SOURCE_NAMES_PRIVATE_H
#define MESSENGER_SOURCE_NAMES_PRIVATE_H

#include "names_report.h"

/** How a name, or an alias, stands on a subnet; as long as that is there. */
struct names_place {
	const char *subnet;
	enum name_state state;
	struct refusal refusal;
	const struct holder *details; /* of the holder; NULL: not known */
	const char *reason;	      /* NULL: none */
};

struct names_place names_place_of(const struct name_subnet *where);

struct names_place names_place_of_alias(const struct alias_subnet *where);

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

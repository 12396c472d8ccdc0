/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Who is told of messages to which alias, and how: "messenger:notify" of
 * smb.conf.
 */

#ifndef MESSENGER_SOURCE_NOTIFY_TABLE_H
#define MESSENGER_SOURCE_NOTIFY_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include <talloc.h>

enum notify_action {
	NOTIFY_WALL,	/* terminals */
	NOTIFY_DESKTOP, /* graphical sessions */
	NOTIFY_MAIL,
	NOTIFY_EXEC, /* a program */
};

/** ALIAS:ACTION=TARGET */
struct notify_entry {
	char *alias; /* upper case; "*": each */
	enum notify_action action;
	/*
	 * wall, desktop: a user, a @group, or "*" for each user; "": the user
	 * who is called like the alias.  mail: the address.  exec: the path.
	 */
	char *target;
	char *text; /* all of it, as in smb.conf */
};

struct notify_table {
	struct notify_entry *entries; /* a talloc array */
	char **complaints;	      /* a talloc array, without line ends */
};

/**
 * @brief Read the words of the option.
 *
 * What is wrong is left out, and complained of.
 *
 * @param[in] words  Ended by NULL; NULL: there are none.
 *
 * @return NULL without memory.
 */
struct notify_table *notify_table_parse(TALLOC_CTX *mem_ctx,
					const char *const *words);

/** @brief Is this what to do with a message to that alias? */
bool notify_entry_is_for(const struct notify_entry *e, const char *alias);

#endif /* MESSENGER_SOURCE_NOTIFY_TABLE_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What smb.conf says, as a value.
 */

#ifndef MESSENGER_SOURCE_SETTINGS_H
#define MESSENGER_SOURCE_SETTINGS_H

#include "name.h"

struct config_name {
	char *name; /* UNIX charset, upper case */
	struct wire_name wire;
};

/** A name in messenger:aliases that cannot be an alias. */
struct config_invalid {
	char *text; /* as it stands in smb.conf */
	enum messenger_code code;
};

/** messenger:user aliases */
enum config_users {
	CONFIG_USERS_NONE,
	CONFIG_USERS_LOGIND,
};

/** messenger:journal */
enum config_journal {
	CONFIG_JOURNAL_AUTO, /* if there is one; else syslog, if any */
	CONFIG_JOURNAL_YES,  /* the same, and complain if there is none */
	CONFIG_JOURNAL_NO,
};

/** All of it is owned by the structure; NULL and empty arrays are the same. */
struct messenger_config {
	/* netbios name, then netbios aliases; a talloc array */
	struct config_name *computers;
	/* messenger:aliases; a talloc array, each name once */
	struct config_name *aliases;
	/* those of them that are no legal names; a talloc array */
	struct config_invalid *invalid;
	enum config_users users;
	/* messenger:ignore users; ends in NULL */
	char **ignore_users;
	unsigned max_aliases;
	bool store;
	unsigned restart_interval; /* seconds */
	bool rfc_timing;
	bool broadcast_messages; /* are taken */
	bool own_names; /* those of other types are told of */
	bool unknown_samba; /* is checked, not refused */
	char *event_log; /* NULL: none */
	char *json_log;	 /* NULL: none */
	enum config_journal journal;
	/*
	 * One line each, without an end: what is wrong, where, and what is
	 * done instead; a talloc array.
	 */
	char **complaints;
};

#endif /* MESSENGER_SOURCE_SETTINGS_H */

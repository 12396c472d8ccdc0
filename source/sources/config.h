/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * smb.conf -> struct messenger_config.  The option table is here and nowhere
 * else; what is wrong in smb.conf becomes a complaint, never a failure.
 */

#ifndef MESSENGER_SOURCE_CONFIG_H
#define MESSENGER_SOURCE_CONFIG_H

#include <talloc.h>

#include "messenger.h"
#include "name.h"

struct config_name {
	char *name; /* UNIX charset, upper case */
	struct wire_name wire;
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
	enum config_users users;
	/* messenger:ignore users; ends in NULL */
	char **ignore_users;
	unsigned max_aliases;
	bool store;
	unsigned restart_interval; /* seconds */
	bool rfc_timing;
	char *event_log; /* NULL: none */
	char *json_log;	 /* NULL: none */
	enum config_journal journal;
	/*
	 * One line each, without an end: what is wrong, where, and what is
	 * done instead; a talloc array.
	 */
	char **complaints;
};

/** One line of the option table, for documents and tests. */
struct config_option {
	const char *name;     /* after "messenger:" */
	const char *fallback; /* the default, as it would be written */
	const char *meaning;
};

/** The options, ended by one whose name is NULL. */
extern const struct config_option config_options[];

/**
 * @brief Read [global] of the smb.conf that Samba has loaded.
 *
 * @param[in] mem_ctx  Owner of the result.
 *
 * @return The configuration; NULL without memory.
 */
struct messenger_config *messenger_config_load(TALLOC_CTX *mem_ctx);

#endif /* MESSENGER_SOURCE_CONFIG_H */

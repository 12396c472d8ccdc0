/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Of config.c: the lists of names in smb.conf, each name once.
 */

#ifndef MESSENGER_SOURCE_CONFIG_NAMES_H
#define MESSENGER_SOURCE_CONFIG_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include <talloc.h>

#include "settings.h"

/** A configuration while it is read: its arrays have room for more. */
struct config_reading {
	struct messenger_config *config;
	size_t num_complaints;
	size_t num_invalid;
};

/** @brief Enter what is wrong, as struct messenger_config has it. */
void config_complain(struct config_reading *r, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * @brief Read netbios name and netbios aliases.
 *
 * @return false without memory only.
 */
bool config_read_computers(struct config_reading *r, TALLOC_CTX *frame);

/** @brief Read messenger:aliases, which is this text; likewise. */
bool config_read_aliases(struct config_reading *r, TALLOC_CTX *frame,
			 const char *text);

#endif /* MESSENGER_SOURCE_CONFIG_NAMES_H */

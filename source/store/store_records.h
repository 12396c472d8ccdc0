/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The names in the file of the store, which is taken.
 */

#ifndef MESSENGER_SOURCE_STORE_RECORDS_H
#define MESSENGER_SOURCE_STORE_RECORDS_H

#include <stdbool.h>

#include "messenger.h"

struct store_file;

/** 15 bytes in the DOS charset may be more in the UNIX charset. */
#define STORE_NAME_MAX (4 * MESSENGER_NAME_LEN)

/**
 * @brief Keep a name, or forget it, in the file that is taken.
 *
 * @return 0, or the errno of why it is as it was; a line says so.
 */
int store_records_change(struct store_file *file, const char *name, bool kept);

/**
 * @brief Call fn for each name, in no order.
 *
 * @param[in] fn  Returns whether it could use the name; one that it cannot use
 *                is left in the file, and a line says so.
 */
void store_records_traverse(struct store_file *file,
			    bool (*fn)(void *private_data, const char *name),
			    void *private_data);

#endif /* MESSENGER_SOURCE_STORE_RECORDS_H */

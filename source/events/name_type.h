/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Types of names: what a server has a name of each for, what does not work
 * without it, and what to do when another computer holds it.  Pure.
 */

#ifndef MESSENGER_SOURCE_NAME_TYPE_H
#define MESSENGER_SOURCE_NAME_TYPE_H

#include <stdbool.h>
#include <stdint.h>

#include <talloc.h>

#include "messenger.h"
#include "name.h"

/** @brief "File server": what it is for, in two or three words. */
const char *name_type_purpose(const struct netbios_name *name);

/**
 * @brief Does losing it belong to the elections of browsers?
 *
 * Who is local master of a net changes all the time, and is nothing wrong.
 */
bool name_type_is_elected(const struct netbios_name *name);

/**
 * @brief What does not work while another computer holds it.
 *
 * @param[in] text  The name for people, without its type.
 *
 * @return A sentence, owned by mem_ctx; NULL without memory.
 */
char *name_type_consequence(TALLOC_CTX *mem_ctx,
			    const struct netbios_name *name, const char *text);

/** @brief Why the holder has it; as above. */
char *name_type_reason(TALLOC_CTX *mem_ctx, enum event_cause cause,
		       const struct netbios_name *name, const char *text);

/** @brief What to do about it; as above. */
char *name_type_action(TALLOC_CTX *mem_ctx, enum event_cause cause,
		       const struct netbios_name *name, const char *text);

/** Enough for 15 characters of three bytes each, and a type. */
#define NAME_TYPE_PADDED_MAX 64

/**
 * @brief As Windows' events have it: "ALPHA          :20".
 *
 * @param[out] buf  NAME_TYPE_PADDED_MAX bytes.
 */
void name_type_padded(char *buf, const struct netbios_name *name,
		      const char *text);

#endif /* MESSENGER_SOURCE_NAME_TYPE_H */

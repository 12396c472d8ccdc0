/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A text that grows piece by piece and is checked for memory once, at its end.
 */

#ifndef MESSENGER_SOURCE_TEXT_H
#define MESSENGER_SOURCE_TEXT_H

#include <talloc.h>

/**
 * @brief Append to a talloc'ed text.
 *
 * @param[in,out] text  Becomes NULL, and stays it, when there is no memory.
 *                      (talloc_asprintf_append() would begin anew, under no
 *                      owner; talloc_asprintf_addbuf() is not in talloc
 *                      2.3.1.)
 */
void text_add(char **text, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif /* MESSENGER_SOURCE_TEXT_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Bytes that somebody else keeps.
 */

#ifndef MESSENGER_SOURCE_SPAN_H
#define MESSENGER_SOURCE_SPAN_H

#include <stddef.h>
#include <stdint.h>

/** Not owned; len may be 0, and then bytes NULL. */
struct span {
	const uint8_t *bytes;
	size_t len;
};

#endif /* MESSENGER_SOURCE_SPAN_H */

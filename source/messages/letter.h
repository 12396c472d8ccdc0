/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What "smbmessenger deliver" and the module say to each other: one packet
 * there and one back, on a socket that keeps them apart (SOCK_SEQPACKET).
 * Pure; whoever can connect may have written it.
 *
 *     there   4 bytes  "MSG1"
 *             2 bytes  each: the lengths of sender, alias, machine, address
 *                      and text, the most significant byte first
 *             4 bytes  how long the text was before it was cut for this
 *             then the five of them, and nothing behind
 *     back    1 byte   0: it is delivered; 1: it is refused
 *             then, if it is refused, why: a sentence in ASCII, without a NUL
 */

#ifndef MESSENGER_SOURCE_LETTER_H
#define MESSENGER_SOURCE_LETTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

#include "span.h"

/** Its name, in the folder that nmbd:socket dir says. */
#define LETTER_SOCKET "messenger"

/** Bytes of a text: MESSAGE_TEXT_MAX characters of UTF-8, and then some. */
#define LETTER_TEXT_MAX 4096
/** Bytes of each of the others. */
#define LETTER_NAME_MAX 255
/** Bytes of the whole. */
#define LETTER_MAX (18 + 4 * LETTER_NAME_MAX + LETTER_TEXT_MAX)
/** Bytes of an answer. */
#define LETTER_ANSWER_MAX 256

/** In the UNIX charset; not owned. */
struct letter {
	struct span from;
	struct span to;
	struct span machine;
	struct span address;
	struct span text;
	size_t whole; /* the length that the text had */
};

/**
 * @brief Write a letter; what is too long in it is cut.
 *
 * @return A talloc array; NULL without memory.
 */
uint8_t *letter_write(TALLOC_CTX *mem_ctx, const struct letter *letter);

/**
 * @brief Read one.
 *
 * @param[out] letter  Points into buf; written on success only.
 *
 * @return Whether it is one.
 */
bool letter_read(const uint8_t *buf, size_t len, struct letter *letter);

#endif /* MESSENGER_SOURCE_LETTER_H */

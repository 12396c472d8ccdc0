/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Answers that come in parts, put together.
 */

#ifndef MESSENGER_SOURCE_PARTS_H
#define MESSENGER_SOURCE_PARTS_H

#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

struct parts;

/** @brief None so far; NULL without memory. */
struct parts *parts_create(TALLOC_CTX *mem_ctx);

/**
 * @brief A message with a part.
 *
 * @return The answer, when it is whole, owned by mem_ctx; NULL: it is not, or
 *         there was no memory for it.
 */
char *parts_take(TALLOC_CTX *mem_ctx, struct parts *parts, const uint8_t *data,
		 size_t len);

#endif /* MESSENGER_SOURCE_PARTS_H */

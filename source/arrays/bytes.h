/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Bytes that are put one behind the other, as array.h does it with what is in
 * them: they are moved seldom, however small the pieces are.
 */

#ifndef MESSENGER_SOURCE_BYTES_H
#define MESSENGER_SOURCE_BYTES_H

#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

struct bytes {
	uint8_t *data; /* with room for more behind; NULL: without memory */
	size_t len;
};

/** @brief Begin with none; the data is owned by mem_ctx. */
struct bytes bytes_begin(TALLOC_CTX *mem_ctx);

/** @brief Append; without memory the data is freed, NULL, and stays so. */
void bytes_add(struct bytes *bytes, const void *more, size_t len);

/**
 * @brief No more of them.
 *
 * @return The data, a talloc array of its very length; NULL without memory.
 */
uint8_t *bytes_end(struct bytes *bytes);

#endif /* MESSENGER_SOURCE_BYTES_H */

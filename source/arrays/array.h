/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Arrays that become longer one by one.  One that had room for just one more
 * each time would be copied each time, and leave a hole of each length it ever
 * had in the heap of nmbd.
 */

#ifndef MESSENGER_SOURCE_ARRAY_H
#define MESSENGER_SOURCE_ARRAY_H

#include <stdbool.h>
#include <stddef.h>

#include <talloc.h>

/** @brief Is an array that grew by array_room() to this length full? */
static inline bool array_is_full(size_t num)
{
	return (num & (num - 1)) == 0;
}

/**
 * @brief Room for one more behind the first num, in an array of talloc's that
 *        has grown by this alone: it has twice the length when it is full.
 *
 * What is longer than it has entries is for array_end(), as
 * talloc_array_length() counts the room as well.
 *
 * @param[in] array  NULL: there is none yet.
 *
 * @return The array, which may have moved; NULL without memory, and what there
 *         was stays.
 */
#define array_room(mem_ctx, array, type, num)                                  \
	(array_is_full(num) ? talloc_realloc(mem_ctx, array, type,             \
					     ((num) == 0) ? 1 : 2 * (num))     \
			    : (array))

/**
 * @brief Give back the room that is left.
 *
 * @return The array, or NULL: it is empty and freed, or there is no memory and
 *         what there was stays.
 */
#define array_end(mem_ctx, array, type, num)                                   \
	talloc_realloc(mem_ctx, array, type, num)

#endif /* MESSENGER_SOURCE_ARRAY_H */

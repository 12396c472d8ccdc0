/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Bytes, one behind the other.
 */

#include "bytes.h"

#include <string.h>

#define FIRST_ROOM 256

struct bytes bytes_begin(TALLOC_CTX *mem_ctx)
{
	return (struct bytes){
		.data = talloc_array(mem_ctx, uint8_t, FIRST_ROOM),
	};
}

static void make_room(struct bytes *bytes, size_t len)
{
	size_t room = talloc_array_length(bytes->data);
	uint8_t *larger = NULL;

	while (room < len) {
		room *= 2;
	}
	larger = talloc_realloc(NULL, bytes->data, uint8_t, room);
	if (larger == NULL) {
		talloc_free(bytes->data);
	}
	bytes->data = larger;
}

void bytes_add(struct bytes *bytes, const void *more, size_t len)
{
	if (bytes->data == NULL) {
		return;
	}
	if (bytes->len + len > talloc_array_length(bytes->data)) {
		make_room(bytes, bytes->len + len);
	}
	if (bytes->data != NULL) {
		memcpy(bytes->data + bytes->len, more, len);
		bytes->len += len;
	}
}

uint8_t *bytes_end(struct bytes *bytes)
{
	uint8_t *exact = NULL;

	if (bytes->data != NULL && bytes->len == 0) {
		/* a new one: talloc_realloc() to nothing returns NULL */
		exact = talloc_array(talloc_parent(bytes->data), uint8_t, 0);
		talloc_free(bytes->data);
	} else if (bytes->data != NULL) {
		exact = talloc_realloc(NULL, bytes->data, uint8_t, bytes->len);
		if (exact == NULL) {
			talloc_free(bytes->data);
		}
	}
	bytes->data = exact;
	return exact;
}

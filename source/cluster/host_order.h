/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Numbers as CTDB has them in packets and records: in the order of the host,
 * at any place.
 */

#ifndef MESSENGER_SOURCE_HOST_ORDER_H
#define MESSENGER_SOURCE_HOST_ORDER_H

#include <stdint.h>
#include <string.h>

static inline uint32_t get32(const uint8_t *p)
{
	uint32_t value;

	memcpy(&value, p, sizeof(value));
	return value;
}

static inline uint64_t get64(const uint8_t *p)
{
	uint64_t value;

	memcpy(&value, p, sizeof(value));
	return value;
}

#endif /* MESSENGER_SOURCE_HOST_ORDER_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Numbers as the modules of a cluster tell them each other: in the order of the
 * network, at any place.
 */

#ifndef MESSENGER_SOURCE_NET_ORDER_H
#define MESSENGER_SOURCE_NET_ORDER_H

#include <arpa/inet.h>
#include <stdint.h>
#include <string.h>

static inline void put32(uint8_t *p, uint32_t value)
{
	value = htonl(value);
	memcpy(p, &value, sizeof(value));
}

static inline uint32_t get32(const uint8_t *p)
{
	uint32_t value;

	memcpy(&value, p, sizeof(value));
	return ntohl(value);
}

#endif /* MESSENGER_SOURCE_NET_ORDER_H */

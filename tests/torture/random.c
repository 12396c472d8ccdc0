/* SPDX-License-Identifier: GPL-3.0-or-later */

/* See random.h. */

#include "random.h"

#include <stdlib.h>

static uint64_t state;

void random_seed(const char *text)
{
	state = strtoull(text, NULL, 0);
}

/* SplitMix64 */
uint32_t below(uint32_t n)
{
	uint64_t z = (state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)((z ^ (z >> 31)) % n);
}

void fill(uint8_t *p, size_t len)
{
	while (len-- > 0) {
		*p++ = (uint8_t)below(256);
	}
}

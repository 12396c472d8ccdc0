/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A library that has a function of its own with the name of one of Samba's,
 * and takes other arguments.
 */

#include <stdint.h>

uint64_t parse_packet(uint64_t a, uint64_t b, uint64_t c, uint64_t d,
		      uint64_t e, uint64_t f);

/* Each bit of each argument counts. */
uint64_t parse_packet(uint64_t a, uint64_t b, uint64_t c, uint64_t d,
		      uint64_t e, uint64_t f)
{
	return a + 3 * b + 5 * c + 7 * d + 11 * e + 13 * f;
}

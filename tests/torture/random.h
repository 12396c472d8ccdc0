/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Numbers that the same seed gives again. */

#ifndef TESTS_TORTURE_RANDOM_H
#define TESTS_TORTURE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/** @brief Sets the seed, in decimal, or in hex or octal as in C. */
void random_seed(const char *text);

/** @brief A number below n. */
uint32_t below(uint32_t n);

/** @brief So many random bytes. */
void fill(uint8_t *p, size_t len);

#endif

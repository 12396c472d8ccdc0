/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What every unit test needs: cmocka with the headers it asks for, and short
 * ways to say names, addresses, times and JSON.
 */

#ifndef TESTS_UNIT_H
#define TESTS_UNIT_H

#include <arpa/inet.h>
#include <setjmp.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include <jansson.h>
#include <talloc.h>

#include "name.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/** @brief The wire form of an ASCII name that is upper case already. */
struct wire_name wire_of(const char *name);

/** @brief An IPv4 address; the empty text is 0.0.0.0. */
struct in_addr ip(const char *text);

/** @brief So many seconds after 2026-11-22T12:00:00Z. */
struct timespec at(time_t seconds);

/** The moment at(0) as events and answers write it. */
#define AT_0 "2026-11-22T12:00:00.000000Z"
#define AT_0_FOR_PEOPLE "2026-11-22 12:00:00 UTC"

/**
 * @brief A JSON value is this one, its keys in any order.
 *
 * Takes over the reference.  In the expected text ' stands for ".
 */
void assert_json(json_t *json, const char *expected);

/**
 * @brief A key of an object has this value, as assert_json(); keeps the
 *        reference.  For objects that get new keys as time goes by.
 */
void assert_json_key(const json_t *object, const char *key,
		     const char *expected);

/** @brief No line of a text is longer than this, in UTF-8 characters. */
void assert_columns(const char *text, size_t max);

/**
 * @brief Nothing can be allocated under ctx, or all of it again.
 *
 * For a single failure in the midst of many calls; else see allocation.h.
 */
void allow_memory(TALLOC_CTX *ctx, bool enough);

/**
 * @brief Deterministic numbers for tests that try many things.
 *
 * The seed is UNIT_SEED of the environment, or else the one given; it is
 * printed, so that a failure can be repeated.
 */
void seed_random(uint64_t seed);

/** @brief A number from 0 to below - 1. */
unsigned next_random(unsigned below);

#endif /* TESTS_UNIT_H */

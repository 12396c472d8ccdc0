/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How many messages are let in: of each address, and in all.  Pure.
 *
 * Microsoft switched its service off for the sake of those who put
 * advertisements on strangers' screens, KB 330904.
 */

#ifndef MESSENGER_SOURCE_LIMITS_H
#define MESSENGER_SOURCE_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

#include <talloc.h>

/** At once, and then one more each second; of one address, and of all. */
#define LIMIT_ADDRESS_BURST  60
#define LIMIT_ADDRESS_SECOND 1
#define LIMIT_ALL_BURST	     240
#define LIMIT_ALL_SECOND     4

struct limits;

/** @brief Nothing was let in so far; NULL without memory. */
struct limits *limits_init(TALLOC_CTX *mem_ctx);

/**
 * @brief May one more of this address come in?  If so it is counted.
 *
 * The addresses that were heard of last are told apart; of more than these
 * only what comes in all is limited.
 *
 * @param[in] now  Seconds of a clock that is never set back.
 */
bool limits_let_in(struct limits *limits, const char *address, uint64_t now);

#endif /* MESSENGER_SOURCE_LIMITS_H */

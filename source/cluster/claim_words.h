/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A node asks another one what became of its claim for an alias, and is
 * answered: both as bytes.  Pure.
 */

#ifndef MESSENGER_SOURCE_CLAIM_WORDS_H
#define MESSENGER_SOURCE_CLAIM_WORDS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

#include "holder.h"
#include "messenger.h"
#include "name.h"

#define CLAIM_QUESTION_LEN 20

/** The longest answer, in bytes. */
#define CLAIM_SAID_MAX 1024

/** What became of it. */
struct claim_said {
	struct wire_name wire;
	enum messenger_code code;
	int rcode;		      /* of a refusal; 0: none was told */
	struct in_addr holder;	      /* likewise; 0.0.0.0: unknown */
	const char *reason;	      /* the system's words; NULL: none */
	const struct holder *details; /* of the holder; NULL: none */
};

/** @brief A question; returns its length. */
size_t claim_ask_write(uint8_t buf[CLAIM_QUESTION_LEN],
		       const struct wire_name *wire);

/** @brief false: it is none. */
bool claim_ask_read(const uint8_t *buf, size_t len, struct wire_name *wire);

/** @brief An answer, without names of the holder for which there is no room. */
size_t claim_said_write(uint8_t buf[CLAIM_SAID_MAX],
			const struct claim_said *said);

/**
 * @brief Read one.
 *
 * @param[in]  mem_ctx  Owner of what it points to.
 * @param[out] said     Written on success.
 *
 * @return false: it is none, or without memory.
 */
bool claim_said_read(TALLOC_CTX *mem_ctx, const uint8_t *buf, size_t len,
		     struct claim_said *said);

#endif /* MESSENGER_SOURCE_CLAIM_WORDS_H */

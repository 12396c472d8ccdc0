/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Aliases that were refused and are not in the table: of requests, which are
 * remembered for an hour, and of users with a session.  Pure.
 */

#ifndef MESSENGER_SOURCE_REFUSALS_H
#define MESSENGER_SOURCE_REFUSALS_H

#include <talloc.h>

#include "alias.h"

/** Of more than this many, the oldest are forgotten. */
#define REFUSALS_MAX 64

/** For so many seconds. */
#define REFUSAL_SECONDS 3600

struct refusals;

/** A request that nobody on the network is the reason for. */
struct refused_request {
	const char *name;	      /* as it was given, if it is none */
	const struct wire_name *wire; /* NULL: it is none */
	enum messenger_code code;     /* what was answered */
	const char *reason;	      /* the system's words; NULL: none */
	struct timespec time;
};

/** @brief Returns NULL without memory. */
struct refusals *refusals_init(TALLOC_CTX *mem_ctx);

/**
 * @brief Remember one, instead of an earlier one of this name.
 *
 * Without memory it is not remembered.
 *
 * @param[in] alias  As it was refused; copied, with where alone.
 * @param[in] now    Seconds of a clock that is never set back.
 */
void refusals_add(struct refusals *refusals, const struct alias *alias,
		  const struct alias_subnet *where, uint64_t now);

/** @brief The same of such a request, which is copied. */
void refusals_add_request(struct refusals *refusals,
			  const struct refused_request *request, uint64_t now);

/** @brief Forget a name as it was given, which may be no legal one. */
void refusals_forget_name(struct refusals *refusals, const char *name);

/** @brief The name is held, deleted, or wanted no more. */
void refusals_forget(struct refusals *refusals, const struct wire_name *wire);

/** @brief A holder has been asked. */
void refusals_diagnosed(struct refusals *refusals, const struct wire_name *wire,
			struct in_addr holder, const struct holder *details);

/** @brief What is remembered of this name, or NULL. */
const struct alias *refusals_find(const struct refusals *refusals,
				  const struct wire_name *wire);

/**
 * @brief One after the other that is not older than an hour, in the order of
 *        their time, whatever comes and goes in between.
 *
 * @param[in,out] number  0 at first; of the next one to be looked for.
 *
 * @return NULL: there are no more.
 */
const struct alias *refusals_next(const struct refusals *refusals, uint64_t now,
				  uint64_t *number);

#endif /* MESSENGER_SOURCE_REFUSALS_H */

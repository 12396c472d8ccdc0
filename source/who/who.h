/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Who holds a name: what "nmblookup NAME", "nmblookup -U SERVER -R NAME" and
 * "nmblookup -A ADDRESS" say together.
 */

#ifndef MESSENGER_SOURCE_WHO_WHO_H
#define MESSENGER_SOURCE_WHO_WHO_H

#include <talloc.h>
#include <tevent.h>

#include "hooks.h"
#include "interfaces.h"
#include "who_answer.h"

/** Questions at one time; more are refused. */
#define WHO_QUESTIONS_MAX 64

struct who;

/** Called from the event loop; answer NULL: there was no memory for it. */
typedef void (*who_answered)(void *private_data,
			     const struct who_answer *answer);

/** @brief Returns NULL without memory. */
struct who *who_init(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
		     const struct hooks *hooks,
		     const struct interfaces *interfaces);

/** @brief Are there too many questions under way for another one? */
bool who_is_busy(const struct who *who);

/**
 * @brief Ask; the answer follows within some seconds: three quarters of one
 *        for a broadcast, one and a half for each WINS server that is silent,
 *        of which four are waited for, one for a holder that is.
 *
 * @param[in] name          UNIX charset, upper case.
 * @param[in] private_data  Of talloc; freed after answered(), if this is true.
 *
 * @return false without memory, or with too many questions under way.
 */
bool who_ask(struct who *who, const char *name, const struct netbios_name *key,
	     who_answered answered, void *private_data);

#endif /* MESSENGER_SOURCE_WHO_WHO_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The advice of Microsoft's article on error 2270 (Q101355), told apart by
 * what the holder says of itself.  Pure.
 */

#ifndef MESSENGER_SOURCE_ADVICE_H
#define MESSENGER_SOURCE_ADVICE_H

#include <talloc.h>

#include "messenger.h"

/**
 * @brief Why the holder of a name has it.
 *
 * @return A sentence, owned by mem_ctx; NULL without memory.
 */
char *advice_reason(TALLOC_CTX *mem_ctx, enum event_cause cause,
		    const char *alias);

/**
 * @brief What to do about it.
 *
 * @param[in] kind  Of the alias here.
 *
 * @return As above.
 */
char *advice_action(TALLOC_CTX *mem_ctx, enum event_cause cause,
		    enum alias_kind kind, const char *alias);

#endif /* MESSENGER_SOURCE_ADVICE_H */

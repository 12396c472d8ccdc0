/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The clock of broadcast claims.
 */

#ifndef MESSENGER_SOURCE_NMBD_CLAIM_CLOCK_H
#define MESSENGER_SOURCE_NMBD_CLAIM_CLOCK_H

#include <talloc.h>
#include <tevent.h>

#include "nmbd_host.h"

struct claim_clock;

/** @brief Returns NULL without memory. */
struct claim_clock *claim_clock_init(TALLOC_CTX *mem_ctx,
				     struct tevent_context *ev);

/** @brief See hooks_set_rfc_timing(). */
void claim_clock_set_rfc_timing(struct claim_clock *clock, bool rfc_timing);

/**
 * @brief Let a record that was sent just now go by this clock.
 *
 * It becomes the record's userdata, and goes when nmbd frees that.  Without
 * memory nmbd's clock serves it, a few seconds late.
 */
void claim_clock_attach(struct claim_clock *clock,
			struct response_record *rrec);

#endif /* MESSENGER_SOURCE_NMBD_CLAIM_CLOCK_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What other hosts say of our names when no record of nmbd's waits for it:
 * claims, conflict demands, and refusals that come late.
 */

#ifndef MESSENGER_SOURCE_NMBD_OTHERS_H
#define MESSENGER_SOURCE_NMBD_OTHERS_H

#include <talloc.h>

#include "claim.h"
#include "claims.h"
#include "interfaces.h"
#include "names.h"

struct others;
struct observer;

/** Who hears of it. */
struct others_hears {
	const struct claim_ops *ops;
	void *ops_data;
	claims_told told; /* of a refusal */
	void *told_data;
};

/** @brief Returns NULL without memory. */
struct others *others_init(TALLOC_CTX *mem_ctx, const struct names *names,
			   const struct interfaces *interfaces,
			   const struct others_hears *hears);

/**
 * @brief A name was granted on a broadcast subnet.
 *
 * Tell the net so, by the NAME OVERWRITE DEMAND that ends a claim by RFC 1002
 * 5.1.1.1, and listen for refusals of either for as long as stock nmbd would.
 */
void others_granted(struct others *others, const struct claim_result *grant);

/** @brief A name is given up: nothing said of it is of interest. */
void others_forget(struct others *others, const struct wire_name *wire);

/** @brief Who hears of nmbd's other names; NULL: nobody. */
void others_show(struct others *others, struct observer *observer);

/**
 * @brief A packet of the name service, but no question for a name.
 *
 * Is it a refusal of a claim that was granted already?  A claim of another
 * host's?
 */
void others_received(struct others *others, const struct packet_struct *packet);

#endif /* MESSENGER_SOURCE_NMBD_OTHERS_H */

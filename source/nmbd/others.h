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

/** @brief Is a registration, or the answer to one, about a <03> name? */
bool others_is_of_alias(const struct nmb_packet *nmb);

/** @brief Returns NULL without memory. */
struct others *others_init(TALLOC_CTX *mem_ctx, const struct names *names,
			   const struct interfaces *interfaces);

/**
 * @brief A name was granted on a broadcast subnet.
 *
 * Tell the net so, by the NAME OVERWRITE DEMAND that ends a claim by RFC 1002
 * 5.1.1.1, and listen for refusals of either for as long as stock nmbd would.
 */
void others_granted(struct others *others, const struct claim_result *grant);

/** @brief A name is given up: nothing said of it is of interest. */
void others_forget(struct others *others, const struct wire_name *wire);

/** @brief The name that a packet is about, as nmbd compares it. */
void others_name(const struct packet_struct *packet, struct wire_name *wire);

/**
 * @brief Is this packet, one with the opcode of a registration, a refusal of a
 *        claim that was granted already?
 *
 * @param[in]  wire  The name that it is about.
 * @param[out] r     Written on success.
 */
bool others_refuse(struct others *others, const struct packet_struct *packet,
		   const struct wire_name *wire, struct claim_result *r);

/**
 * @brief Is this packet, of that opcode too, a claim of another host's?
 *
 * @param[out] contest  Written on success.
 */
bool others_contest(const struct others *others,
		    const struct packet_struct *packet,
		    const struct wire_name *wire, struct contest *contest);

#endif /* MESSENGER_SOURCE_NMBD_OTHERS_H */

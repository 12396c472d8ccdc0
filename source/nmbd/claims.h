/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Claims for <03> names under way: registrations and refreshes of nmbd's, and
 * what becomes of each.
 */

#ifndef MESSENGER_SOURCE_NMBD_CLAIMS_H
#define MESSENGER_SOURCE_NMBD_CLAIMS_H

#include <talloc.h>
#include <tevent.h>

#include "names.h"

struct claims;

/** The verdict on a claim that was followed. */
struct claim_result {
	struct subnet_record *subrec;
	struct wire_name wire;
	bool granted;	     /* else refused, by this packet: */
	int rcode;
	struct in_addr from; /* its sender */
};

/** Called when there is one; nmbd has freed its record by then. */
typedef void (*claims_told)(void *private_data, const struct claim_result *r);

/**
 * @brief Make ready; there is one of it in a process, since nmbd's callbacks
 *        carry no pointer for us.
 *
 * @param[in,out] names  Its scope is learnt from the first claim.
 *
 * @return NULL without memory.
 */
struct claims *claims_init(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
			   struct names *names, claims_told told,
			   void *private_data);

/** @brief See hooks_set_rfc_timing(). */
void claims_set_rfc_timing(struct claims *claims, bool rfc_timing);

/** @brief Is this a claim for a <03> name that is not followed yet? */
bool claims_is_new(const struct response_record *rrec);

/** @brief Put our functions in front of nmbd's, and tell the outcome. */
void claims_follow(struct subnet_record *subrec, struct response_record *rrec);

/** @brief The claim for a name under way, or NULL. */
struct response_record *claims_find(const struct subnet_record *subrec,
				    const struct wire_name *wire);

/**
 * @brief Let nmbd claim a name on a subnet.
 *
 * @return The claim under way, to be followed; NULL: nothing was sent.
 */
struct response_record *claims_register(const struct claims *claims,
					struct subnet_record *subrec,
					const char *name,
					const struct wire_name *wire);

/** @brief End every claim for a name on a subnet, without a verdict. */
void claims_drop(struct subnet_record *subrec, const struct wire_name *wire);

/** @brief End every claim that is followed on a subnet that was closed. */
void claims_drop_followed(struct subnet_record *subrec);

#endif /* MESSENGER_SOURCE_NMBD_CLAIMS_H */

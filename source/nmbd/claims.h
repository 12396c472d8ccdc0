/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Claims for <03> names under way: registrations and refreshes of nmbd's, and
 * what becomes of each.
 */

#ifndef MESSENGER_SOURCE_NMBD_CLAIMS_H
#define MESSENGER_SOURCE_NMBD_CLAIMS_H

#include <talloc.h>
#include <tevent.h>

#include "interfaces.h"
#include "names.h"

struct claims;

/** What became of a claim that was followed. */
enum claim_outcome {
	OUTCOME_NONE,
	OUTCOME_GRANTED,
	OUTCOME_REFUSED, /* by a packet of another host's */
	OUTCOME_UNABLE,	 /* likewise, but that says nothing of the name */
	OUTCOME_SILENT,	 /* no WINS server answered; nmbd enters the name */
};

struct claim_result {
	struct subnet_record *subrec;
	struct wire_name wire;
	enum claim_outcome outcome;
	uint16_t id;	     /* of the claim */
	int ttl;	     /* likewise, seconds */
	int rcode;	     /* of the packet */
	struct in_addr from; /* its sender, or the server that is silent */
};

/** Called when there is one; nmbd has freed its record by then. */
typedef void (*claims_told)(void *private_data, const struct claim_result *r);

/**
 * @brief Make ready; there is one of it in a process, since nmbd's callbacks
 *        carry no pointer for us.
 *
 * @param[in,out] names       Its scope is learnt from the first claim.
 * @param[in]     interfaces  Our own answers are no refusals.
 *
 * @return NULL without memory.
 */
struct claims *claims_init(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
			   struct names *names,
			   const struct interfaces *interfaces,
			   claims_told told, void *private_data);

/** @brief See hooks_set_rfc_timing(). */
void claims_set_rfc_timing(struct claims *claims, bool rfc_timing);

/** @brief The name that a record is about. */
static inline const struct nmb_name *claims_name(
	const struct response_record *rrec)
{
	return &rrec->packet->packet.nmb.question.question_name;
}

/** @brief Is this a claim for a <03> name that is not followed yet? */
bool claims_is_new(const struct response_record *rrec);

/**
 * @brief Is this packet a refusal of the claim that this packet makes?
 *
 * Names are compared as nmbd does it, scope included.
 */
bool claims_is_refusal(const struct nmb_packet *claim,
		       const struct nmb_packet *answer);

/** @brief Put our functions in front of nmbd's, and tell the outcome. */
void claims_follow(struct subnet_record *subrec, struct response_record *rrec);

/** @brief The claim for a name under way, or NULL. */
struct response_record *claims_find(const struct subnet_record *subrec,
				    const struct wire_name *wire);

/**
 * @brief Let nmbd claim a name on a subnet.
 *
 * @return The claim under way, to be followed; NULL: nothing was sent, and
 *         errno says why, as far as it is known (0).
 */
struct response_record *claims_register(const struct claims *claims,
					struct subnet_record *subrec,
					const char *name,
					const struct wire_name *wire);

/**
 * @brief Drop what is under way for a name on the broadcast subnets, and
 *        release it there.
 *
 * @param[in] subnet  On this one; NULL: on all of them.
 */
void claims_release(const struct claims *claims, const struct wire_name *wire,
		    const char *subnet);

/** @brief End every claim for a name on a subnet, without a verdict. */
void claims_drop(struct subnet_record *subrec, const struct wire_name *wire);

/** @brief End every claim that is followed on a subnet that was closed. */
void claims_drop_followed(struct subnet_record *subrec);

#endif /* MESSENGER_SOURCE_NMBD_CLAIMS_H */

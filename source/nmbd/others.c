/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Others who want our names: nmbd handles and forgets what they claim, and no
 * response record of ours hears of it.
 */

#include "others.h"

#include "names.h"

static bool is_foreign_claim(const struct packet_struct *p)
{
	const struct nmb_packet *nmb = &p->packet.nmb;

	/* to a WINS server it is no matter of ours */
	return !nmb->header.response && nmb->header.nm_flags.bcast &&
	       nmb->header.opcode == NMB_NAME_REG_OPCODE &&
	       nmb->question.question_name.name_type == MESSENGER_NAME_TYPE;
}

static bool is_demand(const struct packet_struct *p)
{
	const struct nmb_packet *nmb = &p->packet.nmb;

	return nmb->header.response &&
	       nmb->header.opcode == NMB_NAME_REG_OPCODE &&
	       nmb->header.rcode == CFT_ERR && nmb->answers != NULL &&
	       nmb->answers->rr_name.name_type == MESSENGER_NAME_TYPE;
}

/* What is parsed has the case it was sent in; nmbd compares without it. */
static void upper_wire_of(struct wire_name *wire, const struct nmb_name *n)
{
	size_t i;

	names_wire_of(wire, n);
	for (i = 0; i < sizeof(wire->bytes); i++) {
		uint8_t b = wire->bytes[i];

		wire->bytes[i] = (b >= 'a' && b <= 'z') ? b - 32 : b;
	}
}

bool others_read(const struct packet_struct *p, struct contest *contest)
{
	const struct nmb_packet *nmb = &p->packet.nmb;
	bool demand;

	if (p->packet_type != NMB_PACKET ||
	    nmb->header.opcode != NMB_NAME_REG_OPCODE) {
		return false;
	}
	demand = is_demand(p);
	if ((!demand && !is_foreign_claim(p)) || ismyip_v4(p->ip)) {
		return false;
	}
	contest->kind = demand ? CONTEST_DEMAND : CONTEST_REGISTRATION;
	upper_wire_of(&contest->wire, demand ? &nmb->answers->rr_name
					     : &nmb->question.question_name);
	contest->from = p->ip;
	contest->id = (uint16_t)nmb->header.name_trn_id;
	return true;
}

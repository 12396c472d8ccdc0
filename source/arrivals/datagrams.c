/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Datagrams that nmbd reads, as values.
 */

#include "datagrams.h"

#include <string.h>

#include "nmbd_host.h"

/* The command of an SMB, and the one of a write to a mailslot. */
#define SMB_COMMAND	4
#define COM_TRANSACTION 0x25

static void wire_of(struct wire_name *wire, const struct nmb_name *n)
{
	size_t i;

	memset(wire, 0, sizeof(*wire));
	for (i = 0; i < MESSENGER_NAME_LEN && n->name[i] != '\0'; i++) {
		wire->bytes[i] = (uint8_t)n->name[i];
	}
	while (i > 0 && wire->bytes[i - 1] == ' ') {
		wire->bytes[--i] = 0;
	}
}

static bool is_transaction(const struct dgram_packet *p)
{
	return p->datasize > SMB_COMMAND &&
	       p->datasize <= (int)sizeof(p->data) &&
	       (uint8_t)p->data[SMB_COMMAND] == COM_TRANSACTION;
}

bool datagrams_read(const struct packet_struct *packet,
		    struct slot_datagram *d, int *port)
{
	const struct dgram_packet *p = &packet->packet.dgram;

	if (packet->packet_type != DGRAM_PACKET || !is_transaction(p) ||
	    p->header.msg_type < SLOT_UNIQUE ||
	    p->header.msg_type > SLOT_BROADCAST) {
		return false;
	}
	/* nmbd does not put fragments together, and neither do we */
	if (!p->header.flags.first || p->header.flags.more ||
	    p->header.packet_offset != 0) {
		return false;
	}
	d->kind = (enum slot_kind)p->header.msg_type;
	d->from = packet->ip;
	d->id = (uint16_t)p->header.dgm_id;
	wire_of(&d->source, &p->source_name);
	wire_of(&d->dest, &p->dest_name);
	d->dest_type = (uint8_t)p->dest_name.name_type;
	d->smb.bytes = (const uint8_t *)p->data;
	d->smb.len = (size_t)p->datasize;
	*port = packet->port;
	return true;
}

void datagrams_workgroup(struct wire_name *wire)
{
	TALLOC_CTX *frame = talloc_new(NULL);
	char *name = NULL;

	memset(wire, 0, sizeof(*wire));
	if (frame != NULL) {
		(void)messenger_name_parse(frame, lp_workgroup(), &name, wire);
	}
	talloc_free(frame);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Sees what becomes of nmbd's names that are no aliases.
 */

#include "observer.h"

#include <string.h>
#include <strings.h>

#include "listed.h"
#include "nmbd_host.h"
#include "watched.h"

struct observer {
	const struct name_ops *ops;
	void *private_data;
	const struct interfaces *interfaces;
	struct watched_table *table;
	bool on;
	bool changed; /* there may be new records */
	int records;  /* of nmbd's, when it was last looked */
	unsigned sweep;
};

struct observer *observer_init(TALLOC_CTX *mem_ctx, const struct name_ops *ops,
			       void *private_data,
			       const struct interfaces *interfaces)
{
	struct observer *o = talloc_zero(mem_ctx, struct observer);

	if (o == NULL) {
		return NULL;
	}
	o->ops = ops;
	o->private_data = private_data;
	o->interfaces = interfaces;
	o->table = watched_init(o);
	if (o->table == NULL) {
		talloc_free(o);
		return NULL;
	}
	return o;
}

void observer_enable(struct observer *o, bool on)
{
	if (!on) {
		watched_clear(o->table);
	}
	o->on = on;
}

/*
 * Records.
 */

static bool is_question(const struct subnet_record *subrec,
			const struct nmb_packet *nmb)
{
	/*
	 * A local master looks for its domain master in WINS as well: that one
	 * has the name is no conflict for a server that does not want it.
	 */
	return nmb->question.question_name.name_type == TYPE_DOMAIN_MASTER &&
	       nmb->question.question_type == QUESTION_TYPE_NB_QUERY &&
	       nmb->question.question_name.name[0] != '*' &&
	       (subrec->type == NORMAL_SUBNET || lp_domain_master());
}

/* Returns false if it is none of ours. */
static bool kind_of(const struct subnet_record *subrec,
		    const struct response_record *rrec, enum watched_kind *kind)
{
	const struct nmb_packet *nmb = NULL;

	if (rrec->packet == NULL) {
		return false;
	}
	nmb = &rrec->packet->packet.nmb;
	if (nmb->question.question_name.name_type == MESSENGER_NAME_TYPE) {
		return false;
	}
	switch (nmb->header.opcode) {
	case NMB_NAME_REG_OPCODE:
	case NMB_NAME_MULTIHOMED_REG_OPCODE:
	case NMB_NAME_REFRESH_OPCODE_8:
	case NMB_NAME_REFRESH_OPCODE_9:
		*kind = WATCHED_CLAIM;
		return true;
	case NMB_NAME_RELEASE_OPCODE:
		*kind = WATCHED_RELEASE;
		return true;
	case NMB_NAME_QUERY_OPCODE:
		*kind = WATCHED_QUESTION;
		return is_question(subrec, nmb);
	default:
		break;
	}
	return false;
}

void observer_record(struct observer *o, struct subnet_record *subrec,
		     const struct response_record *rrec)
{
	enum watched_kind kind;
	struct watched *w = NULL;

	if (!o->on || !kind_of(subrec, rrec, &kind)) {
		return;
	}
	o->changed = true;
	if (watched_of(o->table, rrec) != NULL) {
		return;
	}
	w = watched_add(o->table, subrec, rrec, kind);
	if (w != NULL && kind == WATCHED_CLAIM) {
		o->ops->claiming(o->private_data, &w->name,
				 subrec->subnet_name);
	}
}

/*
 * Answers.
 */

/*
 * Will nmbd fail the name for it?  By broadcast any answer does that, at the
 * end of its time at the latest, but for one that it takes for a fault of an
 * old Samba's.  A WINS server's has to come from it; or has the B bit.
 */
static bool is_answer(const struct watched *w, const struct packet_struct *p)
{
	const struct nmb_packet *nmb = &p->packet.nmb;

	if (w->subrec->type == NORMAL_SUBNET) {
		return !(nmb->header.nm_flags.bcast &&
			 nmb->header.rcode == RCODE_ACT_ERR &&
			 w->name.type == TYPE_DOMAIN_MASTER);
	}
	return p->ip.s_addr == w->to.s_addr || nmb->header.nm_flags.bcast ||
	       (ntohl(w->to.s_addr) >> 24) == IN_LOOPBACKNET;
}

static void refuse(struct observer *o, struct watched *w)
{
	struct name_refusal r = {
		.refusal = { .rcode = w->rcode },
		.interface = w->interface,
	};

	if (w->told) {
		return;
	}
	w->told = true;
	if (w->subrec->type == NORMAL_SUBNET) {
		r.refusal.holder = w->from;
	} else {
		r.refusal.server = w->from;
	}
	o->ops->refused(o->private_data, &w->name, w->subrec->subnet_name, &r);
}

/* Somebody is domain master; it may be a WINS server that says so. */
static void question_answered(struct observer *o, struct watched *w,
			      const struct packet_struct *p)
{
	const struct res_rec *answer = p->packet.nmb.answers;
	struct name_refusal r = { .interface = w->subrec->myip };

	if (p->packet.nmb.header.rcode != 0 || answer->rdlength < 6 ||
	    w->told) {
		return;
	}
	memcpy(&r.refusal.holder, &answer->rdata[2], sizeof(struct in_addr));
	if (r.refusal.holder.s_addr == 0 ||
	    r.refusal.holder.s_addr == INADDR_BROADCAST ||
	    interfaces_of_computer(o->interfaces, r.refusal.holder)) {
		return; /* as nmbd has it */
	}
	if (w->subrec->type != NORMAL_SUBNET) {
		r.refusal.server = p->ip;
	}
	w->told = true;
	o->ops->refused(o->private_data, &w->name, w->subrec->subnet_name, &r);
}

static void __attribute__((noinline)) response(struct observer *o, const struct packet_struct *p)
{
	const struct nmb_packet *nmb = &p->packet.nmb;
	struct watched *w = NULL;

	if (nmb->answers == NULL || nmb->header.opcode == NMB_WACK_OPCODE) {
		return;
	}
	w = watched_answered(o->table, (uint16_t)nmb->header.name_trn_id,
			     &nmb->answers->rr_name);
	if (w == NULL) {
		return;
	}
	if (w->kind == WATCHED_QUESTION) {
		question_answered(o, w, p);
		return;
	}
	if (w->kind != WATCHED_CLAIM || !is_answer(w, p) ||
	    (w->subrec->type == NORMAL_SUBNET &&
	     interfaces_have(o->interfaces, p->ip))) {
		return;
	}
	w->answered = true;
	w->from = p->ip;
	w->rcode = nmb->header.rcode;
	if (rcode_is_refusal(w->rcode)) {
		refuse(o, w);
	}
}

/*
 * Others who want our names.
 */

static const struct subnet_record *subnet_of(struct in_addr ip)
{
	const struct subnet_record *s = subnetlist;

	while (s != NULL &&
	       ((ip.s_addr ^ s->bcast_ip.s_addr) & s->mask_ip.s_addr) != 0) {
		s = s->next;
	}
	return s;
}

static bool is_contest(const struct nmb_packet *nmb)
{
	if (nmb->header.response) {
		return nmb->header.opcode == NMB_NAME_REG_OPCODE &&
		       nmb->header.rcode == RCODE_CFT_ERR &&
		       nmb->answers != NULL;
	}
	/* a registration to a WINS server is no matter of ours */
	return (nmb->header.opcode == NMB_NAME_REG_OPCODE &&
		nmb->header.nm_flags.bcast) ||
	       nmb->header.opcode == NMB_NAME_RELEASE_OPCODE;
}

static enum contest_kind kind_of_contest(const struct nmb_packet *nmb)
{
	if (nmb->header.response) {
		return CONTEST_DEMAND;
	}
	return (nmb->header.opcode == NMB_NAME_REG_OPCODE)
		       ? CONTEST_REGISTRATION
		       : CONTEST_RELEASE;
}

static bool is_for_group(const struct nmb_packet *nmb)
{
	return nmb->additional != NULL && nmb->header.arcount > 0 &&
	       (nmb->additional->rdata[0] & NB_GROUP) != 0;
}

static void __attribute__((noinline))
contest(struct observer *o, const struct packet_struct *p,
	const struct nmb_name *n, const char *scope)
{
	const struct nmb_packet *nmb = &p->packet.nmb;
	const struct subnet_record *subrec = subnet_of(p->ip);
	struct contest c = { .kind = kind_of_contest(nmb), .from = p->ip };
	struct netbios_name name;

	watched_name(&name, n, false);
	if (!o->ops->is_ours(o->private_data, &name) || subrec == NULL ||
	    strncasecmp(n->scope, scope, sizeof(n->scope)) != 0 ||
	    (c.kind == CONTEST_RELEASE && is_for_group(nmb)) ||
	    interfaces_of_computer(o->interfaces, p->ip)) {
		return;
	}
	c.wire = name.wire;
	c.type = name.type;
	c.id = (uint16_t)nmb->header.name_trn_id;
	o->ops->contested(o->private_data, &c, subrec->subnet_name);
}

void observer_packet(struct observer *o, const struct packet_struct *p,
		     const struct nmb_name *n, const char *scope)
{
	if (!o->on) {
		return;
	}
	if (p->packet.nmb.header.response && watched_count(o->table) > 0) {
		response(o, p);
	}
	/* nearly always it is not */
	if (is_contest(&p->packet.nmb) &&
	    o->ops->may_be_ours(o->private_data, wire_name_in(&n->name))) {
		contest(o, p, n, scope);
	}
}

/*
 * What became of it.
 */

static void gone(void *private_data, const struct watched *w)
{
	struct observer *o = private_data;
	struct watched copy = *w;
	const char *subnet = w->subrec->subnet_name;

	switch (w->kind) {
	case WATCHED_CLAIM:
		if (!listed_has(w->subrec, &w->name)) {
			refuse(o, &copy);
		} else if (w->subrec->type == NORMAL_SUBNET || w->answered) {
			o->ops->granted(o->private_data, &w->name, subnet);
		} else {
			o->ops->silent(o->private_data, &w->name, subnet,
				       w->to);
		}
		break;
	case WATCHED_RELEASE:
		if (!listed_has(w->subrec, &w->name)) {
			o->ops->released(o->private_data, &w->name, subnet);
		}
		break;
	case WATCHED_QUESTION:
		break;
	}
}

static void mark(struct observer *o, const struct subnet_record *subrec)
{
	const struct response_record *rrec = subrec->responselist;

	for (; rrec != NULL; rrec = rrec->next) {
		struct watched *w = watched_of(o->table, rrec);

		if (w != NULL) {
			w->sweep = o->sweep;
			w->to = rrec->packet->ip; /* nmbd may go to another */
		}
	}
}

void observer_turn(struct observer *o)
{
	const struct subnet_record *subrec = NULL;

	if (watched_count(o->table) == 0 ||
	    (!o->changed && o->records == num_response_packets)) {
		return;
	}
	o->changed = false;
	o->records = num_response_packets;
	o->sweep++;
	for (subrec = subnetlist; subrec != NULL; subrec = subrec->next) {
		mark(o, subrec);
	}
	mark(o, unicast_subnet);
	watched_each_gone(o->table, o->sweep, NULL, gone, o);
}

static void forget(void *private_data, const struct watched *w)
{
}

void observer_subnet_gone(struct observer *o,
			  const struct subnet_record *subrec)
{
	watched_each_gone(o->table, o->sweep + 1, subrec, forget, NULL);
	if (o->on) {
		o->ops->subnet_gone(o->private_data, subrec->subnet_name);
	}
}

void observer_look(const struct observer *o)
{
	if (o->on) {
		listed_tell(o->ops, o->private_data, o->interfaces);
	}
}

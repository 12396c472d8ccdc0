/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The aliases of the cluster, in a persistent database of CTDB's.
 */

#include "shared_set.h"

#include <errno.h>
#include <string.h>

#include "record.h"
#include "revoked.h"
#include "samba_private.h"
#include "set_copy.h"

/* Ours, for the records of the database: see siblings.c. */
#define SRVID 0xBE004D5347530001u

enum reqid {
	REQ_REGISTER = 101,
	REQ_ATTACH,
	REQ_SEQUENCE,
	REQ_READ,
	REQ_COMMIT,
};

/* ctdbd has lost what was asked, or is in the midst of a recovery. */
#define PATIENCE_USEC 10000000

/*
 * What was read is looked at once more after a while.  Two nodes may commit in
 * one moment, with one number: who has read it after the first of them would not
 * know of the second.  And in a recovery ctdbd puts the records in one by one,
 * the number among them.
 */
#define AGAIN_USEC 3000000

struct shared_set {
	struct ctdb_link *link;
	const struct shared_set_ops *ops;
	void *private_data;
	uint32_t vnn;
	uint32_t db_id; /* 0: it is not attached */
	struct set_copy *copy; /* NULL: nothing was read so far */
	bool stale;	   /* it is to be read again */
	struct set_copy *next; /* being read */
	struct set_copy *old;  /* was read before, and goes bit by bit */
	uint32_t reading;  /* which time */
	uint64_t since;	   /* it is read, or changed */
	uint64_t again;	   /* to be read once more then; 0: it is not */
	bool second;	   /* it is read once more */
	uint64_t now;
	struct {
		char name[RECORD_NAME_MAX]; /* "": none is under way */
		struct wire_name wire;
		bool there;
		uint64_t rsn;
	} change;
	/* to be taken out, and nobody asks again whether it is */
	struct revoked_list revoked;
};

static bool is_changing(const struct shared_set *s,
			const struct wire_name *wire)
{
	return s->change.name[0] != '\0' &&
	       wire_name_equal(&s->change.wire, wire);
}

/* One after the other, each once it is known whether it is in. */
static void take_out_revoked(struct shared_set *s)
{
	const struct revoked *r = NULL;

	while ((r = TAILQ_FIRST(&s->revoked)) != NULL &&
	       shared_set_store(s, r->name, &r->wire, false) == 0) {
		revoked_remove(&s->revoked, &r->wire);
	}
}

static void send_control(struct shared_set *s, uint32_t reqid,
			 enum ctdb_control control, uint64_t srvid,
			 const void *data, size_t len)
{
	uint8_t packet[CTDB_PACKET_MAX];

	ctdb_link_send(s->link, packet,
		       ctdb_write_control(packet, reqid, control, srvid, data,
					  len));
}

void shared_set_connected(struct shared_set *s, uint32_t vnn)
{
	s->vnn = vnn;
	s->db_id = 0;
	s->stale = true;
	TALLOC_FREE(s->next);
	s->change.name[0] = '\0';
	send_control(s, REQ_REGISTER, CTDB_REGISTER_SRVID, SRVID, NULL, 0);
}

static void read_all(struct shared_set *s)
{
	struct {
		uint32_t db_id;
		uint32_t reqid;
		uint64_t srvid;
	} start = { .db_id = s->db_id, .srvid = SRVID };

	s->next = set_copy_create(s);
	if (s->next == NULL) {
		return; /* the next second */
	}
	start.reqid = ++s->reading;
	s->since = s->now;
	send_control(s, REQ_READ, CTDB_TRAVERSE_START, 0, &start,
		     sizeof(start));
}

void shared_set_ask(struct shared_set *s, uint64_t now)
{
	const uint64_t db_id = s->db_id;

	s->now = now;
	if (s->db_id == 0) {
		send_control(s, REQ_ATTACH, CTDB_DB_ATTACH_PERSISTENT, 0,
			     RECORD_DATABASE, sizeof(RECORD_DATABASE));
		return;
	}
	if ((s->next != NULL || s->change.name[0] != '\0') &&
	    now > s->since + PATIENCE_USEC) {
		TALLOC_FREE(s->next);
		s->change.name[0] = '\0';
		s->stale = true;
	}
	if (s->again != 0 && now > s->again) {
		s->again = 0;
		s->stale = true;
		s->second = true;
	}
	if (s->stale && s->next == NULL && s->change.name[0] == '\0') {
		read_all(s);
	}
	send_control(s, REQ_SEQUENCE, CTDB_GET_DB_SEQNUM, 0, &db_id,
		     sizeof(db_id));
}

/* Another node has changed it. */
static void got_sequence(struct shared_set *s, const struct ctdb_packet *p)
{
	uint64_t sequence;

	if (p->status != 0 || p->len < sizeof(sequence) || s->next != NULL ||
	    s->change.name[0] != '\0') {
		return;
	}
	memcpy(&sequence, p->data, sizeof(sequence));
	if (s->copy == NULL || s->stale || sequence != s->copy->sequence) {
		s->stale = true;
		s->second = false;
		read_all(s);
	}
}

void shared_set_again(struct shared_set *s)
{
	s->again = s->now + AGAIN_USEC;
}

static void commit_done(struct shared_set *s, int32_t status)
{
	if (s->change.name[0] == '\0') {
		return;
	}
	if (status == 0 && s->copy != NULL) {
		shared_set_again(s);
		s->copy->sequence++;
		s->copy->sequence_rsn++;
		set_copy_enter(s->copy, s->change.name, &s->change.wire,
		      s->change.there, s->change.rsn);
		s->stale = s->copy->short_of;
	} else {
		/* by a recovery, or another node was first: look again */
		s->stale = true;
	}
	s->change.name[0] = '\0';
	take_out_revoked(s);
	s->ops->stored(s->private_data);
}

static void got_reply(struct shared_set *s, const struct ctdb_packet *p)
{
	switch (p->reqid) {
	case REQ_ATTACH:
		if (p->status == 0 && p->len >= sizeof(s->db_id)) {
			memcpy(&s->db_id, p->data, sizeof(s->db_id));
			shared_set_ask(s, s->now);
		}
		break;
	case REQ_SEQUENCE:
		got_sequence(s, p);
		break;
	case REQ_READ:
		if (p->status != 0) {
			TALLOC_FREE(s->next);
		}
		break;
	case REQ_COMMIT:
		commit_done(s, p->status);
		break;
	default:
		break;
	}
}

static void have_read(struct shared_set *s)
{
	talloc_free(s->old);
	s->old = s->copy;
	s->copy = s->next;
	s->next = NULL;
	/* the next second, if it is not all there is */
	s->stale = s->copy->short_of;
	if (!s->second) {
		shared_set_again(s);
	}
	s->second = false;
	take_out_revoked(s);
	s->ops->changed(s->private_data);
	s->ops->stored(s->private_data);
}

static void got_record(struct shared_set *s, const struct ctdb_packet *p)
{
	struct wire_name wire;
	struct record r;
	char *name = NULL;

	if (!record_read(p->data, p->len, &r) || s->next == NULL ||
	    r.reqid != s->reading) {
		return;
	}
	switch (r.kind) {
	case RECORD_ALIAS:
		if (messenger_name_parse(s->next, r.name, &name, &wire) ==
		    NERR_Success) {
			set_copy_enter(s->next, name, &wire, r.there, r.rsn);
			talloc_free(name);
		}
		break;
	case RECORD_SEQUENCE:
		s->next->sequence = r.sequence;
		s->next->sequence_rsn = r.rsn;
		break;
	case RECORD_END:
		have_read(s);
		break;
	case RECORD_OTHER:
		break;
	}
}

bool shared_set_came(struct shared_set *s, const struct ctdb_packet *p)
{
	if (p->kind == CTDB_MESSAGE && p->srvid == SRVID) {
		got_record(s, p);
		return true;
	}
	if (p->kind == CTDB_REPLY && p->reqid >= REQ_REGISTER &&
	    p->reqid <= REQ_COMMIT) {
		got_reply(s, p);
		return true;
	}
	return false;
}

bool shared_set_is_known(const struct shared_set *s)
{
	return s->copy != NULL && !s->stale && s->next == NULL;
}

enum shared_alias shared_set_find(const struct shared_set *s,
				  const struct wire_name *wire)
{
	const struct set_entry *e =
		(s->copy != NULL) ? set_copy_find(s->copy, wire)
				  : NULL;

	if (e == NULL) {
		return SHARED_UNKNOWN;
	}
	return e->there ? SHARED_THERE : SHARED_GONE;
}

int shared_set_store(struct shared_set *s, const char *name,
		     const struct wire_name *wire, bool there)
{
	const struct set_copy *copy = s->copy;
	const struct set_entry *e = NULL;
	struct record_change change = { .name = name, .there = there };
	uint8_t buf[RECORD_COMMIT_MAX];
	size_t len;

	if (there) {
		revoked_remove(&s->revoked, wire);
	}
	if (is_changing(s, wire)) {
		return (s->change.there == there) ? EINPROGRESS : EBUSY;
	}
	if (copy == NULL || !shared_set_is_known(s) || s->db_id == 0) {
		return EBUSY;
	}
	e = set_copy_find(copy, wire);
	if ((e == NULL) ? !there : (e->there == there)) {
		return 0;
	}
	if (s->change.name[0] != '\0') {
		return EBUSY;
	}
	change.db_id = s->db_id;
	change.vnn = s->vnn;
	change.rsn = (e != NULL) ? e->rsn + 1 : 1;
	change.sequence = copy->sequence + 1;
	change.sequence_rsn = copy->sequence_rsn + 1;
	len = record_commit(buf, &change);
	if (len == 0 || strlen(name) >= sizeof(s->change.name)) {
		return ENAMETOOLONG;
	}
	strcpy(s->change.name, name);
	s->change.wire = *wire;
	s->change.there = there;
	s->change.rsn = change.rsn;
	s->since = s->now;
	send_control(s, REQ_COMMIT, CTDB_TRANS3_COMMIT, 0, buf, len);
	return EINPROGRESS;
}

bool shared_set_tidy(struct shared_set *s, unsigned num)
{
	if (s->old != NULL && !set_copy_free_some(s->old, num)) {
		TALLOC_FREE(s->old);
	}
	return s->old != NULL;
}

void shared_set_revoke(struct shared_set *s, const char *name,
		       const struct wire_name *wire)
{
	if (shared_set_store(s, name, wire, false) != 0) {
		revoked_add(s, &s->revoked, name, wire);
	}
}

void shared_set_rewind(struct shared_set *s)
{
	if (s->copy != NULL) {
		set_copy_rewind(s->copy);
	}
}

bool shared_set_next(struct shared_set *s, const char **name,
		     const struct wire_name **wire, bool *there)
{
	const struct set_entry *e =
		(s->copy != NULL) ? set_copy_next(s->copy) : NULL;

	if (e == NULL) {
		return false;
	}
	*name = e->name;
	*wire = &e->wire;
	*there = e->there && !revoked_has(&s->revoked, &e->wire);
	return true;
}

struct shared_set *shared_set_init(TALLOC_CTX *mem_ctx, struct ctdb_link *link,
				   const struct shared_set_ops *ops,
				   void *private_data)
{
	struct shared_set *s = talloc_zero(mem_ctx, struct shared_set);

	if (s != NULL) {
		s->link = link;
		s->ops = ops;
		s->private_data = private_data;
		TAILQ_INIT(&s->revoked);
	}
	return s;
}

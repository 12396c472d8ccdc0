/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Records of a persistent database of CTDB's, as bytes.  Samba:
 * ctdb/include/ctdb_private.h, struct ctdb_rec_data_old, ctdb_ltdb_header.
 * Pure.
 */

#include "record.h"

#include <stdio.h>
#include <string.h>

#include "host_order.h"

#define RECORD_HEAD 16 /* length, reqid, length of key, of data */
#define RSN_HEAD    24 /* before what is stored: rsn, dmaster, flags */

static const char sequence_key[] = "__db_sequence_number__";
static const char prefix[] = "alias/";
#define PREFIX_LEN (sizeof(prefix) - 1)

static const char is_there[] = "there";
static const char is_gone[] = "gone";

static bool is(const uint8_t *p, size_t len, const char *text, size_t size)
{
	return len == size && memcmp(p, text, size) == 0;
}

static void read_alias(struct record *r, const uint8_t *key, size_t key_len,
		       const uint8_t *value, size_t value_len)
{
	if (key_len <= PREFIX_LEN || key_len - PREFIX_LEN >= RECORD_NAME_MAX ||
	    memcmp(key, prefix, PREFIX_LEN) != 0 ||
	    memchr(key, '\0', key_len) != NULL) {
		return;
	}
	if (is(value, value_len, is_there, sizeof(is_there) - 1)) {
		r->there = true;
	} else if (!is(value, value_len, is_gone, sizeof(is_gone) - 1)) {
		return;
	}
	r->kind = RECORD_ALIAS;
	memcpy(r->name, key + PREFIX_LEN, key_len - PREFIX_LEN);
	r->name[key_len - PREFIX_LEN] = '\0';
}

bool record_read(const uint8_t *data, size_t len, struct record *r)
{
	const uint8_t *key = data + RECORD_HEAD;
	const uint8_t *value = NULL;
	uint32_t key_len;
	uint32_t value_len;

	if (len < RECORD_HEAD) {
		return false;
	}
	*r = (struct record){ .kind = RECORD_OTHER, .reqid = get32(data + 4) };
	key_len = get32(data + 8);
	value_len = get32(data + 12);
	if (key_len > len - RECORD_HEAD ||
	    value_len > len - RECORD_HEAD - key_len) {
		return false;
	}
	if (key_len == 0 && value_len == 0) {
		r->kind = RECORD_END;
		return true;
	}
	if (value_len < RSN_HEAD) {
		return true;
	}
	value = key + key_len;
	r->rsn = get64(value);
	value += RSN_HEAD;
	value_len -= RSN_HEAD;
	/* this key alone has its end in it */
	if (is(key, key_len, sequence_key, sizeof(sequence_key)) &&
	    value_len == sizeof(r->sequence)) {
		r->kind = RECORD_SEQUENCE;
		r->sequence = get64(value);
	} else {
		read_alias(r, key, key_len, value, value_len);
	}
	return true;
}

static size_t put_record(uint8_t *buf, const struct record_change *c,
			 const void *key, size_t key_len, uint64_t rsn,
			 const void *value, size_t value_len)
{
	const uint32_t head[] = {
		(uint32_t)(RECORD_HEAD + key_len + RSN_HEAD + value_len),
		0,
		(uint32_t)key_len,
		(uint32_t)(RSN_HEAD + value_len),
	};
	uint8_t *at = buf;

	memcpy(at, head, sizeof(head));
	at += RECORD_HEAD;
	memcpy(at, key, key_len);
	at += key_len;
	memset(at, 0, RSN_HEAD);
	memcpy(at, &rsn, sizeof(rsn));
	memcpy(at + sizeof(rsn), &c->vnn, sizeof(c->vnn));
	at += RSN_HEAD;
	memcpy(at, value, value_len);
	return head[0];
}

size_t record_commit(uint8_t buf[RECORD_COMMIT_MAX],
		     const struct record_change *c)
{
	const char *value = c->there ? is_there : is_gone;
	const uint32_t head[] = { c->db_id, 2 };
	char key[PREFIX_LEN + RECORD_NAME_MAX];
	int key_len = snprintf(key, sizeof(key), "%s%s", prefix, c->name);
	size_t len = sizeof(head);

	if (key_len < 0 || (size_t)key_len >= sizeof(key)) {
		return 0;
	}
	memcpy(buf, head, sizeof(head));
	len += put_record(buf + len, c, key, (size_t)key_len, c->rsn, value,
			  strlen(value));
	len += put_record(buf + len, c, sequence_key, sizeof(sequence_key),
			  c->sequence_rsn, &c->sequence, sizeof(c->sequence));
	return len;
}

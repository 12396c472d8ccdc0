/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Records of a persistent database of CTDB's, as bytes: those that are read,
 * and a change of one as it is committed.  A record says of an alias whether it
 * is there or gone; one that is gone stays, so that a node that was away learns
 * of it.  Pure.
 */

#ifndef MESSENGER_SOURCE_RECORD_H
#define MESSENGER_SOURCE_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Bytes of a name in the UNIX charset, with its end. */
#define RECORD_NAME_MAX 64

/** Room for what record_commit() writes. */
#define RECORD_COMMIT_MAX 512

/** The database. */
#define RECORD_DATABASE "nmbd_messenger.tdb"

struct record {
	enum {
		RECORD_OTHER,	 /* of nobody's business */
		RECORD_ALIAS,
		RECORD_SEQUENCE, /* counts the transactions */
		RECORD_END,	 /* that was all */
	} kind;
	uint32_t reqid; /* of who asked */
	char name[RECORD_NAME_MAX];
	bool there;
	uint64_t rsn; /* a change has a larger one */
	uint64_t sequence;
};

/** @brief Read one as ctdbd sends it; false: it is malformed. */
bool record_read(const uint8_t *data, size_t len, struct record *r);

/** A change of an alias, and the numbers that come with it. */
struct record_change {
	uint32_t db_id;
	uint32_t vnn; /* who does it */
	const char *name;
	bool there;
	uint64_t rsn;
	uint64_t sequence; /* after the change */
	uint64_t sequence_rsn;
};

/** @brief What CTDB_TRANS3_COMMIT takes; 0: the name is too long. */
size_t record_commit(uint8_t buf[RECORD_COMMIT_MAX],
		     const struct record_change *change);

#endif /* MESSENGER_SOURCE_RECORD_H */

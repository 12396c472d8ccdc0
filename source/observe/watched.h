/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What nmbd has under way for names that are no aliases, by the number of its
 * record; and what was seen of it.
 */

#ifndef MESSENGER_SOURCE_WATCHED_H
#define MESSENGER_SOURCE_WATCHED_H

#include <sys/queue.h>

#include <talloc.h>

#include "name.h"
#include "nmbd_host.h"

/** What nmbd asks for. */
enum watched_kind {
	WATCHED_CLAIM,	 /* a registration, or a refresh in WINS */
	WATCHED_RELEASE,
	/* who is domain master?  Somebody is: nmbd claims nothing */
	WATCHED_QUESTION,
};

/** One record of nmbd's; its pointer is compared and never followed. */
struct watched {
	LIST_ENTRY(watched) entry; /* of those with the same hash */
	const struct response_record *rrec;
	uint16_t id;
	enum watched_kind kind;
	const struct subnet_record *subrec;
	struct netbios_name name;
	struct in_addr to;	  /* the WINS server, or the broadcast */
	struct in_addr interface; /* the address it is claimed for */
	unsigned sweep;		  /* in which it was there last */
	/* answered by another host, last by this one */
	bool answered;
	bool told; /* that it was refused */
	int rcode;
	struct in_addr from;
};

struct watched_table;

/** @brief An empty one; NULL without memory. */
struct watched_table *watched_init(TALLOC_CTX *mem_ctx);

/** @brief How many there are. */
size_t watched_count(const struct watched_table *table);

/** @brief The one of this record; NULL: none. */
struct watched *watched_of(const struct watched_table *table,
			   const struct response_record *rrec);

/** @brief The one that this answer is to, by its number and name; or NULL. */
struct watched *watched_answered(const struct watched_table *table, uint16_t id,
				 const struct nmb_name *name);

/**
 * @brief A new one, of a record of nmbd's that it is about.
 *
 * @return NULL without memory.
 */
struct watched *watched_add(struct watched_table *table,
			    const struct subnet_record *subrec,
			    const struct response_record *rrec,
			    enum watched_kind kind);

void watched_remove(struct watched_table *table, struct watched *w);

/** @brief Take out all, without a word. */
void watched_clear(struct watched_table *table);

/**
 * @brief Call gone() for each whose sweep is not this one, and take it out.
 *
 * @param[in] subrec  Only those of this subnet; NULL: of any.
 */
void watched_each_gone(struct watched_table *table, unsigned sweep,
		       const struct subnet_record *subrec,
		       void (*gone)(void *private_data, const struct watched *w),
		       void *private_data);

/** @brief A name as a value. */
void watched_name(struct netbios_name *name, const struct nmb_name *from,
		  bool group);

#endif /* MESSENGER_SOURCE_WATCHED_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Which aliases this computer is to hold, and on whose word.  A name may have
 * several reasons to be here; it goes when the last of them goes.  Pure.
 */

#ifndef MESSENGER_SOURCE_WANTED_H
#define MESSENGER_SOURCE_WANTED_H

#include <stdint.h>
#include <sys/queue.h>

#include <talloc.h>

#include "messenger.h"
#include "name.h"
#include "name_index.h"

/** Who asks for an alias. */
enum wanted_source {
	WANTED_COMPUTER, /* netbios name, netbios aliases */
	WANTED_LOGON,	 /* a user with a session */
	WANTED_CONFIG,	 /* messenger:aliases */
	WANTED_REQUEST,	 /* add NAME */
};

/* From malloc(): talloc's header is longer than this, and there are thousands. */
struct wanted {
	TAILQ_ENTRY(wanted) entry;
	struct name_link link; /* in the index of the list */
	struct wire_name wire;
	TAILQ_ENTRY(wanted) queue_entry;
	/* a request: the store is at it, or is locked and is tried again until
	 * then, seconds of service_uptime(); 0: nothing is to be asked */
	uint32_t store_until;
	enum wanted_source source : 8;
	/* the network said no, and nothing has changed since */
	bool refused : 1;
	/* there was no room for it, and it was told: see wanted_leave_out() */
	bool left_out : 1;
	/* a request: it was told "added", so it stays until deleted */
	bool acknowledged : 1;
	/* a request: it survives a restart of nmbd */
	bool kept : 1;
	/* a request: the store is at it, to keep it */
	bool keeping : 1;
	/* and it is about to be deleted */
	bool leaving : 1;
	/* for who works through what is to be tried */
	bool due : 1;
	/* for the caller's comparison of two lists */
	bool seen : 1;
	/* it is about to be claimed */
	bool queued : 1;
	char name[]; /* UNIX charset, upper case */
};

struct wanted_list {
	TAILQ_HEAD(wanted_head, wanted) head; /* by source */
	struct wanted *last[WANTED_REQUEST + 1]; /* NULL: there is none */
	struct name_index index;
	TAILQ_HEAD(wanted_queue, wanted) queue; /* to be claimed */
	uint64_t changes;    /* how often an entry came or went */
	size_t num_left_out; /* entries */
};

/** @brief Make an empty list, owned by mem_ctx; NULL without memory. */
struct wanted_list *wanted_list_init(TALLOC_CTX *mem_ctx);

/** @brief The kind an alias has that this source asks for. */
enum alias_kind wanted_kind(enum wanted_source source);

/**
 * @brief Enter a reason for a name; the same one twice is one.
 *
 * @return The entry, owned by the list; NULL without memory.
 */
struct wanted *wanted_add(struct wanted_list *list, enum wanted_source source,
			  const char *name, const struct wire_name *wire);

/** @brief Take an entry out and free it. */
void wanted_remove(struct wanted_list *list, struct wanted *w);

/** @brief There is no room for it, or there is, or may be. */
void wanted_leave_out(struct wanted_list *list, struct wanted *w,
		      bool left_out);

/** @brief It is to be claimed, after those that are already. */
void wanted_queue_up(struct wanted_list *list, struct wanted *w);

/** @brief The next one to be claimed, and no longer so; NULL: there is none. */
struct wanted *wanted_take_queued(struct wanted_list *list);

/** @brief This source's entry for a name, or NULL. */
struct wanted *wanted_find(const struct wanted_list *list,
			   enum wanted_source source,
			   const struct wire_name *wire);

/** @brief The first entry for a name, whoever asks for it, or NULL. */
struct wanted *wanted_any(const struct wanted_list *list,
			  const struct wire_name *wire);

#endif /* MESSENGER_SOURCE_WANTED_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The alias table: which message aliases there are, where each comes from and
 * how it stands on each subnet.  Pure: no I/O, no nmbd, no rules.
 */

#ifndef MESSENGER_SOURCE_ALIAS_H
#define MESSENGER_SOURCE_ALIAS_H

#include <netinet/in.h>
#include <stdint.h>
#include <sys/queue.h>
#include <time.h>

#include <talloc.h>

#include "claim.h"
#include "holder.h"
#include "messenger.h"
#include "name.h"
#include "name_index.h"

/** A subnet as nmbd calls it, an address or the like, and its NUL. */
#define ALIAS_SUBNET_MAX 24

/** How an alias stands on one subnet. */
struct alias_subnet {
	char subnet[ALIAS_SUBNET_MAX];
	struct holder *details; /* once it was asked; owned by the alias */
	char *reason;		/* of waiting, or of no answer; owned by it */
	enum alias_state state;
	enum event_cause cause; /* as long as there are no details */
	struct in_addr holder;	/* of a refused name; 0.0.0.0: unknown */
	struct in_addr server;	/* WINS, as in struct refusal */
	struct in_addr record;	/* likewise */
	uint16_t node;		/* of standby: the node that has it, and 1 */
	uint8_t rcode;		/* of a refusal; 0: none was told */
	bool undecided : 1;	/* registering: and it is not claimed yet */
	bool unheard : 1;	/* without memory: it is to be claimed again */
};

/** What is to be done to aliases, to some of them in a turn. */
enum alias_queue {
	ALIAS_TO_VISIT,	 /* what is done to all of them */
	ALIAS_TO_UPDATE, /* what its subnets say together may be another */
	ALIAS_QUEUES,
};

/* Thousands of them are felt: so it is packed. */
struct alias {
	TAILQ_ENTRY(alias) entry;
	TAILQ_ENTRY(alias) queue_entry[ALIAS_QUEUES];
	struct name_link link; /* in the index of the table */
	const char *name; /* UNIX charset, upper case; lives as long as it */
	struct wire_name wire;
	struct timespec since;	  /* of this state, UTC */
	const char *note;	  /* why it waits, if no subnet says; NULL */
	enum messenger_code code; /* why it is not in the table; 0: it is */
	struct in_addr rival; /* claimed it when we did; 0.0.0.0: nobody */
	enum alias_kind kind : 8;
	enum alias_state state : 8;
	uint8_t rival_asked; /* how often, since the grant */
	bool rival_told : 1; /* that it has the name, too */
	bool kept : 1;	     /* added, and it survives a restart */
	bool granted : 1;    /* once, since it is in the table: it was told */
	bool stale : 1;	     /* likewise: in WINS for nobody */
	bool unheard : 1;    /* as of a subnet, of one that is not entered */
	bool queued[ALIAS_QUEUES];
	uint16_t num_subnets;
	struct alias_subnet *subnets; /* where it is entered; owned */
	struct alias_subnet only;     /* the room for one */
};

struct alias_table;

/**
 * @brief Make an empty table.
 *
 * @param[in] mem_ctx  Its owner; the table owns its aliases.
 * @param[in] max      How many aliases it takes, computer names not counted.
 *
 * @return The table; NULL without memory.
 */
struct alias_table *alias_table_init(TALLOC_CTX *mem_ctx, size_t max);

/** @brief Change how many it takes; what is already in stays in. */
void alias_table_set_max(struct alias_table *table, size_t max);

/** @brief How many aliases are in it. */
size_t alias_table_count(const struct alias_table *table);

/** @brief How often its list has become another one: came, went, moved. */
uint64_t alias_table_changes(const struct alias_table *table);

/**
 * @brief Put an alias in, state ALIAS_REGISTERING, on no subnet yet.
 *
 * Kinds stand in the order of enum alias_kind; within a kind the first come
 * stands first.
 *
 * @param[out] alias  The new entry, owned by the table.
 *
 * @return NERR_Success, NERR_AlreadyExists, NERR_TooManyNames or
 *         NERR_InternalError (no memory).  *alias is written on success only.
 */
enum messenger_code alias_add(struct alias_table *table, enum alias_kind kind,
			      const char *name, const struct wire_name *wire,
			      struct timespec now, struct alias **alias);

/** @brief Take an alias out and free it. */
void alias_remove(struct alias_table *table, struct alias *alias);

/** @brief Out of one table and into another, whatever that takes. */
void alias_move(struct alias_table *from, struct alias_table *to,
		struct alias *alias);

/** @brief The alias of this name, or NULL. */
struct alias *alias_find(const struct alias_table *table,
			 const struct wire_name *wire);

/** @brief May there be one of this name, in any case?  See name_index.h. */
bool alias_may_have(const struct alias_table *table,
		    const struct wire_name *wire);

/** @brief The first alias, or NULL. */
struct alias *alias_first(const struct alias_table *table);

/** @brief The one after it, or NULL. */
struct alias *alias_next(const struct alias *alias);

/** @brief Put it at the end of a queue of its table, unless it is in it. */
void alias_queue_up(struct alias_table *table, struct alias *alias,
		    enum alias_queue queue);

/** @brief The next one of a queue, and out of it; NULL: there is none. */
struct alias *alias_take_queued(struct alias_table *table,
				enum alias_queue queue);

/** @brief Is there one in this queue? */
bool alias_any_queued(const struct alias_table *table, enum alias_queue queue);

/** @brief Change its state, and since when, if it is another one. */
void alias_set_state(struct alias *alias, enum alias_state state,
		     struct timespec now);

/** @brief How it stands on this subnet, or NULL. */
struct alias_subnet *alias_subnet_find(const struct alias *alias,
				       const char *subnet);

/**
 * @brief Enter its state on a subnet, anew or over an older one.
 *
 * @return false without memory; nothing is changed then.
 */
bool alias_subnet_set(struct alias *alias, const char *subnet,
		      enum alias_state state, int rcode, struct in_addr holder);

/**
 * @brief Enter that it waits on a subnet, and for what.
 *
 * @return false without memory; nothing is changed then.
 */
bool alias_subnet_wait(struct alias *alias, const char *subnet,
		       const char *reason);

/** @brief Does this subnet stand for the WINS servers?  nmbd's name for it. */
bool alias_subnet_is_wins(const char *subnet);

/** @brief Another kind from now on; its place is that of the new kind. */
void alias_set_kind(struct alias_table *table, struct alias *alias,
		    enum alias_kind kind);

/** @brief Forget a subnet. */
void alias_subnet_remove(struct alias *alias, const char *subnet);

/** @brief Forget every subnet but those where it is refused for good. */
void alias_subnet_keep_refused(struct alias *alias);

/**
 * @brief What its subnets say together.
 *
 * WINS follows behind: it can refuse, by the word of a living owner, but
 * nothing waits for it as long as there is a subnet to hold the name on.
 *
 * @return ALIAS_REFUSED if one of them refused it; ALIAS_REGISTERING while one
 *         has no verdict, or there is none; ALIAS_REGISTERED if it is ours on
 *         all that do not wait; ALIAS_STANDBY if another node of the cluster
 *         has it on them; ALIAS_WAITING if all do.
 */
enum alias_state alias_verdict(const struct alias *alias);

/** @brief The first of its subnets where it has this state; NULL: none. */
const struct alias_subnet *alias_subnet_in(const struct alias *alias,
					   enum alias_state state);

/** @brief What was said when it was refused there. */
struct refusal alias_subnet_refusal(const struct alias_subnet *where);

/** @brief Is it left to another node of the cluster there?  Not in WINS. */
static inline bool alias_subnet_is_left(const struct alias_subnet *where)
{
	return where->state == ALIAS_STANDBY && where->node > 0 &&
	       !alias_subnet_is_wins(where->subnet);
}

/** @brief Why it waits, on the first subnet where it does; NULL: nowhere. */
const char *alias_reason(const struct alias *alias);

#endif /* MESSENGER_SOURCE_ALIAS_H */

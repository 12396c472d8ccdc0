/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What the parts of the service share: service.c (its states),
 * service_leaving.c (what is given up and claimed, some in a turn),
 * service_visits.c (what is done to all aliases, some in a turn),
 * service_claims.c (what the network says of its claims), service_cluster.c
 * (what other nodes of a cluster hold), service_waiting.c (what is done again
 * by a clock), service_wanted.c and service_users.c (what it
 * is to hold), service_contests.c (others who want it).
 */

#ifndef MESSENGER_SOURCE_SERVICE_PRIVATE_H
#define MESSENGER_SOURCE_SERVICE_PRIVATE_H

#include <sys/queue.h>

#include "refusals.h"
#include "service.h"

/** What is done to all aliases. */
enum visit_kind {
	VISIT_CAME,    /* a subnet: they belong on it */
	VISIT_WENT,    /* what was held on it is gone */
	VISIT_LOST,    /* or waits */
	VISIT_WAITING, /* what waits is claimed */
	VISIT_PLACES,  /* who is to hold them is another node, or we are */
	VISIT_RIVALS,  /* who claimed them when we did is asked */
};

struct service {
	const struct service_ops *ops;
	void *private_data;

	enum service_state state;
	struct timespec since;
	enum messenger_code exit_code;
	struct service_counters counters;
	struct contests *contests;
	uint64_t review; /* when there is an alarm for it; 0: never */
	unsigned wait;	/* seconds to the next try of what waits; 0: none is */
	unsigned backoff;
	bool at_it;   /* some of what is many is being done */
	bool due;     /* the store is tried for those of wanted that are due */
	TAILQ_HEAD(visit_list, visit) visits; /* the first one is under way */
	bool asking;  /* rivals, by an alarm that is under way */
	bool storing; /* likewise: what the store was locked for */

	struct alias_table *aliases;
	struct alias_table *leaving; /* out of it, and not released so far */
	struct wanted_list *wanted;
	struct refusals *refusals; /* of names that are not in the table */
	char *computer;		   /* NULL before the configuration */
	struct wire_name computer_wire;
	unsigned restart_interval;
	bool store;
	bool shared; /* what was added is of the cluster */
	/* of smb.conf; a talloc array */
	struct config_invalid *invalid;
	/* users whose names cannot be aliases, and it was told; a talloc
	 * array */
	struct config_invalid *left_out;
};

/** @brief Tell those who wait for an alias, or for the start (NULL). */
void service_settle(struct service *s, const struct alias *a,
		    enum messenger_code code, const struct alias_subnet *where);

struct timespec service_now(const struct service *s);

/** @brief Seconds of a clock that is never set back. */
uint64_t service_uptime(const struct service *s);

/** @brief Is it the name that decides about the service? */
bool service_is_primary(const struct service *s, const struct alias *a);

/** @brief An event about an alias, or none; NULL without memory. */
struct event *service_event(struct service *s, enum event_type type,
			    const struct alias *a);

/**
 * @brief Tell of an event.
 *
 * Without memory it goes untold: there is nothing better to do with it.
 *
 * @param[in] a      About which alias; NULL: about the service alone.
 * @param[in] where  What a subnet said; NULL: nothing.
 */
void service_tell(struct service *s, enum event_type type,
		  enum messenger_code code, const struct alias *a,
		  const struct alias_subnet *where);

/** @brief Likewise, and why it is not all that it should be (NULL: it is). */
void service_tell_reason(struct service *s, enum event_type type,
			 const struct alias *a, const char *reason);

/**
 * @brief Give an alias up and take it out of the table.
 *
 * @param[in] why  Told to those who wait for it.
 */
void service_drop(struct service *s, struct alias *a, enum messenger_code why);

/**
 * @brief Likewise, in a turn of its own if there are many.
 *
 * The alias is out of the table now; service_go_on() is to follow.
 */
void service_drop_later(struct service *s, struct alias *a,
			enum messenger_code why);

/** @brief It is to be claimed: give it up now, if it is still to be. */
void service_drop_left(struct service *s, const struct wire_name *wire);

/** @brief Give all of them up but one (NULL: none is spared). */
void service_drop_all(struct service *s, const struct alias *spared);

void service_set_state(struct service *s, enum service_state state,
		       enum messenger_code exit_code);

/** @brief Put a wanted name into the table, and claim it if it is not there. */
enum messenger_code service_claim_wanted(struct service *s,
					 const struct wanted *w);

/** @brief Release and claim some of what is many. */
void service_go_on(struct service *s);

/**
 * @brief Do this to all aliases: to some of them now, to others in turns of
 *        their own, one kind after the other.
 *
 * @param[in] subnet  Which one, if it is about one.
 * @param[in] reason  What it waits for, if it does.
 */
void service_visit_all(struct service *s, enum visit_kind kind,
		       const char *subnet, const char *reason);

/** @brief What is left of a turn when so much was done. */
unsigned service_less(unsigned left, unsigned deeds);

/** @brief Do as much of it as is left of this turn; returns what is left. */
unsigned service_visit_some(struct service *s, unsigned left);

/** @brief service_update(), in a turn of its own: who claims is not called. */
void service_update_later(struct service *s, struct alias *a);

/** @brief Some of these; returns what is left of this turn. */
unsigned service_update_some(struct service *s, unsigned left);

/** @brief Is there anything that waits for a turn? */
bool service_has_visits(const struct service *s);

/** @brief What its subnets say together has changed. */
void service_update(struct service *s, struct alias *a);

/** @brief Is it an address of another node of the cluster? */
bool service_is_sibling(const struct service *s, struct in_addr address);

/** @brief Does it stand by there for good: another node is to hold it? */
bool service_is_left_to_other(const struct service *s, const struct alias *a,
			      const struct alias_subnet *where);

/**
 * @brief Another node refused it, which is no conflict.
 *
 * @return false: it was somebody else.
 */
bool service_refused_by_sibling(struct service *s, struct alias *a,
				const char *subnet,
				const struct refusal *refusal);

/** @brief Another node holds it on every subnet: for the first time. */
void service_left_to_other(struct service *s, struct alias *a);

/** @brief The state of an alias has changed: if it decides, so does ours. */
void service_follow_primary(struct service *s, const struct alias *a);

/**
 * @brief Give it up where another node is to hold it, claim it where we are.
 *
 * @return How much that was.
 */
unsigned service_follow_place(struct service *s, struct alias *a);

/** @brief Something waits: it is tried again before long. */
void service_plan_waiting(struct service *s);

/** @brief Claim what waits, now. */
void service_claim_waiting(struct service *s);

/** @brief Of one alias; returns how many claims that were. */
unsigned service_claim_waiting_of(struct service *s, struct alias *a);

/** @brief Nothing waits any more; the next trouble is a new one. */
void service_forget_waiting(struct service *s);

/** @brief A claim was granted: it may have been the last that waited. */
void service_end_waiting(struct service *s);

/** @brief Somebody claimed it when we did: ask before long who has it. */
void service_plan_rivals(struct service *s);

/** @brief Ask who claimed names when we did. */
void service_ask_rivals(struct service *s);

/** @brief Of one alias; returns whether there is more to come of it. */
bool service_ask_rival_of(struct service *s, struct alias *a);

/** @brief Ask them once more, later. */
void service_ask_rivals_again(struct service *s);

/** @brief Somebody who claimed an alias when we did has been asked. */
void service_rival_answered(struct service *s, struct alias *a,
			    const struct holder *details);

/** @brief Another host holds an alias of ours, too: told once. */
void service_tell_conflict(struct service *s, struct alias *a,
			   struct in_addr other, const struct holder *details);

/**
 * @brief Remember what a request asked for, and nobody on the network refused.
 *
 * @param[in] name    As it is in the table; as it was given, if it is no name.
 * @param[in] wire    NULL: it is none.
 * @param[in] code    What was answered.
 * @param[in] reason  The system's words; NULL: none.
 */
void service_remember(struct service *service, const char *name,
		      const struct wire_name *wire, enum messenger_code code,
		      const char *reason);

/** @brief A list is compared with what is wanted: nothing is seen so far. */
void service_see_none(struct service *service);

/**
 * @brief What is wanted by this source and was not seen is not wanted.
 *
 * service_go_on() is to follow.
 */
void service_forget_unseen(struct service *service, enum wanted_source source);

/** @brief Others want a name now: its kind may be another. */
void service_set_kind(struct service *service, struct alias *a);

/** @brief Of any name. */
void service_set_kinds(struct service *service);

/** @brief How an alias stands on a subnet where it is refused so. */
struct alias_subnet service_refusal(const char *subnet,
				    const struct refusal *refusal);

/** @brief Claim one that is wanted; if there is no room, that is told. */
void service_claim_other(struct service *s, struct wanted *w);

/**
 * @brief Claim all that is wanted and was not refused: some now, the others in
 *        the turns of service_go_on().
 */
void service_claim_others(struct service *s);

/**
 * @brief An alias was granted: if a request added it, it is kept from now on.
 *
 * @param[out] err  Written with the result true: 0, or why it is not kept.
 *
 * @return false: the store is at it or locked, and service_update() follows.
 */
bool service_keep(struct service *s, struct alias *a, int *err);

/**
 * @brief Let the store forget what a request added (NULL: nothing did).
 *
 * @param[out] err  0, or why it cannot.
 *
 * @return false: the store is at it or locked; it leaves, and
 *         service_forget() follows.
 */
bool service_unkeep(struct service *s, struct wanted *w, int *err);

/**
 * @brief Nobody wants this any more; the one way for it to go.
 *
 * What the store is about to keep it forgets after that.
 *
 * @param[in] w  Freed.
 */
void service_unwant(struct service *s, struct wanted *w);

/** @brief Delete an alias that is not in the store, whoever wants it. */
void service_forget(struct service *s, const struct wire_name *wire);

/** @brief Ask the store again, what it is at or was locked for; some in a turn. */
void service_store_again(struct service *s);

/** @brief Some of it; returns what is left of this turn. */
unsigned service_store_some(struct service *s, unsigned left);

#endif /* MESSENGER_SOURCE_SERVICE_PRIVATE_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What the parts of the orders share: orders.c (carries them out), waiters.c
 * (who waits for an outcome, and is answered), orders_nodes.c (what waits for
 * other nodes of a cluster).
 */

#ifndef MESSENGER_SOURCE_ORDERS_PRIVATE_H
#define MESSENGER_SOURCE_ORDERS_PRIVATE_H

#include <sys/queue.h>

#include "orders.h"
#include "other_claims.h"
#include "reply.h"
#include "steady.h"

enum waiting {
	WAITING_FOR_START,     /* and for nothing else */
	WAITING_ITS_TURN,      /* for a start, to be carried out then */
	WAITING_FOR_ALIAS,     /* to be granted or refused */
	WAITING_TO_DELETE,     /* for the store */
	WAITING_FOR_DELETE,    /* for somebody else's, to be carried out then */
	WAITING_FOR_DIAGNOSIS, /* refused: of the holder */
	WAITING_FOR_NODES,     /* granted here: for what other nodes say */
	WAITING_TO_TAKE_BACK,  /* refused there: for the store */
};

struct waiter {
	TAILQ_ENTRY(waiter) entry;
	struct orders *orders;
	struct server_id from;
	bool json;
	struct steady *patience;
	enum waiting waiting;
	enum request_verb verb;
	char *subject;	  /* what it is about, as it was given */
	char *name;	  /* NULL: the service */
	const char *done; /* what it is told then */
	bool unchanged;	  /* the claim is another one's, and that will do */
	bool is_new;	  /* it is this one's: nobody had added it before */
	struct wire_name wire;
	/* while it waits for a diagnosis, or for other nodes */
	struct service_outcome outcome;
	struct other_claim *claim; /* NULL: other nodes are not asked */
	struct holder *details;	   /* refused there: by whom */
	uint64_t refused;	   /* here, since when; 0: it is not */
	unsigned round;		   /* the last one in which it was judged */
};

struct orders {
	struct tevent_context *ev;
	struct messaging_context *msg;
	struct service *service;
	TAILQ_HEAD(waiter_list, waiter) waiters;
	struct steady *later;	     /* for who waited for a start */
	struct other_claims *others; /* NULL: nobody is asked */
	struct steady *look;	     /* for who waits for other nodes */
	unsigned round;
	bool amid; /* a round; not all have been judged in it */
};

/** @brief Somebody waits from now on; NULL without memory. */
struct waiter *waiter_create(struct orders *orders, struct server_id from,
			     const struct request *req);

/** @brief Its last turn: it is gone then.  o has what there is to say. */
void waiter_answer_with(struct waiter *w, struct outcome *o);

/** @brief Likewise; details: of the holder, NULL: it is not known who it is. */
void waiter_answer(struct waiter *w, const struct service_outcome *outcome,
		   const struct holder *details);

/** @brief Likewise, without a holder. */
void waiter_answer_code(struct waiter *w, enum messenger_code code,
			const char *reason);

/** @brief The outcome is to be told later; without memory its reason is not. */
void waiter_keep(struct waiter *w, const struct service_outcome *outcome);

/** @brief It is granted here: it waits for other nodes, or is answered. */
void waiter_ask_nodes(struct waiter *w, const struct service_outcome *outcome);

/** @brief It has waited for other nodes, or to be taken back, long enough. */
void waiter_give_up_nodes(struct waiter *w);

/** @brief The store has taken it back, or could not. */
void waiter_taken_back(struct waiter *w, const struct service_outcome *outcome);

/** @brief Has somebody added it just now, and waits for other nodes? */
bool orders_are_new(const struct orders *orders, const struct wire_name *wire);

#endif /* MESSENGER_SOURCE_ORDERS_PRIVATE_H */

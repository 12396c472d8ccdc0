/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What the parts of the hooks share: hooks.c (the way in, subnets, packets),
 * hook_claims.c (claims under way), hook_queue.c (claims to come), hook_wins.c
 * (WINS, and the unicast subnet), hook_names.c (nmbd's name lists).
 * They and host_check.c are the only code that knows nmbd's structures.
 */

#ifndef MESSENGER_SOURCE_HOOKS_PRIVATE_H
#define MESSENGER_SOURCE_HOOKS_PRIVATE_H

#include <sys/queue.h>

#include "hooks.h"
#include "nmbd_host.h"

/* RFC 1002 6: BCAST_REQ_RETRY_TIMEOUT */
#define RETRY_TIMEOUT_USEC 250000

struct claim;
struct queued;
struct check;

TAILQ_HEAD(claim_list, claim);
TAILQ_HEAD(queue, queued);
TAILQ_HEAD(check_list, check);

/* A subnet we have seen, to notice new ones, lost ones and new records. */
struct known_subnet {
	struct subnet_record *subrec; /* nmbd never frees one */
	const struct response_record *tail;
	uint16_t tail_id;
};

enum verdict {
	VERDICT_NONE,
	VERDICT_GRANTED,
	VERDICT_REFUSED,
};

struct hooks {
	struct tevent_context *ev;
	const struct hooks_ops *ops;
	void *private_data;
	struct wire_name computer; /* nmbd's first name */

	/* hooks.c */
	tevent_trace_callback_t old_trace;
	void *old_trace_data;
	struct known_subnet *subnets; /* a talloc array */
	size_t num_subnets;
	struct known_subnet unicast;

	/* hook_claims.c: nmbd's static functions, learnt from a record */
	response_function resp_fn;
	timeout_response_function timeout_fn;
	register_name_fail_function fail_fn;
	char scope[64]; /* of every name of ours */
	bool rfc_timing;
	struct claim_list claims;   /* those with own_clock, by due */
	struct tevent_timer *clock; /* while there are claims */
	/* what nmbd's function, running inside ours, called */
	enum verdict verdict;

	/* hook_wins.c */
	struct check_list checks;

	/* hook_queue.c */
	struct queue queue;
	size_t pace_left;
	struct tevent_timer *pace; /* while pace_left is not full */
};

/* nmbd's callbacks carry no pointer for us: there is one, or NULL. */
extern struct hooks *nmbd_hooks;

/*
 * hook_claims.c
 */

/** @brief The registration or refresh of a <03> name under way, or NULL. */
struct response_record *hook_find_claim(const struct subnet_record *subrec,
					const struct wire_name *wire);

/** @brief Follow, cancel or leave a record, as ops->claiming() says. */
void hook_look_at(struct subnet_record *subrec, struct response_record *rrec);

/** @brief End every claim for a name on a subnet, without a verdict. */
void hook_drop_claims_for(struct subnet_record *subrec,
			  const struct wire_name *wire);

/** @brief End every claim that is followed on a subnet that was closed. */
void hook_drop_claims(struct subnet_record *subrec);

/*
 * hook_queue.c
 */

/** @brief Claim a name on one subnet, now, or follow the claim under way. */
void hook_claim_on(struct subnet_record *subrec, const char *name,
		   const struct wire_name *wire);

/** @brief Forget claims for a name that wait for their turn. */
void hook_drop_queued(const struct wire_name *wire);

/** @brief Make the queue empty and its pace full. */
void hook_queue_init(struct hooks *h);

/*
 * hook_wins.c
 */

/** @brief Ask WINS for a name, and claim it there if it is free. */
void hook_claim_in_wins(const char *name, const struct wire_name *wire);

/** @brief End the question for a name, and forget what is known of it. */
void hook_drop_checks(const struct wire_name *wire);

/** @brief Is WINS being asked for a name now? */
bool hook_is_being_checked(const struct wire_name *wire);

/** @brief An owner of the name in WINS that did not answer, or 0.0.0.0. */
struct in_addr hook_suspect(const struct wire_name *wire);

/** @brief Granted on a subnet: unicast queries and node status have it too. */
void hook_enter_unicast(struct subnet_record *subrec,
			const struct wire_name *wire);

/** @brief The address of a closed subnet goes out of unicast names and WINS. */
void hook_forget_address(struct in_addr ip);

/** @brief Out of the unicast list, and release it in WINS. */
void hook_release_wins(const struct wire_name *wire);

/*
 * hook_names.c
 */

void hook_make_name(struct nmb_name *n, const struct wire_name *wire);
void hook_wire_of(struct wire_name *wire, const struct nmb_name *n);

/** @brief Our name in this subnet's list, or NULL. */
struct name_record *hook_find_own(struct subnet_record *subrec,
				  const struct wire_name *wire);

/** @brief Take a name out of a subnet's list; nobody is told. */
void hook_remove_name(struct subnet_record *subrec,
		      const struct wire_name *wire);

/** @brief A name that is at the head of a list goes to its end. */
void hook_put_last(struct subnet_record *subrec, const struct wire_name *wire);

/** @brief Send one release request; its list is left as it is. */
void hook_send_release(struct subnet_record *subrec,
		       const struct name_record *n, struct in_addr ip,
		       struct in_addr to);

/** @brief Out of a subnet's list, and release it by broadcast. */
void hook_release_broadcast(struct subnet_record *subrec,
			    const struct wire_name *wire);

#endif /* MESSENGER_SOURCE_HOOKS_PRIVATE_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The Messenger service: its states and rules, the alias table and what is
 * wanted in it.  Pure: it learns of the network by calls, and acts on it by
 * the functions it is given.
 */

#ifndef MESSENGER_SOURCE_SERVICE_H
#define MESSENGER_SOURCE_SERVICE_H

#include <netinet/in.h>
#include <time.h>

#include <talloc.h>

#include "alias.h"
#include "claim.h"
#include "contest.h"
#include "event.h"
#include "messenger.h"
#include "refusals.h"
#include "settings.h"
#include "wanted.h"

struct service;

/** What it wants to be reminded of. */
enum service_alarm {
	SERVICE_ALARM_RETRY,   /* to start again after a failure */
	SERVICE_ALARM_REVIEW,  /* to tell what was counted */
	SERVICE_ALARM_WAITING, /* to claim what could not be claimed */
	SERVICE_ALARM_RIVALS,  /* to ask who claimed a name when we did */
	SERVICE_ALARM_STORE,   /* to try what the store was locked for */
	SERVICE_ALARMS,
};

/** Who is to hold the cluster's names on a subnet. */
enum service_place {
	SERVICE_HOLDS,	   /* this computer; there may be no cluster at all */
	SERVICE_STANDS_BY, /* another node of the cluster */
	SERVICE_UNDECIDED, /* it is not known yet */
};

/** Which one that is. */
struct service_node {
	unsigned node;
	struct in_addr address;
};

/** What became of an add, of a start, or of a delete that had to wait. */
struct service_outcome {
	enum messenger_code code;
	struct in_addr holder; /* of a refused name; 0.0.0.0: unknown */
	const char *reason;    /* the system's words for it; NULL: none */
	bool leaving;	       /* it is that of a delete */
};

/**
 * What the service needs done.  claim() may call service_claiming(); beyond
 * that none of them calls the service back.
 */
struct service_ops {
	/** CLOCK_REALTIME, UTC, or CLOCK_BOOTTIME, which is never set back. */
	struct timespec (*clock)(void *private_data, clockid_t clock);

	/**
	 * Claim an alias on every subnet, or on one.  A claim that nmbd has
	 * under way already is followed, not sent again.
	 */
	void (*claim)(void *private_data, const struct alias *alias,
		      const char *subnet);

	/** Give an alias up on every subnet, whatever its state there. */
	void (*release)(void *private_data, const struct alias *alias);

	/** Something happened; ev is the callee's from here on. */
	void (*event)(void *private_data, struct event *ev);

	/**
	 * What a request waits for is known: the outcome of an add (wire),
	 * of a delete that waited (leaving), or of a start (wire is NULL).
	 */
	void (*settled)(void *private_data, const struct wire_name *wire,
			const struct service_outcome *outcome);

	/**
	 * Keep an alias added by request over a restart (kept), or forget it.
	 * 0, or the errno of what failed; the log has said so.  EINPROGRESS:
	 * it is being done, and SERVICE_ALARM_STORE comes when to ask again;
	 * whoever does not ask has it done nevertheless.  EBUSY: it is to be
	 * tried again; in a cluster it may have been done before.
	 */
	int (*store)(void *private_data, const char *name, bool kept);

	/** Forget one that is about to be kept; it is not asked for again. */
	void (*revoke)(void *private_data, const char *name);

	/** Ask a host who it is; service_diagnosed() has the answer. */
	void (*ask)(void *private_data, const struct alias *alias,
		    struct in_addr host);

	/** Call service_turn() in a turn of its own, before long. */
	void (*more)(void *private_data);

	/**
	 * Who is to hold the names of the cluster on this subnet?  NULL: there
	 * is no cluster.  *holder is written if it is another node.
	 */
	enum service_place (*place)(void *private_data, const char *subnet,
				    struct service_node *holder);

	/** Is this an address of another node of the cluster?  NULL: no. */
	bool (*is_sibling)(void *private_data, struct in_addr address);

	/** Give an alias up on one subnet: another node holds it there. */
	void (*stand_by)(void *private_data, const struct alias *alias,
			 const char *subnet);

	/**
	 * A subnet is gone, with its address: it goes out of what is known of
	 * an alias.  NULL: nothing is.
	 */
	void (*left)(void *private_data, const struct alias *alias,
		     const char *subnet);

	/**
	 * Call service_alarmed() after so many seconds, instead of an earlier
	 * alarm of this kind; 0: do not.
	 */
	void (*alarm)(void *private_data, enum service_alarm which,
		      unsigned seconds);
};

/**
 * @brief Make a stopped service.
 *
 * @param[in] mem_ctx  Its owner.
 * @param[in] ops      Not copied.
 *
 * @return The service; NULL without memory.
 */
struct service *service_init(TALLOC_CTX *mem_ctx, const struct service_ops *ops,
			     void *private_data);

/**
 * @brief Take over a configuration, the first or a changed one.
 *
 * Running: aliases that are new in it are claimed, those that are gone are
 * released, the others are not touched.  Failed: the service starts again.
 * The computer names are taken from the first configuration only: nmbd keeps
 * its own until it is restarted.
 *
 * @param[in] config  Copied as far as it is needed.
 */
void service_configure(struct service *service,
		       const struct messenger_config *config);

/**
 * @brief Take back an alias that was added by request before a restart.
 *
 * Before the first start, or, if the store was locked then, later.
 *
 * @return Whether it is a legal name.
 */
bool service_restore(struct service *service, const char *name);

/**
 * @brief Added aliases are those of a cluster from now on: another node may
 *        hold them, and it takes longer to keep them.
 */
void service_share(struct service *service, bool shared);

/**
 * @brief It is one of a cluster: whoever is after an alias may turn out to be
 *        another node, and is told of some seconds later.
 */
void service_join(struct service *service);

/** @brief Another node has deleted an alias that was added by request. */
void service_unrestore(struct service *service, const struct wire_name *wire);

/**
 * @brief Take over the list of users with a session.
 *
 * Who is new gets an alias, who is gone loses it.  A name that cannot be an
 * alias is left out, with one event for as long as the user stays.
 *
 * @param[in] users  Names in the UNIX charset, ended by NULL; a domain before
 *                   a backslash is left out.
 */
void service_set_users(struct service *service, const char *const *users);

/**
 * @brief Start: claim the computer name, [MS-MSRP] 3.1.3.
 *
 * @return NERR_Success: the outcome follows by ops->settled(NULL);
 *         NERR_MsgAlreadyStarted; NERR_InternalError (no memory).
 */
enum messenger_code service_start(struct service *service);

/**
 * @brief Stop: release every alias.
 *
 * @return NERR_Success, or NERR_MsgNotStarted if it is stopped.
 */
enum messenger_code service_stop(struct service *service);

/** @brief The turn that ops->more() asked for. */
void service_turn(struct service *service);

/** @brief Give all up at once that service_turn() would. */
void service_finish(struct service *service);

/** @brief The time of ops->alarm() has come. */
void service_alarmed(struct service *service, enum service_alarm which);

/** @brief Start again, if it has failed. */
void service_retry(struct service *service);

/**
 * @brief Add an alias, [MS-MSRP] 3.1.4.6.
 *
 * @param[in]  text  The name, any case.
 * @param[out] wire  Written on success: what ops->settled() will speak of.
 *
 * @return NERR_Success: the outcome follows by ops->settled(); NERR_NameInUse:
 *         likewise, of a claim that is under way already, and wire is written;
 *         else why not.
 */
enum messenger_code service_add(struct service *service, const char *text,
				struct wire_name *wire);

/**
 * @brief Delete an alias, [MS-MSRP] 3.1.4.12.
 *
 * @param[out] returns  Whether smb.conf will have it again; written on success;
 *                       may be NULL.
 *
 * @return NERR_Success: it is gone, unless service_is_leaving(); or why not.
 */
enum messenger_code service_delete(struct service *service, const char *text,
				   bool *returns);

/**
 * @brief Is this alias to be deleted as soon as the store is not locked?
 *
 * @param[out] wire  Written if so: the outcome follows by ops->settled().
 */
bool service_is_leaving(struct service *service, const char *text,
			struct wire_name *wire);

/**
 * @brief Another node of the cluster was refused what a request added here:
 *        delete it, and remember the refusal as one of the request.
 *
 * @param[in]  subnet   Which one was left to that node.
 * @param[in]  details  Of the holder; NULL: they are not known.
 * @param[out] err      Written with the result true: 0, or why it is not
 *                      deleted.
 *
 * @return false: the store is at it or locked; the outcome follows by
 *         ops->settled(), as that of a delete.
 */
bool service_take_back(struct service *service, const struct wire_name *wire,
		       const char *subnet, const struct refusal *refusal,
		       const struct holder *details, int *err);

/** What the network says, with a service as private_data. */
extern const struct claim_ops service_claim_ops;

/** @brief A claim is under way on a subnet. */
enum claim_decision service_claiming(struct service *service,
				     const struct wire_name *wire,
				     const char *subnet);

/**
 * @brief Is it to be left to another node of the cluster?
 *
 * Asked before a claim is sent; if so, it has been entered.
 */
bool service_stands_by(struct service *service, const struct wire_name *wire,
		       const char *subnet);

/** @brief What place() says may have changed, or who is in the cluster. */
void service_cluster_changed(struct service *service);

/** @brief Does it hold names, or would it: is it running, or standing by? */
bool service_is_up(const struct service *service);

/** @brief The claim was granted, or a refresh confirmed. */
void service_granted(struct service *service, const struct wire_name *wire,
		     const char *subnet);

/** @brief The claim, or a refresh, was refused by another host. */
void service_refused(struct service *service, const struct wire_name *wire,
		     const char *subnet, const struct refusal *refusal);

/**
 * @brief The claim can neither be granted nor refused here and now.
 *
 * It is sent again when the network changes, and by itself after five seconds
 * to five minutes.
 */
void service_waiting(struct service *service, const struct wire_name *wire,
		     const char *subnet, const char *reason,
		     const struct refusal *answer);

/**
 * @brief What became of a claim there was no memory for: it is made once more
 *        by the clock of what waits.
 */
void service_unheard(struct service *service, const struct wire_name *wire,
		     const char *subnet);

/** @brief A claim is not answered so far: the reason is for people. */
void service_slow(struct service *service, const struct wire_name *wire,
		  const char *subnet, const char *reason);

/** @brief The network has changed: what waits is claimed now. */
void service_network_changed(struct service *service);

/** @brief A holder, or a rival, has been asked. */
void service_diagnosed(struct service *service, const struct wire_name *wire,
		       struct in_addr holder, const struct holder *details);

/**
 * @brief Another host tried to take one of our aliases, or demanded it.
 *
 * Told at once the first time, then once a minute for each host and alias.
 */
void service_contested(struct service *service, const struct contest *contest);

/** @brief Tell what was counted of others who want our aliases. */
void service_review(struct service *service);

/** @brief A subnet came up: every alias belongs on it. */
void service_subnet_new(struct service *service, const char *subnet);

/** @brief A subnet went away, and what was held there with it. */
void service_subnet_gone(struct service *service, const char *subnet);

/** @brief The last network is gone: what is held there waits for it. */
void service_subnet_lost(struct service *service, const char *subnet,
			 const char *reason);

enum service_state service_get_state(const struct service *service);

/**
 * @brief Is it well?
 *
 * SERVICE_DEGRADED if an alias of the table is refused or waiting, a name of
 * smb.conf is no legal one, or there was no room for one that is wanted.  Names
 * of users that were refused are not in the table and do not count: whoever
 * comes first has them.
 */
enum service_condition service_condition(const struct service *service);

struct timespec service_get_since(const struct service *service);

/** @brief ERROR_SERVICE_SPECIFIC_ERROR_ if it failed, else NERR_Success. */
enum messenger_code service_get_win32_exit(const struct service *service);

/** @brief What it waits for while it starts; NULL: for nothing but answers. */
const char *service_get_reason(const struct service *service);

/**
 * @brief Standing by: a subnet of the computer name that tells which node has
 *        it; NULL: it is not standing by.
 */
const struct alias_subnet *service_get_node(const struct service *service);

/** @brief Why it failed, else NERR_Success. */
enum messenger_code service_get_exit(const struct service *service);

/** @brief The computer name, or "" before the first configuration. */
const char *service_get_computer(const struct service *service);

/** What happened so often since nmbd was started. */
struct service_counters {
	uint64_t refusals; /* of any alias */
	uint64_t failures; /* of the service */
	uint64_t defences; /* registrations of others that nmbd refused */
	uint64_t demands;  /* NAME CONFLICT DEMANDs against our aliases */
};

struct service_counters service_get_counters(const struct service *service);

/** @brief Names of smb.conf that are no legal aliases; a talloc array. */
const struct config_invalid *service_get_invalid(const struct service *service);

/**
 * @brief What is wanted, in the table or not.
 *
 * @return Why nothing of it is claimed now; NULL: it is.
 */
const char *service_get_wanted(const struct service *service,
			       const struct wanted_list **wanted);

/** @brief Users whose names are no legal aliases; a talloc array. */
const struct config_invalid *service_get_left_out(
	const struct service *service);

/**
 * @brief What was refused and is not in the table.
 *
 * @param[out] now  For refusals_next().
 */
const struct refusals *service_get_refusals(const struct service *service,
					    uint64_t *now);

/** @brief The aliases; empty while stopped. */
const struct alias_table *service_get_aliases(const struct service *service);

#endif /* MESSENGER_SOURCE_SERVICE_H */

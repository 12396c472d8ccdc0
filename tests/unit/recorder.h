/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A service under test and the world it acts on: a clock, subnets, a store,
 * and a record of all that the service has done, as lines of text:
 *
 *	claim NAME [on SUBNET]
 *	release NAME
 *	event TYPE [NAME] [on SUBNET] [code N] [rcode N] [server ADDRESS]
 *		[record ADDRESS] [claimant ADDRESS] [(REASON)] [cause CAUSE]
 *		[count N] [holder ADDRESS]
 *	settled NAME CODE [(REASON)] [holder ADDRESS]
 *						("service": of a start)
 *	ask ADDRESS of NAME
 *	retry SECONDS | retry off		("off" only if one was on)
 *	waiting SECONDS				(0 only if one was on)
 *	rivals SECONDS
 *	review SECONDS
 *	store NAME | forget NAME
 *
 * Nothing here allocates: a test may let memory run out around it.
 */

#ifndef TESTS_UNIT_RECORDER_H
#define TESTS_UNIT_RECORDER_H

#include "service.h"
#include "unit.h"

#define RECORDER_SUBNETS 4
#define RECORDER_EVENTS	 32
#define RECORDER_NAMES 32

struct recorder {
	struct service *service;
	struct messenger_config *config;

	/* the world, for the test to set */
	struct timespec now;
	const char *subnets[RECORDER_SUBNETS]; /* NULL: not there */
	bool store_fails;
	bool store_busy; /* locked by somebody else */
	bool store_slow; /* each takes until recorder_written() */

	/* what the service has asked for, and not taken back */
	struct recorder_name {
		struct wire_name wire;
		bool claimed[RECORDER_SUBNETS];
		bool stored;
		/* with store_slow */
		bool writing, written, asked;
	} names[RECORDER_NAMES];
	unsigned retry;
	unsigned waiting;
	unsigned rivals;

	/* how often */
	unsigned events[RECORDER_EVENTS]; /* by enum event_type */
	unsigned releases;
	unsigned aliases_settled;
	unsigned starts_settled;

	enum alias_kind kind; /* of the last event about an alias */

	/* the lines since the last recorder_expect() */
	char lines[16384];
	size_t len;
};

extern const struct service_ops recorder_ops;

/** @brief A stopped service without a configuration, at(0), on no subnet. */
struct recorder *recorder_create(void);

/** @brief Its service begins anew, with these, which are not copied. */
void recorder_use(struct recorder *r, const struct service_ops *ops);

void recorder_free(struct recorder *r);

/** @brief All that was done since the last time is this; begin anew. */
void recorder_expect(struct recorder *r, const char *lines);

/** @brief Forget what was done so far. */
void recorder_forget(struct recorder *r);

/**
 * @brief Configure the service: r->config with these names in it.
 *
 * @param[in] computers  Upper case, separated by one blank.
 * @param[in] aliases    Likewise; may be empty.
 */
void recorder_configure(struct recorder *r, const char *computers,
			const char *aliases);

/** @brief nmbd claims a name of its own accord. */
enum claim_decision recorder_claiming(struct recorder *r, const char *name,
				      const char *subnet);

/** @brief The network's answers. */
void recorder_grant(struct recorder *r, const char *name, const char *subnet);
void recorder_refuse(struct recorder *r, const char *name, const char *subnet,
		     int rcode, const char *holder);

/** @brief A claim can neither be granted nor refused; says why. */
void recorder_wait(struct recorder *r, const char *name, const char *subnet,
		   const char *reason);

/** @brief WINS refuses a name for the sake of a record of this address. */
void recorder_stale(struct recorder *r, const char *name, const char *record);

/** @brief Another host claims a name. */
void recorder_contest(struct recorder *r, const char *name, const char *host);

/**
 * @brief A host was asked who it is, and says that it is this computer (NULL:
 *        it says nothing) and has this <03> name (NULL: none).
 */
void recorder_diagnosed(struct recorder *r, const char *name, const char *host,
			const char *computer, const char *lists);

/** @brief The time of an alarm has come. */
void recorder_ring(struct recorder *r, enum service_alarm which);

/** @brief Granted on every subnet there is. */
void recorder_grant_all(struct recorder *r, const char *name);

/** @brief ALPHA runs on the subnets there are, with OPERATOR claimed. */
void recorder_run(struct recorder *r);

/** @brief And OPERATOR registered. */
void recorder_run_all(struct recorder *r);

/** @brief The service's state and exit codes; exit_code 0: it did not fail. */
void assert_service(const struct recorder *r, enum service_state state,
		    int exit_code);

/** @brief A subnet comes or goes. */
void recorder_subnet_new(struct recorder *r, const char *subnet);
void recorder_subnet_gone(struct recorder *r, const char *subnet);

/** @brief Whether a name is claimed or held there, as the network sees it. */
bool recorder_claimed(struct recorder *r, const char *name, const char *subnet);

/** @brief Whether a name is in the store. */
bool recorder_stored(struct recorder *r, const char *name);

/** @brief The store has done what it was asked for. */
void recorder_written(struct recorder *r);

/**
 * @brief The alias table is this: "NAME=STATE(SUBNET=STATE ...) ...".
 *
 * States: g registering, d registered, f refused, w waiting.
 */
void assert_table(const struct recorder *r, const char *want);

#endif /* TESTS_UNIT_RECORDER_H */

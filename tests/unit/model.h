/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A small model of the rules of the service, written from the contract and not
 * from the code.  What it is told, and what it says, is what the service is
 * told and has to say.
 */

#ifndef TESTS_UNIT_MODEL_H
#define TESTS_UNIT_MODEL_H

#include "service.h"

#define NAMES		8
#define SUBNETS		3

/* ALPHA decides about the service; BETA is its second name. */
extern const char *const model_names[NAMES];
extern const char *const model_subnets[SUBNETS];

/* The one that stands for the WINS servers. */
#define WINS 2

enum reason {
	COMPUTER,
	LOGON,
	CONFIG,
	REQUEST,
	REASONS
};

/* How a name stands on a subnet. */
enum standing {
	ABSENT,
	ASKED,
	OURS,
	THEIRS,
	WAITS,
	STALE, /* refused by WINS for a record that nobody stands behind */
};

extern struct model {
	enum service_state service;
	bool store;
	bool store_fails; /* now */
	bool up[SUBNETS];
	struct {
		bool wanted[REASONS];
		bool given_up[REASONS]; /* refused since it was last tried */
		bool told;   /* a request: "added" */
		bool stored; /* and it will be after a restart */
		/* in the table */
		bool listed;
		enum alias_kind kind;
		enum alias_state state;
		bool granted;
		bool stale; /* it was told */
		enum standing on[SUBNETS];
	} n[NAMES];
	unsigned events[EVENT_ALIAS_LOST + 1];	/* those the rules tell */
	unsigned claims;	 /* of one name on all subnets */
	unsigned starts;
	unsigned claims_settled; /* outcomes told: one that waits has two */
	unsigned starts_settled;
} model;

/** @brief The service. */
int model_start(void);
int model_stop(void);

/** @brief Is the name, by what the service is, claimed or held? */
bool model_is_under_way(size_t i);

/** @brief What the network says of a claim on a subnet. */
void model_grant(size_t i, size_t s);
void model_refuse(size_t i, size_t s);
void model_wait(size_t i, size_t s);
void model_stale(size_t i);

/** @brief What waits is claimed again. */
void model_claim_waiting(void);

/** @brief Requests. */
int model_add(size_t i);
int model_delete(size_t i);

/** @brief A reason for these names now, for no others. */
void model_want(enum reason why, const bool *now);

/** @brief Subnets. */
void model_subnet_new(size_t s);
void model_subnet_gone(size_t s);

/** @brief nmbd claims a name of its own accord. */
enum claim_decision model_claiming(size_t i, size_t s);

#endif /* TESTS_UNIT_MODEL_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A small model of the rules of the service.
 */

#include "model.h"

#include <string.h>

const char *const model_names[NAMES] = {
	"ALPHA", "BETA", "OPERATOR", "PRINT", "NIGHT", "DAY", "EVE", "ADAM",
};
const char *const model_subnets[SUBNETS] = { "A", "B", "UNICAST_SUBNET" };

static const enum alias_kind kind_of[REASONS] = {
	[COMPUTER] = ALIAS_COMPUTER,
	[LOGON] = ALIAS_USER,
	[CONFIG] = ALIAS_CONFIGURED,
	[REQUEST] = ALIAS_ADDED,
};

struct model model;

static bool is_wanted(size_t i)
{
	return model.n[i].wanted[COMPUTER] || model.n[i].wanted[LOGON] ||
	       model.n[i].wanted[CONFIG] || model.n[i].wanted[REQUEST];
}

static bool is_wanted_as(size_t i, enum alias_kind kind)
{
	enum reason why;

	for (why = COMPUTER; why < REASONS; why++) {
		if (kind_of[why] == kind && model.n[i].wanted[why]) {
			return true;
		}
	}
	return false;
}

static enum reason first_reason(size_t i)
{
	enum reason why = COMPUTER;

	while (!model.n[i].wanted[why]) {
		why++;
	}
	return why;
}

static void put(size_t i, enum reason why)
{
	size_t s;

	if (model.n[i].listed) {
		return;
	}
	model.n[i].listed = true;
	model.n[i].kind = kind_of[why];
	model.n[i].state = ALIAS_REGISTERING;
	model.n[i].granted = false;
	model.n[i].stale = false;
	model.claims++;
	for (s = 0; s < SUBNETS; s++) {
		model.n[i].on[s] = model.up[s] ? ASKED : ABSENT;
	}
}

static void unlist(size_t i)
{
	model.n[i].listed = false;
	memset(model.n[i].on, 0, sizeof(model.n[i].on));
}

static void take_out(size_t i)
{
	if (model.n[i].listed && model.n[i].state != ALIAS_REFUSED) {
		if (model.n[i].granted) {
			model.events[EVENT_ALIAS_RELEASED]++;
		} else {
			model.claims_settled++;
		}
	}
	unlist(i);
}

static void take_all_out(size_t spared)
{
	size_t i;

	for (i = 0; i < NAMES; i++) {
		if (i != spared) {
			take_out(i);
		}
		/* cppcheck-suppress arrayIndexOutOfBoundsCond
		 * spared = NAMES: none is */
		memset(model.n[i].given_up, 0, sizeof(model.n[i].given_up));
		if (!model.store || !model.n[i].told) {
			model.n[i].wanted[REQUEST] = false;
			model.n[i].told = false;
		}
	}
}

/* Each reason asks for its name until it is refused. */
static void put_wanted(void)
{
	enum reason why;
	size_t i;

	for (why = COMPUTER; why < REASONS; why++) {
		for (i = 0; i < NAMES; i++) {
			if (model.n[i].wanted[why] && !model.n[i].given_up[why]) {
				put(i, why);
			}
		}
	}
}

int model_start(void)
{
	if (model.service == SERVICE_RUNNING || model.service == SERVICE_STARTING) {
		return NERR_MsgAlreadyStarted;
	}
	take_all_out(NAMES);
	model.service = SERVICE_STARTING;
	model.starts++;
	put(0, COMPUTER);
	return NERR_Success;
}

int model_stop(void)
{
	if (model.service == SERVICE_STOPPED) {
		return NERR_MsgNotStarted;
	}
	take_all_out(NAMES);
	model.starts_settled += (model.service == SERVICE_STARTING) ? 1 : 0;
	model.service = SERVICE_STOPPED;
	model.events[EVENT_SERVICE_STOPPED]++;
	return NERR_Success;
}

/*
 * One that is asked is waited for, one that waits is not, and WINS follows
 * behind, where there is anything before it.
 */
static enum alias_state model_verdict(size_t i)
{
	unsigned num[STALE + 1] = { 0 };
	size_t s;

	for (s = 0; s < WINS; s++) {
		num[model.n[i].on[s]]++;
	}
	if (num[ASKED] > 0) {
		return ALIAS_REGISTERING;
	}
	if (num[OURS] > 0 || model.n[i].on[WINS] == OURS) {
		return ALIAS_REGISTERED;
	}
	if (model.n[i].on[WINS] == ASKED) {
		return ALIAS_REGISTERING;
	}
	return (num[WAITS] > 0 || model.n[i].on[WINS] == WAITS)
		       ? ALIAS_WAITING
		       : ALIAS_REGISTERING;
}

static bool is_nowhere(size_t i)
{
	size_t s = 0;

	while (s < SUBNETS && model.n[i].on[s] == ABSENT) {
		s++;
	}
	return s == SUBNETS;
}

static void model_granted(size_t i)
{
	if (model.n[i].wanted[REQUEST] && !model.n[i].told) {
		model.n[i].told = true;
		model.n[i].stored = model.store && !model.store_fails;
	}
	model.n[i].granted = true;
	model.n[i].state = ALIAS_REGISTERED;
	model.claims_settled++;
	model.events[EVENT_ALIAS_REGISTERED]++;
	if (i == 0 && model.service == SERVICE_STARTING) {
		model.service = SERVICE_RUNNING;
		model.starts_settled++;
		model.events[EVENT_SERVICE_STARTED]++;
		put_wanted();
	}
}

/* Who waits for it is told so, once; who asked for it asks again. */
static void model_give_up(size_t i)
{
	model.n[i].state = ALIAS_WAITING;
	model.claims_settled++;
	if (i == 0 && model.service == SERVICE_STARTING) {
		model.starts_settled++;
	}
	if (model.n[i].wanted[REQUEST] && !model.n[i].told) {
		model.n[i].wanted[REQUEST] = false;
		if (!is_wanted(i)) {
			unlist(i);
		}
	}
}

static void model_settle(size_t i)
{
	enum alias_state verdict = model_verdict(i);

	if (!model.n[i].listed || model.n[i].state == ALIAS_REFUSED) {
		return;
	}
	if (model.n[i].granted) {
		model.n[i].state = is_nowhere(i) ? ALIAS_WAITING : verdict;
	} else if (verdict == ALIAS_REGISTERED) {
		model_granted(i);
	} else if (verdict == ALIAS_WAITING &&
		   model.n[i].state != ALIAS_WAITING) {
		model_give_up(i);
	}
}

void model_grant(size_t i, size_t s)
{
	if (model.n[i].listed && model.n[i].state != ALIAS_REFUSED) {
		model.n[i].on[s] = OURS;
		model_settle(i);
	}
}

void model_wait(size_t i, size_t s)
{
	if (model.n[i].listed && model.n[i].state != ALIAS_REFUSED) {
		model.n[i].on[s] = WAITS;
		model_settle(i);
	}
}

void model_stale(size_t i)
{
	if (!model.n[i].listed || model.n[i].state == ALIAS_REFUSED) {
		return;
	}
	model.n[i].on[WINS] = STALE;
	model.events[EVENT_ALIAS_REFUSED] += model.n[i].stale ? 0 : 1;
	model.n[i].stale = true;
	model_settle(i);
}

bool model_is_under_way(size_t i)
{
	return model.n[i].listed && model.n[i].state != ALIAS_REFUSED &&
	       (model.service == SERVICE_STARTING || model.service == SERVICE_RUNNING);
}

void model_claim_waiting(void)
{
	size_t i;
	size_t s;

	for (i = 0; i < NAMES; i++) {
		for (s = 0; model_is_under_way(i) && s < SUBNETS; s++) {
			if (model.n[i].on[s] == WAITS || model.n[i].on[s] == STALE) {
				model.n[i].on[s] = ASKED;
			}
		}
	}
}

void model_refuse(size_t i, size_t s)
{
	enum reason why;

	if (!model.n[i].listed || model.n[i].state == ALIAS_REFUSED) {
		return;
	}
	if (model.n[i].granted) {
		model.events[EVENT_ALIAS_LOST]++;
	} else {
		model.events[EVENT_ALIAS_REFUSED] += (i != 0) ? 1 : 0;
		model.claims_settled++;
	}
	model.n[i].state = ALIAS_REFUSED;
	memset(model.n[i].on, 0, sizeof(model.n[i].on));
	model.n[i].on[s] = THEIRS;
	if (i == 0) {
		take_all_out(0);
		model.starts_settled += (model.service == SERVICE_STARTING) ? 1 : 0;
		model.service = SERVICE_FAILED;
		model.events[EVENT_SERVICE_FAILED]++;
		return;
	}
	for (why = COMPUTER; why < REASONS; why++) {
		model.n[i].given_up[why] = model.n[i].wanted[why];
	}
	if (!model.n[i].told) {
		model.n[i].wanted[REQUEST] = false;
	}
	/* of smb.conf, or told to be added: it stays in sight */
	if (!model.n[i].wanted[COMPUTER] && !model.n[i].wanted[CONFIG] &&
	    !model.n[i].wanted[REQUEST]) {
		take_out(i);
	}
}

int model_add(size_t i)
{
	if (model.service != SERVICE_RUNNING) {
		return NERR_MsgNotStarted;
	}
	if (i != 0 && (model.n[i].state == ALIAS_REFUSED ||
		       (model.n[i].state == ALIAS_WAITING && !model.n[i].granted))) {
		unlist(i); /* another try */
	}
	if (model.n[i].listed) {
		return model.n[i].granted ? NERR_AlreadyExists : NERR_NameInUse;
	}
	if (!is_wanted(i) || first_reason(i) == LOGON) {
		/* it is to outlive the session */
		model.n[i].told = model.n[i].told && model.n[i].wanted[REQUEST];
		model.n[i].wanted[REQUEST] = true;
		model.n[i].given_up[REQUEST] = false;
	}
	model.n[i].given_up[first_reason(i)] = false;
	put(i, first_reason(i));
	return NERR_Success;
}

int model_delete(size_t i)
{
	if (model.service != SERVICE_RUNNING) {
		return NERR_MsgNotStarted;
	}
	if (!model.n[i].listed) {
		return NERR_NotLocalName;
	}
	if (model.n[i].kind == ALIAS_COMPUTER) {
		return NERR_DelComputerName;
	}
	if (model.n[i].stored && model.store_fails) {
		return NERR_InternalError;
	}
	model.n[i].wanted[CONFIG] = false;
	model.n[i].wanted[REQUEST] = false;
	/* the user is still there: not again in this session */
	model.n[i].given_up[LOGON] = model.n[i].wanted[LOGON];
	model.n[i].told = false;
	model.n[i].stored = false;
	take_out(i);
	put_wanted();
	return NERR_Success;
}

void model_want(enum reason why, const bool *now)
{
	size_t i;

	for (i = 0; i < NAMES; i++) {
		if (model.n[i].wanted[why] == now[i]) {
			continue;
		}
		model.n[i].wanted[why] = now[i];
		model.n[i].given_up[why] = false;
		if (!is_wanted(i)) {
			take_out(i);
		}
	}
	for (i = 0; i < NAMES; i++) {
		if (model.n[i].kind == ALIAS_ADDED && model.n[i].wanted[CONFIG]) {
			model.n[i].kind = ALIAS_CONFIGURED;
		} else if (is_wanted(i) && !is_wanted_as(i, model.n[i].kind)) {
			model.n[i].kind = kind_of[first_reason(i)];
		}
	}
	if (model.service == SERVICE_RUNNING) {
		put_wanted();
	}
}

void model_subnet_new(size_t s)
{
	size_t i;

	model.up[s] = true;
	for (i = 0; i < NAMES; i++) {
		if (model_is_under_way(i)) {
			model.n[i].on[s] = ASKED;
		}
	}
}

void model_subnet_gone(size_t s)
{
	size_t i;

	model.up[s] = false;
	for (i = 0; i < NAMES; i++) {
		model.n[i].on[s] = ABSENT;
	}
	for (i = 0; i < NAMES; i++) {
		if (model.n[i].listed) {
			model_settle(i);
		}
	}
}

enum claim_decision model_claiming(size_t i, size_t s)
{
	size_t t;

	if (!model.n[i].listed && !is_wanted(i)) {
		return CLAIM_IGNORE;
	}
	if (model.service != SERVICE_STARTING && model.service != SERVICE_RUNNING) {
		return CLAIM_CANCEL;
	}
	if (!model.n[i].listed) {
		put(i, first_reason(i));
		/* on one subnet only, so far */
		for (t = 0; t < SUBNETS; t++) {
			model.n[i].on[t] = ABSENT;
		}
	}
	if (model.n[i].state == ALIAS_REFUSED) {
		return CLAIM_CANCEL;
	}
	if (model.n[i].on[s] != OURS) {
		model.n[i].on[s] = ASKED;
	}
	return CLAIM_FOLLOW;
}

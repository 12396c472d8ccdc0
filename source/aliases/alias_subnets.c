/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How an alias stands on each subnet, and what they say together.
 */

#include "alias.h"

#include <string.h>

#include "claim.h"

struct alias_subnet *alias_subnet_find(const struct alias *alias,
				       const char *subnet)
{
	size_t i;

	for (i = 0; i < alias->num_subnets; i++) {
		if (strcmp(alias->subnets[i].subnet, subnet) == 0) {
			return &alias->subnets[i];
		}
	}
	return NULL;
}

/* For one subnet more: most servers have one, which is part of the alias. */
static bool make_room(struct alias *alias)
{
	size_t num = alias->num_subnets;
	struct alias_subnet *more = &alias->only;

	if (num > 0) {
		more = talloc_realloc(alias, (num > 1) ? alias->subnets : NULL,
				      struct alias_subnet, num + 1);
	}
	if (more != NULL && num == 1) {
		more[0] = alias->only;
	}
	if (more != NULL) {
		alias->subnets = more;
	}
	return more != NULL;
}

/* Its entry for a subnet, made if there is none; NULL without memory. */
static struct alias_subnet *enter_subnet(struct alias *alias,
					 const char *subnet)
{
	struct alias_subnet *s = alias_subnet_find(alias, subnet);
	struct alias_subnet fresh = { .subnet = "" };

	if (s != NULL || strlen(subnet) >= sizeof(fresh.subnet)) {
		return s;
	}
	strcpy(fresh.subnet, subnet); /* it may be in the array */
	if (!make_room(alias)) {
		return NULL;
	}
	s = &alias->subnets[alias->num_subnets++];
	*s = fresh;
	return s;
}

/* What was known of it is of another state. */
static void set_entry(struct alias_subnet *s, enum alias_state state)
{
	struct alias_subnet fresh = { .state = state };

	talloc_free(s->details);
	talloc_free(s->reason);
	memcpy(fresh.subnet, s->subnet, sizeof(fresh.subnet));
	*s = fresh;
}

bool alias_subnet_set(struct alias *alias, const char *subnet,
		      enum alias_state state, int rcode, struct in_addr holder)
{
	struct alias_subnet *s = enter_subnet(alias, subnet);

	if (s == NULL) {
		return false;
	}
	set_entry(s, state);
	s->rcode = rcode;
	s->holder = holder;
	return true;
}

bool alias_subnet_wait(struct alias *alias, const char *subnet,
		       const char *reason)
{
	char *copy = talloc_strdup(alias, reason);
	struct alias_subnet *s =
		(copy != NULL) ? enter_subnet(alias, subnet) : NULL;

	if (s == NULL) {
		talloc_free(copy);
		return false;
	}
	set_entry(s, ALIAS_WAITING);
	s->reason = copy;
	return true;
}

bool alias_subnet_is_wins(const char *subnet)
{
	return strcmp(subnet, SUBNET_WINS) == 0;
}

static void remove_subnet(struct alias *alias, size_t i)
{
	size_t num = --alias->num_subnets;
	struct alias_subnet *rest = alias->subnets;

	talloc_free(rest[i].details);
	talloc_free(rest[i].reason);
	memmove(&rest[i], &rest[i + 1], (num - i) * sizeof(rest[0]));
	if (num == 1) {
		alias->only = rest[0];
		alias->subnets = &alias->only;
		talloc_free(rest);
	}
}

void alias_subnet_remove(struct alias *alias, const char *subnet)
{
	struct alias_subnet *s = alias_subnet_find(alias, subnet);

	if (s != NULL) {
		remove_subnet(alias, (size_t)(s - alias->subnets));
	}
}

/* Nobody stands behind a stale record: that is WINS's trouble alone. */
static bool is_refused(const struct alias_subnet *s)
{
	return s->state == ALIAS_REFUSED && s->record.s_addr == 0;
}

void alias_subnet_keep_refused(struct alias *alias)
{
	size_t i = alias->num_subnets;

	while (i-- > 0) {
		if (!is_refused(&alias->subnets[i])) {
			remove_subnet(alias, i);
		}
	}
}

const struct alias_subnet *alias_subnet_in(const struct alias *alias,
					   enum alias_state state)
{
	size_t i;

	for (i = 0; i < alias->num_subnets; i++) {
		if (alias->subnets[i].state == state) {
			return &alias->subnets[i];
		}
	}
	return NULL;
}

enum alias_state alias_verdict(const struct alias *alias)
{
	size_t num[ALIAS_STANDBY + 1] = { 0 };
	const struct alias_subnet *wins = NULL;
	size_t i;

	for (i = 0; i < alias->num_subnets; i++) {
		const struct alias_subnet *s = &alias->subnets[i];

		if (is_refused(s)) {
			return ALIAS_REFUSED;
		}
		if (alias_subnet_is_wins(s->subnet)) {
			wins = s;
		} else {
			num[s->state]++;
		}
	}
	if (num[ALIAS_REGISTERING] > 0) {
		return ALIAS_REGISTERING;
	}
	if (num[ALIAS_REGISTERED] > 0) {
		return ALIAS_REGISTERED;
	}
	if (num[ALIAS_STANDBY] > 0) {
		return ALIAS_STANDBY;
	}
	if (wins != NULL && (wins->state == ALIAS_REGISTERED ||
			     wins->state == ALIAS_REGISTERING ||
			     wins->state == ALIAS_STANDBY)) {
		return wins->state;
	}
	return (alias_subnet_in(alias, ALIAS_WAITING) != NULL)
		       ? ALIAS_WAITING
		       : ALIAS_REGISTERING;
}

const char *alias_reason(const struct alias *alias)
{
	const struct alias_subnet *waits = NULL;

	if (alias->note != NULL) {
		return alias->note;
	}
	if (alias->state == ALIAS_WAITING && alias->num_subnets == 0) {
		return "there is no network to hold it on";
	}
	waits = alias_subnet_in(alias, ALIAS_WAITING);
	return (waits != NULL) ? waits->reason : NULL;
}

struct refusal alias_subnet_refusal(const struct alias_subnet *where)
{
	return (struct refusal){
		.rcode = where->rcode,
		.holder = where->holder,
		.server = where->server,
		.record = where->record,
	};
}

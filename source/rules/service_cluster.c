/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A cluster is one computer: on each net one of its nodes holds the names, the
 * others stand by.  Which one is told from outside; here is what follows from
 * it.  Pure.
 */

#include "service_private.h"

bool service_is_sibling(const struct service *s, struct in_addr address)
{
	return s->ops->is_sibling != NULL && address.s_addr != 0 &&
	       s->ops->is_sibling(s->private_data, address);
}

/* Users are of this node; so is what was added, if it is not shared. */
static bool is_of_cluster(const struct service *s, const struct alias *a)
{
	return a->kind == ALIAS_COMPUTER || a->kind == ALIAS_CONFIGURED ||
	       (a->kind == ALIAS_ADDED && s->shared);
}

static enum service_place place_of(const struct service *s,
				   const struct alias *a, const char *subnet,
				   struct service_node *holder)
{
	if (s->ops->place == NULL || !is_of_cluster(s, a)) {
		return SERVICE_HOLDS;
	}
	return s->ops->place(s->private_data, subnet, holder);
}

/* It is told in a turn of its own: who claims is not called back. */
static void enter(struct service *s, struct alias *a, const char *subnet,
		  const struct service_node *holder, unsigned node)
{
	struct alias_subnet *where = NULL;

	if (!alias_subnet_set(a, subnet, ALIAS_STANDBY, 0, holder->address)) {
		service_unheard(s, &a->wire, subnet);
		return;
	}
	where = alias_subnet_find(a, subnet);
	where->node = node;
	service_update_later(s, a);
}

bool service_stands_by(struct service *s, const struct wire_name *wire,
		       const char *subnet)
{
	struct alias *a = alias_find(s->aliases, wire);
	struct service_node holder = { .node = 0 };

	if (a == NULL || a->state == ALIAS_REFUSED) {
		return false;
	}
	switch (place_of(s, a, subnet, &holder)) {
	case SERVICE_HOLDS:
		return false;
	case SERVICE_UNDECIDED:
		if (alias_subnet_set(a, subnet, ALIAS_REGISTERING, 0,
				     holder.address)) {
			alias_subnet_find(a, subnet)->undecided = true;
		} else {
			service_unheard(s, wire, subnet);
		}
		return true;
	case SERVICE_STANDS_BY:
		break;
	}
	enter(s, a, subnet, &holder, holder.node + 1);
	return true;
}

bool service_is_left_to_other(const struct service *s, const struct alias *a,
			      const struct alias_subnet *where)
{
	struct service_node holder;

	return where->state == ALIAS_STANDBY &&
	       place_of(s, a, where->subnet, &holder) != SERVICE_HOLDS;
}

bool service_refused_by_sibling(struct service *s, struct alias *a,
				const char *subnet,
				const struct refusal *refusal)
{
	const struct alias_subnet *where = alias_subnet_find(a, subnet);
	const struct service_node holder = { .address = refusal->holder };

	if (!service_is_sibling(s, refusal->holder)) {
		return false;
	}
	if (where != NULL && where->state == ALIAS_REGISTERED) {
		s->ops->stand_by(s->private_data, a, subnet);
	}
	enter(s, a, subnet, &holder, 0);
	/* it is about to give it up, or CTDB takes it for dead */
	service_plan_waiting(s);
	return true;
}

void service_left_to_other(struct service *s, struct alias *a)
{
	const struct service_outcome outcome = { .code = NERR_Success };
	int err = 0;

	if (!service_keep(s, a, &err)) {
		return;
	}
	refusals_forget(s->refusals, &a->wire);
	alias_set_state(a, ALIAS_STANDBY, service_now(s));
	s->ops->settled(s->private_data, &a->wire, &outcome);
	service_follow_primary(s, a);
}

void service_follow_primary(struct service *s, const struct alias *a)
{
	bool was_starting = (s->state == SERVICE_STARTING);

	if (!service_is_primary(s, a)) {
		return;
	}
	if (a->state == ALIAS_REGISTERED &&
	    (was_starting || s->state == SERVICE_STANDBY)) {
		service_set_state(s, SERVICE_RUNNING, NERR_Success);
		service_tell(s, EVENT_SERVICE_STARTED, NERR_Success, NULL,
			     NULL);
	} else if (a->state == ALIAS_STANDBY &&
		   (was_starting || s->state == SERVICE_RUNNING)) {
		service_set_state(s, SERVICE_STANDBY, NERR_Success);
	} else {
		return;
	}
	if (was_starting) {
		service_settle(s, NULL, NERR_Success, NULL);
		service_claim_others(s);
	}
}

/* Returns how many subnets it was given up on. */
static unsigned leave(struct service *s, struct alias *a)
{
	unsigned num = 0;
	size_t i;

	for (i = 0; i < a->num_subnets; i++) {
		struct service_node holder = { .node = 0 };
		char *subnet = a->subnets[i].subnet;

		if (place_of(s, a, subnet, &holder) != SERVICE_STANDS_BY) {
			continue;
		}
		if (a->subnets[i].state != ALIAS_STANDBY) {
			s->ops->stand_by(s->private_data, a, subnet);
			num++;
		}
		/* it may be another node than before */
		if (a->subnets[i].state != ALIAS_STANDBY ||
		    a->subnets[i].node != holder.node + 1 ||
		    a->subnets[i].holder.s_addr != holder.address.s_addr) {
			enter(s, a, subnet, &holder, holder.node + 1);
		}
	}
	return num;
}

static bool is_to_claim(struct service *s, const struct alias *a,
			const struct alias_subnet *where)
{
	struct service_node holder;

	return (where->state == ALIAS_STANDBY || where->undecided) &&
	       place_of(s, a, where->subnet, &holder) == SERVICE_HOLDS;
}

/* Returns how many claims that were. */
static unsigned claim(struct service *s, struct alias *a)
{
	const struct in_addr nobody = { .s_addr = 0 };
	unsigned num = 0;
	size_t i;

	for (i = 0; i < a->num_subnets; i++) {
		char *subnet = a->subnets[i].subnet;

		if (is_to_claim(s, a, &a->subnets[i])) {
			/* now, since its turn may come later */
			(void)alias_subnet_set(a, subnet, ALIAS_REGISTERING, 0,
					       nobody);
			s->ops->claim(s->private_data, a, subnet);
			num++;
		}
	}
	return num;
}

unsigned service_follow_place(struct service *s, struct alias *a)
{
	unsigned left = leave(s, a);
	unsigned claimed = claim(s, a);

	if (claimed > 0) {
		service_update_later(s, a);
	}
	return left + claimed;
}

void service_cluster_changed(struct service *s)
{
	if (s->state == SERVICE_STARTING || service_is_up(s)) {
		service_visit_all(s, VISIT_PLACES, NULL, NULL);
	}
}

const struct alias_subnet *service_get_node(const struct service *s)
{
	const struct alias *a = alias_find(s->aliases, &s->computer_wire);

	if (s->state != SERVICE_STANDBY || a == NULL) {
		return NULL;
	}
	return alias_subnet_in(a, ALIAS_STANDBY);
}

void service_share(struct service *s, bool shared)
{
	s->shared = shared;
}

void service_unrestore(struct service *s, const struct wire_name *wire)
{
	struct wanted *w = wanted_find(s->wanted, WANTED_REQUEST, wire);
	struct alias *a = alias_find(s->aliases, wire);

	if (w == NULL || !w->acknowledged || w->leaving) {
		return;
	}
	service_unwant(s, w);
	if (a != NULL && wanted_any(s->wanted, wire) == NULL) {
		service_drop(s, a, NERR_NotLocalName);
	} else if (a != NULL) {
		service_set_kind(s, a);
	}
}

static void remember(struct service *s, const struct alias *a,
		     const char *subnet, const struct refusal *refusal,
		     const struct holder *details)
{
	struct alias alias = {
		.name = a->name,
		.wire = a->wire,
		.kind = a->kind,
		.since = service_now(s),
	};
	const struct alias_subnet where = service_refusal(subnet, refusal);

	refusals_add(s->refusals, &alias, &where, service_uptime(s));
	refusals_diagnosed(s->refusals, &a->wire, refusal->holder, details);
}

bool service_take_back(struct service *s, const struct wire_name *wire,
		       const char *subnet, const struct refusal *refusal,
		       const struct holder *details, int *err)
{
	struct wanted *w = wanted_find(s->wanted, WANTED_REQUEST, wire);
	const struct alias *a = alias_find(s->aliases, wire);
	bool gone;

	*err = 0;
	if (w == NULL || a == NULL) {
		return true;
	}
	gone = service_unkeep(s, w, err);
	if (*err != 0) {
		return true;
	}
	remember(s, a, subnet, refusal, details);
	if (gone) {
		service_forget(s, wire);
	}
	return gone;
}

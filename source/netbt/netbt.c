/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * This server's names that are no aliases: granted, refused, contested.  Pure.
 */

#include "netbt_private.h"

/* A refusal of the same name on the same subnet is told once in a minute. */
#define QUIET_SECONDS 60

static const char given_up[] =
	"nmbd gave it up, and nobody was seen to refuse it";
static const char no_server[] = "no WINS server answers";

struct netbt *netbt_init(TALLOC_CTX *mem_ctx, const struct netbt_ops *ops,
			 void *private_data)
{
	struct netbt *n = talloc_zero(mem_ctx, struct netbt);

	if (n == NULL) {
		return NULL;
	}
	n->ops = ops;
	n->private_data = private_data;
	n->table = name_table_init(n);
	n->contests = contests_init(n);
	if (n->table == NULL || n->contests == NULL) {
		talloc_free(n);
		return NULL;
	}
	return n;
}

uint64_t netbt_uptime(const struct netbt *n)
{
	return (uint64_t)n->ops->clock(n->private_data, CLOCK_BOOTTIME).tv_sec;
}

bool netbt_is_sibling(const struct netbt *n, struct in_addr address)
{
	return n->ops->is_sibling != NULL && address.s_addr != 0 &&
	       n->ops->is_sibling(n->private_data, address);
}

/*
 * Events.
 */

struct event *netbt_event(const struct netbt *n, enum event_type type,
				const struct name_entry *e)
{
	struct event *ev =
		event_create(NULL, type,
			     n->ops->clock(n->private_data, CLOCK_REALTIME));

	if (ev == NULL) {
		return NULL;
	}
	ev->netbios = e->name;
	ev->name = talloc_strdup(ev, e->text);
	if (ev->name == NULL) {
		talloc_free(ev);
		return NULL;
	}
	return ev;
}

/* ev may be NULL. */
void netbt_tell(const struct netbt *n, struct event *ev, const char *subnet)
{
	if (ev == NULL) {
		return;
	}
	if (subnet != NULL) {
		ev->subnet = talloc_strdup(ev, subnet);
		if (ev->subnet == NULL) {
			talloc_free(ev);
			return;
		}
	}
	n->ops->event(n->private_data, ev);
}

static void tell_refusal(const struct netbt *n, const struct name_entry *e,
			 struct name_subnet *where)
{
	struct event *ev = NULL;
	uint64_t now = netbt_uptime(n);

	if (name_type_is_elected(&e->name) ||
	    (where->told != 0 && now < where->told + QUIET_SECONDS)) {
		return;
	}
	where->told = now;
	ev = netbt_event(n, EVENT_NAME_REFUSED, e);
	if (ev != NULL) {
		ev->rcode = where->rcode;
		ev->holder = where->holder;
		ev->server = where->server;
		ev->record = where->record;
		ev->cause = where->cause;
		ev->interface = where->interface;
	}
	netbt_tell(n, ev, where->subnet);
}

static void tell_change(const struct netbt *n, enum event_type type,
			const struct name_entry *e,
			const struct name_subnet *where)
{
	netbt_tell(n, netbt_event(n, type, e), where->subnet);
}

/*
 * Claims.
 */

static bool may_be_ours(void *private_data, const struct wire_name *wire)
{
	const struct netbt *n = private_data;

	return name_table_may_have(n->table, wire);
}

static bool is_ours(void *private_data, const struct netbios_name *name)
{
	const struct netbt *n = private_data;

	return name_table_find(n->table, name) != NULL;
}

/* NULL without memory; then nothing is known of the name. */
struct name_subnet *netbt_get(struct netbt *n, const struct netbios_name *name,
			       const char *subnet, struct name_entry **e)
{
	*e = name_table_get(n->table, name);
	return (*e != NULL) ? name_entry_get(*e, subnet) : NULL;
}

static void on_claiming(void *private_data, const struct netbios_name *name,
			const char *subnet)
{
	struct name_entry *e = NULL;
	struct name_subnet *where = netbt_get(private_data, name, subnet, &e);

	/* a refresh, or another try: what was, is, until it is answered */
	if (where != NULL && where->state != NAME_REGISTERED &&
	    where->state != NAME_STANDBY && where->state != NAME_CONFLICT) {
		name_subnet_set(where, NAME_REGISTERING);
	}
}

/* Both claimed it, and neither had it yet to refuse it to the other. */
static void tell_rival(struct netbt *n, const struct name_entry *e,
		       struct name_subnet *where)
{
	struct event *ev = netbt_event(n, EVENT_NAME_CONFLICT, e);

	if (ev != NULL) {
		ev->claimant = where->rival;
		ev->holder = where->rival;
		ev->interface = where->interface;
		ev->count = 1;
	}
	where->rival.s_addr = 0;
	netbt_tell(n, ev, where->subnet);
}

static void on_granted(void *private_data, const struct netbios_name *name,
		       const char *subnet)
{
	struct netbt *n = private_data;
	struct name_entry *e = NULL;
	struct name_subnet *where = netbt_get(n, name, subnet, &e);

	if (where == NULL) {
		return;
	}
	if (where->state != NAME_REGISTERED) {
		name_subnet_set(where, NAME_REGISTERED);
		tell_change(n, EVENT_NAME_REGISTERED, e, where);
	}
	if (netbt_is_sibling(n, where->rival)) {
		where->rival.s_addr = 0;
	}
	if (where->rival.s_addr != 0) {
		tell_rival(n, e, where);
	}
}

/* Another node of the cluster has it: the same computer. */
static void leave_to(struct name_subnet *where, struct in_addr node)
{
	name_subnet_set(where, NAME_STANDBY);
	where->rival.s_addr = 0;
	where->holder = node;
}

void netbt_cluster_changed(struct netbt *n)
{
	const struct name_entry *e = NULL;
	struct name_subnet *where = NULL;

	TAILQ_FOREACH(e, name_table_all(n->table), entry) {
		TAILQ_FOREACH(where, &e->subnets, entry) {
			if (where->state == NAME_CONFLICT &&
			    netbt_is_sibling(n, where->holder)) {
				leave_to(where, where->holder);
			}
		}
	}
}

static void on_refused(void *private_data, const struct netbios_name *name,
		       const char *subnet, const struct name_refusal *r)
{
	struct netbt *n = private_data;
	struct name_entry *e = NULL;
	struct name_subnet *where = netbt_get(n, name, subnet, &e);
	const struct refusal *refusal = &r->refusal;

	if (where == NULL) {
		return;
	}
	if (refusal->holder.s_addr == 0 && refusal->server.s_addr == 0) {
		name_subnet_set(where, NAME_WAITING);
		where->reason = given_up;
		return;
	}
	if (netbt_is_sibling(n, refusal->holder)) {
		leave_to(where, refusal->holder);
		return;
	}
	if (refusal->holder.s_addr != 0 &&
	    where->holder.s_addr == refusal->holder.s_addr &&
	    where->rcode == refusal->rcode) {
		return; /* the same one again */
	}
	name_subnet_set(where, NAME_CONFLICT);
	where->rival.s_addr = 0;
	where->rcode = refusal->rcode;
	where->holder = refusal->holder;
	where->server = refusal->server;
	where->interface = r->interface;
	if (refusal->holder.s_addr != 0) {
		tell_refusal(n, e, where);
	} else {
		/* it does not say for whom: it is told with the answer */
		n->ops->ask_wins(n->private_data, name, refusal->server);
	}
}

static void on_silent(void *private_data, const struct netbios_name *name,
		      const char *subnet, struct in_addr server)
{
	struct name_entry *e = NULL;
	struct name_subnet *where = netbt_get(private_data, name, subnet, &e);

	if (where != NULL && where->state != NAME_CONFLICT) {
		name_subnet_set(where, NAME_WAITING);
		where->server = server;
		where->reason = no_server;
	}
}

static void on_released(void *private_data, const struct netbios_name *name,
			const char *subnet)
{
	struct netbt *n = private_data;
	struct name_entry *e = name_table_find(n->table, name);
	struct name_subnet *where =
		(e != NULL) ? name_entry_find(e, subnet) : NULL;

	if (where != NULL && where->state != NAME_RELEASED) {
		name_subnet_set(where, NAME_RELEASED);
		tell_change(n, EVENT_NAME_RELEASED, e, where);
	}
}

static void on_subnet_gone(void *private_data, const char *subnet)
{
	struct netbt *n = private_data;

	name_table_forget_subnet(n->table, subnet);
}

/*
 * Who holds it.
 */

void netbt_owner(struct netbt *n, const struct netbios_name *name,
		 struct in_addr server, struct in_addr owner)
{
	struct name_entry *e = name_table_find(n->table, name);
	struct name_subnet *where =
		(e != NULL) ? name_entry_find(e, SUBNET_WINS) : NULL;

	if (where == NULL || where->state != NAME_CONFLICT ||
	    where->server.s_addr != server.s_addr) {
		return;
	}
	if (owner.s_addr == 0) {
		tell_refusal(n, e, where);
		return;
	}
	/* is it there, and has it the name? */
	where->owner = owner;
	n->ops->ask(n->private_data, name, owner);
}

static void owner_answered(struct netbt *n, const struct name_entry *e,
			   struct name_subnet *where,
			   const struct holder *details)
{
	if (holder_has_it(details)) {
		where->holder = where->owner;
	} else {
		where->record = where->owner;
		where->cause = CAUSE_STALE_WINS_RECORD;
	}
	where->owner.s_addr = 0;
	tell_refusal(n, e, where);
}

void netbt_diagnosed(struct netbt *n, const struct netbios_name *name,
		     struct in_addr address, const struct holder *details)
{
	struct name_entry *e = name_table_find(n->table, name);
	struct name_subnet *where = NULL;

	if (e == NULL) {
		return;
	}
	TAILQ_FOREACH(where, &e->subnets, entry) {
		if (where->state != NAME_CONFLICT) {
			continue;
		}
		if (where->owner.s_addr == address.s_addr) {
			owner_answered(n, e, where, details);
		} else if (where->holder.s_addr == address.s_addr) {
			talloc_free(where->details);
			where->details = holder_copy(where, details);
		}
	}
}

void netbt_enable(struct netbt *n, bool on)
{
	n->on = on;
	if (!on) {
		name_table_clear(n->table);
		n->review = 0;
	}
}

bool netbt_is_on(const struct netbt *n)
{
	return n->on;
}

unsigned netbt_conflicts(const struct netbt *n)
{
	const struct name_entry *e = NULL;
	unsigned conflicts = 0;

	TAILQ_FOREACH(e, name_table_all(n->table), entry) {
		if (!name_type_is_elected(&e->name) &&
		    name_entry_conflict(e) != NULL) {
			conflicts++;
		}
	}
	return conflicts;
}

const struct name_ops netbt_name_ops = {
	.may_be_ours = may_be_ours,
	.is_ours = is_ours,
	.claiming = on_claiming,
	.granted = on_granted,
	.refused = on_refused,
	.silent = on_silent,
	.released = on_released,
	.contested = netbt_contested,
	.subnet = netbt_subnet,
	.listed = netbt_listed,
	.subnet_gone = on_subnet_gone,
};

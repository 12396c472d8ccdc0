/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * This node in a cluster of CTDB's.
 */

#include "in_cluster.h"

#include <errno.h>
#include <string.h>

#include "samba_private.h"
#include "siblings.h"
#include "steady.h"

/*
 * Of the set of aliases so much is looked at in a turn.  One that is new, or
 * gone, costs a claim or a release, and a record in the store.
 */
#define AT_ONCE	     512
#define CHANGE_COSTS AT_ONCE

/* And so much is freed of the one before. */
#define FREED_AT_ONCE 128

/* If memory was short. */
#define AGAIN_USEC 1000000

/* A subnet as nmbd calls it, which is an address. */
struct place {
	char subnet[INET_ADDRSTRLEN];
	struct hello_net net;
};

struct in_cluster {
	const struct hooks *hooks;
	struct service *service;
	struct own_names *own;
	struct siblings *siblings;
	struct wire_name computer;
	struct store *const *store;
	bool shares; /* what was added is of the cluster */
	bool took_over;
	bool taking; /* what the set has not */
	bool short_of; /* memory, for some of it */
	struct steady *walk; /* through the set */
	bool walking;
	struct place places[HELLO_NETS_MAX];
	size_t num;
};

static void add_subnet(void *private_data, const char *subnet,
		       struct in_addr address, struct in_addr mask)
{
	struct in_cluster *c = private_data;
	struct place *p = &c->places[c->num];

	if (c->num == HELLO_NETS_MAX || strlen(subnet) >= sizeof(p->subnet)) {
		return;
	}
	strcpy(p->subnet, subnet);
	p->net = (struct hello_net){ .address = address, .mask = mask };
	c->num++;
}

static void on_about(void *private_data, struct hello *self)
{
	struct in_cluster *c = private_data;
	enum service_state state = service_get_state(c->service);
	size_t i;

	c->num = 0;
	hooks_each_subnet(c->hooks, add_subnet, c);
	self->computer = c->computer;
	self->ready = (state == SERVICE_STARTING ||
		       service_is_up(c->service));
	for (i = 0; i < c->num; i++) {
		self->nets[i] = c->places[i].net;
	}
	self->num_nets = c->num;
}

static void on_changed(void *private_data)
{
	struct in_cluster *c = private_data;

	own_names_cluster_changed(c->own);
	service_cluster_changed(c->service);
}

static const struct siblings_ops siblings_ops = {
	.about = on_about,
	.changed = on_changed,
};

/*
 * The set of aliases.  What this node has and the set has never had is from the
 * time before: it goes in.  What is gone in it is gone here.
 */

/* Returns whether there was something to do. */
static bool follow(struct in_cluster *c, const char *name,
		   const struct wire_name *wire, bool there)
{
	const struct wanted_list *wanted = NULL;
	const struct wanted *w = NULL;

	(void)service_get_wanted(c->service, &wanted);
	w = wanted_find(wanted, WANTED_REQUEST, wire);
	if (there && w == NULL) {
		c->short_of |= !service_restore(c->service, name);
		store_note(*c->store, name, true);
		return true;
	}
	if (!there && w != NULL && w->acknowledged && !w->leaving) {
		service_unrestore(c->service, wire);
		store_note(*c->store, name, false);
		return true;
	}
	return false;
}

static void take_over(struct in_cluster *c)
{
	struct shared_set *set = siblings_set(c->siblings);
	const struct wanted_list *wanted = NULL;
	const struct wanted *w = NULL;

	if (!c->shares || !c->taking || !shared_set_is_known(set)) {
		return;
	}
	c->taking = false;
	(void)service_get_wanted(c->service, &wanted);
	TAILQ_FOREACH(w, &wanted->head, entry) {
		if (w->source != WANTED_REQUEST || !w->acknowledged ||
		    shared_set_find(set, &w->wire) != SHARED_UNKNOWN) {
			continue;
		}
		if (!c->took_over) {
			c->took_over = true;
			DBG_ERR("messenger: cluster: aliases of this node that "
				"the cluster has not, as %s, are the "
				"cluster's from now on\n",
				w->name);
		}
		/* the next one when this is done */
		if (shared_set_store(set, w->name, &w->wire, true) != 0) {
			c->taking = true;
			return;
		}
	}
}

static void walk(void *private_data)
{
	struct in_cluster *c = private_data;
	struct shared_set *set = siblings_set(c->siblings);
	const struct wire_name *wire = NULL;
	const char *name = NULL;
	bool untidy = shared_set_tidy(set, FREED_AT_ONCE);
	bool there = false;
	int left = AT_ONCE;

	while (c->shares && shared_set_next(set, &name, &wire, &there)) {
		left -= follow(c, name, wire, there) ? CHANGE_COSTS : 1;
		if (left <= 0) {
			steady_set(c->walk, 0);
			return;
		}
	}
	if (c->walking) {
		/* in a turn of its own */
		c->walking = false;
		c->taking = true;
		steady_set(c->walk, 0);
		return;
	}
	take_over(c);
	if (c->short_of) {
		c->short_of = false;
		c->walking = true;
		shared_set_rewind(set);
		steady_set(c->walk, AGAIN_USEC);
	} else if (untidy) {
		steady_set(c->walk, 0);
	}
}

static void on_set_changed(void *private_data)
{
	struct in_cluster *c = private_data;

	shared_set_rewind(siblings_set(c->siblings));
	c->walking = true;
	steady_set(c->walk, 0);
}

static void on_stored(void *private_data)
{
	struct in_cluster *c = private_data;

	service_alarmed(c->service, SERVICE_ALARM_STORE);
	take_over(c);
}

static const struct shared_set_ops set_ops = {
	.changed = on_set_changed,
	.stored = on_stored,
};

void in_cluster_configure(struct in_cluster *c, bool store)
{
	if (c != NULL) {
		c->shares = store;
		service_share(c->service, store);
		on_set_changed(c);
	}
}

static bool get_wire(struct in_cluster *c, const char *name,
		     struct wire_name *wire)
{
	char *parsed = NULL;
	bool ok = (messenger_name_parse(c, name, &parsed, wire) ==
		   NERR_Success);

	talloc_free(parsed);
	return ok;
}

int in_cluster_store(struct in_cluster *c, const char *name, bool there)
{
	struct wire_name wire;

	if (c == NULL || !c->shares) {
		return ENOENT;
	}
	if (!get_wire(c, name, &wire)) {
		return EINVAL;
	}
	return shared_set_store(siblings_set(c->siblings), name, &wire, there);
}

bool in_cluster_revoke(struct in_cluster *c, const char *name)
{
	struct wire_name wire;

	if (c == NULL || !c->shares) {
		return false;
	}
	if (get_wire(c, name, &wire)) {
		shared_set_revoke(siblings_set(c->siblings), name, &wire);
	}
	return true;
}

void in_cluster_look(struct in_cluster *c)
{
	if (c != NULL) {
		siblings_ask_set(c->siblings);
	}
}

const struct members *in_cluster_members(const struct in_cluster *c)
{
	return (c != NULL) ? siblings_members(c->siblings) : NULL;
}

bool in_cluster_is_elsewhere(const struct in_cluster *c, uint32_t *vnn,
			     uint32_t *pid)
{
	struct members_holder holder = { .vnn = 0 };

	if (c == NULL || !c->shares ||
	    siblings_place(c->siblings, NULL, &holder) != MEMBERS_STAND_BY) {
		return false;
	}
	*vnn = holder.vnn;
	*pid = holder.pid;
	return true;
}

enum service_place in_cluster_place(const struct in_cluster *c,
				    const char *subnet,
				    struct service_node *holder)
{
	struct members_holder other = { .vnn = 0 };
	const struct hello_net *net = NULL;
	size_t i;

	if (c == NULL) {
		return SERVICE_HOLDS;
	}
	for (i = 0; net == NULL && i < c->num; i++) {
		if (strcmp(subnet, c->places[i].subnet) == 0) {
			net = &c->places[i].net;
		}
	}
	if (net == NULL && strcmp(subnet, SUBNET_WINS) != 0) {
		return SERVICE_UNDECIDED; /* it has just come */
	}
	switch (siblings_place(c->siblings, net, &other)) {
	case MEMBERS_UNDECIDED:
		return SERVICE_UNDECIDED;
	case MEMBERS_HOLD:
		return SERVICE_HOLDS;
	case MEMBERS_STAND_BY:
		break;
	}
	holder->node = other.vnn;
	holder->address = other.address;
	return SERVICE_STANDS_BY;
}

bool in_cluster_is_sibling(const struct in_cluster *c, struct in_addr address)
{
	return c != NULL && siblings_have(c->siblings, address);
}

void in_cluster_say(struct in_cluster *c)
{
	if (c != NULL) {
		siblings_say(c->siblings);
	}
}

static bool is_sibling(void *private_data, struct in_addr address)
{
	return in_cluster_is_sibling(private_data, address);
}

struct in_cluster *in_cluster_init(TALLOC_CTX *mem_ctx,
				   struct tevent_context *ev,
				   const struct hooks *hooks,
				   struct service *service,
				   struct own_names *own,
				   struct interfaces *interfaces,
				   const struct wire_name *computer,
				   struct store *const *store)
{
	struct in_cluster *c = NULL;

	if (!lp_clustering()) {
		return NULL;
	}
	c = talloc_zero(mem_ctx, struct in_cluster);
	if (c != NULL) {
		c->hooks = hooks;
		c->service = service;
		c->own = own;
		c->computer = *computer;
		c->store = store;
		c->walk = steady_create(c, ev, walk, c);
		c->siblings = siblings_init(c, ev, &siblings_ops, &set_ops, c);
	}
	if (c == NULL || c->siblings == NULL || c->walk == NULL) {
		DBG_ERR("messenger: cluster: out of memory: this node goes by "
			"itself\n");
		TALLOC_FREE(c);
		return NULL;
	}
	interfaces_set_siblings(interfaces, is_sibling, c);
	service_join(service);
	own_names_join(own, is_sibling, c);
	return c;
}

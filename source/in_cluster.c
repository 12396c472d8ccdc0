/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * This node in a cluster of CTDB's.
 */

#include "in_cluster.h"

#include <string.h>

#include "samba_private.h"
#include "siblings.h"

/* What is asked for each alias on each subnet is looked up once. */
struct place {
	char subnet[INET_ADDRSTRLEN]; /* nmbd's name for it: an address */
	struct hello_net net;
	enum service_place is;
	struct service_node holder;
};

struct in_cluster {
	const struct hooks *hooks;
	struct service *service;
	struct own_names *own;
	struct siblings *siblings;
	struct wire_name computer;
	struct place places[HELLO_NETS_MAX];
	size_t num;
	struct place wins;
};

static enum service_place ask(const struct in_cluster *c,
			      const struct hello_net *net,
			      struct service_node *node)
{
	struct members_holder holder = { .vnn = 0 };

	switch (siblings_place(c->siblings, net, &holder)) {
	case MEMBERS_UNDECIDED:
		return SERVICE_UNDECIDED;
	case MEMBERS_STAND_BY:
		node->node = holder.vnn;
		node->address = holder.address;
		return SERVICE_STANDS_BY;
	case MEMBERS_HOLD:
		break;
	}
	return SERVICE_HOLDS;
}

static void add_subnet(void *private_data, const char *subnet,
		       struct in_addr address, struct in_addr mask)
{
	struct in_cluster *c = private_data;
	struct place *p = &c->places[c->num];

	if (c->num == HELLO_NETS_MAX || strlen(subnet) >= sizeof(p->subnet)) {
		return;
	}
	*p = (struct place){ .is = SERVICE_UNDECIDED };
	strcpy(p->subnet, subnet);
	p->net.address = address;
	p->net.mask = mask;
	p->is = ask(c, &p->net, &p->holder);
	c->num++;
}

static void look(struct in_cluster *c)
{
	c->num = 0;
	hooks_each_subnet(c->hooks, add_subnet, c);
	c->wins = (struct place){ .subnet = "" };
	c->wins.is = ask(c, NULL, &c->wins.holder);
}

static void on_about(void *private_data, struct hello *self)
{
	struct in_cluster *c = private_data;
	enum service_state state = service_get_state(c->service);
	size_t i;

	look(c);
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

	look(c);
	own_names_cluster_changed(c->own);
	service_cluster_changed(c->service);
}

static const struct siblings_ops siblings_ops = {
	.about = on_about,
	.changed = on_changed,
};

enum service_place in_cluster_place(const struct in_cluster *c,
				    const char *subnet,
				    struct service_node *holder)
{
	const struct place *p = NULL;
	size_t i;

	if (c == NULL) {
		return SERVICE_HOLDS;
	}
	p = (strcmp(subnet, SUBNET_WINS) == 0) ? &c->wins : NULL;
	for (i = 0; p == NULL && i < c->num; i++) {
		if (strcmp(subnet, c->places[i].subnet) == 0) {
			p = &c->places[i];
		}
	}
	if (p == NULL) {
		/* it has just come: the next look decides */
		return SERVICE_UNDECIDED;
	}
	*holder = p->holder;
	return p->is;
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
				   const struct wire_name *computer)
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
		c->wins.is = SERVICE_UNDECIDED;
		c->siblings = siblings_init(c, ev, &siblings_ops, c);
	}
	if (c == NULL || c->siblings == NULL) {
		DBG_ERR("messenger: cluster: out of memory: this node goes by "
			"itself\n");
		TALLOC_FREE(c);
		return NULL;
	}
	interfaces_set_siblings(interfaces, is_sibling, c);
	own_names_join(own, is_sibling, c);
	return c;
}

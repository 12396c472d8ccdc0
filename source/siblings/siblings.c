/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The other nodes of the cluster: once a second ctdbd is asked what it knows,
 * and the other modules are told of us.
 */

#include "siblings.h"

#include <string.h>
#include <unistd.h>

#include "ctdb_link.h"
#include "samba_private.h"
#include "steady.h"

#define INTERVAL_USEC 1000000

/* Ours among the numbers that clients of CTDB may take: "MSGS". */
#define SRVID 0xBE004D5347530000u

/* What each question is told from others by. */
enum reqid {
	REQ_REGISTER = 1,
	REQ_PNN,
	REQ_NODES,
	REQ_ADDRESSES,
};

/* What this node is to do with the names on a subnet, or in WINS. */
struct verdict {
	struct hello_net net;
	enum members_place place;
	struct members_holder holder;
};

struct siblings {
	const struct siblings_ops *ops;
	void *private_data;
	struct ctdb_link *link;
	struct members *members;
	struct shared_set *set;
	struct steady *timer;
	struct hello self;
	bool has_vnn;
	uint32_t vnn;
	bool complained;
	uint64_t born;
	struct verdict told[HELLO_NETS_MAX]; /* the last ones */
	size_t num_told;
	struct verdict wins;
	unsigned others;
};

static void send_control(struct siblings *s, enum reqid reqid,
			 enum ctdb_control control, uint64_t srvid)
{
	uint8_t packet[CTDB_PACKET_MAX];

	ctdb_link_send(s->link, packet,
		       ctdb_write_control(packet, reqid, control, srvid, NULL,
					  0));
}

static struct verdict judge(const struct siblings *s,
			    const struct hello_net *net)
{
	struct verdict v = { .place = MEMBERS_UNDECIDED };

	v.place = members_place(s->members, net, steady_now(), &v.holder);
	if (net != NULL) {
		v.net = *net;
	}
	return v;
}

static bool is_same_net(const struct hello_net *a, const struct hello_net *b)
{
	return a->address.s_addr == b->address.s_addr &&
	       a->mask.s_addr == b->mask.s_addr;
}

static bool is_same(const struct verdict *a, const struct verdict *b)
{
	return is_same_net(&a->net, &b->net) && a->place == b->place &&
	       a->holder.vnn == b->holder.vnn &&
	       a->holder.pid == b->holder.pid &&
	       a->holder.address.s_addr == b->holder.address.s_addr;
}

/* NULL: it is new, and nothing was decided so far. */
static const struct verdict *find_told(const struct siblings *s,
				       const struct hello_net *net)
{
	size_t i;

	if (net == NULL) {
		return &s->wins;
	}
	for (i = 0; i < s->num_told; i++) {
		if (is_same_net(&s->told[i].net, net)) {
			return &s->told[i];
		}
	}
	return NULL;
}

/* What this node is, and what it was told to hold. */
static void look_at_self(struct siblings *s)
{
	size_t i;

	s->self = (struct hello){
		.vnn = s->vnn,
		.pid = (uint32_t)getpid(),
	};
	s->ops->about(s->private_data, &s->self);
	s->self.wins = s->self.ready && s->wins.place == MEMBERS_HOLD;
	for (i = 0; i < s->self.num_nets; i++) {
		struct hello_net *net = &s->self.nets[i];
		const struct verdict *v = find_told(s, net);

		net->is_public = members_is_public(s->members, net);
		net->holds = s->self.ready && v != NULL &&
			     v->place == MEMBERS_HOLD;
	}
	if (s->has_vnn) {
		members_self(s->members, s->vnn, &s->self);
	}
}

static void say(struct siblings *s)
{
	uint8_t packet[CTDB_PACKET_MAX];
	uint8_t hello[HELLO_MAX];

	if (!s->has_vnn) {
		return;
	}
	look_at_self(s);
	ctdb_link_send(s->link, packet,
		       ctdb_write_message(packet, SRVID, hello,
					  hello_write(hello, &s->self)));
}

/* Returns whether it is another verdict than the last one. */
static bool decide(struct siblings *s)
{
	struct verdict now[HELLO_NETS_MAX];
	struct verdict wins;
	unsigned others = members_count(s->members, steady_now());
	bool changed;
	size_t i;

	look_at_self(s);
	wins = judge(s, NULL);
	changed = !is_same(&wins, &s->wins) || others != s->others ||
		  s->self.num_nets != s->num_told;
	for (i = 0; i < s->self.num_nets; i++) {
		now[i] = judge(s, &s->self.nets[i]);
		changed = changed || !is_same(&now[i], &s->told[i]);
	}
	for (i = 0; i < s->self.num_nets; i++) {
		s->told[i] = now[i];
	}
	s->num_told = s->self.num_nets;
	s->wins = wins;
	s->others = others;
	return changed;
}

static void review(struct siblings *s)
{
	if (decide(s)) {
		/* with a node that comes or goes CTDB recovers */
		shared_set_again(s->set);
		s->ops->changed(s->private_data);
		say(s);
	}
}

static void complain(struct siblings *s, const char *what)
{
	if (!s->complained) {
		s->complained = true;
		DBG_ERR("messenger: cluster: %s: the other nodes are not "
			"known\n",
			what);
	}
}

static void connect_and_ask(struct siblings *s)
{
	bool fresh = false;
	int err = ctdb_link_open(s->link, &fresh);

	if (err != 0) {
		complain(s, strerror(err));
		return;
	}
	if (fresh) {
		send_control(s, REQ_REGISTER, CTDB_REGISTER_SRVID, SRVID);
		send_control(s, REQ_PNN, CTDB_GET_PNN, 0);
	}
	send_control(s, REQ_NODES, CTDB_GET_NODEMAP, 0);
	send_control(s, REQ_ADDRESSES, CTDB_GET_PUBLIC_IPS, 0);
}

void siblings_ask_set(struct siblings *s)
{
	if (s->has_vnn) {
		shared_set_ask(s->set, steady_now());
	}
}

static void rang(void *private_data)
{
	struct siblings *s = private_data;

	steady_set(s->timer, INTERVAL_USEC);
	if (!s->has_vnn && steady_now() > s->born + MEMBERS_ALONE_USEC) {
		complain(s, "ctdbd does not answer");
	}
	connect_and_ask(s);
	siblings_ask_set(s);
	say(s);
	review(s);
}

static void replied(struct siblings *s, const struct ctdb_packet *p)
{
	struct ctdb_address addresses[CTDB_ADDRESSES_MAX];
	struct ctdb_node nodes[CTDB_NODES_MAX];
	size_t num = 0;

	if (p->status < 0) {
		complain(s, "ctdbd does not answer as it should");
		return;
	}
	switch (p->reqid) {
	case REQ_PNN:
		s->has_vnn = true;
		s->vnn = (uint32_t)p->status;
		shared_set_connected(s->set, s->vnn);
		say(s);
		break;
	case REQ_NODES:
		if (ctdb_read_nodes(p, nodes, &num)) {
			members_nodes(s->members, nodes, num, steady_now());
		}
		break;
	case REQ_ADDRESSES:
		if (ctdb_read_addresses(p, addresses, &num)) {
			members_public(s->members, addresses, num);
		}
		break;
	default:
		break;
	}
}

static void heard(struct siblings *s, const struct hello *hello)
{
	if (members_heard(s->members, hello->vnn, hello, steady_now())) {
		DBG_ERR("messenger: cluster: node %u has another version of "
			"this module: until it has the same, whoever has the "
			"names keeps them\n",
			(unsigned)hello->vnn);
	}
}

static void came(void *private_data, const struct ctdb_packet *p)
{
	struct siblings *s = private_data;
	struct hello hello;

	if (shared_set_came(s->set, p)) {
		return;
	}
	if (p->kind == CTDB_REPLY) {
		replied(s, p);
	} else if (p->kind == CTDB_MESSAGE && p->srvid == SRVID &&
		   s->has_vnn && hello_read(p->data, p->len, &hello) &&
		   hello.vnn != s->vnn) {
		heard(s, &hello);
	} else {
		return;
	}
	review(s);
}

void siblings_say(struct siblings *s)
{
	say(s);
}

enum members_place siblings_place(const struct siblings *s,
				  const struct hello_net *net,
				  struct members_holder *holder)
{
	const struct verdict *v = find_told(s, net);

	if (v == NULL) {
		return MEMBERS_UNDECIDED;
	}
	*holder = v->holder;
	return v->place;
}

const struct members *siblings_members(const struct siblings *s)
{
	return s->members;
}

struct shared_set *siblings_set(struct siblings *s)
{
	return s->set;
}

bool siblings_have(const struct siblings *s, struct in_addr address)
{
	return members_have(s->members, address);
}

struct siblings *siblings_init(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
			       const struct siblings_ops *ops,
			       const struct shared_set_ops *set_ops,
			       void *private_data)
{
	struct siblings *s = talloc_zero(mem_ctx, struct siblings);

	if (s == NULL) {
		return NULL;
	}
	s->ops = ops;
	s->private_data = private_data;
	s->born = steady_now();
	s->members = members_init(s, steady_now());
	s->link = ctdb_link_init(s, ev, lp_ctdbd_socket(), came, s);
	s->timer = steady_create(s, ev, rang, s);
	s->set = shared_set_init(s, s->link, set_ops, private_data);
	if (s->set == NULL || s->members == NULL || s->link == NULL || s->timer == NULL) {
		TALLOC_FREE(s);
		return NULL;
	}
	steady_set(s->timer, 0);
	return s;
}

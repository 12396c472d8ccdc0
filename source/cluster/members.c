/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The nodes of a cluster, and which of them holds the names.  Pure.
 */

#include "members.h"

/* A node; slots in the order of their numbers. */
struct member {
	uint32_t vnn;
	bool is_self;
	bool is_node; /* CTDB has it */
	uint32_t flags;
	struct in_addr address; /* CTDB's */
	uint64_t heard;		/* 0: never */
	struct hello hello;
};

struct members {
	uint64_t born;
	struct member *list; /* a talloc array */
	size_t num;
	const struct member *self; /* NULL: it is not known yet */
	uint64_t asked;		   /* when CTDB's list came first; 0: never */
	struct ctdb_address *public_addresses; /* a talloc array */
};

struct members *members_init(TALLOC_CTX *mem_ctx, uint64_t now)
{
	struct members *m = talloc_zero(mem_ctx, struct members);

	if (m == NULL) {
		return NULL;
	}
	m->born = now;
	/* of a fixed size: nothing that is heard later can fail */
	m->list = talloc_zero_array(m, struct member, CTDB_NODES_MAX);
	if (m->list == NULL) {
		TALLOC_FREE(m);
	}
	return m;
}

/* NULL: there are too many. */
static struct member *get(struct members *m, uint32_t vnn)
{
	size_t i = 0;

	while (i < m->num && m->list[i].vnn != vnn) {
		i++;
	}
	if (i == CTDB_NODES_MAX) {
		return NULL;
	}
	if (i == m->num) {
		m->list[m->num++].vnn = vnn;
	}
	return &m->list[i];
}

void members_nodes(struct members *m, const struct ctdb_node *nodes,
		   size_t num, uint64_t now)
{
	size_t i;

	if (m->asked == 0) {
		m->asked = now;
	}
	for (i = 0; i < m->num; i++) {
		m->list[i].is_node = false;
	}
	for (i = 0; i < num; i++) {
		struct member *n = get(m, nodes[i].vnn);

		if (n != NULL) {
			n->is_node = true;
			n->flags = nodes[i].flags;
			n->address = nodes[i].address;
		}
	}
}

void members_public(struct members *m, const struct ctdb_address *addresses,
		    size_t num)
{
	struct ctdb_address *copy =
		talloc_memdup(m, addresses, num * sizeof(addresses[0]));

	/* without memory it is known with the next answer */
	if (copy != NULL || num == 0) {
		talloc_free(m->public_addresses);
		m->public_addresses = copy;
		if (copy != NULL) {
			talloc_set_name_const(copy, "public addresses");
		}
	}
}

static size_t count_public(const struct members *m)
{
	return talloc_get_size(m->public_addresses) /
	       sizeof(m->public_addresses[0]);
}

bool members_is_public(const struct members *m, const struct hello_net *net)
{
	size_t i;

	for (i = 0; m->self != NULL && i < count_public(m); i++) {
		const struct ctdb_address *a = &m->public_addresses[i];

		if (a->vnn == m->self->vnn &&
		    ((a->address.s_addr ^ net->address.s_addr) &
		     net->mask.s_addr) == 0) {
			return true;
		}
	}
	return false;
}

void members_self(struct members *m, uint32_t vnn, const struct hello *hello)
{
	struct member *n = get(m, vnn);

	if (n != NULL) {
		n->is_self = true;
		n->hello = *hello;
		m->self = n;
	}
}

static bool is_of_our_version(const struct member *n)
{
	return n->is_self || n->hello.version == HELLO_VERSION;
}

bool members_heard(struct members *m, uint32_t vnn, const struct hello *hello,
		   uint64_t now)
{
	struct member *n = get(m, vnn);
	bool was_ours;

	if (n == NULL || n->is_self) {
		return false;
	}
	was_ours = (n->heard == 0 || is_of_our_version(n));
	n->hello = *hello;
	n->heard = now;
	return was_ours && !is_of_our_version(n);
}

static bool is_connected(const struct member *n)
{
	return n->is_node &&
	       (n->flags & (CTDB_NODE_DISCONNECTED | CTDB_NODE_DELETED)) == 0;
}

/* Does its module speak? */
static bool is_there(const struct member *n, uint64_t now)
{
	return n->is_self || (is_connected(n) && n->heard != 0 &&
			      now < n->heard + MEMBERS_SILENCE_USEC);
}

static bool is_of_one_name(const struct members *m, const struct member *n)
{
	return wire_name_equal(&n->hello.computer, &m->self->hello.computer);
}

static bool is_known(const struct members *m, uint64_t now)
{
	size_t i;

	if (m->self == NULL || m->asked == 0) {
		return now >= m->born + MEMBERS_ALONE_USEC;
	}
	for (i = 0; i < m->num && now < m->asked + MEMBERS_PATIENCE_USEC;
	     i++) {
		const struct member *n = &m->list[i];

		if (!n->is_self && is_connected(n) && n->heard == 0) {
			return false;
		}
	}
	return true;
}

/* How a node stands on a net. */
struct standing {
	bool is_on;
	bool is_public;
	bool leads; /* it holds the names on the net, of WINS: on any */
	bool holds;
	struct in_addr address;
};

static bool is_one_net(const struct hello_net *a, const struct hello_net *b)
{
	return a->mask.s_addr == b->mask.s_addr &&
	       ((a->address.s_addr ^ b->address.s_addr) & b->mask.s_addr) == 0;
}

static struct standing standing_on(const struct member *n,
				   const struct hello_net *net)
{
	struct standing s = {
		.is_on = (net == NULL),
		.holds = (net == NULL && n->hello.wins),
		.address = (n->hello.num_nets > 0) ? n->hello.nets[0].address
						   : n->address,
	};
	size_t i;

	for (i = 0; i < n->hello.num_nets; i++) {
		const struct hello_net *at = &n->hello.nets[i];

		if (net != NULL && !is_one_net(at, net)) {
			continue;
		}
		if (!s.is_on || (at->is_public && !s.is_public)) {
			s.address = at->address;
		}
		s.is_on = true;
		s.is_public = s.is_public || at->is_public;
		s.leads = s.leads || at->holds;
	}
	if (net != NULL) {
		s.holds = s.leads;
	}
	return s;
}

/* A node that may hold the names on a net; node is NULL: there is none. */
struct candidate {
	const struct member *node;
	struct standing stands;
};

/* Is the first one to hold the names rather than the second? */
static bool comes_before(const struct candidate *a, const struct candidate *b)
{
	const struct standing *sa = &a->stands;
	const struct standing *sb = &b->stands;

	if ((a->node->flags == 0) != (b->node->flags == 0)) {
		return a->node->flags == 0;
	}
	if (sa->is_public != sb->is_public) {
		return sa->is_public;
	}
	if (sa->leads != sb->leads) {
		return sa->leads;
	}
	if (sa->holds != sb->holds) {
		return sa->holds;
	}
	return a->node->vnn < b->node->vnn;
}

/*
 * Of a node of another version it is not known how it sorts, nor does it know
 * how we do; on so little all versions agree.
 */
static bool is_left_to(const struct candidate *stranger,
		       const struct candidate *ours)
{
	if (stranger->node->flags == 0 && ours->node->flags != 0) {
		return true;
	}
	if (!ours->stands.holds || !stranger->stands.holds) {
		return stranger->stands.holds;
	}
	return stranger->node->flags == 0 &&
	       stranger->node->vnn < ours->node->vnn;
}

static void prefer(struct candidate *best, const struct candidate *c)
{
	if (best->node == NULL || comes_before(c, best)) {
		*best = *c;
	}
}

/* Who is to hold the names; NULL: nobody can. */
static struct candidate first_of(const struct members *m,
				 const struct hello_net *net, uint64_t now)
{
	struct candidate first = { .node = NULL };
	struct candidate other = { .node = NULL }; /* holds them now */
	struct candidate stranger = { .node = NULL };
	size_t i;

	for (i = 0; m->self != NULL && i < m->num; i++) {
		const struct member *n = &m->list[i];
		const struct candidate c = { n, standing_on(n, net) };

		if (!c.stands.is_on || !is_there(n, now) || !n->hello.ready ||
		    !is_of_one_name(m, n)) {
			continue;
		}
		prefer(is_of_our_version(n) ? &first : &stranger, &c);
		if (is_of_our_version(n) && !n->is_self && c.stands.holds &&
		    other.node == NULL) {
			other = c;
		}
	}
	/* it gives them up as soon as it knows what we know */
	if (first.node != NULL && first.node->is_self && other.node != NULL &&
	    !first.stands.holds) {
		first = other;
	}
	if (first.node != NULL && stranger.node != NULL &&
	    is_left_to(&stranger, &first)) {
		first = stranger;
	}
	return first;
}

enum members_place members_place(const struct members *m,
				 const struct hello_net *net, uint64_t now,
				 struct members_holder *holder)
{
	struct candidate first;

	if (!is_known(m, now)) {
		return MEMBERS_UNDECIDED;
	}
	first = first_of(m, net, now);
	if (first.node == NULL || first.node->is_self) {
		return MEMBERS_HOLD;
	}
	*holder = (struct members_holder){
		.vnn = first.node->vnn,
		.pid = first.node->hello.pid,
		.address = first.stands.address,
	};
	return MEMBERS_STAND_BY;
}

bool members_have(const struct members *m, struct in_addr address)
{
	size_t i;
	size_t j;

	if (address.s_addr == 0) {
		return false;
	}
	for (i = 0; i < m->num; i++) {
		const struct member *n = &m->list[i];

		if (n->is_self) {
			continue;
		}
		if (n->address.s_addr == address.s_addr) {
			return true;
		}
		for (j = 0; j < n->hello.num_nets; j++) {
			if (n->hello.nets[j].address.s_addr ==
			    address.s_addr) {
				return true;
			}
		}
	}
	for (i = 0; i < count_public(m); i++) {
		if (m->public_addresses[i].address.s_addr == address.s_addr) {
			return true;
		}
	}
	return false;
}

unsigned members_count(const struct members *m, uint64_t now)
{
	unsigned num = 0;
	size_t i;

	for (i = 0; i < m->num; i++) {
		num += (!m->list[i].is_self && is_there(&m->list[i], now)) ? 1
									   : 0;
	}
	return num;
}

/* How many of the nodes have a lower number. */
static size_t rank(const struct members *m, const struct member *than)
{
	size_t num = 0;
	size_t i;

	for (i = 0; i < m->num; i++) {
		num += (m->list[i].is_node && m->list[i].vnn < than->vnn) ? 1
									  : 0;
	}
	return num;
}

bool members_at(const struct members *m, size_t i, uint64_t now,
		struct members_node *node)
{
	size_t j = 0;

	while (j < m->num &&
	       !(m->list[j].is_node && rank(m, &m->list[j]) == i)) {
		j++;
	}
	if (j == m->num) {
		return false;
	}
	*node = (struct members_node){
		.vnn = m->list[j].vnn,
		.is_self = m->list[j].is_self,
		.flags = m->list[j].flags,
		.address = m->list[j].address,
		.there = is_there(&m->list[j], now),
		.hello = &m->list[j].hello,
	};
	return true;
}

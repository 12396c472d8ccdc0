/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Is a name free in WINS?  One server after the other, and for each foreign
 * address in its answer that host.
 */

#include "wins_query.h"

#include <arpa/inet.h>
#include <errno.h>
#include <sys/queue.h>

#include "samba_private.h"
#include "probe.h"

/* A server that is up answers in a millisecond. */
#define SERVER_TRIES	   3
#define SERVER_INTERVAL_MS 500

/* RFC 1002 6 for a host on the net; the server may be across a line */
#define OWNER_TRIES	  3
#define OWNER_INTERVAL_MS 250

/* Owners of one name that are asked; a multihomed host has so many. */
#define OWNERS_MAX 8

struct wins_check_state {
	struct tevent_context *ev;
	struct wire_name wire;
	char *scope;

	struct in_addr *servers; /* a talloc array */
	size_t next_server;
	struct in_addr owners[OWNERS_MAX];
	size_t num_owners;
	size_t next_owner;

	const struct interfaces *interfaces;
	struct in_addr self;
	struct wins_verdict verdict;
};

static bool is_known(const struct in_addr *list, size_t num, struct in_addr ip)
{
	size_t i;

	for (i = 0; i < num; i++) {
		if (list[i].s_addr == ip.s_addr) {
			return true;
		}
	}
	return false;
}

static bool is_loopback(struct in_addr ip)
{
	return (ntohl(ip.s_addr) >> 24) == IN_LOOPBACKNET;
}

/* The server that nmbd itself would use now, for each tag; none twice. */
static bool list_servers(struct wins_check_state *state)
{
	char **tags = wins_srv_tags();
	size_t num = 0;
	size_t t;

	while (tags != NULL && tags[num] != NULL) {
		num++;
	}
	state->servers = talloc_zero_array(state, struct in_addr, num + 1);
	for (t = 0, num = 0;
	     state->servers != NULL && tags != NULL && tags[t] != NULL; t++) {
		/* nmbd knows a dead server by the address it asked from */
		struct in_addr ip = wins_srv_ip_tag(tags[t], state->self);

		if (is_loopback(ip)) {
			/* nmbd itself, which does not read what comes there */
			ip = state->self;
		}
		if (ip.s_addr != 0 && !is_known(state->servers, num, ip)) {
			state->servers[num++] = ip;
		}
	}
	wins_srv_tags_free(tags);
	return state->servers != NULL;
}

static void next_question(struct tevent_req *req);

static bool ask(struct tevent_req *req, struct probe_question *q,
		tevent_req_fn answered)
{
	struct wins_check_state *state =
		tevent_req_data(req, struct wins_check_state);
	struct tevent_req *subreq = NULL;

	q->question = NBNS_QUERY;
	q->wire = &state->wire;
	q->type = MESSENGER_NAME_TYPE;
	q->scope = state->scope;
	subreq = probe_send(state, state->ev, q);
	if (subreq == NULL) {
		return false;
	}
	tevent_req_set_callback(subreq, answered, req);
	return true;
}

static void owner_answered(struct tevent_req *subreq)
{
	struct tevent_req *req =
		tevent_req_callback_data(subreq, struct tevent_req);
	struct wins_check_state *state =
		tevent_req_data(req, struct wins_check_state);
	struct nbns_answer answer;
	int err = probe_recv(subreq, &answer);

	talloc_free(subreq);
	if (err == 0 && answer.rcode == 0) {
		state->verdict.state = WINS_TAKEN;
		state->verdict.owner = state->owners[state->next_owner - 1];
		tevent_req_done(req);
		return;
	}
	next_question(req);
}

/* The more a server says, the more it counts. */
static void raise(struct wins_check_state *state, enum wins_state to)
{
	if (to > state->verdict.state) {
		state->verdict.state = to;
		state->verdict.server =
			state->servers[state->next_server - 1];
	}
}

static void server_answered(struct tevent_req *subreq)
{
	struct tevent_req *req =
		tevent_req_callback_data(subreq, struct tevent_req);
	struct wins_check_state *state =
		tevent_req_data(req, struct wins_check_state);
	struct nbns_answer answer;
	int err = probe_recv(subreq, &answer);
	size_t i;

	talloc_free(subreq);
	state->num_owners = 0;
	state->next_owner = 0;
	if (err == 0) {
		raise(state, WINS_FREE);
	} else if (err == ETIMEDOUT || err == ECONNREFUSED) {
		raise(state, WINS_SILENT);
	} else {
		state->verdict.err = err;
	}
	if (err == 0 && answer.rcode == 0 && answer.group) {
		state->verdict.state = WINS_TAKEN;
		tevent_req_done(req);
		return;
	}
	for (i = 0; err == 0 && answer.rcode == 0 && i < answer.num_addresses;
	     i++) {
		struct in_addr ip = answer.addresses[i];

		if (ip.s_addr != 0 && !interfaces_have(state->interfaces, ip) &&
		    state->num_owners < OWNERS_MAX) {
			state->owners[state->num_owners++] = ip;
			state->verdict.record = ip;
		}
	}
	next_question(req);
}

static void next_question(struct tevent_req *req)
{
	struct wins_check_state *state =
		tevent_req_data(req, struct wins_check_state);
	struct probe_question q = { .recursion = false };
	bool ok;

	if (state->next_owner < state->num_owners) {
		q.to = state->owners[state->next_owner++];
		q.tries = OWNER_TRIES;
		q.interval_ms = OWNER_INTERVAL_MS;
		ok = ask(req, &q, owner_answered);
	} else if (state->servers[state->next_server].s_addr != 0) {
		q.to = state->servers[state->next_server++];
		q.recursion = true;
		q.tries = SERVER_TRIES;
		q.interval_ms = SERVER_INTERVAL_MS;
		ok = ask(req, &q, server_answered);
	} else {
		tevent_req_done(req);
		return;
	}
	if (!ok) {
		tevent_req_oom(req);
	}
}

struct tevent_req *wins_check_send(TALLOC_CTX *mem_ctx,
				   struct tevent_context *ev,
				   const struct wire_name *wire,
				   const char *scope,
				   const struct interfaces *interfaces,
				   struct in_addr self)
{
	struct wins_check_state *state = NULL;
	struct tevent_req *req =
		tevent_req_create(mem_ctx, &state, struct wins_check_state);

	if (req == NULL) {
		return NULL;
	}
	state->ev = ev;
	state->wire = *wire;
	state->self = self;
	state->interfaces = interfaces;
	state->scope = talloc_strdup(state, scope);
	if (state->scope == NULL || !list_servers(state)) {
		tevent_req_oom(req);
		return tevent_req_post(req, ev);
	}
	next_question(req);
	if (!tevent_req_is_in_progress(req)) {
		return tevent_req_post(req, ev);
	}
	return req;
}

struct wins_verdict wins_check_recv(struct tevent_req *req)
{
	struct wins_check_state *state =
		tevent_req_data(req, struct wins_check_state);
	struct wins_verdict verdict = state->verdict;

	tevent_req_received(req);
	return verdict;
}

/*
 * What is asked, and was answered, by name.
 */

/*
 * A question to WINS that is to be answered before the claim there.  It stays
 * until the name is given up: the claim may yet be refused, and then this
 * knows by whom.
 */
struct check {
	TAILQ_ENTRY(check) entry;
	struct wins_claims *claims;
	char *name;
	struct wire_name wire;
	struct tevent_req *subreq; /* NULL: answered */
	struct wins_verdict verdict;
};

struct wins_claims {
	struct tevent_context *ev;
	const struct interfaces *interfaces;
	wins_claims_answered answered;
	void *private_data;
	TAILQ_HEAD(, check) checks;
};

static struct check *find_check(const struct wins_claims *w,
				const struct wire_name *wire)
{
	struct check *c = NULL;

	TAILQ_FOREACH(c, &w->checks, entry) {
		if (wire_name_equal(&c->wire, wire)) {
			break;
		}
	}
	return c;
}

struct wins_verdict wins_claims_known(const struct wins_claims *w,
				      const struct wire_name *wire)
{
	const struct wins_verdict nothing = { .state = WINS_UNREACHABLE };
	const struct check *c = find_check(w, wire);

	return (c != NULL) ? c->verdict : nothing;
}

bool wins_claims_pending(const struct wins_claims *w,
			 const struct wire_name *wire)
{
	const struct check *c = find_check(w, wire);

	return c != NULL && c->subreq != NULL;
}

static void checked(struct tevent_req *subreq)
{
	struct check *c = tevent_req_callback_data(subreq, struct check);
	struct wins_verdict v = wins_check_recv(subreq);

	TALLOC_FREE(c->subreq);
	c->verdict = v;
	c->claims->answered(c->claims->private_data, c->name, &c->wire, &v);
}

static int remove_check(struct check *c)
{
	TAILQ_REMOVE(&c->claims->checks, c, entry);
	return 0;
}

void wins_claims_drop(struct wins_claims *w, const struct wire_name *wire)
{
	talloc_free(find_check(w, wire));
}

bool wins_claims_ask(struct wins_claims *w, const char *name,
		     const struct wire_name *wire, const char *scope,
		     struct in_addr self)
{
	struct check *c = NULL;

	wins_claims_drop(w, wire);
	c = talloc_zero(w, struct check);
	if (c == NULL) {
		return false;
	}
	c->claims = w;
	TAILQ_INSERT_TAIL(&w->checks, c, entry);
	talloc_set_destructor(c, remove_check);
	c->wire = *wire;
	c->name = talloc_strdup(c, name);
	c->subreq = (c->name != NULL)
			    ? wins_check_send(c, w->ev, wire, scope,
					      w->interfaces, self)
			    : NULL;
	if (c->subreq == NULL) {
		talloc_free(c);
		return false;
	}
	tevent_req_set_callback(c->subreq, checked, c);
	return true;
}

struct wins_claims *wins_claims_init(TALLOC_CTX *mem_ctx,
				     struct tevent_context *ev,
				     const struct interfaces *interfaces,
				     wins_claims_answered answered,
				     void *private_data)
{
	struct wins_claims *w = talloc_zero(mem_ctx, struct wins_claims);

	if (w == NULL) {
		return NULL;
	}
	w->ev = ev;
	w->interfaces = interfaces;
	w->answered = answered;
	w->private_data = private_data;
	TAILQ_INIT(&w->checks);
	return w;
}

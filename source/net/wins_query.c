/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Is a name free in WINS?  One server after the other, and for each foreign
 * address in its answer that host.
 */

#include "wins_query.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/queue.h>

#include "probe.h"
#include "steady.h"
#include "wins_servers.h"

/* A server that is up answers in a millisecond. */
#define SERVER_TRIES	   3
#define SERVER_INTERVAL_MS 500

/* RFC 1002 6 for a host on the net; the server may be across a line */
#define OWNER_TRIES	  3
#define OWNER_INTERVAL_MS 250

/* Owners of one name that are asked; a multihomed host has so many. */
#define OWNERS_MAX 8

#define SERVERS_USEC 2000000

struct wins_check_state {
	struct wins_claims *claims;
	struct wire_name wire;
	char *scope;

	struct wins_server *servers; /* a talloc array, ours */
	size_t next_server;
	struct in_addr owners[OWNERS_MAX];
	size_t num_owners;
	size_t next_owner;

	struct wins_verdict verdict;
};

/* A question to WINS that is to be answered before the claim there. */
struct check {
	TAILQ_ENTRY(check) entry;
	struct wins_claims *claims;
	char *name;
	struct wire_name wire;
	struct tevent_req *subreq;
	struct wins_verdict refusal; /* rcode 0: none */
};

struct wins_claims {
	struct tevent_context *ev;
	const struct interfaces *interfaces;
	wins_claims_answered answered;
	void *private_data;
	TAILQ_HEAD(, check) checks;
	struct wins_server *servers; /* a talloc array, each address once */
	uint64_t listed;	/* when */
	struct in_addr self;	/* an address of ours that nmbd claims for */
};

/* Not for each alias: names of servers may have to be looked up. */
static bool list_servers(struct wins_claims *w)
{
	uint64_t now = steady_now();

	if (w->servers != NULL && now - w->listed < SERVERS_USEC) {
		return true;
	}
	talloc_free(w->servers);
	w->servers = wins_servers_list(w, w->self);
	w->listed = now;
	return w->servers != NULL;
}

static void next_question(struct tevent_req *req);

static bool ask(struct tevent_req *req, struct probe_question *q,
		tevent_req_fn answered)
{
	struct wins_check_state *state =
		tevent_req_data(req, struct wins_check_state);
	struct tevent_req *subreq = NULL;

	if (q->question == NBNS_QUERY) {
		q->wire = &state->wire;
		q->type = MESSENGER_NAME_TYPE;
	}
	q->scope = state->scope;
	subreq = probe_send(state, state->claims->ev, q);
	if (subreq == NULL) {
		return false;
	}
	tevent_req_set_callback(subreq, answered, req);
	return true;
}

static void owner_holds_it(struct tevent_req *req)
{
	struct wins_check_state *state =
		tevent_req_data(req, struct wins_check_state);

	state->verdict.state = WINS_TAKEN;
	state->verdict.owner = state->owners[state->next_owner - 1];
	tevent_req_done(req);
}

static void owner_listed(struct tevent_req *subreq)
{
	struct tevent_req *req =
		tevent_req_callback_data(subreq, struct tevent_req);
	struct wins_check_state *state =
		tevent_req_data(req, struct wins_check_state);
	struct nbns_answer answer;
	int err = probe_recv(subreq, &answer);

	talloc_free(subreq);
	if (err == 0 && answer.rcode == 0 &&
	    nbns_lists(&answer, &state->wire, MESSENGER_NAME_TYPE)) {
		owner_holds_it(req);
		return;
	}
	next_question(req);
}

/* One that is silent to a query may yet say which names it has. */
static void owner_answered(struct tevent_req *subreq)
{
	struct tevent_req *req =
		tevent_req_callback_data(subreq, struct tevent_req);
	struct wins_check_state *state =
		tevent_req_data(req, struct wins_check_state);
	struct probe_question q = {
		.question = NBNS_STATUS,
		.to = state->owners[state->next_owner - 1],
		.tries = OWNER_TRIES,
		.interval_ms = OWNER_INTERVAL_MS,
	};
	struct nbns_answer answer;
	int err = probe_recv(subreq, &answer);

	talloc_free(subreq);
	if (err == 0 && answer.rcode == 0) {
		owner_holds_it(req);
	} else if (err == ETIMEDOUT) {
		if (!ask(req, &q, owner_listed)) {
			tevent_req_oom(req);
		}
	} else {
		next_question(req);
	}
}

/* The more a server says, the more it counts. */
static void raise(struct wins_check_state *state, enum wins_state to)
{
	if (to > state->verdict.state) {
		state->verdict.state = to;
		state->verdict.server =
			state->servers[state->next_server - 1].ip;
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
	} else if (wins_servers_fail_over(
			   &state->servers[state->next_server - 1],
			   state->claims->self)) {
		TALLOC_FREE(state->claims->servers);
		state->next_server--;
	} else if (state->verdict.state == WINS_UNREACHABLE) {
		state->verdict.err = err;
		state->verdict.server =
			state->servers[state->next_server - 1].ip;
	}
	if (err == 0 && answer.rcode == 0 && answer.group) {
		state->verdict.state = WINS_TAKEN;
		tevent_req_done(req);
		return;
	}
	for (i = 0; err == 0 && answer.rcode == 0 && i < answer.num_addresses;
	     i++) {
		struct in_addr ip = answer.addresses[i];

		if (ip.s_addr != 0 && !interfaces_of_computer(state->claims->interfaces,
						     ip) &&
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
	struct probe_question q = { .question = NBNS_QUERY };
	bool ok;

	if (state->next_owner < state->num_owners) {
		q.to = state->owners[state->next_owner++];
		q.tries = OWNER_TRIES;
		q.interval_ms = OWNER_INTERVAL_MS;
		ok = ask(req, &q, owner_answered);
	} else if (state->servers[state->next_server].ip.s_addr != 0) {
		q.to = state->servers[state->next_server++].ip;
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

static struct tevent_req *check_send(struct check *c, const char *scope)
{
	struct wins_claims *w = c->claims;
	struct wins_check_state *state = NULL;
	struct tevent_req *req =
		tevent_req_create(c, &state, struct wins_check_state);

	if (req == NULL) {
		return NULL;
	}
	state->claims = w;
	state->wire = c->wire;
	state->scope = talloc_strdup(state, scope);
	if (state->scope == NULL || !list_servers(w)) {
		tevent_req_oom(req);
		return tevent_req_post(req, w->ev);
	}
	state->servers = wins_servers_copy(state, w->servers);
	if (state->servers == NULL) {
		tevent_req_oom(req);
		return tevent_req_post(req, w->ev);
	}
	next_question(req);
	if (!tevent_req_is_in_progress(req)) {
		return tevent_req_post(req, w->ev);
	}
	return req;
}

static struct wins_verdict check_recv(struct tevent_req *req)
{
	struct wins_check_state *state =
		tevent_req_data(req, struct wins_check_state);
	struct wins_verdict verdict = state->verdict;

	tevent_req_received(req);
	return verdict;
}

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

bool wins_claims_refused(struct wins_claims *w, const struct wire_name *wire,
			 const struct wins_verdict *refusal)
{
	struct check *c = find_check(w, wire);

	if (c == NULL) {
		return false;
	}
	c->refusal = *refusal;
	return true;
}

bool wins_claims_pending(const struct wins_claims *w,
			 const struct wire_name *wire)
{
	return find_check(w, wire) != NULL;
}

static void checked(struct tevent_req *subreq)
{
	struct check *c = tevent_req_callback_data(subreq, struct check);
	struct wins_claims *w = c->claims;
	struct wins_verdict v = check_recv(subreq);
	struct wire_name wire = c->wire;
	char *name = talloc_steal(w, c->name);

	if (c->refusal.rcode != 0) {
		v.rcode = c->refusal.rcode;
		v.server = c->refusal.server;
	}
	talloc_free(c); /* it is not asked for any more */
	w->answered(w->private_data, name, &wire, &v);
	talloc_free(name);
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
	w->self = self;
	TAILQ_INSERT_TAIL(&w->checks, c, entry);
	talloc_set_destructor(c, remove_check);
	c->wire = *wire;
	c->name = talloc_strdup(c, name);
	c->subreq = (c->name != NULL)
			    ? check_send(c, scope)
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

void wins_claims_drop_all(struct wins_claims *w)
{
	struct check *c = NULL;

	while ((c = TAILQ_FIRST(&w->checks)) != NULL) {
		talloc_free(c);
	}
}

void wins_claims_reset(struct wins_claims *w)
{
	TALLOC_FREE(w->servers);
}

char *wins_verdict_text(TALLOC_CTX *mem_ctx, const struct wins_verdict *v)
{
	if (v->err == 0) {
		return wins_servers_text(mem_ctx);
	}
	return talloc_asprintf(mem_ctx, "WINS server %s: %s",
			       inet_ntoa(v->server), strerror(v->err));
}

char *wins_claims_text(TALLOC_CTX *mem_ctx, const struct wins_claims *w)
{
	if (w->servers == NULL || w->servers[0].ip.s_addr == 0) {
		return NULL;
	}
	return talloc_asprintf(mem_ctx,
			       "WINS server %s has not answered so far",
			       inet_ntoa(w->servers[0].ip));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Asks the holder of a refused name who it is: one node status request at a
 * time to each, and not to more than a few at once.
 */

#include "diagnosis.h"

#include <sys/queue.h>

#include "probe.h"

/* Two seconds in all. */
#define TRIES	    4
#define INTERVAL_MS 500

#define ASKED_MAX   16	/* at a time; others wait for their turn */
#define HOLDERS_MAX 256 /* the ring has no more events */
#define WAITERS_MAX 256

struct waiter {
	STAILQ_ENTRY(waiter) entry;
	uint64_t seq;
	struct netbios_name name;
};

/* A holder that is being asked, or will be. */
struct question {
	TAILQ_ENTRY(question) entry;
	struct diagnosis *diagnosis;
	struct in_addr address;
	char *scope;
	bool asked;
	STAILQ_HEAD(, waiter) waiters;
	size_t num_waiters;
};

struct diagnosis {
	struct tevent_context *ev;
	void (*done)(void *private_data, uint64_t seq,
		     const struct netbios_name *name, struct in_addr address,
		     const struct holder *holder);
	void *private_data;
	TAILQ_HEAD(, question) questions; /* in the order they came */
	size_t num_questions;
	size_t num_asked;
};

static int forget_question(struct question *q)
{
	TAILQ_REMOVE(&q->diagnosis->questions, q, entry);
	q->diagnosis->num_questions--;
	q->diagnosis->num_asked -= q->asked ? 1 : 0;
	return 0;
}

static void ask_next(struct diagnosis *d);

static void answered(struct tevent_req *subreq)
{
	struct question *q = tevent_req_callback_data(subreq, struct question);
	struct diagnosis *d = q->diagnosis;
	struct nbns_answer answer;
	struct waiter *w = NULL;
	bool ok = probe_recv(subreq, &answer) == 0 && answer.rcode == 0;

	talloc_free(subreq);
	STAILQ_FOREACH(w, &q->waiters, entry) {
		struct holder *h =
			holder_create_for(q, ok ? &answer : NULL, &w->name);

		if (h != NULL) {
			d->done(d->private_data, w->seq, &w->name, q->address,
				h);
		}
		talloc_free(h);
	}
	talloc_free(q);
	ask_next(d);
}

static struct question *find_question(const struct diagnosis *d,
				      struct in_addr address)
{
	struct question *q = NULL;

	TAILQ_FOREACH(q, &d->questions, entry) {
		if (q->address.s_addr == address.s_addr) {
			return q;
		}
	}
	return NULL;
}

static bool ask(struct question *q)
{
	struct diagnosis *d = q->diagnosis;
	struct probe_question p = {
		.to = q->address,
		.question = NBNS_STATUS,
		.scope = q->scope,
		.tries = TRIES,
		.interval_ms = INTERVAL_MS,
	};
	struct tevent_req *subreq = probe_send(q, d->ev, &p);

	if (subreq == NULL) {
		return false;
	}
	tevent_req_set_callback(subreq, answered, q);
	q->asked = true;
	d->num_asked++;
	return true;
}

static void ask_next(struct diagnosis *d)
{
	struct question *q = TAILQ_FIRST(&d->questions);
	struct question *next = NULL;

	for (; q != NULL && d->num_asked < ASKED_MAX; q = next) {
		next = TAILQ_NEXT(q, entry);
		if (!q->asked && !ask(q)) {
			talloc_free(q);
		}
	}
}

static struct question *add_question(struct diagnosis *d,
				     struct in_addr address, const char *scope)
{
	struct question *q = NULL;

	if (d->num_questions >= HOLDERS_MAX) {
		return NULL;
	}
	q = talloc_zero(d, struct question);
	if (q == NULL) {
		return NULL;
	}
	q->diagnosis = d;
	q->address = address;
	q->scope = talloc_strdup(q, scope);
	if (q->scope == NULL) {
		talloc_free(q);
		return NULL;
	}
	STAILQ_INIT(&q->waiters);
	TAILQ_INSERT_TAIL(&d->questions, q, entry);
	d->num_questions++;
	talloc_set_destructor(q, forget_question);
	return q;
}

static void add_waiter(struct question *q, uint64_t seq,
		       const struct netbios_name *name)
{
	struct waiter *w = NULL;

	if (q->num_waiters >= WAITERS_MAX) {
		return;
	}
	w = talloc_zero(q, struct waiter);
	if (w == NULL) {
		return;
	}
	w->seq = seq;
	w->name = *name;
	STAILQ_INSERT_TAIL(&q->waiters, w, entry);
	q->num_waiters++;
}

void diagnosis_ask(struct diagnosis *d, uint64_t seq,
		   const struct netbios_name *name, struct in_addr address,
		   const char *scope)
{
	struct question *q = find_question(d, address);

	if (q == NULL) {
		q = add_question(d, address, scope);
	}
	if (q != NULL) {
		add_waiter(q, seq, name);
		ask_next(d);
	}
}

void diagnosis_ask_alias(struct diagnosis *d, uint64_t seq,
			 const struct wire_name *alias, struct in_addr address,
			 const char *scope)
{
	const struct netbios_name name = {
		.wire = *alias,
		.type = MESSENGER_NAME_TYPE,
	};

	diagnosis_ask(d, seq, &name, address, scope);
}

struct diagnosis *diagnosis_init(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
				 void (*done)(void *private_data, uint64_t seq,
					      const struct netbios_name *name,
					      struct in_addr address,
					      const struct holder *holder),
				 void *private_data)
{
	struct diagnosis *d = talloc_zero(mem_ctx, struct diagnosis);

	if (d == NULL) {
		return NULL;
	}
	talloc_set_name_const(d, "messenger: diagnosis");
	d->ev = ev;
	d->done = done;
	d->private_data = private_data;
	TAILQ_INIT(&d->questions);
	return d;
}

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

#define HOLDERS_MAX 16
#define WAITERS_MAX 256 /* the ring has no more events */

struct waiter {
	STAILQ_ENTRY(waiter) entry;
	uint64_t seq;
	struct wire_name alias;
};

/* A holder that is being asked. */
struct question {
	LIST_ENTRY(question) entry;
	struct diagnosis *diagnosis;
	struct in_addr address;
	STAILQ_HEAD(, waiter) waiters;
	size_t num_waiters;
};

struct diagnosis {
	struct tevent_context *ev;
	void (*done)(void *private_data, uint64_t seq,
		     const struct wire_name *alias, struct in_addr address,
		     const struct holder *holder);
	void *private_data;
	LIST_HEAD(, question) questions;
	size_t num_questions;
};

static int forget_question(struct question *q)
{
	LIST_REMOVE(q, entry);
	q->diagnosis->num_questions--;
	return 0;
}

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
			holder_create(q, ok ? &answer : NULL, &w->alias);

		if (h != NULL) {
			d->done(d->private_data, w->seq, &w->alias, q->address,
				h);
		}
		talloc_free(h);
	}
	talloc_free(q);
}

static struct question *find_question(const struct diagnosis *d,
				      struct in_addr address)
{
	struct question *q = NULL;

	LIST_FOREACH(q, &d->questions, entry) {
		if (q->address.s_addr == address.s_addr) {
			return q;
		}
	}
	return NULL;
}

static struct question *ask(struct diagnosis *d, struct in_addr address,
			    const char *scope)
{
	struct probe_question p = {
		.to = address,
		.question = NBNS_STATUS,
		.scope = scope,
		.tries = TRIES,
		.interval_ms = INTERVAL_MS,
	};
	struct question *q = NULL;
	struct tevent_req *subreq = NULL;

	if (d->num_questions >= HOLDERS_MAX) {
		return NULL;
	}
	q = talloc_zero(d, struct question);
	if (q == NULL) {
		return NULL;
	}
	q->diagnosis = d;
	q->address = address;
	STAILQ_INIT(&q->waiters);
	LIST_INSERT_HEAD(&d->questions, q, entry);
	d->num_questions++;
	talloc_set_destructor(q, forget_question);
	subreq = probe_send(q, d->ev, &p);
	if (subreq == NULL) {
		talloc_free(q);
		return NULL;
	}
	tevent_req_set_callback(subreq, answered, q);
	return q;
}

void diagnosis_ask(struct diagnosis *d, uint64_t seq,
		   const struct wire_name *alias, struct in_addr address,
		   const char *scope)
{
	struct question *q = find_question(d, address);
	struct waiter *w = NULL;

	if (q == NULL) {
		q = ask(d, address, scope);
	}
	if (q == NULL || q->num_waiters >= WAITERS_MAX) {
		return;
	}
	w = talloc_zero(q, struct waiter);
	if (w == NULL) {
		return;
	}
	w->seq = seq;
	w->alias = *alias;
	STAILQ_INSERT_TAIL(&q->waiters, w, entry);
	q->num_waiters++;
}

struct diagnosis *diagnosis_init(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
				 void (*done)(void *private_data, uint64_t seq,
					      const struct wire_name *alias,
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
	LIST_INIT(&d->questions);
	return d;
}

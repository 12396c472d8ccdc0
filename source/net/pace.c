/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Claims to come: sent at a pace that the sockets of the neighbours survive.
 * It knows neither nmbd nor what a claim is.
 */

#include "pace.h"

#include <string.h>
#include <sys/queue.h>

#include "name_index.h"
#include "steady.h"

/* A claim that waits for its turn. */
struct queued {
	TAILQ_ENTRY(queued) entry;
	struct name_link link;
	struct wire_name wire;
	const char *subnet; /* NULL: all of them */
	char name[]; /* and the subnet's */
};

struct pace {
	pace_send send;
	void *private_data;
	TAILQ_HEAD(, queued) queue;
	struct name_index index; /* of the queue */
	size_t left;
	struct steady *timer; /* set while left is not full */
};

static void take_out(struct pace *p, struct queued *q)
{
	name_index_remove(&p->index, q);
	TAILQ_REMOVE(&p->queue, q, entry);
}

static void send_queued(struct pace *p)
{
	struct queued *q = NULL;

	while (p->left > 0 && (q = TAILQ_FIRST(&p->queue)) != NULL) {
		take_out(p, q);
		p->send(p->private_data, q->name, &q->wire, q->subnet);
		talloc_free(q);
		p->left--;
	}
	if (!steady_is_set(p->timer) && p->left < PACE_NAMES) {
		steady_set(p->timer, PACE_USEC);
	}
}

static void paced(void *private_data)
{
	struct pace *p = private_data;

	p->left = PACE_NAMES;
	send_queued(p);
}

/* In one piece, as thousands of them may wait; NULL without memory. */
static struct queued *make_queued(struct pace *p, const char *name,
				  const struct wire_name *wire,
				  const char *subnet)
{
	size_t name_size = strlen(name) + 1;
	size_t subnet_size = (subnet != NULL) ? strlen(subnet) + 1 : 0;
	struct queued *q =
		talloc_zero_size(p, offsetof(struct queued, name) + name_size +
					    subnet_size);

	if (q == NULL) {
		return NULL;
	}
	talloc_set_name_const(q, "struct queued");
	q->wire = *wire;
	memcpy(q->name, name, name_size);
	if (subnet != NULL) {
		q->subnet = memcpy(q->name + name_size, subnet, subnet_size);
	}
	return q;
}

void pace_claim(struct pace *p, const char *name, const struct wire_name *wire,
		const char *subnet)
{
	struct queued *q = name_index_find(&p->index, wire);

	for (; q != NULL; q = name_index_next(&p->index, q)) {
		if (q->subnet == NULL) {
			return; /* its turn is yet to come */
		}
	}
	q = make_queued(p, name, wire, subnet);
	if (q == NULL) {
		p->send(p->private_data, name, wire, subnet);
		return;
	}
	TAILQ_INSERT_TAIL(&p->queue, q, entry);
	name_index_add(&p->index, q);
	send_queued(p);
}

void pace_drop(struct pace *p, const struct wire_name *wire)
{
	struct queued *q = NULL;

	while ((q = name_index_find(&p->index, wire)) != NULL) {
		take_out(p, q);
		talloc_free(q);
	}
}

struct pace *pace_init(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
		       pace_send send, void *private_data)
{
	struct pace *p = talloc_zero(mem_ctx, struct pace);

	if (p == NULL) {
		return NULL;
	}
	p->timer = steady_create(p, ev, paced, p);
	if (p->timer == NULL) {
		talloc_free(p);
		return NULL;
	}
	p->send = send;
	p->private_data = private_data;
	p->left = PACE_NAMES;
	TAILQ_INIT(&p->queue);
	name_index_init(&p->index, p, struct queued, link, wire);
	return p;
}

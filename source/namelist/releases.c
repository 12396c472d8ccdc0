/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Release requests to come.  Nobody waits for them: the names are out of
 * nmbd's lists already.
 */

#include "releases.h"

#include <string.h>
#include <sys/queue.h>

#include "name_index.h"
#include "names.h"
#include "pace.h"
#include "steady.h"

/* As many as the requests of the claims that go out meanwhile. */
#define AT_ONCE (3 * PACE_NAMES)

struct release {
	TAILQ_ENTRY(release) entry;
	struct name_link link;
	struct wire_name wire;
	struct subnet_record *subrec; /* nmbd never frees one */
	struct nmb_name name;
	uint16_t nb_flags;
	struct in_addr ip;
	struct in_addr to;
};

struct releases {
	TAILQ_HEAD(, release) queue;
	struct name_index index;
	unsigned left;
	struct steady *timer; /* set while left is not full */
};

static void over(struct subnet_record *subrec, struct response_record *rrec)
{
	remove_response_record(subrec, rrec);
}

static void answered(struct subnet_record *subrec, struct response_record *rrec,
		     struct packet_struct *p)
{
	remove_response_record(subrec, rrec);
}

static void send_request(struct release *r)
{
	/*
	 * Not release_name(): it keeps the name in its list, and answers for
	 * it, until the release has been answered or timed out.
	 */
	(void)queue_release_name(r->subrec, answered, over, NULL, NULL, NULL,
				 &r->name, r->nb_flags, r->ip, r->to);
}

static void take_out(struct releases *rs, struct release *r)
{
	name_index_remove(&rs->index, r);
	TAILQ_REMOVE(&rs->queue, r, entry);
	talloc_free(r);
}

static void send_queued(struct releases *rs)
{
	struct release *r = NULL;

	while (rs->left > 0 && (r = TAILQ_FIRST(&rs->queue)) != NULL) {
		send_request(r);
		take_out(rs, r);
		rs->left--;
	}
	if (!steady_is_set(rs->timer) && rs->left < AT_ONCE) {
		steady_set(rs->timer, PACE_USEC);
	}
}

static void paced(void *private_data)
{
	struct releases *rs = private_data;

	rs->left = AT_ONCE;
	send_queued(rs);
}

static struct release release_of(struct subnet_record *subrec,
				 const struct name_record *record,
				 struct in_addr ip, struct in_addr to)
{
	struct release r = {
		.subrec = subrec,
		.name = record->name,
		.nb_flags = record->data.nb_flags,
		.ip = ip,
		.to = to,
	};

	return r;
}

void releases_send_now(struct subnet_record *subrec,
		       const struct name_record *record, struct in_addr ip,
		       struct in_addr to)
{
	struct release release = release_of(subrec, record, ip, to);

	send_request(&release);
}

void releases_send(struct releases *rs, struct subnet_record *subrec,
		   const struct name_record *record, struct in_addr ip,
		   struct in_addr to)
{
	struct release release = release_of(subrec, record, ip, to);
	struct release *r = talloc_memdup(rs, &release, sizeof(release));

	if (r == NULL) {
		send_request(&release);
		return;
	}
	names_wire_of(&r->wire, &r->name);
	TAILQ_INSERT_TAIL(&rs->queue, r, entry);
	name_index_add(&rs->index, r);
	send_queued(rs);
}

void releases_drop(struct releases *rs, const struct wire_name *wire)
{
	struct release *r = NULL;

	while ((r = name_index_find(&rs->index, wire)) != NULL) {
		take_out(rs, r);
	}
}

void releases_drop_subnet(struct releases *rs,
			  const struct subnet_record *subrec)
{
	struct release *r = NULL;
	struct release *next = NULL;

	for (r = TAILQ_FIRST(&rs->queue); r != NULL; r = next) {
		next = TAILQ_NEXT(r, entry);
		if (r->subrec == subrec) {
			take_out(rs, r);
		}
	}
}

void releases_flush(struct releases *rs)
{
	rs->left = UINT32_MAX;
	send_queued(rs);
}

struct releases *releases_init(TALLOC_CTX *mem_ctx, struct tevent_context *ev)
{
	struct releases *rs = talloc_zero(mem_ctx, struct releases);

	if (rs == NULL) {
		return NULL;
	}
	rs->timer = steady_create(rs, ev, paced, rs);
	if (rs->timer == NULL) {
		talloc_free(rs);
		return NULL;
	}
	rs->left = AT_ONCE;
	TAILQ_INIT(&rs->queue);
	name_index_init(&rs->index, rs, struct release, link, wire);
	return rs;
}

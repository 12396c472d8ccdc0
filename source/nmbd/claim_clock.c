/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The clock of broadcast claims: RFC 1002's, or nmbd's own pace.  Either is
 * kept here, for nmbd's is the time of day in whole seconds.
 */

#include "claim_clock.h"

#include <stdlib.h>
#include <sys/queue.h>
#include <time.h>

#include "steady.h"

/* RFC 1002 6: BCAST_REQ_RETRY_COUNT, BCAST_REQ_RETRY_TIMEOUT */
#define RETRY_COUNT	   3
#define RETRY_TIMEOUT_USEC 250000

/* Claims in a turn of nmbd's loop. */
#define AT_ONCE 4

/*
 * What nmbd does of its own: 3 more requests, a second apart.
 * Its clock of whole seconds stays behind ours as a net.
 */
#define NMBD_REPEATS	 3
#define NMBD_REPEAT_USEC 1000000
#define NMBD_NET_SECONDS 5

/*
 * A broadcast claim under way.  It is its record's userdata, so nmbd itself
 * frees it together with the record, on whatever path that happens.
 */
struct claim {
	struct userdata_struct userdata; /* first: nmbd knows this part */
	TAILQ_ENTRY(claim) entry;
	struct claim_clock *clock;
	struct response_record *rrec; /* lives as long as this */
	uint64_t due;		      /* the next request, or the end */
	uint32_t interval;
	uint8_t requests_left;
	bool on_clock;
};

struct claim_clock {
	bool rfc_timing;
	TAILQ_HEAD(claim_list, claim) list; /* by due */
	struct steady *timer;		    /* set while there are any */
};

static void put_on_clock(struct claim *c)
{
	struct claim_clock *clock = c->clock;
	struct claim *before = NULL;

	/* from the end: the interval is the same for nearly all */
	TAILQ_FOREACH_REVERSE(before, &clock->list, claim_list, entry) {
		if (before->due <= c->due) {
			TAILQ_INSERT_AFTER(&clock->list, before, c, entry);
			return;
		}
	}
	TAILQ_INSERT_HEAD(&clock->list, c, entry);
}

static void start_clock(struct claim_clock *clock)
{
	const struct claim *c = TAILQ_FIRST(&clock->list);
	uint64_t now = steady_now();

	if (c == NULL) {
		steady_stop(clock->timer);
	} else if (!steady_is_set(clock->timer)) {
		steady_set(clock->timer, (c->due > now) ? c->due - now : 0);
	}
}

/*
 * Some requests in a turn, and one end: with many names in its lists nmbd takes
 * long to enter another one.
 */
static void tick(void *private_data)
{
	struct claim_clock *clock = private_data;
	struct claim *c = NULL;
	uint64_t now = steady_now();
	unsigned i;

	for (i = 0; i < AT_ONCE; i++) {
		c = TAILQ_FIRST(&clock->list);
		if (c == NULL || c->due > now) {
			break;
		}
		/*
		 * nmbd does the work at the end of this turn, whatever its own
		 * clock says: one more request, or with none left the end of
		 * the claim.
		 */
		c->rrec->repeat_count = c->requests_left;
		c->rrec->repeat_time = 0;
		TAILQ_REMOVE(&clock->list, c, entry);
		c->on_clock = (c->requests_left > 0);
		if (!c->on_clock) {
			break;
		}
		c->requests_left--;
		c->due = now + c->interval;
		put_on_clock(c);
	}
	start_clock(clock);
}

static void claim_freed(struct userdata_struct *userdata)
{
	struct claim *c = (struct claim *)userdata;

	if (c->on_clock) {
		TAILQ_REMOVE(&c->clock->list, c, entry);
	}
	free(c);
}

void claim_clock_attach(struct claim_clock *clock,
			struct response_record *rrec)
{
	struct claim *c = calloc(1, sizeof(*c)); /* as nmbd's own userdata */

	if (c == NULL) {
		return; /* nmbd's clock serves it */
	}
	c->userdata.free_fn = claim_freed;
	c->clock = clock;
	c->rrec = rrec;
	if (clock->rfc_timing) {
		c->requests_left = RETRY_COUNT - 1;
		c->interval = RETRY_TIMEOUT_USEC;
	} else {
		c->requests_left = NMBD_REPEATS;
		c->interval = NMBD_REPEAT_USEC;
	}
	c->due = steady_now() + c->interval;
	c->on_clock = true;
	rrec->userdata = &c->userdata;
	rrec->repeat_time = time(NULL) + NMBD_NET_SECONDS;
	rrec->repeat_interval = NMBD_NET_SECONDS;
	put_on_clock(c);
	start_clock(clock);
}

void claim_clock_set_rfc_timing(struct claim_clock *clock, bool rfc_timing)
{
	clock->rfc_timing = rfc_timing;
}

struct claim_clock *claim_clock_init(TALLOC_CTX *mem_ctx,
				     struct tevent_context *ev)
{
	struct claim_clock *clock = talloc_zero(mem_ctx, struct claim_clock);

	if (clock == NULL) {
		return NULL;
	}
	clock->rfc_timing = true;
	TAILQ_INIT(&clock->list);
	clock->timer = steady_create(clock, ev, tick, clock);
	if (clock->timer == NULL) {
		talloc_free(clock);
		return NULL;
	}
	return clock;
}

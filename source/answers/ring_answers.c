/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The last events, and the last messages.
 */

#include "ring_answers.h"

#include "ring_report.h"

/* In a turn, fewer if they are long: well below a millisecond. */
#define AT_ONCE 32

static bool go_on(void *source)
{
	return ring_report_go_on(source, AT_ONCE);
}

static char *end(TALLOC_CTX *mem_ctx, const struct answers *as, void *source)
{
	return ring_report_end(mem_ctx, source);
}

static char *take(TALLOC_CTX *mem_ctx, void *source)
{
	return ring_report_take(mem_ctx, source);
}

static const struct long_kind ring_kind = {
	.go_on = go_on,
	.take = take,
	.end = end,
};

void ring_answer(TALLOC_CTX *mem_ctx, const struct answers *as,
		 const struct asker *asker, const struct request *req)
{
	bool messages = (req->verb == REQUEST_MESSAGES);

	long_answer(mem_ctx, as, asker, &ring_kind,
		    messages ? ring_report_begin(mem_ctx, &post_ring, as->post,
						 req->json, req->count,
						 req->after)
			     : ring_report_begin(mem_ctx, &event_sinks_ring,
						 as->sinks, req->json,
						 req->count, req->after));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Claims that wait are told in a turn of the loop of their own: the one who
 * claims is not to be called back.
 */

#include "untold.h"

struct untold {
	const struct claim_ops *ops;
	void *private_data;
	struct wire_name wire;
	char *subnet;
	char *reason;
};

static void tell(struct tevent_context *ev, struct tevent_immediate *im,
		 void *private_data)
{
	struct untold *u = talloc_get_type_abort(private_data, struct untold);

	u->ops->waiting(u->private_data, &u->wire, u->subnet, u->reason);
	talloc_free(u);
}

void untold_wait(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
		 const struct claim_ops *ops, void *private_data,
		 const struct wire_name *wire, const char *subnet,
		 const char *reason)
{
	struct untold *u = talloc_zero(mem_ctx, struct untold);
	struct tevent_immediate *im = NULL;

	if (u == NULL) {
		return;
	}
	u->ops = ops;
	u->private_data = private_data;
	u->wire = *wire;
	u->subnet = talloc_strdup(u, subnet);
	u->reason = talloc_strdup(u, reason);
	im = tevent_create_immediate(u);
	if (u->subnet == NULL || u->reason == NULL || im == NULL) {
		talloc_free(u);
		return;
	}
	tevent_schedule_immediate(im, ev, tell, u);
}

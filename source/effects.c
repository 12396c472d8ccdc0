/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What the service decides, handed to those who do it.
 */

#include <errno.h>

#include "messenger_parts.h"
#include "steady.h"

static void do_claim(void *private_data, const struct alias *alias,
		     const char *subnet)
{
	struct messenger *m = private_data;

	hooks_claim(m->hooks, alias->name, &alias->wire, subnet);
}

static void do_release(void *private_data, const struct alias *alias)
{
	struct messenger *m = private_data;

	hooks_release(m->hooks, &alias->wire);
}

static void do_event(void *private_data, struct event *ev)
{
	struct messenger *m = private_data;

	event_sinks_write(m->sinks, ev);
	if (ev->holder.s_addr != 0) {
		diagnosis_ask_alias(m->diagnosis, ev->seq, &ev->wire,
				    ev->holder, hooks_scope(m->hooks));
	}
}

static void do_settled(void *private_data, const struct wire_name *wire,
		       const struct service_outcome *outcome)
{
	struct messenger *m = private_data;

	control_settled(m->control, wire, outcome);
}

static int do_store(void *private_data, const char *name, bool kept)
{
	struct messenger *m = private_data;
	int err = in_cluster_store(m->cluster, name, kept);

	if (err == ENOENT) {
		return store_change(m->store, name, kept);
	}
	/* in a cluster it is kept by all, and by this node as a copy */
	if (err == 0) {
		store_note(m->store, name, kept);
	}
	return err;
}

static void do_revoke(void *private_data, const char *name)
{
	struct messenger *m = private_data;

	if (!in_cluster_revoke(m->cluster, name)) {
		store_note(m->store, name, false);
	}
}

static void do_alarm(void *private_data, enum service_alarm which,
		     unsigned seconds)
{
	struct messenger *m = private_data;

	alarms_set(m->alarms, which, seconds);
}

static void do_more(void *private_data)
{
	struct messenger *m = private_data;

	steady_set(m->more, 0);
}

static void do_ask(void *private_data, const struct alias *alias,
		   struct in_addr host)
{
	struct messenger *m = private_data;

	diagnosis_ask_alias(m->diagnosis, 0, &alias->wire, host,
			    hooks_scope(m->hooks));
}

static enum service_place do_place(void *private_data, const char *subnet,
				   struct service_node *holder)
{
	struct messenger *m = private_data;

	return in_cluster_place(m->cluster, subnet, holder);
}

static bool do_is_sibling(void *private_data, struct in_addr address)
{
	struct messenger *m = private_data;

	return in_cluster_is_sibling(m->cluster, address);
}

static void do_stand_by(void *private_data, const struct alias *alias,
			const char *subnet)
{
	struct messenger *m = private_data;

	hooks_stand_by(m->hooks, &alias->wire, subnet);
}

static void do_left(void *private_data, const struct alias *alias,
		    const char *subnet)
{
	struct messenger *m = private_data;

	hooks_left(m->hooks, &alias->wire, subnet);
}

const struct service_ops effects_ops = {
	.clock = steady_read,
	.claim = do_claim,
	.release = do_release,
	.event = do_event,
	.settled = do_settled,
	.store = do_store,
	.revoke = do_revoke,
	.ask = do_ask,
	.alarm = do_alarm,
	.more = do_more,
	.place = do_place,
	.is_sibling = do_is_sibling,
	.stand_by = do_stand_by,
	.left = do_left,
};

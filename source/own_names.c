/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * This server's names that are no aliases.  What the observer sees of them
 * goes to their table, what that has to tell to the sinks, and what it wants
 * to know to the holder and to WINS.
 */

#include "own_names.h"

#include "alarms.h"
#include "observer.h"
#include "steady.h"
#include "wins_owner.h"

struct own_names {
	struct netbt *netbt;
	struct observer *observer;
	struct wins_owner *wins;
	struct alarms *alarms;
	struct hooks *hooks;
	struct event_sinks *sinks;
	struct diagnosis *diagnosis;
	bool (*is_sibling)(void *private_data, struct in_addr address);
	void *sibling_data;
	struct event **held; /* a talloc array: who it is may be known soon */
	struct steady *patience;
};

/* So long it takes at most to hear of the other nodes of a cluster. */
#define PATIENCE_USEC 3000000

static void tell(struct own_names *own, struct event *ev)
{
	if (event_is_chatter(ev) && !event_sinks_want_chatter()) {
		talloc_free(ev);
		return;
	}
	event_sinks_write(own->sinks, ev);
	if (ev->holder.s_addr != 0) {
		diagnosis_ask(own->diagnosis, ev->seq, &ev->netbios, ev->holder,
			      hooks_scope(own->hooks));
	}
}

static bool do_is_sibling(void *private_data, struct in_addr address)
{
	struct own_names *own = private_data;

	return own->is_sibling != NULL &&
	       own->is_sibling(own->sibling_data, address);
}

static struct in_addr other_host(const struct event *ev)
{
	return (ev->holder.s_addr != 0) ? ev->holder : ev->claimant;
}

static void tell_held(void *private_data)
{
	struct own_names *own = private_data;
	size_t i;

	for (i = 0; i < talloc_array_length(own->held); i++) {
		if (do_is_sibling(own, other_host(own->held[i]))) {
			talloc_free(own->held[i]);
		} else {
			tell(own, own->held[i]);
		}
	}
	TALLOC_FREE(own->held);
}

/* Returns false without memory. */
static bool hold(struct own_names *own, struct event *ev)
{
	size_t num = talloc_array_length(own->held);
	struct event **more =
		talloc_realloc(own, own->held, struct event *, num + 1);

	if (more != NULL) {
		more[num] = ev;
		own->held = more;
	}
	return more != NULL;
}

static void do_event(void *private_data, struct event *ev)
{
	struct own_names *own = private_data;

	if (other_host(ev).s_addr == 0 || !steady_is_set(own->patience) ||
	    !hold(own, ev)) {
		tell(own, ev);
	}
}

static void do_ask(void *private_data, const struct netbios_name *name,
		   struct in_addr host)
{
	struct own_names *own = private_data;

	diagnosis_ask(own->diagnosis, 0, name, host, hooks_scope(own->hooks));
}

static void do_ask_wins(void *private_data, const struct netbios_name *name,
			struct in_addr server)
{
	struct own_names *own = private_data;

	wins_owner_ask(own->wins, name, server, hooks_scope(own->hooks));
}

static void do_alarm(void *private_data, unsigned seconds)
{
	struct own_names *own = private_data;

	alarms_set(own->alarms, 0, seconds);
}

static void do_look(void *private_data)
{
	struct own_names *own = private_data;

	observer_look(own->observer);
}

static const struct netbt_ops netbt_ops = {
	.clock = steady_read,
	.event = do_event,
	.ask = do_ask,
	.ask_wins = do_ask_wins,
	.alarm = do_alarm,
	.is_sibling = do_is_sibling,
	.look = do_look,
};

static void on_alarm(void *private_data, unsigned which)
{
	struct own_names *own = private_data;

	netbt_review(own->netbt);
}

static void on_owner(void *private_data, const struct netbios_name *name,
		     struct in_addr server, struct in_addr owner)
{
	struct own_names *own = private_data;

	netbt_owner(own->netbt, name, server, owner);
}

void own_names_diagnosed(struct own_names *own, const struct netbios_name *name,
			 struct in_addr address, const struct holder *details)
{
	netbt_diagnosed(own->netbt, name, address, details);
}

struct netbt *own_names_table(const struct own_names *own)
{
	return (own != NULL) ? own->netbt : NULL;
}

void own_names_configure(struct own_names *own, bool on)
{
	if (on == netbt_is_on(own->netbt)) {
		return;
	}
	observer_enable(own->observer, on);
	netbt_enable(own->netbt, on);
	if (on) {
		/* what is registered already */
		(void)netbt_look(own->netbt);
	} else {
		alarms_set(own->alarms, 0, 0);
	}
}

void own_names_join(struct own_names *own,
		    bool (*is_sibling)(void *private_data,
				       struct in_addr address),
		    void *private_data)
{
	own->is_sibling = is_sibling;
	own->sibling_data = private_data;
	netbt_join(own->netbt);
	steady_set(own->patience, PATIENCE_USEC);
}

void own_names_cluster_changed(struct own_names *own)
{
	netbt_cluster_changed(own->netbt);
}

struct own_names *own_names_init(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
				 const struct interfaces *interfaces,
				 struct event_sinks *sinks,
				 struct diagnosis *diagnosis)
{
	struct own_names *own = talloc_zero(mem_ctx, struct own_names);

	if (own == NULL) {
		return NULL;
	}
	talloc_set_name_const(own, "messenger: own names");
	own->sinks = sinks;
	own->diagnosis = diagnosis;
	own->netbt = netbt_init(own, &netbt_ops, own);
	own->observer = (own->netbt != NULL)
				? observer_init(own, &netbt_name_ops,
						own->netbt, interfaces)
				: NULL;
	own->wins = wins_owner_init(own, ev, interfaces, on_owner, own);
	own->alarms = alarms_create(own, ev, 1, on_alarm, own);
	own->patience = steady_create(own, ev, tell_held, own);
	if (own->observer == NULL || own->wins == NULL ||
	    own->alarms == NULL || own->patience == NULL) {
		talloc_free(own);
		return NULL;
	}
	return own;
}

void own_names_hook(struct own_names *own, struct hooks *hooks)
{
	own->hooks = hooks;
	hooks_show(hooks, own->observer);
}

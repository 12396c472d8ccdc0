/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Other hosts that want this server's names: counted, and told once in a
 * while.  Pure.
 */

#include "netbt_private.h"

static void tell_contest(struct netbt *n, const struct contest_report *r)
{
	const struct netbios_name name = {
		.wire = r->contest.wire,
		.type = r->contest.type,
	};
	const struct name_entry *e = name_table_find(n->table, &name);
	struct event *ev = NULL;

	/* it may have become known since */
	if (e != NULL && !netbt_is_sibling(n, r->contest.from)) {
		ev = netbt_event(n, EVENT_NAME_CONFLICT, e);
	}
	if (ev == NULL) {
		return;
	}
	ev->contest = r->contest.kind;
	ev->claimant = r->contest.from;
	ev->count = r->count;
	netbt_tell(n, ev, NULL);
}

static void plan_review(struct netbt *n)
{
	uint64_t uptime = netbt_uptime(n);
	unsigned wait = contests_wait(n->contests, uptime);

	if (wait > 0 && (n->review == 0 || uptime + wait < n->review)) {
		n->review = uptime + wait;
		n->ops->alarm(n->private_data, wait);
	}
}

void netbt_contested(void *private_data, const struct contest *c,
			 const char *subnet)
{
	struct netbt *n = private_data;
	const struct netbios_name name = { .wire = c->wire, .type = c->type };
	const struct name_entry *e = name_table_find(n->table, &name);
	struct name_subnet *where =
		(e != NULL) ? name_entry_find(e, subnet) : NULL;
	struct contest_report report;

	/* members of a group come and go, and so do elected masters */
	if (where == NULL || name_type_is_elected(&e->name) ||
	    (e->name.group && c->kind != CONTEST_DEMAND)) {
		return;
	}
	if (where->state == NAME_REGISTERING &&
	    c->kind == CONTEST_REGISTRATION) {
		where->rival = c->from;
	}
	if (where->state != NAME_REGISTERED) {
		return;
	}
	if (contests_count(n->contests, c, netbt_uptime(n), &report)) {
		tell_contest(n, &report);
	}
	plan_review(n);
}

void netbt_join(struct netbt *n)
{
	contests_set_patience(n->contests, CONTEST_PATIENCE_SECONDS);
}

void netbt_review(struct netbt *n)
{
	uint64_t now = netbt_uptime(n);
	struct contest_report report;

	n->review = 0;
	while (contests_due(n->contests, now, &report)) {
		tell_contest(n, &report);
	}
	plan_review(n);
}

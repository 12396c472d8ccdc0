/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Claims to come: sent at a pace that the sockets of the neighbours survive.
 */

#include "hooks_private.h"

#include <string.h>

/*
 * A socket with the usual buffer holds 256 such packets.  With the repetitions
 * of those before them, 16 new names make a burst of 48, four times in the
 * 250 ms of RFC 1002.
 */
#define PACE_NAMES 16
#define PACE_USEC  (RETRY_TIMEOUT_USEC / 4)

/* A claim that waits for its turn. */
struct queued {
	TAILQ_ENTRY(queued) entry;
	const char *name;
	struct wire_name wire;
	const char *subnet; /* NULL: all of them */
};

static const struct in_addr nobody = { .s_addr = 0 };

struct unsent {
	struct wire_name wire;
	char *subnet;
};

/* Told in a turn of its own: the one who claims is not to be called back. */
static void tell_unsent(struct tevent_context *ev, struct tevent_timer *te,
			struct timeval now, void *private_data)
{
	struct unsent *u = talloc_get_type_abort(private_data, struct unsent);

	nmbd_hooks->ops->refused(nmbd_hooks->private_data, &u->wire, u->subnet,
				 NERR_NetworkError, 0, nobody);
	talloc_free(u);
}

static void not_sent(const struct subnet_record *subrec,
		     const struct wire_name *wire)
{
	struct unsent *u = talloc_zero(nmbd_hooks, struct unsent);

	if (u == NULL) {
		return;
	}
	u->wire = *wire;
	u->subnet = talloc_strdup(u, subrec->subnet_name);
	if (u->subnet == NULL ||
	    tevent_add_timer(nmbd_hooks->ev, u, tevent_timeval_zero(),
			     tell_unsent, u) == NULL) {
		talloc_free(u);
	}
}

void hook_claim_on(struct subnet_record *subrec, const char *name,
		   const struct wire_name *wire)
{
	struct response_record *rrec = hook_find_claim(subrec, wire);

	if (rrec == NULL) {
		/* nmbd would enter it a second time */
		hook_remove_name(subrec, wire);
		register_name(subrec, name, MESSENGER_NAME_TYPE, samba_nb_type,
			      NULL, NULL, NULL);
		hook_put_last(subrec, wire);
		rrec = hook_find_claim(subrec, wire);
	}
	if (rrec == NULL) {
		(void)nmbd_hooks->ops->claiming(nmbd_hooks->private_data, wire,
						subrec->subnet_name);
		not_sent(subrec, wire);
		return;
	}
	hook_look_at(subrec, rrec);
}

static void send_claim(const struct queued *q)
{
	struct subnet_record *subrec = NULL;

	for (subrec = subnetlist; subrec != NULL; subrec = subrec->next) {
		if (q->subnet == NULL ||
		    strcmp(q->subnet, subrec->subnet_name) == 0) {
			hook_claim_on(subrec, q->name, &q->wire);
		}
	}
	if (we_are_a_wins_client() &&
	    (q->subnet == NULL ||
	     hook_find_own(unicast_subnet, &q->wire) == NULL)) {
		hook_claim_in_wins(q->name, &q->wire);
	}
}

static void paced(struct tevent_context *ev, struct tevent_timer *te,
		  struct timeval now, void *private_data);

static void send_queued(void)
{
	struct queued *q = NULL;

	while (nmbd_hooks->pace_left > 0 &&
	       (q = TAILQ_FIRST(&nmbd_hooks->queue)) != NULL) {
		TAILQ_REMOVE(&nmbd_hooks->queue, q, entry);
		send_claim(q);
		talloc_free(q);
		nmbd_hooks->pace_left--;
	}
	if (nmbd_hooks->pace == NULL && nmbd_hooks->pace_left < PACE_NAMES) {
		nmbd_hooks->pace =
			tevent_add_timer(nmbd_hooks->ev, nmbd_hooks,
					 tevent_timeval_current_ofs(0,
								    PACE_USEC),
					 paced, NULL);
		if (nmbd_hooks->pace == NULL) {
			nmbd_hooks->pace_left = PACE_NAMES;
		}
	}
}

static void paced(struct tevent_context *ev, struct tevent_timer *te,
		  struct timeval now, void *private_data)
{
	TALLOC_FREE(nmbd_hooks->pace);
	nmbd_hooks->pace_left = PACE_NAMES;
	send_queued();
}

/* Returns NULL without memory. */
static struct queued *copy_of(struct hooks *h, const struct queued *claim)
{
	struct queued *q = talloc_zero(h, struct queued);

	if (q == NULL) {
		return NULL;
	}
	q->wire = claim->wire;
	q->name = talloc_strdup(q, claim->name);
	q->subnet = talloc_strdup(q, claim->subnet);
	if (q->name == NULL || (claim->subnet != NULL && q->subnet == NULL)) {
		talloc_free(q);
		return NULL;
	}
	return q;
}

void hooks_claim(struct hooks *h, const char *name,
		 const struct wire_name *wire, const char *subnet)
{
	const struct queued claim = {
		.name = name,
		.wire = *wire,
		.subnet = subnet,
	};
	struct queued *q = NULL;

	TAILQ_FOREACH(q, &h->queue, entry) {
		if (q->subnet == NULL && wire_name_equal(&q->wire, wire)) {
			return; /* its turn is yet to come */
		}
	}
	q = copy_of(h, &claim);
	if (q == NULL) {
		/* a name that is never claimed would wait for ever */
		send_claim(&claim);
		return;
	}
	TAILQ_INSERT_TAIL(&h->queue, q, entry);
	send_queued();
}

void hook_drop_queued(const struct wire_name *wire)
{
	struct queued *q = NULL;
	struct queued *next = NULL;

	for (q = TAILQ_FIRST(&nmbd_hooks->queue); q != NULL; q = next) {
		next = TAILQ_NEXT(q, entry);
		if (wire_name_equal(&q->wire, wire)) {
			TAILQ_REMOVE(&nmbd_hooks->queue, q, entry);
			talloc_free(q);
		}
	}
}

void hook_queue_init(struct hooks *h)
{
	TAILQ_INIT(&h->queue);
	h->pace_left = PACE_NAMES;
}

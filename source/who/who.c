/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Who holds a name.  All places are asked at once, then each holder that was
 * heard of; a holder of several places is asked for each.
 */

#include "who.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "name_query.h"
#include "places.h"
#include "probe.h"
#include "who_private.h"

/* RFC 1002 6 */
#define STATUS_TRIES	   2
#define STATUS_INTERVAL_MS 500

/* Of a group there may be many; who they are is seen by a few. */
#define HOLDERS_MAX 8

static int forget_question(struct who_question *q)
{
	q->who->num--;
	return 0;
}

void who_end(struct who_question *q)
{
	if (q->pending > 0) {
		return;
	}
	q->answered(q->private_data, q->failed ? NULL : &q->answer);
	talloc_free(q);
}

bool who_wait_for(struct who_question *q, struct tevent_req *subreq,
		  tevent_req_fn fn, size_t place, size_t holder)
{
	struct who_asked *a = NULL;

	if (subreq != NULL) {
		a = talloc_zero(subreq, struct who_asked);
	}
	if (a == NULL) {
		talloc_free(subreq);
		q->failed = true;
		return false;
	}
	a->question = q;
	a->place = place;
	a->holder = holder;
	tevent_req_set_callback(subreq, fn, a);
	q->pending++;
	return true;
}

/*
 * Holders.
 */

static void holder_answered(struct tevent_req *subreq)
{
	struct who_asked a =
		*tevent_req_callback_data(subreq, struct who_asked);
	struct who_question *q = a.question;
	struct who_holder *h = &q->answer.places[a.place].holders[a.holder];
	struct nbns_answer answer;
	bool ok = probe_recv(subreq, &answer) == 0 && answer.rcode == 0;

	talloc_free(subreq);
	h->details = holder_create_for(q, ok ? &answer : NULL, &q->answer.key);
	q->failed = q->failed || h->details == NULL;
	q->pending--;
	who_end(q);
}

static bool is_known(const struct who_place *p, struct in_addr address)
{
	size_t i;

	for (i = 0; i < talloc_array_length(p->holders); i++) {
		if (p->holders[i].address.s_addr == address.s_addr) {
			return true;
		}
	}
	return false;
}

void who_ask_holder(struct who_question *q, size_t place,
		    struct in_addr address)
{
	struct who_place *p = &q->answer.places[place];
	size_t num = talloc_array_length(p->holders);
	const struct probe_question question = {
		.to = address,
		.question = NBNS_STATUS,
		.scope = hooks_scope(q->who->hooks),
		.tries = STATUS_TRIES,
		.interval_ms = STATUS_INTERVAL_MS,
	};
	struct who_holder *more = NULL;

	/* an answer of ours says what nmbd's list has said */
	if (interfaces_have(q->who->interfaces, address) ||
	    is_known(p, address)) {
		return;
	}
	if (num >= HOLDERS_MAX) {
		p->more++;
		return;
	}
	more = talloc_realloc(q, p->holders, struct who_holder, num + 1);
	if (more == NULL) {
		q->failed = true;
		return;
	}
	p->holders = more;
	more[num] = (struct who_holder){ .address = address };
	(void)who_wait_for(q, probe_send(q, q->who->ev, &question),
			   holder_answered, place, num);
}

/*
 * Places.
 */

static void cannot_ask(struct who_question *q, struct who_place *p, int err)
{
	if (p->reason == NULL) {
		p->reason = talloc_strdup(q, strerror(err));
		q->failed = q->failed || p->reason == NULL;
	}
}

static void net_answered(struct tevent_req *subreq)
{
	struct who_asked a =
		*tevent_req_callback_data(subreq, struct who_asked);
	struct who_question *q = a.question;
	struct who_place *p = &q->answer.places[a.place];
	struct name_query_answer answer = { .num_hosts = 0 };
	int err = name_query_recv(subreq, &answer);
	size_t i;

	talloc_free(subreq);
	if (err != 0) {
		cannot_ask(q, p, err);
		/* nmbd keeps the last subnet when its address is gone */
		p->ours = p->ours &&
			  interfaces_have(q->who->interfaces, p->address);
	}
	p->group = answer.group;
	for (i = 0; i < answer.num_hosts; i++) {
		who_ask_holder(q, a.place, answer.hosts[i]);
	}
	q->pending--;
	who_end(q);
}

static void ask_place(struct who_question *q, size_t place)
{
	const struct who_place *p = &q->answer.places[place];

	if (p->broadcast.s_addr == 0) {
		who_ask_wins(q, place);
		return;
	}
	(void)who_wait_for(q,
			   name_query_send(q, q->who->ev, p->address,
					   p->broadcast, &q->answer.key,
					   hooks_scope(q->who->hooks)),
			   net_answered, place, 0);
}

static void add_place(void *private_data, const char *subnet,
		      struct in_addr address, struct in_addr broadcast,
		      bool ours)
{
	struct who_question *q = private_data;
	size_t num = talloc_array_length(q->answer.places);
	struct who_place *more =
		talloc_realloc(q, q->answer.places, struct who_place, num + 1);

	if (more == NULL) {
		q->failed = true;
		return;
	}
	q->answer.places = more;
	/* each name of nmbd's is in the list for WINS, registered or not */
	if (broadcast.s_addr == 0) {
		q->listed = ours;
		ours = false;
	}
	more[num] = (struct who_place){
		.subnet = talloc_strdup(q, subnet),
		.address = address,
		.broadcast = broadcast,
		.ours = ours,
	};
	q->failed = q->failed || more[num].subnet == NULL;
}

static void all_asked(struct tevent_context *ev, struct tevent_immediate *im,
		      void *private_data)
{
	struct who_question *q =
		talloc_get_type_abort(private_data, struct who_question);

	q->pending--;
	who_end(q);
}

bool who_is_busy(const struct who *w)
{
	return w->num >= WHO_QUESTIONS_MAX;
}

bool who_ask(struct who *w, const char *name, const struct netbios_name *key,
	     who_answered answered, void *private_data)
{
	struct who_question *q = NULL;
	struct tevent_immediate *im = NULL;
	size_t i;

	if (who_is_busy(w)) {
		return false;
	}
	q = talloc_zero(w, struct who_question);
	if (q == NULL) {
		return false;
	}
	q->who = w;
	w->num++;
	talloc_set_destructor(q, forget_question);
	q->answer.key = *key;
	q->answered = answered;
	q->private_data = private_data;
	q->answer.name = talloc_strdup(q, name);
	places_tell(key, hooks_scope(w->hooks), add_place, q);
	if (q->answer.name == NULL || q->failed) {
		talloc_free(q);
		return false;
	}
	im = tevent_create_immediate(q);
	if (im == NULL) {
		talloc_free(q);
		return false;
	}
	talloc_steal(q, private_data);
	/* the answer comes after this returns, even if nobody can be asked */
	q->pending++;
	tevent_schedule_immediate(im, w->ev, all_asked, q);
	for (i = 0; i < talloc_array_length(q->answer.places); i++) {
		ask_place(q, i);
	}
	return true;
}

struct who *who_init(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
		     const struct hooks *hooks,
		     const struct interfaces *interfaces)
{
	struct who *w = talloc_zero(mem_ctx, struct who);

	if (w == NULL) {
		return NULL;
	}
	w->ev = ev;
	w->hooks = hooks;
	w->interfaces = interfaces;
	w->servers = who_servers_init(w);
	if (w->servers == NULL) {
		TALLOC_FREE(w);
	}
	return w;
}

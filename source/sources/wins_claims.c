/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Questions to WINS that come before a claim there.  What nmbd registers at
 * its own start is under way already when we come: then the answer is a second
 * opinion.
 */

#include "wins_claims.h"

#include <sys/queue.h>

#include "wins_query.h"

/*
 * A question to WINS that is to be answered before the claim there.  It stays
 * until the name is given up: the claim may yet be refused, and then this
 * knows by whom.
 */
struct check {
	TAILQ_ENTRY(check) entry;
	struct wins_claims *claims;
	char *name;
	struct wire_name wire;
	struct tevent_req *subreq; /* NULL: answered */
	struct in_addr suspect;	   /* an owner that did not answer */
};

struct wins_claims {
	struct tevent_context *ev;
	wins_claims_answered answered;
	void *private_data;
	TAILQ_HEAD(, check) checks;
};

static struct check *find_check(const struct wins_claims *w,
				const struct wire_name *wire)
{
	struct check *c = NULL;

	TAILQ_FOREACH(c, &w->checks, entry) {
		if (wire_name_equal(&c->wire, wire)) {
			break;
		}
	}
	return c;
}

struct in_addr wins_claims_suspect(const struct wins_claims *w,
				   const struct wire_name *wire)
{
	const struct check *c = find_check(w, wire);
	const struct in_addr nobody = { .s_addr = 0 };

	return (c != NULL) ? c->suspect : nobody;
}

bool wins_claims_pending(const struct wins_claims *w,
			 const struct wire_name *wire)
{
	const struct check *c = find_check(w, wire);

	return c != NULL && c->subreq != NULL;
}

static void checked(struct tevent_req *subreq)
{
	struct check *c = tevent_req_callback_data(subreq, struct check);
	struct wins_verdict v = wins_check_recv(subreq);

	TALLOC_FREE(c->subreq);
	c->suspect = v.owner;
	c->claims->answered(c->claims->private_data, c->name, &c->wire, &v);
}

static int remove_check(struct check *c)
{
	TAILQ_REMOVE(&c->claims->checks, c, entry);
	return 0;
}

void wins_claims_drop(struct wins_claims *w, const struct wire_name *wire)
{
	talloc_free(find_check(w, wire));
}

bool wins_claims_ask(struct wins_claims *w, const char *name,
		     const struct wire_name *wire, const char *scope,
		     struct in_addr self)
{
	struct check *c = NULL;

	wins_claims_drop(w, wire);
	c = talloc_zero(w, struct check);
	if (c == NULL) {
		return false;
	}
	c->claims = w;
	TAILQ_INSERT_TAIL(&w->checks, c, entry);
	talloc_set_destructor(c, remove_check);
	c->wire = *wire;
	c->name = talloc_strdup(c, name);
	c->subreq = (c->name != NULL)
			    ? wins_check_send(c, w->ev, wire, scope, self)
			    : NULL;
	if (c->subreq == NULL) {
		talloc_free(c);
		return false;
	}
	tevent_req_set_callback(c->subreq, checked, c);
	return true;
}

struct wins_claims *wins_claims_init(TALLOC_CTX *mem_ctx,
				     struct tevent_context *ev,
				     wins_claims_answered answered,
				     void *private_data)
{
	struct wins_claims *w = talloc_zero(mem_ctx, struct wins_claims);

	if (w == NULL) {
		return NULL;
	}
	w->ev = ev;
	w->answered = answered;
	w->private_data = private_data;
	TAILQ_INIT(&w->checks);
	return w;
}

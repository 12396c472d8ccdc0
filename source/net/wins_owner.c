/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Asks a WINS server that has refused a name whose it is.
 */

#include "wins_owner.h"

#include "probe.h"

/* Two seconds in all. */
#define TRIES	    4
#define INTERVAL_MS 500

#define ASKED_MAX 64 /* at a time; a server has few names of its own */

struct wins_owner {
	struct tevent_context *ev;
	const struct interfaces *interfaces;
	wins_owner_told told;
	void *private_data;
	unsigned asked;
};

struct owner_question {
	struct wins_owner *wins;
	struct netbios_name name;
	struct in_addr server;
};

static int forget(struct owner_question *q)
{
	q->wins->asked--;
	return 0;
}

static void answered(struct tevent_req *subreq)
{
	struct owner_question *q =
		tevent_req_callback_data(subreq, struct owner_question);
	struct wins_owner *wins = q->wins;
	struct in_addr owner = { .s_addr = 0 };
	struct nbns_answer answer;
	bool ok = probe_recv(subreq, &answer) == 0 && answer.rcode == 0 &&
		  !answer.wait && !answer.group;
	size_t i;

	talloc_free(subreq);
	for (i = 0; ok && i < answer.num_addresses; i++) {
		if (!interfaces_of_computer(wins->interfaces, answer.addresses[i])) {
			owner = answer.addresses[i];
			break;
		}
	}
	wins->told(wins->private_data, &q->name, q->server, owner);
	talloc_free(q);
}

void wins_owner_ask(struct wins_owner *wins, const struct netbios_name *name,
		    struct in_addr server, const char *scope)
{
	const struct probe_question p = {
		.to = server,
		.question = NBNS_QUERY,
		.wire = &name->wire,
		.type = name->type,
		.scope = scope,
		.recursion = true,
		.tries = TRIES,
		.interval_ms = INTERVAL_MS,
	};
	struct owner_question *q = NULL;
	struct tevent_req *subreq = NULL;

	if (wins->asked >= ASKED_MAX) {
		return;
	}
	q = talloc_zero(wins, struct owner_question);
	if (q == NULL) {
		return;
	}
	q->wins = wins;
	q->name = *name;
	q->server = server;
	wins->asked++;
	talloc_set_destructor(q, forget);
	subreq = probe_send(q, wins->ev, &p);
	if (subreq == NULL) {
		talloc_free(q);
		return;
	}
	tevent_req_set_callback(subreq, answered, q);
}

struct wins_owner *wins_owner_init(TALLOC_CTX *mem_ctx,
				   struct tevent_context *ev,
				   const struct interfaces *interfaces,
				   wins_owner_told told, void *private_data)
{
	struct wins_owner *wins = talloc_zero(mem_ctx, struct wins_owner);

	if (wins == NULL) {
		return NULL;
	}
	wins->ev = ev;
	wins->interfaces = interfaces;
	wins->told = told;
	wins->private_data = private_data;
	return wins;
}

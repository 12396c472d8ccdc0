/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Who holds a name by the word of WINS: the servers of smb.conf, of each tag
 * one, are asked one after the other.
 */

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "probe.h"
#include "who_private.h"

/* A server that is up answers in a millisecond. */
#define SERVER_TRIES	   2
#define SERVER_INTERVAL_MS 750
/* The answer must be there before smbcontrol has waited 10 s. */
#define SILENT_SERVERS_MAX 4

static void ask_server(struct who_question *q, size_t place);

/* Of a group WINS need not say who is in it. */
static bool has_ours(const struct who_question *q,
		     const struct nbns_answer *answer)
{
	size_t i;

	for (i = 0; i < answer->num_addresses; i++) {
		if (interfaces_have(q->who->interfaces, answer->addresses[i])) {
			return true;
		}
	}
	return answer->group;
}

/* Returns whether its tag has another one. */
static bool take_next_server(struct who_question *q, const struct who_place *p)
{
	struct wins_server *server = &q->servers[q->server];

	q->tried[q->num_tried++] = server->ip;
	return ++q->silent < SILENT_SERVERS_MAX &&
	       q->num_tried < WHO_SERVERS_TRIED_MAX &&
	       who_servers_next(q->who->servers, server, q->tried, q->num_tried,
				p->address);
}

/* What is in the database of this tag, nobody knows. */
static void no_server(struct who_question *q, struct who_place *p,
		      struct in_addr server, int err)
{
	if (p->reason == NULL) {
		p->reason = talloc_asprintf(q, "WINS server %s: %s",
					    inet_ntoa(server),
					    (err == ETIMEDOUT)
						    ? "it does not answer"
						    : strerror(err));
		q->failed = q->failed || p->reason == NULL;
	}
}

static void take_records(struct who_question *q, size_t place,
			 const struct nbns_answer *answer)
{
	struct who_place *p = &q->answer.places[place];
	size_t i;

	if (answer->rcode != 0) {
		return;
	}
	p->group = p->group || answer->group;
	p->ours = p->ours || (q->listed && has_ours(q, answer));
	for (i = 0; i < answer->num_addresses; i++) {
		/* WINS keeps a group's members as all ones */
		if (answer->addresses[i].s_addr != INADDR_BROADCAST) {
			who_ask_holder(q, place, answer->addresses[i]);
		}
	}
}

static void server_answered(struct tevent_req *subreq)
{
	struct who_asked a =
		*tevent_req_callback_data(subreq, struct who_asked);
	struct who_question *q = a.question;
	struct who_place *p = &q->answer.places[a.place];
	struct in_addr server = q->servers[q->server].ip;
	struct nbns_answer answer = { .rcode = 0 };
	int err = probe_recv(subreq, &answer);
	bool again = false;

	talloc_free(subreq);
	if (err == 0) {
		p->server = server;
		take_records(q, a.place, &answer);
	} else {
		again = take_next_server(q, p);
		if (!again) {
			no_server(q, p, server, err);
		}
	}
	if (!again) {
		q->server++;
		q->num_tried = 0;
	}
	q->pending--;
	if (q->silent < SILENT_SERVERS_MAX) {
		ask_server(q, a.place);
	}
	who_end(q);
}

/* One after the other: each tag of smb.conf has a database of its own. */
static void ask_server(struct who_question *q, size_t place)
{
	const struct probe_question question = {
		.to = q->servers[q->server].ip,
		.question = NBNS_QUERY,
		.wire = &q->answer.key.wire,
		.type = q->answer.key.type,
		.scope = hooks_scope(q->who->hooks),
		.recursion = true,
		.tries = SERVER_TRIES,
		.interval_ms = SERVER_INTERVAL_MS,
	};

	if (question.to.s_addr != 0) {
		(void)who_wait_for(q, probe_send(q, q->who->ev, &question),
				   server_answered, place, 0);
	}
}

void who_ask_wins(struct who_question *q, size_t place)
{
	struct who_place *p = &q->answer.places[place];

	q->servers = who_servers_list(q, q->who->servers, p->address);
	if (q->servers == NULL) {
		q->failed = true;
	} else if (q->servers[0].ip.s_addr == 0) {
		p->reason = wins_servers_text(q);
	} else {
		ask_server(q, place);
	}
}

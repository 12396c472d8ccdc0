/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What the files of this room share: a question under way.
 */

#ifndef MESSENGER_SOURCE_WHO_PRIVATE_H
#define MESSENGER_SOURCE_WHO_PRIVATE_H

#include "who.h"
#include "who_servers.h"

struct who {
	struct tevent_context *ev;
	const struct hooks *hooks;
	const struct interfaces *interfaces;
	struct who_servers *servers;
	unsigned num; /* of questions */
};

struct who_question {
	struct who *who;
	struct who_answer answer;
	who_answered answered;
	void *private_data;
	unsigned pending; /* of what was sent */
	bool failed;	  /* without memory */
	bool listed; /* in nmbd's list for WINS, whatever WINS says of it */
	/* WINS: one for each tag, a talloc array, ours; NULL: no WINS */
	struct wins_server *servers;
	size_t server; /* the one that is asked */
	unsigned silent;
	struct in_addr tried[WHO_SERVERS_TRIED_MAX]; /* of its tag */
	size_t num_tried;
};

/* Something that was sent, and for which place, or which holder there. */
struct who_asked {
	struct who_question *question;
	size_t place;
	size_t holder;
};

/** @brief Takes the request; NULL: there was no memory for it. */
bool who_wait_for(struct who_question *q, struct tevent_req *subreq,
		  tevent_req_fn fn, size_t place, size_t holder);

/** @brief Answer, if nothing is pending any more: then the question is gone. */
void who_end(struct who_question *q);

/** @brief Somebody has it, or stands in a record: who is it? */
void who_ask_holder(struct who_question *q, size_t place,
		    struct in_addr address);

/** @brief Ask the WINS servers. */
void who_ask_wins(struct who_question *q, size_t place);

#endif /* MESSENGER_SOURCE_WHO_PRIVATE_H */

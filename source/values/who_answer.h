/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Who holds a name: what was heard on each subnet and in WINS.  Values.
 */

#ifndef MESSENGER_SOURCE_WHO_ANSWER_H
#define MESSENGER_SOURCE_WHO_ANSWER_H

#include <netinet/in.h>

#include "holder.h"
#include "name.h"

/** Somebody who has it, or for whom WINS has a record. */
struct who_holder {
	struct in_addr address;
	struct holder *details; /* NULL: not asked yet */
};

struct who_place {
	char *subnet;		/* nmbd's name for it; owned */
	struct in_addr address; /* of ours there */
	struct in_addr broadcast;
	bool ours; /* nmbd has it there */
	bool group;
	struct in_addr server; /* WINS: who answered; 0.0.0.0: nobody */
	char *reason;	       /* why it could not be asked; NULL; owned */
	struct who_holder *holders; /* a talloc array; owned */
	unsigned more;		    /* that are not among them */
};

/** Each in its answer owns all of it. */
struct who_answer {
	char *name; /* UNIX charset, upper case */
	struct netbios_name key;
	struct who_place *places; /* a talloc array */
};

#endif /* MESSENGER_SOURCE_WHO_ANSWER_H */

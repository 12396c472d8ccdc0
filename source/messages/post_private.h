/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What post.c (the rule) and post_report.c (what it has kept) share.
 */

#ifndef MESSENGER_SOURCE_POST_PRIVATE_H
#define MESSENGER_SOURCE_POST_PRIVATE_H

#include "post.h"
#include "ring.h"

struct post {
	const struct post_ops *ops;
	void *private_data;
	char *instance;
	bool broadcasts;
	bool reviewing; /* an alarm for it is under way */
	struct limits *limits;
	struct turned_away *turned_away;
	uint64_t seq;			 /* of the last message */
	struct message *ring[RING_SIZE]; /* at seq % its length */
};

#endif /* MESSENGER_SOURCE_POST_PRIVATE_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What is to be done with messages, each in a process of its own: so each
 * fails alone, and none waits for another.
 */

#ifndef MESSENGER_SOURCE_NOTIFY_JOBS_H
#define MESSENGER_SOURCE_NOTIFY_JOBS_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>
#include <talloc.h>

#include "message.h"
#include "notify_table.h"

/* So many of one entry at once, and of all; the others wait for their turn. */
#define NOTIFY_JOBS_OF_ONE  4
#define NOTIFY_JOBS_RUNNING 64
/* So many of one entry may wait; more are left out, and told of. */
#define NOTIFY_JOBS_WAITING 256
/* So long one may take. */
#define NOTIFY_JOB_SECONDS 30

struct notify_jobs;

/** @brief NULL without memory. */
struct notify_jobs *notify_jobs_create(TALLOC_CTX *mem_ctx);

/**
 * @brief Do this, now or soon; the entry and the message are copied.
 *
 * An entry is given messages in their order; one that it was given before is
 * passed over.
 */
void notify_jobs_add(struct notify_jobs *jobs, const struct notify_entry *e,
		     const struct message *m);

/** @brief Begin what may begin, end what takes too long, and see what is done:
 *         to be called when a child has ended, and now and then. */
void notify_jobs_look(struct notify_jobs *jobs);

/** @brief How many have begun and are not done. */
size_t notify_jobs_running(const struct notify_jobs *jobs);

/** @brief What waits is for the next process. */
void notify_jobs_begin_no_more(struct notify_jobs *jobs);

/** @brief nmbd was restarted: its messages are numbered from 1 again. */
void notify_jobs_new_run(struct notify_jobs *jobs);

/**
 * @brief How far it is.
 *
 * @param[in]  seq    Of the last message that was added, of this run of nmbd.
 * @param[out] ahead  An object: of entries that are further, how far.
 *
 * @return All have begun up to this one.
 */
json_int_t notify_jobs_done(const struct notify_jobs *jobs, json_int_t seq,
			    json_t *ahead);

/** @brief Before any is added: so far entries were, in an earlier process. */
void notify_jobs_go_on(struct notify_jobs *jobs, json_t *ahead);

/** @brief End all that run. */
void notify_jobs_end(struct notify_jobs *jobs);

#endif /* MESSENGER_SOURCE_NOTIFY_JOBS_H */

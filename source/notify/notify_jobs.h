/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What is to be done with messages, each in a process of its own: so each
 * fails alone, and none waits for another.
 */

#ifndef MESSENGER_SOURCE_NOTIFY_JOBS_H
#define MESSENGER_SOURCE_NOTIFY_JOBS_H

#include <stdbool.h>
#include <stddef.h>

#include <talloc.h>

#include "message.h"
#include "notify_table.h"

/* So many at once; the others wait for their turn. */
#define NOTIFY_JOBS_RUNNING 16
/* So many may wait; more are left out, and told of. */
#define NOTIFY_JOBS_WAITING 1024
/* So long one may take. */
#define NOTIFY_JOB_SECONDS 30

struct notify_jobs;

/** @brief NULL without memory. */
struct notify_jobs *notify_jobs_create(TALLOC_CTX *mem_ctx);

/** @brief Do this, now or soon; the entry and the message are copied. */
void notify_jobs_add(struct notify_jobs *jobs, const struct notify_entry *e,
		     const struct message *m);

/** @brief Begin what may begin, end what takes too long, and see what is done:
 *         to be called when a child has ended, and now and then. */
void notify_jobs_look(struct notify_jobs *jobs);

/** @brief How many are not done. */
size_t notify_jobs_num(const struct notify_jobs *jobs);

/** @brief Has one of them not begun? */
bool notify_jobs_waiting(const struct notify_jobs *jobs);

/** @brief End all that run. */
void notify_jobs_end(struct notify_jobs *jobs);

#endif /* MESSENGER_SOURCE_NOTIFY_JOBS_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "notify_jobs.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/queue.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "notify_people.h"
#include "notify_program.h"
#include "say.h"

struct job {
	TAILQ_ENTRY(job) entry;
	struct notify_entry *what;
	struct message *message;
	uint64_t run; /* of nmbd */
	pid_t pid;    /* 0: it waits */
	int said;     /* an eventfd: it has said itself what went wrong */
	time_t end;
	bool killed;
};

TAILQ_HEAD(job_list, job);

/*
 * The jobs of one entry.  They begin in the order of their messages, so one
 * number tells which have begun.
 */
struct lane {
	struct lane *next;
	char *text;	      /* the entry */
	struct job_list list; /* the oldest first */
	size_t waiting;
	size_t running;
	uint64_t added;	 /* the last message of this run of nmbd */
	uint64_t begun;	 /* likewise */
	size_t left_out; /* since it was told */
};

struct notify_jobs {
	struct lane *lanes;
	size_t running;
	uint64_t run;	  /* of nmbd: the how manieth */
	bool fork_failed; /* and it was told */
	bool ending;
};

struct notify_jobs *notify_jobs_create(TALLOC_CTX *mem_ctx)
{
	return talloc_zero(mem_ctx, struct notify_jobs);
}

/* Returns NULL without memory. */
static struct lane *find_lane(struct notify_jobs *jobs, const char *text)
{
	struct lane **last = &jobs->lanes;

	while (*last != NULL && strcmp((*last)->text, text) != 0) {
		last = &(*last)->next;
	}
	if (*last == NULL) {
		*last = talloc_zero(jobs, struct lane);
		if (*last != NULL) {
			TAILQ_INIT(&(*last)->list);
			(*last)->text = talloc_strdup(*last, text);
			if ((*last)->text == NULL) {
				TALLOC_FREE(*last);
			}
		}
	}
	return *last;
}

size_t notify_jobs_running(const struct notify_jobs *jobs)
{
	return jobs->running;
}

void notify_jobs_begin_no_more(struct notify_jobs *jobs)
{
	jobs->ending = true;
}

void notify_jobs_new_run(struct notify_jobs *jobs)
{
	struct lane *lane = NULL;

	jobs->run++;
	for (lane = jobs->lanes; lane != NULL; lane = lane->next) {
		lane->added = 0;
		lane->begun = 0;
	}
}

/* Of this run; NULL: none. */
static const struct job *first_waiting(const struct notify_jobs *jobs,
				       const struct lane *lane)
{
	const struct job *job = NULL;

	TAILQ_FOREACH(job, &lane->list, entry) {
		if (job->pid == 0 && job->run == jobs->run) {
			break;
		}
	}
	return job;
}

json_int_t notify_jobs_done(const struct notify_jobs *jobs, json_int_t seq,
			    json_t *ahead)
{
	const struct lane *lane = NULL;

	for (lane = jobs->lanes; lane != NULL; lane = lane->next) {
		const struct job *job = first_waiting(jobs, lane);

		if (job != NULL && (json_int_t)job->message->seq <= seq) {
			seq = (json_int_t)job->message->seq - 1;
		}
	}
	for (lane = jobs->lanes; lane != NULL; lane = lane->next) {
		if ((json_int_t)lane->begun > seq) {
			(void)json_object_set_new(
				ahead, lane->text,
				json_integer((json_int_t)lane->begun));
		}
	}
	return seq;
}

void notify_jobs_go_on(struct notify_jobs *jobs, json_t *ahead)
{
	const char *text = NULL;
	json_t *seq = NULL;

	json_object_foreach(ahead, text, seq)
	{
		struct lane *lane = find_lane(jobs, text);

		if (lane != NULL && json_integer_value(seq) > 0) {
			lane->added = (uint64_t)json_integer_value(seq);
			lane->begun = lane->added;
		}
	}
}

static time_t seconds(void)
{
	struct timespec now = { .tv_sec = 0 };

	(void)clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec;
}

static struct notify_entry *copy_entry(TALLOC_CTX *mem_ctx,
				       const struct notify_entry *e)
{
	struct notify_entry *copy = talloc(mem_ctx, struct notify_entry);

	if (copy != NULL) {
		copy->action = e->action;
		copy->alias = talloc_strdup(copy, e->alias);
		copy->target = talloc_strdup(copy, e->target);
		copy->text = talloc_strdup(copy, e->text);
		if (copy->alias == NULL || copy->target == NULL ||
		    copy->text == NULL) {
			TALLOC_FREE(copy);
		}
	}
	return copy;
}

void notify_jobs_add(struct notify_jobs *jobs, const struct notify_entry *e,
		     const struct message *m)
{
	struct lane *lane = find_lane(jobs, e->text);
	struct job *job = NULL;

	if (lane != NULL && m->seq <= lane->added) {
		return;
	}
	if (lane != NULL && lane->waiting >= NOTIFY_JOBS_WAITING) {
		lane->added = m->seq;
		lane->left_out++;
		return;
	}
	job = talloc_zero(lane, struct job);
	if (job != NULL) {
		job->what = copy_entry(job, e);
		job->message = message_copy(job, m);
	}
	if (lane == NULL || job == NULL || job->what == NULL ||
	    job->message == NULL) {
		notify_say(e, "out of memory");
		talloc_free(job);
		return;
	}
	job->run = jobs->run;
	TAILQ_INSERT_TAIL(&lane->list, job, entry);
	lane->added = m->seq;
	lane->waiting++;
}

/* In the child: returns its exit status. */
static int do_job(const struct job *job)
{
	bool done = false;
	sigset_t none;

	(void)setpgid(0, 0);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	switch (job->what->action) {
	case NOTIFY_WALL:
		done = notify_terminals(job->what, job->message);
		break;
	case NOTIFY_DESKTOP:
		done = notify_desktops(job->what, job->message);
		break;
	case NOTIFY_MAIL:
		notify_become_mail(job->what, job->message);
		break;
	case NOTIFY_EXEC:
		notify_become_program(job->what, job->message);
		break;
	}
	return done ? 0 : 1;
}

static void begin(struct notify_jobs *jobs, struct lane *lane, struct job *job)
{
	pid_t pid;

	job->said = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	pid = fork();
	if (pid == 0) {
		int status = do_job(job);

		/* it has not become a program, and has said why */
		(void)eventfd_write(job->said, 1);
		_exit(status);
	}
	if (pid == -1) {
		if (!jobs->fork_failed) {
			notify_say(job->what, "fork: %s; it is tried again",
				   strerror(errno));
		}
		jobs->fork_failed = true;
		close(job->said);
		return;
	}
	jobs->fork_failed = false;
	/* as it does itself: whoever is first */
	(void)setpgid(pid, pid);
	job->pid = pid;
	job->end = seconds() + NOTIFY_JOB_SECONDS;
	lane->waiting--;
	lane->running++;
	jobs->running++;
	if (job->run == jobs->run) {
		lane->begun = job->message->seq;
	}
}

static bool has_said(const struct job *job)
{
	eventfd_t value;

	return eventfd_read(job->said, &value) == 0;
}

static void tell(const struct job *job, int status)
{
	const struct message *m = job->message;

	if (job->killed) {
		notify_say(job->what,
			   "message %llu from %s: it was ended, since it took "
			   "more than %d seconds",
			   (unsigned long long)m->seq, m->from,
			   NOTIFY_JOB_SECONDS);
	} else if (WIFSIGNALED(status)) {
		notify_say(job->what,
			   "message %llu from %s: ended by signal "
			   "%d",
			   (unsigned long long)m->seq, m->from,
			   WTERMSIG(status));
	} else if (WEXITSTATUS(status) != 0 && !has_said(job)) {
		notify_say(job->what, "message %llu from %s: exit status %d",
			   (unsigned long long)m->seq, m->from,
			   WEXITSTATUS(status));
	}
}

/* Returns whether it is over. */
static bool look_at(struct job *job)
{
	int status = 0;
	pid_t pid = waitpid(job->pid, &status, WNOHANG);

	if (pid == 0) {
		if (!job->killed && seconds() >= job->end) {
			job->killed = true;
			(void)kill(-job->pid, SIGKILL);
		}
		return false;
	}
	if (pid == job->pid) {
		tell(job, status);
		/* what it may have left behind; but a mail that was taken may
		 * be on its way in a process of the mail system's */
		if (job->what->action != NOTIFY_MAIL || job->killed) {
			(void)kill(-job->pid, SIGKILL);
		}
	}
	return true;
}

static void look_at_lane(struct notify_jobs *jobs, struct lane *lane)
{
	struct job *job = TAILQ_FIRST(&lane->list);

	while (job != NULL) {
		struct job *next = TAILQ_NEXT(job, entry);

		if (job->pid != 0 && look_at(job)) {
			TAILQ_REMOVE(&lane->list, job, entry);
			close(job->said);
			talloc_free(job);
			lane->running--;
			jobs->running--;
		}
		job = next;
	}
	TAILQ_FOREACH(job, &lane->list, entry) {
		if (jobs->ending || lane->running >= NOTIFY_JOBS_OF_ONE ||
		    jobs->running >= NOTIFY_JOBS_RUNNING) {
			break;
		}
		if (job->pid == 0) {
			begin(jobs, lane, job);
			if (job->pid == 0) {
				break;
			}
		}
	}
	if (lane->left_out > 0 && lane->waiting < NOTIFY_JOBS_WAITING / 2) {
		say("%s: %zu messages were left out: too many were waiting for "
		    "their turn",
		    lane->text, lane->left_out);
		lane->left_out = 0;
	}
}

void notify_jobs_look(struct notify_jobs *jobs)
{
	struct lane *lane = NULL;

	for (lane = jobs->lanes; lane != NULL; lane = lane->next) {
		look_at_lane(jobs, lane);
	}
}

void notify_jobs_end(struct notify_jobs *jobs)
{
	const struct lane *lane = NULL;
	const struct job *job = NULL;

	for (lane = jobs->lanes; lane != NULL; lane = lane->next) {
		TAILQ_FOREACH(job, &lane->list, entry) {
			if (job->pid != 0) {
				(void)kill(-job->pid, SIGKILL);
				(void)waitpid(job->pid, NULL, 0);
				notify_say(job->what,
					   "message %llu from %s: it was "
					   "ended, since this service ends",
					   (unsigned long long)
						   job->message->seq,
					   job->message->from);
			}
		}
	}
}

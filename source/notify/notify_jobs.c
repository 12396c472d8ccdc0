/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "notify_jobs.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
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
	pid_t pid; /* 0: it waits */
	time_t end;
	bool killed;
};

TAILQ_HEAD(job_list, job);

struct notify_jobs {
	struct job_list list; /* the oldest first */
	size_t num;
	size_t running;
	size_t left_out; /* since it was told */
};

struct notify_jobs *notify_jobs_create(TALLOC_CTX *mem_ctx)
{
	struct notify_jobs *jobs = talloc_zero(mem_ctx, struct notify_jobs);

	if (jobs != NULL) {
		TAILQ_INIT(&jobs->list);
	}
	return jobs;
}

size_t notify_jobs_num(const struct notify_jobs *jobs)
{
	return jobs->num;
}

bool notify_jobs_waiting(const struct notify_jobs *jobs)
{
	return jobs->num > jobs->running;
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
	struct job *job = NULL;

	if (jobs->num - jobs->running >= NOTIFY_JOBS_WAITING) {
		jobs->left_out++;
		return;
	}
	job = talloc_zero(jobs, struct job);
	if (job != NULL) {
		job->what = copy_entry(job, e);
		job->message = message_copy(job, m);
	}
	if (job == NULL || job->what == NULL || job->message == NULL) {
		notify_say(e, "out of memory");
		talloc_free(job);
		return;
	}
	TAILQ_INSERT_TAIL(&jobs->list, job, entry);
	jobs->num++;
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

static void begin(struct notify_jobs *jobs, struct job *job)
{
	pid_t pid = fork();

	if (pid == 0) {
		_exit(do_job(job));
	}
	if (pid == -1) {
		/* the next look tries again */
		return;
	}
	/* as it does itself: whoever is first */
	(void)setpgid(pid, pid);
	job->pid = pid;
	job->end = seconds() + NOTIFY_JOB_SECONDS;
	jobs->running++;
}

static bool is_program(const struct job *job)
{
	return job->what->action == NOTIFY_MAIL ||
	       job->what->action == NOTIFY_EXEC;
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
		notify_say(job->what, "message %llu from %s: ended by signal "
				      "%d",
			   (unsigned long long)m->seq, m->from,
			   WTERMSIG(status));
	} else if (is_program(job) && WEXITSTATUS(status) != 0) {
		notify_say(job->what,
			   "message %llu from %s: exit status %d",
			   (unsigned long long)m->seq, m->from,
			   WEXITSTATUS(status));
	}
	/* the others have said it themselves */
}

/* Returns whether it is over. */
static bool look_at(struct notify_jobs *jobs, struct job *job)
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
		/* what it may have left behind */
		(void)kill(-job->pid, SIGKILL);
	}
	jobs->running--;
	return true;
}

void notify_jobs_look(struct notify_jobs *jobs)
{
	struct job *job = TAILQ_FIRST(&jobs->list);

	while (job != NULL) {
		struct job *next = TAILQ_NEXT(job, entry);

		if (job->pid == 0 && jobs->running < NOTIFY_JOBS_RUNNING) {
			begin(jobs, job);
		} else if (job->pid != 0 && look_at(jobs, job)) {
			TAILQ_REMOVE(&jobs->list, job, entry);
			talloc_free(job);
			jobs->num--;
		}
		job = next;
	}
	if (jobs->left_out > 0 && jobs->num < NOTIFY_JOBS_WAITING / 2) {
		say("%zu times nobody was told of a message: too many were "
		    "waiting for their turn",
		    jobs->left_out);
		jobs->left_out = 0;
	}
}

void notify_jobs_end(struct notify_jobs *jobs)
{
	struct job *job = NULL;

	TAILQ_FOREACH(job, &jobs->list, entry) {
		if (job->pid != 0) {
			(void)kill(-job->pid, SIGKILL);
			(void)waitpid(job->pid, NULL, 0);
		}
	}
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The way of a message: it is read from nmbd's ring, becomes a job for each
 * entry of the table that is for its alias, and counts as handed on when all
 * jobs of it have begun.  So a restart tells nobody twice who was told, and a
 * crash rather twice than never.
 */

#include "notify.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include <systemd/sd-daemon.h>

#include "follow.h"
#include "notify_jobs.h"
#include "notify_people.h"
#include "notify_state.h"
#include "notify_table.h"
#include "notify_words.h"
#include "samba_private.h"
#include "say.h"

#define OPTION	   "notify"
#define AGAIN_MSEC 500
/* Of what runs when this is to stop. */
#define STOP_SECONDS 5

struct notify {
	const char *config;
	struct notify_table *table;
	struct notify_state *state;
	struct notify_jobs *jobs;
	char *instance; /* run of nmbd; NULL: none seen yet */
	json_int_t seq; /* of its last message that has become jobs */
	int signals;	/* a signalfd */
	bool stopping;
};

/* Of this smb.conf.  Returns false without a single entry, and says so. */
static bool read_table(struct notify *n)
{
	struct notify_table *t =
		notify_table_parse(n, lp_parm_string_list(-1, "messenger",
							  OPTION, NULL));
	size_t num = (t != NULL) ? talloc_array_length(t->entries) : 0;
	size_t i;

	if (t == NULL) {
		say("out of memory");
		return n->table != NULL;
	}
	for (i = 0; i < talloc_array_length(t->complaints); i++) {
		say("%s", t->complaints[i]);
	}
	for (i = 0; i < num; i++) {
		const char *why = notify_doubt(&t->entries[i]);

		if (why != NULL) {
			notify_say(&t->entries[i], "%s", why);
		}
	}
	talloc_free(n->table);
	n->table = t;
	if (num == 0) {
		say("messenger:notify in smb.conf names nobody: set it, as in "
		    "messenger:notify = OPERATOR:wall=@operators");
	}
	return num > 0;
}

static bool load(const struct notify *n)
{
	const char *path = (n->config != NULL) ? n->config : lp_default_path();

	if (!lp_load_global(path)) {
		say("%s: cannot be read", path);
		return false;
	}
	return true;
}

static void got_message(void *private_data, const json_t *o)
{
	struct notify *n = private_data;
	struct message *m = notify_message(n, o);
	size_t i;

	for (i = 0; m != NULL && i < talloc_array_length(n->table->entries);
	     i++) {
		if (notify_entry_is_for(&n->table->entries[i], m->to)) {
			notify_jobs_add(n->jobs, &n->table->entries[i], m);
		}
	}
	talloc_free(m);
}

static void take_signals(struct notify *n)
{
	struct signalfd_siginfo info;

	while (read(n->signals, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGHUP) {
			if (load(n)) {
				(void)read_table(n);
			}
		} else if (info.ssi_signo != SIGCHLD) {
			n->stopping = true;
		}
	}
}

static long long now_msec(void)
{
	struct timespec now = { .tv_sec = 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void look(struct notify *n)
{
	json_t *ahead = json_object();

	notify_jobs_look(n->jobs);
	if (n->instance != NULL && ahead != NULL) {
		json_int_t done = notify_jobs_done(n->jobs, n->seq, ahead);

		notify_state_set(n->state, n->instance, done, ahead);
	}
	json_decref(ahead);
}

/* Returns whether to go on. */
static bool wait_msec(struct notify *n, int msec)
{
	long long end = now_msec() + msec;

	do {
		struct pollfd p = { .fd = n->signals, .events = POLLIN };
		long long left = end - now_msec();

		look(n);
		if (poll(&p, 1, (left > 0) ? (int)left : 0) > 0) {
			take_signals(n);
		}
	} while (!n->stopping && now_msec() < end);
	look(n);
	return !n->stopping;
}

static bool idle(void *private_data, const char *instance, json_int_t seq,
		 int msec)
{
	struct notify *n = private_data;

	if (instance != NULL) {
		n->seq = seq;
	}
	return wait_msec(n, msec);
}

/* Before the first message of a run of nmbd. */
static void new_run(void *private_data, const char *instance)
{
	struct notify *n = private_data;

	notify_jobs_new_run(n->jobs);
	n->seq = 0;
	talloc_free(n->instance);
	n->instance = talloc_strdup(n, instance);
}

/* The first time ever: what was before is of no concern. */
static void got_last(void *private_data, const char *text)
{
	struct notify *n = private_data;
	json_t *o = json_loads(text, 0, NULL);
	const char *instance =
		json_string_value(json_object_get(o, "instance"));

	if (instance != NULL) {
		new_run(n, instance);
		n->seq = json_integer_value(json_object_get(o, "last"));
		look(n);
	}
	json_decref(o);
}

/* Or it was, and is started again. */
static bool is_away(enum client_error error)
{
	return error == CLIENT_NO_NMBD || error == CLIENT_ENDED;
}

/* Returns an error that waiting does not mend, or CLIENT_OK. */
static enum client_error wait_for_nmbd(struct notify *n, struct client *client)
{
	char request[] = "json messages 1";
	char *requests[] = { request };
	enum client_error error = CLIENT_OK;
	bool said = false;

	do {
		error = client_connect(client);
		if (error == CLIENT_OK && n->state->instance == NULL) {
			error = client_ask(client, requests, 1, got_last, n);
		}
		if (is_away(error) && !said) {
			say("nmbd is away; waiting for it");
			said = true;
		}
	} while (is_away(error) && wait_msec(n, AGAIN_MSEC));
	return n->stopping ? CLIENT_OK : error;
}

static void stop(struct notify *n)
{
	long long end = now_msec() + 1000LL * STOP_SECONDS;

	n->stopping = false;
	notify_jobs_begin_no_more(n->jobs);
	while (notify_jobs_running(n->jobs) > 0 && now_msec() < end) {
		(void)wait_msec(n, 50);
	}
	notify_jobs_end(n->jobs);
}

static bool take_over_signals(struct notify *n)
{
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTERM);
	(void)sigaddset(&set, SIGINT);
	(void)sigaddset(&set, SIGHUP);
	(void)sigaddset(&set, SIGCHLD);
	n->signals = -1;
	if (sigprocmask(SIG_BLOCK, &set, NULL) == 0) {
		n->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	}
	if (n->signals == -1) {
		say("signalfd: %s", strerror(errno));
	}
	return n->signals != -1;
}

static enum exit_status begin(struct notify *n)
{
	if (!load(n) || !read_table(n)) {
		return EXIT_USAGE;
	}
	n->state = notify_state_open(n);
	n->jobs = notify_jobs_create(n);
	if (n->state == NULL || n->jobs == NULL || !take_over_signals(n)) {
		return EXIT_REFUSED;
	}
	if (n->state->instance != NULL) {
		n->instance = talloc_strdup(n, n->state->instance);
		n->seq = n->state->seq;
		notify_jobs_go_on(n->jobs, n->state->ahead);
	}
	return EXIT_DONE;
}

enum exit_status notify_run(TALLOC_CTX *mem_ctx, struct client *client,
			    const char *config, enum client_error *error)
{
	struct notify *n = talloc_zero(mem_ctx, struct notify);
	struct follow_options options = {
		.what = "messages",
		.count = MESSENGER_EVENT_RING,
		.print = got_message,
		.idle = idle,
		.new_run = new_run,
		.private_data = n,
	};
	enum exit_status status;

	*error = CLIENT_OK;
	if (n == NULL) {
		say("out of memory");
		return EXIT_REFUSED;
	}
	n->config = config;
	status = begin(n);
	if (status != EXIT_DONE) {
		return status;
	}
	(void)sd_notify(0, "READY=1");
	*error = wait_for_nmbd(n, client);
	if (*error == CLIENT_OK && !n->stopping) {
		options.instance = n->state->instance;
		options.seq = n->state->seq;
		*error = follow(n, client, &options);
	}
	(void)sd_notify(0, "STOPPING=1");
	stop(n);
	return EXIT_DONE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "notify_state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "samba_private.h"
#include "say.h"

#define NAME "messenger_notify.json"
/* A key of this file alone. */
#define AHEAD "ahead"
#define AGAIN_SECONDS 5

/* Returns false, and says so, if another process has it. */
static bool lock(const struct notify_state *state)
{
	char *path = talloc_asprintf(NULL, "%s.lock", state->path);
	/* open as long as this process is */
	int fd = (path != NULL) ? open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600)
				: -1;
	bool locked = (fd != -1) && flock(fd, LOCK_EX | LOCK_NB) == 0;

	if (!locked && errno == EWOULDBLOCK) {
		say("another smbmessenger notify is running; only one may");
	} else if (!locked) {
		say("%s: %s", (path != NULL) ? path : NAME, strerror(errno));
	}
	if (!locked && fd != -1) {
		close(fd);
	}
	talloc_free(path);
	return locked;
}

static void load(struct notify_state *state)
{
	json_error_t error;
	json_t *o = json_load_file(state->path, 0, &error);
	const char *instance =
		json_string_value(json_object_get(o, "instance"));

	if (instance != NULL &&
	    json_integer_value(json_object_get(o, "seq")) >= 0) {
		state->instance = talloc_strdup(state, instance);
		state->seq = json_integer_value(json_object_get(o, "seq"));
		state->ahead = json_incref(json_object_get(o, AHEAD));
	} else if (access(state->path, F_OK) == 0) {
		say("%s: not as it was written; messages up to now count as "
		    "handed on",
		    state->path);
	}
	json_decref(o);
}

struct notify_state *notify_state_open(TALLOC_CTX *mem_ctx)
{
	struct notify_state *state = talloc_zero(mem_ctx, struct notify_state);
	const char *folder = getenv("STATE_DIRECTORY");

	if (state != NULL) {
		state->path =
			(folder != NULL && folder[0] == '/')
				? talloc_asprintf(state, "%s/" NAME, folder)
				: state_path(state, NAME);
	}
	if (state == NULL || state->path == NULL) {
		say("out of memory");
		TALLOC_FREE(state);
	} else if (!lock(state)) {
		TALLOC_FREE(state);
	} else {
		load(state);
	}
	return state;
}

static bool write_file(const struct notify_state *state)
{
	char *path = talloc_asprintf(NULL, "%s.new", state->path);
	json_t *o = json_pack("{s:s, s:I}", "instance", state->instance, "seq",
			      state->seq);
	bool done = path != NULL && o != NULL &&
		    json_object_set(o, AHEAD, state->ahead) == 0 &&
		    json_dump_file(o, path, JSON_COMPACT) == 0 &&
		    rename(path, state->path) == 0;

	json_decref(o);
	talloc_free(path);
	return done;
}

static time_t seconds(void)
{
	struct timespec now = { .tv_sec = 0 };

	(void)clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec;
}

void notify_state_set(struct notify_state *state, const char *instance,
		      json_int_t seq, json_t *ahead)
{
	static bool told = false;
	bool same = state->instance != NULL &&
		    strcmp(state->instance, instance) == 0;

	if (same && state->seq == seq && json_equal(state->ahead, ahead) &&
	    (state->again == 0 || seconds() < state->again)) {
		return;
	}
	state->again = 0;
	if (!same) {
		talloc_free(state->instance);
		state->instance = talloc_strdup(state, instance);
	}
	state->seq = seq;
	json_decref(state->ahead);
	state->ahead = json_incref(ahead);
	if (state->instance != NULL && write_file(state)) {
		told = false;
		return;
	}
	state->again = seconds() + AGAIN_SECONDS;
	if (!told) {
		told = true;
		say("%s: %s: after a restart people may be told again",
		    state->path, strerror(errno));
	}
}

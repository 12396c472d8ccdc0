/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Who has a session on this machine.  sd-login reads files under /run/systemd
 * and watches them with inotify: no D-Bus, nothing that could block nmbd.
 *
 * Trap: without logind sd_get_sessions() says "none", not "unknown"; only the
 * monitor tells.
 */

#include "logons.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <systemd/sd-login.h>

#include "samba_private.h"
#include "steady.h"

/* systemd 254 */
extern int sd_session_get_username(const char *session, char **username);
#pragma weak sd_session_get_username

#define LOOK_AGAIN_USEC 5000000

/* Of each session a few files are read: so many in a turn. */
#define AT_ONCE 16

#define SESSIONS	   "/run/systemd/sessions/"

struct logons {
	struct tevent_context *ev;
	char **ignore;
	void (*changed)(void *private_data, const char *const *users);
	void *private_data;

	sd_login_monitor *monitor; /* NULL: no logind */
	struct tevent_fd *fde;
	struct steady *timer; /* the first look, or the next one */
	bool missing;		    /* and it was said */

	struct steady *turn;
	char **sessions; /* that are being looked at; NULL: none are */
	int num_sessions;
	int at;
	char **users; /* of those so far, a talloc array; NULL: no memory */
	size_t num_users;
	bool changes; /* there may be others meanwhile */
};

static void unwatch(struct logons *l)
{
	TALLOC_FREE(l->fde);
	l->monitor = sd_login_monitor_unref(l->monitor);
}

static void forget_sessions(struct logons *l)
{
	for (l->at = 0; l->sessions != NULL && l->at < l->num_sessions;
	     l->at++) {
		free(l->sessions[l->at]);
	}
	free(l->sessions);
	l->sessions = NULL;
	TALLOC_FREE(l->users);
}

static int logons_destructor(struct logons *l)
{
	unwatch(l);
	forget_sessions(l);
	return 0;
}

static bool is_listed(char *const *list, const char *name)
{
	for (; list != NULL && *list != NULL; list++) {
		if (strcmp(*list, name) == 0) {
			return true;
		}
	}
	return false;
}

/*
 * As logind writes it, NULL if it does not.  To ask the name service switch for
 * the name of a number could take as long as some directory server likes.
 */
static char *read_user(TALLOC_CTX *mem_ctx, const char *session)
{
	static const char key[] = "USER=";
	const size_t key_len = sizeof(key) - 1;
	char *path = talloc_asprintf(mem_ctx, SESSIONS "%s", session);
	FILE *file = (path != NULL) ? fopen(path, "re") : NULL;
	char line[512];
	char *user = NULL;

	talloc_free(path);
	while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
		if (strncmp(line, key, key_len) == 0) {
			user = talloc_strndup(mem_ctx, line + key_len,
					      strcspn(line + key_len, "\n"));
			break;
		}
	}
	if (file != NULL) {
		(void)fclose(file);
	}
	return user;
}

/*
 * Trap: logind (of systemd 247 to 257) writes a name as it is, and
 * sd_session_get_username() takes a backslash in it for an escape: of SITE\anna
 * it makes SITEanna.  So that one is for what is quoted, or written otherwise.
 */
static char *user_of(TALLOC_CTX *mem_ctx, const char *session)
{
	char *user = read_user(mem_ctx, session);
	char *name = NULL;

	if (user != NULL && user[0] != '"') {
		return user;
	}
	TALLOC_FREE(user);
	if (sd_session_get_username != NULL &&
	    sd_session_get_username(session, &name) >= 0) {
		user = talloc_strdup(mem_ctx, name);
		free(name);
	}
	return user;
}

/*
 * A person at work: not a greeter, a lock screen or a cron job, and not one
 * whose last process is about to go.
 */
static bool is_work(const char *session)
{
	char *class = NULL;
	char *state = NULL;
	bool work;

	work = sd_session_get_class(session, &class) >= 0 &&
	       strcmp(class, "user") == 0 &&
	       sd_session_get_state(session, &state) >= 0 &&
	       strcmp(state, "closing") != 0;
	free(class);
	free(state);
	return work;
}

static void add_user(struct logons *l, const char *session)
{
	char *user = is_work(session) ? user_of(l->users, session) : NULL;

	if (user != NULL && !is_listed(l->ignore, user) &&
	    !is_listed(l->users, user)) {
		l->users[l->num_users++] = user;
	}
}

static void look_at_some(struct logons *l)
{
	int end = (l->num_sessions - l->at > AT_ONCE) ? l->at + AT_ONCE
						      : l->num_sessions;

	for (; l->users != NULL && l->at < end; l->at++) {
		add_user(l, l->sessions[l->at]);
	}
}

static void tell(struct logons *l)
{
	if (l->users != NULL) {
		l->changed(l->private_data, (const char *const *)l->users);
	}
	forget_sessions(l);
	if (l->changes) {
		steady_set(l->turn, 0);
	}
}

static void begin(struct logons *l)
{
	l->changes = false;
	l->num_sessions = sd_get_sessions(&l->sessions);
	if (l->num_sessions < 0) {
		return;
	}
	l->users = talloc_zero_array(l, char *, (size_t)l->num_sessions + 1);
	l->num_users = 0;
	l->at = 0;
	if (l->num_sessions > AT_ONCE) {
		steady_set(l->turn, 0);
	} else {
		look_at_some(l);
		tell(l);
	}
}

/* What is under way comes to its end, however often something changes. */
static void list_users(struct logons *l)
{
	l->changes = true;
	if (l->sessions == NULL) {
		begin(l);
	}
}

static void go_on(void *private_data)
{
	struct logons *l = talloc_get_type_abort(private_data, struct logons);

	if (l->sessions == NULL) {
		begin(l);
	} else if (l->users != NULL && l->at < l->num_sessions) {
		look_at_some(l);
		steady_set(l->turn, 0);
	} else {
		tell(l);
	}
}

static void monitor_ready(struct tevent_context *ev, struct tevent_fd *fde,
			  uint16_t flags, void *private_data)
{
	struct logons *l = talloc_get_type_abort(private_data, struct logons);

	/* it tells that something changed, not what */
	(void)sd_login_monitor_flush(l->monitor);
	list_users(l);
}

static int watch(struct logons *l)
{
	int ret = sd_login_monitor_new("session", &l->monitor);
	int fd;

	if (ret < 0) {
		return -ret;
	}
	fd = sd_login_monitor_get_fd(l->monitor);
	l->fde = (fd >= 0) ? tevent_add_fd(l->ev, l, fd, TEVENT_FD_READ,
					   monitor_ready, l)
			   : NULL;
	if (l->fde == NULL) {
		unwatch(l);
		return ENOMEM;
	}
	return 0;
}

static void look(void *private_data)
{
	struct logons *l = talloc_get_type_abort(private_data, struct logons);
	int err = watch(l);

	if (err == 0) {
		if (l->missing) {
			DBG_ERR("messenger:user aliases: systemd-logind is "
				"there now\n");
		}
		l->missing = false;
		list_users(l);
		return;
	}
	if (!l->missing) {
		DBG_ERR("messenger:user aliases: no systemd-logind here (%s): "
			"users get no aliases until it comes up\n",
			strerror(err));
	}
	l->missing = true;
	steady_set(l->timer, LOOK_AGAIN_USEC);
}

struct logons *logons_watch(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
			    char **ignore,
			    void (*changed)(void *private_data,
					    const char *const *users),
			    void *private_data)
{
	struct logons *l = talloc_zero(mem_ctx, struct logons);
	size_t num = 0;
	size_t i;

	if (l == NULL) {
		return NULL;
	}
	talloc_set_name_const(l, "struct logons");
	talloc_set_destructor(l, logons_destructor);
	l->ev = ev;
	l->changed = changed;
	l->private_data = private_data;
	while (ignore[num] != NULL) {
		num++;
	}
	l->ignore = talloc_zero_array(l, char *, num + 1);
	for (i = 0; l->ignore != NULL && i < num; i++) {
		l->ignore[i] = talloc_strdup(l->ignore, ignore[i]);
		if (l->ignore[i] == NULL) {
			talloc_free(l);
			return NULL;
		}
	}
	l->timer = steady_create(l, ev, look, l);
	l->turn = steady_create(l, ev, go_on, l);
	if (l->ignore == NULL || l->timer == NULL || l->turn == NULL) {
		talloc_free(l);
		return NULL;
	}
	steady_set(l->timer, 0);
	return l;
}

void logons_configure(TALLOC_CTX *mem_ctx, struct logons **logons,
		      struct tevent_context *ev,
		      const struct messenger_config *config,
		      void (*changed)(void *private_data,
				      const char *const *users),
		      void *private_data)
{
	static const char *const nobody[] = { NULL };

	TALLOC_FREE(*logons);
	if (config->users == CONFIG_USERS_NONE) {
		changed(private_data, nobody);
		return;
	}
	*logons = logons_watch(mem_ctx, ev, config->ignore_users, changed,
			       private_data);
	if (*logons == NULL) {
		DBG_ERR("messenger:user aliases: out of memory\n");
	}
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The Desktop Notifications of freedesktop.org, on the bus of each user who has
 * one: a process of that user's asks there, not root.
 */

#include "notify_people.h"

#include <dirent.h>
#include <errno.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <systemd/sd-bus.h>
#include <talloc.h>

#include "notify_words.h"

#define FOLDER	     "/run/user"
#define TIMEOUT_USEC 5000000
/* as the specification has it: urgency 2 stays until it is closed */
#define URGENCY 2

/* Returns less than 0 if it could not be shown; error then says why. */
static int show(sd_bus *bus, const struct message *m, sd_bus_error *error)
{
	char *title = notify_title(NULL, m);
	char *body = notify_body(NULL, m, time(NULL));
	int err = -ENOMEM;

	if (title != NULL && body != NULL) {
		err = sd_bus_call_method(bus, "org.freedesktop.Notifications",
					 "/org/freedesktop/Notifications",
					 "org.freedesktop.Notifications",
					 "Notify", error, NULL, "susssasa{sv}i",
					 "smbmessenger", 0, "mail-unread",
					 title, body, 0, 1, "urgency", "y",
					 URGENCY, -1);
	}
	talloc_free(title);
	talloc_free(body);
	return err;
}

/* In a process of its own, as that user. */
static int show_as(const struct notify_entry *e, const struct message *m,
		   const struct passwd *pw, const char *address)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	sd_bus *bus = NULL;
	int err = 0;

	if (initgroups(pw->pw_name, pw->pw_gid) != 0 ||
	    setgid(pw->pw_gid) != 0 || setuid(pw->pw_uid) != 0) {
		err = -errno;
	}
	if (err >= 0) {
		err = sd_bus_new(&bus);
	}
	if (err >= 0) {
		err = sd_bus_set_address(bus, address);
	}
	if (err >= 0) {
		err = sd_bus_set_bus_client(bus, 1);
	}
	if (err >= 0) {
		err = sd_bus_start(bus);
	}
	if (err >= 0) {
		err = sd_bus_set_method_call_timeout(bus, TIMEOUT_USEC);
	}
	if (err >= 0) {
		err = show(bus, m, &error);
	}
	if (err < 0) {
		notify_say(e, "the desktop of %s: %s", pw->pw_name,
			   (error.message != NULL) ? error.message
						   : strerror(-err));
	}
	sd_bus_error_free(&error);
	sd_bus_unref(bus);
	return (err < 0) ? 1 : 0;
}

/* Returns the process that does it, 0 if there is nobody, or -1. */
static pid_t begin(const struct notify_entry *e, const struct message *m,
		   const char *uid_text)
{
	char *end = NULL;
	unsigned long uid = strtoul(uid_text, &end, 10);
	const struct passwd *pw = NULL;
	char *path = NULL;
	struct stat st;
	pid_t pid = 0;

	if (end == uid_text || *end != '\0') {
		return 0;
	}
	pw = getpwuid((uid_t)uid);
	if (pw == NULL || !notify_is_meant(e->target, m->to, pw)) {
		return 0;
	}
	path = talloc_asprintf(NULL, "unix:path=" FOLDER "/%lu/bus", uid);
	if (path != NULL && stat(path + strlen("unix:path="), &st) == 0 &&
	    S_ISSOCK(st.st_mode) && st.st_uid == pw->pw_uid) {
		pid = fork();
		if (pid == 0) {
			_exit(show_as(e, m, pw, path));
		}
		if (pid == -1) {
			notify_say(e, "fork: %s", strerror(errno));
		}
	}
	talloc_free(path);
	return pid;
}

bool notify_desktops(const struct notify_entry *e, const struct message *m)
{
	DIR *dir = opendir(FOLDER);
	const struct dirent *d = NULL;
	unsigned num = 0;
	bool failed = false;
	int status;

	while (dir != NULL && (d = readdir(dir)) != NULL) {
		pid_t pid = begin(e, m, d->d_name);

		failed = failed || pid == -1;
		num += (pid > 0) ? 1 : 0;
	}
	if (dir != NULL) {
		closedir(dir);
	}
	if (num == 0 && !failed) {
		notify_say(e,
			   "message %llu to %s: nobody of them has a "
			   "desktop",
			   (unsigned long long)m->seq, m->to);
	}
	for (; num > 0 && wait(&status) > 0; num--) {
		failed = failed || !WIFEXITED(status) ||
			 WEXITSTATUS(status) != 0;
	}
	return !failed;
}

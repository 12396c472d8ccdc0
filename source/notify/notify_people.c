/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "notify_people.h"

#include <errno.h>
#include <grp.h>
#include <stdarg.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <talloc.h>

#include "notify_program.h"
#include "samba_private.h"
#include "say.h"

void notify_say(const struct notify_entry *e, const char *fmt, ...)
{
	char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = talloc_vasprintf(NULL, fmt, ap);
	va_end(ap);
	say("%s: %s", e->text, (text != NULL) ? text : "out of memory");
	talloc_free(text);
}

static bool is_in_group(const struct passwd *pw, const char *name)
{
	const struct group *group = getgrnam(name);
	gid_t *gids = NULL;
	int num = 64;
	bool found = false;
	int i;

	if (group == NULL) {
		return false;
	}
	gids = talloc_array(NULL, gid_t, num);
	if (gids != NULL &&
	    getgrouplist(pw->pw_name, pw->pw_gid, gids, &num) == -1) {
		/* num is what it takes now */
		gids = talloc_realloc(NULL, gids, gid_t, num);
		if (gids != NULL &&
		    getgrouplist(pw->pw_name, pw->pw_gid, gids, &num) == -1) {
			num = 0;
		}
	}
	for (i = 0; gids != NULL && i < num; i++) {
		found = found || gids[i] == group->gr_gid;
	}
	talloc_free(gids);
	return found;
}

const char *notify_doubt(const struct notify_entry *e)
{
	const char *target = e->target;

	switch (e->action) {
	case NOTIFY_WALL:
	case NOTIFY_DESKTOP:
		if (target[0] == '@') {
			return (getgrnam(target + 1) == NULL)
				       ? "there is no such group"
				       : NULL;
		}
		return (target[0] != '\0' && strcmp(target, "*") != 0 &&
			getpwnam(target) == NULL)
			       ? "there is no such user"
			       : NULL;
	case NOTIFY_MAIL:
		return (access(NOTIFY_SENDMAIL, X_OK) != 0)
			       ? "there is no " NOTIFY_SENDMAIL ": install a "
				 "mail server"
			       : NULL;
	case NOTIFY_EXEC:
		return (access(target, X_OK) != 0) ? strerror(errno) : NULL;
	}
	return NULL;
}

/* Of a domain or not: the alias is that of the user alone. */
static bool has_alias(const struct passwd *pw, const char *alias)
{
	const char *backslash = strrchr(pw->pw_name, '\\');

	return strcasecmp((backslash != NULL) ? backslash + 1 : pw->pw_name,
			  alias) == 0;
}

/* To the workgroup, which is no alias, or by broadcast. */
static bool is_to_everybody(const char *alias)
{
	return strcmp(alias, "*") == 0 ||
	       strcasecmp(alias, lp_workgroup()) == 0;
}

bool notify_is_meant(const char *target, const char *alias,
		     const struct passwd *pw)
{
	if (target[0] == '\0') {
		return is_to_everybody(alias) || has_alias(pw, alias);
	}
	if (target[0] == '@') {
		return is_in_group(pw, target + 1);
	}
	return strcmp(target, "*") == 0 || strcmp(target, pw->pw_name) == 0;
}

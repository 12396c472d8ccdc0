/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Where the socket for messages is, and who may use it.
 */

#include "mailbox_path.h"

#include <pwd.h>
#include <stdio.h>
#include <string.h>

#include "letter.h"
#include "samba_private.h"

char *mailbox_path(TALLOC_CTX *mem_ctx)
{
	return talloc_asprintf(mem_ctx, "%s/%s",
			       lp_parm_const_string(-1, "nmbd", "socket dir",
						    get_dyn_NMBDSOCKETDIR()),
			       LETTER_SOCKET);
}

uid_t mailbox_guest(const char **name)
{
	FILE *file = fopen("/etc/passwd", "re");
	struct passwd *pw = NULL;
	struct passwd entry = { 0 };
	char buf[4096];
	uid_t uid = 0;

	*name = lp_guest_account();
	while (file != NULL &&
	       fgetpwent_r(file, &entry, buf, sizeof(buf), &pw) == 0) {
		if (strcmp(pw->pw_name, *name) == 0) {
			uid = pw->pw_uid;
			break;
		}
	}
	if (file != NULL) {
		fclose(file);
	}
	return uid;
}

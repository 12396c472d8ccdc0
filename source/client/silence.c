/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "silence.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "samba_private.h"
#include "text.h"

#define MODULE	  "messenger"
#define BOOTSTRAP "nmbd_modules.so"

/* As it was started: smb.conf may be another one by now. */
static bool has_mapped(pid_t pid, const char *library)
{
	char path[sizeof("/proc//maps") + 20];
	char line[4352];
	bool found = false;
	FILE *maps = NULL;

	snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
	maps = fopen(path, "r");
	while (maps != NULL && !found &&
	       fgets(line, sizeof(line), maps) != NULL) {
		found = (strstr(line, library) != NULL);
	}
	if (maps != NULL) {
		fclose(maps);
	}
	return found;
}

/* A bare name, or the path of the library. */
static bool is_module(const char *entry)
{
	const char *base = strrchr(entry, '/');

	return strcmp(entry, MODULE) == 0 ||
	       (base != NULL && strcmp(base, "/" MODULE ".so") == 0);
}

char *silence_without_module(TALLOC_CTX *mem_ctx, pid_t nmbd)
{
	const char **list = lp_parm_string_list(-1, "nmbd", "modules", NULL);
	char *text = talloc_strdup(mem_ctx, "nmbd runs without the module: ");
	bool named = false;
	size_t i;

	for (i = 0; list != NULL && list[i] != NULL; i++) {
		named = named || is_module(list[i]);
	}
	if (i == 0) {
		text_add(&text, "set \"nmbd:modules = " MODULE
				"\" in smb.conf and restart nmbd");
	} else if (!named) {
		text_add(&text, "\"nmbd:modules\" in smb.conf has no \"" MODULE
				"\" but");
		for (i = 0; list[i] != NULL; i++) {
			text_add(&text, " \"%s\"", list[i]);
		}
		text_add(&text, "; correct it and restart nmbd; log.nmbd says "
				"what could not be loaded");
	} else if (!has_mapped(nmbd, BOOTSTRAP)) {
		text_add(&text, "smb.conf names it (nmbd:modules), but nmbd "
				"was started without " BOOTSTRAP
				"; see that nmbd.service has its LD_PRELOAD "
				"line, and restart nmbd");
	} else {
		text_add(&text, "smb.conf names it (nmbd:modules), but it "
				"was not loaded; restart nmbd if smb.conf was "
				"changed since its start, else log.nmbd says "
				"why");
	}
	return text;
}

/* One that nmbd can use: it takes no other by itself. */
static bool has_interface(void)
{
	struct ifaddrs *list = NULL;
	struct ifaddrs *i = NULL;
	bool found = false;

	if (getifaddrs(&list) != 0) {
		return true; /* nobody knows */
	}
	for (i = list; i != NULL; i = i->ifa_next) {
		found = found ||
			(i->ifa_addr != NULL &&
			 i->ifa_addr->sa_family == AF_INET &&
			 (i->ifa_flags & IFF_UP) != 0 &&
			 (i->ifa_flags & IFF_LOOPBACK) == 0 &&
			 (i->ifa_flags & IFF_BROADCAST) != 0);
	}
	freeifaddrs(list);
	return found;
}

char *silence_of_nmbd(TALLOC_CTX *mem_ctx, pid_t nmbd, unsigned seconds)
{
	if (!has_interface()) {
		return talloc_asprintf(mem_ctx,
				       "nmbd (process %d) waits for a network "
				       "interface with an IPv4 address, and "
				       "there is none; bring one up: nmbd goes "
				       "on by itself",
				       (int)nmbd);
	}
	return talloc_asprintf(mem_ctx,
			       "nmbd (process %d) is there but did not answer "
			       "in %u s: it is still starting, waits for an "
			       "interface that smb.conf names, or hangs; "
			       "log.nmbd says more; wait longer with "
			       "-t SECONDS",
			       (int)nmbd, seconds);
}

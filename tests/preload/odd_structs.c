/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Makes one of nmbd's live structures look wrong, in a place where nmbd does
 * not mind: right before its loop starts, after everything has been set up.
 * Which one, the environment variable ODD_STRUCT says.
 */

#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* nmbd's own; this library is preloaded into other programs as well */
extern char *subnetlist __attribute__((weak));
extern char *unicast_subnet __attribute__((weak));

void daemon_ready(const char *daemon);

enum {
	SUBNET_TYPE = 24,
	SUBNET_RESPONSELIST = 48,
	RESPONSE_NEXT = 0,
	RESPONSE_ID = 16,
};

/* Loads that the compiler need not know the type of. */
static char *pointer_at(const char *base, size_t offset)
{
	char *p = NULL;

	memcpy(&p, base + offset, sizeof(p));
	return p;
}

static void spoil_unicast_type(void)
{
	int type = 9;

	memcpy(unicast_subnet + SUBNET_TYPE, &type, sizeof(type));
}

static void spoil_response_ids(void)
{
	char *r = pointer_at(subnetlist, SUBNET_RESPONSELIST);

	for (; r != NULL; r = pointer_at(r, RESPONSE_NEXT)) {
		uint16_t id = 0;

		memcpy(&id, r + RESPONSE_ID, sizeof(id));
		id ^= 0x2aaa;
		memcpy(r + RESPONSE_ID, &id, sizeof(id));
	}
}

/* Interposed: the last function that nmbd calls before its loop. */
void daemon_ready(const char *daemon)
{
	const char *what = getenv("ODD_STRUCT");
	void (*real)(const char *) = NULL;

	if (&subnetlist != NULL && &unicast_subnet != NULL && what != NULL) {
		if (strcmp(what, "unicast type") == 0) {
			spoil_unicast_type();
		} else if (strcmp(what, "response id") == 0) {
			spoil_response_ids();
		} else {
			abort();
		}
	}
	real = (void (*)(const char *))dlsym(RTLD_NEXT, "daemon_ready");
	if (real != NULL) {
		real(daemon);
	}
}

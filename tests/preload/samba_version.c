/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Makes Samba say that it is another version: the one that the environment
 * variable FAKE_SAMBA_VERSION names.
 */

#include <stdlib.h>

const char *samba_version_string(void);

const char *samba_version_string(void)
{
	const char *version = getenv("FAKE_SAMBA_VERSION");

	return version != NULL ? version : "4.99.0";
}

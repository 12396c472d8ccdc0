/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A smb.conf for a test, read by Samba's own functions.
 */

#include "smb_conf.h"

#include <unistd.h>

#include "unit.h"

/* Samba's, source3/param/loadparm.h and lib/util/talloc_stack.h */
bool lp_load_global(const char *file);
void gfree_loadparm(void);
TALLOC_CTX *_talloc_stackframe(const char *location);

/* As in nmbd, where it lives as long as the process. */
static TALLOC_CTX *stackframe;

void load_smb_conf(const char *global)
{
	char path[] = "/tmp/unit-smb-conf-XXXXXX";
	int fd = mkstemp(path);
	FILE *file = NULL;
	bool loaded;

	assert_int_not_equal(fd, -1);
	file = fdopen(fd, "w");
	assert_non_null(file);
	fprintf(file, "[global]\n\tnetbios name = ALPHA\n%s\n", global);
	assert_int_equal(fclose(file), 0);

	if (stackframe == NULL) {
		stackframe = _talloc_stackframe(__location__);
	}
	loaded = lp_load_global(path);
	unlink(path);
	assert_true(loaded);
}

void unload_smb_conf(void)
{
	gfree_loadparm();
	TALLOC_FREE(stackframe);
}

int setup_smb_conf(void **state)
{
	load_smb_conf("");
	return 0;
}

int teardown_smb_conf(void **state)
{
	unload_smb_conf();
	return 0;
}

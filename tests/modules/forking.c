/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A module that makes nmbd fork a child which ends in exit(), as nmbd's own
 * children do when they cannot start a program (wins hook).  What is there
 * for the end of nmbd must not happen at the end of such a child.
 */

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <talloc.h>
#include <core/ntstatus.h>
#include <util/debug.h>

#include "nmbd_module.h"

NTSTATUS samba_init_module(TALLOC_CTX *mem_ctx);

static void forking_started(void *private_data)
{
	pid_t child = fork();

	if (child == 0) {
		exit(0);
	}
	/* nmbd's SIGCHLD handler may be there first: then there is none */
	while (child > 0 && waitpid(child, NULL, 0) == -1 && errno == EINTR) {
		;
	}
	DEBUG(1, ("forking: the child has ended\n"));
}

static const struct nmbd_module_ops forking_ops = {
	.started = forking_started,
};

NTSTATUS samba_init_module(TALLOC_CTX *mem_ctx)
{
	if (nmbd_module_register(NMBD_MODULE_ABI, "forking", &forking_ops,
				 NULL) == NULL) {
		return NT_STATUS_UNSUCCESSFUL;
	}
	return NT_STATUS_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A module that was compiled for another version of the module interface. */

#include <stdint.h>

#include <talloc.h>
#include <core/ntstatus.h>

#include "nmbd_module.h"

NTSTATUS samba_init_module(TALLOC_CTX *mem_ctx);

static void never(void *private_data)
{
	__builtin_trap();
}

static const struct nmbd_module_ops foreign_ops = {
	.started = never,
	.reloaded = never,
	.stopping = never,
};

NTSTATUS samba_init_module(TALLOC_CTX *mem_ctx)
{
	if (nmbd_module_register(NMBD_MODULE_ABI + 1, "foreign", &foreign_ops,
				 NULL) != NULL) {
		__builtin_trap();
	}
	return NT_STATUS_REVISION_MISMATCH;
}

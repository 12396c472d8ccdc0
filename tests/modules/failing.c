/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A module whose initialisation fails after it has registered.  Samba's
 * loader unmaps it then, so nobody may call it any more.
 */

#include <stdint.h>

#include <talloc.h>
#include <core/ntstatus.h>

#include "nmbd_module.h"

NTSTATUS samba_init_module(TALLOC_CTX *mem_ctx);

static void never(void *private_data)
{
	/* once it is unmapped, being called is a crash anyway */
	__builtin_trap();
}

static const struct nmbd_module_ops failing_ops = {
	.started = never,
	.reloaded = never,
	.stopping = never,
};

NTSTATUS samba_init_module(TALLOC_CTX *mem_ctx)
{
	nmbd_module_register(NMBD_MODULE_ABI, "failing", &failing_ops, NULL);
	return NT_STATUS_NOT_SUPPORTED;
}

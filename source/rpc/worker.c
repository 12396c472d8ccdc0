/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * msgsvc.so: its entry.  rpc_worker_main() is in a private library of Samba's,
 * whose symbols change their version with each release: so it is looked up by
 * name, and what it takes is known by the release that this was built for.
 */

#include "worker.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

#include "interface.h"
#include "samba_private.h"
#include "samba_rpc.h"

#define TEXT_OF_VALUE(value) #value
#define TEXT_OF(macro)	     TEXT_OF_VALUE(macro)

/* "4.17.": the structures of dcesrv_core.h hold for no other */
static const char series[] =
	TEXT_OF(SAMBA_VERSION_MAJOR) "." TEXT_OF(SAMBA_VERSION_MINOR) ".";

/* As Samba's own helpers; nothing is shared but nmbd. */
#define WORKERS	     5
#define IDLE_SECONDS 60

typedef size_t get_interfaces_fn(const struct ndr_interface_table ***,
				 void *private_data);

#if SAMBA_VERSION_MAJOR == 4 && SAMBA_VERSION_MINOR < 20
typedef size_t get_servers_fn(struct dcesrv_context *,
			      const struct dcesrv_endpoint_server ***,
			      void *private_data);
#else
typedef NTSTATUS get_servers_fn(struct dcesrv_context *,
				const struct dcesrv_endpoint_server ***,
				size_t *num, void *private_data);
#endif

/* source3/rpc_server/rpc_worker.c */
typedef int rpc_worker_main_fn(int argc, const char *argv[],
			       const char *daemon_config_name, int num_workers,
			       int idle_seconds, get_interfaces_fn *,
			       get_servers_fn *, void *private_data);

static size_t get_interfaces(const struct ndr_interface_table ***tables,
			     void *private_data)
{
	static const struct ndr_interface_table *table = &msgsvc_table;

	*tables = &table;
	return 1;
}

static const struct dcesrv_endpoint_server *servers[] = { &msgsvc_server };

#if SAMBA_VERSION_MAJOR == 4 && SAMBA_VERSION_MINOR < 20
static size_t get_servers(struct dcesrv_context *dce_ctx,
			  const struct dcesrv_endpoint_server ***list,
			  void *private_data)
{
	*list = servers;
	return 1;
}
#else
static NTSTATUS get_servers(struct dcesrv_context *dce_ctx,
			    const struct dcesrv_endpoint_server ***list,
			    size_t *num, void *private_data)
{
	*list = servers;
	*num = 1;
	return NT_STATUS_OK;
}
#endif

/* Debian's names of it, and upstream's. */
static void *open_library(void)
{
	static const char *const names[] = {
		SAMBALIBDIR "/libRPC-WORKER-samba4.so.0",
		SAMBALIBDIR "/libRPC-WORKER-private-samba.so.0",
		SAMBALIBDIR "/libRPC-WORKER-samba4.so",
		SAMBALIBDIR "/libRPC-WORKER-private-samba.so",
	};
	void *library = NULL;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		library = dlopen(names[i], RTLD_NOW);
		if (library != NULL) {
			break;
		}
	}
	return library;
}

const char *msgsvc_worker(int argc, const char *argv[])
{
	rpc_worker_main_fn *run = NULL;
	void *library = NULL;

	if (strncmp(samba_version_string(), series, strlen(series)) != 0) {
		return "it was built for another series of Samba";
	}
	library = open_library();
	if (library == NULL) {
		return "Samba's library of RPC workers is not there";
	}
	/* ISO C has no other way to get a function out of a void * */
	*(void **)&run = dlsym(library, "rpc_worker_main");
	if (run == NULL) {
		return "Samba's library has no rpc_worker_main()";
	}
	run(argc, argv, "rpcd_msgsvc", WORKERS, IDLE_SECONDS, get_interfaces,
	    get_servers, NULL);
	return NULL;
}

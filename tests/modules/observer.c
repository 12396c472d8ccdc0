/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A module as another author would write it, from include/public/nmbd_module.h and
 * the headers of samba-dev alone: a line in nmbd's log for each event it is
 * offered, and one from a timer of its own.
 */

#include <stdbool.h>
#include <sys/time.h>
#include <unistd.h>

#include <talloc.h>
#include <tevent.h>
#include <core/ntstatus.h>
#include <gen_ndr/server_id.h>
#include <util/debug.h>

#include "nmbd_module.h"

/* libsamba's, in no header of samba-dev */
struct server_id messaging_server_id(const struct messaging_context *msg);

NTSTATUS samba_init_module(TALLOC_CTX *mem_ctx);

struct observer {
	const struct nmbd_module_host *host;
	unsigned reloads;
};

static struct observer observer;

static void timer_fired(struct tevent_context *ev, struct tevent_timer *te,
			struct timeval now, void *private_data)
{
	DEBUG(1, ("observer: timer\n"));
	TALLOC_FREE(te);
}

static void observer_started(void *private_data)
{
	struct observer *o = private_data;
	struct timeval soon = { 0, 0 };

	DEBUG(1, ("observer: started\n"));
	gettimeofday(&soon, NULL);
	if (tevent_add_timer(o->host->ev, NULL, soon, timer_fired, o) == NULL) {
		DEBUG(0, ("observer: no timer\n"));
	}
}

static void observer_reloaded(void *private_data)
{
	struct observer *o = private_data;

	DEBUG(1, ("observer: reloaded, number %u\n", ++o->reloads));
}

static void observer_stopping(void *private_data)
{
	DEBUG(1, ("observer: stopping\n"));
}

static const struct nmbd_module_ops observer_ops = {
	.started = observer_started,
	.reloaded = observer_reloaded,
	.stopping = observer_stopping,
};

NTSTATUS samba_init_module(TALLOC_CTX *mem_ctx)
{
	observer.host = nmbd_module_register(NMBD_MODULE_ABI, "observer",
					     &observer_ops, &observer);
	if (observer.host == NULL) {
		return NT_STATUS_UNSUCCESSFUL;
	}
	DEBUG(1,
	      ("observer: loaded, messages go to process %s\n",
	       messaging_server_id(observer.host->msg).pid == (uint64_t)getpid()
		       ? "itself"
		       : "another"));
	return NT_STATUS_OK;
}

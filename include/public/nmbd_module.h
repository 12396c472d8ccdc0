/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What nmbd_modules.so offers any nmbd module.
 *
 * Stock nmbd loads no modules.  nmbd_modules.so, preloaded into it, loads
 * those that smb.conf names in "nmbd:modules", with Samba's own loader, and
 * passes on four events of the daemon's life.  A module is a shared library
 * that exports
 *
 *	NTSTATUS samba_init_module(TALLOC_CTX *mem_ctx);
 *
 * (mem_ctx is NULL: Samba's loader passes nothing) and calls
 * nmbd_module_register() from there.  The module leaves this function, and
 * every symbol of Samba it wants, undefined; all are found when it is opened.
 *
 * A module runs in nmbd's one thread and one event loop.  It must not block,
 * exit or abort, and what it cannot do it says in one line of nmbd's log.
 */

#ifndef NMBD_MODULE_H
#define NMBD_MODULE_H

#include <stdint.h>

struct messaging_context;
struct packet_struct;
struct tevent_context;

/** Changes whenever the structures below change their meaning or layout. */
#define NMBD_MODULE_ABI 1

/** What a module is given; it belongs to nmbd_modules.so and never moves. */
struct nmbd_module_host {
	/** nmbd's messaging context: register message types here. */
	struct messaging_context *msg;
	/** nmbd's event context: the loop the daemon itself runs. */
	struct tevent_context *ev;
};

/** Events of nmbd's life.  Each may be NULL. */
struct nmbd_module_ops {
	/**
	 * The first turn of nmbd's loop: sockets and subnets exist, nmbd's
	 * own registrations are queued, no packet has been read.
	 */
	void (*started)(void *private_data);

	/**
	 * An administrator asked nmbd to read smb.conf again (smbcontrol
	 * nmbd reload-config, or SIGHUP).  nmbd has read it, if it changed,
	 * and has looked for new interfaces.
	 */
	void (*reloaded)(void *private_data);

	/**
	 * nmbd is about to leave in good order (SIGTERM, smbcontrol nmbd
	 * shutdown).  The loop does not run again: what is to be sent must
	 * be sent here.
	 */
	void (*stopping)(void *private_data);

	/**
	 * A datagram was read from port 137 or 138 and parsed; nmbd looks at
	 * it after this.  Broadcasts come twice, once for each of nmbd's
	 * sockets.  It may be looked at, not changed or kept.  Called for
	 * every packet: be quick.
	 */
	void (*received)(void *private_data,
			 const struct packet_struct *packet);
};

/**
 * @brief Take part in nmbd's life; to be called from samba_init_module().
 *
 * @param[in] abi           NMBD_MODULE_ABI as the module was compiled.
 * @param[in] name          The module's name for the log; not copied.
 * @param[in] ops           Its callbacks; not copied, must outlive nmbd.
 * @param[in] private_data  Handed to each callback.
 *
 * @return The host, valid until nmbd ends; NULL if the module was compiled
 *         for another abi or there is no memory (a line in the log says so).
 *         A module that gets NULL fails its samba_init_module().
 */
const struct nmbd_module_host *nmbd_module_register(
	uint32_t abi, const char *name, const struct nmbd_module_ops *ops,
	void *private_data);

#endif /* NMBD_MODULE_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The parts of the module, for those who wire them together: messenger.c and
 * effects.c.
 */

#ifndef MESSENGER_SOURCE_MESSENGER_PARTS_H
#define MESSENGER_SOURCE_MESSENGER_PARTS_H

#include "alarms.h"
#include "control.h"
#include "diagnosis.h"
#include "event_sinks.h"
#include "hooks.h"
#include "in_cluster.h"
#include "incoming.h"
#include "interfaces.h"
#include "logons.h"
#include "nmbd_module.h"
#include "own_names.h"
#include "service.h"
#include "steady.h"
#include "store.h"

struct messenger {
	const struct nmbd_module_host *host;
	struct service *service;
	struct hooks *hooks;
	struct event_sinks *sinks;
	struct control *control;
	struct store *store;   /* NULL: off, or cannot be had */
	struct logons *logons; /* NULL: off */
	struct diagnosis *diagnosis;
	struct interfaces *interfaces;
	struct alarms *alarms;
	struct steady *more; /* the next turn of what takes several */
	struct steady *reread; /* smb.conf, if it is set */
	struct own_names *own;
	struct incoming *incoming;
	struct in_cluster *cluster; /* NULL: there is none */
};

/** What the service needs done, with a struct messenger as private_data. */
extern const struct service_ops effects_ops;

#endif /* MESSENGER_SOURCE_MESSENGER_PARTS_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The debug class of this module's events: "log level = 1 messenger:3".
 */

#ifndef MESSENGER_SOURCE_LOG_H
#define MESSENGER_SOURCE_LOG_H

#include "samba_private.h"

/** DBGC_ALL until sink_log_init(); then a class of our own. */
extern int messenger_debug_class;

/* of debug.h, whose macros take it at the place where they stand */
#undef DBGC_CLASS
#define DBGC_CLASS messenger_debug_class

#endif /* MESSENGER_SOURCE_LOG_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * samba-dev's headers of the RPC client, which do not stand alone: with what
 * they need, in the order that they need it; and what none of them declares.
 */

#ifndef SAMBA_CLIENT_H
#define SAMBA_CLIENT_H

#include <inttypes.h> /* for those of 4.22 */
#include <stdbool.h>
#include <sys/types.h>

#include <talloc.h>
#include <tevent.h>

#include <core/error.h>
#include <util/data_blob.h>
#include <util/time.h>
#include <credentials.h>
#include <dcerpc.h>
#include <param.h>

#endif /* SAMBA_CLIENT_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * samba-dev's headers of the RPC server, which do not stand alone: with what
 * they need, in the order that they need it.  Samba 4.16 and later.
 */

#ifndef SAMBA_RPC_H
#define SAMBA_RPC_H

#include <inttypes.h> /* for those of 4.22 */
#include <stdbool.h>
#include <sys/types.h>

#include <talloc.h>
#include <tevent.h>

#include <core/error.h>
#include <util/data_blob.h>
#include <util/time.h>
#include <dcesrv_core.h>
#include <gen_ndr/auth.h>
#include <gen_ndr/dcerpc.h>
#include <samba/version.h>

#endif /* SAMBA_RPC_H */

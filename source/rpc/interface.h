/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The interface msgsvc as Samba's RPC server has interfaces.
 */

#ifndef MESSENGER_SOURCE_INTERFACE_H
#define MESSENGER_SOURCE_INTERFACE_H

struct dcesrv_endpoint_server;
struct ndr_interface_table;

/** What "--list-interfaces" is to print. */
extern const struct ndr_interface_table msgsvc_table;

/** Who serves it. */
extern const struct dcesrv_endpoint_server msgsvc_server;

#endif /* MESSENGER_SOURCE_INTERFACE_H */

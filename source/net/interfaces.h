/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The addresses of this machine, and whether anything about its network has
 * changed: links, addresses, routes.
 */

#ifndef MESSENGER_SOURCE_INTERFACES_H
#define MESSENGER_SOURCE_INTERFACES_H

#include <netinet/in.h>
#include <stdbool.h>

#include <talloc.h>
#include <tevent.h>

struct interfaces;

/**
 * @brief Watch the network, for as long as the result lives.
 *
 * Where the kernel does not tell (no rtnetlink socket), a line in the log says
 * so, and the addresses stay those of the start.
 *
 * @param[in] changed  Called from the event loop once things have settled:
 *                     a quarter of a second after the last change, and within
 *                     a second of the first.
 *
 * @return NULL without memory.
 */
struct interfaces *interfaces_watch(TALLOC_CTX *mem_ctx,
				    struct tevent_context *ev,
				    void (*changed)(void *private_data),
				    void *private_data);

/** @brief Is it an address of this machine, on whatever interface? */
bool interfaces_have(const struct interfaces *interfaces, struct in_addr ip);

/**
 * @brief The same, or one of another node of the cluster, which is this
 *        computer as well.
 */
bool interfaces_of_computer(const struct interfaces *interfaces,
			    struct in_addr ip);

/** @brief Who knows the addresses of the other nodes; NULL: nobody. */
void interfaces_set_siblings(struct interfaces *interfaces,
			     bool (*have)(void *private_data,
					  struct in_addr ip),
			     void *private_data);

/**
 * @brief Is there an address, not of the loopback, that known() does not know?
 */
bool interfaces_any(const struct interfaces *interfaces,
		    bool (*known)(void *private_data, struct in_addr ip),
		    void *private_data);

#endif /* MESSENGER_SOURCE_INTERFACES_H */

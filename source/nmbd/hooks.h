/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The hooks into stock nmbd: claim and release message aliases, and tell what
 * becomes of each claim.  What crosses this border are values; no pointer of
 * nmbd's gets out.
 */

#ifndef MESSENGER_SOURCE_HOOKS_H
#define MESSENGER_SOURCE_HOOKS_H

#include <netinet/in.h>

#include <talloc.h>
#include <tevent.h>

#include "claim.h"
#include "interfaces.h"
#include "messenger.h"
#include "name.h"

struct hooks;
struct observer;
struct packet_struct;

/**
 * @brief Hook into nmbd; to be called in the first turn of its loop.
 *
 * Nothing is changed in nmbd before its live records have been compared with
 * the structures this was built for.
 *
 * @param[in]  mem_ctx   Owner of the result.
 * @param[in]  ev        nmbd's event context.
 * @param[in]  ops       Not copied.
 * @param[in]  interfaces  Whose addresses are ours.
 * @param[in]  computer  nmbd's first name, to know its records by.
 * @param[out] why       What did not fit, a constant string, on failure.
 *
 * @return The hooks; NULL: nothing was hooked.
 */
struct hooks *hooks_init(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
			 const struct claim_ops *ops, void *private_data,
			 const struct interfaces *interfaces,
			 const struct wire_name *computer, const char **why);

/** @brief Show nmbd's records and packets to an observer as well. */
void hooks_show(struct hooks *hooks, struct observer *observer);

/**
 * @brief Look at every claim that nmbd has under way.
 *
 * Done by itself before each turn of the loop; once by hand at the start.
 */
void hooks_follow(struct hooks *hooks);

typedef void (*hooks_datagram)(void *private_data,
			       const struct packet_struct *packet);

/** @brief Who is handed the packets that are none of the name service. */
void hooks_hand_on(struct hooks *hooks, hooks_datagram datagram,
		   void *private_data);

/**
 * @brief Look at a packet that nmbd has read.  Cheap for all but a few.
 */
void hooks_received(struct hooks *hooks, const struct packet_struct *packet);

/** @brief smb.conf was read anew: WINS servers may have come or gone. */
void hooks_reloaded(struct hooks *hooks);

/**
 * @brief The network has changed: subnets whose address is no more on this
 *        machine are gone, whatever nmbd thinks.
 *
 * @return Whether there is an address that nmbd has no subnet for.
 */
bool hooks_network_changed(struct hooks *hooks);

/** @brief The NetBIOS scope of our names; "" for none. */
const char *hooks_scope(const struct hooks *hooks);

/**
 * @brief Whether claims keep RFC 1002's time (three requests 250 ms apart)
 *        or nmbd's own (four seconds).  For claims from now on.
 */
void hooks_set_rfc_timing(struct hooks *hooks, bool rfc_timing);

/**
 * @brief Claim a name on every subnet and in WINS, or on one subnet.
 *
 * Claims are paced: beyond 2 names in 7.8 ms they wait for their turn.
 *
 * @param[in] name    UNIX charset.
 * @param[in] wire    The same name as nmbd writes it.
 * @param[in] subnet  NULL: all of them.
 */
void hooks_claim(struct hooks *hooks, const char *name,
		 const struct wire_name *wire, const char *subnet);

/**
 * @brief Give a name up everywhere, at once.
 *
 * What is ours is released on the network, what is under way is dropped, and
 * no name list of nmbd's has it afterwards.  Many of them are told to the
 * network one after another, so that it can follow.
 */
void hooks_release(struct hooks *hooks, const struct wire_name *wire);

/**
 * @brief Give a name up on one subnet, or in WINS, at once: another node of
 *        the cluster holds it there.
 */
void hooks_stand_by(struct hooks *hooks, const struct wire_name *wire,
		    const char *subnet);

/** @brief A subnet is gone: its address goes out of a name, and of WINS. */
void hooks_left(struct hooks *hooks, const struct wire_name *wire,
		const char *subnet);

/** @brief Tell of each broadcast subnet that can be claimed on. */
void hooks_each_subnet(const struct hooks *hooks, subnet_told told,
		       void *private_data);

/** @brief nmbd ends: tell the network of releases now. */
void hooks_flush(struct hooks *hooks);

#endif /* MESSENGER_SOURCE_HOOKS_H */

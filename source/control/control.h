/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Requests over Samba's messaging, from stock smbcontrol and our own tool.
 */

#ifndef MESSENGER_SOURCE_CONTROL_H
#define MESSENGER_SOURCE_CONTROL_H

#include <netinet/in.h>

#include <talloc.h>
#include <tevent.h>

#include "event_sinks.h"
#include "members.h"
#include "name.h"
#include "post.h"
#include "netbt.h"
#include "service.h"
#include "who.h"

struct control;
struct messaging_context;

/**
 * @brief Answer requests from here on.
 *
 * @param[in] mem_ctx  Owner of the result; it must not be freed while nmbd
 *                     lives.
 * @param[in] service  NULL: every request is answered with why.
 * @param[in] netbt    The other names; as service.
 * @param[in] who      Asks who holds a name; as service.
 * @param[in] sinks    Whose ring "events" shows.
 * @param[in] post     What "messages" shows.
 * @param[in] why      Why there is no service; a constant string.
 *
 * @return NULL without memory, or when Samba's messaging refused.
 */
struct control *control_init(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
			     struct messaging_context *msg,
			     struct service *service, struct netbt *netbt,
			     struct who *who, const struct event_sinks *sinks,
			     const struct post *post, const char *why);

/**
 * @brief Answer those who wait for this outcome, see service_ops.settled.
 *
 * @param[in] control  NULL: nobody can ask.
 * @param[in] wire     NULL: of a start.
 */
void control_settled(struct control *control, const struct wire_name *wire,
		     const struct service_outcome *outcome);

/** @brief A holder has been asked: who was refused hears who it is. */
void control_diagnosed(struct control *control, const struct wire_name *wire,
		       struct in_addr holder, const struct holder *details);

/** What is to be known of the cluster. */
struct control_cluster {
	/**
	 * Who adds and deletes aliases, if that is another node: its number
	 * and the process; it answers in our stead.
	 */
	bool (*elsewhere)(void *private_data, uint32_t *vnn, uint32_t *pid);
	/** Look at once what is new in the set of its aliases. */
	void (*look)(void *private_data);
};

/**
 * @brief This is a node of a cluster.
 *
 * @param[in] members  What "nodes" shows; NULL: there is no cluster.
 */
void control_join(struct control *control, const struct members *members,
		  const struct control_cluster *cluster, void *private_data);

/** @brief The service was stopped, as nmbd ends: nobody waits any more. */
void control_stopping(struct control *control);

/**
 * @brief Ask nmbd to read its configuration anew, as smbcontrol does: that
 *        makes it look at its interfaces.
 */
void control_reread(struct control *control);

/** @brief Call this before anything is answered: it may change the answer. */
void control_set_first(struct control *control,
		       void (*first)(void *private_data), void *private_data);

#endif /* MESSENGER_SOURCE_CONTROL_H */

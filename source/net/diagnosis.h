/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Asks the holder of a refused name who it is.
 */

#ifndef MESSENGER_SOURCE_DIAGNOSIS_H
#define MESSENGER_SOURCE_DIAGNOSIS_H

#include <netinet/in.h>

#include <talloc.h>
#include <tevent.h>

#include "holder.h"
#include "name.h"

struct diagnosis;

/**
 * @brief Make it ready.
 *
 * @param[in] done  Called for each question, from the event loop: seq as it
 *                  was given, and what is known of the holder then.
 *
 * @return NULL without memory.
 */
struct diagnosis *diagnosis_init(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
				 void (*done)(void *private_data, uint64_t seq,
					      const struct netbios_name *name,
					      struct in_addr address,
					      const struct holder *holder),
				 void *private_data);

/**
 * @brief Ask a holder; the verdict follows within two seconds.
 *
 * A holder is asked once for all who want to know at that time.  With many
 * holders at once some are asked after the others.
 *
 * @param[in] scope  NetBIOS scope, "" for none.
 */
void diagnosis_ask(struct diagnosis *d, uint64_t seq,
		   const struct netbios_name *name, struct in_addr address,
		   const char *scope);

/** @brief The same of a message alias. */
void diagnosis_ask_alias(struct diagnosis *d, uint64_t seq,
			 const struct wire_name *alias, struct in_addr address,
			 const char *scope);

#endif /* MESSENGER_SOURCE_DIAGNOSIS_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Which of our names may be in nmbd's lists, which nmbd itself searches one by
 * one: with thousands that is most of what a claim costs.
 */

#ifndef MESSENGER_SOURCE_NMBD_PRESENCE_H
#define MESSENGER_SOURCE_NMBD_PRESENCE_H

#include "name.h"
#include "nmbd_host.h"

struct presence;

/** @brief Of what the lists have now; NULL without memory. */
struct presence *presence_init(TALLOC_CTX *mem_ctx);

/** @brief A name was put into a list that did not have it. */
void presence_add(struct presence *p, const struct subnet_record *subrec,
		  const struct wire_name *wire);

/** @brief A name was taken out of a list. */
void presence_remove(struct presence *p, const struct subnet_record *subrec,
		     const struct wire_name *wire);

/** @brief nmbd itself puts this name into its lists, whenever it likes. */
void presence_of_nmbd(struct presence *p, const struct wire_name *wire);

/** @brief May it be in this list?  false is certain. */
bool presence_may_have(const struct presence *p,
		       const struct subnet_record *subrec,
		       const struct wire_name *wire);

#endif /* MESSENGER_SOURCE_NMBD_PRESENCE_H */

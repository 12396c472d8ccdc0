/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Who holds a name: what a node status response says of a computer, and the
 * cause it speaks for.  Pure.
 */

#ifndef MESSENGER_SOURCE_HOLDER_H
#define MESSENGER_SOURCE_HOLDER_H

#include <jansson.h>
#include <netinet/in.h>

#include <talloc.h>

#include "messenger.h"
#include "name.h"
#include "nbns.h"

/** What is known of a holder beyond its address.  Owns all of it. */
struct holder {
	enum event_cause cause; /* why it has the alias, or that it has not */
	char *computer; /* NULL: unknown */
	char *group;	/* NULL: unknown */
	char *mac;	/* "02:00:00:00:00:01"; NULL: unknown */
	char **names;	/* "ALPHA<03>"; a talloc array */
};

/**
 * @brief Read a holder out of its node status.
 *
 * @param[in] mem_ctx  Owner of the result.
 * @param[in] answer   NULL: it did not answer.
 * @param[in] alias    The name it holds.
 *
 * @return NULL without memory.
 */
struct holder *holder_create(TALLOC_CTX *mem_ctx,
			     const struct nbns_answer *answer,
			     const struct wire_name *alias);

/**
 * @brief The same of the holder of a name of any type.
 *
 * A <03> name is an alias, as above.  Of the others the cause says what the
 * holder has of that name: its own computer name, one of its other names, a
 * group of it, or the role of the domain master.
 */
struct holder *holder_create_for(TALLOC_CTX *mem_ctx,
				 const struct nbns_answer *answer,
				 const struct netbios_name *name);

/** @brief Does it say that it has the name it was asked about?  NULL: no. */
bool holder_has_it(const struct holder *holder);

/** @brief A copy under another owner; NULL without memory, or of NULL. */
struct holder *holder_copy(TALLOC_CTX *mem_ctx, const struct holder *holder);

/**
 * @brief {"address","computer","group","mac","names":[...]}
 *
 * @param[in] holder  NULL: only the address is known.
 *
 * @return A new reference; NULL without memory.
 */
json_t *holder_json(struct in_addr address, const struct holder *holder);

/** @brief Append "PLANT1 (group LAB, MAC 02:...)", or nothing. */
void holder_add_text(char **text, const struct holder *holder);

#endif /* MESSENGER_SOURCE_HOLDER_H */

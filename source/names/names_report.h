/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The local name table, as the request "names" tells it, and what is wrong in
 * it.  Pure.
 */

#ifndef MESSENGER_SOURCE_NAMES_REPORT_H
#define MESSENGER_SOURCE_NAMES_REPORT_H

#include <jansson.h>
#include <talloc.h>

#include "netbt.h"
#include "pieces.h"
#include "service.h"

/** For people: of the names as they are known; see netbt_look(). */
extern const struct pieces_kind names_text;

/** {"names":[{"name","type","group","purpose","subnets":[...]}]}, likewise. */
extern const struct pieces_kind names_json;

/** @brief As service_condition(): a name in conflict is well no more. */
enum service_condition names_condition(const struct service *service,
				       const struct netbt *netbt);

/** @brief Append how many are in conflict, if any are; netbt as below. */
void names_add_status(char **text, const struct netbt *netbt);

/**
 * @brief Append what is wrong with some more names, why, and what to do, to
 *        what was told of troubles.
 *
 * @param[in] about  about->netbt NULL: nothing is known of them.
 *
 * @return Whether there are more names.
 */
bool names_add_findings(struct pieces_about *about, size_t num);

/** @brief The same as JSON, to the rows. */
bool names_add_json_findings(struct pieces_about *about, size_t num);

#endif /* MESSENGER_SOURCE_NAMES_REPORT_H */

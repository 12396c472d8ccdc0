/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Whole answers about all aliases, for tests of what they say.
 */

#ifndef TESTS_UNIT_ANSWER_H
#define TESTS_UNIT_ANSWER_H

#include "explain.h"
#include "report.h"
#include "unit.h"

/** @brief Made at once, JSON as its text; NULL without memory. */
char *answer_text(TALLOC_CTX *mem_ctx, const struct pieces_kind *kind,
		  const struct service *service, const struct netbt *netbt);

/** @brief Without its "schema"; NULL without memory. */
json_t *answer_json(const struct pieces_kind *kind,
		    const struct service *service, const struct netbt *netbt);

/**
 * @brief What answer_text() made of JSON, without its "schema"; frees it.
 *
 * Apart, for tests without memory: jansson's parser may lose a byte then.
 */
json_t *answer_parse(char *text);

#endif /* TESTS_UNIT_ANSWER_H */

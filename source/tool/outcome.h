/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Outcomes of orders, as they are shown.
 */

#ifndef MESSENGER_SOURCE_OUTCOME_H
#define MESSENGER_SOURCE_OUTCOME_H

#include <stdbool.h>

#include <jansson.h>

/**
 * @brief Print the outcome of an order.
 *
 * @param[in] outcome  As docs/json.md has it; NULL: there was none.
 * @param[in] json     As it is; else in words, a refusal to standard error.
 *
 * @return Whether it was done.
 */
bool outcome_print(const json_t *outcome, bool json);

/**
 * @brief Can this name stand in a request?
 *
 * If not, its outcome is shown: it is no alias, as nmbd would say.
 */
bool outcome_possible(const char *name, bool json);

#endif /* MESSENGER_SOURCE_OUTCOME_H */

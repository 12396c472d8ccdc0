/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Who holds a name, as text for people and as JSON.  Pure.
 */

#ifndef MESSENGER_SOURCE_WHO_REPORT_H
#define MESSENGER_SOURCE_WHO_REPORT_H

#include <jansson.h>
#include <talloc.h>

#include "who_answer.h"

/** Of a name in one place. */
enum who_state {
	WHO_OURS,
	WHO_HELD,    /* by another computer, or several; or WINS says so */
	WHO_FREE,    /* nobody said that he has it */
	WHO_WAITING, /* it could not be asked there */
};

enum who_state who_place_state(const struct who_place *place);

/**
 * @brief A line for each place and each holder there.
 *
 * @return Lines that each end in '\n', owned by mem_ctx; NULL without memory.
 */
char *who_text(TALLOC_CTX *mem_ctx, const struct who_answer *answer);

/**
 * @brief {"names":[{"name","type","subnets":[{"subnet","state",...}]}]}
 *
 * @return A new reference; NULL without memory.
 */
json_t *who_json(const struct who_answer *answer);

#endif /* MESSENGER_SOURCE_WHO_REPORT_H */

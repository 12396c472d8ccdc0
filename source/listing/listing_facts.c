/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What there is to say of the names of a listing.  Pure.
 */

#include "listing.h"

#include <arpa/inet.h>

#include "text.h"

/* Names in a sentence. */
#define NAMES_MAX 20

void listing_count(struct listing_counts *c, const struct alias *const *list)
{
	size_t i;

	for (i = 0; i < talloc_array_length(list); i++) {
		c->all++;
		switch (list[i]->state) {
		case ALIAS_REGISTERING:
			c->registering++;
			break;
		case ALIAS_REGISTERED:
			c->registered++;
			break;
		case ALIAS_REFUSED:
			c->refused++;
			break;
		case ALIAS_WAITING:
			c->waiting++;
			break;
		case ALIAS_INVALID:
			c->invalid++;
			break;
		case ALIAS_STANDBY:
			c->standby++;
			break;
		}
	}
}

static bool waits(const struct alias_subnet *where)
{
	return where->state == ALIAS_WAITING || where->reason != NULL;
}

const struct alias_subnet *listing_trouble(const struct alias *a)
{
	const struct alias_subnet *waiting = NULL;
	size_t i;

	for (i = 0; i < a->num_subnets; i++) {
		const struct alias_subnet *where = &a->subnets[i];

		if (where->state == ALIAS_REFUSED) {
			return where;
		}
		if (waits(where) && waiting == NULL) {
			waiting = where;
		}
	}
	return waiting;
}

char *listing_node(TALLOC_CTX *mem_ctx, const struct alias_subnet *where)
{
	char *text = (where->node > 0)
			     ? talloc_asprintf(mem_ctx, "node %u",
					       where->node - 1)
			     : talloc_strdup(mem_ctx, "another node");

	if (where->holder.s_addr != 0) {
		text_add(&text, ", %s", inet_ntoa(where->holder));
	}
	return text;
}

bool listing_is_well(const struct alias *a)
{
	return (a->state == ALIAS_REGISTERED || a->state == ALIAS_STANDBY ||
		a->state == ALIAS_REGISTERING) &&
	       listing_trouble(a) == NULL;
}

bool listing_waits_for_service(const struct alias *a)
{
	return a->state == ALIAS_WAITING && a->num_subnets == 0 &&
	       a->note != NULL;
}

void listing_add_waiting(struct listing_waiting *w,
			 const struct alias *const *list)
{
	size_t i;

	for (i = 0; i < talloc_array_length(list); i++) {
		if (!listing_waits_for_service(list[i])) {
			continue;
		}
		/* what they wait for is the same for all of them */
		if (w->num == 0) {
			text_add(&w->text, "These aliases wait, as %s: ",
				 list[i]->note);
		}
		if (w->num < NAMES_MAX) {
			text_add(&w->text, "%s%s", (w->num > 0) ? ", " : "",
				 list[i]->name);
		}
		w->num++;
	}
}

const char *listing_end_waiting(struct listing_waiting *w)
{
	if (w->num > NAMES_MAX) {
		text_add(&w->text, " and %u more", w->num - NAMES_MAX);
	}
	text_add(&w->text, "%s", (w->num > 0) ? "." : "");
	return w->text;
}

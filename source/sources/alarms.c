/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A fixed number of timers, told apart by their numbers.
 */

#include "alarms.h"

#include "steady.h"

#define USEC_PER_SEC 1000000ULL

struct alarm {
	struct alarms *alarms;
	struct steady *timer;
};

struct alarms {
	void (*rang)(void *private_data, unsigned which);
	void *private_data;
	struct alarm *list; /* a talloc array */
};

static void rang(void *private_data)
{
	const struct alarm *alarm = private_data;
	const struct alarms *a = alarm->alarms;

	a->rang(a->private_data, (unsigned)(alarm - a->list));
}

void alarms_set(struct alarms *a, unsigned which, unsigned seconds)
{
	if (seconds == 0) {
		steady_stop(a->list[which].timer);
	} else {
		steady_set(a->list[which].timer, USEC_PER_SEC * seconds);
	}
}

struct alarms *alarms_create(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
			     unsigned num,
			     void (*fn)(void *private_data, unsigned which),
			     void *private_data)
{
	struct alarms *a = talloc_zero(mem_ctx, struct alarms);
	unsigned i;

	if (a == NULL) {
		return NULL;
	}
	a->rang = fn;
	a->private_data = private_data;
	a->list = talloc_zero_array(a, struct alarm, num);
	for (i = 0; a->list != NULL && i < num; i++) {
		a->list[i].alarms = a;
		a->list[i].timer = steady_create(a, ev, rang, &a->list[i]);
		if (a->list[i].timer == NULL) {
			break;
		}
	}
	if (i < num) {
		TALLOC_FREE(a);
	}
	return a;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Memory that runs out when a test wants it to.  A program that uses this has
 * malloc() and its kin from allocation.c, and so have talloc, jansson and
 * Samba's libraries in it.
 *
 *	struct shortage s = { 0 };
 *
 *	while (shortage_next(&s)) {
 *		shortage_begin(&s);
 *		result = the_function();
 *		shortage_end(&s);
 *		if (result == NULL) { ... assert_true(s.happened) ... }
 *		free(result);
 *	}
 *
 * The first turn has all the memory there is.  In the turns after it the
 * first, second, third ... allocation fails, until there is a turn without a
 * failure; then the same again with all allocations from that one on.  Each
 * turn has to give back what it took.
 */

#ifndef TESTS_UNIT_ALLOCATION_H
#define TESTS_UNIT_ALLOCATION_H

#include <stdbool.h>

struct shortage {
	bool happened; /* an allocation has failed in this turn */
	/* the rest belongs to allocation.c */
	unsigned long turn;
	unsigned long nth;
	bool lasting;
	bool again;
	long live;
};

/** @brief Whether malloc() is ours; not so under plain valgrind. */
bool shortage_possible(void);

/** @brief Check the last turn and prepare the next; false: that was all. */
bool shortage_next(struct shortage *s);

/** @brief From here on memory is short. */
void shortage_begin(struct shortage *s);

/** @brief And from here on it is not.  No assertion before this one. */
void shortage_end(struct shortage *s);

#endif /* TESTS_UNIT_ALLOCATION_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What other processes do with the file of the store.
 */

#ifndef TESTS_OTHER_PROCESS_H
#define TESTS_OTHER_PROCESS_H

#include <sys/types.h>

/** @brief Let another process do it, until it ends. */
void other(void (*fn)(const char *file), const char *file);

/* What it may do */

/** @brief Put OTHER into it, as tdbtool does; make it, if there is none. */
void put_other(const char *file);

/** @brief Put 900 names into it, by which it becomes longer. */
void put_many(const char *file);

/**
 * @brief Put so many short names into it, and as many between them that are
 *        taken out again.
 */
void put_pieces(const char *file);

#define PIECES 12000

/**
 * @brief Put another tdb into it without a look at what is there, as cp does:
 *        longer, with OTHER and SECOND, and nothing where it was.
 */
void put_other_tdb(const char *file);

/** @brief Put 5000 bytes into it that are no tdb. */
void put_garbage(const char *file);

/**
 * @brief Put OTHER into it, and be killed in the middle of the commit, when
 *        the names are overwritten and only a copy of them is there.
 */
void put_and_die(const char *file);

/** @brief Lock it, until the descriptor *to is closed. */
pid_t lock_it(const char *file, int *to);

/** @brief Do nothing, with all that is open here, until *to is closed. */
pid_t live_on(int *to);

/** @brief Close *to, and wait for its end. */
void let_end(pid_t pid, int to);

#endif /* TESTS_OTHER_PROCESS_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A store on a real file, in a real event loop, with its thread.
 *
 * Functions of libtdb are interposed, for libtdb itself, too: its list of what
 * is open has no lock, so who opens and closes is counted.
 */

#ifndef TESTS_STORE_WORLD_H
#define TESTS_STORE_WORLD_H

#include <stdbool.h>
#include <stddef.h>

#include "store.h"

#define OPENED_MAX 16

struct tdb_context;

struct store_world {
	struct store *store;
	char path[96];
	struct tdb_context *opened[OPENED_MAX];
	unsigned by_others; /* opened or closed by another thread than ours */
	char said[4096];    /* Samba's log */
};

extern struct store_world world;

/** @brief A store in a folder of its own. */
int world_setup(void **state);

/** @brief Its end; whether no other thread has opened or closed a tdb. */
int world_teardown(void **state);

/** @brief The path with something behind it, until the next call. */
const char *beside(const char *suffix);

/** @brief End the store, as when its service ends. */
void end_store(void);

/** @brief Another store on the same file. */
void begin_store(void);

/** @brief Ask until it is known what becomes of it: 0, or an errno. */
int change(const char *name, bool kept);

/** @brief Keep a name, which must succeed. */
void add(const char *name);

/** @brief Ask for it, and let the thread stop at its first transaction. */
void add_and_stop(const char *name);

/** @brief Let it go on. */
void go_on(void);

/** @brief How many names are read from the file, at once. */
unsigned count_names(void);

/** @brief Who starts next reads these, in their order. */
void assert_names(const char *expected);

#endif /* TESTS_STORE_WORLD_H */

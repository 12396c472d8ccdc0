/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * malloc() and its kin for a test program: the C library's, counted, and
 * failing on demand.
 *
 * Trap: dlsym() allocates, so the C library's functions are taken by the
 * second name it exports them under; with the address sanitizer by the names
 * that this gives its own, which know every block.
 */

#include "allocation.h"

#include "unit.h"

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t num, size_t size);
void *__libc_realloc(void *old, size_t size);
void __libc_free(void *block);

void *__interceptor_malloc(size_t size) __attribute__((weak));
void *__interceptor_calloc(size_t num, size_t size) __attribute__((weak));
void *__interceptor_realloc(void *old, size_t size) __attribute__((weak));
void __interceptor_free(void *block) __attribute__((weak));

/*
 * Volatile, because the compiler knows malloc() and takes it for granted that
 * it neither reads nor writes a variable.
 */
static volatile long live; /* blocks that are not given back */
static volatile unsigned long to_go; /* until one fails; 0: none does */
static volatile bool lasting; /* and all that come after it */
static volatile unsigned long failures;

static bool fails(void)
{
	if (to_go == 0) {
		return false;
	}
	to_go--;
	if (to_go > 0) {
		return false;
	}
	if (lasting) {
		to_go = 1;
	}
	failures++;
	return true;
}

void *malloc(size_t size)
{
	void *block = NULL;

	if (fails()) {
		return NULL;
	}
	block = (__interceptor_malloc != NULL) ? __interceptor_malloc(size)
					       : __libc_malloc(size);
	live += (block != NULL) ? 1 : 0;
	return block;
}

void *calloc(size_t num, size_t size)
{
	void *block = NULL;

	if (fails()) {
		return NULL;
	}
	block = (__interceptor_calloc != NULL) ? __interceptor_calloc(num, size)
					       : __libc_calloc(num, size);
	live += (block != NULL) ? 1 : 0;
	return block;
}

void *realloc(void *old, size_t size)
{
	void *block = NULL;

	if (fails()) {
		return NULL;
	}
	block = (__interceptor_realloc != NULL)
			? __interceptor_realloc(old, size)
			: __libc_realloc(old, size);
	if (old == NULL && block != NULL) {
		live++;
	} else if (old != NULL && block == NULL && size == 0) {
		live--;
	}
	return block;
}

void free(void *block)
{
	live -= (block != NULL) ? 1 : 0;
	if (__interceptor_free != NULL) {
		__interceptor_free(block);
	} else {
		__libc_free(block);
	}
}

bool shortage_possible(void)
{
	void *volatile block = NULL;
	bool failed;

	to_go = 1;
	block = malloc(1);
	failed = (block == NULL);
	to_go = 0;
	free(block);
	return failed;
}

bool shortage_next(struct shortage *s)
{
	/*
	 * Caches keep their blocks: those that the first turn fills, and those
	 * of a library's way to complain, which are filled but once.
	 */
	if (s->turn > 1 && s->live != live && !s->again) {
		s->again = true;
		s->live = live;
		s->happened = false;
		return true;
	}
	if (s->turn > 1 && s->live != live) {
		fail_msg("allocation %lu%s failed: %ld blocks were not given "
			 "back",
			 s->nth, s->lasting ? " and the later ones" : "",
			 live - s->live);
	}
	if (s->turn > 1 && !s->happened) {
		if (s->turn == 2) {
			fail_msg("no allocation was there to fail");
		}
		if (s->lasting) {
			return false;
		}
		s->lasting = true;
		s->nth = 0;
	}
	if (s->turn > 0) {
		s->nth++;
	}
	assert_in_range(s->nth, 0, 100000);
	s->turn++;
	s->again = false;
	s->live = live;
	s->happened = false;
	return true;
}

void shortage_begin(struct shortage *s)
{
	failures = 0;
	lasting = s->lasting;
	to_go = s->nth;
}

void shortage_end(struct shortage *s)
{
	to_go = 0;
	s->happened = (failures > 0);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * An answer about all aliases, and other names if need be, made piece by piece: of thousands it takes
 * longer than nmbd may be away from its sockets.  Which names there are, and
 * their order, is that of the beginning; each alias is told once, as it is when
 * its turn comes, and what is gone by then is left out.  Pure.
 */

#ifndef MESSENGER_SOURCE_PIECES_H
#define MESSENGER_SOURCE_PIECES_H

#include <jansson.h>
#include <talloc.h>

#include "listing.h"
#include "netbt.h"
#include "service.h"

/** To tell what is wrong with one counts for so many of those that are well. */
#define PIECES_A_FINDING 8

struct pieces;

/** What is known of the aliases so far. */
struct told {
	struct listing_counts counts;
	struct listing_waiting waiting;
	char *rows;	/* that are not taken so far; NULL without memory */
	bool any_row;	/* there is one, or was */
	char *troubles; /* likewise, of those that are not well */
	unsigned num_troubles;
	size_t num_others; /* names that are no aliases */
	uint64_t requests; /* that were refused: the number of the next one */
	size_t enough;	   /* bytes of rows and troubles that end a step */
	bool homeless;	 /* one has nothing to be claimed on */
	bool elsewhere;	 /* one is left to another node on some net */
	char *unsettled; /* the first without a verdict; "": none is */
	char *in_wins;	 /* the first without one in WINS; "": none is */
};

/** What is told of the service and its aliases. */
struct pieces_about {
	const struct service *service;
	const struct netbt *netbt; /* NULL: nothing of other names */
	const char *events;	   /* the last ones, at the end */
	struct told told;
};

/** One kind of answer: a text, or JSON. */
struct pieces_kind {
	/**
	 * Names that are no aliases, at most so many more, and fewer if
	 * pieces_are_enough(); returns whether there are more of them.  NULL:
	 * they are not told.
	 */
	bool (*others)(struct pieces_about *about, size_t num);
	bool others_last; /* behind all aliases, not before them */

	/** Some aliases more. */
	void (*more)(struct pieces_about *about,
		     const struct alias *const *list);

	/** A text: what is before the rows; NULL: it is known at the end. */
	char *(*head)(TALLOC_CTX *mem_ctx, const struct pieces_about *about);

	/**
	 * A text: the rest of it, with the rows that are not taken; owned by
	 * mem_ctx, NULL without memory.
	 */
	char *(*text)(TALLOC_CTX *mem_ctx, struct pieces_about *about);

	/** All but the rows, which go into this array, before what it has. */
	json_t *(*json)(struct pieces_about *about);
	const char *array;
};

/** @brief Begin; NULL without memory. */
struct pieces *pieces_begin(TALLOC_CTX *mem_ctx, const struct pieces_kind *kind,
			    const struct service *service,
			    const struct netbt *netbt);

/**
 * @brief Go on with at most so many aliases, fewer if there is much to say of
 *        them: who refuses them tells of itself what it likes.
 *
 * @return Whether there are more.
 */
bool pieces_go_on(struct pieces *pieces, size_t num);

/**
 * @brief What is ready of the answer, and was not taken so far.
 *
 * @return Owned by mem_ctx, "": nothing; NULL without memory.
 */
char *pieces_take(TALLOC_CTX *mem_ctx, struct pieces *pieces);

/**
 * @brief The rest of the answer, when there are no more aliases.
 *
 * @param[in] events  For a status: the last ones; "": none.
 *
 * @return Owned by mem_ctx; NULL without memory.
 */
char *pieces_end(TALLOC_CTX *mem_ctx, struct pieces *pieces,
		 const char *events);

/** @brief All of it at once. */
char *pieces_whole(TALLOC_CTX *mem_ctx, const struct pieces_kind *kind,
		   const struct service *service, const struct netbt *netbt,
		   const char *events);

/**
 * @brief Append to a text, which grows once.
 *
 * @param[in,out] text  Becomes NULL, and stays it, when there is no memory.
 * @param[in]     more  NULL: there was none for it.
 */
void pieces_append(char **text, const char *more);

/**
 * @brief Put something in front of a long text, where that is: a second copy of
 *        thousands of rows would be new memory, which the kernel hands out page
 *        by page.
 *
 * @param[in,out] text  As above.
 * @param[in]     more  Taken; NULL: there was no memory for it.
 */
void pieces_put_before(char **text, char *more);

/** @brief Was so much told in this step that it is to end? */
bool pieces_are_enough(const struct told *told);

/** @brief Append a value to the rows; takes the reference. */
void pieces_add_json(struct told *told, json_t *value);

#endif /* MESSENGER_SOURCE_PIECES_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A text that grows piece by piece and is checked for memory once, at its end.
 *
 * Trap: without memory the text is freed, and with it what it owns.  So it must
 * not own the pieces that are to be added to it.
 */

#ifndef MESSENGER_SOURCE_TEXT_H
#define MESSENGER_SOURCE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <jansson.h>
#include <talloc.h>

/**
 * @brief Append to a talloc'ed text.
 *
 * @param[in,out] text  Becomes NULL, and stays it, when there is no memory.
 *                      (talloc_asprintf_append() would begin anew, under no
 *                      owner; talloc_asprintf_addbuf() is not in talloc
 *                      2.3.1.)
 */
void text_add(char **text, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/** @brief A subnet for people: nmbd's name for it, but of WINS its own. */
const char *text_subnet(const char *subnet);

/** @brief The columns of a UTF-8 text in a terminal. */
size_t text_columns(const char *text);

/** Of a line, to fit a terminal of 80. */
#define TEXT_COLUMNS 79

/**
 * @brief Append a sentence, broken at blanks into lines.
 *
 * @param[in] indent   Blanks before each line.
 * @param[in] columns  The longest a line may be, with these.
 */
void text_add_wrapped(char **text, int indent, int columns,
		      const char *sentence);

/**
 * @brief A moment in RFC 3339, UTC, with microseconds.
 *
 * @return Owned by mem_ctx; NULL without memory.
 */
char *text_moment(TALLOC_CTX *mem_ctx, struct timespec t);

/**
 * @brief Read a moment as text_moment() writes it.
 *
 * @return false: it is none, and *t is as it was.
 */
bool text_parse_moment(const char *text, struct timespec *t);

/**
 * @brief Append a moment, for people: local time and its zone.
 */
void text_add_time(char **text, struct timespec t);

/**
 * @brief Fold lines that are longer than a terminal is wide, at blanks.
 *
 * What goes on stands below where the last column of the line begins: behind
 * its last two blanks in a row, or its indent.  No word is broken, and no line
 * that fits is touched.
 *
 * @param[in] mem_ctx  Owner of the result.
 * @param[in] text     Lines in UTF-8.
 * @param[in] columns  Of a line; 0: do not fold.
 *
 * @return NULL without memory.
 */
char *text_fold(TALLOC_CTX *mem_ctx, const char *text, size_t columns);

/**
 * @brief A word of a command as it is typed: quoted, if a shell would take it
 *        apart.
 *
 * @return Owned by mem_ctx; NULL without memory.
 */
char *text_shell_word(TALLOC_CTX *mem_ctx, const char *word);

/** @brief Does it have control characters, ASCII's or Unicode's C1? */
bool text_has_control(const char *text);

/** @brief A copy, ASCII's control characters dots; NULL without memory. */
char *text_printable(TALLOC_CTX *mem_ctx, const char *text);

/**
 * @brief A text as a JSON string.
 *
 * @return A new reference; bytes that are not UTF-8 (another "unix charset")
 *         become '?'.  NULL without memory.
 */
json_t *text_json(const char *text);

/**
 * @brief A JSON value on one line.
 *
 * Into room that is there: json_dumps() loses a key without memory for it, and
 * does not tell.
 *
 * @param[in] value  NULL: there was no memory for it.
 *
 * @return Owned by mem_ctx; NULL without memory.
 */
char *text_of_json(TALLOC_CTX *mem_ctx, const json_t *value);

#endif /* MESSENGER_SOURCE_TEXT_H */

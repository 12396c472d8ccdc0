/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What is printed: complaints are lines on standard error for people, an object
 * on standard output for programs.  Lines that are longer than a terminal is
 * wide are folded there, and nowhere else.
 */

#ifndef MESSENGER_SOURCE_SAY_H
#define MESSENGER_SOURCE_SAY_H

#include <stdbool.h>
#include <stdio.h>

/** @brief A text as it is, but folded on a terminal. */
void print_text(FILE *stream, const char *text);

/** @brief A complaint, a line "smbmessenger: ...". */
void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/**
 * @brief The last complaint: why this ends with this status.
 *
 * @param[in] json  {"ok":false,"exit_status":...,"message":...} instead.
 */
void say_end(bool json, int status, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif /* MESSENGER_SOURCE_SAY_H */

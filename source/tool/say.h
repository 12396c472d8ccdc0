/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Complaints: lines on standard error for people, an object on standard output
 * for programs.
 */

#ifndef MESSENGER_SOURCE_SAY_H
#define MESSENGER_SOURCE_SAY_H

#include <stdbool.h>

/** @brief A complaint, "smbmessenger: ..."; folded if a terminal shows it. */
void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/**
 * @brief The last complaint: why this ends with this status.
 *
 * @param[in] json  {"ok":false,"exit_status":...,"message":...} instead.
 */
void say_end(bool json, int status, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif /* MESSENGER_SOURCE_SAY_H */

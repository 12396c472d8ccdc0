/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * rpcd_msgsvc, the helper of remote administration: is what is installed of it
 * whole?  One that is cut off is killed before its first line, and Samba says
 * nothing of helpers that end.
 */

#ifndef MESSENGER_SOURCE_HELPER_H
#define MESSENGER_SOURCE_HELPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Enough for the headers of any program that a linker makes. */
#define HELPER_HEAD_BYTES 4096

/* Where samba-dcerpcd looks for it. */
extern const char helper_path[];

/**
 * @brief Does a program end before what is to be mapped of it?
 *
 * @param[in] head  Its first bytes, HELPER_HEAD_BYTES or all that there are.
 * @param[in] len   Of these.
 * @param[in] size  Of the file.
 *
 * @return false for what is whole, for a script, and for what is no program:
 *         of that the kernel and samba-dcerpcd tell.
 */
bool helper_head_is_cut(const uint8_t *head, size_t len, uint64_t size);

/**
 * @brief The same of the file of a path; false if it cannot be read.
 */
bool helper_is_cut(const char *path);

#endif /* MESSENGER_SOURCE_HELPER_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Why an nmbd that runs does not answer: what this machine shows of it.
 */

#ifndef MESSENGER_SOURCE_SILENCE_H
#define MESSENGER_SOURCE_SILENCE_H

#include <sys/types.h>

#include <talloc.h>

/** @brief It answers others: the module is not in it.  NULL: no memory. */
char *silence_without_module(TALLOC_CTX *mem_ctx, pid_t nmbd);

/** @brief It answers nobody.  NULL: no memory. */
char *silence_of_nmbd(TALLOC_CTX *mem_ctx, pid_t nmbd, unsigned seconds);

#endif /* MESSENGER_SOURCE_SILENCE_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * smbcontrol nmbd rpc-dump-status.
 */

#ifndef MESSENGER_SOURCE_DUMP_STATUS_H
#define MESSENGER_SOURCE_DUMP_STATUS_H

#include <talloc.h>
#include <tevent.h>

struct messaging_context;

/**
 * @brief Answer it from here on, for as long as mem_ctx lives.
 *
 * @param[in] text  What is written; NULL: nothing.
 */
void dump_status_answer(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
			struct messaging_context *msg,
			char *(*text)(TALLOC_CTX *mem_ctx, void *private_data),
			void *private_data);

#endif /* MESSENGER_SOURCE_DUMP_STATUS_H */

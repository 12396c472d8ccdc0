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
 * @param[in] ask  Called for each who asks: it calls take() with what is
 *                 written, or NULL (nothing), now or later; and owns asking, a
 *                 talloc pointer, until then.
 */
void dump_status_answer(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
			struct messaging_context *msg,
			void (*ask)(void *private_data,
				    void (*take)(void *private_data,
						 const char *text),
				    void *asking),
			void *private_data);

#endif /* MESSENGER_SOURCE_DUMP_STATUS_H */

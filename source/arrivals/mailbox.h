/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The socket on which "smbmessenger deliver" hands messages in.
 */

#ifndef MESSENGER_SOURCE_MAILBOX_H
#define MESSENGER_SOURCE_MAILBOX_H

#include <sys/types.h>

#include <talloc.h>
#include <tevent.h>

#include "letter.h"

struct mailbox;

struct mailbox_ops {
	/**
	 * A letter has come.
	 *
	 * @return NULL: it is delivered; else why not, a sentence without its
	 *         end.
	 */
	const char *(*letter)(void *private_data, const struct letter *letter,
			      uid_t uid);

	/**
	 * One has come from somebody who may not hand in any.
	 *
	 * @param[in] letter  NULL: what came is none.
	 *
	 * @return What he is told.
	 */
	const char *(*forged)(void *private_data, const struct letter *letter,
			      uid_t uid);
};

/**
 * @brief Listen.
 *
 * The socket may be there from an nmbd that was killed; it is replaced.  One
 * that cannot be made, or is removed, is tried again every few seconds.
 * Whoever connects is known by the kernel's word (SO_PEERCRED).
 *
 * @param[in] path   Of the socket; copied.
 * @param[in] guest  Who may hand in messages beside root; 0: nobody.
 *
 * @return NULL without memory, which the log says.
 */
struct mailbox *mailbox_open(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
			     const char *path, uid_t guest,
			     const struct mailbox_ops *ops,
			     void *private_data);

/** @brief Who may beside root; and a look whether the socket is there. */
void mailbox_allow(struct mailbox *mailbox, uid_t guest);

#endif /* MESSENGER_SOURCE_MAILBOX_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A module from the time before nodes of a cluster asked each other what became
 * of their claims: it does not hear that question.
 */

#include <dlfcn.h>

#include "messenger.h"
#include "samba_private.h"

typedef NTSTATUS (*registers)(struct messaging_context *msg_ctx,
			      void *private_data, uint32_t msg_type,
			      void (*fn)(struct messaging_context *msg,
					 void *private_data, uint32_t msg_type,
					 struct server_id server_id,
					 DATA_BLOB *data));

NTSTATUS messaging_register(struct messaging_context *msg_ctx,
			    void *private_data, uint32_t msg_type,
			    void (*fn)(struct messaging_context *msg,
				       void *private_data, uint32_t msg_type,
				       struct server_id server_id,
				       DATA_BLOB *data))
{
	registers real = (registers)dlsym(RTLD_NEXT, "messaging_register");

	if (msg_type == MESSENGER_MSG_CLAIM_ASK) {
		return NT_STATUS(0);
	}
	return real(msg_ctx, private_data, msg_type, fn);
}

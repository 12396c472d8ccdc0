/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The request "who": answered when the network has been asked.
 */

#include "who_asks.h"

#include "name.h"
#include "reply.h"
#include "who_report.h"

struct asker {
	struct messaging_context *msg;
	struct server_id from;
	bool json;
};

static void answered(void *private_data, const struct who_answer *answer)
{
	struct asker *a = talloc_get_type_abort(private_data, struct asker);
	char *text = NULL;

	if (answer == NULL) {
		reply_text(a->msg, a->from, NULL);
	} else if (a->json) {
		reply_json(a->msg, a->from, who_json(answer));
	} else {
		text = who_text(a, answer);
		reply_text(a->msg, a->from, text);
	}
}

static void refuse(struct messaging_context *msg, struct server_id from,
		   const struct request *req, enum messenger_code code,
		   const char *reason)
{
	const struct outcome o = {
		.subject = req->subject,
		.code = code,
		.reason = reason,
	};

	reply_outcome(msg, from, req->json, &o);
}

void who_asks(TALLOC_CTX *mem_ctx, struct messaging_context *msg,
	      struct who *who, struct server_id from, const struct request *req)
{
	struct asker *a = talloc_zero(mem_ctx, struct asker);
	struct netbios_name key = {
		.type = (req->type != MESSENGER_NAME_NO_TYPE)
				? (uint8_t)req->type
				: MESSENGER_NAME_TYPE,
	};
	enum messenger_code code = NERR_InternalError;
	char *name = NULL;

	if (a != NULL) {
		a->msg = msg;
		a->from = from;
		a->json = req->json;
		code = messenger_name_parse(a, req->name, &name, &key.wire);
	}
	if (code == NERR_Success && !who_ask(who, name, &key, answered, a)) {
		code = NERR_InternalError;
	}
	if (code != NERR_Success) {
		refuse(msg, from, req, code,
		       who_is_busy(who) ? "Too many questions at a time"
					: NULL);
		talloc_free(a);
	}
}

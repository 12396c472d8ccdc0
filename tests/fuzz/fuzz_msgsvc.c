/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * [MS-MSRP]: a method and the byte order, then the stub of a request; or of a
 * reply to an Enum.
 */

#include "fuzz.h"

#include <string.h>

#include "answers.h"
#include "msgsvc_client.h"

static void check_request(const struct msgsvc_request *req)
{
	size_t i;

	FUZZ_MUST(req->name.num <= MSGSVC_NAME_KEPT);
	FUZZ_MUST((req->method == MSGSVC_NAME_ENUM) ==
		  (req->name.units == NULL));
	for (i = 0; i < req->name.num; i++) {
		FUZZ_MUST(req->name.units[i] != 0);
	}
}

/* It goes to nmbd as it is. */
static void check_order(const char *order)
{
	const char *p = NULL;

	FUZZ_MUST(strncmp(order, "json add ", 9) == 0 ||
		  strncmp(order, "json delete ", 12) == 0);
	FUZZ_MUST(strlen(order) < 256);
	for (p = order; *p != '\0'; p++) {
		FUZZ_MUST((unsigned char)*p >= ' ');
	}
	FUZZ_MUST(strcmp(p - 4, "<03>") == 0 && p[-5] != ' ');
}

static void check_reply(const struct msgsvc_request *req,
			const struct msgsvc_reply *reply,
			const struct msgsvc_table *table)
{
	size_t first = req->has_resume ? req->resume : 0;

	FUZZ_MUST(reply->num <= table->num);
	FUZZ_MUST(reply->num == 0 || reply->code == 0 ||
		  reply->code == MSGSVC_MORE_DATA);
	if (reply->code == MSGSVC_MORE_DATA) {
		FUZZ_MUST(reply->num > 0);
		FUZZ_MUST(reply->resume == first + reply->num);
	}
}

/* Our client reads what our server says, and whatever else. */
static void check_client(TALLOC_CTX *mem_ctx, const struct msgsvc_request *req,
			 const struct msgsvc_reply *reply, const uint8_t *stub,
			 bool big)
{
	struct msgsvc_reply read = { .code = 0xdead };

	if (req->method == MSGSVC_NAME_GET_INFO || req->level != 0) {
		return;
	}
	FUZZ_MUST(msgsvc_pull_reply(mem_ctx, req, stub, talloc_get_size(stub),
				    big, &read));
	FUZZ_MUST(read.code == reply->code && read.num == reply->num);
	FUZZ_MUST(read.resume == (req->has_resume ? reply->resume : 0));
}

static void fuzz_reply(const uint8_t *data, size_t len, bool big)
{
	TALLOC_CTX *frame = talloc_new(NULL);
	const struct msgsvc_request req = { .method = MSGSVC_NAME_ENUM,
					    .has_resume = true };
	struct msgsvc_reply reply = { .code = 0 };
	size_t i;

	if (msgsvc_pull_reply(frame, &req, data, len, big, &reply)) {
		for (i = 0; i < reply.num; i++) {
			FUZZ_MUST(reply.names[i].num <= MSGSVC_NAME_KEPT);
		}
	}
	talloc_free(frame);
}

void fuzz_msgsvc(const uint8_t *data, size_t len)
{
	char *names[] = { (char[]){ "ALPHA" }, (char[]){ "OPERATOR" },
			  (char[]){ "B\303\234RO" } };
	const struct msgsvc_table table = { .names = names, .num = 3 };
	TALLOC_CTX *frame = talloc_new(NULL);
	struct msgsvc_reply reply = { .code = 0 };
	struct msgsvc_request req;
	char *order = NULL;
	uint8_t *stub = NULL;
	bool big = len > 0 && (data[0] & 0x80);

	if (len > 0 && (data[0] & 0x40)) {
		fuzz_reply(data + 1, len - 1, big);
		talloc_free(frame);
		return;
	}
	memset(&req, 0xee, sizeof(req));
	if (len == 0 ||
	    !msgsvc_pull(frame, data[0] % MSGSVC_METHODS, data + 1, len - 1,
			 big, &req)) {
		talloc_free(frame);
		return;
	}
	check_request(&req);
	reply.resume = req.resume;
	reply.code = msgsvc_check(frame, &req, &order);
	if (order != NULL) {
		FUZZ_MUST(reply.code == 0);
		check_order(order);
	} else if (reply.code == 0) {
		msgsvc_answer(frame, &req, &table, &reply);
		check_reply(&req, &reply, &table);
	}
	stub = msgsvc_push(frame, &req, &reply, big);
	FUZZ_MUST(stub != NULL && talloc_get_size(stub) >= 4);
	FUZZ_MUST(talloc_get_size(stub) % 4 == 0);
	check_client(frame, &req, &reply, stub, big);
	talloc_free(frame);
}

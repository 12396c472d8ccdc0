/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "msgsvc_client.h"

#include "stub.h"

uint8_t *msgsvc_push_request(TALLOC_CTX *mem_ctx,
			     const struct msgsvc_request *req)
{
	struct stub_writer w = { .bytes = bytes_begin(mem_ctx) };

	stub_put_pointer(&w, false); /* ServerName */
	if (req->method != MSGSVC_NAME_ENUM) {
		stub_put_string(&w, &req->name);
		return bytes_end(&w.bytes);
	}
	stub_put32(&w, 0); /* the level, and again in the union */
	stub_put32(&w, 0);
	stub_put_pointer(&w, true); /* an empty container */
	stub_put32(&w, 0);
	stub_put_pointer(&w, false);
	stub_put32(&w, req->pref_max_len);
	stub_put_pointer(&w, req->has_resume);
	if (req->has_resume) {
		stub_put32(&w, req->resume);
	}
	return bytes_end(&w.bytes);
}

/* MSG_INFO_0 each: pointers, then what they lead to. */
static void take_entries(TALLOC_CTX *mem_ctx, struct stub_reader *r,
			 struct msgsvc_reply *reply)
{
	uint32_t num = stub_take32(r);
	size_t i;

	if (num != reply->num || num > (r->len - r->at) / 4) {
		r->wrong = true;
		return;
	}
	reply->names = talloc_zero_array(mem_ctx, struct msgsvc_name, num + 1);
	for (i = 0; i < num; i++) {
		r->wrong |= (stub_take32(r) == 0);
	}
	r->wrong |= (reply->names == NULL);
	for (i = 0; i < num && !r->wrong; i++) {
		stub_take_name(reply->names, r, &reply->names[i]);
	}
}

/* MSG_ENUM_STRUCT */
static void take_enum_struct(TALLOC_CTX *mem_ctx, struct stub_reader *r,
			     struct msgsvc_reply *reply)
{
	uint32_t level = stub_take32(r);
	uint32_t again = stub_take32(r); /* in the union */

	r->wrong |= (level != 0 || again != 0);
	if (stub_take32(r) == 0) {
		return;
	}
	reply->num = stub_take32(r);
	if (stub_take32(r) != 0) {
		take_entries(mem_ctx, r, reply);
	} else {
		reply->num = 0;
	}
}

bool msgsvc_pull_reply(TALLOC_CTX *mem_ctx, const struct msgsvc_request *req,
		       const uint8_t *data, size_t len, bool big,
		       struct msgsvc_reply *reply)
{
	struct stub_reader r = { .data = data, .len = len, .big = big };
	struct msgsvc_reply pulled = { .code = 0 };

	if (req->method == MSGSVC_NAME_ENUM) {
		take_enum_struct(mem_ctx, &r, &pulled);
		stub_take32(&r); /* TotalEntries */
		if (stub_take32(&r) != 0) {
			pulled.resume = stub_take32(&r);
		}
	}
	pulled.code = stub_take32(&r);
	if (r.wrong || len - r.at > 3) {
		TALLOC_FREE(pulled.names);
		return false;
	}
	*reply = pulled;
	return true;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * NDR of the interface msgsvc.  Pointers inside structures are unique ones,
 * those of parameters are references and not on the wire, but for ServerName
 * and ResumeHandle ([MS-MSRP] 6.2).
 */

#include "msgsvc_ndr.h"

#include "stub.h"

/*
 * The entries that a request brings along: none, as a rule.  They mean
 * nothing, but what comes after them does.
 */
static void skip_entries(struct stub_reader *r, uint32_t level,
			 uint32_t expected)
{
	uint32_t num = stub_take32(r);
	size_t size = (level == 0) ? 4 : 12;
	struct stub_reader entries = *r;
	uint32_t i;

	if (num != expected || num > (r->len - r->at) / size) {
		r->wrong = true;
		return;
	}
	stub_take(r, num * size);
	for (i = 0; i < num && !r->wrong; i++) {
		stub_skip_string(r, stub_take32(&entries));
		if (level == 1) {
			stub_take32(&entries); /* the forward flag */
			stub_skip_string(r, stub_take32(&entries));
		}
	}
}

/* MSG_ENUM_STRUCT; returns whether more can be read after it. */
static bool take_enum_struct(struct stub_reader *r, struct msgsvc_request *req)
{
	uint32_t num = 0;

	req->level = stub_take32(r);
	if (stub_take32(r) != req->level) {
		r->wrong = true;
		return false;
	}
	if (req->level > 1) {
		/* no arm of the union: who knows what follows */
		return false;
	}
	if (stub_take32(r) == 0) {
		return true;
	}
	num = stub_take32(r);
	if (stub_take32(r) != 0) {
		skip_entries(r, req->level, num);
	}
	return true;
}

bool msgsvc_pull(TALLOC_CTX *mem_ctx, enum msgsvc_method method,
		 const uint8_t *data, size_t len, bool big,
		 struct msgsvc_request *req)
{
	struct msgsvc_request pulled = { .method = method };
	struct stub_reader r = { .data = data, .len = len, .big = big };

	stub_skip_string(&r, stub_take32(&r)); /* ServerName: to be ignored */
	switch (method) {
	case MSGSVC_NAME_ADD:
	case MSGSVC_NAME_DEL:
		stub_take_name(mem_ctx, &r, &pulled.name);
		break;
	case MSGSVC_NAME_GET_INFO:
		stub_take_name(mem_ctx, &r, &pulled.name);
		pulled.level = stub_take32(&r);
		break;
	case MSGSVC_NAME_ENUM:
		if (!take_enum_struct(&r, &pulled)) {
			r.at = len;
			break;
		}
		pulled.pref_max_len = stub_take32(&r);
		pulled.has_resume = (stub_take32(&r) != 0);
		if (pulled.has_resume) {
			pulled.resume = stub_take32(&r);
		}
		break;
	default:
		return false;
	}
	if (r.wrong || len - r.at > 3) {
		TALLOC_FREE(pulled.name.units);
		return false;
	}
	*req = pulled;
	return true;
}

/* MSG_INFO_0, MSG_INFO_1 without their strings: nothing is ever forwarded */
static void put_info(struct stub_writer *w, uint32_t level)
{
	stub_put_pointer(w, true);
	if (level == 1) {
		stub_put32(w, 0);
		stub_put_pointer(w, false);
	}
}

/* MSG_ENUM_STRUCT */
static void put_enum_struct(struct stub_writer *w, uint32_t level,
			    const struct msgsvc_reply *reply)
{
	size_t i;

	stub_put32(w, level);
	stub_put32(w, level);
	if (level > 1) {
		return; /* no arm of the union */
	}
	stub_put_pointer(w, true);
	stub_put32(w, (uint32_t)reply->num);
	stub_put_pointer(w, reply->num > 0);
	if (reply->num == 0) {
		return;
	}
	stub_put32(w, (uint32_t)reply->num);
	for (i = 0; i < reply->num; i++) {
		put_info(w, level);
	}
	for (i = 0; i < reply->num; i++) {
		stub_put_string(w, &reply->names[i]);
	}
}

/* MSG_INFO */
static void put_info_union(struct stub_writer *w, uint32_t level,
			   const struct msgsvc_reply *reply)
{
	stub_put32(w, level);
	if (level > 1) {
		return;
	}
	stub_put_pointer(w, reply->num > 0);
	if (reply->num > 0) {
		put_info(w, level);
		stub_put_string(w, &reply->names[0]);
	}
}

uint8_t *msgsvc_push(TALLOC_CTX *mem_ctx, const struct msgsvc_request *req,
		     const struct msgsvc_reply *reply, bool big)
{
	struct stub_writer w = {
		.bytes = bytes_begin(mem_ctx),
		.big = big,
	};

	switch (req->method) {
	case MSGSVC_NAME_ENUM:
		put_enum_struct(&w, req->level, reply);
		stub_put32(&w, (uint32_t)reply->num); /* TotalEntries */
		stub_put_pointer(&w, req->has_resume);
		if (req->has_resume) {
			stub_put32(&w, reply->resume);
		}
		break;
	case MSGSVC_NAME_GET_INFO:
		put_info_union(&w, req->level, reply);
		break;
	default:
		break;
	}
	stub_put32(&w, reply->code);
	return bytes_end(&w.bytes);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * NDR of the interface msgsvc.  Pointers inside structures are unique ones,
 * those of parameters are references and not on the wire, but for ServerName
 * and ResumeHandle ([MS-MSRP] 6.2).
 */

#include "msgsvc_ndr.h"

#include <string.h>

#include "text.h"

/*
 * Reading.  Once something is wrong, it stays so, and all that is read is 0.
 */

struct reader {
	const uint8_t *data;
	size_t len;
	size_t at;
	bool big;
	bool wrong;
};

/* So many bytes, or NULL. */
static const uint8_t *take(struct reader *r, size_t num)
{
	const uint8_t *bytes = &r->data[r->at];

	if (r->wrong || num > r->len - r->at) {
		r->wrong = true;
		return NULL;
	}
	r->at += num;
	return bytes;
}

static uint16_t unit_at(const uint8_t *p, bool big)
{
	return big ? (uint16_t)(p[0] << 8 | p[1])
		   : (uint16_t)(p[1] << 8 | p[0]);
}

static uint32_t take32(struct reader *r)
{
	const uint8_t *p = NULL;

	take(r, (4 - r->at % 4) % 4);
	p = take(r, 4);
	if (p == NULL) {
		return 0;
	}
	return r->big ? (uint32_t)unit_at(p, true) << 16 | unit_at(p + 2, true)
		      : (uint32_t)unit_at(p + 2, false) << 16 |
				unit_at(p, false);
}

/*
 * A conformant varying string of wchar_t, ended by its only NUL.
 *
 * Returns its units, NULL if it is none; *num: without the NUL.
 */
static const uint8_t *take_string(struct reader *r, size_t *num)
{
	uint32_t max = take32(r);
	uint32_t offset = take32(r);
	uint32_t actual = take32(r);
	const uint8_t *units = NULL;
	size_t i;

	if (offset != 0 || actual == 0 || actual > max) {
		r->wrong = true;
		return NULL;
	}
	units = take(r, (size_t)actual * 2);
	for (i = 0; units != NULL && i < actual; i++) {
		bool is_nul = (units[2 * i] | units[2 * i + 1]) == 0;

		if (is_nul != (i == actual - 1)) {
			r->wrong = true;
			return NULL;
		}
	}
	*num = actual - 1;
	return units;
}

/* One that a unique pointer leads to, which is deferred. */
static void skip_string(struct reader *r, uint32_t pointer)
{
	size_t num = 0;

	if (pointer != 0) {
		take_string(r, &num);
	}
}

static void take_name(TALLOC_CTX *mem_ctx, struct reader *r,
		      struct msgsvc_name *name)
{
	size_t num = 0;
	const uint8_t *units = take_string(r, &num);
	size_t i;

	if (units == NULL) {
		return;
	}
	num = (num < MSGSVC_NAME_KEPT) ? num : MSGSVC_NAME_KEPT;
	name->units = talloc_array(mem_ctx, uint16_t, num + 1);
	if (name->units == NULL) {
		r->wrong = true;
		return;
	}
	for (i = 0; i < num; i++) {
		name->units[i] = unit_at(&units[2 * i], r->big);
	}
	name->units[num] = 0;
	name->num = num;
}

/*
 * The entries that a request brings along: none, as a rule.  They mean
 * nothing, but what comes after them does.
 */
static void skip_entries(struct reader *r, uint32_t level, uint32_t expected)
{
	uint32_t num = take32(r);
	size_t size = (level == 0) ? 4 : 12;
	struct reader entries = *r;
	uint32_t i;

	if (num != expected || num > (r->len - r->at) / size) {
		r->wrong = true;
		return;
	}
	take(r, num * size);
	for (i = 0; i < num && !r->wrong; i++) {
		skip_string(r, take32(&entries));
		if (level == 1) {
			take32(&entries); /* the forward flag */
			skip_string(r, take32(&entries));
		}
	}
}

/* MSG_ENUM_STRUCT; returns whether more can be read after it. */
static bool take_enum_struct(struct reader *r, struct msgsvc_request *req)
{
	uint32_t num = 0;

	req->level = take32(r);
	if (take32(r) != req->level) {
		r->wrong = true;
		return false;
	}
	if (req->level > 1) {
		/* no arm of the union: who knows what follows */
		return false;
	}
	if (take32(r) == 0) {
		return true;
	}
	num = take32(r);
	if (take32(r) != 0) {
		skip_entries(r, req->level, num);
	}
	return true;
}

bool msgsvc_pull(TALLOC_CTX *mem_ctx, enum msgsvc_method method,
		 const uint8_t *data, size_t len, bool big,
		 struct msgsvc_request *req)
{
	struct msgsvc_request pulled = { .method = method };
	struct reader r = { .data = data, .len = len, .big = big };

	skip_string(&r, take32(&r)); /* ServerName: to be ignored */
	switch (method) {
	case MSGSVC_NAME_ADD:
	case MSGSVC_NAME_DEL:
		take_name(mem_ctx, &r, &pulled.name);
		break;
	case MSGSVC_NAME_GET_INFO:
		take_name(mem_ctx, &r, &pulled.name);
		pulled.level = take32(&r);
		break;
	case MSGSVC_NAME_ENUM:
		if (!take_enum_struct(&r, &pulled)) {
			r.at = len;
			break;
		}
		pulled.pref_max_len = take32(&r);
		pulled.has_resume = (take32(&r) != 0);
		if (pulled.has_resume) {
			pulled.resume = take32(&r);
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

/*
 * Writing.  Without memory the bytes are NULL, and stay so.
 */

struct writer {
	uint8_t *bytes;
	uint32_t pointers;
	bool big;
};

static void put16(struct writer *w, uint16_t v)
{
	uint8_t little[2] = { v & 0xff, v >> 8 };
	uint8_t big[2] = { v >> 8, v & 0xff };

	bytes_add(&w->bytes, w->big ? big : little, 2);
}

static void put32(struct writer *w, uint32_t v)
{
	static const uint8_t zeros[3];
	size_t over = (w->bytes != NULL) ? talloc_get_size(w->bytes) % 4 : 0;

	if (over != 0) {
		bytes_add(&w->bytes, zeros, 4 - over);
	}
	put16(w, w->big ? v >> 16 : v & 0xffff);
	put16(w, w->big ? v & 0xffff : v >> 16);
}

static void put_pointer(struct writer *w, bool there)
{
	put32(w, there ? 0x00020000 + 4 * w->pointers++ : 0);
}

static void put_string(struct writer *w, const struct msgsvc_name *name)
{
	uint32_t num = (uint32_t)name->num + 1;
	size_t i;

	put32(w, num);
	put32(w, 0);
	put32(w, num);
	for (i = 0; i < name->num; i++) {
		put16(w, name->units[i]);
	}
	put16(w, 0);
}

/* MSG_INFO_0, MSG_INFO_1 without their strings: nothing is ever forwarded */
static void put_info(struct writer *w, uint32_t level)
{
	put_pointer(w, true);
	if (level == 1) {
		put32(w, 0);
		put_pointer(w, false);
	}
}

/* MSG_ENUM_STRUCT */
static void put_enum_struct(struct writer *w, uint32_t level,
			    const struct msgsvc_reply *reply)
{
	size_t i;

	put32(w, level);
	put32(w, level);
	if (level > 1) {
		return; /* no arm of the union */
	}
	put_pointer(w, true);
	put32(w, (uint32_t)reply->num);
	put_pointer(w, reply->num > 0);
	if (reply->num == 0) {
		return;
	}
	put32(w, (uint32_t)reply->num);
	for (i = 0; i < reply->num; i++) {
		put_info(w, level);
	}
	for (i = 0; i < reply->num; i++) {
		put_string(w, &reply->names[i]);
	}
}

/* MSG_INFO */
static void put_info_union(struct writer *w, uint32_t level,
			   const struct msgsvc_reply *reply)
{
	put32(w, level);
	if (level > 1) {
		return;
	}
	put_pointer(w, reply->num > 0);
	if (reply->num > 0) {
		put_info(w, level);
		put_string(w, &reply->names[0]);
	}
}

uint8_t *msgsvc_push(TALLOC_CTX *mem_ctx, const struct msgsvc_request *req,
		     const struct msgsvc_reply *reply, bool big)
{
	struct writer w = {
		.bytes = talloc_array(mem_ctx, uint8_t, 0),
		.big = big,
	};

	switch (req->method) {
	case MSGSVC_NAME_ENUM:
		put_enum_struct(&w, req->level, reply);
		put32(&w, (uint32_t)reply->num); /* TotalEntries */
		put_pointer(&w, req->has_resume);
		if (req->has_resume) {
			put32(&w, reply->resume);
		}
		break;
	case MSGSVC_NAME_GET_INFO:
		put_info_union(&w, req->level, reply);
		break;
	default:
		break;
	}
	put32(&w, reply->code);
	return w.bytes;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "stub.h"

#include <string.h>

const uint8_t *stub_take(struct stub_reader *r, size_t num)
{
	const uint8_t *bytes = &r->data[r->at];

	if (r->wrong || num > r->len - r->at) {
		r->wrong = true;
		return NULL;
	}
	r->at += num;
	return bytes;
}

uint16_t stub_unit_at(const uint8_t *p, bool big)
{
	return big ? (uint16_t)(p[0] << 8 | p[1])
		   : (uint16_t)(p[1] << 8 | p[0]);
}

uint32_t stub_take32(struct stub_reader *r)
{
	const uint8_t *p = NULL;

	stub_take(r, (4 - r->at % 4) % 4);
	p = stub_take(r, 4);
	if (p == NULL) {
		return 0;
	}
	return r->big ? (uint32_t)stub_unit_at(p, true) << 16 |
				stub_unit_at(p + 2, true)
		      : (uint32_t)stub_unit_at(p + 2, false) << 16 |
				stub_unit_at(p, false);
}

const uint8_t *stub_take_string(struct stub_reader *r, size_t *num)
{
	uint32_t max = stub_take32(r);
	uint32_t offset = stub_take32(r);
	uint32_t actual = stub_take32(r);
	const uint8_t *units = NULL;
	size_t i;

	if (offset != 0 || actual == 0 || actual > max) {
		r->wrong = true;
		return NULL;
	}
	units = stub_take(r, (size_t)actual * 2);
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

void stub_skip_string(struct stub_reader *r, uint32_t pointer)
{
	size_t num = 0;

	if (pointer != 0) {
		stub_take_string(r, &num);
	}
}

void stub_take_name(TALLOC_CTX *mem_ctx, struct stub_reader *r,
		    struct msgsvc_name *name)
{
	size_t num = 0;
	const uint8_t *units = stub_take_string(r, &num);
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
		name->units[i] = stub_unit_at(&units[2 * i], r->big);
	}
	name->units[num] = 0;
	name->num = num;
}

static void stub_put16(struct stub_writer *w, uint16_t v)
{
	uint8_t little[2] = { v & 0xff, v >> 8 };
	uint8_t big[2] = { v >> 8, v & 0xff };

	bytes_add(&w->bytes, w->big ? big : little, 2);
}

void stub_put32(struct stub_writer *w, uint32_t v)
{
	static const uint8_t zeros[3];
	size_t over = w->bytes.len % 4;

	if (over != 0) {
		bytes_add(&w->bytes, zeros, 4 - over);
	}
	stub_put16(w, w->big ? v >> 16 : v & 0xffff);
	stub_put16(w, w->big ? v & 0xffff : v >> 16);
}

void stub_put_pointer(struct stub_writer *w, bool there)
{
	stub_put32(w, there ? 0x00020000 + 4 * w->pointers++ : 0);
}

void stub_put_string(struct stub_writer *w, const struct msgsvc_name *name)
{
	uint32_t num = (uint32_t)name->num + 1;
	size_t i;

	stub_put32(w, num);
	stub_put32(w, 0);
	stub_put32(w, num);
	for (i = 0; i < name->num; i++) {
		stub_put16(w, name->units[i]);
	}
	stub_put16(w, 0);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* See mutate.h. */

#include "mutate.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "random.h"

#define MODELS_MAX 512

static struct model {
	enum kind kind;
	struct packet packet;
} models[MODELS_MAX];

static size_t num_models;

static bool read_hex(const char *hex, struct packet *p)
{
	unsigned byte;

	for (p->len = 0; isxdigit((unsigned char)*hex); hex += 2) {
		if (p->len == PACKET_MAX || sscanf(hex, "%2x", &byte) != 1) {
			return false;
		}
		p->data[p->len++] = (uint8_t)byte;
	}
	return p->len > 0;
}

bool read_models(const char *path)
{
	static const char *const kinds[] = { "137 ", "138 ", "claim ",
					     "status " };
	static char line[2 * PACKET_MAX + 16];
	FILE *file = fopen(path, "re");
	unsigned seen = 0;
	unsigned i;

	if (file == NULL) {
		return false;
	}
	while (fgets(line, sizeof(line), file) != NULL &&
	       num_models < MODELS_MAX) {
		struct model *t = &models[num_models];

		for (i = 0; i < 4; i++) {
			size_t len = strlen(kinds[i]);

			if (strncmp(line, kinds[i], len) == 0 &&
			    read_hex(line + len, &t->packet)) {
				t->kind = (enum kind)i;
				num_models++;
				seen |= 1u << i;
			}
		}
	}
	fclose(file);
	return seen == 0x0f;
}

const struct packet *some(enum kind kind)
{
	size_t i;

	do {
		i = below((uint32_t)num_models);
	} while (models[i].kind != kind);
	return &models[i].packet;
}

static void flip_bits(struct packet *p)
{
	uint32_t n = 1 + below(8);

	while (n-- > 0 && p->len > 0) {
		p->data[below((uint32_t)p->len)] ^= (uint8_t)(1u << below(8));
	}
}

static void set_bytes(struct packet *p)
{
	static const uint8_t telling[] = { 0,	 1,    0x20, 0x3f, 0x40,
					   0x7f, 0x80, 0xc0, 0xfe, 0xff };
	uint32_t n = 1 + below(3);

	while (n-- > 0 && p->len > 0) {
		p->data[below((uint32_t)p->len)] =
			telling[below(sizeof(telling))];
	}
}

static void cut(struct packet *p)
{
	p->len = below((uint32_t)p->len + 1);
}

static void lengthen(struct packet *p)
{
	size_t more = 1 + below(600);

	if (p->len + more > PACKET_MAX) {
		more = PACKET_MAX - p->len;
	}
	fill(p->data + p->len, more);
	p->len += more;
}

/* The counts of a header.  Stock nmbd takes 22 ms for one of 65535. */
static void set_counts(struct packet *p)
{
	size_t at = 4 + 2 * below(4);

	if (p->len >= HEADER_LEN) {
		p->data[at] = (below(200) == 0) ? 0xff : 0;
		p->data[at + 1] = (uint8_t)below(below(4) == 0 ? 256 : 4);
	}
}

static void set_flags(struct packet *p)
{
	if (p->len >= HEADER_LEN) {
		fill(p->data + 2, 2);
	}
}

/* A name that leads elsewhere: RFC 883's pointers. */
static void set_pointer(struct packet *p)
{
	size_t at;

	if (p->len > HEADER_LEN + 2) {
		at = HEADER_LEN + below((uint32_t)(p->len - HEADER_LEN - 1));
		p->data[at] = 0xc0;
		p->data[at + 1] = (uint8_t)below((uint32_t)p->len);
	}
}

static void splice(struct packet *p, const struct packet *other)
{
	size_t at = below((uint32_t)p->len + 1);

	if (at < other->len) {
		memcpy(p->data + at, other->data + at, other->len - at);
		p->len = other->len;
	}
}

static void repeat_part(struct packet *p)
{
	size_t at = below((uint32_t)p->len + 1);
	size_t len = below((uint32_t)(p->len - at) + 1);

	if (p->len + len <= PACKET_MAX) {
		memmove(p->data + at + len, p->data + at, p->len - at);
		p->len += len;
	}
}

static void anything(struct packet *p)
{
	p->len = below(600);
	fill(p->data, p->len);
}

void mutate(struct packet *p, enum kind kind)
{
	uint32_t rounds = 1 + below(2);

	while (rounds-- > 0) {
		switch (below(12)) {
		case 0:
			break;
		case 1:
			cut(p);
			break;
		case 2:
			lengthen(p);
			break;
		case 3:
			set_counts(p);
			break;
		case 4:
			set_flags(p);
			break;
		case 5:
			set_pointer(p);
			break;
		case 6:
			splice(p, some(kind));
			break;
		case 7:
			repeat_part(p);
			break;
		case 8:
			anything(p);
			break;
		case 9:
		case 10:
			flip_bits(p);
			break;
		default:
			set_bytes(p);
			break;
		}
	}
}

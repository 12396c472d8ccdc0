/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Fires mutated packets at an nmbd, and answers what it asks with more of
 * them: mutated refusals of its claims, mutated node status.  Runs on a host
 * of its own; owns its port 137.
 *
 *	fire ADDRESS BROADCAST FILE SEED PACKETS RATE
 *
 * FILE has one packet a line: "137", "138", "claim" or "status", and hex.
 * The last two are answers; the transaction id is put in.  After each fifty
 * packets nmbd has to answer a query.
 *
 * Prints one line: packets sent, answers given to it, queries it answered, and
 * how many of these had to be repeated.  Exit code 1: it does not answer any
 * more; then its last packets are on standard error.
 */

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define NAME_PORT     137
#define DGRAM_PORT    138
#define PACKET_MAX    1400
#define HEADER_LEN    12
#define TEMPLATES_MAX 512
#define KEPT	      64
#define BARRIER_EVERY 50
#define BARRIER_TRIES 40
#define BARRIER_MS    250

#define RESPONSE_BIT 0x80
#define OPCODE(byte) (((byte) >> 3) & 0x0f)

enum kind {
	KIND_NAME,
	KIND_DGRAM,
	KIND_CLAIM,
	KIND_STATUS,
};

struct packet {
	uint8_t data[PACKET_MAX];
	size_t len;
};

struct template
{
	enum kind kind;
	struct packet packet;
};

static struct fire {
	int fd;
	struct sockaddr_in unicast;
	struct sockaddr_in broadcast;
	struct template templates[TEMPLATES_MAX];
	size_t num_templates;
	uint64_t random;

	struct packet kept[KEPT]; /* the last ones, at sent % KEPT */
	unsigned long sent;
	unsigned long answered;
	unsigned long barriers;
	unsigned long repeated;
	uint16_t barrier_id;
	bool barrier_open;
} f;

/* SplitMix64 */
static uint32_t below(uint32_t n)
{
	uint64_t z = (f.random += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)((z ^ (z >> 31)) % n);
}

static void fill(uint8_t *p, size_t len)
{
	while (len-- > 0) {
		*p++ = (uint8_t)below(256);
	}
}

static const struct packet *some(enum kind kind)
{
	size_t i;

	do {
		i = below((uint32_t)f.num_templates);
	} while (f.templates[i].kind != kind);
	return &f.templates[i].packet;
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

static void mutate(struct packet *p, enum kind kind)
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

static void put_id(struct packet *p, const uint8_t *id)
{
	if (p->len >= 2) {
		memcpy(p->data, id, 2);
	}
}

static void shoot(const struct packet *p, const struct sockaddr_in *to)
{
	f.kept[f.sent % KEPT] = *p;
	f.sent++;
	/* one that does not go out is one less */
	(void)sendto(f.fd, p->data, p->len, 0, (const struct sockaddr *)to,
		     sizeof(*to));
}

static void shoot_one(void)
{
	enum kind kind = (below(4) == 0) ? KIND_DGRAM : KIND_NAME;
	struct packet p = *some(kind);
	struct sockaddr_in to = (below(2) == 0) ? f.unicast : f.broadcast;
	uint8_t id[2];

	fill(id, sizeof(id));
	put_id(&p, id);
	mutate(&p, kind);
	to.sin_port = htons((kind == KIND_DGRAM) ? DGRAM_PORT : NAME_PORT);
	shoot(&p, &to);
}

/* Half of what is asked gets one to three answers, right but for a mutation. */
static void shoot_back(const uint8_t *request, const struct sockaddr_in *to)
{
	bool query = OPCODE(request[2]) == 0;
	uint32_t n = (below(2) == 0) ? 0 : 1 + below(3);

	while (n-- > 0) {
		struct packet p = *some(query ? KIND_STATUS : KIND_CLAIM);

		if (below(3) != 0) {
			mutate(&p, query ? KIND_STATUS : KIND_CLAIM);
		}
		put_id(&p, request);
		shoot(&p, to);
	}
}

static void receive(void)
{
	uint8_t buf[2048];
	struct sockaddr_in from;
	socklen_t from_len = sizeof(from);
	ssize_t len;

	while ((len = recvfrom(f.fd, buf, sizeof(buf), MSG_DONTWAIT,
			       (struct sockaddr *)&from, &from_len)) >= 0) {
		from_len = sizeof(from);
		if (len < HEADER_LEN ||
		    from.sin_addr.s_addr != f.unicast.sin_addr.s_addr) {
			continue;
		}
		if ((buf[2] & RESPONSE_BIT) == 0) {
			shoot_back(buf, &from);
			continue;
		}
		f.answered++;
		if (f.barrier_open && buf[0] == f.barrier_id >> 8 &&
		    buf[1] == (f.barrier_id & 0xff) && (buf[3] & 0x0f) == 0) {
			f.barrier_open = false;
		}
	}
}

/* RFC 1002 4.2.12, for __SAMBA__<20>, which nmbd always has. */
static void send_query(void)
{
	static const char name[16] = "__SAMBA__      \x20";
	struct sockaddr_in to = f.unicast;
	uint8_t q[HEADER_LEN + 38] = { 0 };
	size_t i;

	q[0] = (uint8_t)(f.barrier_id >> 8);
	q[1] = (uint8_t)f.barrier_id;
	q[5] = 1;
	q[12] = 32;
	for (i = 0; i < sizeof(name); i++) {
		q[13 + 2 * i] = (uint8_t)('A' + (name[i] >> 4));
		q[14 + 2 * i] = (uint8_t)('A' + (name[i] & 15));
	}
	q[47] = 0x20;
	q[49] = 1;
	to.sin_port = htons(NAME_PORT);
	(void)sendto(f.fd, q, sizeof(q), 0, (struct sockaddr *)&to, sizeof(to));
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void receive_for(int64_t ms, bool until_answered)
{
	int64_t end = now_ms() + ms;
	int64_t left;

	while ((left = end - now_ms()) > 0) {
		struct pollfd p = { .fd = f.fd, .events = POLLIN };

		if (poll(&p, 1, (int)left) > 0) {
			receive();
		}
		if (until_answered && !f.barrier_open) {
			return;
		}
	}
}

static bool barrier(void)
{
	int tries;

	f.barrier_id = (uint16_t)below(65536);
	f.barrier_open = true;
	for (tries = 0; tries < BARRIER_TRIES && f.barrier_open; tries++) {
		send_query();
		receive_for(BARRIER_MS, true);
	}
	f.barriers++;
	f.repeated += (tries > 1) ? 1 : 0;
	return !f.barrier_open;
}

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

static bool read_templates(const char *path)
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
	       f.num_templates < TEMPLATES_MAX) {
		struct template *t = &f.templates[f.num_templates];

		for (i = 0; i < 4; i++) {
			size_t len = strlen(kinds[i]);

			if (strncmp(line, kinds[i], len) == 0 &&
			    read_hex(line + len, &t->packet)) {
				t->kind = (enum kind)i;
				f.num_templates++;
				seen |= 1u << i;
			}
		}
	}
	fclose(file);
	return seen == 0x0f;
}

static bool open_socket(const char *address, const char *broadcast)
{
	struct sockaddr_in any = { .sin_family = AF_INET,
				   .sin_port = htons(NAME_PORT) };
	int on = 1;

	f.unicast.sin_family = AF_INET;
	f.broadcast.sin_family = AF_INET;
	if (inet_pton(AF_INET, address, &f.unicast.sin_addr) != 1 ||
	    inet_pton(AF_INET, broadcast, &f.broadcast.sin_addr) != 1) {
		errno = EINVAL;
		return false;
	}
	f.fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	return f.fd != -1 &&
	       setsockopt(f.fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on)) ==
		       0 &&
	       bind(f.fd, (struct sockaddr *)&any, sizeof(any)) == 0;
}

static void show_kept(void)
{
	unsigned long i = (f.sent > KEPT) ? f.sent - KEPT : 0;
	size_t j;

	fprintf(stderr, "fire: no answer; the last packets:\n");
	for (; i < f.sent; i++) {
		const struct packet *p = &f.kept[i % KEPT];

		for (j = 0; j < p->len; j++) {
			fprintf(stderr, "%02x", p->data[j]);
		}
		fprintf(stderr, "\n");
	}
}

/* As many as are due by now; the pace is kept over pauses of nmbd. */
static bool fire_all(unsigned long packets, unsigned long rate)
{
	unsigned long shot = 0;

	while (shot < packets) {
		int64_t began = now_ms();
		int64_t took;

		do {
			shoot_one();
			shot++;
		} while (shot % BARRIER_EVERY != 0 && shot < packets);
		if (!barrier()) {
			return false;
		}
		took = now_ms() - began;
		receive_for((int64_t)(BARRIER_EVERY * 1000 / rate) - took,
			    false);
	}
	return true;
}

int main(int argc, char **argv)
{
	unsigned long packets;
	unsigned long rate;
	bool alive;

	if (argc != 7) {
		fprintf(stderr,
			"fire ADDRESS BROADCAST FILE SEED PACKETS RATE\n");
		return 2;
	}
	f.random = strtoull(argv[4], NULL, 0);
	packets = strtoul(argv[5], NULL, 0);
	rate = strtoul(argv[6], NULL, 0);
	if (packets == 0 || packets > 10000000 || rate == 0 ||
	    !read_templates(argv[3])) {
		fprintf(stderr, "fire: not so many packets, at no such rate, "
				"or not of this file\n");
		return 2;
	}
	if (!open_socket(argv[1], argv[2])) {
		perror("fire");
		return 2;
	}
	alive = fire_all(packets, rate);
	printf("%lu %lu %lu %lu\n", f.sent, f.answered, f.barriers, f.repeated);
	if (!alive) {
		show_kept();
	}
	return alive ? 0 : 1;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Fires mutated packets at an nmbd, and answers what it asks with more of
 * them: mutated refusals of its claims, mutated node status.  Runs on a host
 * of its own; owns its port 137.
 *
 *	fire ADDRESS BROADCAST FILE SEED PACKETS RATE
 *
 * FILE has the packets to start from, see mutate.h; "claim" and "status" are
 * answers, and the transaction id is put in.  After each fifty packets nmbd
 * has to answer a query.
 *
 * Prints one line: packets sent, answers given to it, queries it answered, and
 * how many of these had to be repeated.  Exit code 1: it does not answer any
 * more; then its last packets are on standard error.
 */

#include <arpa/inet.h>
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

#include "mutate.h"
#include "random.h"

#define NAME_PORT     137
#define DGRAM_PORT    138
#define KEPT	      64
#define BARRIER_EVERY 50
#define BARRIER_TRIES 40
#define BARRIER_MS    250

#define RESPONSE_BIT 0x80
#define OPCODE(byte) (((byte) >> 3) & 0x0f)

static struct fire {
	int fd;
	struct sockaddr_in unicast;
	struct sockaddr_in broadcast;

	struct packet kept[KEPT]; /* the last ones, at sent % KEPT */
	unsigned long sent;
	unsigned long answered;
	unsigned long barriers;
	unsigned long repeated;
	uint16_t barrier_id;
	bool barrier_open;
} f;

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
	random_seed(argv[4]);
	packets = strtoul(argv[5], NULL, 0);
	rate = strtoul(argv[6], NULL, 0);
	if (packets == 0 || packets > 10000000 || rate == 0 ||
	    !read_models(argv[3])) {
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

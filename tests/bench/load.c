/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Asks one nmbd for one name as fast as it answers: unicast name queries with
 * a fixed number of them on their way.  Bounded by a number of queries and by
 * the time without any answer.  The name "*" asks for its node status.
 *
 *   load ADDRESS NAME SUFFIX QUERIES WINDOW
 *
 * Prints one line: answered, lost, seconds, and the median and the 99th
 * percentile of the round trips in microseconds.
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

#define PORT		137
#define QUERY_SIZE	50
#define MAX_QUERIES	1000000
#define MAX_WINDOW	256
#define SILENCE_MS	5000	/* after it, what is on its way is lost */

struct load {
	int fd;
	uint8_t query[QUERY_SIZE];
	uint64_t sent_at[UINT16_MAX + 1];	/* by transaction id; 0: none */
	uint32_t *trips;			/* of those answered, in ns */
	unsigned long queries;
	unsigned long window;
	unsigned long sent;
	unsigned long answered;
	unsigned long lost;
};

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* RFC 1002, 4.2.12 and 17; RD is clear, so that nmbd answers in any case. */
static void make_query(uint8_t query[QUERY_SIZE], const char *name,
		       uint8_t suffix)
{
	bool status = strcmp(name, "*") == 0;
	uint8_t padded[16];
	size_t i;

	memset(padded, status ? '\0' : ' ', sizeof(padded));
	memcpy(padded, name, strlen(name));
	padded[15] = suffix;

	memset(query, 0, QUERY_SIZE);
	query[5] = 1;				/* one question */
	query[12] = 2 * sizeof(padded);
	for (i = 0; i < sizeof(padded); i++) {
		query[13 + 2 * i] = 'A' + (padded[i] >> 4);
		query[14 + 2 * i] = 'A' + (padded[i] & 15);
	}
	query[47] = status ? 0x21 : 0x20;	/* NBSTAT or NB */
	query[49] = 1;				/* IN */
}

static int open_socket(const char *address)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons(PORT) };
	int fd = -1;

	if (inet_pton(AF_INET, address, &to.sin_addr) != 1) {
		errno = EINVAL;
		return -1;
	}
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd != -1 &&
	    connect(fd, (const struct sockaddr *)&to, sizeof(to)) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static bool fill_window(struct load *l)
{
	while (l->sent < l->queries &&
	       l->sent - l->answered - l->lost < l->window) {
		uint16_t id = (uint16_t)l->sent;

		l->query[0] = (uint8_t)(id >> 8);
		l->query[1] = (uint8_t)id;
		l->sent_at[id] = now_ns();
		if (send(l->fd, l->query, sizeof(l->query), 0) !=
		    (ssize_t)sizeof(l->query)) {
			return errno == EAGAIN || errno == ENOBUFS;
		}
		l->sent++;
	}
	return true;
}

/* Positive answers to what was asked; anything else is left to count as lost */
static void take_answers(struct load *l)
{
	uint8_t answer[1024];
	ssize_t len;

	while ((len = recv(l->fd, answer, sizeof(answer), 0)) >= 12) {
		uint16_t id = (uint16_t)(answer[0] << 8 | answer[1]);
		bool positive = (answer[2] & 0x80) != 0 &&
				(answer[3] & 0x0f) == 0;

		if (!positive || l->sent_at[id] == 0) {
			continue;
		}
		l->trips[l->answered++] = (uint32_t)(now_ns() -
						     l->sent_at[id]);
		l->sent_at[id] = 0;
	}
}

static bool run(struct load *l)
{
	while (l->answered + l->lost < l->queries) {
		struct pollfd p = { .fd = l->fd, .events = POLLIN };
		int ready;

		if (!fill_window(l)) {
			return false;
		}
		ready = poll(&p, 1, SILENCE_MS);
		if (ready < 0) {
			return false;
		}
		if (ready == 0) {
			l->lost = l->sent - l->answered;
			memset(l->sent_at, 0, sizeof(l->sent_at));
			if (l->answered == 0) {
				return true;
			}
			continue;
		}
		take_answers(l);
	}
	return true;
}

static int compare(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a;
	uint32_t y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static double percentile_us(const struct load *l, double part)
{
	if (l->answered == 0) {
		return 0;
	}
	return l->trips[(size_t)(part * (double)(l->answered - 1))] / 1000.0;
}

/* A number from 1 to max, or 0. */
static unsigned long number(const char *text, unsigned long max)
{
	char *end = NULL;
	unsigned long n = strtoul(text, &end, 0);

	return (*end == '\0' && n <= max) ? n : 0;
}

int main(int argc, char **argv)
{
	static struct load l;
	uint64_t start, end;

	if (argc != 6 || strlen(argv[2]) > 15) {
		fprintf(stderr, "load ADDRESS NAME SUFFIX QUERIES WINDOW\n");
		return 2;
	}
	l.queries = number(argv[4], MAX_QUERIES);
	l.window = number(argv[5], MAX_WINDOW);
	if (l.queries == 0 || l.window == 0) {
		fprintf(stderr, "load: 1 to %d queries, 1 to %d at a time\n",
			MAX_QUERIES, MAX_WINDOW);
		return 2;
	}
	make_query(l.query, argv[2], (uint8_t)number(argv[3], UINT8_MAX));
	l.trips = calloc(l.queries, sizeof(*l.trips));
	l.fd = open_socket(argv[1]);
	if (l.trips == NULL || l.fd == -1) {
		perror("load");
		return 1;
	}

	start = now_ns();
	if (!run(&l)) {
		perror("load");
		return 1;
	}
	end = now_ns();
	qsort(l.trips, l.answered, sizeof(*l.trips), compare);
	printf("%lu %lu %.6f %.1f %.1f\n", l.answered, l.lost,
	       (double)(end - start) / 1e9, percentile_us(&l, 0.5),
	       percentile_us(&l, 0.99));
	return 0;
}

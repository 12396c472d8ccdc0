/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Requests to the nmbd of a smb.conf over one connection, by the tool's own
 * client.c, and how long their answers took.
 *
 *   ask SMB.CONF EXPECTED TURNS AT_ONCE REQUEST
 *
 * Each turn sends AT_ONCE requests and waits until all of them are answered.
 * A "%" in REQUEST stands for a number of five digits, another one for each
 * request.  EXPECTED has to be in each answer.
 *
 * Prints the microseconds of each turn, a line for each.
 */

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <talloc.h>

#include "client.h"
#include "samba_private.h"

#define MAX_TURNS   100000
#define MAX_AT_ONCE 4096
#define SECONDS	    60

struct ask {
	struct client *client;
	const char *expected;
	const char *request;
	unsigned long number; /* of the next request */
	bool wrong;	      /* an answer that was not expected came */
};

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void answered(void *private_data, const char *text)
{
	struct ask *a = private_data;

	if (strstr(text, a->expected) == NULL && !a->wrong) {
		fprintf(stderr, "ask: %s: %s\n", a->request, text);
		a->wrong = true;
	}
}

static char *next_request(TALLOC_CTX *mem_ctx, struct ask *a)
{
	const char *mark = strchr(a->request, '%');

	if (mark == NULL) {
		return talloc_strdup(mem_ctx, a->request);
	}
	return talloc_asprintf(mem_ctx, "%.*s%05lu%s", (int)(mark - a->request),
			       a->request, a->number++, mark + 1);
}

static void complain(const struct client *client, enum client_error error)
{
	char *text = (client != NULL)
			     ? client_error_text(NULL, client, error)
			     : NULL;

	fprintf(stderr, "ask: %s\n", (text != NULL) ? text : "out of memory");
	talloc_free(text);
}

static bool one_turn(struct ask *a, size_t at_once)
{
	char **requests = talloc_zero_array(NULL, char *, at_once);
	enum client_error error = CLIENT_OK;
	uint64_t start, end;
	size_t i;

	for (i = 0; requests != NULL && i < at_once; i++) {
		requests[i] = next_request(requests, a);
	}
	start = now_ns();
	error = client_ask(a->client, requests, at_once, answered, a);
	end = now_ns();
	talloc_free(requests);
	if (error != CLIENT_OK) {
		complain(a->client, error);
		return false;
	}
	printf("%.1f\n", (double)(end - start) / 1000.0);
	return !a->wrong;
}

/* A number from 1 to max, or 0. */
static unsigned long number(const char *text, unsigned long max)
{
	char *end = NULL;
	unsigned long n = strtoul(text, &end, 10);

	return (*end == '\0' && n <= max) ? n : 0;
}

int main(int argc, char **argv)
{
	TALLOC_CTX *frame = _talloc_stackframe(__location__);
	struct ask a = { .number = 0 };
	enum client_error error;
	unsigned long turns, at_once;
	bool good = true;

	if (argc != 6) {
		fprintf(stderr,
			"ask SMB.CONF EXPECTED TURNS AT_ONCE REQUEST\n");
		return 2;
	}
	turns = number(argv[3], MAX_TURNS);
	at_once = number(argv[4], MAX_AT_ONCE);
	if (turns == 0 || at_once == 0) {
		fprintf(stderr, "ask: 1 to %d turns, 1 to %d at once\n",
			MAX_TURNS, MAX_AT_ONCE);
		return 2;
	}
	a.expected = argv[2];
	a.request = argv[5];
	a.client = client_create(frame, argv[1], SECONDS);
	error = (a.client != NULL) ? client_connect(a.client)
				   : CLIENT_NO_MESSAGING;
	if (error != CLIENT_OK) {
		complain(a.client, error);
		return 1;
	}
	while (good && turns-- > 0) {
		good = one_turn(&a, at_once);
	}
	talloc_free(frame);
	return good ? 0 : 1;
}

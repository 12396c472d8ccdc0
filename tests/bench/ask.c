/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Sends one request after the other to nmbd, by the tool's own connection.
 *
 *   ask SMB_CONF NUMBER REQUEST
 *
 * A '#' in REQUEST becomes the number of the request, in five digits.  Prints a
 * line for each: the microseconds from sending it to its answer.  An answer
 * that tells of an error ends it.
 */

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <talloc.h>

#include "client.h"
#include "nmbd_host.h"

#define SECONDS	   30
#define NUMBER_MAX 100000

struct answer {
	uint64_t when; /* 0: none yet */
	bool error;
};

static uint64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static void answered(void *private_data, const char *text)
{
	struct answer *a = private_data;

	a->when = now_us();
	a->error = strstr(text, ": error ") != NULL ||
		   strstr(text, "known are: ") != NULL;
	if (a->error) {
		fputs(text, stderr);
	}
}

static char *numbered(TALLOC_CTX *mem_ctx, const char *request, unsigned long i)
{
	const char *mark = strchr(request, '#');

	if (mark == NULL) {
		return talloc_strdup(mem_ctx, request);
	}
	return talloc_asprintf(mem_ctx, "%.*s%05lu%s", (int)(mark - request),
			       request, i, mark + 1);
}

static bool ask(TALLOC_CTX *mem_ctx, struct client *client, const char *request,
		unsigned long i)
{
	struct answer a = { .when = 0 };
	char *text = numbered(mem_ctx, request, i);
	uint64_t sent = now_us();
	enum client_error error;

	if (text == NULL) {
		return false;
	}
	error = client_ask(client, &text, 1, SECONDS, answered, &a);
	talloc_free(text);
	if (error != CLIENT_OK) {
		fprintf(stderr, "ask: %s\n", client_error_text(error));
		return false;
	}
	if (!a.error) {
		printf("%llu\n", (unsigned long long)(a.when - sent));
	}
	return !a.error;
}

int main(int argc, char **argv)
{
	TALLOC_CTX *frame = _talloc_stackframe(__location__);
	struct client *client = NULL;
	enum client_error error;
	unsigned long number;
	unsigned long i = 0;

	number = (argc == 4) ? strtoul(argv[2], NULL, 10) : 0;
	if (number == 0 || number > NUMBER_MAX) {
		fprintf(stderr, "usage: ask SMB_CONF NUMBER REQUEST\n");
		return 2;
	}
	error = client_connect(frame, argv[1], SECONDS, &client);
	if (error != CLIENT_OK) {
		fprintf(stderr, "ask: %s\n", client_error_text(error));
		return 1;
	}
	while (i < number && ask(frame, client, argv[3], i)) {
		i++;
	}
	talloc_free(frame);
	return (i == number) ? 0 : 1;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The table of targets, and what they share.
 */

#include "fuzz.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const struct fuzz_target fuzz_targets[] = {
	{ "request", fuzz_request },   /* the request language */
	{ "config", fuzz_config },     /* values in smb.conf */
	{ "nbns", fuzz_nbns },	       /* answers of a holder */
	{ "cluster", fuzz_cluster },   /* ctdbd and other nodes */
	{ "store", fuzz_store },       /* the tdb of added aliases */
	{ "event", fuzz_event },       /* events as text, JSON, datagram */
	{ "eventlog", fuzz_eventlog }, /* the tdb of Samba's event log */
	{ "message", fuzz_message },   /* datagrams and letters */
	{ "msgsvc", fuzz_msgsvc },     /* remote administration */
	{ NULL, NULL },
};

void fuzz_must(bool holds, const char *what, const char *file, int line)
{
	if (!holds) {
		fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
		abort();
	}
}

/* Samba's, source3/param/loadparm.h */
bool lp_load_global(const char *file);

static char folder[256];
static char path[sizeof(folder) + sizeof("/file")];
static pid_t owner;

static void clear_up(void)
{
	char damaged[sizeof(path) + sizeof(".damaged")];

	if (getpid() != owner) {
		return;
	}
	snprintf(damaged, sizeof(damaged), "%s.damaged", path);
	unlink(path);
	unlink(damaged);
	rmdir(folder);
}

void fuzz_init(void)
{
	static const char conf[] = "[global]\n\tnetbios name = ALPHA\n";
	const char *tmp = getenv("TMPDIR");

	if (owner != 0) {
		return;
	}
	snprintf(folder, sizeof(folder), "%s/nmbd-fuzz-XXXXXX",
		 (tmp != NULL) ? tmp : "/tmp");
	FUZZ_MUST(mkdtemp(folder) != NULL);
	owner = getpid();
	snprintf(path, sizeof(path), "%s/file", folder);
	atexit(clear_up);
	fuzz_write_file((const uint8_t *)conf, sizeof(conf) - 1);
	FUZZ_MUST(lp_load_global(path));
	unlink(path);
}

const char *fuzz_file(void)
{
	return path;
}

void fuzz_write_file(const uint8_t *data, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	FUZZ_MUST(fd != -1);
	FUZZ_MUST(write(fd, data, len) == (ssize_t)len);
	close(fd);
}

uint8_t fuzz_take(struct fuzz_bytes *b)
{
	if (b->left == 0) {
		return 0;
	}
	b->left--;
	return *b->p++;
}

uint32_t fuzz_take32(struct fuzz_bytes *b)
{
	uint32_t v = 0;
	int i;

	for (i = 0; i < 4; i++) {
		v = v << 8 | fuzz_take(b);
	}
	return v;
}

char *fuzz_take_text(TALLOC_CTX *mem_ctx, struct fuzz_bytes *b)
{
	size_t len = fuzz_take(b) % 64;
	char *text = NULL;
	size_t i;

	len = (len < b->left) ? len : b->left;
	text = talloc_array(mem_ctx, char, len + 1);
	FUZZ_MUST(text != NULL);
	for (i = 0; i < len; i++) {
		uint8_t byte = fuzz_take(b);

		text[i] = (byte != 0) ? (char)byte : ' ';
	}
	text[len] = '\0';
	return text;
}

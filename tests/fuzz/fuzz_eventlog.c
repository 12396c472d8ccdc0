/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Samba's event log as other programs may have left it.  The first byte
 * chooses: the rest is the file as it is, or its four numbers and records.
 */

#include "fuzz.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <tdb.h>

#include "sinks.h"

static const char *path;

static void store(struct tdb_context *tdb, const void *key, size_t key_len,
		  void *value, size_t len)
{
	TDB_DATA k = { .dptr = (unsigned char *)(uintptr_t)key,
		       .dsize = key_len };
	TDB_DATA v = { .dptr = value, .dsize = len };

	FUZZ_MUST(tdb_store(tdb, k, v, TDB_REPLACE) == 0);
}

static void write_log(struct fuzz_bytes *b)
{
	static const char *const keys[] = {
		"INFO/version", "INFO/next_record", "INFO/oldest_entry",
		"INFO/maxsize", "INFO/retention",
	};
	struct tdb_context *tdb =
		tdb_open(path, 1, TDB_NOSYNC, O_RDWR | O_CREAT | O_TRUNC, 0600);
	size_t i;

	FUZZ_MUST(tdb != NULL);
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		uint8_t form = fuzz_take(b);
		uint32_t v = htole32(fuzz_take32(b));

		if ((form & 3) == 0) {
			v = htole32(1);
		}
		if (form < 0xf0) {
			store(tdb, keys[i], strlen(keys[i]) + 1, &v,
			      (form < 0xe0) ? sizeof(v) : form & 3);
		}
	}
	while (b->left > 0) {
		int32_t number = (int32_t)(fuzz_take(b) % 8);
		uint8_t bytes[256];

		memset(bytes, fuzz_take(b), sizeof(bytes));
		store(tdb, &number, sizeof(number), bytes, fuzz_take(b));
	}
	tdb_close(tdb);
}

static void write_event(TALLOC_CTX *frame)
{
	struct tevent_context *ev = tevent_context_init(frame);
	struct sink_eventlog *sink = sink_eventlog_init(frame, ev);
	struct timespec now = { .tv_sec = 1795348800 };
	struct event *e = event_create(frame, EVENT_SERVICE_FAILED, now);

	FUZZ_MUST(ev != NULL && sink != NULL && e != NULL);
	e->code = NERR_NoComputerName;
	sink_eventlog_configure(sink, "System", "ALPHA");
	sink_eventlog_write(sink, e);
	sink_eventlog_write(sink, e);
}

void fuzz_eventlog(const uint8_t *data, size_t len)
{
	struct fuzz_bytes b = { .p = data, .left = len };
	TALLOC_CTX *frame = talloc_new(NULL);
	FILE *file = NULL;

	FUZZ_MUST(mkdir(fuzz_file(), 0700) == 0 || errno == EEXIST);
	path = talloc_asprintf(frame, "%s/system.tdb", fuzz_file());
	FUZZ_MUST(path != NULL);
	if ((fuzz_take(&b) & 1) != 0) {
		write_log(&b);
	} else {
		file = fopen(path, "we");
		FUZZ_MUST(file != NULL);
		FUZZ_MUST(fwrite(b.p, 1, b.left, file) == b.left);
		fclose(file);
	}
	write_event(frame);
	unlink(path);
	rmdir(fuzz_file());
	talloc_free(frame);
}

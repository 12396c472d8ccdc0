/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Samba's own event log: its records, and its tdb.
 *
 * Not by eventlogadm: a program for each event would cost nmbd a fork, and under
 * AppArmor nmbd may start none.  Samba locks one chain of the tdb while it
 * writes.  We take all chains at once, without waiting.
 */

#include "eventlog.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include <charset.h>
#include <tdb.h>

#include "bytes.h"

/* The byte of a tdb that tdb_open() locks */
#define TDB_OPEN_LOCK 0

/* EVENTLOG_DATABASE_VERSION_V1 and the defaults of elog_init_tdb() */
#define DATABASE_VERSION  1
#define DEFAULT_MAXSIZE	  0x80000
#define DEFAULT_RETENTION 0x93A80
/* Retention: keep all, write nothing when it is full */
#define RETENTION_FOREVER 0xffffffff

#define FIXED_SIZE 56 /* of a record on the wire, before its texts */

static const char not_a_log[] = "it is not an event log of Samba's";

struct eventlog {
	struct tdb_context *tdb; /* every chain locked */
};

/*
 * A record, as ndr_push_eventlog_Record_tdb() lays it out: little endian,
 * nothing aligned.
 */

static void put32(struct bytes *r, uint32_t v)
{
	const uint8_t le[] = { (uint8_t)v, (uint8_t)(v >> 8),
			       (uint8_t)(v >> 16), (uint8_t)(v >> 24) };

	bytes_add(r, le, sizeof(le));
}

static void put16(struct bytes *r, uint16_t v)
{
	const uint8_t le[] = { (uint8_t)v, (uint8_t)(v >> 8) };

	bytes_add(r, le, sizeof(le));
}

/* A text in UTF-16 with its NUL; NULL without memory. */
static uint8_t *utf16(TALLOC_CTX *mem_ctx, const char *text)
{
	uint8_t *bytes = NULL;
	size_t len = 0;

	if (!convert_string_talloc(mem_ctx, CH_UNIX, CH_UTF16LE, text,
				   strlen(text) + 1, &bytes, &len)) {
		return NULL;
	}
	return talloc_realloc(mem_ctx, bytes, uint8_t, len);
}

static uint32_t length(const uint8_t *bytes)
{
	return (uint32_t)talloc_array_length(bytes);
}

/* Returns NULL without memory. */
static uint8_t *all_strings(TALLOC_CTX *mem_ctx,
			    const struct eventlog_record *from, uint16_t *num)
{
	struct bytes all = bytes_begin(mem_ctx);

	for (*num = 0; from->strings[*num] != NULL; (*num)++) {
		uint8_t *string = utf16(mem_ctx, from->strings[*num]);

		if (string == NULL) {
			return NULL;
		}
		bytes_add(&all, string, length(string));
	}
	return bytes_end(&all);
}

static uint32_t padding_of(uint32_t len)
{
	return (4 - len % 4) % 4;
}

/* Returns NULL without memory. */
static uint8_t *make_record(TALLOC_CTX *mem_ctx,
			    const struct eventlog_record *from, uint32_t number)
{
	uint8_t *source = utf16(mem_ctx, from->source);
	uint8_t *computer = utf16(mem_ctx, from->computer);
	uint16_t num = 0;
	uint8_t *strings = all_strings(mem_ctx, from, &num);
	struct bytes r = bytes_begin(mem_ctx);
	uint32_t names = length(source) + length(computer);
	/* without a SID its padding goes to the end */
	uint32_t padding = padding_of(names) +
			   padding_of(length(strings) + from->data_len);

	if (source == NULL || computer == NULL || strings == NULL) {
		return NULL;
	}
	put32(&r, FIXED_SIZE + names + length(strings) + from->data_len +
			  padding + 4);
	bytes_add(&r, "eLfL", 4);
	put32(&r, number);
	put32(&r, from->time); /* generated */
	put32(&r, from->time); /* written */
	put32(&r, from->id);
	put16(&r, from->type);
	put16(&r, num); /* strings */
	put16(&r, 0);	/* category */
	put16(&r, 0);	/* reserved flags */
	put32(&r, 0);	/* closing record */
	put32(&r, 0);	/* offset of the strings: Samba reckons it */
	put32(&r, 0);	/* length and offset of the SID: none */
	put32(&r, 0);
	put32(&r, from->data_len); /* length and offset of data */
	put32(&r, 0);
	put32(&r, length(source));
	bytes_add(&r, source, length(source));
	put32(&r, length(computer));
	bytes_add(&r, computer, length(computer));
	put32(&r, 0); /* padding before the SID */
	put32(&r, 0); /* the SID */
	put32(&r, length(strings));
	bytes_add(&r, strings, length(strings));
	put32(&r, from->data_len);
	if (from->data_len > 0) {
		bytes_add(&r, from->data, from->data_len);
	}
	put32(&r, padding);
	return bytes_end(&r);
}

/*
 * The database.  All of it is called with every chain locked.
 */

static TDB_DATA key_of(const char *name)
{
	TDB_DATA key = {
		.dptr = (unsigned char *)(uintptr_t)name,
		.dsize = strlen(name) + 1,
	};

	return key;
}

static bool fetch32(struct tdb_context *tdb, const char *name, uint32_t *v)
{
	TDB_DATA data = tdb_fetch(tdb, key_of(name));
	bool ok = (data.dptr != NULL && data.dsize == 4);

	if (ok) {
		*v = (uint32_t)data.dptr[0] | (uint32_t)data.dptr[1] << 8 |
		     (uint32_t)data.dptr[2] << 16 |
		     (uint32_t)data.dptr[3] << 24;
	}
	free(data.dptr);
	return ok;
}

static bool store_bytes(struct tdb_context *tdb, TDB_DATA key,
			const uint8_t *bytes, size_t len)
{
	TDB_DATA data = {
		.dptr = (unsigned char *)(uintptr_t)bytes,
		.dsize = len,
	};

	return tdb_store(tdb, key, data, TDB_REPLACE) == 0;
}

static bool store32(struct tdb_context *tdb, const char *name, uint32_t v)
{
	const uint8_t le[] = { (uint8_t)v, (uint8_t)(v >> 8),
			       (uint8_t)(v >> 16), (uint8_t)(v >> 24) };

	return store_bytes(tdb, key_of(name), le, sizeof(le));
}

static TDB_DATA record_key(int32_t *number)
{
	TDB_DATA key = {
		.dptr = (unsigned char *)number,
		.dsize = sizeof(*number),
	};

	return key;
}

static bool init_database(struct tdb_context *tdb)
{
	return store32(tdb, "INFO/oldest_entry", 1) &&
	       store32(tdb, "INFO/next_record", 1) &&
	       store32(tdb, "INFO/maxsize", DEFAULT_MAXSIZE) &&
	       store32(tdb, "INFO/retention", DEFAULT_RETENTION) &&
	       store32(tdb, "INFO/version", DATABASE_VERSION);
}

struct usage {
	size_t size;
	uint32_t records; /* the INFO/ ones, too */
};

static int add_usage(struct tdb_context *tdb, TDB_DATA key, TDB_DATA data,
		     void *private_data)
{
	struct usage *usage = private_data;

	usage->size += data.dsize;
	usage->records++;
	return 0;
}

/*
 * As Samba does it: the oldest go, unless they are to be kept for ever.
 * Returns what is wrong, a constant string, or NULL.
 */
static const char *make_room(struct tdb_context *tdb, size_t needed)
{
	uint32_t max = DEFAULT_MAXSIZE;
	uint32_t retention = DEFAULT_RETENTION;
	uint32_t oldest = 1;
	uint32_t next = 1;
	struct usage usage = { .size = 0 };

	(void)tdb_traverse_read(tdb, add_usage, &usage);
	(void)fetch32(tdb, "INFO/maxsize", &max);
	(void)fetch32(tdb, "INFO/retention", &retention);
	if (usage.size + needed <= max) {
		return NULL;
	}
	if (retention == RETENTION_FOREVER) {
		return "it is full, and its retention keeps all";
	}
	if (!fetch32(tdb, "INFO/oldest_entry", &oldest) ||
	    !fetch32(tdb, "INFO/next_record", &next) || oldest > next ||
	    next - oldest > usage.records) {
		/* to step through all numbers could take an hour */
		return "it is full, and its numbers are not its records'";
	}
	for (; oldest < next && usage.size + needed > max; oldest++) {
		int32_t number = (int32_t)oldest;
		TDB_DATA data = tdb_fetch(tdb, record_key(&number));

		usage.size -=
			(data.dsize < usage.size) ? data.dsize : usage.size;
		free(data.dptr);
		(void)tdb_delete(tdb, record_key(&number));
	}
	if (!store32(tdb, "INFO/oldest_entry", oldest)) {
		return tdb_errorstr(tdb);
	}
	return (usage.size + needed <= max)
		       ? NULL
		       : "its maximum size has no room for a record";
}

static const char *add_record(struct tdb_context *tdb, TALLOC_CTX *frame,
			      const struct eventlog_record *from)
{
	uint32_t version = 0;
	uint32_t next = 0;
	int32_t number;
	uint8_t *record = NULL;
	const char *why = NULL;

	if (!fetch32(tdb, "INFO/version", &version)) {
		version = init_database(tdb) ? DATABASE_VERSION : 0;
	}
	if (version != DATABASE_VERSION ||
	    !fetch32(tdb, "INFO/next_record", &next)) {
		return not_a_log;
	}
	record = make_record(frame, from, next);
	if (record == NULL) {
		return strerror(ENOMEM);
	}
	why = make_room(tdb, talloc_array_length(record));
	if (why != NULL) {
		return why;
	}
	number = (int32_t)next;
	if (!store_bytes(tdb, record_key(&number), record,
			 talloc_array_length(record)) ||
	    !store32(tdb, "INFO/next_record", next + 1)) {
		return tdb_errorstr(tdb);
	}
	return NULL;
}

const char *eventlog_append(struct eventlog *log,
			    const struct eventlog_record *record)
{
	TALLOC_CTX *frame = talloc_new(log);
	const char *why = (frame != NULL) ? add_record(log->tdb, frame, record)
					  : strerror(ENOMEM);

	talloc_free(frame);
	return why;
}

static int close_log(struct eventlog *log)
{
	if (log->tdb != NULL) {
		(void)tdb_unlockall(log->tdb);
		tdb_close(log->tdb);
	}
	return 0;
}

/* Open it while nobody else does; what is there and no tdb is left alone. */
static enum eventlog_outcome open_locked(const char *path, int fd,
					 struct tdb_context **tdb,
					 const char **why)
{
	struct flock lock = {
		.l_type = F_WRLCK,
		.l_whence = SEEK_SET,
		.l_start = TDB_OPEN_LOCK,
		.l_len = 1,
	};
	struct stat st;

	if (fcntl(fd, F_SETLK, &lock) == -1) {
		*why = strerror(errno);
		return (errno == EAGAIN || errno == EACCES) ? EVENTLOG_BUSY
							    : EVENTLOG_FAILED;
	}
	if (fstat(fd, &st) == -1) {
		*why = strerror(errno);
		return EVENTLOG_FAILED;
	}
	if (!S_ISREG(st.st_mode)) {
		*why = "it is not a regular file";
		return EVENTLOG_FAILED;
	}
	*tdb = tdb_open(path, 0, TDB_DEFAULT,
			O_RDWR | ((st.st_size == 0) ? O_CREAT : 0), 0640);
	if (*tdb == NULL) {
		*why = (errno == EIO) ? not_a_log : strerror(errno);
		return EVENTLOG_FAILED;
	}
	return EVENTLOG_OPEN;
}

/*
 * tdb_open() waits for whoever is just opening the file, too.  That lock is
 * taken before, without waiting: it is then free to this process.
 */
static enum eventlog_outcome open_database(const char *path,
					   struct tdb_context **tdb,
					   const char **why)
{
	int fd = open(path,
		      O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK |
			      O_NOCTTY,
		      0640);
	enum eventlog_outcome outcome;

	if (fd == -1) {
		*why = strerror(errno);
		return EVENTLOG_FAILED;
	}
	outcome = open_locked(path, fd, tdb, why);
	/* takes all locks of this process on the file along: tdb has none */
	close(fd);
	if (outcome == EVENTLOG_OPEN && tdb_lockall_nonblock(*tdb) != 0) {
		tdb_close(*tdb);
		*tdb = NULL;
		return EVENTLOG_BUSY;
	}
	return outcome;
}

enum eventlog_outcome eventlog_open(TALLOC_CTX *mem_ctx, const char *path,
				    struct eventlog **log, const char **why)
{
	struct eventlog *l = talloc_zero(mem_ctx, struct eventlog);
	enum eventlog_outcome outcome;

	if (l == NULL) {
		*why = strerror(ENOMEM);
		return EVENTLOG_FAILED;
	}
	talloc_set_destructor(l, close_log);
	outcome = open_database(path, &l->tdb, why);
	if (outcome != EVENTLOG_OPEN) {
		talloc_free(l);
		return outcome;
	}
	*log = l;
	return EVENTLOG_OPEN;
}

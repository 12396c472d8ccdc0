/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Samba's own event log, which Windows' Event Viewer reads over EVENTLOG RPC:
 * a tdb in the state directory, written as Samba writes it
 * (source3/lib/eventlog/eventlog.c, librpc/idl/eventlog.idl).
 *
 * Samba locks one chain of the tdb while it writes.  We take all chains at
 * once, without waiting; whoever holds one now is asked again a little later.
 */

#include "sinks.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include <charset.h>
#include <tdb.h>

#include "nmbd_host.h"

#define SINK "messenger:event log"

#define AGAIN_USEC  20000
#define AGAIN_MAX   250 /* five seconds in all */
#define PENDING_MAX 64

/* The byte of a tdb that tdb_open() locks */
#define TDB_OPEN_LOCK 0

/* EVENTLOG_DATABASE_VERSION_V1 and the defaults of elog_init_tdb() */
#define DATABASE_VERSION  1
#define DEFAULT_MAXSIZE	  0x80000
#define DEFAULT_RETENTION 0x93A80
/* Retention: keep all, write nothing when it is full */
#define RETENTION_FOREVER 0xffffffff

/* [MS-EVEN] 2.2.3 */
#define EVENTLOG_ERROR_TYPE	  0x0001
#define EVENTLOG_INFORMATION_TYPE 0x0004
#define SEVERITY_BITS_ERROR	  0xc0000000
#define SEVERITY_BITS_INFORMATION 0x40000000

#define FIXED_SIZE 56 /* of a record on the wire, before its texts */

static const char service_name[] = "Messenger";
static const char not_a_log[] = "it is not an event log of Samba's";
static const char locked[] = "another program keeps it locked";

struct pending {
	STAILQ_ENTRY(pending) entry;
	uint32_t id; /* with its severity */
	uint16_t type;
	uint32_t time;
	char *source;
	char *parameter; /* the second insertion string */
};

struct sink_eventlog {
	struct tevent_context *ev;
	char *path; /* NULL: none */
	char *computer;
	STAILQ_HEAD(, pending) pending;
	size_t num_pending;
	unsigned again;
	struct tevent_timer *timer; /* while something is pending */
	struct sink_trouble trouble;
};

struct sink_eventlog *sink_eventlog_init(TALLOC_CTX *mem_ctx,
					 struct tevent_context *ev)
{
	struct sink_eventlog *sink = talloc_zero(mem_ctx, struct sink_eventlog);

	if (sink != NULL) {
		sink->ev = ev;
		STAILQ_INIT(&sink->pending);
	}
	return sink;
}

static void failed(struct sink_eventlog *sink, const char *why)
{
	char *what = talloc_asprintf(sink, "write to %s", sink->path);

	sink_failed(&sink->trouble, SINK, (what != NULL) ? what : "write", why);
	talloc_free(what);
}

/* "System" -> STATE/eventlog/system.tdb, in a directory that exists. */
static char *path_of(TALLOC_CTX *mem_ctx, const char *log)
{
	char *dir = state_path(mem_ctx, "eventlog");
	char *path = NULL;
	char *lower = talloc_strdup(dir, log);
	char *p = NULL;

	for (p = lower; p != NULL && *p != '\0'; p++) {
		*p = (*p >= 'A' && *p <= 'Z') ? (char)(*p + 32) : *p;
	}
	if (lower != NULL) {
		(void)mkdir(dir, 0755);
		path = talloc_asprintf(mem_ctx, "%s/%s.tdb", dir, lower);
	}
	talloc_free(dir);
	return path;
}

void sink_eventlog_configure(struct sink_eventlog *sink, const char *log,
			     const char *computer)
{
	sink->trouble.told = false;
	TALLOC_FREE(sink->path);
	TALLOC_FREE(sink->computer);
	if (log == NULL) {
		return;
	}
	sink->computer = talloc_strdup(sink, computer);
	if (strchr(log, '/') != NULL || log[0] == '.') {
		DBG_ERR(SINK " = %s: not the name of an event log; none is "
			     "written\n",
			log);
	} else if (sink->computer != NULL) {
		sink->path = path_of(sink, log);
	}
}

/*
 * A record, as ndr_push_eventlog_Record_tdb() lays it out: little endian,
 * nothing aligned.
 */

struct blob {
	uint8_t *data; /* a talloc array; NULL: no memory */
};

static void put(struct blob *b, const void *bytes, size_t len)
{
	size_t old = talloc_array_length(b->data);
	uint8_t *more = NULL;

	if (b->data == NULL) {
		return;
	}
	more = talloc_realloc(NULL, b->data, uint8_t, old + len);
	if (more == NULL) {
		TALLOC_FREE(b->data);
		return;
	}
	memcpy(more + old, bytes, len);
	b->data = more;
}

static void put32(struct blob *b, uint32_t v)
{
	const uint8_t le[] = { (uint8_t)v, (uint8_t)(v >> 8),
			       (uint8_t)(v >> 16), (uint8_t)(v >> 24) };

	put(b, le, sizeof(le));
}

static void put16(struct blob *b, uint16_t v)
{
	const uint8_t le[] = { (uint8_t)v, (uint8_t)(v >> 8) };

	put(b, le, sizeof(le));
}

/* A text in UTF-16 with its NUL; data is NULL without memory. */
static struct blob utf16(TALLOC_CTX *mem_ctx, const char *text)
{
	struct blob b = { .data = NULL };
	size_t len = 0;

	if (convert_string_talloc(mem_ctx, CH_UNIX, CH_UTF16LE, text,
				  strlen(text) + 1, &b.data, &len)) {
		b.data = talloc_realloc(mem_ctx, b.data, uint8_t, len);
	}
	return b;
}

static uint32_t length(const struct blob *b)
{
	return (uint32_t)talloc_array_length(b->data);
}

static uint32_t padding_of(uint32_t len)
{
	return (4 - len % 4) % 4;
}

/* Returns NULL without memory. */
static uint8_t *make_record(TALLOC_CTX *mem_ctx, const struct pending *p,
			    const char *computer, uint32_t number)
{
	struct blob source = utf16(mem_ctx, p->source);
	struct blob name = utf16(mem_ctx, computer);
	struct blob first = utf16(mem_ctx, service_name);
	struct blob second = utf16(mem_ctx, p->parameter);
	struct blob r = { .data = talloc_array(mem_ctx, uint8_t, 0) };
	uint32_t strings = length(&first) + length(&second);
	uint32_t names = length(&source) + length(&name);
	/* without a SID its padding goes to the end */
	uint32_t padding = padding_of(names) + padding_of(strings);

	if (source.data == NULL || name.data == NULL || first.data == NULL ||
	    second.data == NULL) {
		return NULL;
	}
	put32(&r, FIXED_SIZE + names + strings + padding + 4);
	put(&r, "eLfL", 4);
	put32(&r, number);
	put32(&r, p->time); /* generated */
	put32(&r, p->time); /* written */
	put32(&r, p->id);
	put16(&r, p->type);
	put16(&r, 2); /* strings */
	put16(&r, 0); /* category */
	put16(&r, 0); /* reserved flags */
	put32(&r, 0); /* closing record */
	put32(&r, 0); /* offset of the strings: Samba reckons it */
	put32(&r, 0); /* length and offset of the SID: none */
	put32(&r, 0);
	put32(&r, 0); /* length and offset of data: none */
	put32(&r, 0);
	put32(&r, length(&source));
	put(&r, source.data, length(&source));
	put32(&r, length(&name));
	put(&r, name.data, length(&name));
	put32(&r, 0); /* padding before the SID */
	put32(&r, 0); /* the SID */
	put32(&r, strings);
	put(&r, first.data, length(&first));
	put(&r, second.data, length(&second));
	put32(&r, 0); /* data */
	put32(&r, padding);
	return r.data;
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

/* Returns what is wrong, a constant string, or NULL. */
static const char *add_record(struct tdb_context *tdb, TALLOC_CTX *frame,
			      const struct pending *p, const char *computer)
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
	record = make_record(frame, p, computer, next);
	if (record == NULL) {
		return "out of memory";
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

enum outcome {
	OUTCOME_DONE,
	OUTCOME_BUSY, /* somebody else is writing */
};

/* Open it while nobody else does; what is there and no tdb is left alone. */
static enum outcome open_locked(const char *path, int fd,
				struct tdb_context **tdb, const char **why)
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
		return (errno == EAGAIN || errno == EACCES) ? OUTCOME_BUSY
							    : OUTCOME_DONE;
	}
	if (fstat(fd, &st) == -1) {
		*why = strerror(errno);
		return OUTCOME_DONE;
	}
	if (!S_ISREG(st.st_mode)) {
		*why = "it is not a regular file";
		return OUTCOME_DONE;
	}
	*tdb = tdb_open(path, 0, TDB_DEFAULT,
			O_RDWR | ((st.st_size == 0) ? O_CREAT : 0), 0640);
	if (*tdb == NULL) {
		*why = (errno == EIO) ? not_a_log : strerror(errno);
	}
	return OUTCOME_DONE;
}

/*
 * tdb_open() waits for whoever is just opening the file, too.  That lock is
 * taken before, without waiting: it is then free to this process.
 */
static enum outcome open_database(const char *path, struct tdb_context **tdb,
				  const char **why)
{
	int fd = open(path,
		      O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK |
			      O_NOCTTY,
		      0640);
	enum outcome outcome;

	if (fd == -1) {
		*why = strerror(errno);
		return OUTCOME_DONE;
	}
	outcome = open_locked(path, fd, tdb, why);
	/* takes all locks of this process on the file along: tdb has none */
	close(fd);
	if (*tdb != NULL && tdb_lockall_nonblock(*tdb) != 0) {
		tdb_close(*tdb);
		return OUTCOME_BUSY;
	}
	return outcome;
}

static enum outcome write_pending(struct sink_eventlog *sink)
{
	TALLOC_CTX *frame = talloc_new(sink);
	struct tdb_context *tdb = NULL;
	const char *why = NULL;
	struct pending *p = NULL;

	if (open_database(sink->path, &tdb, &why) == OUTCOME_BUSY) {
		talloc_free(frame);
		return OUTCOME_BUSY;
	}
	while ((p = STAILQ_FIRST(&sink->pending)) != NULL) {
		if (tdb != NULL && why == NULL) {
			why = add_record(tdb, frame, p, sink->computer);
		}
		STAILQ_REMOVE_HEAD(&sink->pending, entry);
		sink->num_pending--;
		talloc_free(p);
	}
	if (tdb != NULL) {
		(void)tdb_unlockall(tdb);
		tdb_close(tdb);
	}
	if (why == NULL) {
		sink_works(&sink->trouble, SINK);
	} else {
		failed(sink, why);
	}
	talloc_free(frame);
	return OUTCOME_DONE;
}

static void forget_pending(struct sink_eventlog *sink)
{
	struct pending *p = NULL;

	while ((p = STAILQ_FIRST(&sink->pending)) != NULL) {
		STAILQ_REMOVE_HEAD(&sink->pending, entry);
		talloc_free(p);
	}
	sink->num_pending = 0;
}

static void again(struct tevent_context *ev, struct tevent_timer *te,
		  struct timeval now, void *private_data);

static void try_to_write(struct sink_eventlog *sink)
{
	TALLOC_FREE(sink->timer);
	if (sink->path == NULL || write_pending(sink) == OUTCOME_DONE) {
		forget_pending(sink);
		sink->again = 0;
		return;
	}
	if (sink->again < AGAIN_MAX) {
		sink->again++;
		sink->timer =
			tevent_add_timer(sink->ev, sink,
					 tevent_timeval_current_ofs(0,
								    AGAIN_USEC),
					 again, sink);
	}
	if (sink->timer == NULL) {
		failed(sink, locked);
		forget_pending(sink);
		sink->again = 0;
	}
}

static void again(struct tevent_context *ev, struct tevent_timer *te,
		  struct timeval now, void *private_data)
{
	struct sink_eventlog *sink =
		talloc_get_type_abort(private_data, struct sink_eventlog);

	try_to_write(sink);
}

static const char *parameter_of(const struct event *ev)
{
	return (ev->type == EVENT_SERVICE_STARTED) ? "running" : "stopped";
}

void sink_eventlog_write(struct sink_eventlog *sink, const struct event *ev)
{
	bool error = (event_severity(ev) == SEVERITY_ERROR);
	struct pending *p = NULL;

	if (sink->path == NULL || event_id(ev) == 0) {
		return;
	}
	if (sink->num_pending >= PENDING_MAX) {
		failed(sink, locked);
		return;
	}
	p = talloc_zero(sink, struct pending);
	if (p == NULL) {
		failed(sink, strerror(ENOMEM));
		return;
	}
	p->id = event_id(ev) |
		(error ? SEVERITY_BITS_ERROR : SEVERITY_BITS_INFORMATION);
	p->type = error ? EVENTLOG_ERROR_TYPE : EVENTLOG_INFORMATION_TYPE;
	p->time = (uint32_t)ev->time.tv_sec;
	p->source = talloc_strdup(p, event_source(ev));
	p->parameter = error ? talloc_asprintf(p, "%d", ev->code)
			     : talloc_strdup(p, parameter_of(ev));
	if (p->source == NULL || p->parameter == NULL) {
		talloc_free(p);
		failed(sink, strerror(ENOMEM));
		return;
	}
	STAILQ_INSERT_TAIL(&sink->pending, p, entry);
	sink->num_pending++;
	if (sink->timer == NULL) {
		try_to_write(sink);
	}
}

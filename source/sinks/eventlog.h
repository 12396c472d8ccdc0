/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Samba's own event log, which Windows' Event Viewer reads over EVENTLOG RPC:
 * a tdb in the state directory, written as Samba writes it
 * (source3/lib/eventlog/eventlog.c, librpc/idl/eventlog.idl).
 */

#ifndef MESSENGER_SOURCE_EVENTLOG_H
#define MESSENGER_SOURCE_EVENTLOG_H

#include <stdint.h>

#include <talloc.h>

/* [MS-EVEN] 2.2.3 */
#define EVENTLOG_ERROR_TYPE	  0x0001
#define EVENTLOG_INFORMATION_TYPE 0x0004

#define EVENTLOG_STRINGS_MAX 4

struct eventlog_record {
	uint32_t id;   /* with its severity */
	uint16_t type; /* EVENTLOG_*_TYPE */
	uint32_t time; /* UTC, seconds since 1970 */
	const char *source;
	const char *computer;
	/* insertion strings, UNIX charset; NULL after the last one */
	const char *strings[EVENTLOG_STRINGS_MAX + 1];
	const uint8_t *data; /* NULL: none */
	uint32_t data_len;
};

struct eventlog;

enum eventlog_outcome {
	EVENTLOG_OPEN,
	EVENTLOG_BUSY,	 /* somebody else is writing: try again */
	EVENTLOG_FAILED, /* and why */
};

/**
 * @brief Open a log, and lock all of it, without waiting; made if need be.
 *
 * What is there and no event log is left alone.
 *
 * @param[in]  mem_ctx  Owner of *log; freed, it is unlocked and closed.
 * @param[out] log      On EVENTLOG_OPEN.
 * @param[out] why      On EVENTLOG_FAILED; valid until the next call.
 */
enum eventlog_outcome eventlog_open(TALLOC_CTX *mem_ctx, const char *path,
				    struct eventlog **log, const char **why);

/**
 * @brief Append a record; the oldest go if it is full, as the log has it.
 *
 * @return NULL if it is there; else why not, valid until the next call.
 */
const char *eventlog_append(struct eventlog *log,
			    const struct eventlog_record *record);

#endif /* MESSENGER_SOURCE_EVENTLOG_H */

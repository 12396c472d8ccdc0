/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Events as a sentence, as lines, as JSON and as the datagram of the journal,
 * whatever the names in them are.
 */

#include "fuzz.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "event.h"
#include "sinks.h"
#include "text.h"

/* In place of the journal and of syslog. */
static ssize_t take_datagram(int fd, const void *data, size_t len, int flags,
			     const struct sockaddr *to, socklen_t to_len);

#define sendto take_datagram
#include "../../source/sinks/sink_journal.c"
#undef sendto

/*
 * What journald reads: fields, each once, and the message whole.  A name
 * with a line end in it must not make a field of its own.
 */
static const char *expected_message;
static const struct event *expected_event;
static unsigned datagrams;

static size_t line_len(const uint8_t *p, size_t left)
{
	const uint8_t *end = memchr(p, '\n', left);

	FUZZ_MUST(end != NULL);
	return (size_t)(end - p);
}

static bool is_field_name(const uint8_t *p, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if ((p[i] < 'A' || p[i] > 'Z') && p[i] != '_') {
			return false;
		}
	}
	return len > 0;
}

static void check_field(const uint8_t *name, size_t name_len,
			const uint8_t *value, size_t len)
{
	const char *alias = expected_event->alias;

	FUZZ_MUST(is_field_name(name, name_len));
	if (name_len == 7 && memcmp(name, "MESSAGE", 7) == 0) {
		FUZZ_MUST(len == strlen(expected_message) &&
			  memcmp(value, expected_message, len) == 0);
	}
	if (name_len == 10 && memcmp(name, "NMBD_ALIAS", 10) == 0) {
		FUZZ_MUST(len == strlen(alias) &&
			  memcmp(value, alias, len) == 0);
	}
}

static void check_datagram(const uint8_t *p, size_t left)
{
	unsigned fields = 0;

	while (left > 0) {
		size_t len = line_len(p, left);
		const uint8_t *equals = memchr(p, '=', len);
		uint64_t value_len;

		if (equals != NULL) {
			check_field(p, (size_t)(equals - p), equals + 1,
				    (size_t)(p + len - equals - 1));
			p += len + 1;
			left -= len + 1;
		} else {
			FUZZ_MUST(left - len - 1 > sizeof(value_len));
			memcpy(&value_len, p + len + 1, sizeof(value_len));
			value_len = le64toh(value_len);
			left -= len + 1 + sizeof(value_len);
			FUZZ_MUST(value_len < left);
			check_field(p, len, p + len + 1 + sizeof(value_len),
				    value_len);
			p += len + 1 + sizeof(value_len) + value_len;
			FUZZ_MUST(*p == '\n');
			p++;
			left -= value_len + 1;
		}
		fields++;
	}
	FUZZ_MUST(fields >= 6 && fields <= 16);
}

/* Absent, to see syslog's line as well. */
static ssize_t take_datagram(int fd, const void *data, size_t len, int flags,
			     const struct sockaddr *to, socklen_t to_len)
{
	datagrams++;
	if (datagrams == 1) {
		check_datagram(data, len);
		errno = ENOENT;
		return -1;
	}
	FUZZ_MUST(len > 0 && memchr(data, '\n', len) == NULL);
	FUZZ_MUST(*(const char *)data == '<');
	return (ssize_t)len;
}

static struct holder *take_holder(TALLOC_CTX *mem_ctx, struct fuzz_bytes *b)
{
	struct nbns_answer *a = talloc_zero(mem_ctx, struct nbns_answer);
	const struct wire_name alpha = { "ALPHA" };
	size_t i;
	size_t j;

	FUZZ_MUST(a != NULL);
	a->num_names = fuzz_take(b) % 8;
	for (i = 0; i < a->num_names; i++) {
		for (j = 0; j < MESSENGER_NAME_LEN; j++) {
			a->names[i].bytes[j] = fuzz_take(b);
		}
		a->names[i].type = fuzz_take(b);
		a->names[i].flags = (uint16_t)(fuzz_take(b) << 8);
	}
	a->mac[0] = fuzz_take(b);
	return holder_create(mem_ctx, a, &alpha);
}

static struct event *take_event(TALLOC_CTX *frame, struct fuzz_bytes *b)
{
	static const int codes[] = { 0, NERR_DuplicateName, NERR_NetworkError,
				     NERR_NoComputerName, ERROR_INVALID_NAME_ };
	enum event_type type = fuzz_take(b) % (EVENT_ALIAS_CONFLICT + 1);
	struct timespec when = { .tv_sec = (time_t)fuzz_take32(b),
				 .tv_nsec = fuzz_take32(b) % 1000000000 };
	struct event *ev = event_create(frame, type, when);
	uint8_t what = fuzz_take(b);

	FUZZ_MUST(ev != NULL);
	ev->seq = fuzz_take32(b);
	ev->code = (enum messenger_code)codes[fuzz_take(b) % 5];
	ev->kind = fuzz_take(b) % (ALIAS_ADDED + 1);
	/* only the service's own events may be about no alias */
	ev->alias = fuzz_take_text(ev, b);
	if (type <= EVENT_SERVICE_STOPPED && type != EVENT_SERVICE_FAILED &&
	    (what & 1) != 0) {
		TALLOC_FREE(ev->alias);
	}
	ev->subnet = (what & 2) != 0 ? talloc_strdup(ev, "10.88.0.2") : NULL;
	ev->rcode = fuzz_take(b) % 16;
	ev->holder.s_addr = (what & 4) != 0 ? fuzz_take32(b) : 0;
	if (ev->alias != NULL && (what & 8) != 0) {
		ev->details = take_holder(ev, b);
		FUZZ_MUST(ev->details != NULL);
	}
	ev->claimant.s_addr = (what & 16) != 0 ? fuzz_take32(b) : 0;
	ev->count = fuzz_take(b);
	return ev;
}

static void write_journal(TALLOC_CTX *frame, const struct event *ev,
			  char *message, bool completed)
{
	struct sink_journal *sink = sink_journal_init(frame);

	FUZZ_MUST(sink != NULL && message != NULL);
	FUZZ_MUST(message[0] != '\0' && message[strlen(message) - 1] == '\n');
	message[strlen(message) - 1] = '\0';
	expected_message = message;
	expected_event = ev;
	datagrams = 0;
	sink_journal_configure(sink, CONFIG_JOURNAL_AUTO);
	sink_journal_write(sink, ev, completed);
	FUZZ_MUST(datagrams == 2);
	talloc_free(sink);
}

void fuzz_event(const uint8_t *data, size_t len)
{
	struct fuzz_bytes b = { .p = data, .left = len };
	TALLOC_CTX *frame = talloc_new(NULL);
	struct event *ev = take_event(frame, &b);
	json_t *json = event_json(ev);
	json_t *again = NULL;
	char *dump = NULL;

	FUZZ_MUST(json != NULL);
	dump = json_dumps(json, JSON_COMPACT);
	FUZZ_MUST(dump != NULL && strchr(dump, '\n') == NULL);
	again = json_loads(dump, 0, NULL);
	FUZZ_MUST(again != NULL && json_equal(json, again));
	json_decref(again);
	json_decref(json);
	free(dump);

	write_journal(frame, ev, event_log_text(frame, ev), false);
	if (ev->details != NULL) {
		write_journal(frame, ev, event_details_text(frame, ev), true);
	}
	talloc_free(frame);
}

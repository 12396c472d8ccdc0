/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What of an event goes into a record of the event log.
 */

#include "eventlog_words.h"

#include <string.h>

/* [MS-EVEN] 2.2.3 */
#define SEVERITY_BITS_ERROR	  0xc0000000
#define SEVERITY_BITS_INFORMATION 0x40000000

/*
 * What a driver of Windows adds to its events, as Microsoft's article 120752
 * shows it: the length of what follows at 2, the number of strings at 4, the
 * event's number at 12, and at 40 an address, its last byte first.
 */
#define NETBT_DATA_SIZE	   44
#define NETBT_DATA_LENGTH  2
#define NETBT_DATA_STRINGS 4
#define NETBT_DATA_ID	   12
#define NETBT_DATA_ADDRESS 40

static const char service_name[] = "Messenger";

static bool is_of_netbt(const struct event *ev)
{
	return ev->name != NULL;
}

static const char *state_of(const struct event *ev)
{
	return (ev->type == EVENT_SERVICE_STARTED) ? "running" : "stopped";
}

static bool service_words(TALLOC_CTX *mem_ctx, const struct event *ev,
			  struct eventlog_record *record)
{
	record->strings[0] = service_name;
	record->strings[1] = (event_severity(ev) == SEVERITY_ERROR)
				     ? talloc_asprintf(mem_ctx, "%d", ev->code)
				     : state_of(ev);
	return record->strings[1] != NULL;
}

/* All of the event in one line. */
static char *one_line(TALLOC_CTX *mem_ctx, const struct event *ev)
{
	char *text = event_log_text(mem_ctx, ev);
	char *p = NULL;

	for (p = text; p != NULL && *p != '\0'; p++) {
		if (*p == '\n') {
			*p = (p[1] == '\0') ? '\0' : ' ';
		}
	}
	return text;
}

static void put_address(uint8_t *to, struct in_addr ip)
{
	uint32_t host = ntohl(ip.s_addr);

	to[0] = (uint8_t)host;
	to[1] = (uint8_t)(host >> 8);
	to[2] = (uint8_t)(host >> 16);
	to[3] = (uint8_t)(host >> 24);
}

/*
 * Windows has the name of its device in the first string, and no sentence of
 * these uses it; here it is the sentence, for viewers that have none.
 */
static bool netbt_words(TALLOC_CTX *mem_ctx, const struct event *ev,
			struct eventlog_record *record)
{
	struct event_insertions in;
	uint8_t *data = talloc_zero_array(mem_ctx, uint8_t, NETBT_DATA_SIZE);

	event_insertions(ev, &in);
	record->strings[0] = (ev->type == EVENT_NAME_REFUSED)
				     ? event_message(mem_ctx, ev)
				     : one_line(mem_ctx, ev);
	record->strings[1] = talloc_strdup(mem_ctx, in.name);
	record->strings[2] = talloc_strdup(mem_ctx, in.interface);
	record->strings[3] = talloc_strdup(mem_ctx, in.other);
	if (data == NULL || record->strings[0] == NULL ||
	    record->strings[1] == NULL || record->strings[2] == NULL ||
	    record->strings[3] == NULL) {
		return false;
	}
	data[NETBT_DATA_LENGTH] = sizeof(struct in_addr);
	data[NETBT_DATA_STRINGS] = EVENTLOG_STRINGS_MAX;
	data[NETBT_DATA_ID] = (uint8_t)record->id;
	data[NETBT_DATA_ID + 1] = (uint8_t)(record->id >> 8);
	data[NETBT_DATA_ID + 2] = (uint8_t)(record->id >> 16);
	data[NETBT_DATA_ID + 3] = (uint8_t)(record->id >> 24);
	put_address(&data[NETBT_DATA_ADDRESS], event_other_host(ev));
	record->data = data;
	record->data_len = NETBT_DATA_SIZE;
	return true;
}

bool eventlog_words(TALLOC_CTX *mem_ctx, const struct event *ev,
		    struct eventlog_record *record)
{
	bool error = (event_severity(ev) == SEVERITY_ERROR);

	memset(record, 0, sizeof(*record));
	record->id = event_id(ev) | (error ? SEVERITY_BITS_ERROR
					   : SEVERITY_BITS_INFORMATION);
	record->type = error ? EVENTLOG_ERROR_TYPE : EVENTLOG_INFORMATION_TYPE;
	record->time = (uint32_t)ev->time.tv_sec;
	record->source = talloc_strdup(mem_ctx, event_source(ev));
	if (record->source == NULL) {
		return false;
	}
	return is_of_netbt(ev) ? netbt_words(mem_ctx, ev, record)
			       : service_words(mem_ctx, ev, record);
}

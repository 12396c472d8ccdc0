/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * systemd's journal, with fields to search by; without it, syslog.
 *
 * Not by sd_journal_sendv(): it waits when the journal's socket is full, and
 * nmbd must not.  The native protocol is a datagram of "FIELD=value" lines,
 * and of "FIELD", length and bytes for a value with line ends.
 */

#include "sinks.h"

#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

#include "bytes.h"
#include "message.h"

#define SINK	       "messenger:journal"
#define JOURNAL_SOCKET "/run/systemd/journal/socket"
#define SYSLOG_SOCKET  "/dev/log"
#define IDENTIFIER     "nmbd"

/* What libsystemd takes: a burst of events while journald is busy */
#define SEND_BUFFER (8 * 1024 * 1024)

struct sink_journal {
	enum config_journal mode;
	int fd; /* -1: not open; an unbound datagram */
	struct sink_trouble trouble;
};

static int close_socket(struct sink_journal *sink)
{
	if (sink->fd != -1) {
		close(sink->fd);
		sink->fd = -1;
	}
	return 0;
}

struct sink_journal *sink_journal_init(TALLOC_CTX *mem_ctx)
{
	struct sink_journal *sink = talloc_zero(mem_ctx, struct sink_journal);

	if (sink != NULL) {
		sink->fd = -1;
		talloc_set_destructor(sink, close_socket);
	}
	return sink;
}

void sink_journal_configure(struct sink_journal *sink, enum config_journal mode)
{
	close_socket(sink);
	sink->trouble.told = false;
	sink->mode = mode;
}

/* The 128-bit MESSAGE_ID of a kind of event, as hex. */
static const char *message_id(enum event_type type)
{
	static const char *const ids[] = {
		[EVENT_SERVICE_STARTED] = "e38743edf8ef4327a78005ee6c0dda34",
		[EVENT_SERVICE_FAILED] = "8c93946c945546a594279fb028d056ae",
		[EVENT_SERVICE_STOPPED] = "536d253de0c745398f3de0dd367619ad",
		[EVENT_ALIAS_REGISTERED] = "d11aaf96421a488cb2c98a2168988b5f",
		[EVENT_ALIAS_REFUSED] = "e1e67165015447fa8bed4036763c4793",
		[EVENT_ALIAS_RELEASED] = "185516bd5d3c48fb81a74d3cc765cc34",
		[EVENT_ALIAS_LOST] = "eb7a08e8bc07420593ec38ae6f07740a",
		[EVENT_ALIAS_DEFENDED] = "dd5e8522b7de461caa08674023958f8b",
		[EVENT_ALIAS_CONFLICT] = "70eaf68c58154d51a88dcc1427d57121",
		[EVENT_NAME_REFUSED] = "e67dd36b10964da3ae1f092bb744e063",
		[EVENT_NAME_CONFLICT] = "5a8dd79ff93f41e6b1fa2ddc23add533",
		[EVENT_NAME_REGISTERED] = "a142637e120d45bb96f04fd08c76467b",
		[EVENT_NAME_RELEASED] = "1a6a0294e5e74715ae5523b768f7ea0f",
		[EVENT_MESSAGE_RECEIVED] = "205dbf7d78454c07a0d21c1574afacc0",
		[EVENT_MESSAGE_REFUSED] = "b6356b8815e7484a9a556a1fd1d303a5",
	};

	return ids[type];
}

static int priority_of(const struct event *ev)
{
	switch (event_severity(ev)) {
	case SEVERITY_ERROR:
		return LOG_ERR;
	case SEVERITY_WARNING:
		return LOG_WARNING;
	case SEVERITY_INFORMATION:
		break;
	}
	return LOG_INFO;
}

static void add_field(struct bytes *d, const char *field, const char *value)
{
	uint64_t len = htole64(strlen(value));

	bytes_add(d, field, strlen(field));
	if (strchr(value, '\n') == NULL) {
		bytes_add(d, "=", 1);
	} else {
		bytes_add(d, "\n", 1);
		bytes_add(d, &len, sizeof(len));
	}
	bytes_add(d, value, strlen(value));
	bytes_add(d, "\n", 1);
}

static void add_number(struct bytes *d, const char *field, long number)
{
	char value[24];

	snprintf(value, sizeof(value), "%ld", number);
	add_field(d, field, value);
}

static void add_message(struct bytes *d, const struct message *m)
{
	add_field(d, "FROM", m->from);
	add_field(d, "TO", m->to);
	add_field(d, "MACHINE", m->machine);
	add_field(d, "ADDRESS", m->address);
	add_field(d, "VIA", message_via_str(m->via));
}

static void add_fields(struct bytes *d, const struct event *ev,
		       const char *message)
{
	add_field(d, "MESSAGE", message);
	add_field(d, "MESSAGE_ID", message_id(ev->type));
	add_number(d, "PRIORITY", priority_of(ev));
	add_field(d, "SYSLOG_IDENTIFIER", IDENTIFIER);
	add_field(d, "NMBD_EVENT", event_type_str(ev->type));
	if (ev->seq != 0) {
		add_number(d, "NMBD_SEQ", (long)ev->seq);
	}
	if (ev->mail != NULL) {
		add_message(d, ev->mail);
	}
	if (ev->alias != NULL) {
		add_field(d, "NMBD_ALIAS", ev->alias);
		add_field(d, "NMBD_KIND", alias_kind_str(ev->kind));
	}
	if (ev->name != NULL) {
		char type[sizeof("1b")];

		snprintf(type, sizeof(type), "%02x", ev->netbios.type);
		add_field(d, "NMBD_NAME", ev->name);
		add_field(d, "NMBD_NAME_TYPE", type);
	}
	if (ev->subnet != NULL) {
		add_field(d, "NMBD_SUBNET", ev->subnet);
	}
	if (ev->holder.s_addr != 0) {
		add_field(d, "NMBD_HOLDER", inet_ntoa(ev->holder));
	}
	if (ev->claimant.s_addr != 0) {
		add_field(d, "NMBD_CLAIMANT", inet_ntoa(ev->claimant));
	}
	if (ev->details != NULL && ev->details->computer != NULL) {
		add_field(d, "NMBD_HOLDER_COMPUTER", ev->details->computer);
	}
	if (ev->code != NERR_Success) {
		add_number(d, "NERR", ev->code);
	}
	if (event_id(ev) != 0) {
		add_number(d, "EVENT_ID", event_id(ev));
	}
	if (ev->details != NULL) {
		add_field(d, "CAUSE", event_cause_str(event_cause(ev)));
	}
}

static bool open_socket(struct sink_journal *sink)
{
	const int size = SEND_BUFFER;

	sink->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (sink->fd == -1) {
		return false;
	}
	/* the second one stops at the limit that the kernel sets for all */
	if (setsockopt(sink->fd, SOL_SOCKET, SO_SNDBUFFORCE, &size,
		       sizeof(size)) == -1) {
		(void)setsockopt(sink->fd, SOL_SOCKET, SO_SNDBUF, &size,
				 sizeof(size));
	}
	return true;
}

/* Returns 0 or an errno. */
static int send_to(struct sink_journal *sink, const char *path,
		   const void *data, size_t len)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };

	if (sink->fd == -1 && !open_socket(sink)) {
		return errno;
	}
	memcpy(to.sun_path, path, strlen(path) + 1);
	if (sendto(sink->fd, data, len, MSG_DONTWAIT | MSG_NOSIGNAL,
		   (struct sockaddr *)&to, sizeof(to)) == -1) {
		return errno;
	}
	return 0;
}

static int to_journal(struct sink_journal *sink, const struct event *ev,
		      const char *message)
{
	struct bytes datagram = bytes_begin(NULL);
	int err = ENOMEM;

	add_fields(&datagram, ev, message);
	if (datagram.data != NULL) {
		err = send_to(sink, JOURNAL_SOCKET, datagram.data,
			      datagram.len);
	}
	talloc_free(datagram.data);
	return err;
}

/* RFC 3164's form, as syslog(3) writes it; that one would wait. */
static int to_syslog(struct sink_journal *sink, const struct event *ev,
		     const char *message)
{
	char day[sizeof("Nov 22 12:00:00")];
	struct tm tm;
	char *line = NULL;
	char *p = NULL;
	int err = ENOMEM;

	if (localtime_r(&ev->time.tv_sec, &tm) == NULL ||
	    strftime(day, sizeof(day), "%b %e %H:%M:%S", &tm) == 0) {
		return EINVAL;
	}
	line = talloc_asprintf(NULL, "<%d>%s %s[%d]: %s",
			       LOG_DAEMON | priority_of(ev), day, IDENTIFIER,
			       (int)getpid(), message);
	if (line != NULL) {
		for (p = line; *p != '\0'; p++) {
			*p = (*p == '\n') ? ' ' : *p;
		}
		err = send_to(sink, SYSLOG_SOCKET, line, strlen(line));
	}
	talloc_free(line);
	return err;
}

static bool is_absent(int err)
{
	return err == ENOENT || err == ECONNREFUSED;
}

void sink_journal_write(struct sink_journal *sink, const struct event *ev,
			bool completed)
{
	char *message = NULL;
	size_t len;
	int err = ENOMEM;

	if (sink->mode == CONFIG_JOURNAL_NO) {
		return;
	}
	message = completed ? event_details_text(sink, ev)
			    : event_whole_text(sink, ev);
	if (message != NULL) {
		len = strlen(message);
		message[(len > 0) ? len - 1 : 0] = '\0';
		err = to_journal(sink, ev, message);
		if (is_absent(err)) {
			err = to_syslog(sink, ev, message);
		}
	}
	talloc_free(message);
	if (err == 0) {
		sink_works(&sink->trouble, SINK);
	} else if (!is_absent(err) || sink->mode == CONFIG_JOURNAL_YES) {
		sink_failed(&sink->trouble, SINK,
			    "write to the journal or to syslog", strerror(err));
	}
}

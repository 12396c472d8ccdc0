/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A message that nobody takes.
 */

#include "undelivered.h"

#include <string.h>
#include <syslog.h>
#include <unistd.h>

#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

#include "clean.h"
#include "message.h"
#include "text.h"

#define JOURNAL_SOCKET "/run/systemd/journal/socket"
#define IDENTIFIER     "smbmessenger"

/* Of a message, as it stands in a journal: without a line end at its end. */
static char *text_of(TALLOC_CTX *mem_ctx, const struct message *m,
		     bool has_text, const char *why)
{
	char *text = talloc_asprintf(mem_ctx,
				     "A message from %s%s%s was not "
				     "delivered.\nSent by ",
				     (m->from[0] != '\0') ? m->from
							  : "somebody",
				     (m->to[0] != '\0') ? " to " : "", m->to);

	message_add_sender(&text, m->from, m->machine, m->address);
	text_add(&text, ": %s.\n", why);
	if (has_text) {
		message_add_text(&text, m->text, m->cut, 0);
	}
	if (text != NULL) {
		text[strlen(text) - 1] = '\0';
	}
	return text;
}

static void tell(const struct message *m, const char *text)
{
	/* what is sent to a journal that is not there is lost silently */
	if (access(JOURNAL_SOCKET, W_OK) == 0) {
		(void)sd_journal_send(
			"MESSAGE=%s", text,
			"MESSAGE_ID=" UNDELIVERED_MESSAGE_ID, "PRIORITY=%d",
			LOG_WARNING, "SYSLOG_IDENTIFIER=" IDENTIFIER,
			"NMBD_EVENT=message-undelivered", "FROM=%s", m->from,
			"TO=%s", m->to, "MACHINE=%s", m->machine, "ADDRESS=%s",
			m->address, "VIA=%s", message_via_str(m->via), NULL);
		return;
	}
	openlog(IDENTIFIER, LOG_PID, LOG_DAEMON);
	syslog(LOG_WARNING, "%s", text);
}

void undelivered_tell(const struct letter *l, const char *why)
{
	TALLOC_CTX *frame = talloc_new(NULL);
	struct message m = { .via = MESSAGE_VIA_SMB };
	char *text = NULL;

	if (frame == NULL) {
		return;
	}
	m.from = clean_name(frame, CLEAN_UNIX, l->from.bytes, l->from.len);
	m.to = clean_name(frame, CLEAN_UNIX, l->to.bytes, l->to.len);
	m.machine = clean_name(frame, CLEAN_UNIX, l->machine.bytes,
			       l->machine.len);
	m.address = clean_name(frame, CLEAN_UNIX, l->address.bytes,
			       l->address.len);
	m.text = clean_text(frame, CLEAN_UNIX, l->text.bytes, l->text.len,
			    &m.cut);
	m.cut += (l->whole > l->text.len) ? l->whole - l->text.len : 0;
	if (m.from != NULL && m.to != NULL && m.machine != NULL &&
	    m.address != NULL && m.text != NULL) {
		text = text_of(frame, &m, l->text.bytes != NULL, why);
	}
	if (text != NULL) {
		tell(&m, text);
	}
	talloc_free(frame);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "notify_words.h"

#include <string.h>

#include "text.h"

/* Of each line of a banner. */
#define INDENT 2

/* What is handed on so much later than it came was caught up. */
#define LATE_SECONDS 60

/* RFC 5322: a line of a mail has at most 998 bytes, and some refuse others. */
#define LINE_BYTES 900

/* RFC 2047: bytes of a word, so that "Subject:" and it fit a line of 76. */
#define WORD_BYTES 39

static char *string_of(TALLOC_CTX *mem_ctx, const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return talloc_strdup(mem_ctx, (s != NULL) ? s : "");
}

struct message *notify_message(TALLOC_CTX *mem_ctx, const json_t *o)
{
	struct message *m = talloc_zero(mem_ctx, struct message);
	const char *via = json_string_value(json_object_get(o, "via"));

	if (m == NULL) {
		return NULL;
	}
	m->seq = (uint64_t)json_integer_value(json_object_get(o, "seq"));
	m->from = string_of(m, o, "from");
	m->to = string_of(m, o, "to");
	m->machine = string_of(m, o, "machine");
	m->address = string_of(m, o, "address");
	m->text = string_of(m, o, "text");
	m->cut = (size_t)json_integer_value(json_object_get(o, "cut"));
	m->via = (via != NULL &&
		  strcmp(via, message_via_str(MESSAGE_VIA_MAILSLOT)) == 0)
			 ? MESSAGE_VIA_MAILSLOT
			 : MESSAGE_VIA_SMB;
	(void)text_parse_moment(json_string_value(json_object_get(o, "time"))
					? json_string_value(
						  json_object_get(o, "time"))
					: "",
				&m->time);
	if (m->from == NULL || m->to == NULL || m->machine == NULL ||
	    m->address == NULL || m->text == NULL || m->to[0] == '\0') {
		TALLOC_FREE(m);
	}
	return m;
}

char *notify_title(TALLOC_CTX *mem_ctx, const struct message *m)
{
	char *text = talloc_strdup(mem_ctx, "Message from ");

	message_add_sender(&text, m->from, m->machine, m->address);
	text_add(&text, " to %s", m->to);
	return text;
}

/* Lines as a terminal has them that may be in any mode. */
static char *with_returns(TALLOC_CTX *mem_ctx, const char *text)
{
	char *lines = talloc_strdup(mem_ctx, "");

	while (*text != '\0') {
		size_t len = strcspn(text, "\n");

		text_add(&lines, "%.*s\r\n", (int)len, text);
		text += len + ((text[len] == '\n') ? 1 : 0);
	}
	return lines;
}

char *notify_banner(TALLOC_CTX *mem_ctx, const struct message *m)
{
	char *text = talloc_strdup(NULL, "\n");
	char *title = notify_title(NULL, m);
	char *banner = NULL;

	text_add_wrapped(&text, 0, TEXT_COLUMNS, (title != NULL) ? title : "");
	text_add_time(&text, m->time);
	text_add(&text, "\n");
	message_add_text(&text, m->text, m->cut, INDENT);
	if (text != NULL && title != NULL) {
		banner = with_returns(mem_ctx, text);
		text_add(&banner, "\a");
	}
	talloc_free(text);
	talloc_free(title);
	return banner;
}

static void add_escaped(char **body, const char *text)
{
	while (*text != '\0') {
		size_t len = strcspn(text, "&<>");

		text_add(body, "%.*s", (int)len, text);
		text += len;
		if (*text != '\0') {
			text_add(body, "%s",
				 (*text == '&')	  ? "&amp;"
				 : (*text == '<') ? "&lt;"
						  : "&gt;");
			text++;
		}
	}
}

/*
 * What a reader sees neither in the text nor by when it is there; each a line
 * of its own, behind a text that ends in one or is none.
 */
static void add_remarks(char **text, const struct message *m, time_t now)
{
	if (m->cut > 0) {
		text_add(text, "(%zu more characters were cut off)\n", m->cut);
	} else if (message_is_empty(m->text)) {
		text_add(text, MESSAGE_NO_TEXT "\n");
	}
	if (now - m->time.tv_sec > LATE_SECONDS) {
		text_add(text, "(this message came on ");
		text_add_time(text, m->time);
		text_add(text, ")\n");
	}
}

char *notify_body(TALLOC_CTX *mem_ctx, const struct message *m, time_t now)
{
	char *body = talloc_strdup(mem_ctx, "");
	char *remarks = talloc_strdup(NULL, "");
	size_t len;

	add_remarks(&remarks, m, now);
	add_escaped(&body, m->text);
	if (remarks == NULL) {
		TALLOC_FREE(body);
		return NULL;
	}
	len = strlen(remarks);
	if (len > 0) {
		text_add(&body, "%s%.*s", (m->text[0] != '\0') ? "\n" : "",
			 (int)len - 1, remarks);
	}
	talloc_free(remarks);
	return body;
}

char *notify_input(TALLOC_CTX *mem_ctx, const struct message *m)
{
	size_t len = strlen(m->text);

	return talloc_asprintf(mem_ctx, "%s%s", m->text,
			       (len > 0 && m->text[len - 1] == '\n') ? ""
								     : "\n");
}

static void add_base64(char **text, const uint8_t *bytes, size_t len)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t i;

	for (i = 0; i < len; i += 3) {
		uint32_t b = (uint32_t)bytes[i] << 16;

		b |= (i + 1 < len) ? (uint32_t)bytes[i + 1] << 8 : 0;
		b |= (i + 2 < len) ? (uint32_t)bytes[i + 2] : 0;
		text_add(text, "%c%c%c%c", digits[b >> 18],
			 digits[(b >> 12) & 63],
			 (i + 1 < len) ? digits[(b >> 6) & 63] : '=',
			 (i + 2 < len) ? digits[b & 63] : '=');
	}
}

/* RFC 2047: words that end with a character. */
static void add_subject(char **text, const char *title)
{
	size_t len = strlen(title);

	while (len > 0) {
		size_t part = (len > WORD_BYTES) ? WORD_BYTES : len;

		while (part > 1 && part < len &&
		       ((uint8_t)title[part] & 0xc0) == 0x80) {
			part--;
		}
		text_add(text, "=?UTF-8?B?");
		add_base64(text, (const uint8_t *)title, part);
		title += part;
		len -= part;
		text_add(text, "?=%s", (len > 0) ? "\n " : "\n");
	}
}

static bool is_ascii(const char *text)
{
	while (*text != '\0' && (uint8_t)*text < 0x80) {
		text++;
	}
	return *text == '\0';
}

/* Lines that are too long go on in the next one, at a blank if they have one. */
static void add_lines(char **text, const char *body)
{
	while (*body != '\0') {
		size_t len = strcspn(body, "\n");
		size_t end = len;

		if (len > LINE_BYTES) {
			for (end = LINE_BYTES; end > 0 && body[end] != ' ';) {
				end--;
			}
			end = (end > 0) ? end : LINE_BYTES;
			while (((uint8_t)body[end] & 0xc0) == 0x80) {
				end--;
			}
		}
		text_add(text, "%.*s\n", (int)end, body);
		body += end;
		body += (*body == '\n' || *body == ' ') ? 1 : 0;
	}
}

char *notify_mail(TALLOC_CTX *mem_ctx, const struct message *m, const char *to,
		  time_t now)
{
	char *title = notify_title(NULL, m);
	char *mail = NULL;

	if (title != NULL) {
		mail = talloc_asprintf(mem_ctx, "To: %s\nSubject: ", to);
		if (is_ascii(title)) {
			text_add(&mail, "%s\n", title);
		} else {
			add_subject(&mail, title);
		}
		text_add(&mail,
			 "Auto-Submitted: auto-generated\n"
			 "MIME-Version: 1.0\n"
			 "Content-Type: text/plain; charset=UTF-8\n"
			 "Content-Transfer-Encoding: 8bit\n\n");
		add_lines(&mail, m->text);
		add_remarks(&mail, m, now);
	}
	talloc_free(title);
	return mail;
}

char **notify_environment(TALLOC_CTX *mem_ctx, const struct message *m)
{
	char *moment = text_moment(NULL, m->time);
	char **env = talloc_zero_array(mem_ctx, char *, 10);
	size_t i;

	if (env != NULL && moment != NULL) {
		env[0] = talloc_strdup(env, "PATH=/usr/local/sbin:/usr/local/"
					    "bin:/usr/sbin:/usr/bin:/sbin:"
					    "/bin");
		env[1] = talloc_asprintf(env, "MESSENGER_SEQ=%llu",
					 (unsigned long long)m->seq);
		env[2] = talloc_asprintf(env, "MESSENGER_TIME=%s", moment);
		env[3] = talloc_asprintf(env, "MESSENGER_FROM=%s", m->from);
		env[4] = talloc_asprintf(env, "MESSENGER_TO=%s", m->to);
		env[5] = talloc_asprintf(env, "MESSENGER_MACHINE=%s",
					 m->machine);
		env[6] = talloc_asprintf(env, "MESSENGER_ADDRESS=%s",
					 m->address);
		env[7] = talloc_asprintf(env, "MESSENGER_VIA=%s",
					 message_via_str(m->via));
		env[8] = talloc_asprintf(env, "MESSENGER_CUT=%zu", m->cut);
		for (i = 0; i < 9; i++) {
			if (env[i] == NULL) {
				TALLOC_FREE(env);
				break;
			}
		}
	} else {
		TALLOC_FREE(env);
	}
	talloc_free(moment);
	return env;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A message that was sent to an alias: a value, as JSON, as lines for people.
 * Pure.
 */

#ifndef MESSENGER_SOURCE_MESSAGE_H
#define MESSENGER_SOURCE_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <jansson.h>
#include <talloc.h>

/** Characters of a text, [MS-MSRP] 3.2.4.4; what is beyond is left out. */
#define MESSAGE_TEXT_MAX 652

/** Characters of a sender, an addressee or a machine. */
#define MESSAGE_NAME_MAX 64

/** How it came. */
enum message_via {
	MESSAGE_VIA_SMB,      /* a session with smbd */
	MESSAGE_VIA_MAILSLOT, /* a datagram to nmbd */
};

/** Texts are UTF-8 without control characters, but for line ends in text. */
struct message {
	uint64_t seq; /* from 1, set by the ring; 0: in none */
	struct timespec time;
	char *from;    /* whoever says to have sent it; owned, as all of them */
	char *to;      /* the alias, or the name that was called */
	char *machine; /* "" if it is not known */
	char *address; /* of the machine; "" if it is not known */
	enum message_via via;
	char *text;
	size_t cut; /* so many characters of it are left out */
};

/** @brief "smb" or "mailslot". */
const char *message_via_str(enum message_via via);

/** @brief A copy of all of it; NULL without memory. */
struct message *message_copy(TALLOC_CTX *mem_ctx, const struct message *m);

/**
 * @brief {"seq","time","from","to","machine","address","via","text","cut"}
 *
 * seq is left out if it is 0, and cut if nothing was.
 *
 * @param[in] time  RFC 3339.
 *
 * @return A new reference; NULL without memory.
 */
json_t *message_json(const struct message *m, const char *time);

/** @brief "Bob on BRAVO (10.88.0.9)", as far as it is known. */
void message_add_sender(char **text, const char *from, const char *machine,
			const char *address);

/** @brief When, from whom, to whom; then its text. */
void message_add(char **text, const struct message *m);

/** Instead of a text that is none. */
#define MESSAGE_NO_TEXT "(no text)"

/** @brief Is there nothing to be seen in a text? */
bool message_is_empty(const char *body);

/**
 * @brief The text, indented, each of its lines folded, and what was cut.
 */
void message_add_text(char **text, const char *body, size_t cut, int indent);

#endif /* MESSENGER_SOURCE_MESSAGE_H */

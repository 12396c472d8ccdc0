/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Events: what happened, to which alias, who did it; as a sentence, as lines
 * for a log, as JSON.  Pure: where they go is not known here.
 */

#ifndef MESSENGER_SOURCE_EVENT_H
#define MESSENGER_SOURCE_EVENT_H

#include <netinet/in.h>
#include <time.h>

#include <jansson.h>
#include <talloc.h>

#include "claim.h"
#include "holder.h"
#include "messenger.h"
#include "name_type.h"

struct message;

struct event {
	uint64_t seq;	      /* from 1, set by the ring */
	struct timespec time; /* UTC */
	enum event_type type;
	enum messenger_code code; /* NERR_Success: none */
	char *alias; /* NULL: about the service alone; lives as long as it */
	struct wire_name wire; /* of alias */
	char *subnet;	       /* where, NULL: unknown or everywhere; owned */
	enum alias_kind kind;  /* of alias */
	int rcode;	       /* of a refusal; 0: none was told */
	struct in_addr holder;	 /* 0.0.0.0: unknown */
	struct in_addr server;	 /* WINS, as in struct refusal */
	struct in_addr record;	 /* likewise */
	char *reason;		/* of what was not done; NULL: none; owned */
	enum event_cause cause; /* as long as there are no details */
	/* of a name of this server that is no alias, instead of alias: */
	struct netbios_name netbios;
	char *name; /* owned */
	struct message *mail;	  /* received or refused; NULL: none; owned */
	struct holder *details;	 /* of the holder, once it is asked; owned */
	struct in_addr interface; /* of such a name; 0.0.0.0: unknown */
	struct in_addr claimant;  /* who wants our name; 0.0.0.0: several */
	enum contest_kind contest; /* how, if somebody does */
	uint32_t count;		   /* how often since it was last told */
};

/**
 * @brief Make an event; the caller fills in what applies.
 *
 * @return Owned by mem_ctx; NULL without memory.
 */
struct event *event_create(TALLOC_CTX *mem_ctx, enum event_type type,
			   struct timespec now);

/** @brief The same, about an alias; its wire and kind are for the caller. */
struct event *event_create_about(TALLOC_CTX *mem_ctx, enum event_type type,
				 struct timespec now, const char *alias);

/** @brief Windows' event number in the System log; 0: it has none. */
uint32_t event_id(const struct event *ev);

/** @brief The name it is about, whatever its type; false: none. */
bool event_netbios_name(const struct event *ev, struct netbios_name *name);

/** What Windows inserts into the sentences of NetBT. */
struct event_insertions {
	char name[NAME_TYPE_PADDED_MAX];
	char interface[INET_ADDRSTRLEN];
	char other[INET_ADDRSTRLEN]; /* who refused it, or wants it */
};

/** @brief Write them; for an event that has a name. */
void event_insertions(const struct event *ev, struct event_insertions *in);

/** @brief The host that an event of NetBT is about; 0.0.0.0: several. */
struct in_addr event_other_host(const struct event *ev);

/** @brief Is it of interest only to who looks for it? */
bool event_is_chatter(const struct event *ev);

/** @brief Windows' source of the event. */
const char *event_source(const struct event *ev);

/**
 * @brief Is it to be seen in Samba's log whatever its level?
 *
 * Errors; and when a name that smb.conf asks for could not be had, or an alias
 * that was held is lost.  Names of users come and go: first come, first served.
 */
bool event_is_loud(const struct event *ev);

enum event_severity event_severity(const struct event *ev);

/**
 * @brief The sentence of the event, as Windows words it where it does.
 *
 * @return Owned by mem_ctx, without an end of line; NULL without memory.
 */
char *event_message(TALLOC_CTX *mem_ctx, const struct event *ev);

/**
 * @brief The event for a log: the sentence, then who, where and what to do.
 *
 * @return Lines that each end in '\n', owned by mem_ctx; NULL without memory.
 */
char *event_log_text(TALLOC_CTX *mem_ctx, const struct event *ev);

/** @brief The same, and with a message that is received its text. */
char *event_whole_text(TALLOC_CTX *mem_ctx, const struct event *ev);

/**
 * @brief What was learnt of the holder after the event was told.
 *
 * @return As event_log_text().
 */
char *event_details_text(TALLOC_CTX *mem_ctx, const struct event *ev);

/** @brief Why, as far as it is known. */
enum event_cause event_cause(const struct event *ev);

/**
 * @brief The event as one JSON object, see docs/json.md.
 *
 * @return A new reference; NULL without memory.
 */
json_t *event_json(const struct event *ev);

/** @brief A moment as text_moment() has it, a new reference; NULL without memory. */
json_t *event_time_json(struct timespec t);

#endif /* MESSENGER_SOURCE_EVENT_H */

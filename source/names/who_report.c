/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Who holds a name, as text for people and as JSON.  Pure.
 */

#include "who_report.h"

#include <arpa/inet.h>
#include <stdio.h>

#include "text.h"

/* Two blanks between columns: where a line is folded, see text_fold(). */
#define NAME_COLUMNS   19
#define SUBNET_COLUMNS 15
#define HELD_COLUMN    (NAME_COLUMNS + 2 + SUBNET_COLUMNS + 2)

static bool is_wins(const struct who_place *p)
{
	return p->broadcast.s_addr == 0;
}

enum who_state who_place_state(const struct who_place *p)
{
	if (p->ours) {
		return WHO_OURS;
	}
	if (p->holders != NULL || (is_wins(p) && p->group)) {
		return WHO_HELD;
	}
	return (p->reason != NULL) ? WHO_WAITING : WHO_FREE;
}

static const char *state_word(enum who_state state)
{
	static const char *const words[] = {
		[WHO_OURS] = "ours",
		[WHO_HELD] = "held",
		[WHO_FREE] = "free",
		[WHO_WAITING] = "waiting",
	};

	return words[state];
}

/* Of WINS: an address in a record, whose computer does not say so. */
static bool is_stale(const struct who_place *p, const struct who_holder *h)
{
	return is_wins(p) && !holder_has_it(h->details);
}

/* "PLANT1 (10.88.0.9), group LAB" */
static char *holder_text(TALLOC_CTX *mem_ctx, const struct who_place *p,
			 const struct who_holder *h)
{
	const struct holder *d = h->details;
	const char *address = inet_ntoa(h->address);
	char *text = NULL;

	if (is_stale(p, h)) {
		return talloc_asprintf(
			mem_ctx, "a record for %s, which does not have it",
			address);
	}
	if (d == NULL || d->computer == NULL) {
		return talloc_asprintf(mem_ctx,
				       "%s, which does not say who it is",
				       address);
	}
	text = talloc_asprintf(mem_ctx, "%s (%s)", d->computer, address);
	if (d->group != NULL) {
		text_add(&text, ", group %s", d->group);
	}
	return text;
}

/* Frees the words. */
static void add_line(char **text, const struct who_answer *a,
		     const struct who_place *p, char *words)
{
	char *name = talloc_asprintf(NULL, "%s<%02x>", a->name, a->key.type);
	int width = (name != NULL) ? (int)text_columns(name) : 0;
	char *line = NULL;

	if (name != NULL && words != NULL) {
		width = (width < NAME_COLUMNS) ? NAME_COLUMNS - width : 0;
		line = talloc_asprintf(NULL, "%s%*s  %-*s  %s", name, width, "",
				       SUBNET_COLUMNS,
				       is_wins(p) ? "WINS" : p->subnet, words);
	}
	if (line == NULL) {
		TALLOC_FREE(*text);
	} else {
		text_add(text, "%s\n", line);
	}
	talloc_free(line);
	talloc_free(name);
	talloc_free(words);
}

static void add_place(char **text, const struct who_answer *a,
		      const struct who_place *p)
{
	enum who_state state = who_place_state(p);
	size_t i;

	if (state == WHO_OURS) {
		add_line(text, a, p, talloc_strdup(NULL, "this server"));
	} else if (state == WHO_FREE) {
		add_line(text, a, p, talloc_strdup(NULL, "nobody"));
	} else if (state == WHO_WAITING) {
		add_line(text, a, p,
			 talloc_asprintf(NULL, "unknown: %s", p->reason));
	} else if (p->holders == NULL) {
		add_line(text, a, p, talloc_strdup(NULL, "a group"));
	}
	for (i = 0; i < talloc_array_length(p->holders); i++) {
		const struct who_holder *h = &p->holders[i];

		add_line(text, a, p, holder_text(NULL, p, h));
		if (h->details != NULL && h->details->mac != NULL) {
			text_add(text, "%*sMAC %s\n", HELD_COLUMN, "",
				 h->details->mac);
		}
	}
	if (p->more > 0) {
		text_add(text, "%*sand %u more\n", HELD_COLUMN, "", p->more);
	}
}

char *who_text(TALLOC_CTX *mem_ctx, const struct who_answer *a)
{
	char *text =
		talloc_asprintf(mem_ctx, "%-*s  %-*s  %s\n", NAME_COLUMNS,
				"NAME", SUBNET_COLUMNS, "SUBNET", "HELD BY");
	size_t i;

	for (i = 0; i < talloc_array_length(a->places); i++) {
		add_place(&text, a, &a->places[i]);
	}
	if (talloc_array_length(a->places) == 0) {
		text_add(&text, "There is no subnet to ask on.\n");
	}
	return text;
}

static json_t *holder_of(const struct who_place *p, const struct who_holder *h)
{
	json_t *o = holder_json(h->address, h->details);
	enum event_cause cause = is_stale(p, h) ? CAUSE_STALE_WINS_RECORD
				 : (h->details != NULL) ? h->details->cause
							: CAUSE_NONE;

	if (cause != CAUSE_NONE &&
	    json_object_set_new(o, "cause",
				json_string(event_cause_str(cause))) != 0) {
		json_decref(o);
		return NULL;
	}
	return o;
}

static json_t *holders_json(const struct who_place *p)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < talloc_array_length(p->holders); i++) {
		if (json_array_append_new(list, holder_of(p, &p->holders[i])) !=
		    0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static json_t *place_json(const struct who_place *p)
{
	json_t *o =
		json_pack("{s:s, s:s, s:b}", "subnet", p->subnet, "state",
			  state_word(who_place_state(p)), "group", p->group);
	int err = 0;

	if (p->server.s_addr != 0) {
		err |= json_object_set_new(o, "server",
					   json_string(inet_ntoa(p->server)));
	}
	if (p->reason != NULL) {
		err |= json_object_set_new(o, "reason", text_json(p->reason));
	}
	if (p->holders != NULL) {
		err |= json_object_set_new(o, "holder",
					   holder_json(p->holders[0].address,
						       p->holders[0].details));
		err |= json_object_set_new(o, "holders", holders_json(p));
	}
	if (p->more > 0) {
		err |= json_object_set_new(o, "more", json_integer(p->more));
	}
	if (err != 0) {
		json_decref(o);
		return NULL;
	}
	return o;
}

json_t *who_json(const struct who_answer *a)
{
	json_t *places = json_array();
	char type[sizeof("03")];
	size_t i;

	for (i = 0; i < talloc_array_length(a->places); i++) {
		if (json_array_append_new(places, place_json(&a->places[i])) !=
		    0) {
			json_decref(places);
			return NULL;
		}
	}
	(void)snprintf(type, sizeof(type), "%02x", a->key.type);
	return json_pack("{s:[{s:o, s:s, s:o}]}", "names", "name",
			 text_json(a->name), "type", type, "subnets", places);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What is wrong with names that are no aliases, why, and what to do about it.
 * Pure.
 */

#include <arpa/inet.h>
#include <string.h>

#include "advice.h"
#include "name_type.h"
#include "names_private.h"
#include "text.h"

static enum event_cause cause_of(const struct name_subnet *where)
{
	return (where->details != NULL) ? where->details->cause : where->cause;
}

/* Roles that browsers elect go from one to the other: nothing is wrong. */
static const struct name_subnet *trouble_of(const struct name_entry *e)
{
	return name_type_is_elected(&e->name) ? NULL : name_entry_conflict(e);
}

/* Sentences are built first and broken into lines after; frees it. */
static void add_sentence(char **text, char *sentence)
{
	if (sentence == NULL) {
		TALLOC_FREE(*text);
		return;
	}
	text_add_wrapped(text, 0, TEXT_COLUMNS, sentence);
	talloc_free(sentence);
}

/* "ALPHA<20>, File server, is held on subnet 10.88.0.2 by 10.88.0.9, ..." */
static char *fact(const struct name_entry *e, const struct name_subnet *where)
{
	char *text = talloc_asprintf(NULL, "%s<%02x>, %s, is ", e->text,
				     e->name.type, name_type_purpose(&e->name));

	if (where->server.s_addr != 0) {
		text_add(&text, "refused by WINS server %s",
			 inet_ntoa(where->server));
	} else {
		text_add(&text, "%s on subnet %s",
			 (where->rcode == RCODE_RFS_ERR) ? "refused" : "held",
			 text_subnet(where->subnet));
	}
	if (where->holder.s_addr != 0) {
		text_add(&text, "%s by %s",
			 (where->server.s_addr != 0) ? ": it is held" : "",
			 inet_ntoa(where->holder));
	} else if (where->record.s_addr != 0) {
		text_add(&text, ", which has a record for %s",
			 inet_ntoa(where->record));
	}
	if (where->details != NULL && where->details->computer != NULL) {
		text_add(&text, ", the computer ");
		holder_add_text(&text, where->details);
	}
	text_add(&text, ".");
	return text;
}

static char *reason(const struct name_entry *e, const struct name_subnet *where)
{
	return name_type_reason(NULL, cause_of(where), &e->name, e->text);
}

static char *action(const struct name_entry *e, const struct name_subnet *where)
{
	return name_type_action(NULL, cause_of(where), &e->name, e->text);
}

/* "": there is nothing to look at */
static char *look_up(const struct name_subnet *where)
{
	return advice_look_up(NULL, cause_of(where), where->holder,
			      where->server.s_addr == 0);
}

/* nmbd claims its names once; but it looks for the domain master again. */
static const char *retry(const struct name_entry *e)
{
	return (e->name.type == TYPE_DOMAIN_MASTER) ? "smbmessenger names"
						    : "systemctl restart nmbd";
}

/* One computer has taken several types of one name: one reason, one cure. */
static bool is_same(const struct name_entry *e, const struct name_subnet *where,
		    const struct name_entry *other)
{
	const struct name_subnet *there = trouble_of(other);

	return there != NULL && where->holder.s_addr != 0 &&
	       there->holder.s_addr == where->holder.s_addr &&
	       there->server.s_addr == where->server.s_addr &&
	       cause_of(there) == cause_of(where) &&
	       other->name.group == e->name.group &&
	       wire_name_equal(&other->name.wire, &e->name.wire) &&
	       strcmp(there->subnet, where->subnet) == 0;
}

/* The next of them in the order they came, itself among them; NULL: none. */
static const struct name_entry *next_same(const struct netbt *netbt,
					  const struct name_entry *e,
					  const struct name_subnet *where,
					  const struct name_entry *after)
{
	do {
		after = name_table_next(netbt_table(netbt), &e->name.wire,
					after);
	} while (after != NULL && !is_same(e, where, after));
	return after;
}

static bool is_first(const struct netbt *netbt, const struct name_entry *e,
		     const struct name_subnet *where)
{
	const struct name_entry *first = next_same(netbt, e, where, NULL);

	return first == NULL || first == e;
}

/* "ALPHA<00>, Workstation, is held there as well." */
static void add_others(char **text, const struct netbt *netbt,
		       const struct name_entry *e,
		       const struct name_subnet *where)
{
	const struct name_entry *other = e;

	while ((other = next_same(netbt, e, where, other)) != NULL) {
		add_sentence(text,
			     talloc_asprintf(NULL, "%s<%02x>, %s, is held there as well.",
					     other->text, other->name.type,
					     name_type_purpose(&other->name)));
		add_sentence(text, name_type_consequence(NULL, &other->name,
							 other->text));
	}
}

static void add_finding(char **text, const struct netbt *netbt,
			const struct name_entry *e,
			const struct name_subnet *where)
{
	char *look = look_up(where);

	text_add(text, "\n");
	add_sentence(text, fact(e, where));
	add_sentence(text, name_type_consequence(NULL, &e->name, e->text));
	add_others(text, netbt, e, where);
	if (where->holder.s_addr != 0 || where->record.s_addr != 0) {
		add_sentence(text, reason(e, where));
	}
	add_sentence(text, action(e, where));
	if (look == NULL) {
		TALLOC_FREE(*text);
		return;
	}
	if (look[0] != '\0') {
		text_add(text, "First: %s\n", look);
	}
	text_add(text, "Then: %s\n", retry(e));
	talloc_free(look);
}

static size_t tell_finding(struct pieces_about *about,
			   const struct name_entry *e)
{
	const struct name_subnet *where = trouble_of(e);
	char *text = NULL;

	if (where == NULL || !is_first(about->netbt, e, where)) {
		return 1;
	}
	text = talloc_strdup(NULL, "");
	add_finding(&text, about->netbt, e, where);
	pieces_append(&about->told.troubles, text);
	talloc_free(text);
	about->told.num_troubles++;
	return PIECES_A_FINDING;
}

bool names_add_findings(struct pieces_about *about, size_t num)
{
	return about->netbt != NULL &&
	       names_tell_others(about, num, tell_finding);
}

static json_t *take_text(char *text)
{
	json_t *json = (text != NULL) ? text_json(text) : NULL;

	talloc_free(text);
	return json;
}

static int set_new(json_t *object, const char *key, json_t *value)
{
	return json_object_set_new(object, key, value);
}

static int set_look(json_t *o, const struct name_subnet *where)
{
	char *look = look_up(where);
	int err = (look != NULL) ? 0 : -1;

	if (err == 0 && look[0] != '\0') {
		err = set_new(o, "look", json_string(look));
	}
	talloc_free(look);
	return err;
}

static json_t *finding_json(const struct name_entry *e,
			    const struct name_subnet *where)
{
	char type[sizeof("1b")];
	json_t *o = NULL;
	int err = 0;

	snprintf(type, sizeof(type), "%02x", e->name.type);
	o = json_pack("{s:o, s:s, s:s, s:s, s:o, s:o, s:o, s:s}", "name",
		      text_json(e->text), "type", type, "subnet",
		      where->subnet, "state", name_state_str(where->state),
		      "consequence",
		      take_text(name_type_consequence(NULL, &e->name,
						      e->text)),
		      "reason", take_text(reason(e, where)), "advice",
		      take_text(action(e, where)), "next", retry(e));
	err |= set_look(o, where);
	if (where->rcode != 0) {
		err |= set_new(o, "rcode", json_integer(where->rcode));
		err |= set_new(o, "rcode_name",
			       json_string(rcode_name(where->rcode)));
	}
	if (where->server.s_addr != 0) {
		err |= set_new(o, "server",
			       json_string(inet_ntoa(where->server)));
	}
	if (where->holder.s_addr != 0) {
		err |= set_new(o, "holder",
			       holder_json(where->holder, where->details));
	}
	if (cause_of(where) != CAUSE_NONE) {
		err |= set_new(o, "cause",
			       json_string(event_cause_str(cause_of(where))));
	}
	if (err != 0) {
		json_decref(o);
		return NULL;
	}
	return o;
}

static size_t tell_finding_json(struct pieces_about *about,
				const struct name_entry *e)
{
	const struct name_subnet *where = trouble_of(e);

	if (where == NULL) {
		return 1;
	}
	pieces_add_json(&about->told, finding_json(e, where));
	return PIECES_A_FINDING;
}

bool names_add_json_findings(struct pieces_about *about, size_t num)
{
	return about->netbt != NULL &&
	       names_tell_others(about, num, tell_finding_json);
}

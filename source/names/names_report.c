/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The local name table as text: what "nbtstat -n" is on Windows.  Message
 * aliases are <03> names of it, and their table is the service's.  Pure.
 */

#include "names_private.h"

#include <arpa/inet.h>

#include "name_type.h"
#include "text.h"

static enum name_state state_of_alias(enum alias_state state)
{
	switch (state) {
	case ALIAS_REGISTERING:
		return NAME_REGISTERING;
	case ALIAS_REGISTERED:
		return NAME_REGISTERED;
	case ALIAS_REFUSED:
		return NAME_CONFLICT;
	case ALIAS_STANDBY:
		return NAME_STANDBY;
	default:
		break;
	}
	return NAME_WAITING;
}

struct names_place names_place_of(const struct name_subnet *where)
{
	return (struct names_place){
		.subnet = where->subnet,
		.state = where->state,
		.refusal = {
			.rcode = where->rcode,
			.holder = where->holder,
			.server = where->server,
			.record = where->record,
		},
		.details = where->details,
		.reason = where->reason,
	};
}

struct names_place names_place_of_alias(const struct alias_subnet *where)
{
	return (struct names_place){
		.subnet = where->subnet,
		.state = state_of_alias(where->state),
		.refusal = alias_subnet_refusal(where),
		.details = where->details,
		.reason = where->reason,
	};
}

bool names_have(const struct service *s, const struct alias *a)
{
	return alias_find(service_get_aliases(s), &a->wire) == a;
}

/* Their table has them in the order they came, and is only ever emptied. */
bool names_tell_others(struct pieces_about *about, size_t num,
		       size_t (*tell)(struct pieces_about *about,
				      const struct name_entry *e))
{
	const struct name_entry *e = NULL;
	size_t at = 0;

	TAILQ_FOREACH(e, name_table_all(netbt_table(about->netbt)), entry) {
		size_t cost = 0;

		if (at++ < about->told.num_others) {
			continue;
		}
		if (num == 0 || pieces_are_enough(&about->told)) {
			return true;
		}
		cost = tell(about, e);
		num -= (cost < num) ? cost : num;
		about->told.num_others++;
	}
	return false;
}

static const char still_answered[] =
	"nmbd still answers unicast queries and node status with it";

/* Of the table: name and type, kind, purpose, state, subnet */
#define ROW "%s%*s %-6s %-21s %-11s %s\n"
#define NAME_COLUMNS 19

/* name NULL: another row of the same name */
static void add_row(char **text, const char *name,
		    const struct netbios_name *netbios,
		    enum name_state state, const char *subnet)
{
	char *first = (name != NULL) ? talloc_asprintf(NULL, "%s<%02x>", name,
						       netbios->type)
				     : talloc_strdup(NULL, "");
	int width;

	if (first == NULL) {
		TALLOC_FREE(*text);
		return;
	}
	width = NAME_COLUMNS - (int)text_columns(first);
	text_add(text, ROW, first, (width > 0) ? width : 0, "",
		 (name == NULL)	   ? ""
		 : netbios->group ? "group"
				   : "unique",
		 (name != NULL) ? name_type_purpose(netbios) : "",
		 name_state_str(state), text_subnet(subnet));
	talloc_free(first);
}

static void add_note(char **text, char *note)
{
	if (note == NULL) {
		TALLOC_FREE(*text);
		return;
	}
	text_add_wrapped(text, 2, TEXT_COLUMNS, note);
	talloc_free(note);
}

/* "10.88.0.9, the computer ALPHA (group LAB, MAC ...)"; NULL without memory */
static char *who_text(TALLOC_CTX *mem_ctx, struct in_addr address,
		      const struct holder *details)
{
	char *text = talloc_strdup(mem_ctx, inet_ntoa(address));

	if (details != NULL && details->computer != NULL) {
		text_add(&text, ", the computer ");
		holder_add_text(&text, details);
	}
	return text;
}

static char *refusal_note(const struct refusal *refusal,
			  const struct holder *details)
{
	char *who = NULL;
	char *note = NULL;

	if (refusal->holder.s_addr != 0) {
		who = who_text(NULL, refusal->holder, details);
		note = (who != NULL) ? talloc_asprintf(NULL, "held by %s", who)
				     : NULL;
		talloc_free(who);
		return note;
	}
	if (refusal->server.s_addr == 0) {
		return talloc_strdup(NULL, "holder unknown");
	}
	note = talloc_asprintf(NULL, "refused by WINS server %s",
			       inet_ntoa(refusal->server));
	if (refusal->record.s_addr != 0) {
		text_add(&note, ", which has a record for %s",
			 inet_ntoa(refusal->record));
	}
	return note;
}

static char *node_note(struct in_addr node)
{
	return (node.s_addr != 0)
		       ? talloc_asprintf(NULL,
					 "held by a node of this cluster, %s",
					 inet_ntoa(node))
		       : talloc_strdup(NULL, "held by a node of this cluster");
}

/* name NULL: as for add_row() */
static void add_place(char **text, const char *name,
		      const struct netbios_name *netbios,
		      const struct names_place *place)
{
	add_row(text, name, netbios, place->state, place->subnet);
	if (place->state == NAME_STANDBY) {
		add_note(text, node_note(place->refusal.holder));
	} else if (place->state == NAME_CONFLICT) {
		add_note(text, refusal_note(&place->refusal, place->details));
	} else if (place->reason != NULL) {
		add_note(text, talloc_strdup(NULL, place->reason));
	}
}

/* nmbd's lists say that it has it, and no net does. */
static bool is_only_unicast(const struct name_entry *e)
{
	const struct name_subnet *where = NULL;

	TAILQ_FOREACH(where, &e->subnets, entry) {
		if (where->state == NAME_REGISTERED ||
		    where->state == NAME_REGISTERING) {
			return false;
		}
	}
	return e->unicast && name_entry_conflict(e) != NULL;
}

static void add_entry(char **text, const struct name_entry *e)
{
	const struct name_subnet *where = NULL;
	const char *name = e->text;

	TAILQ_FOREACH(where, &e->subnets, entry) {
		const struct names_place place = names_place_of(where);

		add_place(text, name, &e->name, &place);
		name = NULL;
	}
	if (is_only_unicast(e)) {
		add_note(text, talloc_strdup(NULL, still_answered));
	}
}

static void add_alias(char **text, const struct alias *a)
{
	const struct netbios_name name = {
		.wire = a->wire,
		.type = MESSENGER_NAME_TYPE,
	};
	const char *first = a->name;
	size_t i;

	for (i = 0; i < a->num_subnets; i++) {
		const struct names_place place =
			names_place_of_alias(&a->subnets[i]);

		add_place(text, first, &name, &place);
		first = NULL;
	}
}

static size_t add_other(struct pieces_about *about, const struct name_entry *e)
{
	char *rows = talloc_strdup(NULL, "");

	add_entry(&rows, e);
	pieces_append(&about->told.rows, rows);
	talloc_free(rows);
	return 1;
}

static bool add_others(struct pieces_about *about, size_t num)
{
	return names_tell_others(about, num, add_other);
}

static void add_aliases(struct pieces_about *about,
			const struct alias *const *list)
{
	char *rows = talloc_strdup(NULL, "");
	size_t i;

	for (i = 0; i < talloc_array_length(list); i++) {
		if (names_have(about->service, list[i])) {
			add_alias(&rows, list[i]);
		}
	}
	pieces_append(&about->told.rows, rows);
	talloc_free(rows);
}

static char *head(TALLOC_CTX *mem_ctx, const struct pieces_about *about)
{
	char *text = talloc_asprintf(mem_ctx, "Names of %s\n\n",
				     service_get_computer(about->service));

	text_add(&text, "%-*s %-6s %-21s %-11s %s\n", NAME_COLUMNS, "NAME",
		 "KIND", "PURPOSE", "STATE", "SUBNET");
	return text;
}

static char *end(TALLOC_CTX *mem_ctx, struct pieces_about *about)
{
	char *text = talloc_steal(mem_ctx, about->told.rows);

	about->told.rows = NULL;
	if (!netbt_is_on(about->netbt)) {
		text_add(&text, "\nNames of other types are not looked at: "
				"messenger:own names = no.\n");
	}
	return text;
}

const struct pieces_kind names_text = {
	.others = add_others,
	.more = add_aliases,
	.head = head,
	.text = end,
};

enum service_condition names_condition(const struct service *s,
				       const struct netbt *netbt)
{
	enum service_condition condition = service_condition(s);

	if (condition == SERVICE_WELL && netbt != NULL &&
	    netbt_conflicts(netbt) > 0) {
		return SERVICE_DEGRADED;
	}
	return condition;
}

void names_add_status(char **text, const struct netbt *netbt)
{
	unsigned conflicts = (netbt != NULL) ? netbt_conflicts(netbt) : 0;

	if (conflicts > 0) {
		text_add(text,
			 "  %u other name%s of this server in conflict: "
			 "smbmessenger names\n",
			 conflicts, (conflicts == 1) ? "" : "s");
	}
}

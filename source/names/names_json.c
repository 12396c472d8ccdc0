/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The local name table as JSON.  Pure.
 */

#include "names_private.h"

#include <arpa/inet.h>
#include <stdio.h>

#include "name_type.h"
#include "text.h"

static int set_address(json_t *o, const char *key, struct in_addr address)
{
	return (address.s_addr != 0)
		       ? json_object_set_new(o, key,
					     json_string(inet_ntoa(address)))
		       : 0;
}

static json_t *checked(json_t *o, int err)
{
	if (err != 0) {
		json_decref(o);
		return NULL;
	}
	return o;
}

static json_t *place_json(const struct names_place *place)
{
	const struct refusal *refusal = &place->refusal;
	json_t *o = json_pack("{s:s, s:s}", "subnet", place->subnet, "state",
			      name_state_str(place->state));
	int err = set_address(o, "server", refusal->server);

	if (refusal->rcode != 0) {
		err |= json_object_set_new(o, "rcode",
					   json_integer(refusal->rcode));
		err |= json_object_set_new(o, "rcode_name",
					   json_string(rcode_name(
						   refusal->rcode)));
	}
	if (refusal->holder.s_addr != 0) {
		err |= json_object_set_new(o, "holder",
					   holder_json(refusal->holder,
						       place->details));
	}
	err |= set_address(o, "record", refusal->record);
	if (place->reason != NULL) {
		err |= json_object_set_new(o, "reason",
					   text_json(place->reason));
	}
	return checked(o, err);
}

/* Takes the reference of subnets. */
static json_t *name_json(const char *text, const struct netbios_name *name,
			 bool unicast, json_t *subnets)
{
	char type[sizeof("1b")];

	snprintf(type, sizeof(type), "%02x", name->type);
	return json_pack("{s:o, s:s, s:b, s:s, s:b, s:o}", "name",
			 text_json(text), "type", type, "group", name->group,
			 "purpose", name_type_purpose(name), "in_node_status",
			 unicast, "subnets", subnets);
}

static json_t *entry_json(const struct name_entry *e)
{
	const struct name_subnet *where = NULL;
	json_t *subnets = json_array();
	int err = 0;

	TAILQ_FOREACH(where, &e->subnets, entry) {
		const struct names_place place = names_place_of(where);

		err |= json_array_append_new(subnets, place_json(&place));
	}
	return name_json(e->text, &e->name, e->unicast, checked(subnets, err));
}

static json_t *alias_json(const struct alias *a)
{
	const struct netbios_name name = {
		.wire = a->wire,
		.type = MESSENGER_NAME_TYPE,
	};
	json_t *subnets = json_array();
	int err = 0;
	size_t i;

	for (i = 0; i < a->num_subnets; i++) {
		const struct names_place place =
			names_place_of_alias(&a->subnets[i]);

		err |= json_array_append_new(subnets, place_json(&place));
	}
	return name_json(a->name, &name, a->granted, checked(subnets, err));
}

static size_t add_other_json(struct pieces_about *about,
			     const struct name_entry *e)
{
	pieces_add_json(&about->told, entry_json(e));
	return 1;
}

static bool add_others_json(struct pieces_about *about, size_t num)
{
	return names_tell_others(about, num, add_other_json);
}

static void add_aliases_json(struct pieces_about *about,
			     const struct alias *const *list)
{
	size_t i;

	for (i = 0; i < talloc_array_length(list); i++) {
		if (names_have(about->service, list[i])) {
			pieces_add_json(&about->told, alias_json(list[i]));
		}
	}
}

static json_t *all_json(struct pieces_about *about)
{
	return json_pack("{s:[]}", "names");
}

const struct pieces_kind names_json = {
	.others = add_others_json,
	.more = add_aliases_json,
	.json = all_json,
	.array = "names",
};

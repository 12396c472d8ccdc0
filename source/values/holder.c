/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Who holds a name.  Pure; what is read comes from anybody.
 */

#include "holder.h"

#include <arpa/inet.h>
#include <string.h>

#include "text.h"


static bool is_group(const struct nbns_name *n)
{
	return (n->flags & NBNS_NAME_GROUP) != 0;
}

/* The first name of this kind: nmbd and Windows put their own one first. */
static bool first_name(TALLOC_CTX *mem_ctx, const struct nbns_answer *a,
		       bool group, char **name)
{
	size_t i;

	for (i = 0; i < a->num_names; i++) {
		const struct nbns_name *n = &a->names[i];

		if (n->type == TYPE_WORKSTATION && is_group(n) == group) {
			*name = messenger_name_print(mem_ctx, n->bytes,
						     sizeof(n->bytes));
			return *name != NULL;
		}
	}
	return true;
}

/*
 * In two pieces, as there may be 255 of them, for each alias of thousands:
 * talloc's header is six times as long as a name.  Returns false without
 * memory.
 */
static bool keep_names(struct holder *h, char *const *names, size_t num)
{
	size_t size = 0;
	char *text = NULL;
	size_t i;

	for (i = 0; i < num; i++) {
		size += strlen(names[i]) + 1;
	}
	h->names = talloc_zero_array(h, char *, num);
	text = (h->names != NULL) ? talloc_array(h->names, char, size) : NULL;
	for (i = 0; text != NULL && i < num; i++) {
		h->names[i] = strcpy(text, names[i]);
		text += strlen(text) + 1;
	}
	return text != NULL;
}

static bool all_names(struct holder *h, const struct nbns_answer *a)
{
	char **names = talloc_zero_array(h, char *, a->num_names);
	bool ok = (names != NULL);
	size_t i;

	for (i = 0; ok && i < a->num_names; i++) {
		char *name = messenger_name_print(names, a->names[i].bytes,
						  sizeof(a->names[i].bytes));

		names[i] = (name != NULL)
				   ? talloc_asprintf(names, "%s<%02x>", name,
						     a->names[i].type)
				   : NULL;
		ok = (names[i] != NULL);
	}
	ok = ok && keep_names(h, names, a->num_names);
	talloc_free(names);
	return ok;
}

static bool set_mac(struct holder *h, const uint8_t *mac)
{
	static const uint8_t unknown[6];

	if (memcmp(mac, unknown, sizeof(unknown)) == 0) {
		return true;
	}
	h->mac = talloc_asprintf(h, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0],
				 mac[1], mac[2], mac[3], mac[4], mac[5]);
	return h->mac != NULL;
}

/*
 * A node status has room for 25 names of nmbd's; one that has so many may have
 * more than it tells.
 */
#define NAMES_THAT_FIT 25

/* A computer of that name has it as workstation or server name too. */
static enum event_cause cause_of(const struct nbns_answer *a,
				 const struct wire_name *alias)
{
	bool has_alias = false;
	size_t i;

	for (i = 0; i < a->num_names; i++) {
		const struct nbns_name *n = &a->names[i];

		if ((n->type == TYPE_WORKSTATION || n->type == TYPE_SERVER) &&
		    !is_group(n) && nbns_is_name(n, alias)) {
			return CAUSE_DUPLICATE_COMPUTER_NAME;
		}
		has_alias = has_alias || (n->type == MESSENGER_NAME_TYPE &&
					  nbns_is_name(n, alias));
	}
	return (has_alias || a->num_names >= NAMES_THAT_FIT)
		       ? CAUSE_ALIAS_OF_ANOTHER_COMPUTER
		       : CAUSE_NOT_THE_HOLDER;
}

/* Its own computer name: the first <00> that is no group's. */
static bool is_computer_name(const struct nbns_answer *a,
			     const struct wire_name *wire)
{
	size_t i;

	for (i = 0; i < a->num_names; i++) {
		const struct nbns_name *n = &a->names[i];

		if (n->type == TYPE_WORKSTATION && !is_group(n)) {
			return nbns_is_name(n, wire);
		}
	}
	return false;
}

/* Does it list the name as its own, of this type or of a computer's? */
static bool lists(const struct nbns_answer *a, const struct netbios_name *name,
		  bool group)
{
	size_t i;

	for (i = 0; i < a->num_names; i++) {
		const struct nbns_name *n = &a->names[i];

		if (nbns_is_name(n, &name->wire) && is_group(n) == group &&
		    (n->type == name->type || n->type == TYPE_WORKSTATION ||
		     n->type == TYPE_SERVER)) {
			return true;
		}
	}
	return false;
}

static enum event_cause cause_of_name(const struct nbns_answer *a,
				      const struct netbios_name *name)
{
	if (name->type == TYPE_DOMAIN_MASTER) {
		return nbns_lists(a, &name->wire, name->type)
			       ? CAUSE_ANOTHER_DOMAIN_MASTER
			       : CAUSE_NOT_THE_HOLDER;
	}
	if (lists(a, name, false)) {
		return is_computer_name(a, &name->wire)
			       ? CAUSE_DUPLICATE_COMPUTER_NAME
			       : CAUSE_ALIAS_OF_ANOTHER_COMPUTER;
	}
	return (!name->group && lists(a, name, true)) ? CAUSE_GROUP_OF_THAT_NAME
						      : CAUSE_NOT_THE_HOLDER;
}

struct holder *holder_create(TALLOC_CTX *mem_ctx, const struct nbns_answer *a,
			     const struct wire_name *alias)
{
	const struct netbios_name name = {
		.wire = *alias,
		.type = MESSENGER_NAME_TYPE,
	};

	return holder_create_for(mem_ctx, a, &name);
}

struct holder *holder_create_for(TALLOC_CTX *mem_ctx,
				 const struct nbns_answer *a,
				 const struct netbios_name *name)
{
	struct holder *h = talloc_zero(mem_ctx, struct holder);

	if (h == NULL) {
		return NULL;
	}
	h->cause = CAUSE_UNKNOWN;
	/* an answer without names says as little as none */
	if (a == NULL || a->num_names == 0) {
		return h;
	}
	h->cause = (name->type == MESSENGER_NAME_TYPE)
			   ? cause_of(a, &name->wire)
			   : cause_of_name(a, name);
	if (!first_name(h, a, false, &h->computer) ||
	    !first_name(h, a, true, &h->group) || !all_names(h, a) ||
	    !set_mac(h, a->mac)) {
		talloc_free(h);
		return NULL;
	}
	return h;
}

bool holder_has_it(const struct holder *h)
{
	return h != NULL && (h->cause == CAUSE_DUPLICATE_COMPUTER_NAME ||
			     h->cause == CAUSE_ALIAS_OF_ANOTHER_COMPUTER ||
			     h->cause == CAUSE_GROUP_OF_THAT_NAME ||
			     h->cause == CAUSE_ANOTHER_DOMAIN_MASTER);
}

struct holder *holder_copy(TALLOC_CTX *mem_ctx, const struct holder *from)
{
	struct holder *h = NULL;

	if (from == NULL) {
		return NULL;
	}
	h = talloc_zero(mem_ctx, struct holder);
	if (h == NULL) {
		return NULL;
	}
	h->cause = from->cause;
	h->computer = talloc_strdup(h, from->computer);
	h->group = talloc_strdup(h, from->group);
	h->mac = talloc_strdup(h, from->mac);
	if ((from->computer != NULL && h->computer == NULL) ||
	    (from->group != NULL && h->group == NULL) ||
	    (from->mac != NULL && h->mac == NULL) ||
	    !keep_names(h, from->names, talloc_array_length(from->names))) {
		talloc_free(h);
		return NULL;
	}
	return h;
}

static int set_text(json_t *o, const char *key, const char *value)
{
	return (value != NULL) ? json_object_set_new(o, key, text_json(value))
			       : 0;
}

json_t *holder_json(struct in_addr address, const struct holder *h)
{
	json_t *o = json_pack("{s:s}", "address", inet_ntoa(address));
	json_t *names = NULL;
	size_t num = (h != NULL) ? talloc_array_length(h->names) : 0;
	int err = 0;
	size_t i;

	if (h != NULL) {
		err |= set_text(o, "computer", h->computer);
		err |= set_text(o, "group", h->group);
		err |= set_text(o, "mac", h->mac);
	}
	if (num > 0) {
		names = json_array();
		for (i = 0; i < num; i++) {
			err |= json_array_append_new(names,
						     text_json(h->names[i]));
		}
		err |= json_object_set_new(o, "names", names);
	}
	if (err != 0) {
		json_decref(o);
		return NULL;
	}
	return o;
}

void holder_add_text(char **text, const struct holder *h)
{
	if (h == NULL || h->computer == NULL) {
		return;
	}
	text_add(text, "%s", h->computer);
	if (h->group != NULL && h->mac != NULL) {
		text_add(text, " (group %s, MAC %s)", h->group, h->mac);
	} else if (h->group != NULL) {
		text_add(text, " (group %s)", h->group);
	} else if (h->mac != NULL) {
		text_add(text, " (MAC %s)", h->mac);
	}
}

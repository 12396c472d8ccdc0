/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Types of names, in words.  Pure.
 */

#include "name_type.h"

#include <stddef.h>
#include <stdio.h>

#include "text.h"

/* The table of types that nmbd registers. */
static const struct name_type {
	uint8_t type;
	bool group;
	const char *purpose;
	/* with the name as its arguments 1 and, for some, 2 */
	const char *consequence;
} types[] = {
	{ TYPE_WORKSTATION, false, "Workstation",
	  "Computers that look up the workstation %s by NetBIOS, as the "
	  "browser and logon services do, find the other computer." },
	{ MESSENGER_NAME_TYPE, false, "Messenger",
	  "Messages to %s go to the other computer." },
	{ TYPE_SERVER, false, "File server",
	  "Clients that look up \\\\%s by NetBIOS are sent to the other "
	  "computer." },
	{ TYPE_DOMAIN_MASTER, false, "Domain master browser",
	  "This server is not the domain master browser of %s: it does not "
	  "collect the browse lists of other subnets." },
	{ TYPE_LOCAL_MASTER, false, "Local master browser",
	  "Another computer keeps the browse list of %s on this net, which is "
	  "normal." },
	{ TYPE_WORKSTATION, true, "Workgroup",
	  "Who looks for members of the workgroup %s by broadcast does not "
	  "find this server." },
	{ TYPE_ELECTIONS, true, "Browser elections",
	  "Who looks for browsers of the workgroup %s by broadcast does not "
	  "find this server." },
	{ TYPE_DOMAIN_CONTROLLERS, true, "Domain controllers",
	  "Clients that look for a domain controller of %s by broadcast do "
	  "not find this server." },
	{ TYPE_MASTER_BROWSERS, true, "Master browsers",
	  "Other master browsers do not find this server by the name %s." },
};

static const struct name_type *find_type(const struct netbios_name *name)
{
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (types[i].type == name->type &&
		    types[i].group == name->group) {
			return &types[i];
		}
	}
	return NULL;
}

const char *name_type_purpose(const struct netbios_name *name)
{
	const struct name_type *t = find_type(name);

	return (t != NULL) ? t->purpose : "Other";
}

bool name_type_is_elected(const struct netbios_name *name)
{
	return name->type == TYPE_LOCAL_MASTER ||
	       name->type == TYPE_MASTER_BROWSERS;
}

char *name_type_consequence(TALLOC_CTX *mem_ctx,
			    const struct netbios_name *name, const char *text)
{
	const struct name_type *t = find_type(name);
	char *sentence = NULL;
	const char *gap = NULL;

	if (t == NULL) {
		return talloc_asprintf(mem_ctx,
				       "Who looks up %s<%02x> finds the other "
				       "computer.",
				       text, name->type);
	}
	for (gap = t->consequence; gap[0] != '%' || gap[1] != 's'; gap++) {
	}
	sentence = talloc_strndup(mem_ctx, t->consequence,
				  (size_t)(gap - t->consequence));
	text_add(&sentence, "%s%s", text, gap + 2);
	return sentence;
}

char *name_type_reason(TALLOC_CTX *mem_ctx, enum event_cause cause,
		       const struct netbios_name *name, const char *text)
{
	switch (cause) {
	case CAUSE_DUPLICATE_COMPUTER_NAME:
		if (name->group) {
			return talloc_asprintf(
				mem_ctx,
				"That computer has the name %s as its own, "
				"which is the name of this server's "
				"workgroup.",
				text);
		}
		return talloc_asprintf(mem_ctx,
				       "That computer has the name %s as its "
				       "own: two computers on this network "
				       "have the same name.",
				       text);
	case CAUSE_ALIAS_OF_ANOTHER_COMPUTER:
		return talloc_asprintf(mem_ctx,
				       "That computer has another name of its "
				       "own, and %s as one more, as by "
				       "\"netbios aliases\" in smb.conf.",
				       text);
	case CAUSE_GROUP_OF_THAT_NAME:
		return talloc_asprintf(mem_ctx,
				       "That computer is in a workgroup or "
				       "domain of the name %s, and no computer "
				       "can have the name of a group.",
				       text);
	case CAUSE_ANOTHER_DOMAIN_MASTER:
		return talloc_asprintf(mem_ctx,
				       "That computer is the domain master "
				       "browser of %s already; there can be "
				       "one.",
				       text);
	case CAUSE_NOT_THE_HOLDER:
		return talloc_asprintf(mem_ctx,
				       "It refuses the name, and does not list "
				       "%s among its own names: it may defend "
				       "it for another computer, or have given "
				       "it up since.",
				       text);
	case CAUSE_STALE_WINS_RECORD:
		return talloc_strdup(mem_ctx,
				     "No computer stands behind that record: "
				     "it may be of an earlier address of this "
				     "server, or of a computer that is gone.");
	case CAUSE_UNKNOWN:
		return talloc_strdup(mem_ctx,
				     "It did not say who it is: it does not "
				     "answer a node status request, or a "
				     "firewall keeps UDP port 137 closed.");
	default:
		break;
	}
	return talloc_strdup(mem_ctx, "It has not been asked who it is.");
}

static const char clones[] =
	"A clone or a container has the host name of what it was made from "
	"(/etc/hostname, cloud-init, the container's settings), and nmbd "
	"takes its name from there.";

char *name_type_action(TALLOC_CTX *mem_ctx, enum event_cause cause,
		       const struct netbios_name *name, const char *text)
{
	switch (cause) {
	case CAUSE_DUPLICATE_COMPUTER_NAME:
		if (name->group) {
			return talloc_strdup(mem_ctx,
					     "Rename that computer, or give "
					     "this server another "
					     "\"workgroup\" in smb.conf; then "
					     "restart nmbd.");
		}
		return talloc_asprintf(mem_ctx,
				       "Give one of the two another name: "
				       "there, or here by \"netbios name\" in "
				       "smb.conf; then restart nmbd. %s",
				       clones);
	case CAUSE_ALIAS_OF_ANOTHER_COMPUTER:
		return talloc_asprintf(mem_ctx,
				       "Take %s off that computer, or give "
				       "this server another name by \"netbios "
				       "name\" in smb.conf; then restart nmbd.",
				       text);
	case CAUSE_GROUP_OF_THAT_NAME:
		return talloc_asprintf(mem_ctx,
				       "Give this server another \"netbios "
				       "name\" in smb.conf, or those computers "
				       "another workgroup than %s; then "
				       "restart nmbd.",
				       text);
	case CAUSE_ANOTHER_DOMAIN_MASTER:
		return talloc_strdup(mem_ctx,
				     "Set \"domain master = no\" in smb.conf, "
				     "here or there. nmbd tries again by "
				     "itself every five minutes.");
	case CAUSE_STALE_WINS_RECORD:
		return talloc_asprintf(mem_ctx,
				       "Delete the record of %s on the WINS "
				       "server, or wait until it expires; then "
				       "restart nmbd.",
				       text);
	default:
		break;
	}
	return talloc_strdup(mem_ctx, "Find the holder, and give one of the "
				      "two computers another name; then "
				      "restart nmbd.");
}

void name_type_padded(char *buf, const struct netbios_name *name,
		      const char *text)
{
	int columns = 0;
	const char *p = NULL;

	for (p = text; *p != '\0'; p++) {
		columns += ((*p & 0xc0) != 0x80) ? 1 : 0;
	}
	snprintf(buf, NAME_TYPE_PADDED_MAX, "%s%*s:%x", text,
		 (columns < MESSENGER_NAME_LEN) ? MESSENGER_NAME_LEN - columns
						: 0,
		 "", name->type);
}

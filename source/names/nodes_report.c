/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The nodes of a cluster in words.  Pure.
 */

#include "nodes_report.h"

#include <arpa/inet.h>

#include "text.h"

/* As CTDB calls them. */
static const struct {
	uint32_t flag;
	const char *word;
} flags[] = {
	{ CTDB_NODE_DISCONNECTED, "disconnected" },
	{ 0x02u, "unhealthy" },
	{ 0x04u, "disabled" },
	{ 0x08u, "banned" },
	{ CTDB_NODE_DELETED, "deleted" },
	{ 0x20u, "stopped" },
};

#define NUM_FLAGS (sizeof(flags) / sizeof(flags[0]))

static const char *module_word(const struct members_node *n)
{
	if (!n->there) {
		return "silent";
	}
	return n->hello->ready ? "ready" : "down";
}

/* "OK", or "disconnected,unhealthy" */
static char *flags_text(const struct members_node *n)
{
	char *text = talloc_strdup(NULL, (n->flags == 0) ? "OK" : "");
	const char *comma = "";
	size_t i;

	for (i = 0; i < NUM_FLAGS; i++) {
		if ((n->flags & flags[i].flag) != 0) {
			text_add(&text, "%s%s", comma, flags[i].word);
			comma = ",";
		}
	}
	return text;
}

static void add_held(char **text, const struct members_node *n)
{
	bool any = false;
	size_t i;

	for (i = 0; n->there && i < n->hello->num_nets; i++) {
		if (n->hello->nets[i].holds) {
			text_add(text, "%s%s", any ? " " : "",
				 inet_ntoa(n->hello->nets[i].address));
			any = true;
		}
	}
	text_add(text, "%s", any ? "" : "-");
}

char *nodes_text(TALLOC_CTX *mem_ctx, const struct members *members,
		 uint64_t now)
{
	char *text = NULL;
	struct members_node n;
	size_t i;

	if (members == NULL) {
		return talloc_strdup(mem_ctx, "This computer is no node of a "
					      "cluster: smb.conf has no "
					      "clustering = yes.\n");
	}
	text = talloc_asprintf(mem_ctx, "%-5s %-15s %-9s %-17s %s\n", "NODE",
			       "ADDRESS", "MESSENGER", "HOLDS NAMES ON",
			       "CTDB SAYS");
	for (i = 0; members_at(members, i, now, &n); i++) {
		char *held = talloc_strdup(NULL, "");
		char *words = flags_text(&n);

		add_held(&held, &n);
		if (held == NULL || words == NULL) {
			TALLOC_FREE(text);
		}
		text_add(&text, "%u%-4s %-15s %-9s %-17s %s\n", n.vnn,
			 n.is_self ? "*" : "", inet_ntoa(n.address),
			 module_word(&n), held, words);
		talloc_free(held);
		talloc_free(words);
	}
	text_add(&text, "\n* is this node.\n");
	return text;
}

/*
 * JSON
 */

static json_t *flags_json(const struct members_node *n)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < NUM_FLAGS; i++) {
		if ((n->flags & flags[i].flag) != 0 &&
		    json_array_append_new(list, json_string(flags[i].word)) !=
			    0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static json_t *subnets_json(const struct members_node *n)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; n->there && i < n->hello->num_nets; i++) {
		const struct hello_net *net = &n->hello->nets[i];

		if (json_array_append_new(
			    list, json_pack("{s:s, s:b, s:b}", "subnet",
					    inet_ntoa(net->address), "holds",
					    net->holds, "public",
					    net->is_public)) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

json_t *nodes_json(const struct members *members, uint64_t now)
{
	json_t *list = json_array();
	struct members_node n;
	size_t i;

	for (i = 0; members != NULL && members_at(members, i, now, &n); i++) {
		json_t *o = json_pack("{s:I, s:b, s:s, s:s, s:b, s:o, s:o}",
				      "node", (json_int_t)n.vnn, "this",
				      n.is_self, "address",
				      inet_ntoa(n.address), "messenger",
				      module_word(&n), "wins",
				      n.there && n.hello->wins, "flags",
				      flags_json(&n), "subnets",
				      subnets_json(&n));

		if (n.there) {
			(void)json_object_set_new(o, "pid",
						  json_integer(n.hello->pid));
		}
		if (json_array_append_new(list, o) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return json_pack("{s:o}", "nodes", list);
}

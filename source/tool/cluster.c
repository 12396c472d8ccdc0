/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * --cluster: the same question to each node of the cluster.  The nmbd of this
 * one says which there are, and by which process each is to be asked.
 */

#include "cluster.h"

#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "say.h"

struct node {
	uint32_t number;
	uint32_t pid; /* 0: it is silent */
	char *heading;
};

struct nodes {
	struct node *list; /* a talloc array */
	char *said;	   /* what was answered, if it is no list of nodes */
};

static char *heading(TALLOC_CTX *mem_ctx, const json_t *o, uint32_t number,
		     bool silent)
{
	const json_t *flags = json_object_get(o, "flags");
	const char *address = json_string_value(json_object_get(o, "address"));
	const char *flag = json_string_value(json_array_get(flags, 0));

	return talloc_asprintf(mem_ctx, "Node %u, %s%s%s%s", number,
			       (address != NULL) ? address : "?",
			       silent ? ": no answer" : "",
			       (flag != NULL) ? ", CTDB says " : "",
			       (flag != NULL) ? flag : "");
}

static void got_nodes(void *private_data, const char *text)
{
	struct nodes *nodes = private_data;
	json_t *o = json_loads(text, 0, NULL);
	const json_t *list = json_object_get(o, "nodes");
	size_t num = json_array_size(list);
	size_t i;

	nodes->list = talloc_zero_array(nodes, struct node, num);
	for (i = 0; nodes->list != NULL && i < num; i++) {
		const json_t *each = json_array_get(list, i);
		struct node *n = &nodes->list[i];

		n->number = (uint32_t)json_integer_value(
			json_object_get(each, "node"));
		n->pid = (uint32_t)json_integer_value(
			json_object_get(each, "pid"));
		n->heading = heading(nodes->list, each, n->number, n->pid == 0);
	}
	if (list == NULL) {
		nodes->said = talloc_strndup(nodes, text, strcspn(text, "\n"));
	}
	json_decref(o);
}

/* Of one node. */
struct answer {
	enum exit_status status;
};

static void got_answer(void *private_data, const char *text)
{
	struct answer *a = private_data;

	if (!command_read_condition(text, strcspn(text, "\n"), &a->status)) {
		print_text(stdout, text);
	}
}

static enum exit_status ask_node(struct client *client, const struct node *n,
				 const struct command *command)
{
	char *requests[] = { (char *)(uintptr_t)command->request,
			     (char *)(uintptr_t) "condition" };
	size_t num = (command->kind == COMMAND_STATUS) ? 2 : 1;
	struct answer answer = { .status = EXIT_DONE };

	print_text(stdout, (n->heading != NULL) ? n->heading : "");
	print_text(stdout, "\n");
	if (n->pid == 0) {
		return EXIT_NO_SERVICE;
	}
	client_turn_to(client, n->number, n->pid);
	if (client_ask(client, requests, num, got_answer, &answer) !=
	    CLIENT_OK) {
		print_text(stdout, "no answer\n");
		return EXIT_NO_SERVICE;
	}
	return answer.status;
}

enum client_error cluster_ask(TALLOC_CTX *mem_ctx, struct client *client,
			      const struct command *command,
			      enum exit_status *status)
{
	struct nodes *nodes = talloc_zero(mem_ctx, struct nodes);
	char *requests[] = { (char *)(uintptr_t) "json nodes" };
	enum client_error error = client_connect(client);
	size_t i;

	if (nodes == NULL || error != CLIENT_OK) {
		return (nodes == NULL) ? CLIENT_NO_MESSAGING : error;
	}
	error = client_ask(client, requests, 1, got_nodes, nodes);
	if (error != CLIENT_OK) {
		return error;
	}
	if (talloc_array_length(nodes->list) == 0) {
		say("%s", (nodes->said != NULL)
				  ? nodes->said
				  : "this computer is no node of a cluster");
		*status = EXIT_REFUSED;
		return CLIENT_OK;
	}
	for (i = 0; i < talloc_array_length(nodes->list); i++) {
		enum exit_status one = EXIT_DONE;

		print_text(stdout, (i > 0) ? "\n" : "");
		one = ask_node(client, &nodes->list[i], command);
		*status = (one > *status) ? one : *status;
	}
	return CLIENT_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * smbmessenger, the administrator's tool: words of the command line into
 * requests, answers onto the terminal, outcomes into the exit status.  It knows
 * no rule of the service and formats nothing that the module has formatted.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <popt.h>
#include <talloc.h>

#include "client.h"
#include "cluster.h"
#include "commands.h"
#include "follow.h"
#include "messages.h"
#include "notify.h"
#include "outcome.h"
#include "samba_private.h"
#include "say.h"
#include "sending.h"
#include "who_answers.h"

/* Past events to begin with when following. */
#define FOLLOW_FROM 10

static const char program[] = "smbmessenger";

/*
 * Answers.
 */

struct answers {
	const struct options *options;
	const struct command *command;
	enum exit_status status;
	struct who_answers *who;
};

static void print_answer(void *private_data, const char *text)
{
	const struct answers *a = private_data;

	if (a->options->json) {
		fputs(text, stdout);
	} else {
		print_text(stdout, text);
	}
}

/* Of two questions: how it does in one word, and in many. */
static void got_status(void *private_data, const char *text)
{
	struct answers *a = private_data;
	json_t *o = a->options->json ? json_loads(text, 0, NULL) : NULL;
	const char *word =
		json_string_value(json_object_get(o, "condition"));

	if (word != NULL) {
		(void)command_read_condition(word, strlen(word), &a->status);
	}
	json_decref(o);
	if (!command_read_condition(text, strcspn(text, "\n"), &a->status)) {
		print_answer(a, text);
	}
}

/* What was asked for is so already, and that will do. */
static bool is_same(const struct answers *a, const json_t *o)
{
	json_int_t code = json_integer_value(json_object_get(o, "code"));

	return (a->command->same != NERR_Success &&
		code == (json_int_t)a->command->same) ||
	       (a->options->if_missing && code == NERR_AlreadyExists) ||
	       (a->options->if_present && code == NERR_NotLocalName);
}

static const char *same_text(const struct answers *a)
{
	if (a->options->if_missing) {
		return "is there already";
	}
	return a->options->if_present ? "is not there" : a->command->same_text;
}

static void got_outcome(void *private_data, const char *text)
{
	struct answers *a = private_data;
	json_t *o = json_loads(text, 0, NULL);

	if (o == NULL) {
		/* no JSON: the module has a word of its own to say */
		a->status = EXIT_NO_SERVICE;
		say_end(a->options->json, a->status, "%.*s",
			(int)strcspn(text, "\n"), text);
		return;
	}
	if (is_same(a, o)) {
		(void)json_object_set_new(o, "ok", json_true());
		(void)json_object_set_new(o, "message",
					  json_string(same_text(a)));
		(void)json_object_set_new(o, "changed", json_false());
	}
	if (!outcome_print(o, a->options->json)) {
		a->status = EXIT_REFUSED;
	}
	json_decref(o);
}

static void got_who(void *private_data, const char *text)
{
	struct answers *a = private_data;
	json_t *outcome = NULL;

	if (who_answers_take(a->who, text, &outcome)) {
		return;
	}
	a->status = EXIT_REFUSED;
	if (outcome != NULL) {
		(void)outcome_print(outcome, true);
		json_decref(outcome);
	}
}

/*
 * Requests.
 */

static char *make_request(TALLOC_CTX *mem_ctx, const struct options *options,
			  const struct command *command, const char *name)
{
	bool json = options->json || command->kind == COMMAND_ORDER ||
		    command->kind == COMMAND_NAMES;

	if (options->number != NUMBER_UNSET) {
		return talloc_asprintf(mem_ctx, "%s%s %d", json ? "json " : "",
				       command->request, options->number);
	}
	return talloc_asprintf(mem_ctx, "%s%s%s%s", json ? "json " : "",
			       command->request, (name != NULL) ? " " : "",
			       (name != NULL) ? name : "");
}

/*
 * One for each name, once; what can be no alias is answered here.  Returns NULL
 * without memory.
 */
static char **name_requests(TALLOC_CTX *mem_ctx, struct answers *a,
			    const char **names, size_t *num)
{
	char **requests = NULL;
	size_t given = 0;
	size_t i;

	while (names[given] != NULL) {
		given++;
	}
	requests = talloc_zero_array(mem_ctx, char *, given);
	*num = 0;
	for (i = 0; requests != NULL && i < given; i++) {
		if (command_name_again(names, i)) {
			continue;
		}
		if (!outcome_possible(names[i], a->options->json)) {
			a->status = EXIT_REFUSED;
			continue;
		}
		requests[*num] = make_request(requests, a->options, a->command,
					      names[i]);
		if (requests[(*num)++] == NULL) {
			return NULL;
		}
	}
	return requests;
}

/* Returns NULL without memory. */
static char **make_requests(TALLOC_CTX *mem_ctx, struct answers *a,
			    const char **names, size_t *num)
{
	char **requests = NULL;

	if (a->command->kind == COMMAND_NAMES ||
	    a->command->kind == COMMAND_WHO) {
		return name_requests(mem_ctx, a, names, num);
	}
	requests = talloc_zero_array(mem_ctx, char *, 2);
	if (requests == NULL) {
		return NULL;
	}
	requests[0] = make_request(requests, a->options, a->command, NULL);
	*num = 1;
	if (a->command->kind == COMMAND_STATUS && !a->options->json) {
		requests[(*num)++] = talloc_strdup(requests, "condition");
	}
	return (requests[0] != NULL && requests[*num - 1] != NULL) ? requests
								   : NULL;
}

static enum exit_status no_service(const struct client *client,
				   const struct options *options,
				   enum client_error error)
{
	char *text = client_error_text(NULL, client, error);

	say_end(options->json, EXIT_NO_SERVICE, "%s",
		(text != NULL) ? text : "out of memory");
	talloc_free(text);
	return EXIT_NO_SERVICE;
}

/* What is more than a question and its answer. */
static enum exit_status run_long(TALLOC_CTX *mem_ctx, struct client *client,
				 const struct options *options,
				 const struct command *command,
				 const char **names)
{
	unsigned count = (options->number != NUMBER_UNSET)
				 ? (unsigned)options->number
				 : FOLLOW_FROM;
	enum exit_status status = EXIT_DONE;
	enum client_error error;

	if (options->cluster) {
		error = cluster_ask(mem_ctx, client, command, &status);
		return (error == CLIENT_OK) ? status
					    : no_service(client, options,
							 error);
	}
	switch (command->kind) {
	case COMMAND_MESSAGES:
		error = messages_print(mem_ctx, client, options, names);
		break;
	case COMMAND_SEND:
		error = sending_send(mem_ctx, client, options, names, &status);
		break;
	case COMMAND_NOTIFY:
		status = notify_run(mem_ctx, client, options->config, &error);
		break;
	default:
		error = follow_events(mem_ctx, client, options->json, count);
		break;
	}
	return (error == CLIENT_OK) ? status
				    : no_service(client, options, error);
}

static enum exit_status run(TALLOC_CTX *mem_ctx, const struct options *options,
			    const struct command *command, const char **names)
{
	static void (*const got[])(void *, const char *) = {
		[COMMAND_QUESTION] = print_answer,
		[COMMAND_STATUS] = got_status,
		[COMMAND_ORDER] = got_outcome,
		[COMMAND_NAMES] = got_outcome,
		[COMMAND_WHO] = got_who,
	};
	struct answers answers = { .options = options, .command = command };
	struct client *client = client_create(mem_ctx, options->config,
					      (unsigned)options->seconds);
	char **requests = NULL;
	enum client_error error;
	size_t num = 0;

	if (command->kind == COMMAND_DELIVER) {
		return sending_deliver(mem_ctx, options, names);
	}
	if ((options->follow || options->cluster ||
	     command->kind == COMMAND_MESSAGES ||
	     command->kind == COMMAND_SEND ||
	     command->kind == COMMAND_NOTIFY) &&
	    client != NULL) {
		return run_long(mem_ctx, client, options, command, names);
	}
	if (command->kind == COMMAND_WHO) {
		answers.who = who_answers_create(mem_ctx, names, options->json);
		if (answers.who == NULL) {
			client = NULL;
		}
	}
	requests = make_requests(mem_ctx, &answers, names, &num);
	if (requests == NULL || client == NULL) {
		say_end(options->json, EXIT_NO_SERVICE, "out of memory");
		return EXIT_NO_SERVICE;
	}
	if (num == 0) {
		return answers.status;
	}
	error = client_connect(client);
	if (error == CLIENT_OK) {
		error = client_ask_in_parts(client, requests, num,
					    answers.who ? WHO_AT_ONCE : num,
					    got[command->kind], &answers);
	}
	if (answers.who != NULL) {
		who_answers_print(answers.who);
	}
	return (error == CLIENT_OK) ? answers.status
				    : no_service(client, options, error);
}

/*
 * The command line.
 */

static enum exit_status print_help(poptContext pc)
{
	poptPrintHelp(pc, stdout, 0);
	commands_print();
	return EXIT_DONE;
}

static enum exit_status main_command(TALLOC_CTX *mem_ctx, poptContext pc,
				     struct options *options, int opt)
{
	const char *word = NULL;
	const char **names = NULL;
	const struct command *command = NULL;
	const char *wrong = NULL;

	if (opt == 'h') {
		return print_help(pc);
	}
	if (opt == 'V') {
		printf("%s %s\n", program, PACKAGE_VERSION);
		return EXIT_DONE;
	}
	if (opt < -1) {
		say_end(options->json, EXIT_USAGE, "%s: %s",
			poptBadOption(pc, POPT_BADOPTION_NOALIAS),
			poptStrerror(opt));
		return EXIT_USAGE;
	}
	word = poptGetArg(pc);
	if (word != NULL && word[0] == '\0') {
		word = "\"\""; /* a word that is empty is none of ours */
	}
	word = (word != NULL) ? word : "";
	names = poptGetArgs(pc);
	if (strcmp(word, "help") == 0) {
		return print_help(pc);
	}
	command = command_find(word);
	wrong = command_check(options, command, names);
	if (wrong != NULL) {
		say_end(options->json, EXIT_USAGE, "%s%s%s", word,
			(word[0] != '\0') ? ": " : "", wrong);
		return EXIT_USAGE;
	}
	return run(mem_ctx, options, command, names);
}

int main(int argc, const char **argv)
{
	struct options options = { .config = NULL };
	struct poptOption table[] = {
		{ "configfile", 's', POPT_ARG_STRING, &options.config, 0,
		  "Use this smb.conf", "FILE" },
		{ "timeout", 't', POPT_ARG_STRING, &options.seconds_text, 0,
		  "Wait so long for an answer (10)", "SECONDS" },
		{ "json", '\0', POPT_ARG_NONE, &options.json, 0, "Print JSON",
		  NULL },
		{ "number", 'n', POPT_ARG_STRING, &options.number_text, 0,
		  "So many events or messages, at most 256 (20)", "N" },
		{ "follow", 'f', POPT_ARG_NONE, &options.follow, 0,
		  "Go on printing them as they come", NULL },
		{ "if-missing", '\0', POPT_ARG_NONE, &options.if_missing, 0,
		  "add: content if it is there already", NULL },
		{ "if-present", '\0', POPT_ARG_NONE, &options.if_present, 0,
		  "delete: content if it is not there", NULL },
		{ "cluster", '\0', POPT_ARG_NONE, &options.cluster, 0,
		  "list, status: of each node of the cluster", NULL },
		{ "server", '\0', POPT_ARG_STRING, &options.server, 0,
		  "list, add, delete: of another machine", "HOST" },
		{ "user", 'U', POPT_ARG_STRING, &options.user, 0,
		  "--server: as this user", "USER[%PASSWORD]" },
		{ "authentication-file", 'A', POPT_ARG_STRING,
		  &options.auth_file, 0, "--server: as the user in this file",
		  "FILE" },
		{ "help", 'h', POPT_ARG_NONE, NULL, 'h', "Print this help",
		  NULL },
		{ "version", 'V', POPT_ARG_NONE, NULL, 'V', "Print the version",
		  NULL },
		POPT_TABLEEND
	};
	/* Samba's libraries want one below them */
	TALLOC_CTX *mem_ctx = _talloc_stackframe(__location__);
	poptContext pc = poptGetContext(program, argc, argv, table,
					command_line_is_raw(argc, argv)
						? POPT_CONTEXT_POSIXMEHARDER
						: 0);
	enum exit_status status;
	int opt;

	options.json = command_line_is_json(argc, argv);
	poptSetOtherOptionHelp(pc, "[OPTION...] [COMMAND [NAME...]]");
	opt = poptGetNextOpt(pc);
	status = (opt == -1 && options.server != NULL)
			 ? command_elsewhere(argv, options.json)
			 : main_command(mem_ctx, pc, &options, opt);
	poptFreeContext(pc);
	talloc_free(mem_ctx);
	if (fflush(stdout) != 0) {
		say("cannot write to standard output");
		return EXIT_REFUSED;
	}
	return (int)status;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * smbmessenger, the administrator's tool: words of the command line into
 * requests, answers onto the terminal, outcomes into the exit code.  It knows
 * no rule of the service and formats nothing that the module has formatted.
 */

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <popt.h>
#include <talloc.h>

#include "client.h"
#include "follow.h"
#include "messenger.h"
#include "samba_private.h"

/* Past events to begin with when following. */
#define FOLLOW_FROM 10

#define NUMBER_UNSET INT_MIN

enum exit_code {
	EXIT_DONE = 0,
	EXIT_REFUSED = 1,
	EXIT_USAGE = 2,
	EXIT_NO_SERVICE = 3,
};

struct options {
	char *config;
	int seconds;
	int json;
	int number; /* of events; NUMBER_UNSET: as nmbd likes */
	int follow;
};

/* What the words on the command line ask for. */
enum command_kind {
	COMMAND_QUESTION, /* an answer to print */
	COMMAND_ORDER,	  /* an outcome, of the service */
	COMMAND_NAMES,	  /* an outcome for each name */
};

static const struct command {
	const char *word;
	enum command_kind kind;
	const char *meaning;
} commands[] = {
	{ "list", COMMAND_QUESTION, "the message aliases" },
	{ "status", COMMAND_QUESTION, "the Messenger service" },
	{ "add", COMMAND_NAMES, "add message aliases: add NAME..." },
	{ "delete", COMMAND_NAMES, "delete message aliases: delete NAME..." },
	{ "start", COMMAND_ORDER, "start the service, or try again" },
	{ "stop", COMMAND_ORDER, "release every alias" },
	{ "events", COMMAND_QUESTION, "the last events: events [-n N] [-f]" },
	{ "explain", COMMAND_QUESTION, "what is wrong, why, and what to do" },
	{ "names", COMMAND_QUESTION,
	  "every name of this server, and who else holds one" },
};

static const char program[] = "smbmessenger";

static void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

static void say(const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s: ", program);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

static const struct command *find_command(const char *word)
{
	size_t i;

	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(commands[i].word, word) == 0) {
			return &commands[i];
		}
	}
	return NULL;
}

static void print_commands(void)
{
	size_t i;

	printf("\nCommands:\n");
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		printf("  %-8s %s\n", commands[i].word, commands[i].meaning);
	}
	printf("\nExit status: 0 done, 1 refused, 2 wrong usage, 3 nmbd not "
	       "running, not\npermitted, or without the module.\n");
}

/*
 * Answers.
 */

struct answers {
	const struct options *options;
	bool refused;
};

static void print_answer(void *private_data, const char *text)
{
	fputs(text, stdout);
}

static void print_outcome(struct answers *a, const json_t *o)
{
	const char *name = json_string_value(json_object_get(o, "name"));
	const char *message = json_string_value(json_object_get(o, "message"));
	const char *code_name =
		json_string_value(json_object_get(o, "code_name"));
	const char *holder = json_string_value(
		json_object_get(json_object_get(o, "holder"), "address"));

	name = (name != NULL) ? name : "?";
	message = (message != NULL) ? message : "?";
	if (json_is_true(json_object_get(o, "ok"))) {
		printf("%s: %s\n", name, message);
		return;
	}
	a->refused = true;
	say("%s: error %d (%s): %s%s%s%s", name,
	    (int)json_integer_value(json_object_get(o, "code")),
	    (code_name != NULL) ? code_name : "?", message,
	    (holder != NULL) ? " It is held by " : "",
	    (holder != NULL) ? holder : "", (holder != NULL) ? "." : "");
}

static void got_outcome(void *private_data, const char *text)
{
	struct answers *a = private_data;
	json_t *o = json_loads(text, 0, NULL);

	if (o == NULL) {
		/* no JSON: the module has a word of its own to say */
		say("%.*s", (int)strcspn(text, "\n"), text);
		a->refused = true;
		return;
	}
	if (a->options->json) {
		fputs(text, stdout);
		a->refused =
			a->refused || !json_is_true(json_object_get(o, "ok"));
	} else {
		print_outcome(a, o);
	}
	json_decref(o);
}

/*
 * Requests.
 */

static char *make_request(TALLOC_CTX *mem_ctx, const struct options *options,
			  const struct command *command, const char *name)
{
	bool json = options->json || command->kind != COMMAND_QUESTION;

	if (options->number != NUMBER_UNSET) {
		return talloc_asprintf(mem_ctx, "%s%s %d", json ? "json " : "",
				       command->word, options->number);
	}
	return talloc_asprintf(mem_ctx, "%s%s%s%s", json ? "json " : "",
			       command->word, (name != NULL) ? " " : "",
			       (name != NULL) ? name : "");
}

static char **make_requests(TALLOC_CTX *mem_ctx, const struct options *options,
			    const struct command *command, const char **names,
			    size_t *num)
{
	char **requests = NULL;
	size_t i;

	*num = 0;
	while (names != NULL && names[*num] != NULL) {
		(*num)++;
	}
	*num = (command->kind == COMMAND_NAMES) ? *num : 1;
	requests = talloc_zero_array(mem_ctx, char *, *num);
	for (i = 0; requests != NULL && i < *num; i++) {
		requests[i] =
			make_request(requests, options, command,
				     (command->kind == COMMAND_NAMES) ? names[i]
								      : NULL);
		if (requests[i] == NULL) {
			return NULL;
		}
	}
	return requests;
}

static enum exit_code no_service(enum client_error error)
{
	say("%s", client_error_text(error));
	return EXIT_NO_SERVICE;
}

static enum exit_code run_follow(TALLOC_CTX *mem_ctx,
				 const struct options *options)
{
	const struct follow_options follow = {
		.config = options->config,
		.seconds = (unsigned)options->seconds,
		.json = options->json,
		.count = (options->number != NUMBER_UNSET)
				 ? (unsigned)options->number
				 : FOLLOW_FROM,
	};
	enum client_error error = follow_events(mem_ctx, &follow);

	return (error == CLIENT_OK) ? EXIT_DONE : no_service(error);
}

static enum exit_code run(TALLOC_CTX *mem_ctx, const struct options *options,
			  const struct command *command, const char **names)
{
	struct answers answers = { .options = options };
	struct client *client = NULL;
	enum client_error error;
	char **requests = NULL;
	size_t num = 0;

	if (options->follow) {
		return run_follow(mem_ctx, options);
	}
	requests = make_requests(mem_ctx, options, command, names, &num);
	if (requests == NULL) {
		say("out of memory");
		return EXIT_REFUSED;
	}
	error = client_connect(mem_ctx, options->config,
			       (unsigned)options->seconds, &client);
	if (error == CLIENT_OK) {
		error = client_ask(client, requests, num,
				   (unsigned)options->seconds,
				   (command->kind == COMMAND_QUESTION)
					   ? print_answer
					   : got_outcome,
				   &answers);
	}
	if (error != CLIENT_OK) {
		return no_service(error);
	}
	return answers.refused ? EXIT_REFUSED : EXIT_DONE;
}

/*
 * The command line.
 */

/* Returns NULL when it is right, else what is wrong; a constant string. */
static const char *check_usage(const struct options *options,
			       const struct command *command,
			       const char **names)
{
	bool has_names = (names != NULL && names[0] != NULL);

	if (command == NULL) {
		return "unknown command; --help lists them";
	}
	if (command->kind == COMMAND_NAMES && !has_names) {
		return "which name? Give at least one";
	}
	if (command->kind != COMMAND_NAMES && has_names) {
		return "this command takes no name";
	}
	if ((options->number != NUMBER_UNSET || options->follow) &&
	    strcmp(command->word, "events") != 0) {
		return "-n and --follow go with events";
	}
	if (options->number != NUMBER_UNSET &&
	    (options->number < 1 || options->number > MESSENGER_EVENT_RING)) {
		return "-n takes a number from 1 to 256";
	}
	if (options->seconds < 1) {
		return "-t takes a number of seconds, 1 or more";
	}
	for (; has_names && *names != NULL; names++) {
		if (strlen(*names) > 200) {
			return "a name has at most 15 bytes";
		}
	}
	return NULL;
}

static enum exit_code main_command(TALLOC_CTX *mem_ctx, poptContext pc,
				   const struct options *options, int opt)
{
	const char *word = NULL;
	const char **names = NULL;
	const struct command *command = NULL;
	const char *wrong = NULL;

	if (opt == 'h') {
		poptPrintHelp(pc, stdout, 0);
		print_commands();
		return EXIT_DONE;
	}
	if (opt == 'V') {
		printf("%s %s\n", program, PACKAGE_VERSION);
		return EXIT_DONE;
	}
	if (opt < -1) {
		say("%s: %s", poptBadOption(pc, POPT_BADOPTION_NOALIAS),
		    poptStrerror(opt));
		return EXIT_USAGE;
	}
	word = poptGetArg(pc);
	if (word == NULL) {
		say("which command? --help lists them");
		return EXIT_USAGE;
	}
	names = poptGetArgs(pc);
	command = find_command(word);
	wrong = check_usage(options, command, names);
	if (wrong != NULL) {
		say("%s: %s", word, wrong);
		return EXIT_USAGE;
	}
	return run(mem_ctx, options, command, names);
}

int main(int argc, const char **argv)
{
	struct options options = { .seconds = 10, .number = NUMBER_UNSET };
	struct poptOption table[] = {
		{ "configfile", 's', POPT_ARG_STRING, &options.config, 0,
		  "Use this smb.conf", "FILE" },
		{ "timeout", 't', POPT_ARG_INT, &options.seconds, 0,
		  "Wait so long for an answer (10)", "SECONDS" },
		{ "json", '\0', POPT_ARG_NONE, &options.json, 0, "Print JSON",
		  NULL },
		{ "number", 'n', POPT_ARG_INT, &options.number, 0,
		  "So many events, at most 256 (20)", "N" },
		{ "follow", 'f', POPT_ARG_NONE, &options.follow, 0,
		  "Go on printing events as they happen", NULL },
		{ "help", 'h', POPT_ARG_NONE, NULL, 'h', "Print this help",
		  NULL },
		{ "version", 'V', POPT_ARG_NONE, NULL, 'V', "Print the version",
		  NULL },
		POPT_TABLEEND
	};
	/* Samba's libraries want one below them */
	TALLOC_CTX *mem_ctx = _talloc_stackframe(__location__);
	poptContext pc = poptGetContext(program, argc, argv, table, 0);
	enum exit_code code;

	poptSetOtherOptionHelp(pc, "[OPTION...] COMMAND [NAME...]");
	code = main_command(mem_ctx, pc, &options, poptGetNextOpt(pc));
	poptFreeContext(pc);
	talloc_free(mem_ctx);
	if (fflush(stdout) != 0) {
		say("cannot write to standard output");
		return EXIT_REFUSED;
	}
	return code;
}

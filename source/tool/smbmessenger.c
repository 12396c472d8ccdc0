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
#include "commands.h"
#include "follow.h"
#include "samba_private.h"
#include "say.h"

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
};

static void print_answer(void *private_data, const char *text)
{
	fputs(text, stdout);
}

/* The service is in one of three conditions: is this a word for one? */
static bool read_condition(struct answers *a, const char *text, size_t len)
{
	int c;

	for (c = SERVICE_WELL; c <= SERVICE_DOWN; c++) {
		const char *word = service_condition_str(c);

		if (strlen(word) == len && memcmp(word, text, len) == 0) {
			a->status = service_condition_exit(c);
			return true;
		}
	}
	return false;
}

/* Of two questions: how it does in one word, and in many. */
static void got_status(void *private_data, const char *text)
{
	struct answers *a = private_data;
	json_t *o = a->options->json ? json_loads(text, 0, NULL) : NULL;
	const char *word =
		json_string_value(json_object_get(o, "condition"));

	if (word != NULL) {
		(void)read_condition(a, word, strlen(word));
	}
	json_decref(o);
	if (!read_condition(a, text, strcspn(text, "\n"))) {
		fputs(text, stdout);
	}
}

static void print_json(const json_t *o)
{
	char *dump = json_dumps(o, JSON_COMPACT);

	printf("%s\n", (dump != NULL) ? dump : "{}");
	free(dump);
}

static const char *string_of(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return (s != NULL) ? s : "";
}

/* " It is held by 10.88.0.9, the computer PLANT1." */
static void add_holder(char **text, const json_t *holder)
{
	const char *computer = string_of(holder, "computer");

	if (holder != NULL && *text != NULL) {
		*text = talloc_asprintf_append(
			*text, " It is held by %s%s%s.",
			string_of(holder, "address"),
			(computer[0] != '\0') ? ", the computer " : "",
			computer);
	}
}

static void print_outcome(const json_t *o)
{
	char *text = NULL;

	if (json_is_true(json_object_get(o, "ok"))) {
		printf("%s: %s\n", string_of(o, "name"),
		       string_of(o, "message"));
		return;
	}
	text = talloc_asprintf(
		NULL, "%s: error %d (%s): %s", string_of(o, "name"),
		(int)json_integer_value(json_object_get(o, "code")),
		string_of(o, "code_name"), string_of(o, "message"));
	add_holder(&text, json_object_get(o, "holder"));
	say("%s", (text != NULL) ? text : "out of memory");
	talloc_free(text);
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
	}
	if (!json_is_true(json_object_get(o, "ok"))) {
		a->status = EXIT_REFUSED;
	}
	if (a->options->json) {
		print_json(o);
	} else {
		print_outcome(o);
	}
	json_decref(o);
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

static size_t count_requests(const struct options *options,
			     const struct command *command, const char **names)
{
	size_t num = 0;

	if (command->kind == COMMAND_STATUS && !options->json) {
		return 2;
	}
	if (command->kind != COMMAND_NAMES) {
		return 1;
	}
	while (names[num] != NULL) {
		num++;
	}
	return num;
}

/* Returns NULL without memory. */
static char **make_requests(TALLOC_CTX *mem_ctx, const struct options *options,
			    const struct command *command, const char **names,
			    size_t num)
{
	char **requests = talloc_zero_array(mem_ctx, char *, num);
	bool named = (command->kind == COMMAND_NAMES);
	size_t i;

	for (i = 0; requests != NULL && i < num; i++) {
		requests[i] =
			(command->kind == COMMAND_STATUS && i > 0)
				? talloc_strdup(requests, "condition")
				: make_request(requests, options, command,
					       named ? names[i] : NULL);
		if (requests[i] == NULL) {
			return NULL;
		}
	}
	return requests;
}

static enum exit_status no_service(const struct options *options,
				   enum client_error error)
{
	say_end(options->json, EXIT_NO_SERVICE, "%s",
		client_error_text(error));
	return EXIT_NO_SERVICE;
}

static enum exit_status run_follow(TALLOC_CTX *mem_ctx,
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

	return (error == CLIENT_OK) ? EXIT_DONE : no_service(options, error);
}

static enum exit_status run(TALLOC_CTX *mem_ctx, const struct options *options,
			    const struct command *command, const char **names)
{
	static void (*const got[])(void *, const char *) = {
		[COMMAND_QUESTION] = print_answer,
		[COMMAND_STATUS] = got_status,
		[COMMAND_ORDER] = got_outcome,
		[COMMAND_NAMES] = got_outcome,
	};
	struct answers answers = { .options = options, .command = command };
	size_t num = count_requests(options, command, names);
	char **requests = NULL;
	struct client *client = NULL;
	enum client_error error;

	if (options->follow) {
		return run_follow(mem_ctx, options);
	}
	requests = make_requests(mem_ctx, options, command, names, num);
	if (requests == NULL) {
		say_end(options->json, EXIT_REFUSED, "out of memory");
		return EXIT_REFUSED;
	}
	error = client_connect(mem_ctx, options->config,
			       (unsigned)options->seconds, &client);
	if (error == CLIENT_OK) {
		error = client_ask(client, requests, num,
				   (unsigned)options->seconds,
				   got[command->kind], &answers);
	}
	return (error == CLIENT_OK) ? answers.status
				    : no_service(options, error);
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
		  "So many events, at most 256 (20)", "N" },
		{ "follow", 'f', POPT_ARG_NONE, &options.follow, 0,
		  "Go on printing events as they happen", NULL },
		{ "if-missing", '\0', POPT_ARG_NONE, &options.if_missing, 0,
		  "add: content if it is there already", NULL },
		{ "if-present", '\0', POPT_ARG_NONE, &options.if_present, 0,
		  "delete: content if it is not there", NULL },
		{ "help", 'h', POPT_ARG_NONE, NULL, 'h', "Print this help",
		  NULL },
		{ "version", 'V', POPT_ARG_NONE, NULL, 'V', "Print the version",
		  NULL },
		POPT_TABLEEND
	};
	/* Samba's libraries want one below them */
	TALLOC_CTX *mem_ctx = _talloc_stackframe(__location__);
	poptContext pc = poptGetContext(program, argc, argv, table, 0);
	enum exit_status status;

	poptSetOtherOptionHelp(pc, "[OPTION...] [COMMAND [NAME...]]");
	status = main_command(mem_ctx, pc, &options, poptGetNextOpt(pc));
	poptFreeContext(pc);
	talloc_free(mem_ctx);
	if (fflush(stdout) != 0) {
		say("cannot write to standard output");
		return EXIT_REFUSED;
	}
	return (int)status;
}

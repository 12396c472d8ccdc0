/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What smbmessenger can be told to do, and what does not go together.
 */

#include "commands.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "deliver.h"
#include "say.h"

#define SECONDS_DEFAULT 10
#define SECONDS_MAX	3600

static const struct command commands[] = {
	{ "", "status and list", COMMAND_STATUS, "", 0, NULL },
	{ "list", "the message aliases", COMMAND_QUESTION, "list", 0, NULL },
	{ "status", "the Messenger service, and all that is not well",
	  COMMAND_STATUS, "status", 0, NULL },
	{ "add", "add message aliases: add NAME...", COMMAND_NAMES, "add", 0,
	  NULL },
	{ "ensure", "see that they are registered: ensure NAME...",
	  COMMAND_NAMES, "ensure", 0, NULL },
	{ "delete", "delete message aliases: delete NAME...", COMMAND_NAMES,
	  "delete", 0, NULL },
	{ "start", "start the service, or try again", COMMAND_ORDER, "start",
	  NERR_MsgAlreadyStarted, "is running already" },
	{ "stop", "release every alias", COMMAND_ORDER, "stop",
	  NERR_MsgNotStarted, "is stopped already" },
	{ "events", "the last events: events [-n N] [-f]", COMMAND_QUESTION,
	  "events", 0, NULL },
	{ "explain", "what is wrong, why, and what to do", COMMAND_QUESTION,
	  "explain", 0, NULL },
	{ "names", "every name of this server, and who else holds one",
	  COMMAND_QUESTION, "names", 0, NULL },
	{ "who", "who holds a name: who NAME[#TYPE]...", COMMAND_WHO, "who", 0,
	  NULL },
	{ "nodes", "the nodes of the cluster, and which of them holds names",
	  COMMAND_QUESTION, "nodes", 0, NULL },
	{ "messages", "the last messages: messages [-n N] [-f] [ALIAS...]",
	  COMMAND_MESSAGES, "messages", 0, NULL },
	{ "send", "send a message: send NAME [TEXT...]", COMMAND_SEND, NULL, 0,
	  NULL },
	{ "notify", "hand messages on to people, as messenger:notify says",
	  COMMAND_NOTIFY, NULL, 0, NULL },
	{ "deliver", "for smbd: deliver FILE SENDER ALIAS MACHINE ADDRESS",
	  COMMAND_DELIVER, NULL, 0, NULL },
};

const struct command *command_find(const char *word)
{
	size_t i;

	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(commands[i].word, word) == 0) {
			return &commands[i];
		}
	}
	return NULL;
}

void commands_print(void)
{
	size_t i;

	printf("\nCommands:\n");
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		printf("  %-8s %s\n",
		       (commands[i].word[0] != '\0') ? commands[i].word
						     : "(none)",
		       commands[i].meaning);
	}
	printf("  %-8s this text\n\nExit status:\n", "help");
	for (i = 0; exit_status_text((int)i) != NULL; i++) {
		printf("  %-8zu %s\n", i, exit_status_text((int)i));
	}
}

/* text NULL: not given, the number stays. */
static bool parse_number(const char *text, int max, int *number)
{
	char *end = NULL;
	long value;

	if (text == NULL) {
		return true;
	}
	errno = 0;
	value = strtol(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0' || value < 1 ||
	    value > max) {
		return false;
	}
	*number = (int)value;
	return true;
}

static bool is_folder(const char *path)
{
	struct stat st;

	return path != NULL && stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool takes(const struct command *c, const char *word)
{
	return strcmp(c->word, word) == 0;
}

static const char *check_names(const struct command *command,
			       const char **names)
{
	size_t num = 0;

	while (names != NULL && names[num] != NULL) {
		num++;
	}
	switch (command->kind) {
	case COMMAND_NAMES:
	case COMMAND_WHO:
		return (num == 0) ? "which name? Give at least one" : NULL;
	case COMMAND_SEND:
		return (num == 0) ? "to which name?" : NULL;
	case COMMAND_DELIVER:
		/* the machine may have none */
		return (num < DELIVER_WORDS - 1 || num > DELIVER_WORDS)
			       ? "it takes FILE SENDER ALIAS MACHINE ADDRESS"
			       : NULL;
	case COMMAND_MESSAGES:
		return NULL;
	default:
		break;
	}
	return (num > 0) ? "this command takes no name" : NULL;
}

const char *command_check(struct options *options,
			  const struct command *command, const char **names)
{
	const char *wrong = NULL;

	options->number = NUMBER_UNSET;
	options->seconds = SECONDS_DEFAULT;
	if (command == NULL) {
		return "unknown command; smbmessenger help lists them";
	}
	wrong = check_names(command, names);
	if (wrong != NULL) {
		return wrong;
	}
	if ((options->number_text != NULL || options->follow) &&
	    !takes(command, "events") && !takes(command, "messages")) {
		return "-n and --follow go with events and messages";
	}
	if (options->user != NULL || options->auth_file != NULL) {
		return "-U and -A go with --server";
	}
	if (options->cluster && !takes(command, "list") &&
	    !takes(command, "status")) {
		return "--cluster goes with list and status";
	}
	if (options->cluster && options->json) {
		return "--cluster prints text; for programs there is "
		       "--json nodes";
	}
	if (options->if_missing && !takes(command, "add")) {
		return "--if-missing goes with add";
	}
	if (options->if_present && !takes(command, "delete")) {
		return "--if-present goes with delete";
	}
	if (!parse_number(options->number_text, MESSENGER_EVENT_RING,
			  &options->number)) {
		return "-n takes a number from 1 to 256";
	}
	if (!parse_number(options->seconds_text, SECONDS_MAX,
			  &options->seconds)) {
		return "-t takes a number of seconds from 1 to 3600";
	}
	if (is_folder(options->config)) {
		return "-s takes an smb.conf, and this is a folder";
	}
	return NULL;
}

bool command_read_condition(const char *text, size_t len,
			    enum exit_status *status)
{
	int c;

	for (c = SERVICE_WELL; c <= SERVICE_DOWN; c++) {
		const char *word = service_condition_str(c);

		if (strlen(word) == len && memcmp(word, text, len) == 0) {
			*status = service_condition_exit(c);
			return true;
		}
	}
	return false;
}

bool command_name_again(const char **names, size_t i)
{
	size_t n = 0;

	while (n < i && strcasecmp(names[n], names[i]) != 0) {
		n++;
	}
	return n < i;
}

bool command_line_is_json(int argc, const char *const *argv)
{
	int i;

	for (i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (strcmp(argv[i], "--json") == 0) {
			return true;
		}
	}
	return false;
}

bool command_line_is_raw(int argc, const char *const *argv)
{
	int i = 1;

	while (i + 1 < argc && strcmp(argv[i], "-s") == 0) {
		i += 2;
	}
	return i < argc && strcmp(argv[i], "deliver") == 0;
}

enum exit_status command_elsewhere(const char **argv, bool json)
{
	execv(SMBMESSENGER_REMOTE, (char *const *)(uintptr_t)argv);
	if (errno == ENOENT) {
		say_end(json, EXIT_NO_SERVICE,
			"--server needs the package nmbd-messenger-rpc, which "
			"is not installed here");
	} else {
		say_end(json, EXIT_NO_SERVICE, "%s: %s", SMBMESSENGER_REMOTE,
			strerror(errno));
	}
	return EXIT_NO_SERVICE;
}

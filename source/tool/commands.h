/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What smbmessenger can be told to do.
 */

#ifndef MESSENGER_SOURCE_COMMANDS_H
#define MESSENGER_SOURCE_COMMANDS_H

#include <stdbool.h>
#include <stddef.h>

#include "messenger.h"

/* A number that was not given. */
#define NUMBER_UNSET (-1)

struct options {
	char *config;
	char *seconds_text;
	char *number_text;
	int seconds;
	int json;
	int number; /* of events; NUMBER_UNSET: as nmbd likes */
	int follow;
	int if_missing;
	int if_present;
	int cluster;
	/* of another machine: for command_elsewhere() */
	char *server;
	char *user;
	char *auth_file;
};

enum command_kind {
	COMMAND_QUESTION, /* an answer to print */
	COMMAND_STATUS,	  /* likewise, and how the service does */
	COMMAND_ORDER,	  /* an outcome, of the service */
	COMMAND_NAMES,	  /* an outcome for each name */
	COMMAND_WHO,	  /* who holds each name */
	COMMAND_MESSAGES, /* those to all names, or to some */
	COMMAND_SEND,	  /* to whoever has a name */
	COMMAND_NOTIFY,	  /* of messages, on and on */
	COMMAND_DELIVER,  /* one that smbd has received */
};

struct command {
	const char *word; /* "": none was given */
	const char *meaning;
	enum command_kind kind;
	const char *request;
	/* with which it is there already, or gone, as it was to be; 0: none */
	enum messenger_code same;
	const char *same_text; /* what is said then */
};

/** @brief The command of this word, or NULL. */
const struct command *command_find(const char *word);

/** @brief A line for each command, and what exit statuses mean. */
void commands_print(void);

/**
 * @brief Read the numbers, and see that all of it goes together.
 *
 * @return NULL when it does, else what is wrong; a constant string.
 */
const char *command_check(struct options *options,
			  const struct command *command, const char **names);

/**
 * @brief The service is in one of three conditions: is this a word for one?
 *
 * @param[out] status  Written if so: the exit status of "status" then.
 */
bool command_read_condition(const char *text, size_t len,
			    enum exit_status *status);

/** @brief Is name i one that was given before it? */
bool command_name_again(const char **names, size_t i);

/**
 * @brief Is JSON wanted, wherever that stands?  Then so is what is wrong
 *        before it is come to.
 */
bool command_line_is_json(int argc, const char *const *argv);

/**
 * @brief Is no word behind the command an option?  Those of deliver are what a
 *        stranger has chosen.
 */
bool command_line_is_raw(int argc, const char *const *argv);

/**
 * @brief Do it on another machine: become the program of the package
 *        nmbd-messenger-rpc that does so, with this command line.
 *
 * @return Only if it cannot be: the exit status, of which the reason is said.
 */
enum exit_status command_elsewhere(const char **argv, bool json);

#endif /* MESSENGER_SOURCE_COMMANDS_H */

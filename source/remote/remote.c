/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * smbmessenger --server HOST: list, add and delete aliases of another machine.
 * smbmessenger starts this with its own command line.  What is a legal name,
 * and whose it is, that machine decides.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <popt.h>
#include <talloc.h>

#include "answers.h"
#include "messenger.h"
#include "msgsvc_name.h"
#include "outcome.h"
#include "say.h"
#include "server.h"
#include "text.h"

#define SECONDS_DEFAULT 30
#define SECONDS_MAX	3600

/* Far more than any server has: 256, and computer names. */
#define NAMES_MAX 4096

struct options {
	struct server_options server;
	char *seconds_text;
	int json;
	int if_missing;
	int if_present;
};

struct run {
	const struct options *options;
	struct server *server;
	enum exit_status status;
};

static enum exit_status no_server(const struct options *o, const char *why)
{
	say_end(o->json, EXIT_NO_SERVICE, "%s: %s", o->server.host, why);
	return EXIT_NO_SERVICE;
}

/*
 * list
 */

/* Returns why not, or NULL. */
static const char *add_names(json_t *aliases, const struct msgsvc_reply *reply)
{
	char *text = NULL;
	size_t i;

	for (i = 0; i < reply->num; i++) {
		if (json_array_size(aliases) >= NAMES_MAX) {
			return "it has no end of names";
		}
		if (msgsvc_name_to_unix(reply->names, &reply->names[i],
					&text) != NERR_Success) {
			return "it has a name that cannot be shown here";
		}
		(void)json_array_append_new(
			aliases,
			json_pack("{s:o, s:s}", "name", text_json(text),
				  "state", alias_state_str(ALIAS_REGISTERED)));
	}
	return NULL;
}

static void print_list(const struct options *o, json_t *aliases)
{
	json_t *root = NULL;
	char *dump = NULL;
	size_t i;

	if (o->json) {
		root = json_pack("{s:i, s:s, s:O}", "schema",
				 MESSENGER_ANSWER_SCHEMA, "server",
				 o->server.host, "aliases", aliases);
		dump = json_dumps(root, JSON_COMPACT);
		printf("%s\n", (dump != NULL) ? dump : "{\"ok\":false}");
		free(dump);
		json_decref(root);
		return;
	}
	printf("Message aliases of %s\n\nNAME\n", o->server.host);
	for (i = 0; i < json_array_size(aliases); i++) {
		const char *name = json_string_value(
			json_object_get(json_array_get(aliases, i), "name"));
		bool shown = name != NULL && !text_has_control(name);

		printf("%s\n", shown ? name : "?");
	}
}

static enum exit_status refused(const struct options *o, uint32_t code)
{
	say_end(o->json, EXIT_REFUSED, "%s: error %u (%s): %s", o->server.host,
		code, msgsvc_code_name(code), msgsvc_code_text(code));
	return EXIT_REFUSED;
}

static enum exit_status run_list(TALLOC_CTX *mem_ctx, struct run *run)
{
	struct msgsvc_request req = { .method = MSGSVC_NAME_ENUM,
				      .pref_max_len = MSGSVC_NO_LIMIT,
				      .has_resume = true };
	json_t *aliases = json_array();
	struct msgsvc_reply reply = { .code = MSGSVC_MORE_DATA };
	enum exit_status status = EXIT_DONE;
	const char *why = NULL;

	/* a reply with nothing in it would begin again for ever */
	do {
		req.resume = reply.resume;
		if (server_call(mem_ctx, run->server, &req, &reply, &why)) {
			why = add_names(aliases, &reply);
		}
	} while (why == NULL && reply.code == MSGSVC_MORE_DATA &&
		 reply.num > 0);
	if (why != NULL) {
		status = no_server(run->options, why);
	} else if (reply.code != NERR_Success) {
		status = refused(run->options, reply.code);
	} else {
		print_list(run->options, aliases);
	}
	json_decref(aliases);
	return status;
}

/*
 * add, delete
 */

/* What was done, or what is so already and was to be; else NULL. */
static const char *done_text(const struct run *run, enum msgsvc_method method,
			     uint32_t code)
{
	if (code == NERR_Success) {
		return (method == MSGSVC_NAME_ADD) ? "added" : "deleted";
	}
	if (run->options->if_missing && code == NERR_AlreadyExists) {
		return "is there already";
	}
	if (run->options->if_present && code == NERR_NotLocalName) {
		return "is not there";
	}
	return NULL;
}

static void show_outcome(struct run *run, const struct msgsvc_request *req,
			 const char *name, uint32_t code)
{
	const char *done = done_text(run, req->method, code);
	json_t *o = json_pack("{s:i, s:s, s:b, s:o, s:i, s:s, s:s}", "schema",
			      MESSENGER_ANSWER_SCHEMA, "server",
			      run->options->server.host, "ok", done != NULL,
			      "name", text_json(name), "code", (int)code,
			      "code_name", msgsvc_code_name(code), "message",
			      (done != NULL) ? done : msgsvc_code_text(code));

	if (done != NULL) {
		(void)json_object_set_new(o, "changed",
					  json_boolean(code == NERR_Success));
	}
	if (!outcome_print(o, run->options->json)) {
		run->status = EXIT_REFUSED;
	}
	json_decref(o);
}

static enum exit_status run_names(TALLOC_CTX *mem_ctx, struct run *run,
				  enum msgsvc_method method, const char **names)
{
	struct msgsvc_request req = { .method = method };
	struct msgsvc_reply reply;
	const char *why = NULL;

	for (; *names != NULL; names++) {
		if (!outcome_possible(*names, run->options->json)) {
			run->status = EXIT_REFUSED;
			continue;
		}
		if (!msgsvc_name_from(mem_ctx, CH_UNIX, *names, &req.name)) {
			show_outcome(run, &req, *names, ERROR_INVALID_NAME_);
			continue;
		}
		if (!server_call(mem_ctx, run->server, &req, &reply, &why)) {
			return no_server(run->options, why);
		}
		show_outcome(run, &req, *names, reply.code);
	}
	return run->status;
}

/*
 * The command line.
 */

static const char *check(struct options *o, const char *word,
			 const char **names)
{
	bool list = strcmp(word, "list") == 0;
	bool add = strcmp(word, "add") == 0;
	char *end = NULL;
	long seconds = SECONDS_DEFAULT;

	if (!list && !add && strcmp(word, "delete") != 0) {
		return "of another machine there are list, add and delete";
	}
	if (list != (names == NULL || names[0] == NULL)) {
		return list ? "it takes no name" : "which name?";
	}
	if ((o->if_missing && !add) || (o->if_present && (add || list))) {
		return "--if-missing is for add, --if-present for delete";
	}
	if (o->seconds_text != NULL) {
		seconds = strtol(o->seconds_text, &end, 10);
		if (end == o->seconds_text || *end != '\0' || seconds < 1 ||
		    seconds > SECONDS_MAX) {
			return "the seconds are a number from 1 to 3600";
		}
	}
	o->server.seconds = (unsigned)seconds;
	return NULL;
}

static enum exit_status main_command(TALLOC_CTX *mem_ctx, poptContext pc,
				     struct options *o, int opt)
{
	struct run run = { .options = o, .status = EXIT_DONE };
	const char *word = NULL;
	const char **names = NULL;
	const char *why = NULL;

	if (opt < -1) {
		say_end(o->json, EXIT_USAGE,
			"%s: not of another machine (--server)",
			poptBadOption(pc, POPT_BADOPTION_NOALIAS));
		return EXIT_USAGE;
	}
	word = poptGetArg(pc);
	word = (word != NULL) ? word : "";
	names = poptGetArgs(pc);
	why = (o->server.host != NULL) ? check(o, word, names)
				       : "--server names no machine";
	if (why != NULL) {
		say_end(o->json, EXIT_USAGE, "%s%s%s", word,
			(word[0] != '\0') ? ": " : "", why);
		return EXIT_USAGE;
	}
	run.server = server_connect(mem_ctx, &o->server, &why);
	if (run.server == NULL) {
		return no_server(o, why);
	}
	if (strcmp(word, "list") == 0) {
		return run_list(mem_ctx, &run);
	}
	return run_names(mem_ctx, &run,
			 (strcmp(word, "add") == 0) ? MSGSVC_NAME_ADD
						    : MSGSVC_NAME_DEL,
			 names);
}

int main(int argc, const char **argv)
{
	struct options o = { .json = 0 };
	struct poptOption table[] = {
		{ "server", '\0', POPT_ARG_STRING, &o.server.host, 0, NULL,
		  NULL },
		{ "user", 'U', POPT_ARG_STRING, &o.server.user, 0, NULL, NULL },
		{ "authentication-file", 'A', POPT_ARG_STRING,
		  &o.server.auth_file, 0, NULL, NULL },
		{ "configfile", 's', POPT_ARG_STRING, &o.server.config, 0, NULL,
		  NULL },
		{ "timeout", 't', POPT_ARG_STRING, &o.seconds_text, 0, NULL,
		  NULL },
		{ "json", '\0', POPT_ARG_NONE, &o.json, 0, NULL, NULL },
		{ "if-missing", '\0', POPT_ARG_NONE, &o.if_missing, 0, NULL,
		  NULL },
		{ "if-present", '\0', POPT_ARG_NONE, &o.if_present, 0, NULL,
		  NULL },
		POPT_TABLEEND
	};
	TALLOC_CTX *mem_ctx = talloc_new(NULL);
	poptContext pc = poptGetContext("smbmessenger", argc, argv, table, 0);
	enum exit_status status =
		main_command(mem_ctx, pc, &o, poptGetNextOpt(pc));

	poptFreeContext(pc);
	talloc_free(mem_ctx);
	if (fflush(stdout) != 0) {
		say("cannot write to standard output");
		return EXIT_REFUSED;
	}
	return (int)status;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * smbmessenger send: nmbd is asked who has the name, smbclient sends, and what
 * is said of it is true.  And smbmessenger deliver.
 */

#include "sending.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <jansson.h>

#include "deliver.h"
#include "dos_text.h"
#include "message.h"
#include "name.h"
#include "outcome.h"
#include "samba_private.h"
#include "say.h"
#include "send.h"
#include "text.h"

#define TYPE_ALIAS 0x03

/* smbclient takes so much and drops the rest. */
#define INPUT_MAX 1500
/* More is not read: it is cut in any case. */
#define TEXT_READ 65536

/* Who has the name. */
struct target {
	json_t *answer; /* to "who" */
	const char *address;
	const char *computer; /* NULL: it did not say, or it is this one */
	const char *reason;   /* why it could not be asked; NULL: it was */
};

static const char *string_of(const json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

static void got_who(void *private_data, const char *text)
{
	struct target *t = private_data;

	t->answer = json_loads(text, 0, NULL);
}

/* The first that has it, this server before all others. */
static void find_target(struct target *t)
{
	const json_t *subnets = json_object_get(
		json_array_get(json_object_get(t->answer, "names"), 0),
		"subnets");
	const json_t *s = NULL;
	size_t i;

	json_array_foreach(subnets, i, s) {
		const char *state = string_of(s, "state");
		const json_t *holder = json_object_get(s, "holder");

		if (state == NULL) {
			continue;
		}
		if (strcmp(state, "ours") == 0 &&
		    strncmp(string_of(s, "subnet"), "UNICAST", 7) != 0) {
			t->address = string_of(s, "subnet");
			t->computer = NULL;
			return;
		}
		if (strcmp(state, "held") == 0 && t->address == NULL) {
			t->address = string_of(holder, "address");
			t->computer = string_of(holder, "computer");
		}
		if (strcmp(state, "waiting") == 0) {
			t->reason = string_of(s, "reason");
		}
	}
}

/* Each returns NULL without memory. */

static char *join(TALLOC_CTX *mem_ctx, const char **words)
{
	char *text = talloc_strdup(mem_ctx, "");

	for (; *words != NULL; words++) {
		text_add(&text, "%s%s", *words, (words[1] != NULL) ? " " : "");
	}
	return text;
}

/* Standard input; *err is an errno. */
static char *read_input(TALLOC_CTX *mem_ctx, int *err)
{
	char *text = talloc_strdup(mem_ctx, "");
	char piece[512];

	if (isatty(STDIN_FILENO) == 1) {
		fprintf(stderr, "Text, end with Ctrl-D:\n");
	}
	while (text != NULL && strlen(text) < TEXT_READ &&
	       fgets(piece, sizeof(piece), stdin) != NULL) {
		text_add(&text, "%s", piece);
	}
	*err = ferror(stdin) ? errno : 0;
	return text;
}

/* What of the text did not go as it was typed. */
static void tell_losses(const struct dos_text *text)
{
	if (text->lost > 0) {
		say("%zu character%s sent as ?: the charset of messages, %s, "
		    "does not have %s",
		    text->lost, (text->lost == 1) ? " was" : "s were",
		    dos_charset(), (text->lost == 1) ? "it" : "them");
	}
	if (text->cut) {
		say("the text was cut: its first %zu characters were sent; %s "
		    "no more",
		    text->characters,
		    (text->characters == MESSAGE_TEXT_MAX)
			    ? "a message has"
			    : "smbclient takes");
	}
}

/* Who is at the keyboard. */
static const char *sender_name(void)
{
	const char *name = getenv("SUDO_USER");
	const struct passwd *pw = NULL;

	if (name != NULL && name[0] != '\0') {
		return name;
	}
	pw = getpwuid(getuid());
	return (pw != NULL) ? pw->pw_name : "root";
}

/*
 * This one, as smbd writes it: smbclient makes it upper case before it knows
 * of any charset.
 */
static char *machine_name(TALLOC_CTX *mem_ctx)
{
	const struct dos_text *name = dos_text(mem_ctx, lp_netbios_name(),
					       MESSAGE_NAME_MAX, INPUT_MAX);
	char *p = NULL;

	if (name == NULL) {
		return NULL;
	}
	for (p = name->bytes; *p != '\0'; p++) {
		*p = ((unsigned char)*p < 0x80) ? *p : '_';
	}
	return name->bytes;
}

/* "PLANT1 (10.88.0.9)" */
static char *host_name(TALLOC_CTX *mem_ctx, const struct target *t)
{
	if (t->computer == NULL) {
		return talloc_strdup(mem_ctx, t->address);
	}
	return talloc_asprintf(mem_ctx, "%s (%s)", t->computer, t->address);
}

static void print_taken(const char *name, const char *host, bool json)
{
	char *message = talloc_asprintf(NULL, "delivered to %s", host);
	json_t *o = NULL;
	char *dump = NULL;

	if (!json || message == NULL) {
		printf("%s: delivered to %s\n", name, host);
		talloc_free(message);
		return;
	}
	o = json_pack("{s:i, s:b, s:o, s:i, s:s, s:o, s:b}", "schema",
		      MESSENGER_ANSWER_SCHEMA, "ok", true, "name", text_json(name),
		      "code", NERR_Success, "code_name",
		      messenger_code_name(NERR_Success), "message",
		      text_json(message), "changed", true);
	dump = json_dumps(o, JSON_COMPACT);
	printf("%s\n", (dump != NULL) ? dump : "{}");
	free(dump);
	json_decref(o);
	talloc_free(message);
}

static enum exit_status send_to(TALLOC_CTX *mem_ctx, const struct target *t,
				const struct options *options,
				const char *name, const char *text)
{
	const struct dos_text *on_wire =
		dos_text(mem_ctx, text, MESSAGE_TEXT_MAX, INPUT_MAX);
	const struct dos_text *to =
		dos_text(mem_ctx, name, MESSAGE_NAME_MAX, INPUT_MAX);
	const struct dos_text *from =
		dos_text(mem_ctx, sender_name(), MESSAGE_NAME_MAX, INPUT_MAX);
	struct send_order order = {
		.config = options->config,
		.address = t->address,
		.charset = dos_charset(),
		.machine = machine_name(mem_ctx),
		.seconds = (unsigned)options->seconds,
	};
	char *host = host_name(mem_ctx, t);
	char *why = NULL;
	enum send_verdict verdict = SEND_NOT_TRIED;

	if (on_wire != NULL && to != NULL && from != NULL &&
	    order.machine != NULL) {
		order.text = on_wire->bytes;
		order.name = to->bytes;
		order.sender = from->bytes;
		verdict = send_message(mem_ctx, &order, &why);
	}
	host = (host != NULL) ? host : (char *)t->address;
	why = (why != NULL) ? why : (char *)"out of memory";
	switch (verdict) {
	case SEND_TAKEN:
		tell_losses(on_wire);
		print_taken(name, host, options->json);
		return EXIT_DONE;
	case SEND_REFUSED:
		say_end(options->json, EXIT_REFUSED,
			"%s: refused by %s: %s%s", name, host, why,
			send_meaning(why));
		return EXIT_REFUSED;
	case SEND_ENDED:
		say_end(options->json, EXIT_REFUSED,
			"%s: the session with %s ended without an answer to "
			"the message: %s. A Samba server without \"server min "
			"protocol = NT1\" does so, and takes none; any other "
			"may have taken it or not",
			name, host, why);
		return EXIT_REFUSED;
	case SEND_UNREACHABLE:
		say_end(options->json, EXIT_REFUSED,
			"%s: %s has the name, and takes no session on port "
			"139: %s%s",
			name, host, why, send_meaning(why));
		return EXIT_REFUSED;
	case SEND_SILENT:
		say_end(options->json, EXIT_REFUSED,
			"%s: no answer from %s within %d seconds: it may have "
			"taken the message or not",
			name, host, options->seconds);
		return EXIT_REFUSED;
	case SEND_NOT_TRIED:
		break;
	}
	say_end(options->json, EXIT_NO_SERVICE, "%s", why);
	return EXIT_NO_SERVICE;
}

/* nmbd says what is no name as it does of an add. */
static enum exit_status no_name(const struct target *t,
				const struct options *options,
				const char *name)
{
	const char *message = string_of(t->answer, "message");

	if (message != NULL) {
		say_end(options->json, EXIT_REFUSED, "%s: %s", name, message);
	} else if (t->reason != NULL) {
		say_end(options->json, EXIT_REFUSED,
			"nobody who could be asked has the name %s; not all "
			"could: %s",
			name, t->reason);
	} else {
		say_end(options->json, EXIT_REFUSED,
			"nobody on the network has the name %s", name);
	}
	return EXIT_REFUSED;
}

/* Messages are to names of one type: why not to this one, or NULL. */
static const char *doubt(char *name)
{
	int type = messenger_name_cut_type(name);

	if (type != MESSENGER_NAME_NO_TYPE && type != TYPE_ALIAS) {
		return "messages go to names of type <03>; leave the type out";
	}
	/* it takes what is behind it for a type, in any case */
	return (strchr(name, '#') != NULL)
		       ? "smbclient, which sends, takes no name with # in it"
		       : NULL;
}

/* Somebody has the name: whoever is to type the text does so now. */
static enum exit_status send_text(TALLOC_CTX *mem_ctx, const struct target *t,
				  const struct options *options,
				  const char *name, const char **words)
{
	int err = 0;
	char *text = (words[0] != NULL) ? join(mem_ctx, words)
					: read_input(mem_ctx, &err);

	if (text == NULL || err != 0) {
		say_end(options->json, EXIT_USAGE,
			"the text cannot be read: %s; nothing was sent",
			strerror((err != 0) ? err : ENOMEM));
		return EXIT_USAGE;
	}
	return send_to(mem_ctx, t, options, name, text);
}

/* Standard input may be closed: no other descriptor takes its place. */
static bool has_input(void)
{
	return fcntl(STDIN_FILENO, F_GETFD) != -1 ||
	       open("/dev/null", O_WRONLY) != STDIN_FILENO;
}

enum client_error sending_send(TALLOC_CTX *mem_ctx, struct client *client,
			       const struct options *options,
			       const char **words, enum exit_status *status)
{
	struct target t = { .answer = NULL };
	char *name = talloc_strdup(mem_ctx, words[0]);
	char *request = NULL;
	const char *wrong = NULL;
	enum client_error error;

	if (name == NULL) {
		return CLIENT_NO_MESSAGING;
	}
	if (!outcome_possible(words[0], options->json)) {
		*status = EXIT_REFUSED;
		return CLIENT_OK;
	}
	wrong = doubt(name);
	if (!has_input() && words[1] == NULL && wrong == NULL) {
		wrong = "there is no text: standard input is closed";
	}
	if (wrong != NULL) {
		say_end(options->json, EXIT_USAGE, "%s: %s", words[0], wrong);
		*status = EXIT_USAGE;
		return CLIENT_OK;
	}
	request = talloc_asprintf(mem_ctx, "json who %s<03>", name);
	if (request == NULL) {
		return CLIENT_NO_MESSAGING;
	}
	error = client_connect(client);
	if (error == CLIENT_OK) {
		error = client_ask(client, &request, 1, got_who, &t);
	}
	if (error == CLIENT_OK) {
		find_target(&t);
		*status = (t.address != NULL)
				  ? send_text(mem_ctx, &t, options, name,
					      words + 1)
				  : no_name(&t, options, words[0]);
	}
	json_decref(t.answer);
	return error;
}

/* smbd runs it, so it says nothing unless it cannot. */
enum exit_status sending_deliver(TALLOC_CTX *mem_ctx,
				 const struct options *options,
				 const char **words)
{
	const char *why = NULL;
	enum exit_status status =
		deliver(mem_ctx, options->config, words, &why);

	if (why != NULL) {
		say_end(options->json, status, "%s", why);
	}
	return status;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Values in smb.conf, by way of Samba's own functions: one line of the input
 * for each option, in the order of the table below.
 */

#include "fuzz.h"

#include <string.h>

#include "config.h"
#include "text.h"

/* Samba's, source3/param/loadparm.h and lib/util/talloc_stack.h */
bool lp_do_parameter(int snum, const char *name, const char *value);
TALLOC_CTX *_talloc_stackframe(const char *location);

static const char *const options[] = {
	"messenger:aliases",	  "messenger:user aliases",
	"messenger:ignore users", "messenger:max aliases",
	"messenger:store",	  "messenger:restart interval",
	"messenger:rfc timing",	  "messenger:event log",
	"messenger:json log",	  "messenger:journal",
	"netbios aliases",	  "netbios name",
};

#define NUM_OPTIONS (sizeof(options) / sizeof(options[0]))

static void set_options(TALLOC_CTX *frame, const uint8_t *data, size_t len)
{
	char *text = talloc_strndup(frame, (const char *)data, len);
	char *next = text;
	size_t i;

	FUZZ_MUST(text != NULL);
	for (i = 0; i < NUM_OPTIONS; i++) {
		char *value = (next != NULL) ? strsep(&next, "\n") : NULL;

		(void)lp_do_parameter(-1, options[i],
				      (value != NULL) ? value : "");
	}
}

static void check_names(const struct config_name *names)
{
	size_t i;
	size_t j;

	for (i = 0; i < talloc_array_length(names); i++) {
		FUZZ_MUST(!text_has_control(names[i].name));
		for (j = 0; j < i; j++) {
			FUZZ_MUST(!wire_name_equal(&names[i].wire,
						   &names[j].wire));
		}
	}
}

void fuzz_config(const uint8_t *data, size_t len)
{
	TALLOC_CTX *frame = _talloc_stackframe(__location__);
	struct messenger_config *c = NULL;
	size_t i;

	set_options(frame, data, len);
	c = messenger_config_load(frame, NULL);
	FUZZ_MUST(c != NULL);
	check_names(c->computers);
	check_names(c->aliases);
	FUZZ_MUST(c->ignore_users != NULL);
	for (i = 0; c->ignore_users[i] != NULL; i++) {
		FUZZ_MUST(i < len);
	}
	FUZZ_MUST(c->max_aliases <= 10000);
	FUZZ_MUST(c->restart_interval <= 86400);
	for (i = 0; i < talloc_array_length(c->complaints); i++) {
		FUZZ_MUST(c->complaints[i] != NULL);
	}
	talloc_free(frame);
}

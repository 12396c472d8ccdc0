/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * smb.conf -> struct messenger_config.
 */

#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "array.h"
#include "config_names.h"
#include "helper.h"
#include "samba_private.h"
#include "unknown.h"

#define SECTION "messenger"

/* More would not fit into what an administrator can mean. */
#define MAX_ALIASES_LIMIT      10000
#define RESTART_INTERVAL_LIMIT (24 * 60 * 60)

const struct config_option config_options[] = {
	{ "aliases", "", "aliases to hold" },
	{ "user aliases", "no",
	  "logind: hold the name of each user with a "
	  "session on this machine" },
	{ "ignore users", "root", "users who get no alias" },
	{ "max aliases", "256", "beyond it: error 2277" },
	{ "store", "yes",
	  "aliases added by request survive a restart of "
	  "nmbd" },
	{ "restart interval", "0",
	  "seconds after which a failed service "
	  "tries again; 0: only when asked" },
	{ "rfc timing", "yes",
	  "three requests 250 ms apart instead of "
	  "nmbd's four seconds" },
	{ "own names", "yes",
	  "tell who holds the server's other names, as NetBT of Windows "
	  "does" },
	{ "broadcast messages", "no",
	  "take messages that are sent to the whole workgroup or to "
	  "everybody" },
	{ "notify", "",
	  "who is told of messages, by smbmessenger notify: "
	  "ALIAS:ACTION=TARGET" },
	{ "unknown samba", "refuse",
	  "a Samba release this was not built for: refuse, or check, to run "
	  "if all that is compared fits" },
	{ "event log", "", "Samba event log to append to" },
	{ "json log", "", "file for one JSON object per event" },
	{ "journal", "auto",
	  "systemd's journal, or syslog without it: yes, "
	  "no, or auto (silent if there is neither)" },
	{ NULL, NULL, NULL },
};

static const char *fallback(const char *option)
{
	const struct config_option *o = NULL;

	for (o = config_options; o->name != NULL; o++) {
		if (strcmp(o->name, option) == 0) {
			return o->fallback;
		}
	}
	return "";
}

static const char *get(const char *option)
{
	return lp_parm_const_string(-1, SECTION, option, fallback(option));
}

void config_complain(struct config_reading *r, const char *fmt, ...)
{
	struct messenger_config *c = r->config;
	char **more = array_room(c, c->complaints, char *, r->num_complaints);
	char *line = NULL;
	va_list ap;

	if (more == NULL) {
		return;
	}
	c->complaints = more;
	va_start(ap, fmt);
	line = talloc_vasprintf(c, fmt, ap);
	va_end(ap);
	more[r->num_complaints] =
		(line != NULL) ? line : (char *)"out of memory";
	r->num_complaints++;
}

static bool parse_bool(const char *text, bool *value)
{
	static const struct {
		const char *word;
		bool value;
	} words[] = {
		{ "yes", true },  { "true", true }, { "on", true },
		{ "1", true },	  { "no", false },  { "false", false },
		{ "off", false }, { "0", false },
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcasecmp(text, words[i].word) == 0) {
			*value = words[i].value;
			return true;
		}
	}
	return false;
}

static bool get_bool(struct config_reading *r, const char *option)
{
	bool value = false;

	if (!parse_bool(get(option), &value)) {
		config_complain(r,
				SECTION
				":%s = %s: neither yes nor no; taken as %s",
				option, get(option), fallback(option));
		(void)parse_bool(fallback(option), &value);
	}
	return value;
}

static unsigned get_number(struct config_reading *r, const char *option,
			   unsigned long max)
{
	const char *text = get(option);
	unsigned long value = 0;
	char *end = NULL;

	errno = 0;
	value = strtoul(text, &end, 10);
	if (text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0 &&
	    value <= max) {
		return (unsigned)value;
	}
	config_complain(r,
			SECTION
			":%s = %s: not a number from 0 to %lu; taken as %s",
			option, text, max, fallback(option));
	return (unsigned)strtoul(fallback(option), NULL, 10);
}

/* Returns false without memory only; *text stays NULL if it is not set. */
static bool get_string(struct messenger_config *c, const char *option,
		       char **text)
{
	const char *value = get(option);

	if (value[0] == '\0') {
		return true;
	}
	*text = talloc_strdup(c, value);
	return *text != NULL;
}

/* One of two words, is it the second?  Anything else is as the first. */
static bool is_second(struct config_reading *r, const char *option,
		      const char *first, const char *second)
{
	const char *text = get(option);

	if (strcasecmp(text, second) == 0) {
		return true;
	}
	if (strcasecmp(text, first) != 0) {
		config_complain(r,
				SECTION
				":%s = %s: neither %s nor %s; taken as %s",
				option, text, first, second, first);
	}
	return false;
}

static enum config_journal get_journal(struct config_reading *r)
{
	const char *text = get("journal");
	bool value = false;

	if (strcasecmp(text, "auto") == 0) {
		return CONFIG_JOURNAL_AUTO;
	}
	if (!parse_bool(text, &value)) {
		config_complain(r,
				SECTION
				":journal = %s: neither yes, no nor auto; "
				"taken as auto",
				text);
		return CONFIG_JOURNAL_AUTO;
	}
	return value ? CONFIG_JOURNAL_YES : CONFIG_JOURNAL_NO;
}

static bool get_ignore_users(struct messenger_config *c)
{
	static const char *root[] = { "root", NULL };
	const char **list =
		lp_parm_string_list(-1, SECTION, "ignore users", root);
	size_t num = 0;
	size_t i;

	while (list != NULL && list[num] != NULL) {
		num++;
	}
	c->ignore_users = talloc_zero_array(c, char *, num + 1);
	if (c->ignore_users == NULL) {
		return false;
	}
	for (i = 0; i < num; i++) {
		c->ignore_users[i] = talloc_strdup(c->ignore_users, list[i]);
		if (c->ignore_users[i] == NULL) {
			return false;
		}
	}
	return true;
}

/* Samba takes them without a word, and nothing comes of them. */
static void complain_of_unknown(struct config_reading *r, TALLOC_CTX *frame)
{
	char **names = unknown_options(frame, SECTION);
	size_t i;

	for (i = 0; i < talloc_array_length(names); i++) {
		const char *nearest = unknown_nearest(names[i]);

		if (nearest != NULL) {
			config_complain(r,
					SECTION
					":%s: there is no such option, and "
					"it does nothing; perhaps " SECTION
					":%s is meant",
					names[i], nearest);
		} else {
			config_complain(r,
					SECTION
					":%s: there is no such option, and "
					"it does nothing; nmbd_messenger(8) "
					"has them all",
					names[i]);
		}
	}
}

static bool load(struct config_reading *r, TALLOC_CTX *frame)
{
	struct messenger_config *c = r->config;

	if (helper_is_cut(helper_path)) {
		config_complain(
			r,
			"messenger: %s is damaged, it is cut off: there is no "
			"remote administration until its package is "
			"reinstalled and smbd restarted after that",
			helper_path);
	}
	complain_of_unknown(r, frame);
	c->users = is_second(r, "user aliases", "no", "logind")
			   ? CONFIG_USERS_LOGIND
			   : CONFIG_USERS_NONE;
	c->max_aliases = get_number(r, "max aliases", MAX_ALIASES_LIMIT);
	c->store = get_bool(r, "store");
	c->restart_interval =
		get_number(r, "restart interval", RESTART_INTERVAL_LIMIT);
	c->rfc_timing = get_bool(r, "rfc timing");
	c->journal = get_journal(r);
	c->own_names = get_bool(r, "own names");
	c->broadcast_messages = get_bool(r, "broadcast messages");
	/* whether one is to be checked, not refused */
	c->unknown_samba = is_second(r, "unknown samba", "refuse", "check");

	return config_read_computers(r, frame) &&
	       config_read_aliases(r, frame, get("aliases")) &&
	       get_ignore_users(c) &&
	       get_string(c, "event log", &c->event_log) &&
	       get_string(c, "json log", &c->json_log);
}

static void complain_of_another(struct config_reading *r, const char *computer)
{
	const struct config_name *computers = r->config->computers;

	if (computer != NULL && computers != NULL &&
	    strcmp(computers[0].name, computer) != 0) {
		config_complain(r,
				"messenger: netbios name is now %s in "
				"smb.conf; nmbd keeps %s until it is restarted",
				computers[0].name, computer);
	}
}

/* Returns false without memory only. */
static bool end(struct config_reading *r)
{
	struct messenger_config *c = r->config;

	c->complaints = array_end(c, c->complaints, char *, r->num_complaints);
	c->invalid =
		array_end(c, c->invalid, struct config_invalid, r->num_invalid);
	return (c->complaints != NULL || r->num_complaints == 0) &&
	       (c->invalid != NULL || r->num_invalid == 0);
}

struct messenger_config *messenger_config_load(TALLOC_CTX *mem_ctx,
					       const char *computer)
{
	struct config_reading r = {
		.config = talloc_zero(mem_ctx, struct messenger_config),
	};
	TALLOC_CTX *frame = talloc_new(mem_ctx);
	bool ok = (r.config != NULL && frame != NULL);

	if (ok) {
		talloc_set_name_const(r.config, "messenger: configuration");
		ok = load(&r, frame);
	}
	talloc_free(frame);
	if (ok) {
		complain_of_another(&r, computer);
		ok = end(&r);
	}
	if (!ok) {
		talloc_free(r.config);
		return NULL;
	}
	return r.config;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * smb.conf -> struct messenger_config.
 */

#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "helper.h"
#include "name_index.h"
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

static void complain(struct messenger_config *c, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void complain(struct messenger_config *c, const char *fmt, ...)
{
	size_t num = talloc_array_length(c->complaints);
	char **more = talloc_realloc(c, c->complaints, char *, num + 1);
	va_list ap;

	if (more == NULL) {
		return;
	}
	c->complaints = more;
	va_start(ap, fmt);
	more[num] = talloc_vasprintf(more, fmt, ap);
	va_end(ap);
	if (more[num] == NULL) {
		more[num] = (char *)"out of memory";
	}
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

static bool get_bool(struct messenger_config *c, const char *option)
{
	bool value = false;

	if (!parse_bool(get(option), &value)) {
		complain(c, SECTION ":%s = %s: neither yes nor no; taken as %s",
			 option, get(option), fallback(option));
		(void)parse_bool(fallback(option), &value);
	}
	return value;
}

static unsigned get_number(struct messenger_config *c, const char *option,
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
	complain(c, SECTION ":%s = %s: not a number from 0 to %lu; taken as %s",
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

/* Names of one list, to take each once. */
struct seen {
	struct name_link link;
	struct wire_name wire;
};

/* Returns false without memory only. */
static bool see(struct name_index *index, const struct wire_name *wire)
{
	struct seen *seen = talloc_zero(index->mem_ctx, struct seen);

	if (seen == NULL) {
		return false;
	}
	seen->wire = *wire;
	name_index_add(index, &seen->link, seen, &seen->wire);
	return true;
}

/* Returns false without memory only. */
static bool add_invalid(struct messenger_config *c, const char *text,
			enum messenger_code code)
{
	size_t num = talloc_array_length(c->invalid);
	struct config_invalid *more =
		talloc_realloc(c, c->invalid, struct config_invalid, num + 1);

	if (more == NULL) {
		return false;
	}
	c->invalid = more;
	more[num].code = code;
	more[num].text = talloc_strdup(more, text);
	return more[num].text != NULL;
}

/* Returns false without memory only. */
static bool add_name(struct messenger_config *c, struct config_name **names,
		     struct name_index *seen, const char *option,
		     const char *text)
{
	struct config_name *more = NULL;
	struct config_name n = { .name = NULL };
	size_t num = talloc_array_length(*names);
	enum messenger_code code;

	code = messenger_name_parse(c, text, &n.name, &n.wire);
	if (code == NERR_InternalError) {
		return false;
	}
	if (code != NERR_Success) {
		complain(c, "%s: '%s' is left out: %s (%d)", option, text,
			 messenger_code_text(code), code);
		return names != &c->aliases || add_invalid(c, text, code);
	}
	if (name_index_find(seen, &n.wire) != NULL) {
		talloc_free(n.name);
		return true;
	}
	more = talloc_realloc(c, *names, struct config_name, num + 1);
	if (more == NULL || !see(seen, &n.wire)) {
		return false;
	}
	more[num] = n;
	*names = more;
	return true;
}

static bool add_names(struct messenger_config *c, struct config_name **names,
		      struct name_index *seen, const char *option,
		      const char **list)
{
	for (; list != NULL && *list != NULL; list++) {
		if (!add_name(c, names, seen, option, *list)) {
			return false;
		}
	}
	return true;
}

static bool get_computers(struct messenger_config *c, TALLOC_CTX *frame)
{
	struct name_index seen;

	name_index_init(&seen, frame);
	if (!add_name(c, &c->computers, &seen, "netbios name",
		      lp_netbios_name())) {
		return false;
	}
	/* the first of them decides about the service: none, or the right one */
	return c->computers == NULL ||
	       add_names(c, &c->computers, &seen, "netbios aliases",
			 lp_netbios_aliases());
}

/*
 * As lp_parm_string_list() has it, which would keep a list of its own, and end
 * it without a word where there is no more memory.
 */
static bool get_aliases(struct messenger_config *c, TALLOC_CTX *frame)
{
	static const char separators[] = " \t,;\n\r";
	const char *text = get("aliases");
	struct name_index seen;
	char *name = NULL;

	name_index_init(&seen, frame);
	while (next_token_talloc(frame, &text, &name, separators)) {
		if (!add_name(c, &c->aliases, &seen, SECTION ":aliases",
			      name)) {
			return false;
		}
		talloc_free(name);
	}
	return text[strspn(text, separators)] == '\0';
}

/* One of two words, is it the second?  Anything else is as the first. */
static bool is_second(struct messenger_config *c, const char *option,
		      const char *first, const char *second)
{
	const char *text = get(option);

	if (strcasecmp(text, second) == 0) {
		return true;
	}
	if (strcasecmp(text, first) != 0) {
		complain(c, SECTION ":%s = %s: neither %s nor %s; taken as %s",
			 option, text, first, second, first);
	}
	return false;
}

static enum config_journal get_journal(struct messenger_config *c)
{
	const char *text = get("journal");
	bool value = false;

	if (strcasecmp(text, "auto") == 0) {
		return CONFIG_JOURNAL_AUTO;
	}
	if (!parse_bool(text, &value)) {
		complain(c,
			 SECTION ":journal = %s: neither yes, no nor auto; "
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
static void complain_of_unknown(struct messenger_config *c, TALLOC_CTX *frame)
{
	char **names = unknown_options(frame, SECTION);
	size_t i;

	for (i = 0; i < talloc_array_length(names); i++) {
		const char *nearest = unknown_nearest(names[i]);

		if (nearest != NULL) {
			complain(c,
				 SECTION ":%s: there is no such option, and "
					 "it does nothing; perhaps " SECTION
					 ":%s is meant",
				 names[i], nearest);
		} else {
			complain(c,
				 SECTION ":%s: there is no such option, and "
					 "it does nothing; nmbd_messenger(8) "
					 "has them all",
				 names[i]);
		}
	}
}

static bool load(struct messenger_config *c, TALLOC_CTX *frame)
{
	if (helper_is_cut(helper_path)) {
		complain(c,
			 "messenger: %s is damaged, it is cut off: there is no "
			 "remote administration until its package is "
			 "reinstalled and smbd restarted after that",
			 helper_path);
	}
	complain_of_unknown(c, frame);
	c->users = is_second(c, "user aliases", "no", "logind")
			   ? CONFIG_USERS_LOGIND
			   : CONFIG_USERS_NONE;
	c->max_aliases = get_number(c, "max aliases", MAX_ALIASES_LIMIT);
	c->store = get_bool(c, "store");
	c->restart_interval =
		get_number(c, "restart interval", RESTART_INTERVAL_LIMIT);
	c->rfc_timing = get_bool(c, "rfc timing");
	c->journal = get_journal(c);
	c->own_names = get_bool(c, "own names");
	c->broadcast_messages = get_bool(c, "broadcast messages");
	/* whether one is to be checked, not refused */
	c->unknown_samba = is_second(c, "unknown samba", "refuse", "check");

	return get_computers(c, frame) && get_aliases(c, frame) &&
	       get_ignore_users(c) &&
	       get_string(c, "event log", &c->event_log) &&
	       get_string(c, "json log", &c->json_log);
}

struct messenger_config *messenger_config_load(TALLOC_CTX *mem_ctx,
					       const char *computer)
{
	struct messenger_config *c =
		talloc_zero(mem_ctx, struct messenger_config);
	TALLOC_CTX *frame = talloc_new(mem_ctx);
	bool ok = (c != NULL && frame != NULL);

	if (ok) {
		talloc_set_name_const(c, "messenger: configuration");
		ok = load(c, frame);
	}
	talloc_free(frame);
	if (!ok) {
		talloc_free(c);
		return NULL;
	}
	if (computer != NULL && c->computers != NULL &&
	    strcmp(c->computers[0].name, computer) != 0) {
		complain(c,
			 "messenger: netbios name is now %s in smb.conf; nmbd "
			 "keeps %s until it is restarted",
			 c->computers[0].name, computer);
	}
	return c;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The words: names of kinds, states and events as the contract spells them,
 * and the table of Windows error numbers.  Each is written here, once.
 */

#include "messenger.h"

static const char *word(const char *const *words, size_t num, unsigned i)
{
	return (i < num) ? words[i] : "unknown";
}

#define WORD(words, i) word(words, sizeof(words) / sizeof((words)[0]), i)

const char *alias_kind_str(enum alias_kind kind)
{
	static const char *const words[] = {
		[ALIAS_COMPUTER] = "computer",
		[ALIAS_USER] = "user",
		[ALIAS_CONFIGURED] = "configured",
		[ALIAS_ADDED] = "added",
	};

	return WORD(words, kind);
}

const char *alias_state_str(enum alias_state state)
{
	static const char *const words[] = {
		[ALIAS_REGISTERING] = "registering",
		[ALIAS_REGISTERED] = "registered",
		[ALIAS_REFUSED] = "refused",
		[ALIAS_WAITING] = "waiting",
		[ALIAS_INVALID] = "invalid",
		[ALIAS_STANDBY] = "standby",
	};

	return WORD(words, state);
}

const char *service_state_str(enum service_state state)
{
	static const char *const words[] = {
		[SERVICE_STOPPED] = "stopped",
		[SERVICE_STARTING] = "starting",
		[SERVICE_RUNNING] = "running",
		[SERVICE_FAILED] = "failed",
		[SERVICE_STANDBY] = "standby",
	};

	return WORD(words, state);
}

const char *service_condition_str(enum service_condition condition)
{
	static const char *const words[] = {
		[SERVICE_WELL] = "well",
		[SERVICE_DEGRADED] = "degraded",
		[SERVICE_DOWN] = "down",
	};

	return WORD(words, condition);
}

const char *name_state_str(enum name_state state)
{
	static const char *const words[] = {
		[NAME_REGISTERING] = "registering",
		[NAME_REGISTERED] = "registered",
		[NAME_CONFLICT] = "conflict",
		[NAME_WAITING] = "waiting",
		[NAME_RELEASED] = "released",
		[NAME_STANDBY] = "standby",
	};

	return WORD(words, state);
}

enum exit_status service_condition_exit(enum service_condition condition)
{
	switch (condition) {
	case SERVICE_WELL:
		return EXIT_DONE;
	case SERVICE_DEGRADED:
		return EXIT_REFUSED;
	case SERVICE_DOWN:
		break;
	}
	return EXIT_DOWN;
}

const char *exit_status_text(int status)
{
	static const char *const texts[] = {
		[EXIT_DONE] = "done; status: running or standby, and all is well",
		[EXIT_REFUSED] = "refused; status: a name is refused, invalid "
				 "or waiting",
		[EXIT_USAGE] = "wrong usage",
		[EXIT_NO_SERVICE] = "no nmbd or module, not permitted, or no "
				    "answer in time",
		[EXIT_DOWN] = "status: failed, stopped or starting",
	};

	return (status >= 0 &&
		(size_t)status < sizeof(texts) / sizeof(texts[0]))
		       ? texts[status]
		       : NULL;
}

const char *event_type_str(enum event_type type)
{
	static const char *const words[] = {
		[EVENT_SERVICE_STARTED] = "service-started",
		[EVENT_SERVICE_FAILED] = "service-failed",
		[EVENT_SERVICE_STOPPED] = "service-stopped",
		[EVENT_ALIAS_REGISTERED] = "alias-registered",
		[EVENT_ALIAS_REFUSED] = "alias-refused",
		[EVENT_ALIAS_RELEASED] = "alias-released",
		[EVENT_ALIAS_LOST] = "alias-lost",
		[EVENT_ALIAS_DEFENDED] = "alias-defended",
		[EVENT_ALIAS_CONFLICT] = "alias-conflict",
		[EVENT_NAME_REFUSED] = "name-refused",
		[EVENT_NAME_CONFLICT] = "name-conflict",
		[EVENT_NAME_REGISTERED] = "name-registered",
		[EVENT_NAME_RELEASED] = "name-released",
		[EVENT_MESSAGE_RECEIVED] = "message-received",
		[EVENT_MESSAGE_REFUSED] = "message-refused",
	};

	return WORD(words, type);
}

const char *event_cause_str(enum event_cause cause)
{
	static const char *const words[] = {
		[CAUSE_NONE] = "none",
		[CAUSE_DUPLICATE_COMPUTER_NAME] = "duplicate-computer-name",
		[CAUSE_ALIAS_OF_ANOTHER_COMPUTER] = "alias-of-another-computer",
		[CAUSE_UNKNOWN] = "unknown",
		[CAUSE_NOT_THE_HOLDER] = "not-the-holder",
		[CAUSE_STALE_WINS_RECORD] = "stale-wins-record",
		[CAUSE_GROUP_OF_THAT_NAME] = "group-of-that-name",
		[CAUSE_ANOTHER_DOMAIN_MASTER] = "another-domain-master",
	};

	return WORD(words, cause);
}

const char *event_severity_str(enum event_severity severity)
{
	static const char *const words[] = {
		[SEVERITY_INFORMATION] = "information",
		[SEVERITY_WARNING] = "warning",
		[SEVERITY_ERROR] = "error",
	};

	return WORD(words, severity);
}

/* RFC 1002 4.2.6, 4.2.8 */
static const struct {
	const char *name;
	const char *text;
} rcodes[] = {
	[RCODE_FMT_ERR] = { "FMT_ERR", "format error" },
	[RCODE_SRV_ERR] = { "SRV_ERR", "server failure" },
	[RCODE_NAM_ERR] = { "NAM_ERR", "no such name" },
	[RCODE_IMP_ERR] = { "IMP_ERR", "unsupported request" },
	[RCODE_RFS_ERR] = { "RFS_ERR", "refused by policy" },
	[RCODE_ACT_ERR] = { "ACT_ERR", "owned by another computer" },
	[RCODE_CFT_ERR] = { "CFT_ERR", "name in conflict" },
};

static bool is_rcode(int rcode)
{
	return rcode > 0 && rcode < (int)(sizeof(rcodes) / sizeof(rcodes[0]));
}

const char *rcode_name(int rcode)
{
	return is_rcode(rcode) ? rcodes[rcode].name : "unknown";
}

const char *rcode_text(int rcode)
{
	return is_rcode(rcode) ? rcodes[rcode].text : "unknown response code";
}

bool rcode_is_refusal(int rcode)
{
	return rcode == RCODE_RFS_ERR || rcode == RCODE_ACT_ERR ||
	       rcode == RCODE_CFT_ERR;
}

static const struct code {
	enum messenger_code code;
	const char *name;
	const char *text;
} codes[] = {
	{ NERR_Success, "NERR_Success", "Done." },
	{ ERROR_INVALID_PARAMETER_, "ERROR_INVALID_PARAMETER",
	  "A message alias has at most 15 bytes in the DOS charset." },
	{ ERROR_INVALID_NAME_, "ERROR_INVALID_NAME",
	  "This is not a NetBIOS name: it is empty or has a character that "
	  "NetBIOS does not allow." },
	{ ERROR_SERVICE_SPECIFIC_ERROR_, "ERROR_SERVICE_SPECIFIC_ERROR",
	  "The service returned an error number of its own." },
	{ NERR_NetworkError, "NERR_NetworkError",
	  "A general network error occurred: the claim could not be sent." },
	{ NERR_InternalError, "NERR_InternalError",
	  "An internal error occurred." },
	{ NERR_NoComputerName, "NERR_NoComputerName",
	  "The computer name could not be added as a message alias. "
	  "The name may already exist on the network." },
	{ NERR_MsgAlreadyStarted, "NERR_MsgAlreadyStarted",
	  "The Messenger service is already started." },
	{ NERR_AlreadyExists, "NERR_AlreadyExists",
	  "This message alias already exists on this computer." },
	{ NERR_TooManyNames, "NERR_TooManyNames",
	  "The table of message aliases is full: messenger:max aliases in "
	  "smb.conf is its size." },
	{ NERR_DelComputerName, "NERR_DelComputerName",
	  "The computer name cannot be deleted from the message aliases." },
	{ NERR_NameInUse, "NERR_NameInUse",
	  "This is still under way. Look at the list, or try again later." },
	{ NERR_MsgNotStarted, "NERR_MsgNotStarted",
	  "The Messenger service is not started: smbmessenger explain says "
	  "what to do." },
	{ NERR_NotLocalName, "NERR_NotLocalName",
	  "This message alias is not on this computer." },
	{ NERR_DuplicateName, "NERR_DuplicateName",
	  "This message alias is already in use on the network." },
};

static const struct code *find_code(enum messenger_code code)
{
	size_t i;

	for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		if (codes[i].code == code) {
			return &codes[i];
		}
	}
	return NULL;
}

const char *messenger_code_name(enum messenger_code code)
{
	const struct code *c = find_code(code);

	return (c != NULL) ? c->name : "unknown";
}

const char *messenger_code_text(enum messenger_code code)
{
	const struct code *c = find_code(code);

	return (c != NULL) ? c->text : "Unknown error.";
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What the module, the tool and the tests share: the kinds and states that
 * requests, answers and events speak of, and the table of error numbers.
 * Nothing here knows nmbd.
 */

#ifndef MESSENGER_H
#define MESSENGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Name type of a message alias, [MS-NBTE] 2.2.1: the messenger service. */
#define MESSENGER_NAME_TYPE 0x03

/** Bytes of a NetBIOS name in the DOS charset, without its type. */
#define MESSENGER_NAME_LEN 15

/** The Samba message that carries a request and its answer. */
#define MESSENGER_MSG_REQUEST 0x0409

/**
 * The same, from somebody to whom a long answer may be sent in parts: each is
 * a message of this type, a struct messenger_part and then text.  A short one
 * is a MESSENGER_MSG_REQUEST, and so is the end of one that cannot be made:
 * "out of memory".  Only within a machine, and only to a module
 * whose "json help" has "parts".
 */
#define MESSENGER_MSG_PARTS 0x4D54

/** The same, handed on by another node of a cluster, which does not answer. */
#define MESSENGER_MSG_HANDED_ON 0x4D53

/**
 * Between the nodes of a cluster: what became of your claim?  And the answer.
 * Of types of their own: an older module must not answer either.
 */
#define MESSENGER_MSG_CLAIM_ASK	 0x4D55
#define MESSENGER_MSG_CLAIM_SAID 0x4D56

/** The version of the answers in JSON, in each of them as "schema". */
#define MESSENGER_ANSWER_SCHEMA 1

/** Events kept in memory for the request "events". */
#define MESSENGER_EVENT_RING 256

/** What a part of an answer begins with. */
struct messenger_part {
	uint32_t answer; /* which one: the same in all of its parts */
	uint32_t more;	 /* 0: this is the last one */
};

/** Where an alias comes from. */
enum alias_kind {
	ALIAS_COMPUTER,	  /* netbios name, netbios aliases */
	ALIAS_USER,	  /* a user with a session */
	ALIAS_CONFIGURED, /* messenger:aliases */
	ALIAS_ADDED,	  /* by request */
};

/** State of an alias, and of an alias on one subnet. */
enum alias_state {
	ALIAS_REGISTERING, /* claimed, no verdict yet */
	ALIAS_REGISTERED,  /* ours */
	ALIAS_REFUSED,	   /* another host holds it */
	ALIAS_WAITING,	   /* cannot be claimed here and now */
	ALIAS_INVALID,	   /* wanted, and no legal name */
	ALIAS_STANDBY,	   /* another node of the cluster holds it */
};

/** State of the Messenger service, [MS-SCMR] 2.2.47 in the field's words. */
enum service_state {
	SERVICE_STOPPED,
	SERVICE_STARTING, /* the computer name is being claimed */
	SERVICE_RUNNING,
	SERVICE_FAILED, /* the computer name was refused */
	SERVICE_STANDBY, /* another node of the cluster has the name */
};

/** Is it well?  What the exit status of the tool's "status" says. */
enum service_condition {
	SERVICE_WELL,	  /* it runs, and so does every alias */
	SERVICE_DEGRADED, /* it runs, and an alias does not */
	SERVICE_DOWN,	  /* it does not run */
};

/** State of a name that is no alias, on one subnet or in WINS. */
enum name_state {
	NAME_REGISTERING, /* nmbd claims it */
	NAME_REGISTERED,
	NAME_CONFLICT, /* another computer holds it */
	NAME_WAITING,  /* could not be claimed, or was not answered */
	NAME_RELEASED, /* nmbd has it not (any more) */
	NAME_STANDBY, /* another node of the cluster has it */
};

/** With what smbmessenger ends. */
enum exit_status {
	EXIT_DONE = 0,
	EXIT_REFUSED = 1,
	EXIT_USAGE = 2,
	EXIT_NO_SERVICE = 3,
	EXIT_DOWN = 4,
};

/** Things that happen. */
enum event_type {
	EVENT_SERVICE_STARTED,
	EVENT_SERVICE_FAILED,
	EVENT_SERVICE_STOPPED,
	EVENT_ALIAS_REGISTERED,
	EVENT_ALIAS_REFUSED,
	EVENT_ALIAS_RELEASED,
	EVENT_ALIAS_LOST,
	EVENT_ALIAS_DEFENDED, /* another host tried to take it */
	EVENT_ALIAS_CONFLICT, /* another host demanded that we drop it */
	/* of the server's names that are no aliases, told as NetBT does */
	EVENT_NAME_REFUSED,
	EVENT_NAME_CONFLICT, /* another host claims it, or wants it given up */
	EVENT_NAME_REGISTERED,
	EVENT_NAME_RELEASED,
	EVENT_MESSAGE_RECEIVED, /* for an alias of ours */
	EVENT_MESSAGE_REFUSED,
};

/** Why a name could not be had. */
enum event_cause {
	CAUSE_NONE, /* not asked (yet) */
	CAUSE_DUPLICATE_COMPUTER_NAME,
	CAUSE_ALIAS_OF_ANOTHER_COMPUTER,
	CAUSE_UNKNOWN,		 /* the holder did not answer */
	CAUSE_NOT_THE_HOLDER,	 /* it refuses a name that it has not */
	CAUSE_STALE_WINS_RECORD, /* WINS has a record that nobody stands for */
	CAUSE_GROUP_OF_THAT_NAME, /* the holder is in a group of that name */
	CAUSE_ANOTHER_DOMAIN_MASTER,
};

/** How bad it is. */
enum event_severity {
	SEVERITY_INFORMATION,
	SEVERITY_WARNING,
	SEVERITY_ERROR,
};

/** Response codes of the name service, RFC 1002 4.2.6. */
enum rcode {
	RCODE_FMT_ERR = 1,
	RCODE_SRV_ERR = 2,
	RCODE_NAM_ERR = 3,
	RCODE_IMP_ERR = 4,
	RCODE_RFS_ERR = 5,
	RCODE_ACT_ERR = 6,
	RCODE_CFT_ERR = 7,
};

/** Windows error numbers that this service answers with. */
enum messenger_code {
	NERR_Success = 0,
	ERROR_INVALID_PARAMETER_ = 87,
	ERROR_INVALID_NAME_ = 123,
	ERROR_SERVICE_SPECIFIC_ERROR_ = 1066,
	NERR_NetworkError = 2136,
	NERR_InternalError = 2140,
	NERR_NoComputerName = 2270,
	NERR_MsgAlreadyStarted = 2271,
	NERR_AlreadyExists = 2276,
	NERR_TooManyNames = 2277,
	NERR_DelComputerName = 2278,
	NERR_NameInUse = 2283,
	NERR_MsgNotStarted = 2284,
	NERR_NotLocalName = 2285,
	NERR_DuplicateName = 2297,
};

const char *alias_kind_str(enum alias_kind kind);
const char *alias_state_str(enum alias_state state);
const char *service_state_str(enum service_state state);
const char *service_condition_str(enum service_condition condition);
const char *name_state_str(enum name_state state);

/** @brief The exit status of "status" in this condition. */
enum exit_status service_condition_exit(enum service_condition condition);

/**
 * @brief What an exit status means, in a few words.
 *
 * @return A constant string; NULL: there is no such status.
 */
const char *exit_status_text(int status);

const char *event_type_str(enum event_type type);
const char *event_cause_str(enum event_cause cause);
const char *event_severity_str(enum event_severity severity);

/**
 * @brief The symbol of a response code, RFC 1002 4.2.6, as "ACT_ERR".
 *
 * @return A constant string; "unknown" for a number that is none.
 */
const char *rcode_name(int rcode);

/** @brief What it means, in a few words: "format error". */
const char *rcode_text(int rcode);

/**
 * @brief Does it say that the name cannot be had?
 *
 * RFS, ACT and CFT do.  FMT, SRV, NAM and IMP say that the one who answers
 * could not deal with the request, and nothing of the name.
 */
bool rcode_is_refusal(int rcode);

/**
 * @brief The symbol of an error number, as lmerr.h and winerror.h spell it.
 *
 * @return A constant string; "unknown" for a number this service never uses.
 */
const char *messenger_code_name(enum messenger_code code);

/**
 * @brief What an error number means, one or two English sentences.
 *
 * @return A constant string, without an end of line.
 */
const char *messenger_code_text(enum messenger_code code);

#endif /* MESSENGER_H */

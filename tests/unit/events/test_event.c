/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Events as a sentence, as lines for a log, as JSON; and the words and
 * numbers that the contract spells.
 */

#include "event.h"
#include "text.h"

#include "unit.h"

static TALLOC_CTX *frame;

static int setup(void **state)
{
	frame = talloc_new(NULL);
	return (frame != NULL) ? 0 : -1;
}

static int teardown(void **state)
{
	TALLOC_FREE(frame);
	return 0;
}

static struct event *make(enum event_type type)
{
	struct event *ev = event_create(frame, type, at(0));

	assert_non_null(ev);
	return ev;
}

/* An event about an alias that another host holds. */
static struct event *make_refusal(enum event_type type,
				  enum messenger_code code)
{
	struct event *ev = make(type);

	ev->seq = 7;
	ev->code = code;
	ev->alias = talloc_strdup(ev, "ALPHA");
	ev->kind = ALIAS_COMPUTER;
	ev->subnet = talloc_strdup(ev, "10.88.0.2");
	ev->rcode = 6;
	ev->holder = ip("10.88.0.1");
	return ev;
}

static void created_empty(void **state)
{
	const struct event *ev = make(EVENT_ALIAS_LOST);

	assert_int_equal(ev->type, EVENT_ALIAS_LOST);
	assert_int_equal(ev->time.tv_sec, at(0).tv_sec);
	assert_int_equal(ev->seq, 0);
	assert_int_equal(ev->code, NERR_Success);
	assert_null(ev->alias);
	assert_null(ev->subnet);
	assert_int_equal(ev->rcode, 0);
	assert_int_equal(ev->holder.s_addr, 0);
	assert_ptr_equal(talloc_parent(ev), frame);
}

/* The table of docs/events.md. */
static void classes(void **state)
{
	static const char scm[] = "Service Control Manager";
	static const struct {
		enum event_type type;
		const char *name;
		uint32_t id;
		const char *source;
		enum event_severity severity;
	} want[] = {
		{ EVENT_SERVICE_STARTED, "service-started", 7036, scm,
		  SEVERITY_INFORMATION },
		{ EVENT_SERVICE_FAILED, "service-failed", 7024, scm,
		  SEVERITY_ERROR },
		{ EVENT_SERVICE_STOPPED, "service-stopped", 7036, scm,
		  SEVERITY_INFORMATION },
		{ EVENT_ALIAS_REGISTERED, "alias-registered", 0, "Messenger",
		  SEVERITY_INFORMATION },
		{ EVENT_ALIAS_REFUSED, "alias-refused", 0, "Messenger",
		  SEVERITY_WARNING },
		{ EVENT_ALIAS_RELEASED, "alias-released", 0, "Messenger",
		  SEVERITY_INFORMATION },
		{ EVENT_ALIAS_LOST, "alias-lost", 0, "Messenger",
		  SEVERITY_WARNING },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(want); i++) {
		const struct event *ev = make(want[i].type);

		assert_string_equal(event_type_str(ev->type), want[i].name);
		assert_int_equal(event_id(ev), want[i].id);
		assert_string_equal(event_source(ev), want[i].source);
		assert_int_equal(event_severity(ev), want[i].severity);
	}
}

static void words(void **state)
{
	assert_string_equal(event_severity_str(SEVERITY_INFORMATION),
			    "information");
	assert_string_equal(event_severity_str(SEVERITY_WARNING), "warning");
	assert_string_equal(event_severity_str(SEVERITY_ERROR), "error");
	assert_string_equal(alias_kind_str(ALIAS_COMPUTER), "computer");
	assert_string_equal(alias_kind_str(ALIAS_USER), "user");
	assert_string_equal(alias_kind_str(ALIAS_ADDED), "added");
	assert_string_equal(alias_state_str(ALIAS_REGISTERING), "registering");
	assert_string_equal(alias_state_str(ALIAS_REGISTERED), "registered");
	assert_string_equal(alias_state_str(ALIAS_REFUSED), "refused");
	assert_string_equal(alias_state_str(ALIAS_WAITING), "waiting");
	assert_string_equal(alias_state_str(ALIAS_INVALID), "invalid");
	assert_string_equal(service_state_str(SERVICE_STOPPED), "stopped");
	assert_string_equal(service_state_str(SERVICE_STARTING), "starting");
	assert_string_equal(service_state_str(SERVICE_RUNNING), "running");
	assert_string_equal(service_state_str(SERVICE_FAILED), "failed");
}

static void words_out_of_range(void **state)
{
	const unsigned far = 1000000;

	assert_string_equal(alias_kind_str((enum alias_kind)far), "unknown");
	assert_string_equal(alias_state_str((enum alias_state)far), "unknown");
	assert_string_equal(service_state_str((enum service_state)far),
			    "unknown");
	assert_string_equal(event_type_str((enum event_type)far), "unknown");
	assert_string_equal(event_severity_str((enum event_severity)far),
			    "unknown");
	/* the first one that is none */
	assert_string_equal(alias_kind_str(ALIAS_ADDED + 1), "unknown");
	assert_string_equal(alias_state_str(ALIAS_STANDBY + 1), "unknown");
	assert_string_equal(service_state_str(SERVICE_STANDBY + 1), "unknown");
	assert_string_equal(event_severity_str(SEVERITY_ERROR + 1), "unknown");
}

/* Numbers and symbols as lmerr.h and winerror.h have them. */
static void codes(void **state)
{
	static const struct {
		int code;
		const char *name;
	} want[] = {
		{ 0, "NERR_Success" },
		{ 87, "ERROR_INVALID_PARAMETER" },
		{ 123, "ERROR_INVALID_NAME" },
		{ 1066, "ERROR_SERVICE_SPECIFIC_ERROR" },
		{ 2136, "NERR_NetworkError" },
		{ 2140, "NERR_InternalError" },
		{ 2270, "NERR_NoComputerName" },
		{ 2271, "NERR_MsgAlreadyStarted" },
		{ 2276, "NERR_AlreadyExists" },
		{ 2277, "NERR_TooManyNames" },
		{ 2278, "NERR_DelComputerName" },
		{ 2283, "NERR_NameInUse" },
		{ 2284, "NERR_MsgNotStarted" },
		{ 2285, "NERR_NotLocalName" },
		{ 2297, "NERR_DuplicateName" },
	};
	size_t i, j;

	for (i = 0; i < ARRAY_LEN(want); i++) {
		const enum messenger_code code = want[i].code;
		const char *text = messenger_code_text(code);

		assert_string_equal(messenger_code_name(code), want[i].name);
		assert_in_range(strlen(text), 5, 200);
		assert_int_equal(text[strlen(text) - 1], '.');
		assert_null(strchr(text, '\n'));
		for (j = 0; j < i; j++) {
			assert_string_not_equal(text, messenger_code_text(
							      want[j].code));
		}
	}
	assert_string_equal(messenger_code_name(NERR_Success + 1), "unknown");
	assert_string_equal(messenger_code_text(NERR_Success + 1),
			    "Unknown error.");
}

static void assert_time(time_t sec, long nsec, const char *want)
{
	struct timespec t = { .tv_sec = sec, .tv_nsec = nsec };
	char *text = text_moment(frame, t);

	assert_non_null(text);
	assert_string_equal(text, want);
	assert_ptr_equal(talloc_parent(text), frame);
	talloc_free(text);
}

static void times(void **state)
{
	assert_time(0, 0, "1970-01-01T00:00:00.000000Z");
	assert_time(at(0).tv_sec, 0, AT_0);
	/* cut, not rounded: no 60th second */
	assert_time(59, 999999999, "1970-01-01T00:00:59.999999Z");
	assert_time(59, 1999, "1970-01-01T00:00:59.000001Z");
	assert_time(951782400, 0, "2000-02-29T00:00:00.000000Z");
	assert_time(2147483648, 0, "2038-01-19T03:14:08.000000Z");
	/* whatever it is, the form stays */
	assert_time(INT64_MAX, 0, "1970-01-01T00:00:00.000000Z");
	assert_time(253402300800, 0, "1970-01-01T00:00:00.000000Z");
}

static void times_are_utc(void **state)
{
	setenv("TZ", "Pacific/Kiritimati", 1);
	tzset();
	assert_time(at(0).tv_sec, 0, AT_0);
	unsetenv("TZ");
	tzset();
}

static void assert_message(const struct event *ev, const char *want)
{
	char *text = event_message(frame, ev);

	assert_non_null(text);
	assert_string_equal(text, want);
	assert_ptr_equal(talloc_parent(text), frame);
	talloc_free(text);
}

static void messages(void **state)
{
	assert_message(make(EVENT_SERVICE_STARTED),
		       "The Messenger service entered the running state.");
	assert_message(make(EVENT_SERVICE_STOPPED),
		       "The Messenger service entered the stopped state.");
	assert_message(make_refusal(EVENT_SERVICE_FAILED, NERR_NoComputerName),
		       "The Messenger service terminated with "
		       "service-specific error 2270 (0x8DE).");
	assert_message(make_refusal(EVENT_SERVICE_FAILED, NERR_InternalError),
		       "The Messenger service terminated with "
		       "service-specific error 2140 (0x85C).");
	assert_message(make_refusal(EVENT_ALIAS_REGISTERED, NERR_Success),
		       "The message alias ALPHA was added.");
	assert_message(make_refusal(EVENT_ALIAS_REFUSED, NERR_DuplicateName),
		       "The message alias ALPHA could not be added: "
		       "error 2297.");
	assert_message(make_refusal(EVENT_ALIAS_RELEASED, NERR_Success),
		       "The message alias ALPHA was released.");
	assert_message(make_refusal(EVENT_ALIAS_LOST, NERR_DuplicateName),
		       "The message alias ALPHA was lost: error 2297.");
}

static void assert_log(const struct event *ev, const char *want)
{
	char *text = event_log_text(frame, ev);

	assert_non_null(text);
	assert_string_equal(text, want);
	assert_ptr_equal(talloc_parent(text), frame);
	assert_columns(text, 80);
	talloc_free(text);
}

static void log_of_a_failure(void **state)
{
	static const char sentence[] =
		"The Messenger service terminated with service-specific error "
		"2270 (0x8DE).\n";
	static const char advice[] =
		"Rename one of the two computers or release the name there; "
		"then run:\n"
		"smbmessenger start\n";
	struct event *ev =
		make_refusal(EVENT_SERVICE_FAILED, NERR_NoComputerName);
	char *want = NULL;

	want = talloc_asprintf(frame,
			       "%sALPHA<03> is held by 10.88.0.1 "
			       "(subnet 10.88.0.2, rcode 6).\n%s",
			       sentence, advice);
	assert_log(ev, want);

	ev->holder = ip("");
	want = talloc_asprintf(frame,
			       "%sALPHA<03> is held by another "
			       "computer (subnet 10.88.0.2, "
			       "rcode 6).\n%s",
			       sentence, advice);
	assert_log(ev, want);

	/* nothing is known about the network */
	TALLOC_FREE(ev->subnet);
	ev->rcode = 0;
	want = talloc_asprintf(frame,
			       "%sThe computer name could not be added "
			       "as a message alias. The name may "
			       "already\nexist on the network.\n%s",
			       sentence, advice);
	assert_log(ev, want);
}

static void log_of_a_refusal(void **state)
{
	struct event *ev =
		make_refusal(EVENT_ALIAS_REFUSED, NERR_DuplicateName);

	assert_log(ev, "The message alias ALPHA could not be added: "
		       "error 2297.\n"
		       "ALPHA<03> is held by 10.88.0.1 (subnet 10.88.0.2, "
		       "rcode 6).\n");
	ev->type = EVENT_ALIAS_LOST;
	assert_log(ev, "The message alias ALPHA was lost: error 2297.\n"
		       "ALPHA<03> is held by 10.88.0.1 (subnet 10.88.0.2, "
		       "rcode 6).\n");
}

static void assert_details(struct event *ev, enum event_cause cause,
			   enum alias_kind kind, const char *want)
{
	char *text = NULL;

	ev->kind = kind;
	ev->details->cause = cause;
	text = event_details_text(frame, ev);
	assert_string_equal(text, want);
	assert_columns(text, 77);
}

/* Samba indents each line by two. */
static void log_is_no_wider_than_a_terminal(void **state)
{
	enum event_type type;
	enum event_cause cause;
	struct event *ev = NULL;

	for (type = EVENT_SERVICE_STARTED; type <= EVENT_ALIAS_CONFLICT;
	     type++) {
		ev = make_refusal(type, NERR_DuplicateName);
		ev->alias = talloc_strdup(ev, "ABCDEFGHIJKLMNO");
		ev->subnet = talloc_strdup(ev, "192.168.100.200");
		ev->holder = ip("192.168.100.201");
		ev->claimant = ip("192.168.100.201");
		ev->count = 4294967295U;
		ev->reason = talloc_strdup(ev, "Invalid or incomplete "
					       "multibyte or wide character");
		ev->details = talloc_zero(ev, struct holder);
		ev->details->computer = talloc_strdup(ev, "ABCDEFGHIJKLMN2");
		ev->details->group = talloc_strdup(ev, "ABCDEFGHIJKLMN3");
		ev->details->mac = talloc_strdup(ev, "02:00:00:00:00:01");
		for (cause = CAUSE_NONE; cause <= CAUSE_STALE_WINS_RECORD;
		     cause++) {
			ev->details->cause = cause;
			assert_columns(event_log_text(frame, ev), 78);
			assert_columns(event_details_text(frame, ev), 78);
		}
	}
}

/* With log level = 0 what smb.conf asks for is not refused in silence. */
static void loud(void **state)
{
	static const struct {
		enum event_type type;
		enum messenger_code code;
		bool loud[ALIAS_ADDED + 1]; /* by enum alias_kind */
	} cases[] = {
		{ EVENT_SERVICE_FAILED, NERR_NoComputerName,
		  { true, true, true, true } },
		{ EVENT_ALIAS_REFUSED, NERR_DuplicateName,
		  { true, false, true, false } },
		{ EVENT_ALIAS_REFUSED, NERR_TooManyNames,
		  { true, false, true, false } },
		{ EVENT_ALIAS_REFUSED, NERR_Success,
		  { false, false, false, false } },
		{ EVENT_ALIAS_LOST, NERR_DuplicateName,
		  { true, false, true, true } },
		{ EVENT_ALIAS_REGISTERED, NERR_Success,
		  { false, false, false, false } },
		{ EVENT_ALIAS_DEFENDED, NERR_Success,
		  { false, false, false, false } },
	};
	enum alias_kind kind;
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct event *ev = event_create(frame, cases[i].type, at(0));

		ev->code = cases[i].code;
		for (kind = ALIAS_COMPUTER; kind <= ALIAS_ADDED; kind++) {
			ev->kind = kind;
			assert_int_equal(event_is_loud(ev),
					 cases[i].loud[kind]);
		}
	}
}

/* It can be read alone: an alias that was refused may be in no list. */
static void log_of_a_holder(void **state)
{
	struct event *ev =
		make_refusal(EVENT_ALIAS_REFUSED, NERR_DuplicateName);
	struct holder *h = talloc_zero(ev, struct holder);

	ev->details = h;
	assert_details(ev, CAUSE_UNKNOWN, ALIAS_ADDED,
		       "ALPHA<03>: the holder 10.88.0.1 does not say who it "
		       "is.\n"
		       "Cause: unknown. Find the holder, or choose another "
		       "alias.\n");
	assert_details(ev, CAUSE_ALIAS_OF_ANOTHER_COMPUTER, ALIAS_USER,
		       "ALPHA<03>: the holder 10.88.0.1 is a computer without "
		       "a name.\n"
		       "Cause: alias-of-another-computer. Log that user off "
		       "there, or delete the\n"
		       "alias there (Windows: net name ALPHA /delete); or do "
		       "without it: that user\n"
		       "gets no messages here.\n");
	h->computer = talloc_strdup(h, "PLANT1");
	h->group = talloc_strdup(h, "LAB");
	assert_details(ev, CAUSE_DUPLICATE_COMPUTER_NAME, ALIAS_COMPUTER,
		       "ALPHA<03>: the holder 10.88.0.1 is PLANT1 (group "
		       "LAB).\n"
		       "Cause: duplicate-computer-name. Give one of the two "
		       "another name: there, or\n"
		       "here by \"netbios name\" in smb.conf and a restart of "
		       "nmbd.\n");
}

/* It did not get as far as a claim. */
static void log_of_what_was_left_out(void **state)
{
	struct event *ev = make_refusal(EVENT_ALIAS_REFUSED, NERR_TooManyNames);

	ev->rcode = 0;
	ev->holder = ip("");
	TALLOC_FREE(ev->subnet);
	assert_log(ev, "The message alias ALPHA could not be added: "
		       "error 2277.\n"
		       "The table of message aliases is full: "
		       "messenger:max aliases in smb.conf is\n"
		       "its size.\n");
}

static void log_of_good_news(void **state)
{
	assert_log(make(EVENT_SERVICE_STARTED),
		   "The Messenger service entered the running state.\n");
	assert_log(make(EVENT_SERVICE_STOPPED),
		   "The Messenger service entered the stopped state.\n");
	assert_log(make_refusal(EVENT_ALIAS_REGISTERED, NERR_Success),
		   "The message alias ALPHA was added.\n");
	assert_log(make_refusal(EVENT_ALIAS_RELEASED, NERR_Success),
		   "The message alias ALPHA was released.\n");
}

static void log_of_long_addresses(void **state)
{
	struct event *ev =
		make_refusal(EVENT_ALIAS_REFUSED, NERR_DuplicateName);

	ev->subnet = talloc_strdup(ev, "192.168.100.200");
	ev->holder = ip("192.168.100.201");
	assert_columns(event_log_text(frame, ev), 80);
}

static void json_of_a_failure(void **state)
{
	assert_json(event_json(make_refusal(EVENT_SERVICE_FAILED,
					    NERR_NoComputerName)),
		    "{'seq': 7, 'time': '" AT_0 "',"
		    " 'event': 'service-failed', 'event_id': 7024,"
		    " 'severity': 'error',"
		    " 'source': 'Service Control Manager',"
		    " 'code': 2270, 'code_name': 'NERR_NoComputerName',"
		    " 'alias': 'ALPHA', 'kind': 'computer',"
		    " 'subnet': '10.88.0.2', 'rcode': 6,"
		    " 'rcode_name': 'ACT_ERR',"
		    " 'holder': {'address': '10.88.0.1'},"
		    " 'message': 'The Messenger service terminated with "
		    "service-specific error 2270 (0x8DE).'}");
}

/* What is unknown, or does not apply, is absent, never null. */
static void json_of_good_news(void **state)
{
	struct event *ev = make(EVENT_SERVICE_STARTED);

	ev->seq = 1;
	assert_json(event_json(ev),
		    "{'seq': 1, 'time': '" AT_0 "',"
		    " 'event': 'service-started', 'event_id': 7036,"
		    " 'severity': 'information',"
		    " 'source': 'Service Control Manager',"
		    " 'message':"
		    " 'The Messenger service entered the running state.'}");
	ev->type = EVENT_SERVICE_STOPPED;
	assert_json(event_json(ev),
		    "{'seq': 1, 'time': '" AT_0 "',"
		    " 'event': 'service-stopped', 'event_id': 7036,"
		    " 'severity': 'information',"
		    " 'source': 'Service Control Manager',"
		    " 'message':"
		    " 'The Messenger service entered the stopped state.'}");
}

static void json_of_aliases(void **state)
{
	struct event *ev = make(EVENT_ALIAS_REGISTERED);

	ev->seq = 2;
	ev->alias = talloc_strdup(ev, "OPERATOR");
	ev->kind = ALIAS_ADDED;
	assert_json(event_json(ev),
		    "{'seq': 2, 'time': '" AT_0 "',"
		    " 'event': 'alias-registered',"
		    " 'severity': 'information', 'source': 'Messenger',"
		    " 'alias': 'OPERATOR', 'kind': 'added',"
		    " 'message': 'The message alias OPERATOR was added.'}");
	ev->type = EVENT_ALIAS_RELEASED;
	assert_json(event_json(ev),
		    "{'seq': 2, 'time': '" AT_0 "',"
		    " 'event': 'alias-released',"
		    " 'severity': 'information', 'source': 'Messenger',"
		    " 'alias': 'OPERATOR', 'kind': 'added',"
		    " 'message': 'The message alias OPERATOR was released.'}");
	ev->type = EVENT_ALIAS_REFUSED;
	ev->code = NERR_TooManyNames;
	assert_json(event_json(ev),
		    "{'seq': 2, 'time': '" AT_0 "',"
		    " 'event': 'alias-refused',"
		    " 'severity': 'warning', 'source': 'Messenger',"
		    " 'code': 2277, 'code_name': 'NERR_TooManyNames',"
		    " 'alias': 'OPERATOR', 'kind': 'added',"
		    " 'message': 'The message alias OPERATOR could not be "
		    "added: error 2277.'}");
	ev->type = EVENT_ALIAS_LOST;
	ev->code = NERR_DuplicateName;
	ev->kind = ALIAS_USER;
	ev->subnet = talloc_strdup(ev, "UNICAST_SUBNET");
	ev->rcode = 5;
	assert_json(event_json(ev),
		    "{'seq': 2, 'time': '" AT_0 "',"
		    " 'event': 'alias-lost',"
		    " 'severity': 'warning', 'source': 'Messenger',"
		    " 'code': 2297, 'code_name': 'NERR_DuplicateName',"
		    " 'alias': 'OPERATOR', 'kind': 'user',"
		    " 'subnet': 'UNICAST_SUBNET', 'rcode': 5,"
		    " 'rcode_name': 'RFS_ERR',"
		    " 'message': 'The message alias OPERATOR was lost: "
		    "error 2297.'}");
}

static void json_of_odd_names(void **state)
{
	struct event *ev = make(EVENT_ALIAS_REGISTERED);
	json_t *json = NULL;

	/* a name with quotes of its own, and one beyond ASCII */
	ev->alias = talloc_strdup(ev, "M\xc3\x9cLLER {}[],\"");
	json = event_json(ev);
	assert_non_null(json);
	assert_string_equal(json_string_value(json_object_get(json, "alias")),
			    "M\xc3\x9cLLER {}[],\"");
	json_decref(json);
}

static void json_of_a_large_number(void **state)
{
	struct event *ev = make(EVENT_SERVICE_STOPPED);
	json_t *json = NULL;

	ev->seq = UINT64_C(1) << 40;
	json = event_json(ev);
	assert_int_equal(json_integer_value(json_object_get(json, "seq")),
			 INT64_C(1) << 40);
	json_decref(json);
}

/* Others who want an alias: the table of docs/events.md goes on. */
static void class_of_contests(void **state)
{
	enum event_type type;

	for (type = EVENT_ALIAS_DEFENDED; type <= EVENT_ALIAS_CONFLICT;
	     type++) {
		const struct event *ev = make(type);

		assert_int_equal(event_id(ev), 0);
		assert_string_equal(event_source(ev), "Messenger");
		assert_int_equal(event_severity(ev), SEVERITY_WARNING);
	}
	assert_string_equal(event_type_str(EVENT_ALIAS_DEFENDED),
			    "alias-defended");
	assert_string_equal(event_type_str(EVENT_ALIAS_CONFLICT),
			    "alias-conflict");
}

static struct event *make_contest(enum event_type type, uint32_t count,
				  const char *claimant)
{
	struct event *ev = make(type);

	ev->alias = talloc_strdup(ev, "OPERATOR");
	ev->kind = ALIAS_ADDED;
	ev->claimant = ip(claimant);
	ev->count = count;
	return ev;
}

static void log_of_contests(void **state)
{
	assert_log(make_contest(EVENT_ALIAS_DEFENDED, 1, "10.88.0.9"),
		   "The message alias OPERATOR was defended.\n"
		   "10.88.0.9 tried to take OPERATOR<03>; nmbd refused it.\n");
	assert_log(make_contest(EVENT_ALIAS_DEFENDED, 2, "10.88.0.9"),
		   "The message alias OPERATOR was defended.\n"
		   "10.88.0.9 tried to take OPERATOR<03>; nmbd refused it, 2 "
		   "times.\n");
	assert_log(make_contest(EVENT_ALIAS_DEFENDED, 3, ""),
		   "The message alias OPERATOR was defended.\n"
		   "More than 64 other hosts tried to take OPERATOR<03>; nmbd "
		   "refused it, 3\ntimes.\n");
	assert_log(make_contest(EVENT_ALIAS_CONFLICT, 1, "10.88.0.9"),
		   "The message alias OPERATOR was said to be in conflict.\n"
		   "10.88.0.9 demanded that OPERATOR<03> be given up; nmbd "
		   "keeps it.\n");
}

static void json_of_contests(void **state)
{
	struct event *ev = make_contest(EVENT_ALIAS_CONFLICT, 1, "10.88.0.9");

	ev->seq = 3;
	assert_json(event_json(ev),
		    "{'seq': 3, 'time': '" AT_0 "',"
		    " 'event': 'alias-conflict',"
		    " 'severity': 'warning', 'source': 'Messenger',"
		    " 'alias': 'OPERATOR', 'kind': 'added',"
		    " 'claimant': {'address': '10.88.0.9'}, 'count': 1,"
		    " 'message': 'The message alias OPERATOR was said to be "
		    "in conflict.'}");
}

static void json_of_a_cause(void **state)
{
	struct event *ev =
		make_refusal(EVENT_ALIAS_REFUSED, NERR_DuplicateName);
	json_t *json = NULL;

	ev->details = talloc_zero(ev, struct holder);
	ev->details->cause = CAUSE_DUPLICATE_COMPUTER_NAME;
	json = event_json(ev);
	assert_non_null(json);
	assert_json_key(json, "cause", "'duplicate-computer-name'");
	json_decref(json);
}

/* The advice is for a computer name that another computer holds. */
static void no_advice(void **state)
{
	struct event *ev = make(EVENT_SERVICE_FAILED);

	ev->code = NERR_InternalError;
	assert_log(ev, "The Messenger service terminated with "
		       "service-specific error 2140 (0x85C).\n"
		       "An internal error occurred.\n");
	ev = make_refusal(EVENT_ALIAS_REFUSED, NERR_NoComputerName);
	assert_log(ev, "The message alias ALPHA could not be added: "
		       "error 2270.\n"
		       "ALPHA<03> is held by 10.88.0.1 (subnet 10.88.0.2, "
		       "rcode 6).\n");
}

static void message_out_of_range(void **state)
{
	assert_message(make((enum event_type)1000000), "Unknown event.");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(created_empty),
		TEST(classes),
		TEST(words),
		TEST(words_out_of_range),
		TEST(codes),
		TEST(times),
		TEST(times_are_utc),
		TEST(messages),
		TEST(log_of_a_failure),
		TEST(log_of_a_refusal),
		TEST(loud),
		TEST(log_is_no_wider_than_a_terminal),
		TEST(log_of_a_holder),
		TEST(log_of_what_was_left_out),
		TEST(log_of_good_news),
		TEST(log_of_long_addresses),
		TEST(json_of_a_failure),
		TEST(json_of_good_news),
		TEST(json_of_aliases),
		TEST(json_of_odd_names),
		TEST(json_of_a_large_number),
		TEST(class_of_contests),
		TEST(log_of_contests),
		TEST(json_of_contests),
		TEST(json_of_a_cause),
		TEST(no_advice),
		TEST(message_out_of_range),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

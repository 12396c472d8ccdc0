/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * No memory: every function that allocates, with each of its allocations made
 * to fail in turn.  None of them may crash, leak, write an output it does not
 * mean, or call a lack of memory something else.
 */

#include "answer.h"
#include "allocation.h"
#include "config.h"
#include "recorder.h"
#include "request.h"
#include "samba_private.h"
#include "smb_conf.h"
#include "bytes.h"
#include "text.h"

/* A new one for each turn, made while there is memory. */
static TALLOC_CTX *frame;

static bool next_turn(struct shortage *s)
{
	TALLOC_FREE(frame);
	if (!shortage_possible()) {
		skip();
	}
	if (!shortage_next(s)) {
		return false;
	}
	frame = talloc_new(NULL);
	assert_non_null(frame);
	return true;
}

/* A result is NULL if and only if memory was short; the rest is freed. */
static void check_pointer(const struct shortage *s, const void *result)
{
	if (s->happened) {
		assert_null(result);
		/* what there was of it is gone: only the frame is left */
		assert_int_equal(talloc_total_blocks(frame), 1);
	} else {
		assert_non_null(result);
	}
}

/*
 * JSON is all there or not there at all.  (A lack of memory may go unnoticed:
 * jansson makes do with a smaller buffer here and there.)
 */
static void check_json(const struct shortage *s, json_t *json)
{
	static char complete[4096];
	char *text = NULL;

	if (json == NULL) {
		assert_true(s->happened);
		return;
	}
	text = json_dumps(json, JSON_ENCODE_ANY);
	assert_non_null(text);
	if (s->turn == 1) {
		assert_in_range(strlen(text), 1, sizeof(complete) - 1);
		strcpy(complete, text);
	}
	assert_string_equal(text, complete);
	free(text);
	json_decref(json);
	assert_int_equal(talloc_total_blocks(frame), 1);
}

static void name_parse(void **state)
{
	const struct wire_name before = { { 0xee } };
	struct shortage s = { 0 };

	while (next_turn(&s)) {
		struct wire_name wire = before;
		char *name = NULL;
		enum messenger_code code;

		shortage_begin(&s);
		code = messenger_name_parse(frame, "M\xc3\xbcller", &name,
					    &wire);
		shortage_end(&s);
		assert_int_equal(code, s.happened ? NERR_InternalError
						  : NERR_Success);
		check_pointer(&s, name);
		assert_int_equal(memcmp(&wire, &before, sizeof(wire)) == 0,
				 s.happened);
	}
}

/* A name for people need not be the best one, but whole. */
static void name_print(void **state)
{
	struct shortage s = { 0 };

	while (next_turn(&s)) {
		char *name = NULL;

		shortage_begin(&s);
		name = messenger_name_print(frame, (const uint8_t *)"M\x9aX",
					    3);
		shortage_end(&s);
		if (name == NULL) {
			assert_true(s.happened);
			assert_int_equal(talloc_total_blocks(frame), 1);
		} else if (s.happened) {
			assert_string_equal(name, "M.X");
		} else {
			assert_string_equal(name, "M\xc3\x9cX");
		}
	}
}

static void table_init(void **state)
{
	struct shortage s = { 0 };

	while (next_turn(&s)) {
		struct alias_table *table = NULL;

		shortage_begin(&s);
		table = alias_table_init(frame, 1);
		shortage_end(&s);
		check_pointer(&s, table);
	}
}

static void add_to_table(void **state)
{
	struct shortage s = { 0 };

	while (next_turn(&s)) {
		struct alias_table *table = alias_table_init(frame, 1);
		struct wire_name wire = wire_of("NIGHT");
		struct alias *a = NULL;
		enum messenger_code code;

		shortage_begin(&s);
		code = alias_add(table, ALIAS_ADDED, "NIGHT", &wire, at(0), &a);
		shortage_end(&s);
		assert_int_equal(code, s.happened ? NERR_InternalError
						  : NERR_Success);
		assert_int_equal(a == NULL, s.happened);
		assert_int_equal(alias_table_count(table), s.happened ? 0 : 1);
		assert_ptr_equal(alias_find(table, &wire), a);
		/* the place it would have had is not lost */
		if (s.happened) {
			assert_int_equal(talloc_total_blocks(table), 1);
			assert_int_equal(alias_add(table, ALIAS_ADDED, "NIGHT",
						   &wire, at(0), &a),
					 NERR_Success);
		}
	}
}

static void set_subnet(void **state)
{
	const struct in_addr nobody = { .s_addr = 0 };
	struct shortage s = { 0 };

	while (next_turn(&s)) {
		struct alias_table *table = alias_table_init(frame, 1);
		struct wire_name wire = wire_of("NIGHT");
		struct alias *a = NULL;
		size_t blocks;
		bool set;

		alias_add(table, ALIAS_ADDED, "NIGHT", &wire, at(0), &a);
		alias_subnet_set(a, "A", ALIAS_REGISTERED, 0, nobody);
		blocks = talloc_total_blocks(a);
		shortage_begin(&s);
		set = alias_subnet_set(a, "B", ALIAS_REFUSED, 6, nobody);
		shortage_end(&s);
		assert_int_equal(set, !s.happened);
		assert_int_equal(a->num_subnets, set ? 2 : 1);
		assert_int_equal(alias_verdict(a),
				 set ? ALIAS_REFUSED : ALIAS_REGISTERED);
		/* the first one is part of the alias */
		assert_int_equal(talloc_total_blocks(a), blocks + (set ? 1 : 0));
	}
}

/* What is there already, or goes, needs none. */
static void set_subnet_again(void **state)
{
	const struct in_addr nobody = { .s_addr = 0 };
	struct alias_table *table = alias_table_init(NULL, 1);
	struct shortage s = { .nth = 1, .lasting = true };
	struct wire_name wire = wire_of("NIGHT");
	struct alias *a = NULL;
	bool set;

	alias_add(table, ALIAS_ADDED, "NIGHT", &wire, at(0), &a);
	alias_subnet_set(a, "A", ALIAS_REGISTERED, 0, nobody);
	alias_subnet_set(a, "B", ALIAS_REGISTERED, 0, nobody);
	alias_subnet_set(a, "C", ALIAS_REGISTERED, 0, nobody);
	shortage_begin(&s);
	set = alias_subnet_set(a, "A", ALIAS_REFUSED, 6, nobody);
	alias_subnet_remove(a, "B");
	alias_subnet_keep_refused(a);
	shortage_end(&s);
	assert_true(set);
	assert_false(s.happened);
	assert_int_equal(a->num_subnets, 1);
	assert_int_equal(a->subnets[0].rcode, 6);
	talloc_free(table);
}

static void want(void **state)
{
	struct shortage s = { 0 };

	while (next_turn(&s)) {
		struct wire_name wire = wire_of("NIGHT");
		struct wanted_list *list = wanted_list_init(NULL);
		struct wanted *w = NULL;

		assert_non_null(list);
		shortage_begin(&s);
		w = wanted_add(list, WANTED_CONFIG, "NIGHT", &wire);
		shortage_end(&s);
		check_pointer(&s, w);
		assert_ptr_equal(TAILQ_FIRST(&list->head), w);
		assert_ptr_equal(wanted_any(list, &wire), w);
		talloc_free(list);
	}
}

static void grow_text(void **state)
{
	struct shortage s = { 0 };

	while (next_turn(&s)) {
		char *text = talloc_strdup(frame, "one");

		shortage_begin(&s);
		text_add(&text, " %0200d", 2);
		text_add_wrapped(&text, 2, TEXT_COLUMNS, "three");
		text_add(&text, "%0200d", 4);
		shortage_end(&s);
		check_pointer(&s, text);
	}
}

static void json_of_text(void **state)
{
	struct shortage s = { 0 };

	while (next_turn(&s)) {
		json_t *json = NULL;

		shortage_begin(&s);
		json = text_json("\xff\xfe");
		shortage_end(&s);
		check_json(&s, json);
	}
}

/*
 * Events.
 */

static struct event *make_event(enum event_type type)
{
	struct event *ev = event_create(frame, type, at(0));

	assert_non_null(ev);
	ev->seq = 1;
	ev->code = NERR_NoComputerName;
	ev->alias = talloc_strdup(ev, "ALPHA");
	ev->subnet = talloc_strdup(ev, "10.88.0.2");
	ev->rcode = 6;
	ev->holder = ip("10.88.0.1");
	return ev;
}

static void new_event(void **state)
{
	struct shortage s = { 0 };

	while (next_turn(&s)) {
		struct event *ev = NULL;

		shortage_begin(&s);
		ev = event_create(frame, EVENT_ALIAS_LOST, at(0));
		shortage_end(&s);
		check_pointer(&s, ev);
	}
}

static void event_texts(void **state)
{
	static char *(*const functions[])(TALLOC_CTX *,
					  const struct event *) = {
		event_message,
		event_log_text,
	};
	enum event_type type;
	size_t i;

	for (i = 0; i < ARRAY_LEN(functions); i++) {
		for (type = EVENT_SERVICE_STARTED; type <= EVENT_ALIAS_LOST;
		     type++) {
			struct shortage s = { 0 };

			while (next_turn(&s)) {
				struct event *ev = make_event(type);
				char *text = NULL;

				talloc_steal(NULL, ev);
				shortage_begin(&s);
				text = functions[i](frame, ev);
				shortage_end(&s);
				check_pointer(&s, text);
				talloc_free(ev);
			}
		}
	}
}

static void event_time(void **state)
{
	struct shortage s = { 0 };

	while (next_turn(&s)) {
		char *text = NULL;

		shortage_begin(&s);
		text = text_moment(frame, at(0));
		shortage_end(&s);
		check_pointer(&s, text);
	}
}

static void event_as_json(void **state)
{
	struct shortage s = { 0 };

	while (next_turn(&s)) {
		struct event *ev = make_event(EVENT_SERVICE_FAILED);
		json_t *json = NULL;

		talloc_steal(NULL, ev);
		shortage_begin(&s);
		json = event_json(ev);
		shortage_end(&s);
		check_json(&s, json);
		talloc_free(ev);
	}
}

/*
 * Reports.
 */

static struct recorder *failed_service(void)
{
	struct recorder *r = recorder_create();

	r->subnets[0] = "10.88.0.2";
	recorder_configure(r, "ALPHA", "");
	service_start(r->service);
	recorder_refuse(r, "ALPHA", "10.88.0.2", 6, "10.88.0.1");
	return r;
}

static struct recorder *running_service(void)
{
	struct recorder *r = recorder_create();

	r->subnets[0] = "10.88.0.2";
	recorder_configure(r, "ALPHA", "NIGHT DAY");
	service_start(r->service);
	recorder_grant(r, "ALPHA", "10.88.0.2");
	recorder_refuse(r, "NIGHT", "10.88.0.2", 6, "10.88.0.1");
	return r;
}

static char *status_text(TALLOC_CTX *mem_ctx, const struct service *s)
{
	return answer_text(mem_ctx, &report_status_text, s, NULL);
}

static char *list_text(TALLOC_CTX *mem_ctx, const struct service *s)
{
	return answer_text(mem_ctx, &report_list_text, s, NULL);
}

static char *condition_text(TALLOC_CTX *mem_ctx, const struct service *s)
{
	return report_condition_text(mem_ctx, s, NULL);
}

static char *status_json(const struct service *s)
{
	return answer_text(NULL, &report_status_json, s, NULL);
}

static char *list_json(const struct service *s)
{
	return answer_text(NULL, &report_list_json, s, NULL);
}

static void report_texts(void **state)
{
	static char *(*const functions[])(TALLOC_CTX *,
					  const struct service *) = {
		status_text,
		list_text,
		condition_text,
	};
	static struct recorder *(*const services[])(void) = {
		recorder_create,
		failed_service,
		running_service,
	};
	size_t i, j;

	for (i = 0; i < ARRAY_LEN(functions); i++) {
		for (j = 0; j < ARRAY_LEN(services); j++) {
			struct recorder *r = services[j]();
			struct shortage s = { 0 };

			while (next_turn(&s)) {
				char *text = NULL;

				shortage_begin(&s);
				text = functions[i](frame, r->service);
				shortage_end(&s);
				check_pointer(&s, text);
			}
			recorder_free(r);
		}
	}
}

static void report_jsons(void **state)
{
	static char *(*const functions[])(const struct service *) = {
		status_json,
		list_json,
	};
	static struct recorder *(*const services[])(void) = {
		recorder_create,
		failed_service,
		running_service,
	};
	size_t i, j;

	for (i = 0; i < ARRAY_LEN(functions); i++) {
		for (j = 0; j < ARRAY_LEN(services); j++) {
			struct recorder *r = services[j]();
			struct shortage s = { 0 };

			while (next_turn(&s)) {
				char *text = NULL;

				shortage_begin(&s);
				text = functions[i](r->service);
				shortage_end(&s);
				check_json(&s, answer_parse(text));
			}
			recorder_free(r);
		}
	}
}

static void report_help(void **state)
{
	struct shortage s = { 0 };
	struct shortage t = { 0 };

	while (next_turn(&s)) {
		char *text = NULL;

		shortage_begin(&s);
		text = report_help_text(frame);
		shortage_end(&s);
		check_pointer(&s, text);
	}
	while (next_turn(&t)) {
		json_t *json = NULL;

		shortage_begin(&t);
		json = report_help_json();
		shortage_end(&t);
		check_json(&t, json);
	}
}

static void report_outcomes(void **state)
{
	const struct outcome outcomes[] = {
		{ .done = "added", .subject = "NIGHT" },
		{ .done = "added",
		  .subject = "NIGHT",
		  .code = NERR_DuplicateName,
		  .holder = ip("10.88.0.1") },
		{ .done = "added",
		  .subject = "NIGHT",
		  .reason = "Read-only file system" },
		{ .done = "added",
		  .subject = "NIGHT",
		  .code = NERR_NetworkError,
		  .reason = "Network is unreachable" },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(outcomes); i++) {
		struct shortage s = { 0 };
		struct shortage t = { 0 };

		while (next_turn(&s)) {
			char *text = NULL;

			shortage_begin(&s);
			text = report_outcome_text(frame, &outcomes[i]);
			shortage_end(&s);
			check_pointer(&s, text);
		}
		while (next_turn(&t)) {
			json_t *json = NULL;

			shortage_begin(&t);
			json = report_outcome_json(&outcomes[i]);
			shortage_end(&t);
			check_json(&t, json);
		}
	}
}

static void report_error(void **state)
{
	struct shortage s = { 0 };

	while (next_turn(&s)) {
		json_t *json = NULL;

		shortage_begin(&s);
		json = report_error_json("unknown request '\xff'");
		shortage_end(&s);
		check_json(&s, json);
	}
}

/*
 * Requests.
 */

static void good_requests(void **state)
{
	static const char *const texts[] = {
		"",
		"list",
		"json status",
		"add NIGHT",
		"json delete NIGHT",
		"events 7",
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(texts); i++) {
		struct shortage s = { 0 };

		while (next_turn(&s)) {
			struct request req = { .count = 0xdead };
			char *error = (char *)0x1;
			bool ok;

			shortage_begin(&s);
			ok = request_parse(frame, (const uint8_t *)texts[i],
					   strlen(texts[i]) + 1, &req, &error);
			shortage_end(&s);
			assert_int_equal(ok, !s.happened);
			if (s.happened) {
				/* not "unknown request", not "needs a name" */
				assert_null(error);
				assert_int_equal(req.count, 0xdead);
				assert_null(req.name);
			}
		}
	}
}

static void wrong_requests(void **state)
{
	static const char *const texts[] = {
		"frobnicate", "add", "events x", "list it", "list\n",
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(texts); i++) {
		struct shortage s = { 0 };

		while (next_turn(&s)) {
			struct request req = { .count = 0xdead };
			char *error = (char *)0x1;
			bool ok;

			shortage_begin(&s);
			ok = request_parse(frame, (const uint8_t *)texts[i],
					   strlen(texts[i]) + 1, &req, &error);
			shortage_end(&s);
			assert_false(ok);
			assert_int_equal(error == NULL, s.happened);
			assert_int_equal(req.count, 0xdead);
		}
	}
}

/*
 * Configuration.  A complaint may get lost, an option may not.
 */

/*
 * In place of Samba's, which compiles a pattern: regcomp() of glibc loses a
 * block or two when there is no memory.
 */
int lp_wi_scan_global_parametrics(const char *regex, size_t max_matches,
				  bool (*cb)(const char *string,
					     regmatch_t matches[],
					     void *private_data),
				  void *private_data)
{
	regmatch_t match = { .rm_so = 0 };

	(void)(cb("messenger:store", &match, private_data) ||
	       cb("messenger:jornal", &match, private_data) ||
	       cb("messenger:colour", &match, private_data));
	return 0;
}

static void configuration(void **state)
{
	struct shortage s = { 0 };

	load_smb_conf("netbios aliases = BETA\n"
		      "messenger:aliases = NIGHT DAY A*\n"
		      "messenger:store = perhaps\n"
		      "messenger:ignore users = root backup\n"
		      "messenger:event log = System\n"
		      "messenger:json log = /var/log/events.json\n");
	while (next_turn(&s)) {
		struct messenger_config *c = NULL;

		shortage_begin(&s);
		c = messenger_config_load(frame, NULL);
		shortage_end(&s);
		if (c == NULL) {
			assert_true(s.happened);
			assert_int_equal(talloc_total_blocks(frame), 1);
			continue;
		}
		assert_int_equal(talloc_array_length(c->computers), 2);
		assert_int_equal(talloc_array_length(c->aliases), 2);
		assert_string_equal(c->ignore_users[1], "backup");
		assert_null(c->ignore_users[2]);
		assert_string_equal(c->event_log, "System");
		assert_string_equal(c->json_log, "/var/log/events.json");
		assert_true(c->store);
		if (!s.happened) {
			assert_int_equal(talloc_array_length(c->complaints), 4);
		}
	}
	load_smb_conf("");
}

/*
 * The service: a story, of which any part may go wrong.  When there is memory
 * again, it must be possible to put all right without a restart of nmbd.
 */

static void service_alone(void **state)
{
	struct recorder *r = recorder_create();
	struct shortage s = { 0 };

	while (next_turn(&s)) {
		struct service *service = NULL;

		shortage_begin(&s);
		service = service_init(frame, &recorder_ops, r);
		shortage_end(&s);
		check_pointer(&s, service);
	}
	recorder_free(r);
}

static void live(struct recorder *r, const struct messenger_config *config)
{
	const char *const users[] = { "eve", "not?legal", NULL };
	struct wire_name wire;

	service_configure(r->service, config);
	service_start(r->service);
	recorder_claiming(r, "BETA", "A");
	recorder_grant(r, "ALPHA", "A");
	recorder_grant(r, "ALPHA", "B");
	recorder_grant(r, "BETA", "A");
	recorder_grant(r, "NIGHT", "A");
	recorder_grant(r, "NIGHT", "B");
	recorder_refuse(r, "DAY", "B", 6, "10.0.0.9");
	service_add(r->service, "operator", &wire);
	recorder_grant(r, "OPERATOR", "A");
	recorder_grant(r, "OPERATOR", "B");
	service_set_users(r->service, users);
	recorder_grant(r, "EVE", "A");
	recorder_refuse(r, "EVE", "B", 6, "10.0.0.9");
	recorder_subnet_gone(r, "B");
	recorder_subnet_new(r, "B");
	service_delete(r->service, "night", NULL);
	service_restore(r->service, "print");
	service_configure(r->service, config);
	recorder_refuse(r, "ALPHA", "B", 6, "10.0.0.9");
	service_retry(r->service);
	recorder_grant(r, "ALPHA", "A");
	service_stop(r->service);
	service_start(r->service);
}

static void assert_network(struct recorder *r)
{
	const struct alias_table *table = service_get_aliases(r->service);
	size_t n, i;

	for (n = 0; n < RECORDER_NAMES; n++) {
		const struct alias *a = alias_find(table, &r->names[n].wire);

		for (i = 0; i < 2; i++) {
			/* nothing is claimed that the table does not hold */
			if (r->names[n].claimed[i]) {
				assert_non_null(a);
				assert_int_not_equal(a->state, ALIAS_REFUSED);
			}
		}
	}
}

static void assert_held(const struct recorder *r, const char *name)
{
	const struct wire_name wire = wire_of(name);
	const struct alias *a =
		alias_find(service_get_aliases(r->service), &wire);

	assert_non_null(a);
	assert_int_equal(a->state, ALIAS_REGISTERED);
	assert_int_equal(a->num_subnets, 2);
}

static void put_right(struct recorder *r, const struct messenger_config *config)
{
	service_stop(r->service);
	service_configure(r->service, config);
	assert_string_equal(service_get_computer(r->service), "ALPHA");
	assert_int_equal(service_start(r->service), NERR_Success);
	assert_int_equal(recorder_claiming(r, "BETA", "A"), CLAIM_FOLLOW);
	recorder_grant(r, "BETA", "A");
	recorder_grant(r, "BETA", "B");
	recorder_grant(r, "ALPHA", "A");
	recorder_grant(r, "ALPHA", "B");
	assert_int_equal(service_get_state(r->service), SERVICE_RUNNING);
	recorder_grant(r, "DAY", "A");
	recorder_grant(r, "DAY", "B");
	recorder_grant(r, "NIGHT", "A");
	recorder_grant(r, "NIGHT", "B");
	recorder_grant(r, "OPERATOR", "A");
	recorder_grant(r, "OPERATOR", "B");
	service_delete(r->service, "OPERATOR", NULL);
	service_set_users(r->service, (const char *const[]){ NULL });
	recorder_grant(r, "PRINT", "A");
	recorder_grant(r, "PRINT", "B");
	service_delete(r->service, "PRINT", NULL);
	assert_network(r);
	assert_int_equal(alias_table_count(service_get_aliases(r->service)), 4);
	assert_held(r, "ALPHA");
	assert_held(r, "BETA");
	assert_held(r, "NIGHT");
	assert_held(r, "DAY");
}

static void service_story(void **state)
{
	struct recorder *sample = recorder_create();
	struct messenger_config *config = sample->config;
	struct config_name *names =
		talloc_zero_array(config, struct config_name, 4);
	struct shortage s = { 0 };
	size_t i;

	for (i = 0; i < 4; i++) {
		static const char *const words[] = { "ALPHA", "BETA", "NIGHT",
						     "DAY" };

		names[i].name = talloc_strdup(config, words[i]);
		names[i].wire = wire_of(words[i]);
	}
	config->computers =
		talloc_memdup(config, &names[0], 2 * sizeof(names[0]));
	config->aliases =
		talloc_memdup(config, &names[2], 2 * sizeof(names[0]));
	config->store = true;
	config->restart_interval = 5;

	while (next_turn(&s)) {
		struct recorder *r = recorder_create();

		talloc_steal(frame, r);
		r->subnets[0] = "A";
		r->subnets[1] = "B";
		shortage_begin(&s);
		live(r, config);
		shortage_end(&s);
		recorder_forget(r);
		assert_network(r);
		put_right(r, config);
	}
	recorder_free(sample);
}

/*
 * Holders, and what is told of them.
 */

/* PLANT1 of the group LAB, with a MAC address; made while there is memory. */
static void make_status(struct nbns_answer *answer)
{
	*answer = (struct nbns_answer){
		.num_names = 2,
		.mac = { 2, 0, 0, 0, 0, 1 },
	};
	memcpy(answer->names[0].bytes, "PLANT1         ", 15);
	answer->names[0].flags = 0x0400;
	memcpy(answer->names[1].bytes, "LAB            ", 15);
	answer->names[1].flags = 0x8400;
}

static struct holder *make_holder(TALLOC_CTX *mem_ctx)
{
	const struct wire_name wire = wire_of("ALPHA");
	struct nbns_answer answer;
	struct holder *h = NULL;

	make_status(&answer);
	h = holder_create(mem_ctx, &answer, &wire);
	assert_non_null(h);
	return h;
}

/* All of a holder or nothing of it. */
static void check_holder(const struct shortage *s, struct holder *h)
{
	if (h == NULL) {
		assert_true(s->happened);
		assert_int_equal(talloc_total_blocks(frame), 1);
		return;
	}
	assert_int_equal(h->cause, CAUSE_NOT_THE_HOLDER);
	assert_string_equal(h->computer, "PLANT1");
	assert_string_equal(h->group, "LAB");
	assert_string_equal(h->mac, "02:00:00:00:00:01");
	assert_int_equal(talloc_array_length(h->names), 2);
	assert_string_equal(h->names[0], "PLANT1<00>");
	assert_string_equal(h->names[1], "LAB<00>");
	/* the frame, the holder, three texts, the list and what is in it */
	assert_int_equal(talloc_total_blocks(frame), 7);
}

static void new_holder(void **state)
{
	const struct wire_name wire = wire_of("ALPHA");
	struct nbns_answer answer;
	struct shortage s = { 0 };

	make_status(&answer);
	while (next_turn(&s)) {
		struct holder *h = NULL;

		shortage_begin(&s);
		h = holder_create(frame, &answer, &wire);
		shortage_end(&s);
		check_holder(&s, h);
	}
}

static void new_holder_without_answer(void **state)
{
	const struct wire_name wire = wire_of("ALPHA");
	struct shortage s = { 0 };

	while (next_turn(&s)) {
		struct holder *h = NULL;

		shortage_begin(&s);
		h = holder_create(frame, NULL, &wire);
		shortage_end(&s);
		check_pointer(&s, h);
	}
}

static void copy_of_a_holder(void **state)
{
	TALLOC_CTX *other = talloc_new(NULL);
	const struct holder *from = make_holder(other);
	struct shortage s = { 0 };

	while (next_turn(&s)) {
		struct holder *h = NULL;

		shortage_begin(&s);
		h = holder_copy(frame, from);
		shortage_end(&s);
		assert_int_equal(h == NULL, s.happened);
		check_holder(&s, h);
	}
	talloc_free(other);
}

static void holder_as_json(void **state)
{
	TALLOC_CTX *other = talloc_new(NULL);
	const struct holder *h = make_holder(other);
	struct shortage s = { 0 };

	while (next_turn(&s)) {
		json_t *json = NULL;

		shortage_begin(&s);
		json = holder_json(ip("10.88.0.9"), h);
		shortage_end(&s);
		check_json(&s, json);
	}
	talloc_free(other);
}

/* An event with all that it can have. */
static void full_event_as_json(void **state)
{
	struct shortage s = { 0 };

	while (next_turn(&s)) {
		struct event *ev = make_event(EVENT_ALIAS_DEFENDED);
		json_t *json = NULL;

		talloc_steal(NULL, ev);
		ev->details = make_holder(ev);
		ev->claimant = ip("10.88.0.10");
		ev->count = 3;
		shortage_begin(&s);
		json = event_json(ev);
		shortage_end(&s);
		check_json(&s, json);
		talloc_free(ev);
	}
}

static void texts_of_contests(void **state)
{
	enum event_type type;

	for (type = EVENT_ALIAS_DEFENDED; type <= EVENT_ALIAS_CONFLICT;
	     type++) {
		struct shortage s = { 0 };

		while (next_turn(&s)) {
			struct event *ev = make_event(type);
			char *text = NULL;

			talloc_steal(NULL, ev);
			ev->claimant = ip("10.88.0.10");
			ev->count = 3;
			shortage_begin(&s);
			text = event_log_text(frame, ev);
			shortage_end(&s);
			check_pointer(&s, text);
			talloc_free(ev);
		}
	}
}

static void text_of_a_holder(void **state)
{
	const struct wire_name wire = wire_of("ALPHA");
	size_t i;

	for (i = 0; i < 2; i++) {
		struct shortage s = { 0 };

		while (next_turn(&s)) {
			struct event *ev = make_event(EVENT_ALIAS_REFUSED);
			char *text = NULL;

			talloc_steal(NULL, ev);
			ev->details = (i == 0) ? make_holder(ev)
					       : holder_create(ev, NULL, &wire);
			shortage_begin(&s);
			text = event_details_text(frame, ev);
			shortage_end(&s);
			check_pointer(&s, text);
			talloc_free(ev);
		}
	}
}

/* The holder of ALPHA, or of NIGHT, was asked and answered. */
static struct recorder *diagnosed(struct recorder *r)
{
	const struct wire_name alpha = wire_of("ALPHA");
	const struct wire_name night = wire_of("NIGHT");
	struct holder *h = make_holder(r);

	service_diagnosed(r->service, &alpha, ip("10.88.0.1"), h);
	service_diagnosed(r->service, &night, ip("10.88.0.1"), h);
	talloc_free(h);
	return r;
}

static struct recorder *failed_and_diagnosed(void)
{
	return diagnosed(failed_service());
}

static struct recorder *running_and_diagnosed(void)
{
	return diagnosed(running_service());
}

static struct recorder *running_without_refusal(void)
{
	struct recorder *r = running_service();

	assert_int_equal(service_delete(r->service, "NIGHT", NULL),
			 NERR_Success);
	return r;
}

static struct recorder *(*const findings[])(void) = {
	recorder_create,      failed_service,	     running_service,
	failed_and_diagnosed, running_and_diagnosed, running_without_refusal,
};

static void explanations(void **state)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(findings); i++) {
		struct recorder *r = findings[i]();
		struct shortage s = { 0 };
		struct shortage t = { 0 };

		while (next_turn(&s)) {
			char *text = NULL;

			shortage_begin(&s);
			text = answer_text(frame, &explain_text, r->service,
					   NULL);
			shortage_end(&s);
			check_pointer(&s, text);
		}
		while (next_turn(&t)) {
			char *text = NULL;

			shortage_begin(&t);
			text = answer_text(NULL, &explain_json, r->service,
					   NULL);
			shortage_end(&t);
			check_json(&t, answer_parse(text));
		}
		recorder_free(r);
	}
}

static void status_of_the_diagnosed(void **state)
{
	struct recorder *r = failed_and_diagnosed();
	struct shortage s = { 0 };

	while (next_turn(&s)) {
		char *text = NULL;

		shortage_begin(&s);
		text = answer_text(frame, &report_status_text, r->service,
				   NULL);
		shortage_end(&s);
		check_pointer(&s, text);
	}
	recorder_free(r);
}

/*
 * Parts of the story, each looked at closely.
 */

/* ALPHA runs on A, and OPERATOR is claimed there; owned by the frame. */
static struct recorder *running_on_a(void)
{
	struct recorder *r = recorder_create();

	talloc_steal(frame, r);
	r->subnets[0] = "A";
	recorder_configure(r, "ALPHA", "OPERATOR");
	service_start(r->service);
	recorder_grant(r, "ALPHA", "A");
	recorder_forget(r);
	return r;
}

/* How many blocks are left when all is given up: the same in each turn. */
static void check_blocks(const struct shortage *s, struct recorder *r)
{
	static size_t complete;

	service_stop(r->service);
	if (s->turn == 1) {
		complete = talloc_total_blocks(r->service);
	}
	assert_int_equal(talloc_total_blocks(r->service), complete);
}

/* An event is told whole or not at all. */
static void check_event(const struct shortage *s, struct recorder *r,
			const char *want)
{
	const char *event = strstr(r->lines, "event ");

	if (event == NULL) {
		assert_true(s->happened);
	} else if (strncmp(event, want, strlen(want)) != 0) {
		fail_msg("'%s' instead of '%s'", event, want);
	}
}

static void service_without_its_name(void **state)
{
	struct shortage s = { 0 };

	while (next_turn(&s)) {
		struct recorder *r = recorder_create();
		enum messenger_code code;
		char *text = NULL;

		talloc_steal(frame, r);
		r->config->restart_interval = 5;
		recorder_configure(r, "ALPHA", "");
		shortage_begin(&s);
		code = service_start(r->service);
		shortage_end(&s);
		if (code == NERR_Success) {
			assert_int_equal(service_get_state(r->service),
					 SERVICE_STARTING);
			continue;
		}
		assert_true(s.happened);
		assert_int_equal(code, NERR_InternalError);
		assert_int_equal(service_get_state(r->service), SERVICE_FAILED);
		assert_int_equal(service_get_exit(r->service), code);
		assert_int_equal(r->retry, 5);
		assert_int_equal(r->events[EVENT_SERVICE_FAILED],
				 s.lasting ? 0 : 1);
		assert_table(r, "");
		/* nobody refused it */
		text = answer_text(frame, &report_status_text, r->service,
				   NULL);
		assert_non_null(strstr(text, "win32 1066, service 2140"));
		assert_null(strstr(text, "<03>"));
	}
}

static void refusal(void **state)
{
	struct shortage s = { 0 };

	while (next_turn(&s)) {
		struct recorder *r = running_on_a();

		shortage_begin(&s);
		recorder_refuse(r, "OPERATOR", "A", 6, "10.0.0.9");
		shortage_end(&s);
		check_event(&s, r,
			    "event alias-refused OPERATOR on A code 2297 "
			    "rcode 6 holder 10.0.0.9\n");
		assert_non_null(strstr(r->lines, "settled OPERATOR 2297"));
		check_blocks(&s, r);
	}
}

static void contest(void **state)
{
	const struct contest c = {
		.kind = CONTEST_REGISTRATION,
		.wire = wire_of("ALPHA"),
		.from = ip("10.0.0.9"),
	};
	struct shortage s = { 0 };

	while (next_turn(&s)) {
		struct recorder *r = running_on_a();

		shortage_begin(&s);
		service_contested(r->service, &c);
		shortage_end(&s);
		check_event(&s, r,
			    "event alias-defended ALPHA claimant 10.0.0.9 "
			    "count 1\n");
		check_blocks(&s, r);
	}
}

static void add_by_request(void **state)
{
	struct shortage s = { 0 };

	while (next_turn(&s)) {
		struct recorder *r = running_on_a();
		struct wire_name wire = { { 0 } };
		enum messenger_code code;

		shortage_begin(&s);
		code = service_add(r->service, "NIGHT", &wire);
		shortage_end(&s);
		if (code == NERR_Success) {
			recorder_expect(r, "claim NIGHT\n");
			assert_non_null(
				alias_find(service_get_aliases(r->service),
					   &wire));
		} else {
			assert_true(s.happened);
			assert_int_equal(code, NERR_InternalError);
			recorder_expect(r, "");
			/* it is not remembered */
			service_set_users(r->service,
					  (const char *const[]){ NULL });
			recorder_expect(r, "");
		}
		check_blocks(&s, r);
	}
}

/* Each of them is remembered, and then told but once, or it is not. */
static void users_without_legal_names(void **state)
{
	const char *const users[] = { "what?", "why?", "eve", NULL };
	struct shortage s = { 0 };

	while (next_turn(&s)) {
		struct recorder *r = running_on_a();

		shortage_begin(&s);
		service_set_users(r->service, users);
		shortage_end(&s);
		service_set_users(r->service, users);
		service_set_users(r->service, users);
		recorder_forget(r);
		service_set_users(r->service, users);
		recorder_expect(r, "");
		service_set_users(r->service, (const char *const[]){ NULL });
		check_blocks(&s, r);
	}
}

static void grow_bytes(void **state)
{
	static const uint8_t more[4096];
	struct shortage s = { 0 };

	while (next_turn(&s)) {
		struct bytes b;
		uint8_t *all = NULL;

		shortage_begin(&s);
		b = bytes_begin(frame);
		bytes_add(&b, more, sizeof(more));
		bytes_add(&b, "a", 1);
		all = bytes_end(&b);
		shortage_end(&s);
		check_pointer(&s, all);
		if (all != NULL) {
			assert_int_equal(talloc_array_length(all), 4097);
		}
	}
}

/* What is wrong with its characters is found out without much memory. */
static void parse_what_is_no_name(void **state)
{
	struct shortage s = { 0 };
	unsigned failed = 0;

	while (next_turn(&s)) {
		struct wire_name wire = { { 0 } };
		char *name = NULL;
		enum messenger_code code;

		shortage_begin(&s);
		code = messenger_name_parse(frame, "what?", &name, &wire);
		shortage_end(&s);
		assert_int_equal(code, s.happened ? NERR_InternalError
						  : ERROR_INVALID_NAME_);
		assert_null(name);
		failed += s.happened ? 1 : 0;
	}
	/* once alone, and once with all that come after it */
	assert_int_equal(failed, 2);
}

/* One of whom nothing is known: its list of names is empty, but there. */
static void copy_of_nobody(void **state)
{
	const struct wire_name wire = wire_of("ALPHA");
	struct holder *from = holder_create(NULL, NULL, &wire);
	struct shortage s = { 0 };

	while (next_turn(&s)) {
		struct holder *h = NULL;

		shortage_begin(&s);
		h = holder_copy(frame, from);
		shortage_end(&s);
		check_pointer(&s, h);
	}
	talloc_free(from);
}

#define TEST(f) cmocka_unit_test(f)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(name_parse),
		TEST(name_print),
		TEST(table_init),
		TEST(add_to_table),
		TEST(set_subnet),
		TEST(set_subnet_again),
		TEST(want),
		TEST(grow_text),
		TEST(json_of_text),
		TEST(new_event),
		TEST(event_texts),
		TEST(event_time),
		TEST(event_as_json),
		TEST(report_texts),
		TEST(report_jsons),
		TEST(report_help),
		TEST(report_outcomes),
		TEST(report_error),
		TEST(good_requests),
		TEST(wrong_requests),
		TEST(configuration),
		TEST(service_alone),
		TEST(service_story),
		TEST(new_holder),
		TEST(new_holder_without_answer),
		TEST(copy_of_a_holder),
		TEST(holder_as_json),
		TEST(full_event_as_json),
		TEST(texts_of_contests),
		TEST(text_of_a_holder),
		TEST(explanations),
		TEST(status_of_the_diagnosed),
		TEST(service_without_its_name),
		TEST(refusal),
		TEST(contest),
		TEST(add_by_request),
		TEST(users_without_legal_names),
		TEST(grow_bytes),
		TEST(parse_what_is_no_name),
		TEST(copy_of_nobody),
	};

	return cmocka_run_group_tests(tests, setup_smb_conf, teardown_smb_conf);
}

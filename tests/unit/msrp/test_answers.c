/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What the methods of [MS-MSRP] answer, and what they ask the module for.
 */

#include "answers.h"

#include "smb_conf.h"
#include "unit.h"

static TALLOC_CTX *frame;

static int setup(void **state)
{
	frame = talloc_new(NULL);
	return (frame != NULL) ? setup_smb_conf(state) : -1;
}

static int teardown(void **state)
{
	TALLOC_FREE(frame);
	return teardown_smb_conf(state);
}

/* ASCII alone */
static struct msgsvc_name name_of(const char *text)
{
	struct msgsvc_name name = { .num = strlen(text) };
	size_t i;

	name.units = talloc_array(frame, uint16_t, name.num + 1);
	assert_non_null(name.units);
	for (i = 0; i <= name.num; i++) {
		name.units[i] = (unsigned char)text[i];
	}
	return name;
}

static uint32_t check_name(enum msgsvc_method method, const char *text,
			   char **order)
{
	struct msgsvc_request req = { .method = method,
				      .name = name_of(text) };

	return msgsvc_check(frame, &req, order);
}

static void test_orders(void **state)
{
	char *order = NULL;

	assert_int_equal(check_name(MSGSVC_NAME_ADD, "operator", &order), 0);
	assert_string_equal(order, "json add operator<03>");
	assert_int_equal(check_name(MSGSVC_NAME_DEL, "Shift 2  ", &order), 0);
	assert_string_equal(order, "json delete Shift 2<03>");
	assert_int_equal(check_name(MSGSVC_NAME_ADD, "ROOM#12", &order), 0);
	assert_string_equal(order, "json add ROOM#12<03>");
}

static void test_wrong_names(void **state)
{
	static const struct {
		const char *name;
		uint32_t code;
	} cases[] = {
		{ "", 123 },	   { " ", 123 },	 { " A", 123 },
		{ "A\nB", 123 },   { "*", 123 },	 { "A/B", 123 },
		{ "A\x7f", 123 },  { "SIXTEEN-LETTERS-", 87 },
	};
	char *order = NULL;
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(check_name(MSGSVC_NAME_ADD, cases[i].name,
					    &order),
				 cases[i].code);
		assert_null(order);
		assert_int_equal(check_name(MSGSVC_NAME_DEL, cases[i].name,
					    &order),
				 cases[i].code);
		assert_null(order);
	}
}

/* Half a surrogate pair is no character of any charset. */
static void test_no_character(void **state)
{
	uint16_t units[] = { 'A', 0xd800, 0 };
	struct msgsvc_request req = { .method = MSGSVC_NAME_ADD,
				      .name = { units, 2 } };
	char *order = NULL;

	assert_int_equal(msgsvc_check(frame, &req, &order), 123);
	assert_null(order);
}

static void test_enum_limits(void **state)
{
	struct msgsvc_request req = { .method = MSGSVC_NAME_ENUM };
	char *order = NULL;

	req.pref_max_len = 11776;
	assert_int_equal(msgsvc_check(frame, &req, &order), 0);
	req.pref_max_len = 11777;
	assert_int_equal(msgsvc_check(frame, &req, &order), 87);
	req.pref_max_len = MSGSVC_NO_LIMIT;
	assert_int_equal(msgsvc_check(frame, &req, &order), 0);
	req.level = 1;
	req.pref_max_len = 11777;
	assert_int_equal(msgsvc_check(frame, &req, &order), 0);
	req.level = 2; /* before the length */
	assert_int_equal(msgsvc_check(frame, &req, &order), 124);
}

static void test_table(void **state)
{
	struct msgsvc_table table = { .num = 99 };

	assert_int_equal(
		msgsvc_table_parse(
			frame,
			"{\"service\": {\"state\": \"running\"}, \"aliases\": ["
			"{\"name\": \"ALPHA\", \"state\": \"registered\"},"
			"{\"name\": \"B\", \"state\": \"refused\"},"
			"{\"name\": \"C\", \"state\": \"registering\"},"
			"{\"name\": \"D\", \"state\": \"waiting\"},"
			"{\"name\": \"E\", \"state\": \"registered\"}]}\n",
			&table),
		0);
	assert_int_equal(table.num, 2);
	assert_string_equal(table.names[0], "ALPHA");
	assert_string_equal(table.names[1], "E");
	assert_int_equal(
		msgsvc_table_parse(frame,
				   "{\"service\": {\"state\": \"starting\"},"
				   " \"aliases\": []}",
				   &table),
		0);
	assert_int_equal(table.num, 0);
}

/* Stopped, failed, not there, or something else altogether. */
static void test_no_table(void **state)
{
	static const char *const cases[] = {
		"{\"service\": {\"state\": \"stopped\"}, \"aliases\": []}",
		("{\"service\": {\"state\": \"failed\"}, \"aliases\": ["
		 "{\"name\": \"ALPHA\", \"state\": \"registered\"}]}"),
		"The Messenger service is not there: no reason\n",
		"",
		"[]",
		"{}",
		"{\"service\": 1}",
	};
	struct msgsvc_table table = { .num = 99 };
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(msgsvc_table_parse(frame, cases[i], &table),
				 NERR_MsgNotStarted);
		assert_int_equal(table.num, 99);
	}
}

static void test_order_code(void **state)
{
	assert_int_equal(msgsvc_order_code("{\"ok\": true, \"code\": 0}"), 0);
	assert_int_equal(msgsvc_order_code("{\"ok\": false, \"code\": 2297}"),
			 2297);
	assert_int_equal(msgsvc_order_code("The Messenger service is not "
					   "there\n"),
			 NERR_MsgNotStarted);
	assert_int_equal(msgsvc_order_code("{\"code\": \"x\"}"),
			 NERR_InternalError);
}

static char *three[] = { (char[]){ "ALPHA" }, (char[]){ "OPERATOR" },
			 (char[]){ "B\303\234RO" } };
static const struct msgsvc_table table_of_three = { three, 3 };

/* A code, so many names from one on, and where to resume. */
static void assert_enum(uint32_t level, uint32_t max, uint32_t resume,
			uint32_t code, size_t first, size_t num, uint32_t next)
{
	struct msgsvc_request req = { .method = MSGSVC_NAME_ENUM,
				      .level = level,
				      .pref_max_len = max,
				      .has_resume = true,
				      .resume = resume };
	struct msgsvc_reply reply = { .resume = resume };
	size_t i;

	msgsvc_answer(frame, &req, &table_of_three, &reply);
	assert_int_equal(reply.code, code);
	assert_int_equal(reply.num, num);
	assert_int_equal(reply.resume, next);
	for (i = 0; i < num; i++) {
		assert_int_equal(reply.names[i].units[0], three[first + i][0]);
	}
}

static void test_enum(void **state)
{
	assert_enum(0, MSGSVC_NO_LIMIT, 0, 0, 0, 3, 0);
	assert_enum(1, MSGSVC_NO_LIMIT, 1, 0, 1, 2, 1);
	assert_enum(0, 46, 0, 234, 0, 1, 1);
	assert_enum(0, 46, 2, 0, 2, 1, 2);
	assert_enum(0, 45, 0, 2123, 0, 0, 0);
	assert_enum(0, 45, 1, 2123, 0, 0, 1);
	assert_enum(0, 137, 0, 234, 0, 2, 2);
	assert_enum(0, 138, 0, 0, 0, 3, 0);
	assert_enum(1, 138, 0, 234, 0, 2, 2);
	assert_enum(1, 162, 0, 0, 0, 3, 0);
	assert_enum(0, 0, 3, 0, 0, 0, 3);
	assert_enum(0, 0, 0xffffffff, 0, 0, 0, 0xffffffff);
}

static void assert_info(struct msgsvc_name name, uint32_t level,
			uint32_t code, size_t num, const uint16_t *units)
{
	struct msgsvc_request req = { .method = MSGSVC_NAME_GET_INFO,
				      .level = level,
				      .name = name };
	struct msgsvc_reply reply = { .code = 0 };

	msgsvc_answer(frame, &req, &table_of_three, &reply);
	assert_int_equal(reply.code, code);
	assert_int_equal(reply.num, code == 0 ? 1 : 0);
	if (code == 0) {
		assert_int_equal(reply.names[0].num, num);
		assert_memory_equal(reply.names[0].units, units, 2 * num);
	}
}

static void test_info(void **state)
{
	uint16_t small[] = { 'b', 0xfc, 'r', 'o', 0 };
	uint16_t large[] = { 'B', 0xdc, 'R', 'O', 0 };
	uint16_t alpha[] = { 'A', 'L', 'P', 'H', 'A', 0 };
	struct msgsvc_name buero = { small, 4 };

	assert_info(buero, 0, 0, 4, large);
	assert_info(buero, 1, 0, 4, large);
	assert_info(name_of("alpha  "), 1, 0, 5, alpha);
	assert_info(name_of("NOBODY"), 0, 2285, 0, NULL);
	/* the name before the level */
	assert_info(name_of("NOBODY"), 7, 2285, 0, NULL);
	assert_info(name_of("ALPHA"), 7, 124, 0, NULL);
	assert_info(name_of("*"), 7, 123, 0, NULL);
	assert_info(name_of("SIXTEEN-LETTERS-"), 0, 87, 0, NULL);
}

/* Its own codes have words of their own, the others those of the service. */
static void test_code_words(void **state)
{
	static const uint32_t own[] = { 5, 8, 50, 124, 234, 2123 };
	size_t i;

	for (i = 0; i < ARRAY_LEN(own); i++) {
		assert_string_not_equal(msgsvc_code_name(own[i]), "unknown");
		assert_string_not_equal(msgsvc_code_text(own[i]),
					messenger_code_text(own[i]));
	}
	assert_string_equal(msgsvc_code_name(5), "ERROR_ACCESS_DENIED");
	assert_string_equal(msgsvc_code_name(2297), "NERR_DuplicateName");
	assert_string_equal(msgsvc_code_text(2297),
			    messenger_code_text(NERR_DuplicateName));
	assert_string_equal(msgsvc_code_name(77777), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_orders),
		cmocka_unit_test(test_wrong_names),
		cmocka_unit_test(test_no_character),
		cmocka_unit_test(test_enum_limits),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_no_table),
		cmocka_unit_test(test_order_code),
		cmocka_unit_test(test_enum),
		cmocka_unit_test(test_info),
		cmocka_unit_test(test_code_words),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The client's NDR against the server's, which is tested by bytes.
 */

#include "msgsvc_client.h"

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

static uint16_t abc[] = { 'A', 'B', 'C', 0 };
static uint16_t de[] = { 'D', 'E', 0 };

static void assert_same(const struct msgsvc_request *req)
{
	uint8_t *stub = msgsvc_push_request(frame, req);
	struct msgsvc_request read;

	assert_non_null(stub);
	assert_true(msgsvc_pull(frame, req->method, stub, talloc_get_size(stub),
				false, &read));
	assert_int_equal(read.level, 0);
	assert_int_equal(read.pref_max_len, req->pref_max_len);
	assert_int_equal(read.has_resume, req->has_resume);
	assert_int_equal(read.resume, req->resume);
	assert_int_equal(read.name.num, req->name.num);
	if (req->name.num > 0) {
		assert_memory_equal(read.name.units, req->name.units,
				    2 * req->name.num);
	}
}

static void test_requests(void **state)
{
	struct msgsvc_request req = { .method = MSGSVC_NAME_ADD,
				      .name = { abc, 3 } };

	assert_same(&req);
	req.method = MSGSVC_NAME_DEL;
	assert_same(&req);
	req = (struct msgsvc_request){ .method = MSGSVC_NAME_ENUM,
				       .pref_max_len = 100 };
	assert_same(&req);
	req.has_resume = true;
	req.resume = 7;
	assert_same(&req);
}

/* From a block that ends where the stub ends. */
static bool pull(const struct msgsvc_request *req, const uint8_t *stub,
		 size_t len, bool big, struct msgsvc_reply *reply)
{
	uint8_t *copy = malloc(len > 0 ? len : 1);
	bool ok;

	assert_non_null(copy);
	memcpy(copy, stub, len);
	ok = msgsvc_pull_reply(frame, req, copy, len, big, reply);
	free(copy);
	return ok;
}

/* Whole it is read; cut anywhere it is not. */
static void assert_read(const struct msgsvc_request *req,
			const struct msgsvc_reply *reply)
{
	struct msgsvc_reply read;
	size_t len;
	size_t i;
	int big;

	for (big = 0; big <= 1; big++) {
		uint8_t *stub = msgsvc_push(frame, req, reply, big);

		for (len = 0; len < talloc_get_size(stub); len++) {
			assert_false(pull(req, stub, len, big, &read));
		}
		assert_true(pull(req, stub, len, big, &read));
		assert_int_equal(read.code, reply->code);
		assert_int_equal(read.num, reply->num);
		assert_int_equal(read.resume,
				 req->has_resume ? reply->resume : 0);
		for (i = 0; i < read.num; i++) {
			assert_int_equal(read.names[i].num,
					 reply->names[i].num);
			assert_memory_equal(read.names[i].units,
					    reply->names[i].units,
					    2 * read.names[i].num);
		}
	}
}

static void test_replies(void **state)
{
	struct msgsvc_name names[] = { { abc, 3 }, { de, 2 } };
	struct msgsvc_request req = { .method = MSGSVC_NAME_ENUM,
				      .has_resume = true };
	struct msgsvc_reply reply = {
		.code = 234, .names = names, .num = 2, .resume = 2
	};

	assert_read(&req, &reply);
	req.has_resume = false;
	assert_read(&req, &reply);
	reply.num = 0;
	assert_read(&req, &reply);
	req.method = MSGSVC_NAME_ADD;
	assert_read(&req, &reply);
}

/* Of other levels, of numbers that do not fit, of names that are not there. */
static void test_lies(void **state)
{
	struct msgsvc_request req = { .method = MSGSVC_NAME_ENUM };
	struct msgsvc_name names[] = { { abc, 3 } };
	struct msgsvc_reply reply = { .names = names, .num = 1 };
	struct msgsvc_reply read;
	/* level, again, container; entries, pointer; entries, a name */
	static const size_t words[] = { 0, 1, 3, 5, 6 };
	size_t i;

	for (i = 0; i < ARRAY_LEN(words); i++) {
		uint8_t *stub = msgsvc_push(frame, &req, &reply, false);
		uint8_t *at = stub + 4 * words[i];

		memset(at, (at[0] | at[2]) == 0 ? 1 : 0, 4);
		assert_false(pull(&req, stub, talloc_get_size(stub), false,
				  &read));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_requests),
		cmocka_unit_test(test_replies),
		cmocka_unit_test(test_lies),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}

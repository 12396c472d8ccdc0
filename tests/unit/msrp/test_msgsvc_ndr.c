/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * NDR of msgsvc, by bytes that were written down from [C706] 14 and the IDL.
 */

#include "msgsvc_ndr.h"

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

/* Stubs as 32-bit words, each in the byte order that is asked for. */
#define WORD(a, b) ((uint32_t)(b) << 16 | (a))

/* ServerName "S", and "AB" */
#define SERVER 0x20000, 2, 0, 2, WORD('S', 0)
#define NAME   3, 0, 3, WORD('A', 'B'), 0

/* A word that begins with a letter is two units; no number is to look so. */
static size_t bytes_of(const uint32_t *words, size_t num, bool big,
		       uint8_t *bytes)
{
	size_t i;

	for (i = 0; i < num; i++) {
		uint32_t w = words[i];
		bool units = (w & 0xffff) != 0 && (w & 0xff80ff80) == 0 &&
			     (w & 0xffff) >= 'A';

		if (big && units) { /* two units, each turned */
			bytes[4 * i] = (w >> 8) & 0xff;
			bytes[4 * i + 1] = w & 0xff;
			bytes[4 * i + 2] = w >> 24;
			bytes[4 * i + 3] = (w >> 16) & 0xff;
		} else if (big) {
			bytes[4 * i] = w >> 24;
			bytes[4 * i + 1] = (w >> 16) & 0xff;
			bytes[4 * i + 2] = (w >> 8) & 0xff;
			bytes[4 * i + 3] = w & 0xff;
		} else {
			bytes[4 * i] = w & 0xff;
			bytes[4 * i + 1] = (w >> 8) & 0xff;
			bytes[4 * i + 2] = (w >> 16) & 0xff;
			bytes[4 * i + 3] = w >> 24;
		}
	}
	return 4 * num;
}

/* From a block that ends where the stub ends. */
static bool pull_bytes(enum msgsvc_method method, const uint8_t *bytes,
		       size_t len, bool big, struct msgsvc_request *req)
{
	static const struct msgsvc_request untouched = { .level = 0xdead };
	uint8_t *copy = malloc(len > 0 ? len : 1);
	bool ok;

	assert_non_null(copy);
	memcpy(copy, bytes, len);
	*req = untouched;
	ok = msgsvc_pull(frame, method, copy, len, big, req);
	free(copy);
	if (!ok) {
		assert_memory_equal(req, &untouched, sizeof(untouched));
	}
	return ok;
}

static bool pull(enum msgsvc_method method, const uint32_t *words, size_t num,
		 bool big, struct msgsvc_request *req)
{
	uint8_t bytes[512];

	return pull_bytes(method, bytes, bytes_of(words, num, big, bytes), big,
			  req);
}

#define PULL(method, big, req, ...)                          \
	pull(method, (const uint32_t[]){ __VA_ARGS__ },       \
	     sizeof((uint32_t[]){ __VA_ARGS__ }) / 4, big, req)

static void assert_name(const struct msgsvc_name *name, const char *text)
{
	size_t i;

	assert_int_equal(name->num, strlen(text));
	for (i = 0; i < name->num; i++) {
		assert_int_equal(name->units[i], text[i]);
	}
	assert_int_equal(name->units[i], 0);
}

static void test_names(void **state)
{
	struct msgsvc_request req;
	int big;

	for (big = 0; big <= 1; big++) {
		assert_true(PULL(MSGSVC_NAME_ADD, big, &req, SERVER, NAME));
		assert_int_equal(req.method, MSGSVC_NAME_ADD);
		assert_name(&req.name, "AB");
		assert_true(PULL(MSGSVC_NAME_DEL, big, &req, 0, NAME));
		assert_int_equal(req.method, MSGSVC_NAME_DEL);
		assert_name(&req.name, "AB");
		assert_true(PULL(MSGSVC_NAME_GET_INFO, big, &req, SERVER, NAME,
				 7));
		assert_int_equal(req.level, 7);
		assert_name(&req.name, "AB");
	}
}

static void test_strings(void **state)
{
	struct msgsvc_request req;

	/* larger than what is used of it */
	assert_true(PULL(MSGSVC_NAME_ADD, false, &req, 0, 9, 0, 3,
			 WORD('A', 'B'), 0));
	/* smaller; an offset; no NUL; two; no unit; longer than the stub */
	assert_false(PULL(MSGSVC_NAME_ADD, false, &req, 0, 2, 0, 3,
			  WORD('A', 'B'), 0));
	assert_false(PULL(MSGSVC_NAME_ADD, false, &req, 0, 3, 1, 2,
			  WORD('A', 0)));
	assert_false(PULL(MSGSVC_NAME_ADD, false, &req, 0, 2, 0, 2,
			  WORD('A', 'B')));
	assert_false(PULL(MSGSVC_NAME_ADD, false, &req, 0, 4, 0, 4,
			  WORD('A', 0), 0));
	assert_false(PULL(MSGSVC_NAME_ADD, false, &req, 0, 0, 0, 0));
	assert_false(PULL(MSGSVC_NAME_ADD, false, &req, 0, 0xffffffff, 0,
			  0xffffffff, WORD('A', 'B'), 0));
	/* of ServerName as well, though it is ignored */
	assert_false(PULL(MSGSVC_NAME_ADD, false, &req, 0x20000, 2, 0, 2,
			  WORD('A', 'B'), NAME));
	/* the empty one is one */
	assert_true(PULL(MSGSVC_NAME_ADD, false, &req, 0, 1, 0, 1, 0));
	assert_int_equal(req.name.num, 0);
}

static void test_long_name(void **state)
{
	uint32_t words[4 + 100] = { 0, 200, 0, 200 };
	struct msgsvc_request req;
	size_t i;

	for (i = 4; i < ARRAY_LEN(words); i++) {
		words[i] = WORD('X', 'X');
	}
	words[ARRAY_LEN(words) - 1] = WORD('X', 0);
	assert_true(pull(MSGSVC_NAME_ADD, words, ARRAY_LEN(words), false,
			 &req));
	assert_int_equal(req.name.num, MSGSVC_NAME_KEPT);
}

static void test_enum(void **state)
{
	struct msgsvc_request req;
	int big;

	for (big = 0; big <= 1; big++) {
		assert_true(PULL(MSGSVC_NAME_ENUM, big, &req, SERVER, 1, 1,
				 0x20004, 0, 0, 46, 0x20008, 7));
		assert_int_equal(req.level, 1);
		assert_int_equal(req.pref_max_len, 46);
		assert_true(req.has_resume);
		assert_int_equal(req.resume, 7);
		assert_null(req.name.units);
	}
	/* no resume handle, no container */
	assert_true(PULL(MSGSVC_NAME_ENUM, false, &req, 0, 0, 0, 0,
			 MSGSVC_NO_LIMIT, 0));
	assert_int_equal(req.level, 0);
	assert_int_equal(req.pref_max_len, MSGSVC_NO_LIMIT);
	assert_false(req.has_resume);
	/* the union's level is another */
	assert_false(PULL(MSGSVC_NAME_ENUM, false, &req, 0, 0, 1, 0, 1, 0));
	/* a level without an arm: the rest is not looked at */
	assert_true(PULL(MSGSVC_NAME_ENUM, false, &req, 0, 2, 2, 1, 2, 3, 4));
	assert_int_equal(req.level, 2);
	assert_false(req.has_resume);
}

static void test_enum_entries(void **state)
{
	struct msgsvc_request req;

	/* entries that a request brings along */
	assert_true(PULL(MSGSVC_NAME_ENUM, false, &req, 0, 0, 0, 1, 2, 1, 2, 1,
			 1, NAME, 1, 0, 1, 0, 100, 0));
	assert_int_equal(req.pref_max_len, 100);
	assert_true(PULL(MSGSVC_NAME_ENUM, false, &req, 0, 1, 1, 1, 1, 1, 1, 1,
			 0, 1, NAME, NAME, 100, 0));
	assert_int_equal(req.pref_max_len, 100);
	/* another number of them; more than there can be */
	assert_false(PULL(MSGSVC_NAME_ENUM, false, &req, 0, 0, 0, 1, 2, 1, 1,
			  0, 100, 0));
	assert_false(PULL(MSGSVC_NAME_ENUM, false, &req, 0, 0, 0, 1,
			  0x40000001, 1, 0x40000001, 0, 100, 0));
}

/* Each end but the right one is wrong. */
static void test_length(void **state)
{
	static const uint32_t words[] = { SERVER, 1,  1,   0x20004, 0,
					  0,	  100, 0x20008, 7 };
	struct msgsvc_request req;
	uint8_t bytes[sizeof(words) + 8] = { 0 };
	size_t right = bytes_of(words, ARRAY_LEN(words), false, bytes);
	size_t len;

	for (len = 0; len < sizeof(bytes); len++) {
		/* a trailer behind it is aligned to four */
		bool ok = len >= right && len < right + 4;

		assert_int_equal(pull_bytes(MSGSVC_NAME_ENUM, bytes, len,
					    false, &req),
				 ok);
	}
	assert_false(msgsvc_pull(frame, MSGSVC_METHODS, bytes, right, false,
				 &req));
}

static void assert_stub(const struct msgsvc_request *req,
			const struct msgsvc_reply *reply,
			const uint32_t *words, size_t num)
{
	uint8_t bytes[512];
	int big;

	for (big = 0; big <= 1; big++) {
		uint8_t *stub = msgsvc_push(frame, req, reply, big);
		size_t len = bytes_of(words, num, big, bytes);

		assert_non_null(stub);
		assert_int_equal(talloc_get_size(stub), len);
		assert_memory_equal(stub, bytes, len);
		talloc_free(stub);
	}
}

#define ASSERT_STUB(req, reply, ...)                                   \
	assert_stub(req, reply, (const uint32_t[]){ __VA_ARGS__ },      \
		    sizeof((uint32_t[]){ __VA_ARGS__ }) / 4)

static void test_push(void **state)
{
	uint16_t ab[] = { 'A', 'B' };
	uint16_t cde[] = { 'C', 'D', 'E' };
	struct msgsvc_name names[] = { { ab, 2 }, { cde, 3 } };
	struct msgsvc_reply reply = { .names = names, .num = 2, .resume = 9 };
	struct msgsvc_reply none = { .code = 2285 };
	struct msgsvc_request req = { .method = MSGSVC_NAME_ENUM,
				      .has_resume = true };

	ASSERT_STUB(&req, &reply, 0, 0, 0x20000, 2, 0x20004, 2, 0x20008,
		    0x2000c, 3, 0, 3, WORD('A', 'B'), 0, 4, 0, 4,
		    WORD('C', 'D'), WORD('E', 0), 2, 0x20010, 9, 0);
	req.level = 1;
	req.has_resume = false;
	ASSERT_STUB(&req, &reply, 1, 1, 0x20000, 2, 0x20004, 2, 0x20008, 0, 0,
		    0x2000c, 0, 0, 3, 0, 3, WORD('A', 'B'), 0, 4, 0, 4,
		    WORD('C', 'D'), WORD('E', 0), 2, 0, 0);
	ASSERT_STUB(&req, &none, 1, 1, 0x20000, 0, 0, 0, 0, 2285);
	req.level = 7;
	ASSERT_STUB(&req, &none, 7, 7, 0, 0, 2285);

	req.method = MSGSVC_NAME_GET_INFO;
	ASSERT_STUB(&req, &none, 7, 2285);
	req.level = 0;
	ASSERT_STUB(&req, &none, 0, 0, 2285);
	reply.num = 1;
	ASSERT_STUB(&req, &reply, 0, 0x20000, 0x20004, 3, 0, 3,
		    WORD('A', 'B'), 0, 0);
	req.level = 1;
	ASSERT_STUB(&req, &reply, 1, 0x20000, 0x20004, 0, 0, 3, 0, 3,
		    WORD('A', 'B'), 0, 0);

	req.method = MSGSVC_NAME_ADD;
	ASSERT_STUB(&req, &none, 2285);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_strings),
		cmocka_unit_test(test_long_name),
		cmocka_unit_test(test_enum),
		cmocka_unit_test(test_enum_entries),
		cmocka_unit_test(test_length),
		cmocka_unit_test(test_push),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}

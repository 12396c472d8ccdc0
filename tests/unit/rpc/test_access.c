/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Who is an administrator.
 */

#include "access.h"

#include "unit.h"

#include "samba_rpc.h"

#define SID(num, ...)                                                    \
	{                                                                 \
		.sid_rev_num = 1, .num_auths = (num),                     \
		.id_auth = { 0, 0, 0, 0, 0, 5 }, .sub_auths = { __VA_ARGS__ } \
	}

static const struct dom_sid user = SID(5, 21, 1, 2, 3, 1000);
static const struct dom_sid everyone = { .sid_rev_num = 1,
					 .num_auths = 1,
					 .id_auth = { 0, 0, 0, 0, 0, 1 },
					 .sub_auths = { 544 } };
static const struct dom_sid administrators = SID(2, 32, 544);
static const struct dom_sid users = SID(2, 32, 545);
static const struct dom_sid guests = SID(2, 32, 546);
static const struct dom_sid anonymous = SID(1, 7);
/* like it, and not it */
static const struct dom_sid longer = SID(3, 32, 544, 0);
static const struct dom_sid domain_admins = SID(5, 21, 1, 2, 3, 512);

static bool is_administrator(uid_t uid, const struct dom_sid *first,
			     const struct dom_sid *second)
{
	struct dom_sid sids[] = { *first, *second };
	struct security_token token = { .num_sids = 2, .sids = sids };
	struct security_unix_token unix_token = { .uid = uid };
	const struct auth_session_info info = { .security_token = &token,
						.unix_token = &unix_token };

	return access_is_administrator(&info);
}

static void test_by_sid(void **state)
{
	assert_true(is_administrator(1000, &user, &administrators));
	assert_true(is_administrator(1000, &administrators, &users));
	assert_false(is_administrator(1000, &user, &users));
	assert_false(is_administrator(1000, &user, &everyone));
	assert_false(is_administrator(1000, &user, &longer));
	assert_false(is_administrator(1000, &user, &domain_admins));
}

static void test_root(void **state)
{
	assert_true(is_administrator(0, &user, &users));
}

/* Whatever else they are made to be. */
static void test_guests(void **state)
{
	assert_false(is_administrator(0, &user, &guests));
	assert_false(is_administrator(0, &anonymous, &everyone));
	assert_false(is_administrator(1000, &anonymous, &administrators));
	assert_false(is_administrator(1000, &guests, &administrators));
}

static void test_nobody(void **state)
{
	struct security_token token = { .num_sids = 0 };
	struct security_unix_token unix_token = { .uid = 0 };
	struct auth_session_info info = { .unix_token = &unix_token };

	assert_false(access_is_administrator(NULL));
	assert_false(access_is_administrator(&info));
	info.security_token = &token;
	assert_true(access_is_administrator(&info));
	info.unix_token = NULL;
	assert_false(access_is_administrator(&info));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_by_sid),
		cmocka_unit_test(test_root),
		cmocka_unit_test(test_guests),
		cmocka_unit_test(test_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What nodes ask and tell each other of a claim, as bytes.
 */

#include "claim_words.h"

#include "unit.h"

static void question(void **state)
{
	const struct wire_name wire = wire_of("OPERATOR");
	uint8_t buf[CLAIM_QUESTION_LEN + 1] = { 0 };
	struct wire_name got;

	assert_int_equal(claim_ask_write(buf, &wire), CLAIM_QUESTION_LEN);
	assert_true(claim_ask_read(buf, CLAIM_QUESTION_LEN, &got));
	assert_true(wire_name_equal(&got, &wire));
	assert_false(claim_ask_read(buf, CLAIM_QUESTION_LEN - 1, &got));
	assert_false(claim_ask_read(buf, CLAIM_QUESTION_LEN + 1, &got));
	assert_false(claim_ask_read(buf, 0, &got));
	buf[0]++;
	assert_false(claim_ask_read(buf, CLAIM_QUESTION_LEN, &got));
}

static struct holder *holder(TALLOC_CTX *mem_ctx, size_t names)
{
	struct holder *h = talloc_zero(mem_ctx, struct holder);
	size_t i;

	h->cause = CAUSE_ALIAS_OF_ANOTHER_COMPUTER;
	h->computer = talloc_strdup(h, "FAR");
	h->mac = talloc_strdup(h, "02:00:00:00:00:01");
	h->names = talloc_zero_array(h, char *, names);
	for (i = 0; i < names; i++) {
		h->names[i] = talloc_asprintf(h->names, "OPERATOR%07zu<03>", i);
	}
	return h;
}

static struct claim_said refusal(TALLOC_CTX *mem_ctx, size_t names)
{
	return (struct claim_said){
		.wire = wire_of("OPERATOR"),
		.code = NERR_DuplicateName,
		.rcode = RCODE_ACT_ERR,
		.holder = ip("10.69.0.201"),
		.reason = "it is so",
		.details = holder(mem_ctx, names),
	};
}

static void there_and_back(void **state)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct claim_said said = refusal(mem, 2);
	uint8_t buf[CLAIM_SAID_MAX];
	size_t len = claim_said_write(buf, &said);
	struct claim_said got;

	assert_true(claim_said_read(mem, buf, len, &got));
	assert_true(wire_name_equal(&got.wire, &said.wire));
	assert_int_equal(got.code, NERR_DuplicateName);
	assert_int_equal(got.rcode, RCODE_ACT_ERR);
	assert_int_equal(got.holder.s_addr, said.holder.s_addr);
	assert_string_equal(got.reason, "it is so");
	assert_int_equal(got.details->cause, CAUSE_ALIAS_OF_ANOTHER_COMPUTER);
	assert_string_equal(got.details->computer, "FAR");
	assert_null(got.details->group);
	assert_string_equal(got.details->mac, "02:00:00:00:00:01");
	assert_int_equal(talloc_array_length(got.details->names), 2);
	assert_string_equal(got.details->names[1], "OPERATOR0000001<03>");
	talloc_free(mem);
}

/* Of a success there is nothing more to say. */
static void success(void **state)
{
	const struct claim_said said = { .wire = wire_of("OPERATOR") };
	TALLOC_CTX *mem = talloc_new(NULL);
	uint8_t buf[CLAIM_SAID_MAX];
	struct claim_said got;

	assert_true(
		claim_said_read(mem, buf, claim_said_write(buf, &said), &got));
	assert_int_equal(got.code, NERR_Success);
	assert_null(got.reason);
	assert_null(got.details);
	talloc_free(mem);
}

/* More names than there is room for; a text that is too long is left out. */
static void too_much(void **state)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct claim_said said = refusal(mem, 300);
	uint8_t buf[CLAIM_SAID_MAX];
	struct claim_said got;
	char reason[CLAIM_SAID_MAX];
	size_t len;

	memset(reason, 'x', sizeof(reason));
	reason[sizeof(reason) - 1] = '\0';
	said.reason = reason;
	len = claim_said_write(buf, &said);
	assert_true(len <= sizeof(buf));
	assert_true(claim_said_read(mem, buf, len, &got));
	assert_null(got.reason);
	assert_string_equal(got.details->computer, "FAR");
	assert_true(talloc_array_length(got.details->names) <= 32);
	assert_true(talloc_array_length(got.details->names) > 16);
	talloc_free(mem);
}

static void cut_short(void **state)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct claim_said said = refusal(mem, 2);
	uint8_t buf[CLAIM_SAID_MAX + 1] = { 0 };
	size_t whole = claim_said_write(buf, &said);
	struct claim_said got;
	size_t len;

	for (len = 0; len < whole; len++) {
		uint8_t *copy = talloc_memdup(mem, buf, len);

		/* a text that is cut has no end */
		if (claim_said_read(mem, copy, len, &got)) {
			assert_int_equal(buf[len - 1], 0);
			assert_true(len > 36);
		}
		talloc_free(copy);
	}
	assert_false(claim_said_read(mem, buf, sizeof(buf), &got));
	buf[35] = 99; /* no such cause */
	assert_false(claim_said_read(mem, buf, whole, &got));
	talloc_free(mem);
}

static void fit_to_print(void **state)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct claim_said said = { .reason = "a\nb\x1b[c\x7f" };
	uint8_t buf[CLAIM_SAID_MAX];
	struct claim_said got;

	assert_true(
		claim_said_read(mem, buf, claim_said_write(buf, &said), &got));
	assert_string_equal(got.reason, "a.b.[c.");
	talloc_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(question),  cmocka_unit_test(there_and_back),
		cmocka_unit_test(success),   cmocka_unit_test(too_much),
		cmocka_unit_test(cut_short), cmocka_unit_test(fit_to_print),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

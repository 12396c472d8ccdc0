/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Name service packets: requests byte by byte, answers as nodes send them,
 * and as nobody should.
 */

#include "nbns.h"

#include "unit.h"

#define ID 0x1234

/* Room enough for any request: header, name, scope, question. */
#define REQUEST_SIZE (12 + 33 + 65 + 4)

/* The first level encoding of ALPHA<03>, RFC 1001 14.1. */
#define ALPHA_03 "EBEMFAEIEBCACACACACACACACACACAAD"
/* And of "*", NUL-padded. */
#define STAR "CKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

static void assert_bytes(const uint8_t *got, size_t got_len, const char *want,
			 size_t want_len)
{
	assert_int_equal(got_len, want_len);
	assert_memory_equal(got, want, want_len);
}

static void query(void **state)
{
	static const char want[] =
		"\x12\x34\x00\x00\x00\x01\x00\x00\x00\x00"
		"\x00\x00\x20" ALPHA_03 "\x00\x00\x20\x00\x01";
	const struct wire_name wire = wire_of("ALPHA");
	uint8_t buf[REQUEST_SIZE];

	assert_bytes(buf,
		     nbns_request(buf, ID, NBNS_QUERY, &wire, 3, "", false),
		     want, sizeof(want) - 1);
}

static void query_of_wins(void **state)
{
	static const char want[] =
		"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00"
		"\x00\x00\x20" ALPHA_03 "\x00\x00\x20\x00\x01";
	const struct wire_name wire = wire_of("ALPHA");
	uint8_t buf[REQUEST_SIZE];

	/* recursion desired: its database, not its own names */
	assert_bytes(buf, nbns_request(buf, ID, NBNS_QUERY, &wire, 3, "", true),
		     want, sizeof(want) - 1);
}

/* As RFC 1002 4.2.12 has it for a net: whoever has it answers. */
static void query_by_broadcast(void **state)
{
	static const char want[] =
		"\x12\x34\x01\x10\x00\x01\x00\x00\x00\x00"
		"\x00\x00\x20" ALPHA_03 "\x00\x00\x20\x00\x01";
	const struct wire_name wire = wire_of("ALPHA");
	uint8_t buf[REQUEST_SIZE];

	assert_bytes(buf, nbns_broadcast_query(buf, ID, &wire, 3, ""), want,
		     sizeof(want) - 1);
	/* no scope that nmbd would keep */
	assert_int_equal(nbns_broadcast_query(buf, ID, &wire, 3, ".X"), 0);
}

static void status_of_anybody(void **state)
{
	static const char want[] = "\x12\x34\x00\x00\x00\x01\x00\x00\x00\x00"
				   "\x00\x00\x20" STAR "\x00\x00\x21\x00\x01";
	uint8_t buf[REQUEST_SIZE];

	assert_bytes(buf,
		     nbns_request(buf, ID, NBNS_STATUS, NULL, 0, "", false),
		     want, sizeof(want) - 1);
}

static void name_of_fifteen_bytes(void **state)
{
	const struct wire_name wire = wire_of("ABCDEFGHIJKLMNO");
	uint8_t buf[REQUEST_SIZE];

	assert_int_equal(nbns_request(buf, ID, NBNS_QUERY, &wire, 3, "", false),
			 50);
	assert_memory_equal(buf + 13, "EBECEDEEEFEGEHEIEJEKELEMENEOEPAD", 32);
}

static void scope(void **state)
{
	static const char want[] = "\x20" ALPHA_03 "\x05SALES\x07"
				   "EXAMPLE\x00\x00\x20";
	const struct wire_name wire = wire_of("ALPHA");
	uint8_t buf[REQUEST_SIZE];
	char text[80];
	size_t len;

	len = nbns_request(buf, ID, NBNS_QUERY, &wire, 3, "SALES.EXAMPLE",
			   false);
	assert_int_equal(len, 12 + sizeof(want) - 1 + 2);
	assert_memory_equal(buf + 12, want, sizeof(want) - 1);

	/* the longest there is fits, and is written whole */
	memset(text, 'S', sizeof(text));
	text[63] = '\0';
	memset(buf, 0xee, sizeof(buf));
	len = nbns_request(buf, ID, NBNS_QUERY, &wire, 3, text, false);
	assert_in_range(len, 1, REQUEST_SIZE);
	assert_memory_equal(buf + len - 4, "\x00\x20\x00\x01", 4);
	assert_int_equal(buf[12 + 33], 63);

	text[63] = 'S';
	text[64] = '\0';
	assert_int_equal(nbns_request(buf, ID, NBNS_QUERY, &wire, 3, text,
				      false),
			 0);
	assert_int_equal(nbns_request(buf, ID, NBNS_QUERY, &wire, 3, ".",
				      false),
			 0);
	assert_int_equal(nbns_request(buf, ID, NBNS_QUERY, &wire, 3, ".SALES",
				      false),
			 0);
	assert_int_equal(nbns_request(buf, ID, NBNS_QUERY, &wire, 3,
				      "SALES..EXAMPLE", false),
			 0);
}

/*
 * Answers.
 */

#define HEADER(flags, answers)                                                 \
	"\x12\x34" flags "\x00\x00" answers "\x00\x00\x00\x00"
#define RECORD(type, length)                                                   \
	"\x20" ALPHA_03 "\x00" type "\x00\x01\x00\x00\x00\x00" length

static const char positive[] = HEADER("\x85\x00", "\x00\x01")
	RECORD("\x00\x20", "\x00\x0c") "\x60\x00\x0a\x00\x00\x09"
				       "\x60\x00\x0a\x00\x01\x09";

static const char negative[] =
	HEADER("\x85\x83", "\x00\x00") RECORD("\x00\x0a", "\x00\x00");

static const char wack[] = HEADER("\xbc\x00", "\x00\x01")
	RECORD("\x00\x20", "\x00\x02") "\x29\x10";

static const char status[] = HEADER("\x84\x00", "\x00\x01")
	RECORD("\x00\x21", "\x00\x2b") "\x02"
				       "ALPHA          \x00\x04\x00"
				       "PLANT          \x00\x84\x00"
				       "\x00\x50\x56\xab\xcd\xef";

static const struct nbns_answer untouched = { .rcode = -1, .num_names = 77 };

/* Exactly these bytes, in a block that ends with them. */
static bool read_bytes(const void *data, size_t len,
		       enum nbns_question question, struct nbns_answer *answer)
{
	uint8_t *copy = malloc(len > 0 ? len : 1);
	bool ok;

	assert_non_null(copy);
	memcpy(copy, data, len);
	*answer = untouched;
	ok = nbns_read_answer(copy, len, ID, question, answer);
	free(copy);
	if (!ok) {
		/* written on success only */
		assert_int_equal(answer->rcode, untouched.rcode);
		assert_int_equal(answer->num_names, untouched.num_names);
	} else {
		assert_in_range(answer->num_names, 0, NBNS_NAMES_MAX);
		assert_in_range(answer->num_addresses, 0, NBNS_ADDRESSES_MAX);
	}
	return ok;
}

#define READ(packet, question, answer)                                         \
	read_bytes(packet, sizeof(packet) - 1, question, answer)

static void positive_answer(void **state)
{
	struct nbns_answer a;

	assert_true(READ(positive, NBNS_QUERY, &a));
	assert_int_equal(a.rcode, 0);
	assert_false(a.wait);
	assert_false(a.group);
	assert_int_equal(a.num_addresses, 2);
	assert_int_equal(a.addresses[0].s_addr, ip("10.0.0.9").s_addr);
	assert_int_equal(a.addresses[1].s_addr, ip("10.0.1.9").s_addr);
	assert_int_equal(a.num_names, 0);
}

static void group_answer(void **state)
{
	char packet[sizeof(positive)];
	struct nbns_answer a;

	memcpy(packet, positive, sizeof(packet));
	packet[sizeof(packet) - 1 - 12] = (char)0xe0;
	assert_true(READ(packet, NBNS_QUERY, &a));
	assert_true(a.group);
}

static void negative_answer(void **state)
{
	struct nbns_answer a;

	assert_true(READ(negative, NBNS_QUERY, &a));
	assert_int_equal(a.rcode, 3);
	assert_false(a.wait);
	assert_int_equal(a.num_addresses, 0);
}

static void wait_answer(void **state)
{
	struct nbns_answer a;

	assert_true(READ(wack, NBNS_QUERY, &a));
	assert_true(a.wait);
	assert_int_equal(a.rcode, 0);
}

static void status_answer(void **state)
{
	struct nbns_answer a;

	assert_true(READ(status, NBNS_STATUS, &a));
	assert_int_equal(a.num_names, 2);
	assert_memory_equal(a.names[0].bytes, "ALPHA          ", 15);
	assert_int_equal(a.names[0].type, 0);
	assert_int_equal(a.names[0].flags & NBNS_NAME_GROUP, 0);
	assert_memory_equal(a.names[1].bytes, "PLANT          ", 15);
	assert_int_equal(a.names[1].flags & NBNS_NAME_GROUP, NBNS_NAME_GROUP);
	assert_memory_equal(a.mac, "\x00\x50\x56\xab\xcd\xef", 6);
	assert_int_equal(a.num_addresses, 0);
}

/* A response that is another one's, or none. */
static void not_the_answer(void **state)
{
	char packet[sizeof(positive)];
	struct nbns_answer a;

	assert_false(READ(positive, NBNS_STATUS, &a));
	assert_false(READ(status, NBNS_QUERY, &a));
	memcpy(packet, positive, sizeof(packet));
	packet[1] ^= 1; /* transaction */
	assert_false(READ(packet, NBNS_QUERY, &a));
	memcpy(packet, positive, sizeof(packet));
	packet[2] &= 0x7f; /* a request */
	assert_false(READ(packet, NBNS_QUERY, &a));
	memcpy(packet, positive, sizeof(packet));
	packet[2] = (char)0xad; /* of a registration */
	assert_false(READ(packet, NBNS_QUERY, &a));
	/* the same, negative */
	packet[3] = 6;
	assert_false(READ(packet, NBNS_QUERY, &a));
	memcpy(packet, positive, sizeof(packet));
	packet[7] = 0; /* no record */
	assert_false(READ(packet, NBNS_QUERY, &a));
}

/* Cut off anywhere, it is no answer. */
static void truncated(void **state)
{
	struct nbns_answer a;
	size_t len;

	for (len = 0; len < sizeof(positive) - 1; len++) {
		assert_false(read_bytes(positive, len, NBNS_QUERY, &a));
	}
	for (len = 0; len < sizeof(status) - 1; len++) {
		assert_false(read_bytes(status, len, NBNS_STATUS, &a));
	}
}

static void name_by_pointer(void **state)
{
	static const char packet[] =
		HEADER("\x85\x00",
		       "\x00\x01") "\xc0\x0c"
				   "\x00\x20\x00\x01\x00\x00\x00\x00\x00\x06"
				   "\x60\x00\x0a\x00\x00\x09";
	static const char odd_label[] =
		HEADER("\x85\x00",
		       "\x00\x01") "\x40" ALPHA_03 ALPHA_03 "\x00"
				   "\x00\x20\x00\x01\x00\x00\x00\x00\x00\x06"
				   "\x60\x00\x0a\x00\x00\x09";
	struct nbns_answer a;

	/* it leads to itself, and is not followed */
	assert_true(READ(packet, NBNS_QUERY, &a));
	assert_int_equal(a.addresses[0].s_addr, ip("10.0.0.9").s_addr);
	assert_false(READ(odd_label, NBNS_QUERY, &a));
}

static void odd_lengths(void **state)
{
	char packet[sizeof(positive)];
	const size_t rdlength = sizeof(packet) - 1 - 12 - 1;
	struct nbns_answer a;
	int n;

	for (n = 0; n < 14; n++) {
		memcpy(packet, positive, sizeof(packet));
		packet[rdlength] = (char)n;
		assert_int_equal(READ(packet, NBNS_QUERY, &a),
				 n == 6 || n == 12);
	}
}

/* As many addresses as there can be, and one more. */
static void many_addresses(void **state)
{
	uint8_t packet[sizeof(positive) + 6 * (NBNS_ADDRESSES_MAX + 1)];
	const size_t head = sizeof(positive) - 1 - 12;
	struct nbns_answer a;
	size_t num;

	for (num = NBNS_ADDRESSES_MAX; num <= NBNS_ADDRESSES_MAX + 1; num++) {
		memset(packet, 0x0a, sizeof(packet));
		memcpy(packet, positive, head);
		packet[head - 2] = (uint8_t)((6 * num) >> 8);
		packet[head - 1] = (uint8_t)(6 * num);
		assert_int_equal(read_bytes(packet, head + 6 * num, NBNS_QUERY,
					    &a),
				 num == NBNS_ADDRESSES_MAX);
	}
}

static void many_names(void **state)
{
	uint8_t packet[sizeof(status) + 18 * 255];
	const size_t head = sizeof(status) - 1 - 43;
	const size_t length = 1 + 18 * 255 + 6;
	struct nbns_answer a;

	memset(packet, 'N', sizeof(packet));
	memcpy(packet, status, head);
	packet[head - 2] = (uint8_t)(length >> 8);
	packet[head - 1] = (uint8_t)length;
	packet[head] = 255;
	assert_true(read_bytes(packet, head + length, NBNS_STATUS, &a));
	assert_int_equal(a.num_names, 255);
	/* more names promised than the record has room for */
	packet[head - 1] = (uint8_t)(length - 1);
	assert_false(read_bytes(packet, head + length, NBNS_STATUS, &a));
}

/* Whatever comes: an answer or none; the sanitizers watch the reading. */
static void random_packets(void **state)
{
	static const struct {
		const char *packet;
		size_t len;
	} models[] = {
		{ positive, sizeof(positive) - 1 },
		{ negative, sizeof(negative) - 1 },
		{ wack, sizeof(wack) - 1 },
		{ status, sizeof(status) - 1 },
	};
	struct nbns_answer a;
	uint8_t packet[256];
	int i;

	seed_random(20261122);
	for (i = 0; i < 20000; i++) {
		size_t model = next_random(ARRAY_LEN(models));
		size_t len = models[model].len;
		unsigned changes = next_random(5);

		memcpy(packet, models[model].packet, len);
		while (changes-- > 0) {
			packet[next_random((unsigned)len)] =
				(uint8_t)next_random(256);
		}
		if (next_random(3) == 0) {
			len = next_random((unsigned)len + 1);
		}
		read_bytes(packet, len,
			   next_random(2) == 0 ? NBNS_QUERY : NBNS_STATUS, &a);
	}
}

/* RFC 1002 4.2.3, field by field; 4.2.2 has the RDATA. */
static void overwrite_demand(void **state)
{
	static const char want[] = "\x12\x34"	 /* NAME_TRN_ID */
				   "\x28\x10"	 /* registration, B; no RD */
				   "\x00\x01\x00\x00\x00\x00\x00\x01"
				   "\x20" ALPHA_03 "\x00"
				   "\x00\x20\x00\x01" /* NB, IN */
				   "\xc0\x0c"	     /* the same name */
				   "\x00\x20\x00\x01"
				   "\x00\x03\xf4\x80" /* TTL */
				   "\x00\x06"	     /* RDLENGTH */
				   "\x60\x00"	     /* NB_FLAGS: H node */
				   "\x0a\x58\x00\x02";
	const struct wire_name wire = wire_of("ALPHA");
	const struct nbns_claim claim = {
		.wire = &wire,
		.type = 3,
		.scope = "",
		.flags = 0x60,
		.ttl = 259200,
		.address = ip("10.88.0.2"),
	};
	uint8_t buf[NBNS_REQUEST_MAX];

	memset(buf, 0xee, sizeof(buf));
	assert_bytes(buf, nbns_overwrite_demand(buf, ID, &claim), want,
		     sizeof(want) - 1);
}

static void overwrite_demand_in_a_scope(void **state)
{
	const struct wire_name wire = wire_of("ALPHA");
	struct nbns_claim claim = {
		.wire = &wire,
		.type = 3,
		.flags = 0,
		.ttl = 0xfedcba98,
		.address = ip("255.254.253.252"),
	};
	uint8_t buf[NBNS_REQUEST_MAX];
	char scope[80];
	size_t len;

	/* the longest there is */
	memset(scope, 'S', sizeof(scope));
	scope[63] = '\0';
	claim.scope = scope;
	len = nbns_overwrite_demand(buf, ID, &claim);
	assert_int_equal(len, 12 + 33 + 65 + 4 + 18);
	assert_memory_equal(buf + 45, "\x3fSSS", 4);
	assert_memory_equal(buf + len - 18,
			    "\xc0\x0c\x00\x20\x00\x01"
			    "\xfe\xdc\xba\x98\x00\x06\x00\x00"
			    "\xff\xfe\xfd\xfc",
			    18);
	claim.scope = "SALES..EXAMPLE";
	assert_int_equal(nbns_overwrite_demand(buf, ID, &claim), 0);
}

/* One byte of a good answer changed, by its offset. */
static bool read_changed(const char *packet, size_t len, size_t offset,
			 int byte, enum nbns_question question)
{
	char copy[256];
	struct nbns_answer a;

	assert_in_range(len, offset + 1, sizeof(copy));
	memcpy(copy, packet, len);
	copy[offset] = (char)byte;
	return read_bytes(copy, len, question, &a);
}

static void every_field_counts(void **state)
{
	const size_t len = sizeof(positive) - 1;
	const size_t record = 12 + 1 + 32 + 1;

	assert_true(read_changed(positive, len, 0, 0x12, NBNS_QUERY));
	/* a request with an odd code */
	assert_false(read_changed(negative, sizeof(negative) - 1, 2, 0x05,
				  NBNS_QUERY));
	/* a question that it says it has; two answers */
	assert_false(read_changed(positive, len, 5, 1, NBNS_QUERY));
	assert_false(read_changed(positive, len, 7, 2, NBNS_QUERY));
	/* a record of another type */
	assert_false(read_changed(positive, len, record + 1, 0x0a, NBNS_QUERY));
	/* class and time to live make no difference */
	assert_true(read_changed(positive, len, record + 3, 0xff, NBNS_QUERY));
	assert_true(read_changed(positive, len, record + 7, 0xff, NBNS_QUERY));
}

/* A negative answer needs its whole header. */
static void truncated_negative(void **state)
{
	struct nbns_answer a;
	size_t len;

	for (len = 0; len < 12; len++) {
		assert_false(read_bytes(negative, len, NBNS_QUERY, &a));
	}
	assert_true(read_bytes(negative, 12, NBNS_QUERY, &a));
}

#define LABEL_63                                                               \
	"\x3f"                                                                 \
	"123456789012345678901234567890123456789012345678901234567890123"
#define AFTER_NAME                                                             \
	"\x00\x20\x00\x01\x00\x00\x00\x00\x00\x06"                             \
	"\x60\x01\x0a\x00\x00\x09"

static void names_of_records(void **state)
{
	static const char far_pointer[] =
		HEADER("\x85\x00", "\x00\x01") "\xc1\x0c" AFTER_NAME;
	static const char longest_label[] =
		HEADER("\x85\x00", "\x00\x01") LABEL_63 "\x00" AFTER_NAME;
	static const char no_label[] =
		HEADER("\x85\x00", "\x00\x01") "\x40" AFTER_NAME;
	struct nbns_answer a;

	assert_true(READ(far_pointer, NBNS_QUERY, &a));
	assert_int_equal(a.addresses[0].s_addr, ip("10.0.0.9").s_addr);
	/* the low bits of its flags are nobody's */
	assert_false(a.group);
	assert_true(READ(longest_label, NBNS_QUERY, &a));
	assert_int_equal(a.addresses[0].s_addr, ip("10.0.0.9").s_addr);
	assert_false(READ(no_label, NBNS_QUERY, &a));
}

static void far_too_many_addresses(void **state)
{
	uint8_t packet[sizeof(positive) + 6 * 2 * NBNS_ADDRESSES_MAX];
	const size_t head = sizeof(positive) - 1 - 12;
	const size_t len = 6 * 2 * NBNS_ADDRESSES_MAX;
	struct nbns_answer a;

	memset(packet, 0x0a, sizeof(packet));
	memcpy(packet, positive, head);
	packet[head - 2] = (uint8_t)(len >> 8);
	packet[head - 1] = (uint8_t)len;
	assert_false(read_bytes(packet, head + len, NBNS_QUERY, &a));
}

static void empty_status(void **state)
{
	static const char empty[] =
		HEADER("\x84\x00", "\x00\x01") RECORD("\x00\x21", "\x00\x00");
	struct nbns_answer a;

	assert_false(READ(empty, NBNS_STATUS, &a));
}

static void types_and_flags(void **state)
{
	static const char one[] = HEADER("\x84\x00", "\x00\x01")
		RECORD("\x00\x21", "\x00\x19") "\x01"
					       "ALPHA          \x20\x84\x42"
					       "\x00\x50\x56\xab\xcd\xef";
	struct nbns_answer a;

	assert_true(READ(one, NBNS_STATUS, &a));
	assert_int_equal(a.num_names, 1);
	assert_int_equal(a.names[0].type, 0x20);
	assert_int_equal(a.names[0].flags, 0x8442);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(query),
		cmocka_unit_test(query_of_wins),
		cmocka_unit_test(query_by_broadcast),
		cmocka_unit_test(status_of_anybody),
		cmocka_unit_test(name_of_fifteen_bytes),
		cmocka_unit_test(scope),
		cmocka_unit_test(overwrite_demand),
		cmocka_unit_test(overwrite_demand_in_a_scope),
		cmocka_unit_test(positive_answer),
		cmocka_unit_test(group_answer),
		cmocka_unit_test(negative_answer),
		cmocka_unit_test(wait_answer),
		cmocka_unit_test(status_answer),
		cmocka_unit_test(not_the_answer),
		cmocka_unit_test(truncated),
		cmocka_unit_test(name_by_pointer),
		cmocka_unit_test(odd_lengths),
		cmocka_unit_test(many_addresses),
		cmocka_unit_test(many_names),
		cmocka_unit_test(random_packets),
		cmocka_unit_test(every_field_counts),
		cmocka_unit_test(truncated_negative),
		cmocka_unit_test(names_of_records),
		cmocka_unit_test(far_too_many_addresses),
		cmocka_unit_test(empty_status),
		cmocka_unit_test(types_and_flags),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

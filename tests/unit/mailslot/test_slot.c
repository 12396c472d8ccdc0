/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Which datagrams are messages for this server.
 */

#include "slot.h"

#include "unit.h"

#define NAME_AT 69

static struct world {
	struct slot *slot;
	struct wire_name workgroup;
	struct slot_datagram d;
	uint8_t smb[600];
	uint64_t now;
	struct mail mail;
} world;

/* A message from BOB, in a datagram to a name. */
static struct slot_datagram *create(enum slot_kind kind, const char *dest,
				    uint8_t type)
{
	static const char slot[] = "\\MAILSLOT\\MESSNGR";
	static const char data[] = "BOB\0ALICE\0Hello";
	uint8_t *p = world.smb;
	TALLOC_CTX *old = world.slot;

	talloc_free(old);
	memset(&world, 0, sizeof(world));
	world.slot = slot_init(NULL);
	world.workgroup = wire_of("HINT");
	world.now = 1000;
	memcpy(p, "\xffSMB\x25", 5);
	p[32] = 17;
	p[33 + 2 * 11] = sizeof(data);
	p[33 + 2 * 12] = NAME_AT + sizeof(slot);
	p[33 + 2 * 13] = 3;
	p[33 + 2 * 14] = 1;
	memcpy(p + NAME_AT, slot, sizeof(slot));
	memcpy(p + NAME_AT + sizeof(slot), data, sizeof(data));
	world.d = (struct slot_datagram){
		.kind = kind,
		.from = ip("10.88.0.9"),
		.id = 77,
		.source = wire_of("BRAVO"),
		.dest = wire_of(dest),
		.dest_type = type,
		.smb = { p, NAME_AT + sizeof(slot) + sizeof(data) },
	};
	return &world.d;
}

static enum slot_verdict read_it(void)
{
	return slot_read(world.slot, &world.d, &world.workgroup, world.now,
			 &world.mail);
}

static void assert_span(struct span span, const char *want)
{
	assert_int_equal(span.len, strlen(want));
	assert_memory_equal(span.bytes, want, span.len);
}

static void to_a_name(void **state)
{
	struct wire_name want = wire_of("ALICE");

	create(SLOT_UNIQUE, "Alice", 3);
	assert_int_equal(read_it(), SLOT_MAIL);
	assert_true(wire_name_equal(world.mail.wire, &want));
	assert_false(world.mail.to_all);
	assert_span(world.mail.from, "BOB");
	assert_span(world.mail.to, "Alice");
	assert_span(world.mail.machine, "BRAVO");
	assert_span(world.mail.text, "Hello");
	assert_string_equal(world.mail.address, "10.88.0.9");
	/* any name: whether it is an alias is not known here */
	create(SLOT_UNIQUE, "NOBODY", 3);
	assert_int_equal(read_it(), SLOT_MAIL);
	create(SLOT_UNIQUE, "ALICE", 0);
	assert_int_equal(read_it(), SLOT_OTHER);
	create(SLOT_UNIQUE, "ALICE", 0x20);
	assert_int_equal(read_it(), SLOT_OTHER);
}

static void to_all(void **state)
{
	create(SLOT_GROUP, "HINT", 0);
	assert_int_equal(read_it(), SLOT_MAIL);
	assert_true(world.mail.to_all);
	create(SLOT_GROUP, "Hint", 3);
	assert_int_equal(read_it(), SLOT_MAIL);
	assert_true(world.mail.to_all);
	create(SLOT_BROADCAST, "*", 0);
	assert_int_equal(read_it(), SLOT_MAIL);
	assert_true(world.mail.to_all);
	create(SLOT_UNIQUE, "HINT", 0);
	assert_int_equal(read_it(), SLOT_MAIL);
	assert_true(world.mail.to_all);
	/* somebody else's group */
	create(SLOT_GROUP, "OTHER", 0);
	assert_int_equal(read_it(), SLOT_OTHER);
	create(SLOT_GROUP, "OTHER", 3);
	assert_int_equal(read_it(), SLOT_OTHER);
	create(SLOT_GROUP, "HINT", 0x1e);
	assert_int_equal(read_it(), SLOT_OTHER);
}

static void twice(void **state)
{
	create(SLOT_GROUP, "HINT", 0);
	assert_int_equal(read_it(), SLOT_MAIL);
	assert_int_equal(read_it(), SLOT_OTHER);
	world.now++;
	assert_int_equal(read_it(), SLOT_OTHER);
	world.d.id++;
	assert_int_equal(read_it(), SLOT_MAIL);
	world.d.from = ip("10.88.0.10");
	assert_int_equal(read_it(), SLOT_MAIL);
	world.smb[world.d.smb.len - 2] = '!';
	assert_int_equal(read_it(), SLOT_MAIL);
	assert_int_equal(read_it(), SLOT_OTHER);
	world.now += 2;
	assert_int_equal(read_it(), SLOT_MAIL);
}

static void wrong(void **state)
{
	create(SLOT_UNIQUE, "ALICE", 3);
	world.smb[33 + 2 * 11] = 200;
	assert_int_equal(read_it(), SLOT_MALFORMED);
	assert_span(world.mail.to, "ALICE");
	assert_int_equal(world.mail.text.len, 0);
	assert_int_equal(read_it(), SLOT_OTHER);
	/* to another mailslot, wrong or not */
	create(SLOT_UNIQUE, "ALICE", 3);
	world.smb[NAME_AT + 12] = 'X';
	assert_int_equal(read_it(), SLOT_OTHER);
	TALLOC_FREE(world.slot);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(to_a_name),
		cmocka_unit_test(to_all),
		cmocka_unit_test(twice),
		cmocka_unit_test(wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

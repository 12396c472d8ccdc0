/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The other aliases of the Messenger service: those of smb.conf, those added
 * by request and kept in the store.
 */

#include "recorder.h"
#include "smb_conf.h"

static struct recorder *r;

/* ALPHA runs on A, without other aliases. */
static int setup(void **state)
{
	r = recorder_create();
	r->subnets[0] = "A";
	recorder_configure(r, "ALPHA", "");
	service_start(r->service);
	recorder_grant(r, "ALPHA", "A");
	assert_int_equal(service_get_state(r->service), SERVICE_RUNNING);
	recorder_forget(r);
	return 0;
}

static int teardown(void **state)
{
	recorder_free(r);
	return 0;
}

static enum messenger_code add(const char *text)
{
	struct wire_name wire = { { 0xee } };
	const struct wire_name before = wire;
	enum messenger_code code = service_add(r->service, text, &wire);

	if (code != NERR_Success && code != NERR_NameInUse &&
	    code != NERR_AlreadyExists) {
		/* outputs are written only if the alias is in the table */
		assert_memory_equal(&wire, &before, sizeof(wire));
	}
	return code;
}

static void use_store(void)
{
	r->config->store = true;
	recorder_configure(r, "ALPHA", "");
	recorder_expect(r, "");
}

/* Restart the computer's name, refused or not. */
static void restart(void)
{
	service_stop(r->service);
	service_start(r->service);
	recorder_grant(r, "ALPHA", "A");
	assert_int_equal(service_get_state(r->service), SERVICE_RUNNING);
}

static void add_granted(void **state)
{
	struct wire_name wire = { { 0 } };
	const struct wire_name want = wire_of("NIGHT");
	const struct alias *a = NULL;

	assert_int_equal(service_add(r->service, "Night", &wire), NERR_Success);
	assert_memory_equal(&wire, &want, sizeof(wire));
	recorder_expect(r, "claim NIGHT\n");
	assert_table(r, "ALPHA=d(A=d) NIGHT=g(A=g)");
	a = alias_find(service_get_aliases(r->service), &wire);
	assert_int_equal(a->kind, ALIAS_ADDED);
	recorder_grant(r, "NIGHT", "A");
	recorder_expect(r, "event alias-registered NIGHT\n"
			   "settled NIGHT 0\n");
	assert_table(r, "ALPHA=d(A=d) NIGHT=d(A=d)");
}

static void add_refused(void **state)
{
	add("NIGHT");
	recorder_forget(r);
	recorder_refuse(r, "NIGHT", "A", 6, "10.0.0.9");
	recorder_expect(r, "release NIGHT\n"
			   "event alias-refused NIGHT on A code 2297 rcode 6 "
			   "holder 10.0.0.9\n"
			   "settled NIGHT 2297 holder 10.0.0.9\n");
	/* as if it had never been asked for; never fatal */
	assert_table(r, "ALPHA=d(A=d)");
	assert_int_equal(service_get_state(r->service), SERVICE_RUNNING);
	restart();
	assert_table(r, "ALPHA=d(A=d)");
}

static void add_not_sent(void **state)
{
	struct wire_name wire = wire_of("NIGHT");

	add("NIGHT");
	recorder_forget(r);
	service_waiting(r->service, &wire, "A", "Network is unreachable", NULL);
	/* nobody holds it: no event, and it is gone */
	recorder_expect(r, "waiting 5\n"
			   "settled NIGHT 2136 (Network is unreachable)\n"
			   "release NIGHT\n");
	assert_table(r, "ALPHA=d(A=d)");
	assert_int_equal(service_get_state(r->service), SERVICE_RUNNING);
	restart();
	assert_table(r, "ALPHA=d(A=d)");
}

static void add_what_is_there(void **state)
{
	assert_int_equal(add("ALPHA"), NERR_AlreadyExists);
	assert_int_equal(add("alpha"), NERR_AlreadyExists);
	assert_int_equal(add("NIGHT"), NERR_Success);
	/* its verdict is open */
	assert_int_equal(add("NIGHT"), NERR_NameInUse);
	recorder_grant(r, "NIGHT", "A");
	recorder_forget(r);
	assert_int_equal(add("night"), NERR_AlreadyExists);
	recorder_expect(r, "");
	assert_table(r, "ALPHA=d(A=d) NIGHT=d(A=d)");
}

static void add_bad_names(void **state)
{
	assert_int_equal(add(""), ERROR_INVALID_NAME_);
	assert_int_equal(add("*"), ERROR_INVALID_NAME_);
	assert_int_equal(add("A/B"), ERROR_INVALID_NAME_);
	assert_int_equal(add("ABCDEFGHIJKLMNOP"), ERROR_INVALID_PARAMETER_);
	assert_int_equal(add("ABCDEFGHIJKLMNO"), NERR_Success);
	recorder_expect(r, "claim ABCDEFGHIJKLMNO\n");
}

static void add_beyond_the_limit(void **state)
{
	r->config->max_aliases = 2;
	recorder_configure(r, "ALPHA", "");
	assert_int_equal(add("ONE"), NERR_Success);
	assert_int_equal(add("TWO"), NERR_Success);
	recorder_forget(r);
	assert_int_equal(add("THREE"), NERR_TooManyNames);
	recorder_expect(r, "");
	assert_int_equal(add("ONE"), NERR_NameInUse);
	/* one that goes makes room */
	recorder_refuse(r, "ONE", "A", 6, "10.0.0.9");
	assert_int_equal(add("THREE"), NERR_Success);
	/* and none was remembered that was turned down */
	assert_table(r, "ALPHA=d(A=d) TWO=g(A=g) THREE=g(A=g)");
}

/* All subnets or none. */
static void rollback(void **state)
{
	recorder_subnet_new(r, "B");
	recorder_subnet_new(r, "C");
	recorder_grant(r, "ALPHA", "B");
	recorder_grant(r, "ALPHA", "C");
	add("NIGHT");
	recorder_grant(r, "NIGHT", "A");
	recorder_grant(r, "NIGHT", "B");
	assert_true(recorder_claimed(r, "NIGHT", "A"));
	recorder_forget(r);
	recorder_refuse(r, "NIGHT", "C", 6, "10.0.0.9");
	recorder_expect(r, "release NIGHT\n"
			   "event alias-refused NIGHT on C code 2297 rcode 6 "
			   "holder 10.0.0.9\n"
			   "settled NIGHT 2297 holder 10.0.0.9\n");
	assert_table(r, "ALPHA=d(A=d B=d C=d)");
	assert_false(recorder_claimed(r, "NIGHT", "A"));
	assert_false(recorder_claimed(r, "NIGHT", "B"));
	/* stragglers */
	recorder_grant(r, "NIGHT", "B");
	recorder_refuse(r, "NIGHT", "A", 6, "10.0.0.9");
	recorder_expect(r, "");
}

static void rollback_of_smb_conf(void **state)
{
	recorder_subnet_new(r, "B");
	recorder_subnet_new(r, "C");
	recorder_grant(r, "ALPHA", "B");
	recorder_grant(r, "ALPHA", "C");
	recorder_configure(r, "ALPHA", "OPERATOR");
	recorder_grant(r, "OPERATOR", "A");
	recorder_forget(r);
	recorder_refuse(r, "OPERATOR", "B", 6, "10.0.0.9");
	recorder_expect(r, "release OPERATOR\n"
			   "event alias-refused OPERATOR on B code 2297 "
			   "rcode 6 holder 10.0.0.9\n"
			   "settled OPERATOR 2297 holder 10.0.0.9\n");
	/* it stays in sight, but nowhere on the network */
	assert_table(r, "ALPHA=d(A=d B=d C=d) OPERATOR=f(B=f)");
	assert_false(recorder_claimed(r, "OPERATOR", "A"));
	assert_false(recorder_claimed(r, "OPERATOR", "C"));
	recorder_grant(r, "OPERATOR", "C");
	recorder_expect(r, "");
	assert_table(r, "ALPHA=d(A=d B=d C=d) OPERATOR=f(B=f)");
	assert_int_equal(service_get_state(r->service), SERVICE_RUNNING);
}

static void refused_of_smb_conf_tried_again(void **state)
{
	recorder_configure(r, "ALPHA", "OPERATOR");
	recorder_refuse(r, "OPERATOR", "A", 6, "10.0.0.9");
	recorder_forget(r);
	/* not by a reload that brings nothing new */
	recorder_configure(r, "ALPHA", "OPERATOR");
	recorder_expect(r, "");
	/* by hand */
	assert_int_equal(add("OPERATOR"), NERR_Success);
	recorder_expect(r, "claim OPERATOR\n");
	assert_table(r, "ALPHA=d(A=d) OPERATOR=g(A=g)");
	recorder_refuse(r, "OPERATOR", "A", 6, "10.0.0.9");
	assert_table(r, "ALPHA=d(A=d) OPERATOR=f(A=f)");
	/* by a restart of the service */
	restart();
	assert_table(r, "ALPHA=d(A=d) OPERATOR=g(A=g)");
}

static void lost_of_smb_conf(void **state)
{
	recorder_configure(r, "ALPHA", "OPERATOR");
	recorder_grant(r, "OPERATOR", "A");
	recorder_forget(r);
	recorder_refuse(r, "OPERATOR", "A", 6, "10.0.0.9");
	recorder_expect(r, "release OPERATOR\n"
			   "event alias-lost OPERATOR on A code 2297 rcode 6 "
			   "holder 10.0.0.9\n");
	assert_table(r, "ALPHA=d(A=d) OPERATOR=f(A=f)");
	assert_int_equal(service_get_state(r->service), SERVICE_RUNNING);
}

/* It was told "added": it is not forgotten without a word. */
static void lost_of_a_request(void **state)
{
	add("NIGHT");
	recorder_grant(r, "NIGHT", "A");
	recorder_forget(r);
	recorder_refuse(r, "NIGHT", "A", 6, "10.0.0.9");
	recorder_expect(r, "release NIGHT\n"
			   "event alias-lost NIGHT on A code 2297 rcode 6 "
			   "holder 10.0.0.9\n");
	assert_table(r, "ALPHA=d(A=d) NIGHT=f(A=f)");
	assert_false(recorder_claimed(r, "NIGHT", "A"));
	/* another try, by hand */
	assert_int_equal(add("NIGHT"), NERR_Success);
	recorder_grant(r, "NIGHT", "A");
	assert_table(r, "ALPHA=d(A=d) NIGHT=d(A=d)");
	recorder_refuse(r, "NIGHT", "A", 6, "10.0.0.9");
	assert_int_equal(service_delete(r->service, "NIGHT", NULL),
			 NERR_Success);
	assert_table(r, "ALPHA=d(A=d)");
}

static void delete (void **state)
{
	recorder_configure(r, "ALPHA", "OPERATOR");
	recorder_grant(r, "OPERATOR", "A");
	add("NIGHT");
	recorder_grant(r, "NIGHT", "A");
	recorder_forget(r);

	assert_int_equal(service_delete(r->service, "night", NULL),
			 NERR_Success);
	recorder_expect(r, "release NIGHT\nevent alias-released NIGHT\n");
	assert_table(r, "ALPHA=d(A=d) OPERATOR=d(A=d)");
	assert_int_equal(service_delete(r->service, "NIGHT", NULL),
			 NERR_NotLocalName);
	restart();
	assert_table(r, "ALPHA=d(A=d) OPERATOR=g(A=g)");
}

/* Who waits for the add is told that it came to nothing. */
static void delete_cancels_an_add(void **state)
{
	use_store();
	add("NIGHT");
	recorder_forget(r);
	assert_int_equal(service_delete(r->service, "NIGHT", NULL),
			 NERR_Success);
	recorder_expect(r, "release NIGHT\n"
			   "settled NIGHT 2285\n");
	assert_table(r, "ALPHA=d(A=d)");
	/* a late answer brings nothing back */
	recorder_grant(r, "NIGHT", "A");
	recorder_expect(r, "");
	restart();
	assert_table(r, "ALPHA=d(A=d)");
	assert_false(recorder_stored(r, "NIGHT"));
}

static void delete_what_cannot_be(void **state)
{
	assert_int_equal(service_delete(r->service, "ALPHA", NULL),
			 NERR_DelComputerName);
	assert_int_equal(service_delete(r->service, "alpha", NULL),
			 NERR_DelComputerName);
	assert_int_equal(service_delete(r->service, "STRANGER", NULL),
			 NERR_NotLocalName);
	assert_int_equal(service_delete(r->service, "", NULL),
			 ERROR_INVALID_NAME_);
	assert_int_equal(service_delete(r->service, "A*", NULL),
			 ERROR_INVALID_NAME_);
	assert_int_equal(service_delete(r->service, "ABCDEFGHIJKLMNOP", NULL),
			 ERROR_INVALID_PARAMETER_);
	recorder_expect(r, "");
	assert_table(r, "ALPHA=d(A=d)");
}

static void delete_of_smb_conf(void **state)
{
	recorder_configure(r, "ALPHA", "OPERATOR PRINT");
	recorder_grant(r, "OPERATOR", "A");
	recorder_refuse(r, "PRINT", "A", 6, "10.0.0.9");
	recorder_forget(r);
	assert_int_equal(service_delete(r->service, "OPERATOR", NULL),
			 NERR_Success);
	recorder_expect(r, "release OPERATOR\n"
			   "event alias-released OPERATOR\n");
	/* a refused one was not held: nothing to tell */
	assert_int_equal(service_delete(r->service, "PRINT", NULL),
			 NERR_Success);
	recorder_expect(r, "release PRINT\n");
	assert_table(r, "ALPHA=d(A=d)");
	/* smb.conf has the last word when it is read again */
	recorder_configure(r, "ALPHA", "OPERATOR PRINT");
	recorder_expect(r, "claim OPERATOR\nclaim PRINT\n");
}

static void reload(void **state)
{
	recorder_configure(r, "ALPHA", "OPERATOR PRINT");
	recorder_expect(r, "claim OPERATOR\nclaim PRINT\n");
	recorder_grant(r, "OPERATOR", "A");
	recorder_grant(r, "PRINT", "A");
	recorder_forget(r);
	r->now = at(99);

	/* what is new is claimed, what is gone released, the rest untouched */
	recorder_configure(r, "ALPHA", "BACKUP PRINT");
	recorder_expect(r, "release OPERATOR\n"
			   "event alias-released OPERATOR\n"
			   "claim BACKUP\n");
	assert_table(r, "ALPHA=d(A=d) PRINT=d(A=d) BACKUP=g(A=g)");
	assert_int_equal(alias_first(service_get_aliases(r->service))
				 ->since.tv_sec,
			 at(0).tv_sec);

	/* another order is no difference */
	recorder_configure(r, "ALPHA", "PRINT BACKUP");
	recorder_expect(r, "");

	/* gone before its verdict: who waits for it is told */
	recorder_configure(r, "ALPHA", "");
	recorder_expect(r, "release PRINT\n"
			   "event alias-released PRINT\n"
			   "release BACKUP\n"
			   "settled BACKUP 2285\n");
	assert_table(r, "ALPHA=d(A=d)");
	assert_int_equal(service_get_state(r->service), SERVICE_RUNNING);
}

static void reload_removes_a_refused_one(void **state)
{
	recorder_configure(r, "ALPHA", "OPERATOR");
	recorder_refuse(r, "OPERATOR", "A", 6, "10.0.0.9");
	recorder_configure(r, "ALPHA", "");
	assert_table(r, "ALPHA=d(A=d)");
	/* back again: a new beginning */
	recorder_forget(r);
	recorder_configure(r, "ALPHA", "OPERATOR");
	recorder_expect(r, "claim OPERATOR\n");
}

static void reload_leaves_requests_alone(void **state)
{
	add("NIGHT");
	recorder_grant(r, "NIGHT", "A");
	recorder_forget(r);
	/* a second reason for the name comes and goes */
	recorder_configure(r, "ALPHA", "NIGHT");
	recorder_configure(r, "ALPHA", "");
	recorder_expect(r, "");
	assert_table(r, "ALPHA=d(A=d) NIGHT=d(A=d)");
}

static void computer_name_in_smb_conf_list(void **state)
{
	recorder_configure(r, "ALPHA", "ALPHA");
	recorder_expect(r, "");
	recorder_configure(r, "ALPHA", "");
	recorder_expect(r, "");
	assert_table(r, "ALPHA=d(A=d)");
}

static void limit_in_smb_conf(void **state)
{
	r->config->max_aliases = 1;
	recorder_configure(r, "ALPHA", "OPERATOR PRINT");
	recorder_expect(r, "claim OPERATOR\n"
			   "event alias-refused PRINT code 2277\n");
	assert_table(r, "ALPHA=d(A=d) OPERATOR=g(A=g)");
	/* said once */
	recorder_grant(r, "OPERATOR", "A");
	recorder_forget(r);
	service_set_users(r->service, (const char *const[]){ NULL });
	recorder_expect(r, "");
}

/* The administrator raises the limit and reloads. */
static void limit_raised(void **state)
{
	r->config->max_aliases = 1;
	recorder_configure(r, "ALPHA", "OPERATOR PRINT");
	recorder_forget(r);
	r->config->max_aliases = 2;
	recorder_configure(r, "ALPHA", "OPERATOR PRINT");
	recorder_expect(r, "claim PRINT\n");
}

static void requests_end_with_the_service(void **state)
{
	add("NIGHT");
	recorder_grant(r, "NIGHT", "A");
	restart();
	/* Windows' way, messenger:store = no */
	assert_table(r, "ALPHA=d(A=d)");

	add("NIGHT");
	recorder_grant(r, "NIGHT", "A");
	recorder_refuse(r, "ALPHA", "A", 6, "10.0.0.9");
	service_start(r->service);
	recorder_grant(r, "ALPHA", "A");
	assert_table(r, "ALPHA=d(A=d)");
}

/*
 * messenger:store = yes
 */

static void stored_before_it_is_told(void **state)
{
	use_store();
	add("NIGHT");
	recorder_expect(r, "claim NIGHT\n");
	recorder_grant(r, "NIGHT", "A");
	recorder_expect(r, "store NIGHT\n"
			   "event alias-registered NIGHT\n"
			   "settled NIGHT 0\n");
	/* a refresh stores nothing anew */
	recorder_grant(r, "NIGHT", "A");
	recorder_expect(r, "");
	assert_true(recorder_stored(r, "NIGHT"));
	restart();
	assert_table(r, "ALPHA=d(A=d) NIGHT=g(A=g)");
	recorder_forget(r);
	recorder_grant(r, "NIGHT", "A");
	recorder_expect(r, "event alias-registered NIGHT\n"
			   "settled NIGHT 0\n");
}

static void refused_is_not_stored(void **state)
{
	use_store();
	add("NIGHT");
	recorder_refuse(r, "NIGHT", "A", 6, "10.0.0.9");
	assert_false(recorder_stored(r, "NIGHT"));
	assert_table(r, "ALPHA=d(A=d)");
}

static void others_are_not_stored(void **state)
{
	use_store();
	recorder_configure(r, "ALPHA", "OPERATOR");
	service_set_users(r->service, (const char *const[]){ "eve", NULL });
	recorder_grant(r, "OPERATOR", "A");
	recorder_grant(r, "EVE", "A");
	assert_table(r, "ALPHA=d(A=d) EVE=d(A=d) OPERATOR=d(A=d)");
	assert_false(recorder_stored(r, "OPERATOR"));
	assert_false(recorder_stored(r, "EVE"));
	assert_false(recorder_stored(r, "ALPHA"));
}

static void store_fails(void **state)
{
	use_store();
	r->store_fails = true;
	add("NIGHT");
	recorder_forget(r);
	recorder_grant(r, "NIGHT", "A");
	/* it is added all the same, and why it is not kept is told */
	recorder_expect(r, "store NIGHT\n"
			   "event alias-registered NIGHT "
			   "(Read-only file system)\n"
			   "settled NIGHT 0 (Read-only file system)\n");
	assert_table(r, "ALPHA=d(A=d) NIGHT=d(A=d)");
	assert_false(recorder_stored(r, "NIGHT"));
	/* it lives on in this nmbd */
	restart();
	assert_table(r, "ALPHA=d(A=d) NIGHT=g(A=g)");
	recorder_grant(r, "NIGHT", "A");
	recorder_forget(r);
	/* and what is not in the store needs no store to go */
	assert_int_equal(service_delete(r->service, "NIGHT", NULL),
			 NERR_Success);
	recorder_expect(r, "release NIGHT\n"
			   "event alias-released NIGHT\n");
}

/* The verdict comes because a subnet went away, in the middle of a list. */
static void store_fails_as_a_subnet_goes(void **state)
{
	use_store();
	recorder_subnet_new(r, "B");
	recorder_grant(r, "ALPHA", "B");
	add("NIGHT");
	add("DAY");
	recorder_grant(r, "NIGHT", "A");
	recorder_grant(r, "DAY", "A");
	r->store_fails = true;
	recorder_forget(r);
	recorder_subnet_gone(r, "B");
	recorder_expect(r, "store NIGHT\n"
			   "event alias-registered NIGHT "
			   "(Read-only file system)\n"
			   "settled NIGHT 0 (Read-only file system)\n"
			   "store DAY\n"
			   "event alias-registered DAY "
			   "(Read-only file system)\n"
			   "settled DAY 0 (Read-only file system)\n");
	assert_table(r, "ALPHA=d(A=d) NIGHT=d(A=d) DAY=d(A=d)");
}

static void delete_from_the_store(void **state)
{
	use_store();
	add("NIGHT");
	recorder_grant(r, "NIGHT", "A");
	recorder_forget(r);
	r->store_fails = true;
	/* it would come back */
	assert_int_equal(service_delete(r->service, "NIGHT", NULL),
			 NERR_InternalError);
	recorder_expect(r, "forget NIGHT\n");
	assert_table(r, "ALPHA=d(A=d) NIGHT=d(A=d)");
	r->store_fails = false;
	assert_int_equal(service_delete(r->service, "NIGHT", NULL),
			 NERR_Success);
	recorder_expect(r, "forget NIGHT\n"
			   "release NIGHT\n"
			   "event alias-released NIGHT\n");
	assert_false(recorder_stored(r, "NIGHT"));
}

static void lost_is_still_stored(void **state)
{
	use_store();
	add("NIGHT");
	recorder_grant(r, "NIGHT", "A");
	recorder_refuse(r, "NIGHT", "A", 6, "10.0.0.9");
	assert_table(r, "ALPHA=d(A=d) NIGHT=f(A=f)");
	assert_true(recorder_stored(r, "NIGHT"));
	restart();
	assert_table(r, "ALPHA=d(A=d) NIGHT=g(A=g)");
}

/* It was answered with an error: it must not turn up later. */
static void stopped_before_its_verdict(void **state)
{
	use_store();
	add("NIGHT");
	recorder_forget(r);
	service_stop(r->service);
	recorder_expect(r, "release ALPHA\n"
			   "event alias-released ALPHA\n"
			   "release NIGHT\n"
			   "settled NIGHT 2284\n"
			   "event service-stopped\n");
	service_start(r->service);
	recorder_grant(r, "ALPHA", "A");
	assert_table(r, "ALPHA=d(A=d)");
	assert_false(recorder_stored(r, "NIGHT"));
}

static void restored(void **state)
{
	use_store();
	service_stop(r->service);
	assert_true(service_restore(r->service, "NIGHT"));
	assert_true(service_restore(r->service, "Day"));
	assert_false(service_restore(r->service, ""));
	assert_false(service_restore(r->service, "ABCDEFGHIJKLMNOP"));
	assert_table(r, "");
	service_start(r->service);
	recorder_grant(r, "ALPHA", "A");
	assert_table(r, "ALPHA=d(A=d) NIGHT=g(A=g) DAY=g(A=g)");
	recorder_forget(r);
	/* kept already */
	recorder_grant(r, "NIGHT", "A");
	recorder_expect(r, "event alias-registered NIGHT\n"
			   "settled NIGHT 0\n");
	/* refused after a restart: kept, and in sight */
	recorder_refuse(r, "DAY", "A", 6, "10.0.0.9");
	assert_table(r, "ALPHA=d(A=d) NIGHT=d(A=d) DAY=f(A=f)");
	assert_int_equal(service_delete(r->service, "DAY", NULL), NERR_Success);
}

/* Each claim that is made has one outcome, and one answer. */
static void each_add_is_settled_once(void **state)
{
	const unsigned before = r->aliases_settled;

	add("ONE");
	recorder_grant(r, "ONE", "A");
	recorder_grant(r, "ONE", "A");
	assert_int_equal(r->aliases_settled, before + 1);
	add("TWO");
	recorder_refuse(r, "TWO", "A", 6, "10.0.0.9");
	recorder_grant(r, "TWO", "A");
	assert_int_equal(r->aliases_settled, before + 2);
	add("THREE");
	service_stop(r->service);
	assert_int_equal(r->aliases_settled, before + 3);
}

static void order_of_the_table(void **state)
{
	add("ZULU");
	recorder_configure(r, "ALPHA", "PRINT BACKUP");
	service_set_users(r->service,
			  (const char *const[]){ "victor", "eve", NULL });
	assert_table(r, "ALPHA=d(A=d) VICTOR=g(A=g) EVE=g(A=g) "
			"PRINT=g(A=g) BACKUP=g(A=g) ZULU=g(A=g)");
}

/* Without room: that it was asked for in vain is all that is remembered. */
static void turned_down_is_forgotten(void **state)
{
	size_t blocks;

	r->config->max_aliases = 1;
	recorder_configure(r, "ALPHA", "");
	add("ONE");
	blocks = talloc_total_blocks(r->service);
	assert_int_equal(add("TWO"), NERR_TooManyNames);
	assert_int_equal(talloc_total_blocks(r->service), blocks + 2);
	(void)service_delete(r->service, "TWO", NULL);
	assert_int_equal(talloc_total_blocks(r->service), blocks);
	r->config->max_aliases = 2;
	recorder_forget(r);
	recorder_configure(r, "ALPHA", "");
	recorder_expect(r, "");
}

/*
 * Lost, asked for again when there is no room: that it was refused is no longer
 * true, that it was told "added" is.
 */
static void lost_and_no_room(void **state)
{
	add("NIGHT");
	add("DAY");
	recorder_grant(r, "NIGHT", "A");
	recorder_grant(r, "DAY", "A");
	recorder_refuse(r, "NIGHT", "A", 6, "10.0.0.9");
	r->config->max_aliases = 1;
	recorder_configure(r, "ALPHA", "");
	assert_int_equal(add("NIGHT"), NERR_TooManyNames);
	assert_table(r, "ALPHA=d(A=d) DAY=d(A=d)");
	r->config->max_aliases = 2;
	recorder_forget(r);
	recorder_configure(r, "ALPHA", "");
	recorder_expect(r, "claim NIGHT\n");
}

static void set_users(const char *a, const char *b)
{
	service_set_users(r->service, (const char *const[]){ a, b, NULL });
}

/* Likewise, of a user who is logged on under that name as well. */
static void lost_of_a_user_and_no_room(void **state)
{
	add("EVE");
	recorder_grant(r, "EVE", "A");
	set_users("eve", NULL);
	recorder_refuse(r, "EVE", "A", 6, "10.0.0.9");
	assert_table(r, "ALPHA=d(A=d) EVE=f(A=f)");
	r->config->max_aliases = 0;
	recorder_configure(r, "ALPHA", "");
	assert_int_equal(add("EVE"), NERR_TooManyNames);
	set_users(NULL, NULL);
	r->config->max_aliases = 1;
	recorder_forget(r);
	recorder_configure(r, "ALPHA", "");
	recorder_expect(r, "claim EVE\n");
}

/* One that is deleted makes room for one that was left out. */
static void delete_makes_room(void **state)
{
	r->config->max_aliases = 1;
	recorder_configure(r, "ALPHA", "OPERATOR PRINT");
	recorder_grant(r, "OPERATOR", "A");
	recorder_forget(r);
	assert_int_equal(service_delete(r->service, "OPERATOR", NULL),
			 NERR_Success);
	recorder_expect(r, "release OPERATOR\n"
			   "event alias-released OPERATOR\n"
			   "claim PRINT\n");
}

/* Read again, smb.conf still has too many: that is said again. */
static void left_out_is_told_anew(void **state)
{
	r->config->max_aliases = 1;
	recorder_configure(r, "ALPHA", "OPERATOR PRINT");
	recorder_forget(r);
	recorder_configure(r, "ALPHA", "OPERATOR PRINT");
	recorder_expect(r, "event alias-refused PRINT code 2277\n");
}

/* It was told that it could not be added: it does not turn up later. */
static void not_stored_is_forgotten(void **state)
{
	use_store();
	r->store_fails = true;
	add("NIGHT");
	recorder_grant(r, "NIGHT", "A");
	recorder_forget(r);
	set_users("eve", NULL);
	recorder_expect(r, "claim EVE\n");
}

static void users_without_legal_names(void **state)
{
	set_users("what?", "why?");
	recorder_expect(r, "event alias-refused what? code 123\n"
			   "event alias-refused why? code 123\n");
	assert_int_equal(r->kind, ALIAS_USER);
	set_users("what?", "why?");
	recorder_expect(r, "");
}

/* However often names come and go, nothing piles up. */
static void no_growth(void **state)
{
	size_t blocks = 0;
	int i;

	for (i = 0; i < 10; i++) {
		assert_int_equal(add("NIGHT"), NERR_Success);
		recorder_grant(r, "NIGHT", "A");
		assert_true(service_restore(r->service, "NIGHT"));
		assert_false(service_restore(r->service, "NIGHT?"));
		assert_int_equal(service_delete(r->service, "NIGHT", NULL),
				 NERR_Success);
		set_users("eve", "what?");
		set_users("eve", "why?");
		set_users(NULL, NULL);
		recorder_forget(r);
		if (i == 0) {
			blocks = talloc_total_blocks(r->service);
		}
	}
	assert_int_equal(talloc_total_blocks(r->service), blocks);
}

/* nmbd claims one that was left out: it is nobody's business here. */
static void claim_of_one_left_out(void **state)
{
	r->config->max_aliases = 1;
	recorder_configure(r, "ALPHA", "OPERATOR PRINT");
	assert_int_equal(recorder_claiming(r, "PRINT", "A"), CLAIM_IGNORE);
	assert_table(r, "ALPHA=d(A=d) OPERATOR=g(A=g)");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(add_granted),
		TEST(add_refused),
		TEST(add_not_sent),
		TEST(add_what_is_there),
		TEST(add_bad_names),
		TEST(add_beyond_the_limit),
		TEST(rollback),
		TEST(rollback_of_smb_conf),
		TEST(refused_of_smb_conf_tried_again),
		TEST(lost_of_smb_conf),
		TEST(lost_of_a_request),
		TEST(delete),
		TEST(delete_cancels_an_add),
		TEST(delete_what_cannot_be),
		TEST(delete_of_smb_conf),
		TEST(reload),
		TEST(reload_removes_a_refused_one),
		TEST(reload_leaves_requests_alone),
		TEST(computer_name_in_smb_conf_list),
		TEST(limit_in_smb_conf),
		TEST(limit_raised),
		TEST(requests_end_with_the_service),
		TEST(stored_before_it_is_told),
		TEST(refused_is_not_stored),
		TEST(others_are_not_stored),
		TEST(store_fails),
		TEST(store_fails_as_a_subnet_goes),
		TEST(delete_from_the_store),
		TEST(lost_is_still_stored),
		TEST(stopped_before_its_verdict),
		TEST(restored),
		TEST(each_add_is_settled_once),
		TEST(order_of_the_table),
		TEST(turned_down_is_forgotten),
		TEST(lost_and_no_room),
		TEST(lost_of_a_user_and_no_room),
		TEST(delete_makes_room),
		TEST(left_out_is_told_anew),
		TEST(not_stored_is_forgotten),
		TEST(users_without_legal_names),
		TEST(no_growth),
		TEST(claim_of_one_left_out),
	};

	return cmocka_run_group_tests(tests, setup_smb_conf, teardown_smb_conf);
}

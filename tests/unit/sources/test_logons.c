/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Sessions that are looked at some in a turn; logind is a list here, and its
 * monitor a descriptor that can be read when something has changed.
 */

#include "logons.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <systemd/sd-login.h>

#include "samba_private.h"
#include "unit.h"

/* Samba's log: nothing is written. */

int debuglevel_get_class(size_t idx)
{
	return 0;
}

bool dbghdrclass(int level, int cls, const char *location, const char *func)
{
	return true;
}

bool dbgtext(const char *fmt, ...)
{
	return true;
}

/* There are no such files: user_of() asks for what is here. */
#define SESSION "no-session-of-anybody-%u"

int sd_session_get_username(const char *session, char **username);

static struct {
	TALLOC_CTX *frame;
	struct tevent_context *ev;
	int fd; /* of the monitor */
	unsigned first;
	unsigned num; /* of sessions */
	unsigned asked;
	unsigned told;	/* so often */
	unsigned users; /* the last time */
	char *user;	/* the first one then */
} world;

int sd_login_monitor_new(const char *category, sd_login_monitor **monitor)
{
	*monitor = (sd_login_monitor *)&world;
	return 0;
}

sd_login_monitor *sd_login_monitor_unref(sd_login_monitor *monitor)
{
	return NULL;
}

int sd_login_monitor_get_fd(sd_login_monitor *monitor)
{
	return world.fd;
}

int sd_login_monitor_flush(sd_login_monitor *monitor)
{
	uint64_t number = 0;

	return (read(world.fd, &number, sizeof(number)) < 0) ? -1 : 0;
}

static char *written(const char *format, unsigned number)
{
	char *text = malloc(64);

	assert_non_null(text);
	snprintf(text, 64, format, number);
	return text;
}

int sd_get_sessions(char ***sessions)
{
	unsigned i;

	*sessions = calloc(world.num + 1, sizeof(char *));
	assert_non_null(*sessions);
	for (i = 0; i < world.num; i++) {
		(*sessions)[i] = written(SESSION, world.first + i);
	}
	return (int)world.num;
}

int sd_session_get_class(const char *session, char **class)
{
	world.asked++;
	*class = strdup("user");
	return 0;
}

int sd_session_get_state(const char *session, char **state)
{
	*state = strdup("active");
	return 0;
}

int sd_session_get_username(const char *session, char **username)
{
	unsigned number = 0;

	assert_int_equal(sscanf(session, SESSION, &number), 1);
	*username = written("user%u", number);
	return 0;
}

static void changed(void *private_data, const char *const *users)
{
	world.told++;
	world.users = 0;
	talloc_free(world.user);
	world.user =
		talloc_strdup(world.frame, (users[0] != NULL) ? users[0] : "");
	while (users[world.users] != NULL) {
		world.users++;
	}
}

static int setup(void **state)
{
	memset(&world, 0, sizeof(world));
	world.frame = talloc_new(NULL);
	world.ev = tevent_context_init(world.frame);
	world.fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return (world.ev != NULL && world.fd != -1) ? 0 : -1;
}

static int teardown(void **state)
{
	talloc_free(world.frame);
	close(world.fd);
	return 0;
}

static struct logons *watch(void)
{
	char *ignore[] = { (char *)"user3", NULL };
	struct logons *l =
		logons_watch(world.frame, world.ev, ignore, changed, NULL);

	assert_non_null(l);
	return l;
}

static void something_changes(void)
{
	const uint64_t one = 1;

	assert_int_equal(write(world.fd, &one, sizeof(one)), sizeof(one));
}

/* Until so many lists were told; returns the most sessions of a turn. */
static unsigned go_round(unsigned told)
{
	unsigned most = 0;
	unsigned turns = 0;

	while (world.told < told) {
		unsigned before = world.asked;

		assert_in_range(++turns, 1, 1000);
		assert_int_equal(tevent_loop_once(world.ev), 0);
		if (world.asked - before > most) {
			most = world.asked - before;
		}
	}
	return most;
}

static void a_few(void **state)
{
	world.num = 5;
	watch();
	assert_int_equal(go_round(1), 5);
	assert_int_equal(world.users, 4); /* user3 is to be ignored */
	world.num = 0;
	something_changes();
	assert_int_equal(go_round(2), 0);
	assert_int_equal(world.users, 0);
}

static void some_in_a_turn(void **state)
{
	world.num = 1000;
	watch();
	assert_in_range(go_round(1), 1, 16);
	assert_int_equal(world.users, 999);
	assert_string_equal(world.user, "user0");
}

/* What is under way is told, and then what it is by now. */
static void changes_meanwhile(void **state)
{
	world.num = 100;
	watch();
	while (world.asked < 50) {
		assert_int_equal(tevent_loop_once(world.ev), 0);
	}
	world.first = 200;
	something_changes();
	while (world.told == 0) {
		assert_int_equal(tevent_loop_once(world.ev), 0);
		something_changes();
	}
	assert_int_equal(world.users, 99);
	assert_in_range(go_round(2), 1, 16);
	assert_int_equal(world.users, 100);
	assert_string_equal(world.user, "user200");
}

/* The watch ends: nobody is told, and nothing stays. */
static void ends_meanwhile(void **state)
{
	struct logons *l = NULL;

	world.num = 100;
	l = watch();
	while (world.asked < 50) {
		assert_int_equal(tevent_loop_once(world.ev), 0);
	}
	talloc_free(l);
	assert_int_equal(world.told, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_few, setup, teardown),
		cmocka_unit_test_setup_teardown(some_in_a_turn, setup,
						teardown),
		cmocka_unit_test_setup_teardown(changes_meanwhile, setup,
						teardown),
		cmocka_unit_test_setup_teardown(ends_meanwhile, setup,
						teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

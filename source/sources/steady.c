/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Timers on a clock that is never set, and that does not stand still while
 * the machine sleeps: a timerfd each.
 */

#include "steady.h"

#include <sys/timerfd.h>
#include <unistd.h>

#define USEC_PER_SEC 1000000

struct steady {
	int fd; /* closed with its tevent_fd */
	bool set;
	void (*fn)(void *private_data);
	void *private_data;
};

struct timespec steady_read(void *unused, clockid_t clock)
{
	struct timespec now = { .tv_sec = 0 };

	(void)clock_gettime(clock, &now);
	return now;
}

uint64_t steady_now(void)
{
	struct timespec now = steady_read(NULL, CLOCK_BOOTTIME);

	return (uint64_t)now.tv_sec * USEC_PER_SEC +
	       (uint64_t)now.tv_nsec / 1000;
}

static void set(struct steady *t, const struct itimerspec *when)
{
	(void)timerfd_settime(t->fd, 0, when, NULL);
}

void steady_set(struct steady *t, uint64_t usec)
{
	struct itimerspec when = { .it_value = { .tv_sec = 0 } };

	usec = (usec > 0) ? usec : 1; /* zero would turn it off */
	when.it_value.tv_sec = (time_t)(usec / USEC_PER_SEC);
	when.it_value.tv_nsec = (long)(usec % USEC_PER_SEC) * 1000;
	set(t, &when);
	t->set = true;
}

void steady_stop(struct steady *t)
{
	const struct itimerspec never = { .it_value = { .tv_sec = 0 } };

	if (t->set) {
		set(t, &never);
		t->set = false;
	}
}

bool steady_is_set(const struct steady *t)
{
	return t->set;
}

static void rang(struct tevent_context *ev, struct tevent_fd *fde,
		 uint16_t flags, void *private_data)
{
	struct steady *t = talloc_get_type_abort(private_data, struct steady);
	uint64_t times;

	/* it may have been set anew since it rang */
	if (read(t->fd, &times, sizeof(times)) != sizeof(times) || !t->set) {
		return;
	}
	t->set = false;
	t->fn(t->private_data);
}

struct steady *steady_create(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
			     void (*fn)(void *private_data), void *private_data)
{
	struct steady *t = talloc_zero(mem_ctx, struct steady);
	struct tevent_fd *fde = NULL;

	if (t == NULL) {
		return NULL;
	}
	t->fn = fn;
	t->private_data = private_data;
	t->fd = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
	if (t->fd == -1) {
		talloc_free(t);
		return NULL;
	}
	fde = tevent_add_fd(ev, t, t->fd, TEVENT_FD_READ, rang, t);
	if (fde == NULL) {
		close(t->fd);
		talloc_free(t);
		return NULL;
	}
	tevent_fd_set_auto_close(fde);
	return t;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The addresses of this machine, by getifaddrs(), and rtnetlink to tell when
 * they change.  What a message says is not read: that there is one is enough.
 */

#include "interfaces.h"

#include <errno.h>
#include <ifaddrs.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "samba_private.h"
#include "steady.h"

#define SETTLED_USEC 250000
#define LATEST_USEC  1000000

struct interfaces {
	struct in_addr *addresses; /* a talloc array */
	int fd;			   /* closed with its tevent_fd */
	struct steady *timer;
	uint64_t first; /* of the changes that are not told yet */
	void (*changed)(void *private_data);
	void *private_data;
	bool (*siblings)(void *private_data, struct in_addr ip);
	void *siblings_data;
};

static bool is_loopback(struct in_addr ip)
{
	return (ntohl(ip.s_addr) >> 24) == IN_LOOPBACKNET;
}

/* What is known stays known if it cannot be read anew. */
static void read_addresses(struct interfaces *n)
{
	struct ifaddrs *list = NULL;
	const struct ifaddrs *i = NULL;
	struct in_addr *addresses = NULL;
	size_t num = 0;

	if (getifaddrs(&list) != 0) {
		return;
	}
	for (i = list; i != NULL; i = i->ifa_next) {
		num++;
	}
	addresses = talloc_zero_array(n, struct in_addr, num);
	for (i = list, num = 0; addresses != NULL && i != NULL;
	     i = i->ifa_next) {
		if (i->ifa_addr != NULL && i->ifa_addr->sa_family == AF_INET) {
			struct sockaddr_in sin;

			memcpy(&sin, i->ifa_addr, sizeof(sin));
			addresses[num++] = sin.sin_addr;
		}
	}
	freeifaddrs(list);
	if (addresses != NULL) {
		talloc_free(n->addresses);
		n->addresses = addresses;
	}
}

bool interfaces_have(const struct interfaces *n, struct in_addr ip)
{
	size_t i;

	if (is_loopback(ip)) {
		return true;
	}
	for (i = 0; i < talloc_array_length(n->addresses); i++) {
		if (ip.s_addr != 0 && n->addresses[i].s_addr == ip.s_addr) {
			return true;
		}
	}
	return false;
}

bool interfaces_of_computer(const struct interfaces *n, struct in_addr ip)
{
	return interfaces_have(n, ip) ||
	       (n->siblings != NULL && n->siblings(n->siblings_data, ip));
}

void interfaces_set_siblings(struct interfaces *n,
			     bool (*have)(void *private_data,
					  struct in_addr ip),
			     void *private_data)
{
	n->siblings = have;
	n->siblings_data = private_data;
}

bool interfaces_any(const struct interfaces *n,
		    bool (*known)(void *private_data, struct in_addr ip),
		    void *private_data)
{
	size_t i;

	for (i = 0; i < talloc_array_length(n->addresses); i++) {
		struct in_addr ip = n->addresses[i];

		if (ip.s_addr != 0 && !is_loopback(ip) &&
		    !known(private_data, ip)) {
			return true;
		}
	}
	return false;
}

static void settled(void *private_data)
{
	struct interfaces *n = private_data;

	n->first = 0;
	read_addresses(n);
	n->changed(n->private_data);
}

static void heard(struct tevent_context *ev, struct tevent_fd *fde,
		  uint16_t flags, void *private_data)
{
	struct interfaces *n =
		talloc_get_type_abort(private_data, struct interfaces);
	uint64_t now = steady_now();
	char buf[8192];

	/* ENOBUFS: some were lost, so there was a change */
	while (recv(n->fd, buf, sizeof(buf), MSG_DONTWAIT) > 0) {
		;
	}
	if (n->first == 0) {
		n->first = now;
	}
	/* whose addresses these are has to be known at once */
	read_addresses(n);
	if (now - n->first < LATEST_USEC) {
		steady_set(n->timer, SETTLED_USEC);
	}
}

static int open_rtnetlink(void)
{
	struct sockaddr_nl addr = {
		.nl_family = AF_NETLINK,
		.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR |
			     RTMGRP_IPV4_ROUTE,
	};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
			NETLINK_ROUTE);

	if (fd != -1 &&
	    bind(fd, (struct sockaddr *)&addr, sizeof(addr)) == -1) {
		int err = errno;

		close(fd);
		errno = err;
		fd = -1;
	}
	return fd;
}

struct interfaces *interfaces_watch(TALLOC_CTX *mem_ctx,
				    struct tevent_context *ev,
				    void (*changed)(void *private_data),
				    void *private_data)
{
	struct interfaces *n = talloc_zero(mem_ctx, struct interfaces);
	struct tevent_fd *fde = NULL;

	if (n == NULL) {
		return NULL;
	}
	n->changed = changed;
	n->private_data = private_data;
	n->timer = steady_create(n, ev, settled, n);
	if (n->timer == NULL) {
		talloc_free(n);
		return NULL;
	}
	read_addresses(n);
	n->fd = open_rtnetlink();
	if (n->fd == -1) {
		DBG_ERR("messenger: changes of the network cannot be watched: "
			"%s. What waits for it is tried by the clock alone\n",
			strerror(errno));
		return n;
	}
	fde = tevent_add_fd(ev, n, n->fd, TEVENT_FD_READ, heard, n);
	if (fde == NULL) {
		close(n->fd);
		talloc_free(n);
		return NULL;
	}
	tevent_fd_set_auto_close(fde);
	return n;
}

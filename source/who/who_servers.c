/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * WINS servers for questions: names in smb.conf may have to be looked up,
 * which waits, so that it is not done for each name that is asked about.
 */

#include "who_servers.h"

#include <string.h>

#include "steady.h"

#define LISTED_USEC 10000000

struct who_servers {
	struct wins_server *list; /* a talloc array; NULL: not looked up */
	uint64_t listed;	  /* when */
};

struct who_servers *who_servers_init(TALLOC_CTX *mem_ctx)
{
	return talloc_zero(mem_ctx, struct who_servers);
}

struct wins_server *who_servers_list(TALLOC_CTX *mem_ctx, struct who_servers *s,
				     struct in_addr self)
{
	uint64_t now = steady_now();

	if (s->list == NULL || now - s->listed >= LISTED_USEC) {
		TALLOC_FREE(s->list);
		s->list = wins_servers_list(s, self);
		s->listed = now;
	}
	return (s->list != NULL) ? wins_servers_copy(mem_ctx, s->list) : NULL;
}

static struct wins_server *find_tag(struct who_servers *s, const char *tag)
{
	size_t i;

	for (i = 0; s->list != NULL && s->list[i].ip.s_addr != 0; i++) {
		if (s->list[i].tag != NULL &&
		    strcmp(s->list[i].tag, tag) == 0) {
			return &s->list[i];
		}
	}
	return NULL;
}

static bool is_tried(const struct in_addr *tried, size_t num, struct in_addr ip)
{
	size_t i;

	for (i = 0; i < num; i++) {
		if (tried[i].s_addr == ip.s_addr) {
			return true;
		}
	}
	return false;
}

bool who_servers_next(struct who_servers *s, struct wins_server *server,
		      const struct in_addr *tried, size_t num,
		      struct in_addr self)
{
	struct wins_server *listed = NULL;
	struct in_addr next = { .s_addr = 0 };

	if (server->tag == NULL) {
		return false;
	}
	listed = find_tag(s, server->tag);
	if (listed != NULL && !is_tried(tried, num, listed->ip)) {
		/* another question has found it */
		server->ip = listed->ip;
		return true;
	}
	next = wins_servers_after(server->tag, tried, num, self);
	if (next.s_addr == 0 || is_tried(tried, num, next)) {
		return false;
	}
	if (listed != NULL) {
		listed->ip = next;
	}
	server->ip = next;
	return true;
}

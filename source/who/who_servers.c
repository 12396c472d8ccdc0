/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * WINS servers for questions: names in smb.conf may have to be looked up,
 * which waits, so that it is not done for each name that is asked about.
 */

#include "who_servers.h"

#include <string.h>

#include "steady.h"

#define LISTED_USEC 2000000

struct who_servers {
	struct wins_server *list; /* a talloc array; NULL: not looked up */
	bool *last;		  /* its tags without another one, list's */
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
		s->last = talloc_zero_array(s->list, bool,
					    talloc_array_length(s->list));
		s->listed = now;
		if (s->last == NULL) {
			TALLOC_FREE(s->list);
		}
	}
	return (s->list != NULL) ? wins_servers_copy(mem_ctx, s->list) : NULL;
}

/* Returns false if smb.conf has it no more. */
static bool find_tag(const struct who_servers *s, const char *tag, size_t *at)
{
	size_t i;

	for (i = 0; s->list != NULL && s->list[i].ip.s_addr != 0; i++) {
		if (s->list[i].tag != NULL &&
		    strcmp(s->list[i].tag, tag) == 0) {
			*at = i;
			return true;
		}
	}
	return false;
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
	struct in_addr next = { .s_addr = 0 };
	size_t at = 0;

	if (server->tag == NULL || !find_tag(s, server->tag, &at)) {
		return false;
	}
	next = s->list[at].ip;
	/* unless another question has found one already */
	if (is_tried(tried, num, next) && !s->last[at]) {
		next = wins_servers_after(server->tag, tried, num, self);
	}
	if (next.s_addr == 0 || is_tried(tried, num, next)) {
		s->last[at] = true;
		return false;
	}
	s->list[at].ip = next;
	server->ip = next;
	return true;
}

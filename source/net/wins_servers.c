/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The WINS servers of smb.conf, as nmbd would use them now.
 */

#include "wins_servers.h"

#include "samba_private.h"
#include "text.h"

static bool is_known(const struct wins_server *list, size_t num,
		     struct in_addr ip)
{
	size_t i;

	for (i = 0; i < num; i++) {
		if (list[i].ip.s_addr == ip.s_addr) {
			return true;
		}
	}
	return false;
}

static bool is_loopback(struct in_addr ip)
{
	return (ntohl(ip.s_addr) >> 24) == IN_LOOPBACKNET;
}

/* nmbd knows a dead server by the address it asked from. */
static struct in_addr server_of(const char *tag, struct in_addr self)
{
	struct in_addr ip = wins_srv_ip_tag(tag, self);

	/* nmbd itself does not read what comes to 127.0.0.1 */
	return is_loopback(ip) ? self : ip;
}

struct wins_server *wins_servers_list(TALLOC_CTX *mem_ctx, struct in_addr self)
{
	char **tags = wins_srv_tags();
	struct wins_server *list = NULL;
	size_t num = 0;
	size_t t;

	while (tags != NULL && tags[num] != NULL) {
		num++;
	}
	list = talloc_zero_array(mem_ctx, struct wins_server, num + 1);
	for (t = 0, num = 0; list != NULL && tags != NULL && tags[t] != NULL;
	     t++) {
		struct in_addr ip = server_of(tags[t], self);

		if (ip.s_addr != 0 && !is_known(list, num, ip)) {
			list[num].tag = talloc_strdup(list, tags[t]);
			list[num++].ip = ip;
		}
	}
	wins_srv_tags_free(tags);
	return list;
}

struct wins_server *wins_servers_copy(TALLOC_CTX *mem_ctx,
				      const struct wins_server *servers)
{
	size_t num = talloc_array_length(servers);
	struct wins_server *copy =
		talloc_zero_array(mem_ctx, struct wins_server, num);
	size_t i;

	for (i = 0; copy != NULL && i < num; i++) {
		copy[i].ip = servers[i].ip;
		/* without memory it has no other one to go on with */
		copy[i].tag = talloc_strdup(copy, servers[i].tag);
	}
	return copy;
}

bool wins_servers_fail_over(struct wins_server *server, struct in_addr self)
{
	struct in_addr next;

	if (server->tag == NULL) {
		return false;
	}
	wins_srv_died(server->ip, self);
	next = server_of(server->tag, self);
	if (next.s_addr == server->ip.s_addr || next.s_addr == 0) {
		/* the last one is not given up */
		wins_srv_alive(server->ip, self);
		return false;
	}
	server->ip = next;
	return true;
}

struct in_addr wins_servers_after(const char *tag, const struct in_addr *dead,
				  size_t num, struct in_addr self)
{
	struct in_addr next;
	size_t i;

	for (i = 0; i < num; i++) {
		wins_srv_died(dead[i], self);
	}
	next = server_of(tag, self);
	/* none of these was dead before: nmbd names one that is only if all
	 * of its tag are, and then there is nothing to choose */
	for (i = 0; i < num; i++) {
		wins_srv_alive(dead[i], self);
	}
	return next;
}

/* As smb.conf has them, and as the resolver does not know them. */
char *wins_servers_text(TALLOC_CTX *mem_ctx)
{
	const char **list = lp_wins_server_list();
	char *text = talloc_strdup(mem_ctx, "no address is known of WINS "
					    "server");

	for (; list != NULL && *list != NULL; list++) {
		text_add(&text, " %s", *list);
	}
	return text;
}

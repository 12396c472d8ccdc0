/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Makes one of nmbd's live structures look wrong, after everything has been set
 * up and right before nmbd's loop starts, until the module has said what it
 * thinks of it.  Which one, the environment variable ODD_STRUCT says.
 */

#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "nmbd_host.h"

/* nmbd's own; this library is preloaded into other programs as well */
#pragma weak subnetlist
#pragma weak unicast_subnet

void daemon_ready(const char *daemon);

static struct name_record *own_name(void)
{
	struct name_record *n = unicast_subnet->namelist;

	while (n != NULL && n->name.name_type != 3) {
		n = n->next;
	}
	return n;
}

/* A registration, which brings its address along. */
static struct response_record *claim(void)
{
	return subnetlist->responselist;
}

static struct nmb_packet *packet(void)
{
	return &claim()->packet->packet.nmb;
}

/* What was there. */
static struct {
	void *place;
	size_t len;
	unsigned char bytes[sizeof(void *)];
} kept;

static void put(void *place, const void *bytes, size_t len)
{
	kept.place = place;
	kept.len = len;
	memcpy(kept.bytes, place, len);
	memcpy(place, bytes, len);
}

#define PUT(place, value)                                                      \
	do {                                                                   \
		__typeof__(place) odd = (value);                               \
		put(&(place), &odd, sizeof(odd));                              \
	} while (0)

static void spoil(const char *what)
{
	static char other_name[] = "10.1.2.3";
	struct in_addr other_ip = { .s_addr = htonl(0x0a010203) };
	struct name_record *own = own_name();

	if (strcmp(what, "no subnet") == 0) {
		PUT(subnetlist, NULL);
	} else if (strcmp(what, "subnet list") == 0) {
		PUT(subnetlist->prev, NULL);
	} else if (strcmp(what, "subnet type") == 0) {
		PUT(subnetlist->type, UNICAST_SUBNET);
	} else if (strcmp(what, "subnet name") == 0) {
		PUT(subnetlist->subnet_name, other_name);
	} else if (strcmp(what, "subnet name pointer") == 0) {
		PUT(subnetlist->subnet_name, (char *)16);
	} else if (strcmp(what, "subnet socket") == 0) {
		PUT(subnetlist->nmb_sock, subnetlist->nmb_bcast);
	} else if (strcmp(what, "subnet broadcast") == 0) {
		PUT(subnetlist->bcast_ip, other_ip);
	} else if (strcmp(what, "unicast type") == 0) {
		PUT(unicast_subnet->type, NORMAL_SUBNET);
	} else if (strcmp(what, "unicast name") == 0) {
		PUT(unicast_subnet->subnet_name, other_name);
	} else if (strcmp(what, "no names") == 0) {
		PUT(unicast_subnet->namelist, NULL);
	} else if (strcmp(what, "names pointer") == 0) {
		PUT(unicast_subnet->namelist, (struct name_record *)16);
	} else if (strcmp(what, "name's subnet") == 0) {
		PUT(unicast_subnet->namelist->subnet, subnetlist);
	} else if (strcmp(what, "name source") == 0) {
		PUT(own->data.source, DNS_NAME);
	} else if (strcmp(what, "name address") == 0) {
		PUT(own->data.ip[0], other_ip);
	} else if (strcmp(what, "no claim function") == 0) {
		PUT(claim()->resp_fn, NULL);
	} else if (strcmp(what, "claim function") == 0) {
		PUT(claim()->timeout_fn, (timeout_response_function)abort);
	} else if (strcmp(what, "no claim packet") == 0) {
		PUT(claim()->packet, NULL);
	} else if (strcmp(what, "claim packet type") == 0) {
		PUT(claim()->packet->packet_type, DGRAM_PACKET);
	} else if (strcmp(what, "claim id") == 0) {
		PUT(claim()->response_id, claim()->response_id ^ 0x2aaa);
	} else if (strcmp(what, "claim address record") == 0) {
		PUT(packet()->additional->rdlength, 4);
	} else if (strcmp(what, "claim success function") == 0) {
		PUT(claim()->success_fn, (void *)abort);
	} else if (strcmp(what, "claim failure function") == 0) {
		PUT(claim()->fail_fn, (void *)abort);
	} else if (strcmp(what, "claim userdata") == 0) {
		PUT(claim()->userdata, (struct userdata_struct *)16);
	} else if (strcmp(what, "claim interval") == 0) {
		PUT(claim()->repeat_interval, 7);
	} else if (strcmp(what, "claim requests") == 0) {
		PUT(claim()->repeat_count, 99);
	} else if (strcmp(what, "claim answers") == 0) {
		PUT(claim()->num_msgs, -1);
	} else if (strcmp(what, "claim destination") == 0) {
		PUT(claim()->packet->ip, other_ip);
	} else if (strcmp(what, "nothing") != 0) {
		abort();
	}
}

static const char *wanted(void)
{
	return (&subnetlist != NULL && &unicast_subnet != NULL)
		       ? getenv("ODD_STRUCT")
		       : NULL;
}

/* Interposed: the last function that nmbd calls before its loop. */
void daemon_ready(const char *daemon)
{
	void (*real)(const char *) =
		(void (*)(const char *))dlsym(RTLD_NEXT, "daemon_ready");

	if (wanted() != NULL) {
		spoil(wanted());
	}
	if (real != NULL) {
		real(daemon);
	}
}

/* Interposed: the module has seen it, and nmbd is not to. */
bool dbgtext(const char *fmt, ...)
{
	bool (*real)(const char *, ...) =
		(bool (*)(const char *, ...))dlsym(RTLD_NEXT, "dbgtext");
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (kept.place != NULL && strstr(text, "not hooked") != NULL) {
		memcpy(kept.place, kept.bytes, kept.len);
		kept.place = NULL;
	}
	return real("%s", text);
}

/* Interposed: some containers forbid it. */
ssize_t process_vm_readv(pid_t pid, const struct iovec *to,
			 unsigned long num_to, const struct iovec *from,
			 unsigned long num_from, unsigned long flags)
{
	ssize_t (*real)(pid_t, const struct iovec *, unsigned long,
			const struct iovec *, unsigned long, unsigned long) =
		(ssize_t(*)(pid_t, const struct iovec *, unsigned long,
			    const struct iovec *, unsigned long,
			    unsigned long))dlsym(RTLD_NEXT, "process_vm_readv");

	if (wanted() != NULL && getenv("ODD_FORBIDDEN") != NULL) {
		errno = EPERM;
		return -1;
	}
	return real(pid, to, num_to, from, num_from, flags);
}
